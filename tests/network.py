"""Angels, what they signed, pitches and introductions as tests need them, straight in the tables."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from crm.accounts.models import Account
from crm.angels.introductions import queries as introduction_queries
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import DeclineReason, IntroductionStatus
from crm.angels.investors.models import (
    Angel,
    Certification,
    CertificationAttempt,
    GateVisit,
    RegulatoryBasis,
    StatementWording,
)
from crm.angels.investors.rules.certifying import until
from crm.angels.investors.rules.statements import CONDUCT_VERSION, digest
from crm.angels.investors.workflow import AngelStatus, Basis, CheckOutcome, Ground, Instrument
from crm.angels.pitches.models import (
    EvidenceEnd,
    Pitch,
    PitchMark,
    PitchQuestion,
    PitchReview,
    PitchVersion,
    Promotion,
    SavedSearch,
)
from crm.angels.pitches.queries import pitches
from crm.angels.pitches.queries.pitches import Search
from crm.angels.pitches.workflow import Channel, ClosedAs, PitchStatus, Verdict
from crm.billing.models import MembershipPeriod
from crm.billing.workflow import Way
from crm.businesses.models import Business
from crm.db.session import session
from crm.evidence.workflow import UnmetReason
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.references import new_reference
from crm.kernel.roles import Role
from crm.rights.models import Right, RightLicence, RightPart
from crm.rights.workflow import LicenceWay, MakerKind, RightKind, RightStatus
from tests import factories
from tests.angels.deals.exempt import exemption
from tests.factories import kept

SHOWN = (PitchStatus.PUBLISHED, PitchStatus.PAUSED, PitchStatus.CLOSED)


def basis(**fields: Any) -> RegulatoryBasis:
    """What the network rests on, since long ago."""
    given = {"basis": Basis.ENTERPRISE_EXEMPTION, "note": "Made for a test", "valid_from": date(2020, 1, 1)}
    made: RegulatoryBasis = kept(RegulatoryBasis(**{**given, **fields}, recorded_at=now()))
    return made


def signed_off() -> None:
    """Every wording is approved, as if a lawyer had read it."""
    session().execute(
        update(StatementWording).values(
            approved_on=date(2026, 1, 5), approved_by="Made Lawyer", approved_reference="T-1"
        )
    )


def wording(ground: Ground = Ground.HIGH_NET_WORTH, *, historic: bool = False) -> StatementWording:
    """The wording that came with the product."""
    name = "2024-01" if historic else "summary-2024-03"
    query = select(StatementWording).where(
        StatementWording.ground == ground, StatementWording.version_name == name
    )
    return session().scalars(query).one()


def angel(owner: Account | None = None, status: AngelStatus = AngelStatus.ACCEPTED, **fields: Any) -> Angel:
    """Somebody's place in the network; with an account of their own unless they only applied or were declined."""
    is_in = status not in {AngelStatus.APPLIED, AngelStatus.DECLINED}
    holder = owner or (investor() if is_in else None)
    given: dict[str, Any] = {
        "email": holder.email if holder else f"{new_reference('a').lower()}@made.example",
        "name": holder.name if holder else "Made Angel",
        "account_id": holder.id if holder else None,
        "referees": [{"name": "Made Referee", "email": "referee@made.example", "relation": "Made"}],
        "applied_at": now(),
        "decided_at": None if status is AngelStatus.APPLIED else now(),
        "reason": "Made" if status in {AngelStatus.DECLINED, AngelStatus.SUSPENDED} else "",
        "conduct_version": CONDUCT_VERSION,
        "check_outcome": CheckOutcome.PASSED,
    }
    if fields.get("check_outcome", CheckOutcome.PASSED) is CheckOutcome.PASSED:
        given |= {"checked_on": today(), "checked_by": "Made"}
    made: Angel = kept(Angel(**{**given, **fields}, _status=status))
    return made


def investor(**fields: Any) -> Account:
    """An account with the role of an angel."""
    made = factories.account(**fields)
    factories.grant(made, Role.ANGEL)
    return made


def membership(owner: Account, *, days: tuple[int, int] = (-100, 265), **fields: Any) -> MembershipPeriod:
    """A period of membership, from so many days from today to so many."""
    first, last = (today() + timedelta(days=each) for each in days)
    given = {"starts_on": first, "ends_on": last, "way": Way.INVOICE, "amount": Money.pounds(100)} | fields
    made: MembershipPeriod = kept(MembershipPeriod(account_id=owner.id, **given, recorded_at=now()))
    return made


