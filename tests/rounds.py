"""Rounds and applications made as a test needs them, as `tests.factories` makes the rest."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.kernel.roles import Role
from crm.programme.applications.models import (
    ApplicantQuery,
    Application,
    ApplicationFile,
    Clearance,
    QueriedQuestion,
    SectionAnswers,
)
from crm.programme.applications.queries import applications
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Assessment, Interest, Moderation, RoundAssessor, Score
from crm.programme.assessing.queries import assessments as assessing
from crm.programme.assessing.rules.scoring import Tally
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.rounds import queries as rounds
from crm.programme.rounds.models import Criterion, Round, RoundCheck, RoundQuestion, RoundSection
from crm.programme.rounds.workflow import Comparison, QuestionKind, RoundStatus
from tests import factories
from tests.positions import next_position

_number = count(1)
DAY = timedelta(days=1)


def bare_round(status: RoundStatus = RoundStatus.PUBLISHED, **fields: Any) -> Round:
    """Open since yesterday and for a month, without questions."""
    moment = now()
    given = {"name": f"Made round {next(_number):03}", "about": "Made", "least_words": 3}
    given |= {"opens_at": moment - DAY, "deadline_at": moment + 30 * DAY, "declaration": "It is true"}
    given |= fields
    given.setdefault("assess_from", given["deadline_at"])
    given.setdefault("assess_until", given["assess_from"] + 30 * DAY)
    given.setdefault("published_at", moment if status is RoundStatus.PUBLISHED else None)
    made: Round = factories.kept(Round(**given, prepared_at=moment, _status=status))
    return made


def section(owner: Round, **fields: Any) -> RoundSection:
    number = next(_number)
    given = {"title": f"Made section {number:03}", "position": next_position(owner.id)} | fields
    made: RoundSection = factories.kept(RoundSection(round_id=owner.id, **given))
    return made


def question(owner: RoundSection, kind: QuestionKind = QuestionKind.TEXT, **fields: Any) -> RoundQuestion:
    number = next(_number)
    given = {
        "label": f"Made question {number:03}",
        "position": next_position(owner.id),
        "kind": kind,
    } | fields
    if kind is QuestionKind.LONG_TEXT:
        given.setdefault("most_words", 100)
    if kind is QuestionKind.CHOICE:
        given.setdefault("choices", ("One", "Other"))
    made: RoundQuestion = factories.kept(RoundQuestion(section_id=owner.id, **given))
    return made


def criterion(owner: Round, **fields: Any) -> Criterion:
    number = next(_number)
    given = {
        "title": f"Made criterion {number:03}",
        "position": next_position(owner.id),
        "weight": 10_000,
    } | fields
    made: Criterion = factories.kept(
        Criterion(round_id=owner.id, **{"parts": ("Made part",), "highest": 5} | given)
    )
    return made


def check(left: RoundQuestion, right: RoundQuestion | None, **fields: Any) -> RoundCheck:
    """That one sum is at most half of another, or at most £1,000."""
    owner = session().get_one(RoundSection, left.section_id)
    place = next_position(owner.round_id)
    given = {"comparison": Comparison.AT_MOST, "position": place, "words": "Ask for less"}
    given |= (
        {"percent": 5_000, "right_id": right.id} if right else {"percent": 10_000, "fixed": Money(100_000)}
    )
    made: RoundCheck = factories.kept(RoundCheck(round_id=owner.round_id, left_id=left.id, **given | fields))
    return made


def whole(found: Round) -> Round:
    """A round with everything that belongs to it, read again."""
    session().flush()
    session().expire_all()
    again = rounds.round_(found.id)
    assert again is not None
    return again


def round_(status: RoundStatus = RoundStatus.PUBLISHED, **fields: Any) -> Round:
    """A round with two sections, the sum asked for at most half of the cost, a file that may be left out, a criterion."""
    made = bare_round(status, **fields)
    first, second = section(made, title="You"), section(made, title="Money")
    question(first, label="What will you do?")
    question(first, QuestionKind.FILE, label="A picture", is_needed=False)
    cost = question(second, QuestionKind.MONEY, label="Cost")
    sum_ = question(second, QuestionKind.MONEY, label="Sum", is_sum_asked=True)
    check(sum_, cost)
    criterion(made)
    return whole(made)


def application(owner: Business, found: Round | None = None, **fields: Any) -> Application:
    """Begun an hour ago to a round of its own, unless one is given."""
    number = next(_number)
    given = {"reference": f"S-M{number:05}", "begun_at": now() - timedelta(hours=1), "readings": []} | fields
    status = given.pop("status", ApplicationStatus.DRAFT)
    if status in (ApplicationStatus.SUBMITTED, ApplicationStatus.RULED_OUT):
        given = {"submitted_at": now(), "declared_by": "Made Owner", "asked_for": Money(5_000_00)} | given
    if status is ApplicationStatus.RULED_OUT:
        given = {"ineligible_reason": "Made"} | given
    if status is ApplicationStatus.ASSESSED:
        given = {"submitted_at": now(), "assessed_at": now(), "asked_for": Money(5_000_00)} | given
    if status is ApplicationStatus.WITHDRAWN:
        given = {"withdrawn_at": now()} | given
    owned = found or round_()
    made: Application = factories.kept(
        Application(round_id=owned.id, business_id=owner.id, _status=status, **given)
    )
    return made


def whole_application(found: Application) -> Application:
    """An application with everything that belongs to it, read again."""
    session().flush()
    session().expire_all()
    again = applications.application(found.id)
    assert again is not None
    return again


def clearance(owner: Application, **fields: Any) -> Clearance:
    made: Clearance = factories.kept(Clearance(application_id=owner.id, asked_at=now(), **fields))
    return made


def answers(owner: Application, section_id: UUID, given: dict[str, Any], **fields: Any) -> SectionAnswers:
    """The first version, finished, unless told otherwise."""
    kept = {"version": 1, "is_finished": True, "saved_at": now()} | fields
    made: SectionAnswers = factories.kept(
        SectionAnswers(application_id=owner.id, section_id=section_id, answers=given, **kept)
    )
    return made


def filled_in(owner: Application) -> Application:
    """With both sections of `round_` answered: £20,000 of £80,000."""
    found = whole_application(owner)
    first, second = found.round.sections
    labels = {each.label: str(each.id) for each in found.round.questions}
    answers(found, first.id, {labels["What will you do?"]: "Made words"})
    answers(found, second.id, {labels["Cost"]: 8_000_000, labels["Sum"]: 2_000_000})
    return whole_application(found)


def file(owner: Application) -> ApplicationFile:
    """A file that answers the question for one."""
    found = whole_application(owner)
    asked = next(each for each in found.round.questions if each.kind is QuestionKind.FILE)
    document = factories.document("application", found.id)
    made: ApplicationFile = factories.kept(
        ApplicationFile(application_id=found.id, question_id=asked.id, document_id=document.id)
    )
    return made


def on_panel(owner: Round, account: Account | None = None, **fields: Any) -> RoundAssessor:
    """An assessor of a round, of their own unless one is given."""
    who = account or factories.account()
    if account is None:
        factories.grant(who, Role.ASSESSOR)
    given = {"most": 20} | fields
    made: RoundAssessor = factories.kept(RoundAssessor(round_id=owner.id, account_id=who.id, **given))
    return made


def assessment(owner: Application, account: Account | None = None, **fields: Any) -> Assessment:
    """Given to somebody and taken on, unless another status is named."""
    who = account or on_panel(session().get_one(Round, owner.round_id)).account_id
    status = fields.pop("status", AssessmentStatus.ACCEPTED)
    given = {"allocated_at": now()} | fields
    if status is AssessmentStatus.SUBMITTED:
        given = {"submitted_at": now()} | given
    made: Assessment = factories.kept(
        Assessment(
            application_id=owner.id,
            assessor_id=who if isinstance(who, UUID) else who.id,
            _status=status,
            **given,
        )
    )
    return made


def score(owner: Assessment, judged_by: Criterion, value: int, **fields: Any) -> Score:
    """For the first part of a criterion."""
    given = {"part": judged_by.parts[0], "rationale": "Made words enough"} | fields
    made: Score = factories.kept(
        Score(assessment_id=owner.id, criterion_id=judged_by.id, value=value, **given)
    )
    return made


def scored(owner: Application, *values: int) -> list[Assessment]:
    """One assessment that is handed in for each value, of all parts of all criteria."""
    found = whole_application(owner)
    criteria = [(each.id, each.parts) for each in found.round.criteria]
    made = [assessment(owner, status=AssessmentStatus.SUBMITTED) for _ in values]
    for each, value in zip(made, values, strict=True):
        for criterion_id, parts in criteria:
            for part in parts:
                factories.kept(
                    Score(
                        assessment_id=each.id,
                        criterion_id=criterion_id,
                        part=part,
                        value=value,
                        rationale="Made words enough",
                    )
                )
    return made


def whole_assessment(found: Assessment) -> Assessment:
    """An assessment with everything that belongs to it, read again."""
    session().flush()
    session().expire_all()
    again = assessing.assessment(found.id)
    assert again is not None
    return again


def interest(account_id: UUID, **fields: Any) -> Interest:
    given = {"company_number": "01234567", "words": "Made", "declared_at": now()} | fields
    made: Interest = factories.kept(Interest(account_id=account_id, **given))
    return made


def moderation(owner: Application, judged_by: Criterion, value: int = 3) -> Moderation:
    """Made on the scores that there are."""
    part = judged_by.parts[0]
    values = [
        score.value
        for each in assessing.of_application(owner.id)
        for score in each.scores
        if each.status is AssessmentStatus.SUBMITTED
        and (score.criterion_id, score.part) == (judged_by.id, part)
    ]
    judged = Tally.of(values).code if values else ""
    given = {"part": part, "reason": "Made", "moderated_at": now(), "judged": judged}
    made: Moderation = factories.kept(
        Moderation(application_id=owner.id, criterion_id=judged_by.id, value=value, **given)
    )
    return made


def query(owner: Application, **fields: Any) -> ApplicantQuery:
    """A query about the first question."""
    found = whole_application(owner)
    asked = found.round.questions[0].id
    given = {"words": "Made", "asked_at": now(), "due_at": now() + timedelta(days=5)} | fields
    made: ApplicantQuery = factories.kept(ApplicantQuery(application_id=found.id, **given))
    factories.kept(QueriedQuestion(query_id=made.id, question_id=asked, before="Before", after=None))
    return made


def given(application_id: UUID, account_id: UUID | None) -> Assessment:
    """What somebody was given to assess."""
    return next(
        each
        for each in assessing.given_of([application_id])[application_id]
        if each.assessor_id == account_id
    )
