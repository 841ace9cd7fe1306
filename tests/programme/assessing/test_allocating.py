"""Who may assess what: interests, connections, help given lately, and a fair spread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.businesses.workflow import ConnectionKind
from crm.kernel.clock import today
from crm.kernel.companies import CompanyNumber
from crm.kernel.errors import Invalid
from crm.kernel.roles import Role, Scope
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Assessment, Score
from crm.programme.assessing.policy import LIVE
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.service import allocating, paneling, scoring
from crm.programme.assessing.service.paneling import InterestDetails, PanelDetails
from crm.programme.assessing.service.scoring import Judgement
from crm.programme.assessing.workflow import AssessmentStatus
from tests import factories, rounds
from tests.cast import OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.programme.applicants import own
from tests.programme.judging import all_parts, given_to, handed_in, judged, total


def put_on_panel(cast: Cast, found: Application) -> Account:
    account = cast.assessor.account
    rounds.on_panel(rounds.whole(found.round), account)
    return account


def give(cast: Cast, found: Application, **fields: Any) -> Assessment:
    whole = rounds.whole_application(found)
    return allocating.allocate(whole, cast.assessor.account.id, by=cast.lead_assessor.actor, **fields)


def test_p22_a_declared_company_and_what_is_linked_with_it_is_not_given(cast: Cast) -> None:
    found = handed_in(business_id=OTHER_BUSINESS)
    account = put_on_panel(cast, found)
    linked = factories.business(company_number="01234567")
    for business_id in (linked.id, OTHER_BUSINESS):
        factories.connection(own(business_id), kind=ConnectionKind.DIRECTOR, who="Dee Director")
    rounds.interest(account.id, company_number="01234567", words="I own shares")
    with pytest.raises(Invalid, match="They declared an interest: I own shares"):
        give(cast, found)
    told = allocating.spread_out(rounds.whole_application(found).round, by=cast.lead_assessor.actor)
    assert (told.given, set(told.missing.values())) == ((), {2})


@pytest.mark.parametrize("kind", [ConnectionKind.INVESTOR, ConnectionKind.DIRECTOR, ConnectionKind.ADVISER])
def test_p22_who_is_connected_with_a_business_does_not_assess_it(cast: Cast, kind: ConnectionKind) -> None:
    found = handed_in()
    account = put_on_panel(cast, found)
    factories.connection(own(), kind=kind, account_id=account.id, who=None)
    with pytest.raises(Invalid, match="They cannot assess this application"):
        give(cast, found)


def test_p22_who_asked_to_meet_a_business_as_an_investor_does_not_assess_it(cast: Cast) -> None:
    found = handed_in()
    account = put_on_panel(cast, found)
    shown = factories.shown_interest(own(), account.id)
    with pytest.raises(Invalid, match="They have an interest in it") as refused:
        give(cast, found)
    assert "invest" not in str(refused.value)  # a request is made without a name
    shown.shown_on = today() - timedelta(days=366)
    give(cast, found)


def test_p22_an_interest_declared_after_scoring_drops_the_scores_at_once(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    own().company_number = "01234567"
    found = handed_in()
    rounds.scored(found, 4)
    made = given_to(cast, rounds.whole_application(found))
    scoring.save(made, Judgement(all_parts(made, 2), "", made.version), by=cast.assessor.actor)
    scoring.hand_in(rounds.whole_assessment(made), by=cast.assessor.actor)
    kept = rounds.file(rounds.whole_application(found))
    address = f"/applications/{found.id}/files/{kept.document_id}"
    assert total(found) == "60.00%"
    assert client.sign_in(cast.assessor).get(address).status_code == 200

    details = InterestDetails(CompanyNumber("01234567"), None, "I worked there")
    paneling.declare(details, by=cast.assessor.actor)
    assert rounds.whole_assessment(made).status is AssessmentStatus.EXCLUDED
    assert total(found) == "incomplete (1 of 2 in)"
    assert client.get(address).status_code == 404
    assert client.get(f"/applications/{found.id}/answers").status_code == 404
    assert len(db.scalars(select(Score).where(Score.assessment_id == made.id)).all()) == 1


def test_p23_who_helped_the_business_lately_assesses_it_only_with_the_leads_reason(cast: Cast) -> None:
    found = handed_in()
    account = put_on_panel(cast, found)
    talk = factories.conversation(own(), account)
    talk.happened_on = today() - timedelta(days=200)
    with pytest.raises(Invalid, match="They recently helped this business"):
        give(cast, found)
    made = give(cast, found, override="Nobody else knows the field")
    assert made.override_reason == "Nobody else knows the field"


def test_p23_help_of_more_than_a_year_ago_is_no_hindrance(cast: Cast) -> None:
    found = handed_in()
    talk = factories.conversation(own(), put_on_panel(cast, found))
    talk.happened_on = today() - timedelta(days=366)
    assert give(cast, found).override_reason == ""


def test_only_the_independent_assess(cast: Cast) -> None:
    found = judged()
    by = cast.lead_assessor.actor
    with pytest.raises(Invalid, match="holds the assessor role"):
        paneling.add_assessor(found, PanelDetails(cast.adviser.account.id, (), 5), by=by)
    factories.grant(cast.assessor.account, Role.APPROVER)
    with pytest.raises(Invalid, match="run, approve or audit"):
        paneling.add_assessor(found, PanelDetails(cast.assessor.account.id, (), 5), by=by)


def test_a_spread_gives_each_application_its_assessors_and_tells_them_once(cast: Cast, db: Session) -> None:
    found = judged()
    for _ in range(3):
        rounds.on_panel(found)
    for _ in range(6):
        rounds.application(factories.business(), found, status=ApplicationStatus.SUBMITTED)
    told = allocating.spread_out(rounds.whole(found), by=cast.lead_assessor.actor)
    assert (len(told.given), told.missing) == (12, {})
    assert {load for load, _ in queries.loads(found.id).values()} == {4}
    assert all(each.status in LIVE for each in db.scalars(select(Assessment)))
    again = allocating.spread_out(rounds.whole(found), by=cast.lead_assessor.actor)
    assert again.given == ()


def test_what_was_taken_back_can_be_given_again(cast: Cast) -> None:
    found = handed_in()
    put_on_panel(cast, found)
    made = give(cast, found)
    with pytest.raises(Invalid, match="They already have this application"):
        give(cast, found)
    allocating.take_back(rounds.whole_assessment(made), by=cast.lead_assessor.actor)
    assert give(cast, found).id == made.id


@pytest.mark.parametrize("how", ["role ended", "account deactivated"])
def test_p22_who_can_no_longer_assess_is_given_nothing_and_what_they_had_counts_as_missing(
    cast: Cast, client: ConformingClient, how: str
) -> None:
    owner = judged(assessors=2)
    found = handed_in(owner)
    gone = factories.account(name="Gone Assessor")
    role = factories.grant(gone, Role.ASSESSOR, scope=Scope.ROUND, scope_id=str(found.round_id))
    rounds.on_panel(rounds.whole(owner), gone)
    rounds.assessment(found, gone)
    rounds.assessment(found)  # another assessor, who stays
    panel = f"/programme/rounds/{found.round_id}/assessors"
    client.sign_in(cast.programme_manager)
    before = client.get(panel).text
    assert "an no longer assess" not in before
    assert "Needs 1 more" not in before
    to_do = f"{panel}#missing"  # of this round: a desk may show others
    assert to_do not in client.get("/desk").text
    ending = "deactivate" if how == "account deactivated" else f"roles/{role.id}/end"
    assert client.sign_in(cast.administrator).post(f"/people/{gone.id}/{ending}").status_code == 303
    client.sign_in(cast.programme_manager)
    page = client.get(panel).text
    assert "Can no longer assess" in page
    assert page.count("of up to") == 1
    assert "Needs 1 more" in page
    assert to_do in client.get("/desk").text
    another = handed_in(owner, business_id=OTHER_BUSINESS)
    allocate = f"/applications/{another.id}/allocate"
    assert "Gone Assessor" not in client.get(allocate).text
    assert client.post(allocate, data={"assessor": str(gone.id)}).status_code == 422
    with pytest.raises(Invalid, match="can no longer assess"):
        allocating.allocate(rounds.whole_application(another), gone.id, by=cast.programme_manager.actor)
    rounds.on_panel(rounds.whole(owner), cast.assessor.account)
    client.post(f"{panel}/spread")
    rows = queries.given_of([found.id, another.id])
    assert gone.id not in {each.assessor_id for each in rows[another.id]}
    assert cast.assessor.account.id in {each.assessor_id for each in rows[found.id]}
    assert [len(rows[each.id]) for each in (found, another)] == [3, 2]
    page = client.get(panel).text
    assert "Needs 1 more" not in page
    assert "Allocate to the panel" not in page
