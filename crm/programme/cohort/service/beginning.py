"""Beginning the cohort of a round, and fixing what it is balanced by before the round opens."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import created, fields_of
from crm.db.session import session
from crm.db.states import refuse_if
from crm.funding.envelopes.queries.ledger import envelope
from crm.funding.envelopes.rules import Line
from crm.kernel.clock import moment_in_words, now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.programme.cohort.models import Cohort, CohortTarget
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries.cohorts import cohort_of, hold
from crm.programme.cohort.rules.groups import Dimension, Measure
from crm.programme.cohort.rules.labels import choices_of
from crm.programme.cohort.workflow import Act
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import RoundStatus

NO_CAPITAL_ASKED = (
    "This round does not ask how much of the amount is for capital. Add that question to the round first, "
    "or choose one kind of money"
)


@dataclass(frozen=True)
class CohortDetails:
    """How the cohort of a round is funded: from which line of which envelope, or with None from capital and revenue.

    A dry run is funded from no envelope.
    """

    envelope_id: UUID | None = None
    line: Line | None = Line.REVENUE
    allows_partial: bool = False


@dataclass(frozen=True)
class TargetDetails:
    """A target. ``least`` is in hundredths of a per cent of the money or the awards."""

    dimension: Dimension
    value: str
    measure: Measure
    least: int
    is_outside: bool = False


def why_not_begun(found: Round) -> str | None:
    """Why a round cannot have a cohort: it was deleted, or it has one already."""
    if found.status is RoundStatus.DISCARDED:
        return "This round was deleted, so it has no cohort."
    return "This round has a cohort already." if cohort_of(found.id) else None


def begin(found: Round, details: CohortDetails, *, by: Actor) -> Cohort:
    """Begin the cohort of a round. A round has one."""
    POLICY.require(by, Act.BEGIN, found)
    refuse_if(why_not_begun(found))
    fields = fields_of(details) | ({"envelope_id": None} if found.is_dry_run else {})
    if not found.is_dry_run and (details.envelope_id is None or envelope(details.envelope_id) is None):
        raise Invalid("Choose the envelope that funds it", field="envelope")
    if details.line is None and not any(each.is_capital_asked for each in found.questions):
        raise Invalid(NO_CAPITAL_ASKED, field="line")
    made = Cohort(round_id=found.id, **fields, begun_at=now(), begun_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.BEGIN, made, created(round=found.name, **fields), by=by)
    return made


def why_targets_fixed(found: Cohort | CohortTarget) -> str | None:
    """Why targets cannot be changed: the round has opened, and applicants may rely on them."""
    if now() < found.round.opens_at:
        return None
    return f"The round opened on {moment_in_words(found.round.opens_at)}, so its targets cannot be changed."


def set_target(found: Cohort, details: TargetDetails, *, by: Actor) -> CohortTarget:
    """Set a least share for a group, before the round opens (P31)."""
    POLICY.require(by, Act.SET_TARGET, found)
    hold(found)
    refuse_if(why_targets_fixed(found))
    known = choices_of(details.dimension)
    if known and details.value not in known:
        raise Invalid("Choose a group of this kind", field="value")
    key = (details.dimension, details.value, details.is_outside, details.measure)
    if any((each.dimension, each.value, each.is_outside, each.measure) == key for each in found.targets):
        raise Conflict("There is a target for this group already. Remove it first.")
    made = CohortTarget(cohort_id=found.id, **fields_of(details), set_at=now(), set_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.SET_TARGET, found, created(**fields_of(details)), by=by)
    return made


def remove_target(found: CohortTarget, *, by: Actor) -> None:
    """Remove a target, before the round opens."""
    POLICY.require(by, Act.REMOVE_TARGET, found)
    refuse_if(why_targets_fixed(found))
    told = {"dimension": (found.dimension, None), "value": (found.value, None), "least": (found.least, None)}
    session().delete(found)
    session().flush()
    audit.record(Act.REMOVE_TARGET, found.cohort, told, by=by)
