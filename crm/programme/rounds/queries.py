"""Reads of rounds, sections, questions, checks and criteria."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import joinedload, selectinload

from crm.audit.queries import entries_about
from crm.db.session import session
from crm.db.types import in_small_letters
from crm.directory.models import Service
from crm.programme.rounds.models import Criterion, Round, RoundCheck, RoundQuestion, RoundSection
from crm.programme.rounds.workflow import Act, RoundStatus

MOST = 200


WHOLE_ROUND = (
    selectinload(Round.sections).selectinload(RoundSection.questions),
    selectinload(Round.criteria),
    selectinload(Round.checks),
)
ROUND = Round.__table__.c


def _whole() -> Select[Round]:
    return select(Round).options(*WHOLE_ROUND)


def round_(round_id: UUID) -> Round | None:
    """One round with all its questions, checks and criteria."""
    return session().scalar(_whole().where(Round.id == round_id))


def known_round(round_id: UUID) -> Round | None:
    """One round alone: as the page has it already, if it does."""
    return session().get(Round, round_id)


def read_again(found: Round) -> None:
    """Let a round know what belongs to it now."""
    session().flush()
    session().scalar(_whole().where(Round.id == found.id).execution_options(populate_existing=True))


def rounds() -> Sequence[Round]:
    """Every round that was not thrown away, the latest first."""
    query = select(Round).where(ROUND.status != RoundStatus.DISCARDED)
    return session().scalars(query.order_by(ROUND.opens_at.desc(), ROUND.id).limit(MOST)).all()


def drafts() -> Sequence[Round]:
    """The rounds that are not published yet, the next to open first."""
    query = select(Round).where(ROUND.status == RoundStatus.DRAFT)
    return session().scalars(query.order_by(ROUND.opens_at, ROUND.id).limit(MOST)).all()


def public_rounds() -> Sequence[Round]:
    """The rounds that everybody may know of, the next deadline first."""
    query = select(Round).where(ROUND.status == RoundStatus.PUBLISHED, ROUND.is_dry_run.is_(False))
    return session().scalars(query.order_by(ROUND.deadline_at, ROUND.id).limit(MOST)).all()


def public_rounds_of(service_id: str) -> tuple[UUID | None, list[Round]]:
    """The row of the directory in which the programme stands, by its short name, with the rounds that everybody may know of."""
    is_public = and_(ROUND.status == RoundStatus.PUBLISHED, ROUND.is_dry_run.is_(False))
    query = select(Service.id, Round).outerjoin(Round, is_public).where(Service.service_id == service_id)
    rows: Sequence[Any] = session().execute(query.order_by(ROUND.deadline_at, ROUND.id).limit(MOST)).all()
    return next((own for own, _ in rows), None), [found for _, found in rows if found is not None]


def round_names() -> dict[str, str]:
    """The rounds that a role can be held for: their names by id."""
    return {str(each.id): each.name for each in rounds()}


def programme_names() -> dict[str, str]:
    """The programmes that a role can be held for: there is one."""
    return {"scale-up": "The scale-up programme"}


def round_named(name: str) -> Round | None:
    """The round of this name, in whatever capitals and whatever became of it."""
    return session().scalar(select(Round).where(in_small_letters(ROUND.name) == name.lower()).limit(1))


def section(section_id: UUID) -> RoundSection | None:
    """One section with its questions and round."""
    query = select(RoundSection).options(
        joinedload(RoundSection.round).options(*WHOLE_ROUND), selectinload(RoundSection.questions)
    )
    return session().scalar(query.where(RoundSection.id == section_id))


def question(question_id: UUID) -> RoundQuestion | None:
    """One question with its section and round."""
    whole = joinedload(RoundQuestion.section).joinedload(RoundSection.round).options(*WHOLE_ROUND)
    return session().scalar(select(RoundQuestion).options(whole).where(RoundQuestion.id == question_id))


def criterion(criterion_id: UUID) -> Criterion | None:
    """One criterion with its round."""
    query = select(Criterion).options(joinedload(Criterion.round).options(*WHOLE_ROUND))
    return session().scalar(query.where(Criterion.id == criterion_id))


def criteria_of(ids: Collection[UUID]) -> Sequence[Criterion]:
    """Criteria by their ids, superseded or not."""
    return session().scalars(select(Criterion).where(Criterion.id.in_(ids)).order_by(Criterion.id)).all()


@dataclass(frozen=True)
class Change:
    """What each criterion of a published round counted before it was opened again, and after, in words; and why it was."""

    at: datetime
    why: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def is_read(self) -> bool:
        """Whether applicants read anything else since."""
        return self.before != self.after


def changes_of_criteria(found: Round) -> list[Change]:
    """Each time that the criteria of a round were opened again, the newest first."""
    query = select(Criterion).where(Criterion.round_id == found.id, Criterion.superseded_at.is_not(None))
    groups: dict[datetime, tuple[str, ...]] = {}
    for each in session().scalars(query.order_by(Criterion.superseded_at.desc(), Criterion.position)):
        if each.superseded_at is not None:
            groups[each.superseded_at] = (*groups.get(each.superseded_at, ()), each.in_words)
    said = entries_about(found, act=Act.OPEN_CRITERIA, limit=len(groups)) if groups else ()
    reasons = [each.values.changes["why"][1] if each.values else "" for each in said]
    after = (tuple(each.in_words for each in found.criteria), *groups.values())
    return [Change(*each) for each in zip(groups, reasons, groups.values(), after, strict=False)]


def check(check_id: UUID) -> RoundCheck | None:
    """One check with its round."""
    query = select(RoundCheck).options(joinedload(RoundCheck.round).options(*WHOLE_ROUND))
    return session().scalar(query.where(RoundCheck.id == check_id))


def depends_on(question_id: UUID) -> bool:
    """Whether another question is asked only for an answer to this one."""
    query = select(RoundQuestion.id).where(RoundQuestion.asked_if_id == question_id).limit(1)
    return session().scalar(query) is not None
