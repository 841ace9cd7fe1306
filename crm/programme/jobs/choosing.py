"""The demonstration's cohorts: being built with drafts to compare, confirmed, told in part with a waiting list, and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from crm.accounts.queries import account, account_of, actor_of
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.funding.envelopes.jobs import SCALE_UP
from crm.funding.envelopes.models import Envelope
from crm.funding.envelopes.queries.ledger import envelope_named
from crm.funding.envelopes.rules import Line
from crm.gateways.solver import Highs
from crm.kernel.clock import earlier, now
from crm.kernel.eligibility import Facts
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.programme.applications.queries import applications
from crm.programme.applications.service import filling, starting, submitting
from crm.programme.assessing.models import Assessment
from crm.programme.assessing.queries import assessments as assessing
from crm.programme.assessing.service import allocating, moderating, paneling, scoring
from crm.programme.assessing.service.paneling import PanelDetails
from crm.programme.assessing.service.scoring import Given, Judgement
from crm.programme.cohort.models import Cohort, CohortDraft, CohortProposal
from crm.programme.cohort.queries import cohorts, decisions, proposals
from crm.programme.cohort.queries.candidates import candidates
from crm.programme.cohort.rules.choosing import passed_over
from crm.programme.cohort.rules.freezing import frozen_answer, question_of
from crm.programme.cohort.rules.groups import Dimension, Measure
from crm.programme.cohort.rules.proposing import propose
from crm.programme.cohort.service import (
    beginning,
    confirming,
    deciding,
    drafting,
    proposing,
    telling,
    working,
)
from crm.programme.cohort.service.beginning import CohortDetails, TargetDetails
from crm.programme.cohort.service.confirming import Proposing
from crm.programme.cohort.service.drafting import Choice
from crm.programme.cohort.service.proposing import ProposalWanted
from crm.programme.cohort.workflow import ChangeKind, Outcome
from crm.programme.jobs.awarding import award_all, move_money, offer_and_withdraw, run_on, run_out
from crm.programme.jobs.casting import assessor_of, owner_of
from crm.programme.jobs.explaining import explain, say
from crm.programme.jobs.inventing import invented_answers
from crm.programme.jobs.linking import link_applicants
from crm.programme.jobs.reporting import report_all
from crm.programme.jobs.taking_back import let_withdraw, lower_one, take_off
from crm.programme.rounds import queries
from crm.programme.rounds.models import Round

ASSESSORS = ("assessor.two@demo.example", "assessor.three@demo.example")
POINTS = tuple(((one,), (other,)) for one, other in ((5, 5), (5, 4), (4, 4), (4, 3), (3, 3), (2, 2)))
FEW, EARLIEST = 4, slice(2, 5)
"""How many apply for the round whose applicants were told nothing yet, and who applied for the one that is finished."""
NOW, A_QUARTER, LONG_AGO = timedelta(0), timedelta(days=90), timedelta(days=395)
"""How long ago a round was decided whose first award is in its second year, and when one of its awards was withdrawn."""
MORE_THAN_APPLY = ((Dimension.AUTHORITY, "Birmingham", 40),)
"""What no cohort of a round with six applications can meet."""
LAST = len(POINTS) - 1
WHY = "Invented: the answers are clear, the figures agree with each other, and buyers were asked before. "
REASON = "Invented: the panel wants more of the work outside the city."


@dataclass(frozen=True)
class Applicant:
    """A business that applies, for how many pounds, of which so many are capital, and the points that each assessor gives.

    Points are by criterion, over and over. Of one that ``is_told`` is not true of, nobody has an account.
    """

    business_id: UUID
    pounds: int
    points: tuple[tuple[int, ...], ...]
    capital: int | None = None
    is_told: bool = True


def choose_all(rounds: Sequence[Round], *, business_ids: Sequence[UUID], by: Actor) -> int:
    """Rounds whose applications are all assessed, each with its cohort: being built, told in part, told, not told yet, and finished.

    Returns how many applications there are.
    """
    found = envelope_named(SCALE_UP)
    applicants = [
        Applicant(each, 30_000 + 3_000 * place, POINTS[place], is_told=place != LAST)
        for place, each in enumerate(business_ids)
    ]
    made = [begin(each, found, by=by) for each in rounds]
    who = {_confirm: applicants[:FEW], _finish: _ranked_anew(applicants[EARLIEST])}
    for each, cohort_id, way in zip(rounds, made, (_build, _decide, _award, _confirm, _finish), strict=True):
        with earlier(ago := LONG_AGO if way in (_decide, _finish) else NOW):
            assess_all(each.id, who.get(way, applicants), ago=ago, by=by)
        if cohort_id is not None:
            way(cohort_id, by=by)
    return 3 * len(business_ids) + sum(len(each) for each in who.values())


def _ranked_anew(applicants: Sequence[Applicant]) -> list[Applicant]:
    """The same, of whom the first has the most points."""
    return [replace(each, points=POINTS[place]) for place, each in enumerate(applicants)]


def begin(
    found: Round,
    envelope: Envelope | None,
    *,
    line: Line | None = Line.REVENUE,
    is_aimed: bool = True,
    by: Actor,
) -> UUID | None:
    """The cohort of a round, with what it is balanced by: after a round has opened no target can be set."""
    if envelope is None:
        return None
    made = beginning.begin(found, CohortDetails(envelope.id, line), by=by)
    if is_aimed:
        target = TargetDetails(Dimension.AUTHORITY, "Birmingham", Measure.MONEY, 3_000, is_outside=True)
        beginning.set_target(whole_cohort(made.id), target, by=by)
    return made.id


def _round(round_id: UUID) -> Round:
    session().flush()
    session().expire_all()
    found = queries.round_(round_id)
    assert found is not None
    return found


def assess_all(round_id: UUID, applicants: Sequence[Applicant], *, ago: timedelta = NOW, by: Actor) -> None:
    """Every business applies before the deadline, and two assessors judge each, so long ``ago``."""
    moment, found = now(), _round(round_id)
    found.opens_at, found.deadline_at = moment - timedelta(days=40), moment + timedelta(minutes=5)
    found.assess_from, found.assess_until = moment + timedelta(minutes=5), moment + timedelta(days=20)
    with earlier(ago + timedelta(days=10)):
        made = [_apply(round_id, each, by=by) for each in applicants]
    found = _round(round_id)
    found.deadline_at, found.assess_from = moment - timedelta(days=9), moment - timedelta(days=8)
    session().flush()
    for email in ASSESSORS:
        who = account_of(email)
        if who is not None:
            paneling.add_assessor(_round(round_id), PanelDetails(who.id, (), 40), by=by)
    allocating.spread_out(_round(round_id), by=by)
    for application_id, each in zip(made, applicants, strict=True):
        _judge(application_id, each.points, by=by)


def _apply(round_id: UUID, applicant: Applicant, *, by: Actor) -> UUID:
    owner = business(applicant.business_id)
    assert owner is not None
    who = owner_of(applicant.business_id, by=by, is_told=applicant.is_told)
    made = starting.start(_round(round_id), owner, facts=Facts(), by=who).id
    session().flush()
    session().expire_all()
    whole = applications.application(made)
    assert whole is not None
    answers = invented_answers(
        whole.round, whole.business.name, pounds=applicant.pounds, capital=applicant.capital
    )
    for section in whole.round.sections:
        filling.save(whole, filling.Saved(section, answers[section.title], 0, is_finished=True), by=who)
    submitting.submit(whole, declared_by=who.name, by=who)
    return made


def _judge(application_id: UUID, points: Sequence[Sequence[int]], *, by: Actor) -> None:
    ids = [each.id for each in assessing.of_application(application_id)]
    for assessment_id, given in zip(ids, points, strict=False):
        found = _assessment(assessment_id)
        who = assessor_of(found)
        scoring.accept(found, by=who)
        session().flush()
        scores = {
            (str(one.id), part): Given(given[place % len(given)], WHY * 3)
            for place, one in enumerate(found.round.criteria)
            for part in one.parts
        }
        scoring.save(found, Judgement(scores, "Invented: a clear application.", found.version), by=who)
        scoring.hand_in(found, by=who)
    session().flush()
    session().expire_all()
    whole = applications.application(application_id)
    assert whole is not None
    moderating.finalise(whole, by=by)


def _assessment(assessment_id: UUID) -> Assessment:
    session().flush()
    session().expire_all()
    found = assessing.assessment(assessment_id)
    assert found is not None
    return found


def whole_cohort(cohort_id: UUID) -> Cohort:
    """A cohort with everything that belongs to it, read again."""
    session().flush()
    session().expire_all()
    found = cohorts.cohort(cohort_id)
    assert found is not None
    return found


def _draft(cohort_id: UUID, name: str, chosen: Sequence[UUID], *, by: Actor) -> CohortDraft:
    made = drafting.start_draft(whole_cohort(cohort_id), name, by=by)
    for each in chosen:
        found = _whole_draft(made.id)
        drafting.choose(found, Choice(each, reason=_why_over(found, each)), by=by)
    return _whole_draft(made.id)


def _why_over(found: CohortDraft, application_id: UUID) -> str:
    """Why an application is chosen over others, where it is."""
    rows = candidates(found.round)
    one = next(each for each in rows if each.id == application_id)
    return REASON if passed_over(one, rows, chosen={each.application_id for each in found.places}) else ""


def _give_less(found: CohortDraft, application_id: UUID, *, by: Actor) -> None:
    """The award is £3,000 less than is asked for, with why."""
    amount = next(each.amount for each in found.places if each.application_id == application_id)
    why = "Invented: the second trade fair is after the end of the project."
    drafting.choose(found, Choice(application_id, amount - Money.pounds(3_000), part=why), by=by)


def _whole_draft(draft_id: UUID) -> CohortDraft:
    session().flush()
    session().expire_all()
    found = cohorts.draft(draft_id)
    assert found is not None
    return found


def _ranked(cohort_id: UUID) -> list[UUID]:
    return [each.id for each in candidates(whole_cohort(cohort_id).round) if each.can_be_chosen]


def _build(cohort_id: UUID, *, by: Actor) -> None:
    """Proposals by the system, drafts to compare, one proposed, one sent back and one just begun, and one that was deleted."""
    _propose(cohort_id, by=by)
    rows = _ranked(cohort_id)
    first = _draft(cohort_id, "By rank", rows[:3], by=by)
    outside = _draft(cohort_id, "More outside the city", [*rows[:2], *rows[3:4]], by=by)
    link_applicants([rows[1], *rows[3:4]], by=by)
    confirming.propose(_whole_draft(outside.id), Proposing(1, REASON), by=by)
    confirming.send_back(
        _whole_draft(outside.id), reason="Invented: say more about the third.", by=_approver()
    )
    drafting.delete_draft(_draft(cohort_id, "A first idea", (), by=by), by=by)
    _draft(cohort_id, "Only the two best", rows[:2], by=by)
    confirming.propose(_whole_draft(first.id), Proposing(1, REASON), by=by)


def _ask(
    cohort_id: UUID, *, numbers: tuple[tuple[Dimension, str, int], ...] = (), by: Actor
) -> CohortProposal:
    wanted = ProposalWanted(Money.pounds(100_000), numbers=numbers)
    return proposing.ask(whole_cohort(cohort_id), wanted, by=by)


def _answer(found: CohortProposal) -> None:
    working.take_up(found)
    question = question_of(found.question, seconds=working.SECONDS)
    working.conclude(found, frozen_answer(propose(question, solver=Highs())))


def _propose(cohort_id: UUID, *, by: Actor) -> None:
    """Proposals: one ready, one that no cohort can meet, one that failed, one cancelled, and one that waits for the worker."""
    _answer(_ask(cohort_id, by=by))
    _answer(_ask(cohort_id, by=by, numbers=MORE_THAN_APPLY))
    failed = _ask(cohort_id, by=by)
    working.take_up(failed)
    working.give_up(failed, working.NO_TIME)
    cancelled = _ask(cohort_id, by=by).id
    session().flush()
    session().expire_all()
    found = proposals.proposal(cancelled)
    assert found is not None
    proposing.cancel(found, by=by)
    _ask(cohort_id, by=by)


def _award(cohort_id: UUID, *, by: Actor) -> None:
    """Confirmed and all told, with an award in every state."""
    rows = _ranked(cohort_id)[:5]
    draft = _draft(cohort_id, "By rank", rows, by=by)
    _give_less(draft, rows[-1], by=by)
    confirming.propose(_whole_draft(draft.id), Proposing(0, REASON), by=by)
    approver = _approver()
    confirming.confirm(_whole_draft(draft.id), by=approver)
    by_application = {each.application_id: each.id for each in decisions.decisions_of(cohort_id)}
    told = [by_application[each] for each in rows]
    _tell_all(cohort_id, by=by)
    lower_one(told[-2], told[-1], by=by, approver=approver)
    award_all(told, by=by, approver=approver)


def _tell_all(cohort_id: UUID, *, by: Actor) -> None:
    """Every decision is sent, each refusal with its feedback."""
    for each in decisions.decisions_of(whole_cohort(cohort_id).id):
        if each.outcome is Outcome.UNSUCCESSFUL:
            explain(each.application_id, by=by)
        _tell(each.id, by=by)


def _tell(decision_id: UUID, *, by: Actor) -> None:
    found = decisions.decision(decision_id)
    assert found is not None
    telling.notify(found, by=by)
    session().flush()


def _finish(cohort_id: UUID, *, by: Actor) -> None:
    """Over: every decision was sent more than a year ago, one award was completed and one declined."""
    approver = _approver()
    rows = _ranked(cohort_id)[:2]
    with earlier(LONG_AGO):
        draft = _draft(cohort_id, "By rank", rows, by=by)
        confirming.propose(_whole_draft(draft.id), Proposing(1, REASON), by=by)
        confirming.confirm(_whole_draft(draft.id), by=approver)
        _tell_all(cohort_id, by=by)
        _tell(let_withdraw(cohort_id, by=by, approver=approver), by=by)
    by_application = {each.application_id: each.id for each in decisions.decisions_of(cohort_id)}
    completed, declined = (by_application[each] for each in rows)
    run_out(completed, declined, by=by, approver=approver)


def _confirm(cohort_id: UUID, *, by: Actor) -> None:
    """Confirmed, with one on the waiting list, a refusal that nobody explained, and nobody told yet."""
    draft = _draft(cohort_id, "By rank", _ranked(cohort_id)[:2], by=by)
    confirming.propose(_whole_draft(draft.id), Proposing(1, REASON), by=by)
    confirming.confirm(_whole_draft(draft.id), by=_approver())


def _approver() -> Actor:
    """The approver of the demonstration."""
    who = account_of("approver@demo.example")
    found = account(who.id) if who else None
    return actor_of(found) if found else SYSTEM


def _decide(cohort_id: UUID, *, by: Actor) -> None:
    """A year ago confirmed by the approver and half of it told, with a waiting list; since then one award was withdrawn."""
    with earlier(LONG_AGO):
        rows, told, reserves = _decided(cohort_id, by=by)
    approver = _approver()
    run_on(told[0], told[2], by=by, approver=approver)
    report_all([rows[0], *rows[2:3]], by=by)
    with earlier(A_QUARTER):
        offer_and_withdraw(told[1], by=by, approver=approver)
        _bring_in(reserves[0], by=by, approver=approver)
    move_money(reserves[0], by=by, approver=approver, since=A_QUARTER)
    _tell(reserves[1], by=by)
    take_off(reserves[1], ChangeKind.TAKEN_OFF, "Invented: the project was begun without the grant.", by=by)


def _decided(cohort_id: UUID, *, by: Actor) -> tuple[list[UUID], list[UUID], list[UUID]]:
    """The applications by rank, the decisions that were sent, and those on the waiting list."""
    working.take_up(_ask(cohort_id, by=by))
    rows = _ranked(cohort_id)
    first = _draft(cohort_id, "By rank", rows[:3], by=by)
    _draft(cohort_id, "Only the best", rows[:1], by=by)
    confirming.propose(_whole_draft(first.id), Proposing(2, REASON), by=by)
    approver = _approver()
    confirming.confirm(_whole_draft(first.id), by=approver)
    say(rows[0], by=by)
    made = decisions.decisions_of(whole_cohort(cohort_id).id)
    by_application = {each.application_id: each.id for each in made}
    told = [by_application[each] for each in rows[:3]]
    told += [each.id for each in made if each.outcome is Outcome.RESERVE][:1]
    refused = [(each.id, each.application_id) for each in made if each.outcome is Outcome.UNSUCCESSFUL][:1]
    told += [key for key, application_id in refused if explain(application_id, by=by)]
    for each in told:
        _tell(each, by=by)
    return rows, told, [each.id for each in made if each.outcome is Outcome.RESERVE]


def _bring_in(reserve_id: UUID, *, by: Actor, approver: Actor) -> None:
    """The first of the waiting list gets what the withdrawn award released."""
    session().expire_all()
    found = decisions.decision(reserve_id)
    assert found is not None
    deciding.promote(found, by=approver)
    session().flush()
    telling.notify(found, by=by)
    session().flush()
