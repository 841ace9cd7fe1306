"""Checks between the answers of a round: added and removed as long as it is a draft."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from crm.db.session import session
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.programme.rounds.models import Round, RoundCheck
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.rules.asking import NUMERIC
from crm.programme.rounds.rules.composing import check_fault
from crm.programme.rounds.service.preparing import require_draft, touch
from crm.programme.rounds.workflow import Act, Comparison


@dataclass(frozen=True)
class CheckDetails:
    """How the answer to one question has to stand to that of another, or to a fixed sum. ``percent`` in hundredths."""

    left_id: UUID
    comparison: Comparison
    percent: int
    right_id: UUID | None
    fixed: Money | None
    words: str


def add_check(found: Round, details: CheckDetails, *, by: Actor) -> RoundCheck:
    """Add a check between answers. ``words`` is what an applicant reads where it does not hold. Raises `Invalid`."""
    POLICY.require(by, Act.CHANGE, found)
    require_draft(found)
    kinds = {each.id: each.kind for each in found.questions if each.kind in NUMERIC}
    fault = check_fault(details, kinds, others=found.checks)
    if fault:
        raise Invalid(fault[1], field=fault[0])
    made = RoundCheck(round_id=found.id, position=len(found.checks) + 1, **vars(details))
    session().add(made)
    touch(found, {"check": (None, details.words)}, by=by)
    return made


def remove_check(check: RoundCheck, *, by: Actor) -> None:
    """Remove a check."""
    POLICY.require(by, Act.CHANGE, check.round)
    require_draft(check.round)
    session().delete(check)
    touch(check.round, {"check": (check.words, None)}, by=by)