def certification(
    owner: Account, ground: Ground = Ground.HIGH_NET_WORTH, *, signed_on: date | None = None, **fields: Any
) -> Certification:
    """What somebody signed on a day: today, unless another is named."""
    day = signed_on or today()
    whole = {"firm": "Made Firm", "frn": "123456", "issued_on": day, "kinds": ("equity",)}
    text = f"Made statement of {owner.name}"
    given: dict[str, Any] = {
        "wording_id": wording(ground).id,
        "signed_at": now(),
        "signed_on": day,
        "valid_until": until(day),
        "signed_name": owner.name,
        "particulars": {},
        "text": text,
        "sha256": digest(text),
        "ip": "192.0.2.1",
        "device": "Firefox on Linux",
    } | (whole if ground is Ground.CERTIFIED else {})
    made: Certification = kept(Certification(account_id=owner.id, ground=ground, **{**given, **fields}))
    return made


def attempt(owner: Account) -> CertificationAttempt:
    """Something that opened nothing."""
    given = {
        "ground": Ground.HIGH_NET_WORTH,
        "tried_at": now(),
        "particulars": {},
        "reason": "Made",
        "ip": "-",
    }
    made: CertificationAttempt = kept(CertificationAttempt(account_id=owner.id, **given))
    return made


def admitted(owner: Account | None = None, **fields: Any) -> Account:
    """An investor to whom the gate is open: in the network, certified and paid."""
    holder = owner or investor()
    angel(holder, **fields)
    certification(holder)
    membership(holder)
    return holder


def pitch(owner: Business, status: PitchStatus = PitchStatus.PUBLISHED, **fields: Any) -> Pitch:
    """A pitch of a business that lacks nothing."""
    number = next(factories._number)
    given: dict[str, Any] = {
        "reference": new_reference("P"),
        "headline": f"Made pitch {number:04}",
        "instrument": Instrument.EQUITY,
        "amount": Money.pounds(100_000),
        "begun_at": now(),
        "number": 0 if status is PitchStatus.DRAFT else 1,
        "submitted_at": None if status is PitchStatus.DRAFT else now(),
        "published_at": now() if status in SHOWN else None,
        **dict.fromkeys(("summary", "use_of_funds", "terms", "team", "market"), "Made words"),
        "contact": "made@made.example",
    }
    if status is PitchStatus.DECLINED:
        given |= {"declined_for": UnmetReason.TOO_EARLY}
    if status is PitchStatus.CLOSED:
        given |= {"closed_as": ClosedAs.UNFUNDED, "declined_for": UnmetReason.TOO_EARLY}
    made: Pitch = kept(Pitch(business_id=owner.id, **{**given, **fields}, _status=status))
    if made.number:
        version(made, owner)
    exemption(made)
    return whole(made)


def legal(owner: Business) -> Business:
    """A business with all that the law wants named."""
    number = next(factories._number)
    owner.company_number = owner.company_number or f"08{number:06}"
    owner.registered_address, owner.registered_postcode = "1 Made Street, Birmingham", "B1 1AA"
    session().flush()
    return owner


def whole(found: Pitch) -> Pitch:
    """A pitch as its pages load it, read anew."""
    session().flush()
    session().expire(found)
    loaded = pitches.pitch(found.id)
    assert loaded is not None
    return loaded


def question(found: Pitch, asker: Account | None = None, **fields: Any) -> PitchQuestion:
    """A question that is not answered yet."""
    given = {"question": "Made question?", "asked_at": now(), "account_id": (asker or investor()).id}
    made: PitchQuestion = kept(PitchQuestion(pitch_id=found.id, **{**given, **fields}))
    loaded = pitches.question(made.id)
    assert loaded is not None
    return loaded


def review(found: Pitch, verdict: Verdict = Verdict.FOR, **fields: Any) -> PitchReview:
    """An opinion of somebody without an interest."""
    given = {"words": "Made opinion", "made_at": now(), "number": found.number} | fields
    if "reviewer_id" not in given:
        given["reviewer_id"] = factories.account().id
    made: PitchReview = kept(PitchReview(pitch_id=found.id, verdict=verdict, **given))
    return made


def version(found: Pitch, owner: Business) -> PitchVersion:
    """A version that was handed in, of a business with all that the law wants named."""
    company = {
        "name": owner.name,
        "company_number": owner.company_number or "08000000",
        "registered_address": owner.registered_address or "1 Made Street, Birmingham",
        "registered_postcode": owner.registered_postcode or "B1 1AA",
    }
    content = {"business": company, "rights": [], "headline": found.headline}
    content |= dict.fromkeys(("summary", "use_of_funds", "terms", "team", "market", "slate"), "Made words")
    given = {"pitch_id": found.id, "number": found.number, "content": content, "kept_at": now()}
    made: PitchVersion = kept(PitchVersion(**given))
    return made


