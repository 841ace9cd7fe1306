"""Who assesses for a round, and what they have an interest in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from crm.audit import service as audit
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.companies import CompanyNumber
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Interest, RoundAssessor
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.conflicts import conflicts_between
from crm.programme.assessing.service.allocating import exclude
from crm.programme.assessing.workflow import Act
from crm.programme.rounds.models import Round

NOT_INDEPENDENT = frozenset({Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.APPROVER, Role.AUDITOR})
"""Whoever runs, approves or checks the programme sees every score, and so judges none."""


@dataclass(frozen=True)
class PanelDetails:
    """An assessor of a round: the creative sectors they know, and how many applications they take on at most."""

    account_id: UUID
    knows: tuple[str, ...]
    most: int


def add_assessor(found: Round, details: PanelDetails, *, by: Actor) -> RoundAssessor:
    """Let somebody who holds the role assess for a round. Whoever sees every score by another role cannot."""
    POLICY.require(by, Act.ADD_ASSESSOR, found)
    chosen = {each.id: each for each in queries.candidates(found.id, on=today())}.get(details.account_id)
    if chosen is None:
        raise Invalid("Choose someone who holds the assessor role", field="account")
    if queries.roles_of(chosen.id, on=today()) & NOT_INDEPENDENT:
        raise Invalid(
            "They run, approve or audit the programme, so they cannot assess for it", field="account"
        )
    made = RoundAssessor(round_id=found.id, **vars(details))
    session().add(made)
    session().flush()
    audit.record(Act.ADD_ASSESSOR, found, {"assessor": (None, chosen.name)}, by=by)
    return made


def remove_assessor(member: RoundAssessor, *, by: Actor) -> None:
    """Let somebody assess for a round no more, once they have nothing of it left to assess."""
    POLICY.require(by, Act.REMOVE_ASSESSOR, member)
    if queries.loads(member.round_id).get(member.account_id):
        raise Conflict("They still have applications of this round. Take these back first.")
    session().delete(member)
    audit.record(Act.REMOVE_ASSESSOR, member.round, {"assessor": (member.account.name, None)}, by=by)


@dataclass(frozen=True)
class InterestDetails:
    """In which company, and how."""

    company_number: CompanyNumber | None
    business_id: UUID | None
    words: str


def declare(details: InterestDetails, *, by: Actor) -> Interest:
    """Declare an interest. What was given to them of that business, or of one linked with it, is left out at once.

    Scores that they submitted drop out of every mean; the trail keeps that they were there.
    """
    POLICY.require(by, Act.DECLARE)
    if details.company_number is None and details.business_id is None:
        raise Invalid("Enter a company number", field="company_number")
    number = str(details.company_number) if details.company_number else None
    made = Interest(account_id=by.account_id, company_number=number, business_id=details.business_id)
    made.words, made.declared_at = details.words, now()
    session().add(made)
    session().flush()
    audit.record(Act.DECLARE, made, {"company_number": (None, number), "words": (None, details.words)}, by=by)
    leave_out(by=by)
    return made


def leave_out(*, still_assessed: bool = False, by: Actor) -> None:
    """Leave out what somebody was given to assess, and has an interest in by now; or only of what is ``still_assessed``."""
    assert by.account_id is not None
    live = queries.live_of(by.account_id)
    if still_assessed:
        live = [each for each in live if each.application.status is ApplicationStatus.SUBMITTED]
    found = conflicts_between([by.account_id], {each.business.id for each in live}, on=today())
    for each in live:
        reasons = [
            why for why in found.get((by.account_id, each.business.id), []) if not why.can_be_overridden
        ]
        if reasons:
            exclude(each, reasons[0].words, by=by)


def end_interest(interest: Interest, *, by: Actor) -> None:
    """Say that there is no interest any more. What was left out stays so."""
    POLICY.require(by, Act.END_INTEREST, interest)
    if interest.ended_at is not None:
        raise Conflict("This interest has ended already.")
    interest.ended_at = now()
    audit.record(Act.END_INTEREST, interest, {"ended_at": (None, interest.ended_at)}, by=by)
