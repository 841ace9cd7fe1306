"""The demonstration's year of the network: members who renew, are silent or unchecked, raises that stall, and what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crm.accounts.queries import account, acting, actor_of, standing_in, standing_in_for
from crm.accounts.service.founders import Admission, admit
from crm.angels.deals.models import Investment, InvestmentReport
from crm.angels.deals.workflow import InvestmentStatus, Side
from crm.angels.investors.models import Angel, Certification
from crm.angels.investors.queries.angels import certifications_of
from crm.angels.investors.queries.gate import facts_of
from crm.angels.investors.rules.certifying import NetWorth
from crm.angels.investors.rules.gate import anniversary
from crm.angels.investors.service import certifying, joining
from crm.angels.investors.service.certifying import Signing
from crm.angels.investors.workflow import CheckOutcome, Instrument
from crm.angels.jobs import dealing
from crm.angels.jobs.declining import free_businesses
from crm.angels.jobs.inventing import invented_angel, pitch_of
from crm.angels.pitches.models import Pitch, PitchVersion
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.pitches.service import pitching, screening
from crm.angels.pitches.workflow import ClosedAs, Verdict
from crm.angels.year.rules.kinds import Kind
from crm.angels.year.service import choosing, mailing, yearly
from crm.angels.year.service.mailing import Wish
from crm.billing.service.periods import PeriodDetails, record
from crm.billing.workflow import Way
from crm.businesses.models import Business
from crm.db.changes import amend
from crm.db.session import session
from crm.kernel.clock import moment_on, now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.references import new_reference
from crm.throttles.rules import Source

INVENTED = "Invented for the demonstration"
MEMBERS = {"Petra": 20, "Remi": -40, "Sefa": 12, "Tariq": 150, "Ulla": 75, "Viggo": 230}
"""Members by name, and in how many days the time that they paid for ends."""
SILENT, UNCHECKED, STOPPED = ("Tariq", "Ulla", "Viggo"), ("Petra", "Ulla"), "Viggo"
RAISES = ((70, None), (45, None), (20, 9))
"""How many days ago each raise was published, and in how many days it ends; one more is of the year before."""
FIRST_NUMBER = 20


def load_year(manager: Actor) -> None:
    """Six members and three raises, each on some list, and one of each thing that several can be asked at once."""
    people = {name: _member(name, days, manager) for name, days in MEMBERS.items()}
    first, *others = free_businesses(1 + len(RAISES))
    _funded_last_year(_raise(first, len(RAISES), manager), list(people.values()))
    choosing.stop_emails(by=_self(people[STOPPED]))
    raised = [_raise(owner, number, manager) for number, owner in enumerate(others)]
    session().flush()
    session().expire_all()
    asked = {
        Kind.RENEW: ("Petra", "Remi", "Tariq"),
        Kind.WAKE: ("Tariq", STOPPED, "Petra"),
        Kind.CHECK: ("Petra", "Sefa"),
    }
    for kind, names in asked.items():
        _ask(kind, [people[name].id for name in names], manager)
    _ask(Kind.UPDATE, [raised[0].id], manager)
    _ask(Kind.CLOSE, [raised[2].id], manager)
    opening = f"{INVENTED}: thank you for a year of questions that founders could use."
    yearly.send(opening, seen=yearly.draft(opening, by=manager).mark, by=manager)


def _member(name: str, days: int, by: Actor) -> Angel:
    """A member for over a year, with an old check where the name is among those without a valid one."""
    email = f"angel.{name.lower()}@demo.example"
    made = joining.join(
        invented_angel(f"{name} Demo-Angel", email), sent_from=Source(email, "demo"), by=SYSTEM
    )
    assert made is not None
    joining.check(made, joining.Check(CheckOutcome.PASSED, today(), "Quin Demo-Network", INVENTED), by=by)
    joining.accept(made, note=f"{INVENTED}: both vouch for them", by=by)
    own = account(made.account_id) if made.account_id else None
    assert own is not None
    last = today() + timedelta(days=days)
    record(
        own, PeriodDetails(last - timedelta(days=364), last, Way.INVOICE, Money.pounds(300), "DEMO-2"), by=by
    )
    said = NetWorth(has_income=True, income=Money.pounds(140_000))
    signing = Signing(made.name, "192.0.2.1", "Firefox on Linux")
    certifying.certify_net_worth(made, said, signing=signing, by=_self(made))
    ago = 400 if name in SILENT else 30
    amend(made, decided_at=now() - timedelta(days=ago), applied_at=now() - timedelta(days=ago + 10))
    if name in UNCHECKED:
        amend(made, checked_on=today() - timedelta(days=400))
    return made


def _self(found: Angel) -> Actor:
    """A member as they act themselves."""
    own = account(found.account_id) if found.account_id else None
    assert own is not None
    session().flush()
    actor = actor_of(own)
    return Actor(actor.account_id, actor.name, actor.grants, facts=facts_of(actor))


def _raise(owner: Business, number: int, by: Actor) -> Pitch:
    """A raise that was published some time ago, of a business with an owner."""
    amend(
        owner,
        company_number=owner.company_number or f"0998{number:04}",
        registered_address=owner.registered_address or f"{number + 1} Invented Row, Birmingham",
        registered_postcode=owner.registered_postcode or "B1 1AA",
    )
    admission = Admission(f"owner.year.{number}@demo.example", f"Yara{number} Demo-Owner", owner.id)
    admit(admission, by=standing_in(acting("adviser@demo.example")))
    founder = standing_in_for(owner.id, otherwise=acting("adviser@demo.example"))
    made = pitching.begin(owner, pitch_of(owner, FIRST_NUMBER + number), by=founder)
    pitching.submit(_whole(made.id), by=founder)
    screening.review(_whole(made.id), screening.Opinion(Verdict.FOR, f"{INVENTED}: clear"), by=by)
    dealing.exempt(_whole(made.id), by)
    screening.publish(_whole(made.id), by=by)
    days, ends = (*RAISES, (1, 30))[number]
    found = _whole(made.id)
    last = today() + timedelta(days=ends) if ends else found.closes_on
    amend(found, published_at=now() - timedelta(days=days), closes_on=last)
    return found


def _funded_last_year(found: Pitch, people: Sequence[Angel]) -> None:
    """A raise that each of some members put money into in the year before, on statements that they had signed then."""
    start = date(today().year - 1, 1, 1)
    total = Money.pounds(0)
    for number, each in enumerate(people):
        assert each.account_id is not None
        amount = Money.pounds(5_000 + 1_000 * number)
        total += amount
        _invested(found, each.account_id, amount, start + timedelta(days=200 + number))
        _signed_then(each.account_id, start + timedelta(days=60))
    sought = {"amount": total, "min_ticket": Money.pounds(5_000)}
    amend(found, instrument=Instrument.EQUITY, closes_on=None, **sought)
    founder = standing_in_for(found.business_id, otherwise=acting("adviser@demo.example"))
    outcome = pitching.Outcome(ClosedAs.FUNDED, total, note=INVENTED)
    pitching.close(_whole(found.id), outcome, by=founder)
    then = moment_on(start + timedelta(days=90), time(9))
    before = {"begun_at": then - timedelta(days=30), "submitted_at": then - timedelta(days=20)}
    amend(_whole(found.id), published_at=then, ended_at=then + timedelta(days=150), **before)
    for version in session().scalars(select(PitchVersion).where(PitchVersion.pitch_id == found.id)):
        amend(version, kept_at=then - timedelta(days=20))


def _invested(found: Pitch, account_id: UUID, amount: Money, day: date) -> None:
    """An investment that both sides reported alike."""
    about: dict[str, Any] = {"amount": amount, "instrument": Instrument.EQUITY, "issued_on": day}
    moment = moment_on(day, time(12))
    made = Investment(
        pitch_id=found.id,
        account_id=account_id,
        reference=new_reference("INV"),
        first_side=Side.COMPANY,
        reported_at=moment,
        completed_at=moment,
        _status=InvestmentStatus.MATCHED,
        **about,
    )
    session().add(made)
    session().flush()
    session().add_all(InvestmentReport(investment_id=made.id, side=side, at=moment, **about) for side in Side)
    session().flush()


def _signed_then(account_id: UUID, day: date) -> None:
    """The same statement as this year's, a year earlier."""
    now_valid = certifications_of(account_id)[0]
    names = ("ground", "wording_id", "signed_name", "particulars", "text", "sha256", "ip", "device")
    about = {name: getattr(now_valid, name) for name in names}
    days = {"signed_at": moment_on(day, time(10)), "signed_on": day, "valid_until": anniversary(day)}
    session().add(Certification(account_id=account_id, **about, **days))
    session().flush()


def _whole(pitch_id: UUID) -> Pitch:
    session().flush()
    session().expire_all()
    found = pitch(pitch_id)
    assert found is not None
    return found


def _ask(kind: Kind, ids: Sequence[UUID], by: Actor) -> None:
    wish = Wish(kind, tuple(ids), "" if kind is Kind.CHECK else f"{INVENTED}.")
    mailing.write(wish, seen=mailing.weigh(wish, by=by).mark, by=by)
