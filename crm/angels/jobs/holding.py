"""The demonstration's holdings: a raise of last year, its papers and certificates, and the updates of its company."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from crm.accounts.queries import account_of
from crm.angels.deals.models import Investment
from crm.angels.deals.queries import investments
from crm.angels.deals.service import completing
from crm.angels.deals.workflow import InvestmentStatus, ShareRelief, Side
from crm.angels.holdings.models import CompanyUpdate
from crm.angels.holdings.queries import papers, updates
from crm.angels.holdings.rules.quarters import quarter_before
from crm.angels.holdings.service import filing, updating
from crm.angels.holdings.service.filing import FilingDetails
from crm.angels.holdings.service.updating import UpdateDetails
from crm.angels.investors.workflow import Instrument
from crm.angels.jobs import dealing
from crm.angels.jobs.acting import owner_of
from crm.angels.jobs.diligencing import INVENTED
from crm.angels.jobs.inventing import invented_pitch
from crm.angels.pitches.models import Pitch, PitchVersion
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.pitches.service import pitching, screening
from crm.angels.pitches.service.pitching import Outcome
from crm.angels.pitches.workflow import ClosedAs, Verdict
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.changes import amend
from crm.db.session import session
from crm.documents.service import Upload, stored
from crm.evidence.workflow import UnmetReason
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.references import new_reference

NAME, AGO = "Lantern Otter Animation", timedelta(days=420)
ROSA, TARA = "angel@demo.example", "angel.tara@demo.example"
OUTSIDE = "Invented Outside-Angel"
CERTIFICATE = b"Invented for the demonstration: SEIS3 of Lantern Otter Animation\n"
E_, N, C = Instrument.EQUITY, Instrument.LOAN_NOTE, Instrument.CONVERTIBLE
LATER, UNDONE, LAST = timedelta(days=21), timedelta(days=28), timedelta(days=35)
BOUGHT = (
    (ROSA, 15_000, E_, 1_500, ShareRelief.SEIS, AGO),
    (TARA, 10_000, E_, 1_000, ShareRelief.SEIS, AGO),
    (ROSA, 4_000, E_, 400, ShareRelief.SEIS, AGO - LATER),
    (TARA, 1_000, E_, 100, ShareRelief.SEIS, AGO - UNDONE),
    (OUTSIDE, 20_000, E_, 2_000, ShareRelief.EIS, AGO - LAST),
    (ROSA, 5_000, N, None, ShareRelief.NONE, AGO),
    (ROSA, 4_000, C, None, ShareRelief.NONE, AGO),
)
"""Who bought what, under which relief, how long ago: SEIS shares on three days, the third undone later, and those under EIS after them."""


def load_holdings(manager: Actor) -> None:
    """A raise of a year ago, with its investments, papers and updates; nothing where the business is not there."""
    row = next(iter(businesses(Search(text=NAME), SYSTEM).rows), None)
    owner = business(row.id) if row else None
    if owner is None:
        return
    raised = _raised(owner, manager)
    _buy(raised)
    _close(raised)
    _file(raised)
    _undo(raised, manager)
    _update(owner.id)


def _again(pitch_id: UUID) -> Pitch:
    session().flush()
    session().expire_all()
    found = pitch(pitch_id)
    assert found is not None
    return found


def _raised(owner: Business, manager: Actor) -> UUID:
    """A pitch that was published a year ago."""
    amend(
        owner,
        company_number=owner.company_number or "09990000",
        registered_address=owner.registered_address or "1 Invented Street, Birmingham",
        registered_postcode=owner.registered_postcode or "B1 1AA",
    )
    details = invented_pitch(owner.name, 0)
    made = pitching.begin(owner, details, by=SYSTEM).id
    amend(_again(made), headline="The first series, made with the money of last year")
    pitching.submit(_again(made), by=SYSTEM)
    opinion = screening.Opinion(Verdict.FOR, f"{INVENTED}: clear, and ready to be read")
    screening.review(_again(made), opinion, by=manager)
    dealing.exempt(_again(made), manager)
    screening.publish(_again(made), by=manager)
    return made


def _buy(pitch_id: UUID) -> None:
    for who, pounds, instrument, shares, relief, ago in BOUGHT:
        known = account_of(who) if "@" in who else None
        made = Investment(pitch_id=pitch_id, reference=new_reference("INV"), amount=Money.pounds(pounds))
        made.account_id, made.investor_name = (known.id, "") if known else (None, who)
        made.first_side, made.instrument, made.shares, made.relief = Side.COMPANY, instrument, shares, relief
        made.share_class = "ordinary" if shares else ""
        made.issued_on, made.reported_at, made.completed_at = today() - ago, now() - ago, now() - ago
        made._status = InvestmentStatus.MATCHED  # noqa: SLF001 both sides reported it, long ago
        session().add(made)
    session().flush()


def _close(pitch_id: UUID) -> None:
    total = Money.pounds(sum(pounds for _, pounds, *_ in BOUGHT))
    outcome = Outcome(ClosedAs.PART_FUNDED, total, UnmetReason.KEY_PERSON, INVENTED)
    pitching.close(_again(pitch_id), outcome, by=SYSTEM)
    found = _again(pitch_id)
    amend(
        found,
        begun_at=now() - 2 * AGO,
        published_at=now() - AGO - LAST,
        submitted_at=now() - AGO - 2 * LAST,
        ended_at=now() - AGO + LAST,
    )
    for version in session().scalars(select(PitchVersion).where(PitchVersion.pitch_id == found.id)):
        amend(version, kept_at=now() - AGO - 2 * LAST)
    session().flush()


def _file(pitch_id: UUID) -> None:
    """The first SEIS shares are through, with one certificate given and one to give; of those issued later HMRC has still to
    answer; and EIS1 is still to be sent.
    """
    owner, bought = owner_of(_again(pitch_id).business_id), today() - AGO
    first, later, undone, eis = papers.papers_of(pitch_id)
    days = FilingDetails(bought - timedelta(days=60), bought - timedelta(days=200))
    sent = replace(days, sent_on=bought + timedelta(days=90))
    answered = replace(sent, authorised_on=bought + timedelta(days=150), uir="9990012345")
    for issue, details in ((first, answered), (later, sent), (undone, sent), (eis, days)):
        filing.record(issue, details, by=owner)
    certified = next(each for each, _ in first.rows if each.account and each.account.email == ROSA)
    paper = stored(Upload("SEIS3.txt", CERTIFICATE), files=current_app.extensions["files"])
    filing.certify(certified, paper, given_on=bought + timedelta(days=160), by=owner)


def _undo(pitch_id: UUID, manager: Actor) -> None:
    """The money of one issue went back after its SEIS1 was sent: HMRC is still to be told."""
    issued = today() - (AGO - UNDONE)
    undone = next(each.id for each in investments.of_pitch(pitch_id) if each.issued_on == issued)
    found = investments.investment(undone)
    assert found is not None
    completing.reverse(found, reason=f"{INVENTED}: the money went back", by=manager)


def _update(business_id: UUID) -> None:
    """An update that was sent with a valuation and corrected, one that was missed, and one that is overdue."""
    last = quarter_before(today())
    missed = quarter_before(last)
    sent = quarter_before(missed)
    _give(_asked(business_id, sent))
    _asked(business_id, missed)
    late = _asked(business_id, last)
    amend(late, asked_at=now() - timedelta(days=45), due_on=today() - timedelta(days=15))
    session().flush()


def _asked(business_id: UUID, quarter_end: date) -> CompanyUpdate:
    found = business(business_id)
    assert found is not None
    made = updating.ask(found, quarter_end)
    amend(made, asked_at=now() - (today() - quarter_end), due_on=quarter_end + timedelta(days=30))
    session().flush()
    whole = updates.update(made.id)
    assert whole is not None
    return whole


def _give(found: CompanyUpdate) -> None:
    details = UpdateDetails(
        f"{INVENTED}: the first series is delivered, and a second broadcaster has taken it.",
        Money.pounds(58_000),
        Money.pounds(41_000),
        6,
        Money.pounds(1_200_000),
        100_000,
        found.quarter_end,
        f"{INVENTED}: the price of the last raise",
    )
    owner = owner_of(found.business_id)
    updating.give(found, replace(details, revenue=Money.pounds(85_000)), by=owner)
    amend(found, given_at=now() - (today() - found.quarter_end) + timedelta(days=20))
    session().flush()
    updating.correct(
        found, details, reason=f"{INVENTED}: the sales of a whole half-year were given", by=owner
    )
