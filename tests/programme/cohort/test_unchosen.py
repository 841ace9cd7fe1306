"""A round that can be chosen from, and that nobody chooses from, is on the manager's desk and in the list of cohorts."""

from __future__ import annotations

from datetime import timedelta

from crm.kernel.clock import now
from crm.programme.applications.workflow import ApplicationStatus
from tests import cohorts, rounds
from tests.cast import Cast
from tests.client import ConformingClient


def test_k15_a_closed_round_with_ranked_applications_free_money_and_no_draft_is_on_the_managers_desk(
    client: ConformingClient, cast: Cast
) -> None:
    found = cohorts.cohort(cohorts.judged())
    cohorts.ranked(found.round, 90, 80)
    client.sign_in(cast.programme_manager)
    desk = client.get("/desk").text
    assert "Choose the cohort" in desk
    assert f"{found.round.name}: 2 applications are ranked" in desk
    assert f"/cohorts/{found.id}" in desk
    assert "Ready to choose: no draft yet" in client.get("/cohorts").text
    assert "Choose the cohort" not in client.sign_in(cast.approver).get("/desk").text
    cohorts.draft(found)
    client.sign_in(cast.programme_manager)
    assert "Choose the cohort" not in client.get("/desk").text
    assert "1 draft, none proposed" in client.get("/cohorts").text


def test_k15_a_closed_round_without_a_cohort_is_on_the_managers_desk(
    client: ConformingClient, cast: Cast
) -> None:
    found = cohorts.judged(published_at=now())
    cohorts.ranked(found, 90)
    desk = client.sign_in(cast.programme_manager).get("/desk").text
    assert "Create the cohort" in desk
    assert f"{found.name}: 1 application is ranked" in desk


def test_k23_the_list_of_cohorts_says_which_state_a_round_without_a_draft_is_in(
    client: ConformingClient, cast: Cast
) -> None:
    moment, client = now(), client.sign_in(cast.programme_manager)
    day = timedelta(days=1)
    early = cohorts.cohort(rounds.round_(opens_at=moment + day, deadline_at=moment + 9 * day))
    assert "The round is not open yet" in client.get("/cohorts").text
    open_ = cohorts.cohort(rounds.round_(opens_at=moment - day, deadline_at=moment + 9 * day))
    assert "The round takes applications" in client.get("/cohorts").text
    judging = cohorts.cohort(cohorts.judged())
    assert "no application is ranked" in client.get("/cohorts").text
    cohorts.ranked(judging.round, 80, status=ApplicationStatus.SUBMITTED)
    assert "Applications are being assessed" in client.get("/cohorts").text
    assert "Choose the cohort" not in client.get("/desk").text
    assert len({early.id, open_.id, judging.id}) == 3
