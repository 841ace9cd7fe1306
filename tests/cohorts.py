"""Cohorts made as a test needs them, as `tests.rounds` makes rounds and applications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select

from crm.businesses.models import Business
from crm.db.session import session
from crm.funding.envelopes.models import Envelope, EnvelopeLine
from crm.funding.envelopes.rules import LedgerAccount, Line, Movement, Subject
from crm.funding.envelopes.service import posting
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.cohort.models import (
    Cohort,
    CohortDraft,
    CohortProposal,
    CohortTarget,
    Decision,
    DecisionChange,
    DraftPlace,
    Feedback,
)
from crm.programme.cohort.queries import changing
from crm.programme.cohort.queries import cohorts as queries
from crm.programme.cohort.queries.independence import judges_of
from crm.programme.cohort.rules import freezing
from crm.programme.cohort.rules.groups import Dimension, Measure
from crm.programme.cohort.rules.proposing import propose
from crm.programme.cohort.service import proposing
from crm.programme.cohort.service.proposing import ProposalWanted
from crm.programme.cohort.workflow import ChangeKind, DecisionStatus, Outcome, ProposalStatus
from crm.programme.rounds.models import Criterion, Round
from tests import factories, rounds
from tests.programme.cohort.exhaustive import Exhaustive

_number = count(1)


def judged(**fields: Any) -> Round:
    """A round whose assessing is over: one criterion of 100 points, so that a score is a per cent."""
    moment = now()
    times = {
        "opens_at": moment - timedelta(days=60),
        "deadline_at": moment - timedelta(days=30),
        "assess_from": moment - timedelta(days=29),
        "assess_until": moment - timedelta(days=1),
    }
    made = rounds.bare_round(**times | fields)
    rounds.criterion(made, highest=100)
    return rounds.whole(made)


def ranked(found: Round, *scores: int, **fields: Any) -> list[Application]:
    """An assessed application for each score, by two assessors who agree; each asks for £50,000 unless told otherwise."""
    panel = [rounds.on_panel(found, most=1_000).account_id for _ in range(2)]
    return [assessed(found, panel, score, **fields) for score in scores]


def assessed(
    found: Round, panel: Sequence[UUID], score: int, owner: Business | None = None, **fields: Any
) -> Application:
    given = {"asked_for": Money.pounds(50_000), "status": ApplicationStatus.ASSESSED} | fields
    made = rounds.application(owner or factories.business(), found, **given)
    for account_id in panel:
        judge(made, account_id, score)
    return made


def judge(about: Application, account_id: UUID, score: int) -> None:
    """Another assessment that is submitted."""
    made = rounds.assessment(about, account_id, status=AssessmentStatus.SUBMITTED)
    criteria = session().scalars(select(Criterion).where(Criterion.round_id == about.round_id))
    for each in criteria.all():
        rounds.score(made, each, score)


LIMIT = Money.pounds(1_300_000)


def envelope(limit: Money = LIMIT) -> Envelope:
    """An envelope for this year and the next, all of it for revenue."""
    day, number = today(), next(_number)
    holder = factories.account()
    made: Envelope = factories.kept(
        Envelope(
            name=f"Made envelope {number:03}",
            fund="Made fund",
            starts_on=day - timedelta(days=100),
            ends_on=day + timedelta(days=500),
            owner_id=holder.id,
            opened_at=now(),
        )
    )
    for position, line in enumerate(Line):
        factories.kept(EnvelopeLine(envelope_id=made.id, line=line, position=position))
    about = Subject("envelope", made.id)
    raised = posting.Posting(
        Movement.RAISE, made.id, Line.REVENUE, limit, LedgerAccount.FUND, LedgerAccount.FREE, about, "Made"
    )
    posting.write(raised, by=SYSTEM)
    return made


def cohort(found: Round | None = None, **fields: Any) -> Cohort:
    """The cohort of a round; of a judged one with two applications, unless one is given."""
    owned = found or judged()
    if found is None:
        ranked(owned, 80, 70)
    given = {"envelope_id": envelope().id, "line": Line.REVENUE} | fields
    made: Cohort = factories.kept(Cohort(round_id=owned.id, begun_at=now(), **given))
    return whole(made)


def whole(found: Cohort) -> Cohort:
    """A cohort with everything that belongs to it, read again."""
    session().flush()
    session().expire_all()
    again = queries.cohort(found.id)
    assert again is not None
    return again


def draft(owner: Cohort, *chosen: Application, **fields: Any) -> CohortDraft:
    """A draft in which these applications are chosen, each with what it asks for."""
    given = {"name": f"Made draft {next(_number):03}", "made_at": now()} | fields
    made: CohortDraft = factories.kept(CohortDraft(cohort_id=owner.id, **given))
    for each in chosen:
        place(made, each)
    return whole_draft(made)


def place(owner: CohortDraft, chosen: Application, **fields: Any) -> DraftPlace:
    given = {"amount": chosen.asked_for, "added_at": now(), "part_reason": "Made: a part of it"} | fields
    made: DraftPlace = factories.kept(DraftPlace(draft_id=owner.id, application_id=chosen.id, **given))
    return made


def whole_draft(found: CohortDraft) -> CohortDraft:
    session().flush()
    session().expire_all()
    again = queries.draft(found.id)
    assert again is not None
    return again


def decision(owner: Cohort, about: Application, **fields: Any) -> Decision:
    """An award of £5,000 that nobody was told of, unless told otherwise."""
    given = {"outcome": Outcome.SUCCESSFUL, "amount": Money.pounds(5_000), "decided_at": now()} | fields
    status = given.pop("status", DecisionStatus.SAVED)
    made: Decision = factories.kept(
        Decision(cohort_id=owner.id, application_id=about.id, _status=status, **given)
    )
    return made


def change(owner: Decision, **fields: Any) -> DecisionChange:
    """A proposal to lower an award to £1,000, by nobody, unless told otherwise."""
    given = {"kind": ChangeKind.LOWER, "amount": Money.pounds(1_000), "reason": "Made: a quote came in lower"}
    given |= {"before": owner.amount, "proposed_at": now()} | fields
    made: DecisionChange = factories.kept(DecisionChange(decision_id=owner.id, **given))
    return made


def whole_change(found: DecisionChange) -> DecisionChange:
    """A proposal with everything that belongs to it, read again."""
    session().flush()
    session().expire_all()
    again = changing.change(found.id)
    assert again is not None
    return again


def proposal(owner: Cohort, **fields: Any) -> CohortProposal:
    """Asked for with £100,000 to award, and answered, unless told otherwise."""
    owned = whole(owner)
    kept = proposing.question_of(owned, ProposalWanted(Money.pounds(100_000)))
    given = {"money": Money.pounds(100_000), "question": kept, "asked_at": now(), "steps": 3} | fields
    given.setdefault("asked_by_id", factories.account().id)
    status = given.pop("status", ProposalStatus.ANSWERED)
    if status is ProposalStatus.ANSWERED:
        found = propose(freezing.question_of(kept, seconds=1), solver=Exhaustive())
        given |= {"answer": freezing.frozen_answer(found), "done": 3, "ended_at": now()}
    made: CohortProposal = factories.kept(CohortProposal(cohort_id=owned.id, _status=status, **given))
    return made


def feedback(about: Application, judged_by: Criterion, **fields: Any) -> Feedback:
    given = {"words": "Made for the applicant", "written_at": now()} | fields
    made: Feedback = factories.kept(Feedback(application_id=about.id, criterion_id=judged_by.id, **given))
    return made


def judges(about: Application) -> list[str]:
    """Who assessed an application, by name."""
    return judges_of(about.id)


def target(owner: Cohort, **fields: Any) -> CohortTarget:
    """That 30% of the money goes outside Birmingham, unless told otherwise."""
    given = {
        "dimension": Dimension.AUTHORITY,
        "value": "Birmingham",
        "is_outside": True,
        "measure": Measure.MONEY,
        "least": 3_000,
        "set_at": now(),
    }
    made: CohortTarget = factories.kept(CohortTarget(cohort_id=owner.id, **given | fields))
    return made
