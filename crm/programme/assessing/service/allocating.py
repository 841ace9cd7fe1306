"""Giving applications to assessors: by hand, or spread fairly; never where there is a conflict of interest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from crm.accounts.queries import account
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.kernel.clock import moment_in_words, now, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import hold
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Assessment
from crm.programme.assessing.policy import LIVE, POLICY
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.able import able_of, is_counted
from crm.programme.assessing.queries.conflicts import Found, conflicts_between
from crm.programme.assessing.queries.reading import could_read, reasons_against
from crm.programme.assessing.rules.spreading import Free, Spread, Wanting, spread
from crm.programme.assessing.service.telling import tell_assessor
from crm.programme.assessing.service.versions import in_words
from crm.programme.assessing.workflow import ASSESSMENTS, Act, AssessmentStatus
from crm.programme.rounds.models import Round

MOVED_ON = (
    "Only an application that has been submitted, and whose assessment is not closed, can be allocated."
)


def allocate(found: Application, account_id: UUID, *, override: str = "", by: Actor) -> Assessment:
    """Give an application to an assessor of its round. Refused where there is an interest, or where they could read others' scores of it.

    That they helped the business lately is overridden by the lead's reason alone, which the panel reads.
    """
    POLICY.require(by, Act.ALLOCATE, found)
    hold(found)
    _require_open(found)
    _require_on_panel(found, account_id)
    reasons = reasons_against(found, [account_id])[account_id]
    _require_no_conflict(reasons, override)
    made = _given(found, account_id, override=override if reasons else "", by=by)
    _tell([account_id], found.round)
    return made


def why_not_allocated(found: Application) -> str | None:
    """Why an application cannot be given to an assessor."""
    return None if found.status is ApplicationStatus.SUBMITTED else MOVED_ON


def _require_open(found: Application) -> None:
    refuse_if(why_not_allocated(found))


def _require_on_panel(found: Application, account_id: UUID) -> None:
    if account_id not in {each.account_id for each in queries.panel(found.round_id)}:
        raise Invalid("Choose an assessor of this round", field="assessor")
    if account_id not in able_of(found.round_id, on=today()):
        raise Invalid("This person can no longer assess for this round. Choose another", field="assessor")


def _require_no_conflict(reasons: Iterable[Found], override: str) -> None:
    for each in reasons:
        if not each.can_be_overridden:
            raise Invalid(f"They cannot assess this application. {each.words}", field="assessor")
        if not override.strip():
            raise Invalid(f"{each.words}. Say why they may assess it nevertheless", field="override")


def _given(found: Application, account_id: UUID, *, override: str, by: Actor) -> Assessment:
    """A new assessment, or one that was declined or taken back, given again."""
    rows = queries.given_of([found.id]).get(found.id, [])
    kept = next((each for each in rows if each.assessor_id == account_id), None)
    if kept is not None and kept.status in LIVE:
        raise Invalid("They already have this application", field="assessor")
    if kept is not None:
        changes = amend(kept, declined_for=None, override_reason=override) | advance(
            ASSESSMENTS, kept, Act.ALLOCATE
        )
        audit.record(Act.ALLOCATE, kept, changes, by=by)
        return kept
    made = Assessment(
        application_id=found.id, assessor_id=account_id, allocated_at=now(), override_reason=override
    )
    made.allocated_by_id = by.account_id
    session().add(made)
    session().flush()
    told = {"application": (None, found.reference), "override": (None, override or None)}
    audit.record(Act.ALLOCATE, made, told, by=by)
    return made


def _tell(account_ids: Iterable[UUID], found: Round) -> None:
    """One letter each, that there is something to assess."""
    for each in sorted(set(account_ids), key=str):
        reader = account(each)
        if reader is not None:
            context = {
                "round": found.name,
                "path": "/assessments",
                "due": moment_in_words(found.assess_until),
            }
            queue("assessment_given", Reader(reader.email, reader.name, reader.id), having=Extras(context))


def spread_out(found: Round, *, by: Actor) -> Spread:
    """Spread what a round still wants over its assessors: evenly, nearer to what they know, never where there is a conflict."""
    POLICY.require(by, Act.ALLOCATE, found)
    rows = queries.to_allocate(found.id)
    told = _planned(found, rows)
    by_id = {each.id: each for each in rows}
    for application_id, account_id in told.given:
        _given(by_id[application_id], account_id, override="", by=by)
    _tell([account_id for _, account_id in told.given], found)
    return told


def _planned(found: Round, rows: Sequence[Application]) -> Spread:
    loads, able = queries.loads(found.id), able_of(found.id, on=today())
    free = [
        Free(each.account_id, frozenset(each.knows), loads.get(each.account_id, (0, 0))[0], each.most)
        for each in queries.panel(found.id)
        if each.account_id in able
    ]
    given = queries.given_of([each.id for each in rows])
    reading = could_read(rows, [each.id for each in free])
    wanting = [
        replace(each, had=each.had | {person for row_id, person in reading if row_id == each.id})
        for each in (_wanting(row, given.get(row.id, []), able, wants=found.assessors) for row in rows)
        if each.wants > 0
    ]
    conflicts = conflicts_between(
        [each.id for each in free], {each.business_id for each in wanting}, on=today()
    )
    return spread(wanting, free, conflicts=set(conflicts))


def _wanting(row: Application, given: Sequence[Assessment], able: set[UUID], *, wants: int) -> Wanting:
    """An assessor who had it and left it is not asked again."""
    live = [each for each in given if is_counted(each, able)]
    had = frozenset(each.assessor_id for each in given)
    return Wanting(row.id, row.business_id, wants - len(live), frozenset(row.business.dcms_groups), had)


def take_back(found: Assessment, *, by: Actor) -> None:
    """Take an application back from an assessor who has not submitted it, and tell them."""
    POLICY.require(by, Act.TAKE_BACK, found)
    audit.record(Act.TAKE_BACK, found, advance(ASSESSMENTS, found, Act.CLOSE), by=by)
    tell_assessor(
        found, "assessment_taken_back", path="/assessments", why="The lead assessor has taken it back."
    )


def exclude(found: Assessment, words: str, *, by: Actor) -> None:
    """Leave an assessment out, since there is an interest; what was scored drops out of every mean at once."""
    was_in = found.status is AssessmentStatus.SUBMITTED
    changes = advance(ASSESSMENTS, found, Act.EXCLUDE)
    told = {"why": (None, words), "was_handed_in": (None, was_in), "scores": (None, in_words(found))}
    audit.record(Act.EXCLUDE, found, changes | told, by=by)
