"""Two managers who ask for a cohort at once, and two workers who find it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask import Flask

from crm.db.session import session
from crm.figures.workflow import FigureStatus
from crm.kernel.errors import Conflict
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.cohort.models import CohortProposal
from crm.programme.cohort.queries.cohorts import cohort
from crm.programme.cohort.service.proposing import ProposalWanted, ask
from crm.programme.cohort.workflow import ProposalStatus
from tests import cohorts, factories
from tests.accounts.people import person
from tests.engines import PATIENCE
from tests.faults.together import together, worker
from tests.houses import database


def test_two_who_ask_at_once_get_one_proposal_and_two_workers_work_it_out_once(
    committing_app: Flask, tmp_path: Path
) -> None:
    with database(committing_app).transaction():
        for name, value in (("subsidy.limit", "31500000"), ("subsidy.warn", "80")):
            factories.figure(FigureStatus.APPROVED, name=name, value=value, valid_from=date(2023, 1, 4))
        cohort_id, asking = cohorts.cohort().id, person().id
    actor = SYSTEM.__class__(account_id=asking, name="Made", is_system=True)

    def do_ask() -> object:
        found = cohort(cohort_id)
        assert found is not None
        return ask(found, ProposalWanted(Money.pounds(50_000)), by=actor).id

    came = together(committing_app, do_ask, do_ask)
    assert [type(each) for each in came].count(Conflict) == 1
    assert "being worked out already" in str(next(each for each in came if isinstance(each, Conflict)))

    mail = f"folder://{tmp_path}"
    with (
        worker(committing_app, "--once", mail_url=mail) as one,
        worker(committing_app, "--once", mail_url=mail) as two,
    ):
        assert [each.wait(PATIENCE) for each in (one, two)] == [0, 0]
    with database(committing_app).reading():
        (made,) = session().query(CohortProposal).all()
        assert (made.status, made.attempts) == (ProposalStatus.ANSWERED, 1)
        assert made.answer is not None
        assert len(made.answer["chosen"]) == 1
