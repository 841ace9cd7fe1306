"""Beginning a readiness assessment, saving its answers, and finishing it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, update

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, require_as_previewed, require_as_shown
from crm.diagnostics.models import ReadinessAnswer, ReadinessCheck
from crm.diagnostics.policy import POLICY
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.queries.results import asked_of
from crm.diagnostics.rules.readiness import (
    BOTH,
    SELLS,
    Asked,
    Circumstances,
    Question,
    answer_in_words,
    checked,
)
from crm.diagnostics.rules.scoring import Score, score, tenths
from crm.diagnostics.workflow import READINESS, Act, AnsweredBy, ReadinessStatus
from crm.kernel.clock import now
from crm.kernel.errors import BadInput, Conflict, Invalid
from crm.kernel.marks import mark_of
from crm.kernel.permissions import Actor

FINISHED = "This assessment is finished, so its answers cannot change. Start a new one instead."
Seen = Mapping[str, tuple[int, str]]
"""What the page showed of each question: the version of its answer (0 where there was none), and the answer."""


@dataclass(frozen=True)
class BeginDetails:
    """Who answers, what the set asks about the business beforehand, and whether it begins with the last answers."""

    answered_by: AnsweredBy
    is_screen: bool = False
    sells: str = BOTH
    is_from_last: bool = False


class Meanwhile(Conflict):
    """Another person answered the same question after the page was opened."""


def begin(business: Business, name: str, *, details: BeginDetails, by: Actor) -> ReadinessCheck:
    """Begin an assessment under the published version. One that is begun already is gone on with."""
    POLICY.require(by, Act.BEGIN_READINESS, business)
    require_in_use(business)
    found = queries.answering(business.id, name)
    if found is not None:
        return found
    fields = _fields(business, name, details)
    made = ReadinessCheck(**fields, begun_at=now(), begun_by_id=by.account_id, _status=READINESS.start)
    session().add(made)
    session().flush()
    audit.record(Act.BEGIN_READINESS, made, created(**fields), by=by)
    if details.is_from_last:
        _answer_as_last(made, by=by)
    whole = queries.assessment(made.id)
    assert whole is not None
    return whole


def _answer_as_last(made: ReadinessCheck, *, by: Actor) -> None:
    """Begin with the answers of the last result, where the question and the answer are still worded as they were."""
    found, before = queries.assessment(made.id), queries.latest_finished(made.business_id, made.set_name)
    if found is None or before is None:
        return
    (asked, of), (earlier, _) = asked_of(found), asked_of(before)
    told = {key: _worded(earlier, key, value) for key, value in before.given.items()}
    there = (each.key for each in asked.for_circumstances(of) if each.key in told)
    same = [key for key in there if told[key] == _worded(asked, key, before.given[key])]
    answer(found, {key: before.given[key] for key in same}, by=by)


def _worded(asked: Asked, key: str, value: str | None) -> tuple[str, str] | None:
    """A question and an answer to it in words; None where the set has no such question or answer."""
    question = asked.question(key)
    if question is None or not value or not question.offers(value):
        return None
    return question.text, answer_in_words(question, value)


def _fields(business: Business, name: str, details: BeginDetails) -> dict[str, Any]:
    asked = queries.published_set(name)
    if asked is None:
        raise Conflict("This assessment is not being asked at the moment.")
    if details.sells not in SELLS:
        raise Invalid("Choose what the business sells", field="sells")
    of = Circumstances(frozenset(business.dcms_groups), details.is_screen, details.sells)
    told = {"answered_by": details.answered_by, "circumstances": of.stored()}
    return {"business_id": business.id, "set_id": asked.id, "set_name": name} | told


def answer(
    check: ReadinessCheck,
    given: Mapping[str, str | None],
    *,
    seen: Seen | None = None,
    is_told: bool = False,
    by: Actor,
) -> None:
    """Save answers, each by itself; those that stand as they were shown are left alone, whoever changed them since.

    ``is_told`` where somebody without an account gave them, and ``by`` only keeps them.
    Raises `Meanwhile` where another person changed an answer that is changed here; nothing is saved then.
    """
    POLICY.require(by, Act.ANSWER_READINESS, check)
    if queries.hold(check) is ReadinessStatus.FINISHED:
        raise Conflict(FINISHED)
    asked, wanted = _wanted(check, given)
    rows = queries.answers_now(check)
    changed = {key: value for key, value in wanted.items() if _is_changed(key, value, rows, seen)}
    _require_unchanged(asked, changed, rows, seen)
    if changed:
        saved = {key: (rows[key].value if key in rows else None, value) for key, value in changed.items()}
        _save(check, changed, replaced=changed.keys() & rows.keys(), giver=None if is_told else by.account_id)
        audit.record(Act.ANSWER_READINESS, check, _in_words(asked, saved), by=by)


def _in_words(asked: Asked, saved: Mapping[str, tuple[str | None, str | None]]) -> dict[str, Any]:
    """Answers as the audit log keeps them: a later version of the set may word the question in another way."""
    found = {key: asked.question(key) for key in saved}
    return {
        question.text: tuple(answer_in_words(question, value) if value else None for value in saved[key])
        for key, question in found.items()
        if question is not None
    }


def _wanted(check: ReadinessCheck, given: Mapping[str, str | None]) -> tuple[Asked, dict[str, str | None]]:
    """The set, and the answers if each is one that it offers."""
    asked, of = asked_of(check)
    questions = asked.for_circumstances(of)
    try:
        return asked, checked(questions, given)
    except BadInput as error:
        raise Invalid(str(error), field=_first_wrong(questions, given)) from error


def _first_wrong(questions: tuple[Question, ...], given: Mapping[str, str | None]) -> str | None:
    known = {each.key: each for each in questions}
    wrong = [key for key, value in given.items() if key in known and not known[key].offers(value)]
    return wrong[0] if wrong else None


def _is_changed(key: str, value: str | None, rows: Mapping[str, ReadinessAnswer], seen: Seen | None) -> bool:
    """Whether an answer is changed here: from what the page showed, and from what is saved now."""
    shown = (seen or {}).get(key)
    if shown is not None and (shown[1] or None) == value:
        return False
    return (rows[key].chosen if key in rows else None) != value


def _require_unchanged(
    asked: Asked, changed: Mapping[str, str | None], rows: Mapping[str, ReadinessAnswer], seen: Seen | None
) -> None:
    behind = [
        key for key in changed if seen is not None and key in rows and rows[key].version != seen[key][0]
    ]
    if behind:
        told = " ".join(_told(asked, rows[key]) for key in behind)
        raise Meanwhile(
            f"{told} Nothing on this page was saved. What you changed is still here, and every other answer "
            "is as it is saved now. Save again to use your answers.",
            field=behind[0],
        )


def _told(asked: Asked, row: ReadinessAnswer) -> str:
    question = asked.question(row.question)
    assert question is not None
    who = row.by.name if row.by else "Another person"
    words = answer_in_words(question, row.chosen)
    return f"{who} answered “{question.text}” with “{words}” after you opened this page."


def _save(
    check: ReadinessCheck, changed: Mapping[str, str | None], *, replaced: Collection[str], giver: UUID | None
) -> None:
    """Keep the answers of a page, which nobody else changes meanwhile: new ones in one statement, ``replaced`` ones in another."""
    told = {"answered_at": now(), "answered_by_id": giver}
    new = ((key, value) for key, value in changed.items() if key not in replaced)
    session().add_all(
        ReadinessAnswer(check_id=check.id, question=key, value=each, **told) for key, each in new
    )
    session().flush()
    if replaced:
        row, values = ReadinessAnswer, {key: changed[key] for key in replaced}
        again = update(row).where(row.check_id == check.id, row.question.in_(values))
        session().execute(
            again.values(value=case(values, value=row.question), version=row.version + 1, **told)
        )


def why_not_answered(check: ReadinessCheck) -> str | None:
    """Why nothing of an assessment changes any more: it is finished."""
    return FINISHED if check.status is ReadinessStatus.FINISHED else None


def tell_circumstances(
    check: ReadinessCheck, told: Mapping[str, Any], *, version: int | None, by: Actor
) -> None:
    """Put right what was told of the business at the start, by the names of `Circumstances`; the answers stay.

    An answer to a question that is not asked any more is kept and not counted.
    """
    POLICY.require(by, Act.ANSWER_READINESS, check)
    if queries.hold(check) is ReadinessStatus.FINISHED:
        raise Conflict(FINISHED)
    require_as_shown(check, version)
    before = Circumstances.read(check.circumstances)
    after = replace(before, **told)
    if after.sells not in SELLS:
        raise Invalid("Choose what the business sells", field="sells")
    if amend(check, circumstances=after.stored()):
        audit.record(Act.ANSWER_READINESS, check, _told_anew(before, after), by=by)


def _told_anew(before: Circumstances, after: Circumstances) -> dict[str, tuple[str, str]]:
    """What changed, as the audit log keeps it: in words."""
    pairs = zip(before.in_words().values(), after.in_words().values(), strict=True)
    return {name: (was, said) for (name, was), (_, said) in pairs if was != said}


def mark_of_answers(check: ReadinessCheck) -> str:
    """The mark of what is finished: the answers, and what was told of the business at the start."""
    return mark_of(check.circumstances, {key: row.chosen for key, row in queries.answers_now(check).items()})


def finish(
    check: ReadinessCheck, *, seen: str | None = None, at: datetime | None = None, by: Actor
) -> ReadinessCheck:
    """Work out the score and the band. From then on the assessment never changes. ``at`` is when, if not now.

    ``seen`` is the mark of what the page showed: nothing is finished that its reader has not seen.
    """
    POLICY.require(by, Act.FINISH_READINESS, check)
    READINESS.target(Act.FINISH_READINESS, queries.hold(check), thing=check)
    require_as_previewed(seen, mark_of_answers(check))
    asked, of = asked_of(check)
    answers = {key: row.chosen for key, row in queries.answers_now(check).items()}
    found = score(asked, answers, of=of)
    _require_complete(found)
    changes = advance(READINESS, check, Act.FINISH_READINESS)
    changes |= amend(check, **_came_to(found), sector=min(of.groups, default=None))
    changes |= amend(check, finished_at=at or now(), finished_by_id=by.account_id)
    audit.record(Act.FINISH_READINESS, check, {**changes, **_named_result(check, asked, found)}, by=by)
    return check


def _came_to(found: Score) -> dict[str, Any]:
    assert found.overall is not None
    assert found.band is not None
    areas = {key: tenths(each) for key, each in found.areas.items()}
    return {"score": tenths(found.overall), "areas": areas, "band": found.band.key}


def _named_result(check: ReadinessCheck, asked: Asked, found: Score) -> dict[str, Any]:
    """The result as the audit log keeps it: the parts and the band by their names, and the version of the questions."""
    names = {each.key: each.name for each in asked.areas}
    areas = {names[key]: value for key, value in check.areas.items()}
    assert found.band is not None
    return {"set_id": check.set_id, "areas": (None, areas), "band": (None, found.band.name)}


def _require_complete(found: Score) -> None:
    """Refuse while answers are lacking, and say all that is lacking at once."""
    told = []
    if found.missing:
        count = len(found.missing)
        which = "this question" if count == 1 else f"these {count} questions"
        told.append(f"Answer {which} before you finish. You can choose “Not sure yet”.")
    if not found.is_enough or not (found.missing or found.is_complete):
        told.append(
            f"You have answered {found.answered} of {found.asked} questions. "
            f"Answer {found.needed} or more before you finish. “Not sure yet” does not count."
        )
    if told:
        raise Invalid(" ".join(told))
