"""Beginning a round from an earlier one: its questions, checks and criteria, under a new name and later moments."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from crm.audit import service as audit
from crm.db.session import session
from crm.kernel.clock import days_later, now, to_local
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor
from crm.programme.rounds import queries
from crm.programme.rounds.models import Criterion, Round, RoundCheck, RoundQuestion, RoundSection
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.workflow import ROUNDS, Act

OWN = frozenset(
    {"id", "name", "status", "prepared_at", "prepared_by_id", "published_at", "criteria_opened_at", "version"}
)
MOMENTS = ("opens_at", "deadline_at", "assess_from", "assess_until")


def copy(found: Round, name: str, *, by: Actor) -> Round:
    """Begin a new round from another, later by as many whole days as it takes to lie ahead. Nobody outside sees it."""
    POLICY.require(by, Act.COPY, found)
    if queries.round_named(name) is not None:
        raise Invalid("There is a round with this name already", field="name")
    fields = _fields_of(found, but=OWN) | _later(found, at=now())
    made = Round(**fields, name=name, prepared_at=now(), prepared_by_id=by.account_id, _status=ROUNDS.start)
    session().add(made)
    session().flush()
    _copy_parts(found, made)
    audit.record(Act.COPY, made, {"name": (None, name), "of": (None, found.name)}, by=by)
    return made


def _fields_of(row: Any, *, but: frozenset[str]) -> dict[str, Any]:
    names = [column.key for column in row.__table__.columns if column.key not in but]
    return {name: getattr(row, name) for name in names}


def _later(found: Round, *, at: datetime) -> dict[str, datetime]:
    days = max(0, (to_local(at) - to_local(found.opens_at)).days + 1)
    return {name: days_later(getattr(found, name), days) for name in MOMENTS}


def _copy_parts(found: Round, made: Round) -> None:
    ids = {each.id: uuid4() for each in found.sections} | {each.id: uuid4() for each in found.questions}
    for section in found.sections:
        _add(RoundSection, section, id=ids[section.id], round_id=made.id)
    session().flush()
    for question in _after_what_they_hang_on(found.questions):
        own = {"id": ids[question.id], "section_id": ids[question.section_id]}
        _add(RoundQuestion, question, **own, asked_if_id=ids.get(question.asked_if_id or question.id))
        session().flush()
    for check in found.checks:
        other = ids[check.right_id] if check.right_id else None
        _add(RoundCheck, check, id=uuid4(), round_id=made.id, left_id=ids[check.left_id], right_id=other)
    for criterion in found.criteria:
        _add(Criterion, criterion, id=uuid4(), round_id=made.id)


def _after_what_they_hang_on(questions: list[RoundQuestion]) -> list[RoundQuestion]:
    """The questions so that each comes after the one that it hangs on, as the database wants them."""
    done: dict[UUID, RoundQuestion] = {}
    waiting = list(questions)
    while waiting:
        ready = [each for each in waiting if each.asked_if_id is None or each.asked_if_id in done]
        done |= {each.id: each for each in ready}
        waiting = [each for each in waiting if each.id not in done]
    return list(done.values())


def _add(kind: Any, row: Any, **instead: Any) -> None:
    fields = _fields_of(row, but=frozenset({"version"})) | instead
    if kind is RoundQuestion and row.asked_if_id is None:
        fields["asked_if_id"] = None
    session().add(kind(**fields))
