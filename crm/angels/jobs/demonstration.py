"""The demonstration's network: angels, pitches and introductions in every state; all of it invented, the lawyer too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from crm.accounts.queries import account, account_of, acting, actor_of, standing_in
from crm.accounts.service.founders import Admission, admit
from crm.angels.introductions import queries as met
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.service import introducing
from crm.angels.introductions.workflow import DeclineReason
from crm.angels.investors.models import Angel
from crm.angels.investors.policy import own_admission
from crm.angels.investors.queries import angels as queries
from crm.angels.investors.rules.certifying import Experience, NetWorth
from crm.angels.investors.service import certifying, joining, network
from crm.angels.investors.service.certifying import OnPaper, Signing
from crm.angels.investors.workflow import CheckOutcome, Instrument
from crm.angels.jobs import dealing, declining, diligencing, holding, standing, syndicating
from crm.angels.jobs.acting import owner_of, self_of, whole
from crm.angels.jobs.inventing import pitch_of
from crm.angels.jobs.nights import load_nights
from crm.angels.jobs.yearly import load_year
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches
from crm.angels.pitches.queries.people import people_told
from crm.angels.pitches.service import browsing, pitching, screening
from crm.angels.pitches.service.showing import shown, write_now
from crm.angels.pitches.workflow import Channel, ClosedAs, Verdict
from crm.billing.jobs.demonstration import STORIES, tell
from crm.billing.service.periods import PeriodDetails
from crm.billing.service.periods import record as record_membership
from crm.billing.workflow import Way
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.changes import amend
from crm.db.session import session
from crm.evidence.workflow import UnmetReason
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor

INVENTED = "Invented for the demonstration"
SIGNING = Signing("", "192.0.2.1", "Firefox on Linux")
ROSA, TARA = "angel@demo.example", "angel.tara@demo.example"
OTHERS = ("Ines", "Jago", "Kaya", "Mara", "Nils", "Lars", "Olga")
OWNERS = ("Asha", "Bryn", "Cleo", "Dara", "Esme", "Finn", "Gwen", "Hani")
RAISES, WITHOUT_OWNER = len(OWNERS), 5
ODD_ONES: Mapping[int, dict[str, Any]] = {
    7: {"instrument": Instrument.LOAN, "terms": f"{INVENTED}: a loan at 6% a year, repaid after two years."},
}
"""What a pitch seeks instead: a draft that cannot be published before somebody took advice on it."""


def load_demo() -> dict[str, int]:
    """Angels, pitches and introductions, one in every state."""
    who = account_of("network@demo.example")
    manager = account(who.id) if who else None
    if manager is None or session().scalar(select(func.count()).select_from(Angel)):
        return {"demo angels": 0}
    by = actor_of(manager)
    _found_network(by)
    rosa, ines = _members(by)
    _others(by)
    _by_card(by)
    holding.load_holdings(by)
    others = _paying(dealing.INVESTORS, by)
    raised = _raises()
    _screen(raised, by, (rosa, others[0]))
    _reads(raised, rosa, by)
    _introduce(raised, rosa, ines, others)
    _investigate(raised)
    made = load_nights()
    load_year(by)
    declining.load_declined(by)
    dealing.deal(whole(raised[0]), whole(raised[1]), rosa, others, by)
    syndicating.load_syndicates(whole(raised[0]), whole(raised[1]), rosa, others)
    diligencing.share_with_syndicate(whole(raised[0]), others[0], [others[1]])
    return {"demo angels": 1 + len(OTHERS), "demo pitches": len(raised), **made}


def _found_network(actor: Actor) -> None:
    standing.found_network(actor)
    for each in queries.wordings():
        if each.counts_until is None:
            network.approve(each, network.Approval("An invented lawyer", today(), INVENTED), by=actor)


def _accepted(name: str, email: str, actor: Actor) -> Angel:
    made = standing.applied(name, email)
    joining.check(made, joining.Check(CheckOutcome.PASSED, today(), "Quin Demo-Network", INVENTED), by=actor)
    joining.accept(made, note=f"{INVENTED}: both vouch for them", by=actor)
    return made


def _members(actor: Actor) -> tuple[Angel, Angel]:
    """Two who certified and paid."""
    rosa = _accepted("Rosa Demo-Angel", "angel@demo.example", actor)
    ines = _accepted("Ines Demo-Angel", "angel.two@demo.example", actor)
    for each in (rosa, ines):
        _pay(each, actor)
    said = NetWorth(has_income=True, income=Money.pounds(120_000))
    certifying.certify_net_worth(rosa, said, signing=replace(SIGNING, name=rosa.name), by=self_of(rosa))
    experience = Experience(has_invested=True, investments=3)
    signing = replace(SIGNING, name=ines.name)
    certifying.certify_experience(ines, experience, network_name="", signing=signing, by=self_of(ines))
    wanted = joining.Preferences(
        groups=("film_tv_radio_photo",), max_ticket=Money.pounds(25_000), wants_seis=True
    )
    joining.prefer(rosa, wanted, by=self_of(rosa))
    return rosa, ines


def _pay(found: Angel, actor: Actor, way: Way = Way.INVOICE) -> None:
    own = account(found.account_id) if found.account_id else None
    assert own is not None
    first = today() - timedelta(days=200)
    year = PeriodDetails(first, first + timedelta(days=364), way, Money.pounds(300), "DEMO-1")
    if way is Way.WAIVER:
        why = f"{INVENTED}: speaks at four nights a year"
        year = replace(year, amount=Money(0), reference="", reason=why)
    record_membership(own, year, by=actor)


def _paying(names: Sequence[str], actor: Actor) -> list[Angel]:
    """More investors who certified and paid, for deals."""
    made = [_accepted(f"{name} Demo-Angel", f"angel.{name.lower()}@demo.example", actor) for name in names]
    for each, way in zip(made, cycle((Way.TRANSFER, Way.WAIVER, Way.INVOICE)), strict=False):
        _pay(each, actor, way)
        said = NetWorth(has_income=True, income=Money.pounds(140_000))
        certifying.certify_net_worth(each, said, signing=replace(SIGNING, name=each.name), by=self_of(each))
    return made


def _others(actor: Actor) -> None:
    """One who waits, one who was declined, one erased, one suspended, one who left, two who are in and have not certified yet,
    and one with the certificate of a firm.
    """
    waits, declined, suspended, left, *fresh = OTHERS[1:]
    standing.applied(f"{waits} Demo-Angel", f"angel.{waits.lower()}@demo.example")
    unknown = standing.applied(f"{declined} Demo-Angel", f"angel.{declined.lower()}@demo.example")
    standing.refuse_check(unknown, by=actor)
    joining.decline(unknown, reason=f"{INVENTED}: the referees do not know them", by=actor)
    standing.erase_applicant(actor)
    one, other = (
        _accepted(f"{name} Demo-Angel", f"angel.{number}@demo.example", actor)
        for name, number in zip(fresh, ("three", "four"), strict=True)
    )
    standing.try_in_vain(one)
    standing.waive_check(other, by=actor)
    una = _accepted("Una Demo-Angel", "angel.una@demo.example", actor)
    _pay(una, actor, Way.TRANSFER)
    standing.certify_by_firm(una, by=actor)
    away = _accepted(f"{suspended} Demo-Angel", f"angel.{suspended.lower()}@demo.example", actor)
    joining.suspend(away, reason=f"{INVENTED}: sold services to a founder", by=actor)
    gone = _accepted(f"{left} Demo-Angel", f"angel.{left.lower()}@demo.example", actor)
    joining.leave(gone, by=self_of(gone))


def _by_card(actor: Actor) -> None:
    """Members who pay by card, one in every state."""
    people = {}
    for name in STORIES:
        made = _accepted(f"{name} Demo-Angel", f"angel.{name.lower()}@demo.example", actor)
        own = account(made.account_id) if made.account_id else None
        assert own is not None
        people[name] = own
        said = NetWorth(has_income=True, income=Money.pounds(150_000))
        certifying.certify_net_worth(made, said, signing=replace(SIGNING, name=made.name), by=self_of(made))
    tell(people, current_app.extensions["settings"])


def _raises() -> list[Pitch]:
    """The pitches of the founder of the demonstration and of seven others, being written."""
    named = next(iter(businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows), None)
    rows = [
        each
        for each in businesses(Search(sort="newest"), SYSTEM).rows
        if named is None or each.id != named.id
    ]
    alone = next(each for each in rows if not people_told(each.id))
    rows = [each for each in rows if each.id != alone.id]
    rows.insert(WITHOUT_OWNER - (1 if named else 0), alone)
    chosen = ([named] if named else []) + rows[: RAISES - (1 if named else 0)]
    return [_begun(owner, number) for number, row in enumerate(chosen) if (owner := business(row.id))]


def _begun(owner: Business, number: int) -> Pitch:
    """With the legal details that a pitch needs, where the record lacks them."""
    amend(
        owner,
        company_number=owner.company_number or f"0999{number:04}",
        registered_address=owner.registered_address or f"{number + 1} Invented Street, Birmingham",
        registered_postcode=owner.registered_postcode or "B1 1AA",
    )
    if number != WITHOUT_OWNER and not people_told(owner.id):
        email = f"owner.{number}@demo.example"
        admit(
            Admission(email, f"{OWNERS[number]} Demo-Owner", owner.id),
            by=standing_in(acting("adviser@demo.example")),
        )
    details = replace(pitch_of(owner, number), **ODD_ONES.get(number, {}))
    made = pitching.begin(owner, details, by=owner_of(owner.id))
    return whole(made)


def _screen(raised: list[Pitch], actor: Actor, pledging: Sequence[Angel]) -> None:
    """All but the last are handed in; all but the last three of these are shown, then one is paused and one closed."""
    for each in raised[:-1]:
        pitching.submit(whole(each), by=owner_of(each.business_id))
    doubts = screening.Opinion(Verdict.AGAINST, f"{INVENTED}: the figures do not add up yet")
    screening.review(whole(raised[-2]), doubts, by=actor)
    tied = screening.Opinion(Verdict.INTEREST, f"{INVENTED}: a founder is a cousin of mine")
    screening.review(whole(raised[-3]), tied, by=standing_in(acting("admin@demo.example")))
    for each in raised[:-3]:
        opinion = screening.Opinion(Verdict.FOR, f"{INVENTED}: clear, and ready to be read")
        screening.review(whole(each), opinion, by=actor)
        dealing.exempt(each, actor)
        screening.publish(whole(each), by=actor)
    screening.refuse(whole(raised[-2]), UnmetReason.COMMERCIAL_FOCUS, note=INVENTED, by=actor)
    for angel in pledging:
        dealing.pledge(raised[4], angel, 10_000)
    syndicating.end_with(raised[4], *pledging)
    outcome = pitching.Outcome(ClosedAs.UNFUNDED, why=UnmetReason.COLLATERAL, note=INVENTED)
    pitching.close(whole(raised[4]), outcome, by=owner_of(raised[4].business_id))


def _reads(raised: list[Pitch], rosa: Angel, actor: Actor) -> None:
    """What she was shown, follows and looks for; and an old statement of hers on paper, which opens nothing."""
    reader, (first, second) = self_of(rosa), (whole(each) for each in raised[:2])
    assert reader.account_id is not None
    for found, channel in (
        ([first, second], Channel.LIST),
        ([first], Channel.PAGE),
        ([second], Channel.PAGE),
        ([first, second], Channel.COMPARISON),
        ([first], Channel.FILE),
        ([second], Channel.LETTER),
    ):
        things = [shown(each) for each in found]
        write_now(things, channel, account_id=reader.account_id, admission=own_admission(reader))
    for each in (first, second):
        browsing.mark(each, is_followed=True, note=f"{INVENTED}: ask what is signed already", by=reader)
    looked_for = pitches.Search(groups=("film_tv_radio_photo",))
    browsing.save_search("Film and television", looked_for, has_alerts=True, by=reader)
    form = next(each for each in queries.wordings() if each.counts_until is not None)
    paper = OnPaper(form, form.valid_from, f"{INVENTED}: folder 7")
    certifying.keep_historic(rosa, paper, by=actor)


def _turn_down(found: Sequence[Pitch], others: Sequence[Angel]) -> None:
    """A request turned down for each reason that is left."""
    reasons = (DeclineReason.NOT_NOW, DeclineReason.FIT, DeclineReason.RAISED, DeclineReason.OTHER)
    asked = ((each, angel) for each in found for angel in others[:2])
    for reason, (each, angel) in zip(reasons, asked, strict=True):
        introducing.turn_down(_ask(each, angel), reason, note=INVENTED, by=owner_of(each.business_id))


def _introduce(raised: list[Pitch], rosa: Angel, ines: Angel, others: Sequence[Angel]) -> None:
    """One request in every state; the last of them is held, since the investor took her statement back."""
    first, second, third, fourth = (whole(each) for each in raised[:4])
    browsing.ask(first, "Invented: who owns the rights in the characters?", by=self_of(rosa))
    _ask(first, rosa)
    introducing.agree(_ask(first, ines), by=owner_of(first.business_id))
    refused = _ask(second, rosa)
    introducing.turn_down(refused, DeclineReason.TICKET, note=INVENTED, by=owner_of(second.business_id))
    before = now() - timedelta(days=40)  # long enough ago that she may ask again
    amend(refused, requested_at=before, answered_at=before)
    introducing.lapse(_ask(second, ines))
    _turn_down((third, fourth), others)
    taken, held = _ask(third, rosa), _ask(third, ines)
    introducing.take_back(taken, by=self_of(rosa))
    _ask(fourth, rosa)
    expires = _ask(fourth, ines)
    certification = queries.certifications_of(ines.account_id)[0]  # type: ignore[arg-type]
    certifying.revoke(certification, reason=f"{INVENTED}: she is abroad for a year", by=self_of(ines))
    session().flush()
    introducing.agree(held, by=owner_of(third.business_id))
    introducing.agree(expires, by=owner_of(fourth.business_id))
    introducing.expire(expires)
    diligencing.close_with(diligencing.meet(fourth.id, TARA), TARA)
    pitching.withdraw(
        whole(fourth), reason=f"{INVENTED}: a film fund came in", by=owner_of(fourth.business_id)
    )
    dealing.convert(third)
    syndicating.lead_convertible(third, others[2])
    pitching.pause(whole(third), by=owner_of(third.business_id))


def _investigate(raised: list[Pitch]) -> None:
    """What two introduced investors ask of one business before they decide."""
    met, other = (diligencing.meet(raised[1].id, each) for each in (ROSA, TARA))
    diligencing.load_diligence(met, other, email=ROSA, by_another=TARA)


def _ask(found: Pitch, angel: Angel) -> Introduction:
    made = introducing.request(
        found, "Invented: I made films for ten years and know buyers.", by=self_of(angel)
    )
    session().flush()
    asked = met.introduction(made.id)
    assert asked is not None
    return asked
