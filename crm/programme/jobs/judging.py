"""The demonstration's round that is being assessed: assessments in every state, scores far apart, a query, a ranking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from crm.accounts.queries import account_of, standing_in_for
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.kernel.clock import earlier, now
from crm.kernel.companies import CompanyNumber
from crm.kernel.eligibility import Facts
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application
from crm.programme.applications.queries import applications, querying
from crm.programme.applications.service import filling, starting, submitting
from crm.programme.applications.service import querying as asking
from crm.programme.applications.service.querying import QueryDetails
from crm.programme.assessing.models import Assessment
from crm.programme.assessing.queries import assessments as assessing
from crm.programme.assessing.service import allocating, moderating, paneling, scoring
from crm.programme.assessing.service.moderating import Settled
from crm.programme.assessing.service.paneling import InterestDetails, PanelDetails
from crm.programme.assessing.service.scoring import Given, Judgement
from crm.programme.assessing.workflow import DeclineReason
from crm.programme.jobs.casting import assessor_of, owner_of
from crm.programme.jobs.inventing import invented_answers
from crm.programme.rounds import queries
from crm.programme.rounds.models import Round

ASSESSORS = {
    "assessor@demo.example": ("film_tv_radio_photo", "it_software"),
    "assessor.two@demo.example": ("design_fashion", "crafts"),
    "assessor.three@demo.example": ("music_performing_visual", "publishing"),
}
LAST = 5
WHY = (
    "Invented: the answers say what will be done and by when, name who does it, give figures that agree with each "
    "other, and show that somebody has asked buyers before."
)


def judge_all(found: Round, business_ids: Sequence[UUID], *, by: Actor) -> int:
    """Applications that are submitted, spread over three assessors, and judged so far that every state is seen."""
    with earlier(timedelta(days=4)):
        made = [_handed_in(found, each, place, by=by) for place, each in enumerate(business_ids)]
    moment = now()
    found = _round(found.id)
    found.deadline_at, found.assess_from = moment - timedelta(days=3), moment - timedelta(days=2)
    session().flush()
    people = [each for email in ASSESSORS if (each := account_of(email))]
    for each in people:
        paneling.add_assessor(_round(found.id), PanelDetails(each.id, ASSESSORS[each.email], 12), by=by)
    allocating.spread_out(_round(found.id), by=by)
    for place, application_id in enumerate(made):
        _judge(application_id, place, by=by)
    _ask_two(made, by=by)
    _declare(made[3])
    return len(made)


def _round(round_id: UUID) -> Round:
    session().flush()
    session().expire_all()
    found = queries.round_(round_id)
    assert found is not None
    return found


def _whole(application_id: UUID) -> Application:
    session().flush()
    session().expire_all()
    found = applications.application(application_id)
    assert found is not None
    return found


def _handed_in(found: Round, business_id: UUID, place: int, *, by: Actor) -> UUID:
    owner = business(business_id)
    assert owner is not None
    who = owner_of(business_id, by=by, is_told=place != LAST)
    made = _whole(starting.start(_round(found.id), owner, facts=Facts(), by=who).id)
    answers = invented_answers(made.round, made.business.name, pounds=15_000 + 2_500 * place)
    for section in made.round.sections:
        filling.save(made, filling.Saved(section, answers[section.title], 0, is_finished=True), by=who)
    submitting.submit(made, declared_by=who.name, by=who)
    return made.id


def _judge(application_id: UUID, place: int, *, by: Actor) -> None:
    """By its place: closed, with a moderated score, too far apart, half in, declined, taken back, not begun."""
    rows = assessing.of_application(application_id)
    given = ((5, 4), (5, 2), (4, 1), (3,))[place] if place < 4 else ()
    for each, points in zip(rows, given, strict=False):
        _score(each.id, points)
    if place == 1:
        _moderate_all(application_id, by=by)
    if place in (0, 1):
        moderating.finalise(_whole(application_id), by=by)
    if place == LAST:
        scoring.accept(_assessment(rows[-1].id), by=assessor_of(_assessment(rows[-1].id)))
    if place == 4:
        found = _assessment(rows[0].id)
        scoring.decline(found, DeclineReason.CAPACITY, words="Invented: a busy month", by=assessor_of(found))
        allocating.take_back(_assessment(rows[1].id), by=by)


def _assessment(assessment_id: UUID) -> Assessment:
    session().flush()
    session().expire_all()
    found = assessing.assessment(assessment_id)
    assert found is not None
    return found


def _score(assessment_id: UUID, points: int) -> None:
    found = _assessment(assessment_id)
    scoring.accept(found, by=assessor_of(found))
    found = _assessment(assessment_id)
    scores = {
        (str(each.id), part): Given(points, WHY) for each in found.round.criteria for part in each.parts
    }
    scoring.save(
        found, Judgement(scores, "Invented: a clear application.", found.version), by=assessor_of(found)
    )
    scoring.hand_in(_assessment(assessment_id), by=assessor_of(found))


def _moderate_all(application_id: UUID, *, by: Actor) -> None:
    for criterion in _whole(application_id).round.criteria:
        for part in criterion.parts:
            found = _whole(application_id)
            same = next(each for each in found.round.criteria if each.id == criterion.id)
            moderating.moderate(found, Settled(same, part, 4, "Invented: both spoke, and agree."), by=by)


def _ask_two(made: Sequence[UUID], *, by: Actor) -> None:
    """One query is open, one is answered, one rests."""
    asked = []
    for application_id in made[2:5]:
        found = _whole(application_id)
        about = tuple(each.id for each in found.round.questions if each.is_sum_asked)
        details = QueryDetails("Invented: how did you reach this sum?", about, now() + timedelta(days=7))
        asked.append(asking.ask(found, details, by=by).id)
    session().flush()
    session().expire_all()
    answered, rested = querying.query(asked[1]), querying.query(asked[2])
    assert answered is not None
    assert rested is not None
    before = {str(each.question_id): each.before for each in answered.questions}
    who = standing_in_for(answered.application.business_id, otherwise=by)
    asking.answer(answered, before, reply="Invented: from two quotes.", by=who)
    asking.close(rested, by=by)


def _declare(application_id: UUID) -> None:
    """Whoever has not begun this one yet finds that they have an interest in it."""
    number = _whole(application_id).business.company_number
    waiting = [
        each.assessor_id for each in assessing.of_application(application_id) if each.status == "allocated"
    ]
    if number and waiting:
        details = InterestDetails(CompanyNumber(number), None, "Invented: I worked there until last year.")
        paneling.declare(details, by=Actor(account_id=waiting[0], name="Invented", is_system=True))
