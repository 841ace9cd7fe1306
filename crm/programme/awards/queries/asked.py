"""What an application says that an offer starts from."""

from __future__ import annotations

from sqlalchemy import select

from crm.db.session import session
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import latest_by_question
from crm.programme.awards.rules.offering import first_words
from crm.programme.cohort.queries.candidates import CODES
from crm.programme.rounds.models import RoundQuestion, RoundSection
from crm.programme.rounds.workflow import QuestionKind


def purpose_of(found: Application) -> str:
    """What the business wrote that it will do: the first long answer of the section that asks for its strand.

    Where the round asks for no strand it is empty: another long answer may be about anything.
    """
    query = select(RoundQuestion).join(RoundSection, RoundSection.id == RoundQuestion.section_id)
    query = query.where(RoundSection.round_id == found.round_id)
    rows = session().scalars(query.order_by(RoundSection.position, RoundQuestion.position)).all()
    asks = next((each.section_id for each in rows if each.choices and set(each.choices) <= set(CODES)), None)
    long = [each for each in rows if each.section_id == asks and each.kind is QuestionKind.LONG_TEXT]
    said = latest_by_question(found.id).get(str(long[0].id)) if long else None
    return first_words(str(said or ""))