def mark(found: Pitch, owner: Account, **fields: Any) -> PitchMark:
    """A pitch that somebody follows."""
    given = {"is_followed": True, "marked_at": now()} | fields
    made: PitchMark = kept(PitchMark(pitch_id=found.id, account_id=owner.id, **given))
    return made


def saved_search(owner: Account, search: Search | None = None, **fields: Any) -> SavedSearch:
    """A search with alerts, last looked at a day ago."""
    given = {"name": "Made search", "made_at": now(), "alerted_at": now() - timedelta(days=1)} | fields
    wanted = search or Search(relief="", groups=("crafts",))
    made: SavedSearch = kept(SavedSearch(account_id=owner.id, criteria=wanted.as_json(), **given))
    return made


def introduction(
    found: Pitch,
    asker: Account | None = None,
    status: IntroductionStatus = IntroductionStatus.REQUESTED,
    **fields: Any,
) -> Introduction:
    """A request, made today."""
    days = {
        name: today() + timedelta(days=after)
        for name, after in (("nudge_on", 7), ("task_on", 14), ("lapse_on", 21))
    }
    given: dict[str, Any] = {"account_id": (asker or admitted()).id, "reference": new_reference("I"), **days}
    given |= {"requested_at": now(), "message": "Made message"}
    if status is IntroductionStatus.AGREED:
        given |= {"met_at": now()}
    if status is IntroductionStatus.DECLINED:
        given |= {"refusal": DeclineReason.FIT}
    made: Introduction = kept(Introduction(pitch_id=found.id, **{**given, **fields}, _status=status))
    return whole_introduction(made)


def whole_introduction(found: Introduction) -> Introduction:
    """An introduction as its page loads it, read anew."""
    session().flush()
    session().expire(found)
    loaded = introduction_queries.introduction(found.id)
    assert loaded is not None
    return loaded


def promotion(found: Pitch, signed: Certification, **fields: Any) -> Promotion:
    """A row of the ledger, for what was shown just now."""
    given: dict[str, Any] = {
        "account_id": signed.account_id,
        "pitch_version": 1,
        "channel": Channel.PAGE,
        "shown_at": now(),
        "shown_on": today(),
        "certification_id": signed.id,
        "signed_on": signed.signed_on,
        "valid_until": signed.valid_until,
    } | fields
    if "basis_id" not in given:
        given["basis_id"] = basis().id
    made: Promotion = kept(Promotion(pitch_id=found.id, **given))
    return made


def evidence_end(owner: Account) -> EvidenceEnd:
    """What is left of evidence that was over long ago."""
    days = {"last_on": date(2000, 1, 1), "kept_until": date(2006, 1, 1), "ended_on": date(2006, 1, 2)}
    counted = {"showings": 1, "statements": 1, "attempts": 0}
    made: EvidenceEnd = kept(EvidenceEnd(account_id=owner.id, **days, **counted))
    return made


def visit(**fields: Any) -> GateVisit:
    """A visit of a stranger that found everything closed."""
    made: GateVisit = kept(GateVisit(**{"visited_at": now(), "tried": 10, "faults": [], **fields}))
    return made


def right(owner: Business, **fields: Any) -> Right:
    """A work of a business."""
    given: dict[str, Any] = {
        "kind": RightKind.COPYRIGHT,
        "title": "Made work",
        "owner": owner.name,
        "territory": "United Kingdom",
        "status": RightStatus.UNREGISTERED,
        "added_at": now(),
    }
    made: Right = kept(Right(business_id=owner.id, **{**given, **fields}))
    return made


def right_part(found: Right, **fields: Any) -> RightPart:
    """A part of a work that a freelancer made."""
    given: dict[str, Any] = {"title": "Made part", "craft": "composer", "maker": "Made maker"}
    given |= {"maker_kind": MakerKind.FREELANCER, "added_at": now()}
    made: RightPart = kept(RightPart(right_id=found.id, **{**given, **fields}))
    return made


def right_licence(found: Right, **fields: Any) -> RightLicence:
    """A licence to another business."""
    given: dict[str, Any] = {"way": LicenceWay.OUT, "party": "Made party", "territory": "Worldwide"}
    given |= {"is_exclusive": False, "starts_on": today(), "added_at": now()}
    made: RightLicence = kept(RightLicence(right_id=found.id, **{**given, **fields}))
    return made
