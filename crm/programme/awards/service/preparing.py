"""Preparing an offer for a successful decision, changing it, and checking the company before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.funding.envelopes.queries.ledger import envelope
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.gateways.companies_house import Register, RegisterUnavailable
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.programme.awards.models import Award, AwardMilestone
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards
from crm.programme.awards.queries.checks import hold_company, known
from crm.programme.awards.rules.offering import (
    NOT_A_COMPANY,
    Frame,
    OfferDetails,
    require_sound,
    said_of,
)
from crm.programme.awards.rules.terms import TERMS_VERSION
from crm.programme.awards.service.sending import ENDING
from crm.programme.awards.workflow import MACHINE, Act, Strand
from crm.programme.cohort.models import Decision
from crm.programme.cohort.queries import cohorts
from crm.programme.cohort.service import deciding
from crm.programme.cohort.service.changing import why_changing
from crm.programme.cohort.workflow import DecisionStatus, Outcome
from crm.throttles import service as throttles
from crm.throttles.rules import COMPANIES_HOUSE

GIVER = "Creative Growth West Midlands"


@dataclass(frozen=True)
class Standing:
    """What is known of a company: its status in the register's word, and why a person recorded it by hand."""

    status: str
    reason: str = ""


def why_not_prepared(found: Decision) -> str | None:
    """Why no offer is prepared for a decision now."""
    if found.outcome is not Outcome.SUCCESSFUL or found.status is DecisionStatus.WITHDRAWN:
        return "Only a successful decision gets an offer."
    if found.status is not DecisionStatus.NOTIFIED:
        return "Send the decision first. Then the offer can be prepared."
    return why_offered(found.id) or why_changing(found) or _why_ending(found)


def why_offered(decision_id: UUID) -> str | None:
    """Why what a decision awards stays as it is: its offer is prepared."""
    made = awards.award_of_decision(decision_id)
    return "An offer has been prepared for this decision already." if made is not None else None


def _why_ending(found: Decision) -> str | None:
    """An award that may be withdrawn gets no offer meanwhile."""
    return ENDING if found.withdrawal_proposed_at is not None else None


def capital_of(found: Decision) -> Money | None:
    """The part of an award for capital, where it is paid from capital and revenue; else None."""
    return found.capital if found.cohort.line is None else None


def latest_of(found: Decision) -> date | None:
    """The last day of the fund that pays an award: no offer outlives it. A dry run has none."""
    fund = envelope(found.cohort.envelope_id) if found.cohort.envelope_id else None
    return fund.ends_on if fund else None


def frame_of(found: Decision) -> Frame:
    """What the offer of an award must fit."""
    assert found.amount is not None
    return Frame(found.amount, capital_of(found), latest_of(found))


def prepare(found: Decision, details: OfferDetails, *, by: Actor) -> Award:
    """Prepare the offer of an award with its milestones, and its subsidy papers (P38, P41, P42)."""
    POLICY.require(by, Act.PREPARE, found)
    cohorts.hold(found.cohort)
    session().refresh(found, attribute_names=["_status", "outcome", "amount", "version"])
    refuse_if(why_not_prepared(found))
    require_sound(details, frame_of(found), on=today())
    made = _made(found, details, by=by)
    _add_milestones(made, details)
    _begin_papers(made, found, details, by=by)
    audit.record(Act.PREPARE, made, created(amount=made.amount, **_fields(details)), by=by)
    return made


def _made(found: Decision, details: OfferDetails, *, by: Actor) -> Award:
    """The row of an award: its money as the decision has it, out of the line that funds the cohort."""
    made = Award(decision_id=found.id, application_id=found.application_id, amount=found.amount)
    made.business_id, made.terms_version = found.application.business_id, TERMS_VERSION
    made.envelope_id, made.line = found.cohort.envelope_id, found.cohort.line
    made.prepared_at, made.prepared_by_id = now(), by.account_id
    amend(made, **_fields(details))
    session().add(made)
    session().flush()
    return made


def _fields(details: OfferDetails) -> dict[str, object]:
    return {
        "purpose": details.purpose,
        "match_share": details.match_share,
        "starts_on": details.starts_on,
        "ends_on": details.ends_on,
        "offer_expires_on": details.offer_expires_on,
    }


