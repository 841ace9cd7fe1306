"""Bringing answers that were given without an account into the record of a business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import refuse_if
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.policy import POLICY
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.queries.opened import Opened
from crm.diagnostics.queries.results import asked_of, result_of
from crm.diagnostics.rules.readiness import Circumstances
from crm.diagnostics.service.readiness import answer, finish
from crm.diagnostics.workflow import READINESS, Act, AnsweredBy
from crm.kernel.clock import now
from crm.kernel.permissions import Actor

ALREADY = "These answers are already in the record of this business."
OTHER_VERSION = "This business has started this assessment with other questions. Finish that one first, then save these answers."


def bring(business: Business, found: Opened, *, answered_name: str = "", by: Actor) -> ReadinessCheck:
    """Save answers in the record of a business, and finish the assessment where they are complete.

    Answers that the record has already stay as they are. ``answered_name`` is who gave them, where it is not ``by``.
    Raises `Conflict`.
    """
    POLICY.require(by, Act.BRING_READINESS, business)
    require_in_use(business)
    refuse_if(why_not_bring(business, found))
    check = queries.answering(business.id, found.set.name) or _begun(business, found, by=by)
    amend(check, answered_name=answered_name[:200] or check.answered_name)
    answer(check, _new_answers(check, found), is_told=bool(answered_name), by=by)
    whole = queries.assessment(check.id)
    assert whole is not None
    return finish(whole, by=by) if _is_complete(whole) else whole


def why_not_bring(business: Business, found: Opened) -> str | None:
    """Why a record cannot take answers: it has them, or the same assessment is begun under another version."""
    if not found.sheet.answers:
        return "Answer some of the questions first, then save the answers."
    going = queries.answering(business.id, found.set.name)
    if going is not None and going.set_id != found.set.id:
        return OTHER_VERSION
    before = queries.latest_finished(business.id, found.set.name)
    has_them = before is not None and before.set_id == found.set.id and before.given == found.sheet.answers
    return ALREADY if has_them else None


def standing_in(business: Business, found: Opened) -> ReadinessCheck | None:
    """The assessment of a business that is why its record cannot take answers: the one that is begun, or the one with them."""
    return queries.answering(business.id, found.set.name) or queries.latest_finished(
        business.id, found.set.name
    )


def _begun(business: Business, found: Opened, *, by: Actor) -> ReadinessCheck:
    told = {"answered_by": AnsweredBy.BUSINESS, "circumstances": scored_with(business, found).stored()}
    fields = {"business_id": business.id, "set_id": found.set.id, "set_name": found.set.name} | told
    made = ReadinessCheck(**fields, begun_at=now(), begun_by_id=by.account_id, _status=READINESS.start)
    session().add(made)
    session().flush()
    audit.record(Act.BRING_READINESS, made, created(**fields), by=by)
    whole = queries.assessment(made.id)
    assert whole is not None
    return whole


def scored_with(business: Business, found: Opened) -> Circumstances:
    """What answers are weighed by once they are in a record: its own sectors, where it has any, and what else was told with them."""
    known = frozenset(business.dcms_groups)
    return replace(found.of, groups=known) if known else found.of


def _new_answers(check: ReadinessCheck, found: Opened) -> Mapping[str, str]:
    """The answers that the record lacks, to questions that it asks."""
    there = queries.answers_now(check)
    asked = {each.key for each in found.asked.for_circumstances(asked_of(check)[1])}
    return {key: value for key, value in found.sheet.answers.items() if key in asked and key not in there}


def _is_complete(check: ReadinessCheck) -> bool:
    return result_of(check).is_complete
