"""Composing a round: its sections, questions and criteria, as long as it is being prepared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from crm.db.changes import Changes, amend
from crm.db.session import session
from crm.db.states import require_as_shown
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.programme.rounds import queries
from crm.programme.rounds.models import Criterion, Round, RoundQuestion, RoundSection
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.rules.asking import FITS
from crm.programme.rounds.rules.composing import repeated, same_as
from crm.programme.rounds.rules.labels import MOST_CHOICES, MOST_PARTS
from crm.programme.rounds.rules.weights import WHOLE
from crm.programme.rounds.service.placing import AMONG, close_up, make_room
from crm.programme.rounds.service.preparing import require_criteria_open, require_draft, touch
from crm.programme.rounds.workflow import Act, QuestionKind

ANSWERS = {QuestionKind.YES_NO: ("yes", "no")}
"""What a question can be answered with, beside choices of its own: only such a question can decide about another."""


@dataclass(frozen=True)
class SectionDetails:
    """A page of questions."""

    position: int
    title: str
    hint: str = ""


@dataclass(frozen=True)
class QuestionDetails:
    """One question. ``asked_if`` is the answer to another on which it is asked."""

    position: int
    label: str
    kind: QuestionKind
    hint: str = ""
    is_needed: bool = True
    most_words: int | None = None
    choices: tuple[str, ...] = ()
    asked_if_id: UUID | None = None
    asked_if: str = ""
    known_as: str = ""
    is_sum_asked: bool = False
    is_capital_asked: bool = False
    is_ahead: bool = False


@dataclass(frozen=True)
class CriterionDetails:
    """One criterion. ``weight`` is in hundredths of a per cent, ``least`` in hundredths of a point."""

    position: int
    title: str
    weight: int
    parts: tuple[str, ...]
    highest: int = 5
    least: int | None = None
    anchors: str = ""
    reads: list[str] = field(default_factory=list)


def _require(found: Round, *, by: Actor) -> None:
    POLICY.require(by, Act.CHANGE, found)
    require_draft(found)


def _require_open(found: Round, *, by: Actor) -> None:
    POLICY.require(by, Act.CHANGE, found)
    require_criteria_open(found)


def _change(found: Round, thing: Any, details: Any, *, version: int | None, by: Actor) -> None:
    require_as_shown(thing, version)
    owner_id = getattr(thing, AMONG[type(thing)])
    place, is_moved = make_room(type(thing), owner_id, at=details.position, of=thing.id)
    changes = amend(thing, **vars(replace(details, position=place)))
    if changes or is_moved:
        touch(found, _part_of(thing) | changes, by=by)


def _placed(kind: type[Any], owner_id: UUID, details: Any) -> dict[str, Any]:
    place, _ = make_room(kind, owner_id, at=details.position)
    return {**vars(details), "position": place}


def _part_of(thing: Any) -> Changes:
    """Which part of the round a change is about, as the log names it: there before, and there now."""
    name = thing.label if isinstance(thing, RoundQuestion) else thing.title
    return {thing.__tablename__.removeprefix("round_"): (name, name)}


def _require_own_name(name: str, others: Iterable[str], *, field: str) -> None:
    """Refuse a name that reads like another: lists and faults tell parts of a round apart by their names."""
    other = same_as(name, others)
    if other is not None:
        raise Invalid(f"This round already has “{other}”. Choose other words", field=field)


def add_section(found: Round, details: SectionDetails, *, by: Actor) -> RoundSection:
    """Add a section."""
    _require(found, by=by)
    _require_own_name(details.title, (each.title for each in found.sections), field="title")
    made = RoundSection(round_id=found.id, **_placed(RoundSection, found.id, details))
    session().add(made)
    touch(found, {"section": (None, details.title)}, by=by)
    return made


def change_section(section: RoundSection, details: SectionDetails, *, version: int | None, by: Actor) -> None:
    """Change a section."""
    _require(section.round, by=by)
    others = (each.title for each in section.round.sections if each.id != section.id)
    _require_own_name(details.title, others, field="title")
    _change(section.round, section, details, version=version, by=by)


def remove_section(section: RoundSection, *, version: int | None = None, by: Actor) -> None:
    """Remove a section without questions."""
    _require(section.round, by=by)
    require_as_shown(section, version)
    if section.questions:
        raise Conflict("This section still has questions. Remove them first.")
    session().delete(section)
    close_up(RoundSection, section.round_id, without=section.id)
    touch(section.round, {"section": (section.title, None)}, by=by)


def add_question(section: RoundSection, details: QuestionDetails, *, by: Actor) -> RoundQuestion:
    """Add a question to a section."""
    _require(section.round, by=by)
    _require_sound(section.round, details, kept=None)
    made = RoundQuestion(section_id=section.id, **_placed(RoundQuestion, section.id, details))
    session().add(made)
    touch(section.round, {"question": (None, details.label)}, by=by)
    return made


def change_question(
    question: RoundQuestion, details: QuestionDetails, *, version: int | None, by: Actor
) -> None:
    """Change a question. One on whose answers another depends keeps what it can be answered with."""
    found = question.section.round
    _require(found, by=by)
    _require_sound(found, details, kept=question)
    was, is_ = (question.kind, question.choices), (details.kind, details.choices)
    if was != is_:
        _require_free(found, question)
    _change(found, question, details, version=version, by=by)


def _require_free(found: Round, question: RoundQuestion) -> None:
    if queries.depends_on(question.id):
        raise Invalid(
            "Another question depends on the answer to this one. Change that question first", field="kind"
        )
    if any(question.id in (each.left_id, each.right_id) for each in found.checks):
        raise Invalid("A check compares the answer to this question. Remove that check first", field="kind")


def remove_question(question: RoundQuestion, *, version: int | None = None, by: Actor) -> None:
    """Remove a question, unless another depends on it."""
    found = question.section.round
    _require(found, by=by)
    require_as_shown(question, version)
    if queries.depends_on(question.id):
        raise Conflict("Another question depends on the answer to this one. Change that question first.")
    if any(question.id in (each.left_id, each.right_id) for each in found.checks):
        raise Conflict("A check compares the answer to this question. Remove that check first.")
    session().delete(question)
    close_up(RoundQuestion, question.section_id, without=question.id)
    touch(found, {"question": (question.label, None)}, by=by)


def _require_sound(found: Round, details: QuestionDetails, *, kept: RoundQuestion | None) -> None:
    others = [each for each in found.questions if each is not kept]
    _require_own_name(details.label, (each.label for each in others), field="label")
    _require_answerable(details)
    if details.is_sum_asked:
        _require_only_sum(details, others)
    if details.is_capital_asked:
        _require_only_capital(details, others)
    _require_dependence(details, {each.id: each for each in others}, kept=kept)


def _require_answerable(details: QuestionDetails) -> None:
    """What a question can be answered with: several choices that differ, so many words, what was told in its own kind."""
    if details.kind is QuestionKind.CHOICE and not 2 <= len(details.choices) <= MOST_CHOICES:
        raise Invalid(f"Give from 2 to {MOST_CHOICES} choices, one on each line", field="choices")
    for each in repeated(details.choices, str):
        raise Invalid(
            f"“{each}” is there twice. Each choice must differ in more than capitals", field="choices"
        )
    if details.kind is QuestionKind.LONG_TEXT and details.most_words is None:
        raise Invalid("Enter how many words there can be", field="most_words")
    if details.is_ahead and details.kind is not QuestionKind.DATE:
        raise Invalid("Only a day can have to be today or later", field="is_ahead")
    if details.known_as and details.kind not in FITS.get(details.known_as, FITS[""]):
        raise Invalid("What the business told us does not fit this kind of answer", field="known_as")


def _require_dependence(
    details: QuestionDetails, others: dict[UUID, RoundQuestion], *, kept: RoundQuestion | None
) -> None:
    if details.asked_if_id is None:
        return
    other = others.get(details.asked_if_id)
    if other is None or details.asked_if not in answers_to(other):
        raise Invalid("Choose a question of this round, and one of its answers", field="asked_if")
    if kept is not None and _leads_to(other, kept.id, others):
        raise Invalid("That question itself depends on the answer to this one", field="asked_if")


def _require_only_sum(details: QuestionDetails, others: list[RoundQuestion]) -> None:
    """One question asks for the amount applied for, and every applicant answers it: rankings and awards rest on it."""
    if details.kind is not QuestionKind.MONEY:
        raise Invalid("The amount applied for must be a sum of money", field="is_sum_asked")
    if any(each.is_sum_asked for each in others):
        raise Invalid("Another question already asks for the amount applied for", field="is_sum_asked")
    if not details.is_needed or details.asked_if_id is not None:
        raise Invalid("Every applicant must be asked for the amount applied for", field="is_sum_asked")


def _require_only_capital(details: QuestionDetails, others: list[RoundQuestion]) -> None:
    """One question asks how much of the amount is for capital, and every applicant answers it, with £0 where nothing is."""
    if details.kind is not QuestionKind.MONEY:
        raise Invalid("The part for capital must be a sum of money", field="is_capital_asked")
    if details.is_sum_asked:
        raise Invalid("The amount and its part for capital are two questions", field="is_capital_asked")
    if any(each.is_capital_asked for each in others):
        raise Invalid("Another question already asks for the part for capital", field="is_capital_asked")
    if not details.is_needed or details.asked_if_id is not None:
        raise Invalid("Every applicant must be asked for the part for capital", field="is_capital_asked")


def answers_to(question: RoundQuestion) -> tuple[str, ...]:
    """What a question can be answered with, where that is a list."""
    return question.choices or ANSWERS.get(question.kind, ())


def _leads_to(question: RoundQuestion, target: UUID, others: dict[UUID, RoundQuestion]) -> bool:
    """Whether a question is asked, at one remove or more, only for an answer to the target."""
    seen: set[UUID] = set()
    current: RoundQuestion | None = question
    while current is not None and current.asked_if_id is not None and current.id not in seen:
        if current.asked_if_id == target:
            return True
        seen.add(current.id)
        current = others.get(current.asked_if_id)
    return False


def add_criterion(found: Round, details: CriterionDetails, *, by: Actor) -> Criterion:
    """Add a criterion. Weights make a whole only once the round is published."""
    _require_open(found, by=by)
    _require_own_name(details.title, (each.title for each in found.criteria), field="title")
    _require_parts(details)
    made = Criterion(round_id=found.id, **_placed(Criterion, found.id, details))
    session().add(made)
    touch(found, {"criterion": (None, details.title)}, by=by)
    return made


def change_criterion(
    criterion: Criterion, details: CriterionDetails, *, version: int | None, by: Actor
) -> None:
    """Change a criterion."""
    _require_open(criterion.round, by=by)
    others = (each.title for each in criterion.round.criteria if each.id != criterion.id)
    _require_own_name(details.title, others, field="title")
    _require_parts(details)
    _change(criterion.round, criterion, details, version=version, by=by)


def remove_criterion(criterion: Criterion, *, version: int | None = None, by: Actor) -> None:
    """Remove a criterion."""
    _require_open(criterion.round, by=by)
    require_as_shown(criterion, version)
    session().delete(criterion)
    close_up(Criterion, criterion.round_id, without=criterion.id)
    touch(criterion.round, {"criterion": (criterion.title, None)}, by=by)


def _require_parts(details: CriterionDetails) -> None:
    if not 1 <= len(details.parts) <= MOST_PARTS:
        raise Invalid(f"Give from 1 to {MOST_PARTS} parts, one on each line", field="parts")
    for each in repeated(details.parts, str):
        raise Invalid(f"“{each}” is there twice. Each part must differ in more than capitals", field="parts")
    if not 0 < details.weight <= WHOLE:
        raise Invalid("Enter a weight above 0% and up to 100%", field="weight")
    if details.least is not None and details.least > details.highest * 100:
        raise Invalid(
            "“Lowest average score” must not be more than the highest score of a part", field="least"
        )
