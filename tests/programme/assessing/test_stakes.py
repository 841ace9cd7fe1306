"""Whoever has a stake in a business leaves its scores and its money to others, whatever their roles became (K7)."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.businesses.workflow import ConnectionKind
from crm.kernel.clock import now
from crm.kernel.roles import Role, Scope
from crm.links.rules import Purpose
from crm.links.service import mint
from crm.programme.applications.models import Application
from crm.programme.assessing.workflow import AssessmentStatus
from tests import factories, invited, rounds
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.payments.paying import payments_of
from tests.programme.applicants import own
from tests.programme.assessing.test_independence import scores_shown
from tests.programme.cohort.test_deciding import confirmed, decision_on, two_rounds_of_people
from tests.programme.judging import given_to, handed_in, judged
from tests.programme.pages import sent

TODAY = {"valid_from-day": "24", "valid_from-month": "11", "valid_from-year": "2026"}
STAKE = "applied in this round"


def of_two_scored() -> tuple[Application, Application]:
    """Two applications of one round, of two businesses; the first with whole scores that lie together."""
    first = handed_in(judged(assessors=2))
    rounds.scored(first, 4, 4)
    second = handed_in(rounds.whole(first.round), OTHER_BUSINESS)
    rounds.scored(second, 4, 4)
    return rounds.whole_application(first), rounds.whole_application(second)


@pytest.mark.parametrize("role", [Role.APPROVER, Role.PROGRAMME_MANAGER, Role.LEAD_ASSESSOR, Role.AUDITOR])
def test_k7_a_founder_with_a_further_role_reads_no_scores_where_their_business_applied(
    cast: Cast, client: ConformingClient, role: Role
) -> None:
    """Neither of their own application nor of a competitor's; and closes neither."""
    first, second = of_two_scored()
    factories.grant(cast.founder.account, role)
    client.sign_in(cast.founder)
    for found in (first, second):
        for path in scores_shown(found):
            assert client.get(path).status_code in {403, 404}
        assert client.post(f"/applications/{found.id}/scores/finalise").status_code in {403, 404}
    assert "Scores" not in client.get(f"/applications/{first.id}").text
    client.sign_in(cast.programme_manager)
    assert "Assessment closed." in sent(client, f"/applications/{first.id}/scores/finalise")


def stake_of(kind: str, cast: Cast) -> None:
    """Let the approver have a stake in the first business."""
    account = cast.approver.account
    if kind == "colleague":
        factories.grant(account, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(BUSINESS))
    elif kind == "left":
        ended = {"scope": Scope.BUSINESS, "scope_id": str(BUSINESS), "ended_at": now()}
        factories.grant(account, Role.FOUNDER, **ended)
    elif kind == "interest":
        rounds.interest(account.id, business_id=BUSINESS, company_number=None)
    else:
        factories.connection(own(BUSINESS), kind=ConnectionKind.INVESTOR, account_id=account.id)


@pytest.mark.parametrize("kind", ["colleague", "left", "interest", "investor"])
def test_k7_whoever_has_a_stake_is_told_that_another_person_decides(
    cast: Cast, client: ConformingClient, kind: str
) -> None:
    first, second = of_two_scored()
    stake_of(kind, cast)
    client.sign_in(cast.approver)
    for found in (first, second):
        refused = client.get(f"/applications/{found.id}/scores")
        assert refused.status_code == 403
    assert STAKE in refused.text


def test_k7_a_founder_who_is_made_approver_awards_nothing_in_a_round_of_theirs(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    """Not from the waiting list, nor by confirming a cohort; nor is an offer prepared by who is made a manager."""
    theirs, other = two_rounds_of_people(70)
    found = confirmed(other, reserves=1)
    decision = decision_on(db, theirs)
    for role in (Role.APPROVER, Role.PROGRAMME_MANAGER):
        factories.grant(cast.founder.account, role)
    client.sign_in(cast.founder)
    for path in (f"/cohorts/{found.id}", f"/cohorts/{found.id}/waiting-list"):
        assert STAKE in client.get(path).text
    promoted = client.post(f"/decisions/{decision.id}/promote")
    assert (promoted.status_code, "this business" in promoted.text) == (403, True)
    assert f"/cohorts/{found.id}/waiting-list" not in client.get("/desk").text
    offered = client.post(f"/decisions/{decision.id}/offer")
    assert (offered.status_code, "this business" in offered.text) == (403, True)
    client.sign_in(cast.approver)
    sent(client, f"/decisions/{decision.id}/promote")


def test_k7_a_founder_who_is_made_finance_officer_neither_pays_nor_confirms_the_account_of_their_own(
    client: ConformingClient, cast: Cast
) -> None:
    run, _, details = payments_of(cast)
    factories.grant(cast.founder.account, Role.FINANCE_OFFICER)
    client.sign_in(cast.founder)
    for path in (f"/payment-runs/{run.id}/release", f"/bank-details/{details.id}/confirm"):
        assert client.post(path).status_code == 403
    assert f"/payment-runs/{run.id}/release" not in client.get(f"/payment-runs/{run.id}").text


def test_k7_an_assessor_who_joins_a_business_is_told_and_what_they_scored_of_it_is_left_out(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    """The lead finds that an assessor is missing."""
    found = handed_in(judged(assessors=2))
    given = given_to(cast, found, status=AssessmentStatus.SUBMITTED)
    rounds.score(given, found.round.criteria[0], 4)
    rounds.scored(found, 4)
    factories.grant(cast.assessor.account, Role.APPROVER)
    invitation = invited.invitation(own(BUSINESS), email=cast.assessor.email)
    where = f"/links/invitation/{mint(Purpose.INVITATION, str(invitation.id))}"
    client.sign_in(cast.assessor)
    page = client.get(where).text
    assert "sees no more scores" in page
    assert "can no longer be submitted" not in page
    assert "They no longer count" in page
    sent(client, where)
    assert client.get(f"/applications/{found.id}/scores").status_code == 403
    client.sign_in(cast.programme_manager)
    scores = client.get(f"/applications/{found.id}/scores").text
    assert "average so far" in scores
    assert "Excluded: interest" in scores
    assert "Allocate assessors to an application" in client.get("/desk").text


def test_k7_who_grants_a_role_is_told_of_the_businesses_that_it_clashes_with(
    client: ConformingClient, cast: Cast
) -> None:
    for role in (Role.APPROVER, Role.FINANCE_OFFICER):
        where = f"/people/{cast.founder.id}/roles/new"
        told = TODAY | {"role": role.value, "scope": "everywhere"}
        refused = client.sign_in(cast.administrator).post(where, data=told)
        assert (refused.status_code, own(BUSINESS).name in refused.text) == (422, True)
        assert client.post(where, data=told | {"knows_clashes": "y"}).status_code == 303