def _add_milestones(made: Award, details: OfferDetails) -> None:
    for each in details.milestones:
        row = AwardMilestone(award_id=made.id, strand=Strand(each.strand), title=each.title)
        row.due_on, row.evidence_wanted, row.amount = each.due_on, each.evidence_wanted, each.amount
        row.is_capital = each.is_capital and made.line is None
        session().add(row)
    session().flush()


def _begin_papers(made: Award, about: Decision, details: OfferDetails, *, by: Actor) -> None:
    """The papers of its subsidy, about this award; in a dry run none, since nothing is given (P54)."""
    if made.envelope_id is None:
        return
    wanted = SubsidyDetails(GIVER, details.purpose, made.amount, details.starts_on)
    papers = giving.prepare(
        about.application.business,
        wanted,
        depends_on_exporting_goods=details.depends_on_exporting_goods,
        about=("award", made.id),
        decided_id=about.id,
        by=by,
    )
    made.subsidy_id = papers.id
    deciding.note_papers(about, papers.id)


def change(found: Award, details: OfferDetails, *, version: int | None = None, by: Actor) -> None:
    """Change an offer before it is sent. Its milestones and subsidy papers are made again, so it is checked again too."""
    POLICY.require(by, Act.CHANGE, found)
    awards.hold(found)
    require_as_shown(found, version)
    changes = advance(MACHINE, found, Act.CHANGE)
    require_sound(details, frame_of(found.decision), on=today())
    before = _take_back(found, by=by)
    changes |= amend(found, **_fields(details), prepared_at=now(), prepared_by_id=by.account_id)
    session().flush()
    _add_milestones(found, details)
    _begin_papers(found, found.decision, details, by=by)
    after = [(each.title, each.amount) for each in details.milestones]
    audit.record(Act.CHANGE, found, changes | {"milestones": (before, after)}, by=by)


def _take_back(found: Award, *, by: Actor) -> list[tuple[str, Money]]:
    """Remove its milestones and cancel its papers, so that both are made again; return what the milestones were."""
    before = [(each.title, each.amount) for each in found.milestones]
    for each in found.milestones:
        session().delete(each)
    if found.subsidy is not None:
        giving.cancel(found.subsidy, reason="The offer was changed before it was sent.", by=by)
    return before


def ask_register(found: Award, register: Register, *, secret: str) -> Standing:
    """What Companies House says of the business now. Raises `Invalid` where it cannot be asked: then it is recorded by hand."""
    number = found.business.company_number
    if number is None:
        return Standing(NOT_A_COMPANY)
    throttles.require_within(COMPANIES_HOUSE, "all", secret=secret)
    throttles.count_try(COMPANIES_HOUSE, "all", secret=secret)
    try:
        said = register.profile(number)
    except RegisterUnavailable as error:
        raise Invalid(f"{error} Record its status by hand, or try again later.") from error
    if said is None:
        raise Invalid(
            f"Companies House knows no company with number {number}. Correct the number on the page of the business, or record "
            "its status by hand."
        )
    return Standing(said.status or "unknown")


def why_not_by_hand(found: Award) -> str | None:
    """Why no status is recorded by hand: Companies House said last that nothing can be paid to the company, and only it says otherwise."""
    newest = known(found)
    if newest is None or newest.reason or newest.is_sound:
        return None
    return (
        f"Companies House said on {day_in_words(day_of(newest.at))} that the company is {said_of(newest.status)}. No status recorded "
        "by hand replaces that. If it has changed, check Companies House again."
    )


def check_company(found: Award, standing: Standing, *, version: int | None = None, by: Actor) -> None:
    """Record the status of the company before the offer is sent: as the register says it, or by hand with a reason.

    ``version`` is that of the award on the screen: what another person recorded meanwhile is read before it is replaced.
    """
    POLICY.require(by, Act.CHECK_COMPANY, found)
    hold_company(found)
    awards.hold(found)
    require_as_shown(found, version)
    refuse_if(why_not_by_hand(found) if standing.reason else None)
    told: Changes = {"register_status": (found.register_status, standing.status)}
    told |= {"register_reason": (found.register_reason, standing.reason.strip())}
    changes = advance(MACHINE, found, Act.CHECK_COMPANY)
    changes |= amend(
        found,
        register_status=standing.status,
        register_checked_at=now(),
        register_reason=standing.reason.strip(),
    )
    session().flush()
    audit.record(Act.CHECK_COMPANY, found, changes | told, by=by)
