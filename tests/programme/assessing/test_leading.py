"""What the lead does: moderates, closes, gives back; and the ranking."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.programme.applications.models import ApplicantQuery, Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.queries.totals import drift_of
from crm.programme.assessing.service import moderating
from crm.programme.assessing.service.moderating import Settled
from tests import factories, rounds
from tests.cast import OTHER_BUSINESS, Cast
from tests.client import ConformingClient, errors_of
from tests.programme.judging import handed_in, judged, total


def settled(found: Application, value: int, reason: str = "They read it otherwise") -> Settled:
    criterion = found.round.criteria[0]
    return Settled(criterion, criterion.parts[0], value, reason)


def test_p24_a46_scores_too_far_apart_are_moderated_before_the_lead_closes_it(
    cast: Cast, client: ConformingClient
) -> None:
    found = handed_in()
    rounds.scored(found, 5, 2)
    lead = cast.lead_assessor.actor
    for other in (cast.assessor, cast.adviser, cast.founder, cast.auditor):
        with pytest.raises(NotAllowed):
            moderating.finalise(rounds.whole_application(found), by=other.actor)
    with pytest.raises(Conflict, match="too far apart"):
        moderating.finalise(rounds.whole_application(found), by=lead)
    with pytest.raises(Invalid, match="Say why"):
        moderating.moderate(found, settled(found, 4, " "), by=lead)
    with pytest.raises(Invalid, match="between 0 and 5"):
        moderating.moderate(found, settled(found, 6), by=lead)
    moderating.moderate(found, settled(found, 4), by=lead)
    with pytest.raises(Conflict, match="changed after you opened the page"):
        moderating.moderate(
            rounds.whole_application(found), settled(rounds.whole_application(found), 3), by=lead
        )
    assert total(found) == "80.00%"
    page = client.sign_in(cast.lead_assessor).get(f"/applications/{found.id}/scores").text
    assert "They read it otherwise" in page
    assert page.count("Made words enough") == 2
    moderating.finalise(rounds.whole_application(found), by=lead)
    assert rounds.whole_application(found).status is ApplicationStatus.ASSESSED


def test_p21_a_draft_never_counts_and_the_mean_so_far_says_how_many_are_in(
    cast: Cast, client: ConformingClient
) -> None:
    found = handed_in()
    rounds.scored(found, 4)
    draft = rounds.assessment(found)
    rounds.score(draft, found.round.criteria[0], 1)
    page = client.sign_in(cast.lead_assessor).get(f"/applications/{found.id}/scores").text
    assert "1 of 2 in" in page
    assert "The average so far is 80.00%" in page


def test_what_is_closed_can_be_opened_again_with_a_reason(cast: Cast) -> None:
    found = handed_in()
    rounds.scored(found, 4, 4)
    lead = cast.lead_assessor.actor
    moderating.finalise(rounds.whole_application(found), by=lead)
    with pytest.raises(Conflict, match="not being assessed"):
        moderating.moderate(
            rounds.whole_application(found), settled(rounds.whole_application(found), 3), by=lead
        )
    moderating.assess_again(rounds.whole_application(found), reason="New facts", by=lead)
    assert rounds.whole_application(found).status is ApplicationStatus.SUBMITTED


def test_an_assessment_given_back_counts_no_more_until_it_is_in_again(cast: Cast) -> None:
    found = handed_in()
    first, _ = rounds.scored(found, 4, 4)
    moderating.return_(rounds.whole_assessment(first), reason="Say more", by=cast.lead_assessor.actor)
    assert total(found) == "incomplete (1 of 2 in)"


def test_p49_the_ranking_shows_and_extracts_the_same_rows(cast: Cast, client: ConformingClient) -> None:
    found = judged(threshold=6_000)
    first = rounds.application(
        factories.business(name="=Sum Films"), found, status=ApplicationStatus.SUBMITTED
    )
    rounds.scored(rounds.whole_application(first), 5, 5)
    second = rounds.application(
        factories.business(name="Éclair £ Ltd"), found, status=ApplicationStatus.SUBMITTED
    )
    rounds.scored(rounds.whole_application(second), 2, 2)
    third = rounds.application(factories.business(), found, status=ApplicationStatus.SUBMITTED)
    references = [each.reference for each in (first, second, third)]
    client.sign_in(cast.programme_manager)
    page = client.get(f"/programme/rounds/{found.id}/ranking").text
    assert [page.index(each) for each in references] == sorted(page.index(each) for each in references)
    assert "3 applications, applying for £15,000 in total" in page
    assert "Below the lowest total of 60%" in page
    file = client.get(f"/programme/rounds/{found.id}/ranking.csv")
    assert file.data.startswith(b"\xef\xbb\xbf")
    lines = file.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[1].startswith(f"1,{references[0]},'=Sum Films,5000.00,100.00%,2 of 2")
    assert lines[2].startswith(f"2,{references[1]},Éclair £ Ltd,5000.00,40.00%")
    assert lines[3].split(",")[4] == "incomplete (0 of 2 in)"


def test_a_dry_run_is_ranked_by_itself(cast: Cast, client: ConformingClient) -> None:
    found = judged(is_dry_run=True)
    page = client.sign_in(cast.programme_manager).get(f"/programme/rounds/{found.id}/ranking").text
    assert "not counted in any total" in page


def test_the_lead_sees_how_each_assessor_leans_as_a_share_of_each_scale_and_against_the_others(
    cast: Cast, client: ConformingClient
) -> None:
    """Scores of 5 points and of 100 weigh the same, and nobody is compared with themselves."""
    round_ = judged()
    rounds.criterion(round_, highest=100, parts=("Of a hundred",))
    found = handed_in(rounds.whole(round_))
    rows = rounds.scored(found, 5, 2)
    rounds.scored(rounds.whole_application(handed_in(rounds.whole(found.round), OTHER_BUSINESS)), 4)
    leans = drift_of(found.round_id)
    assert [str(leans[each.assessor_id]) for each in rows] == ["31.5", "-31.5"]
    page = client.sign_in(cast.lead_assessor).get(f"/programme/rounds/{found.round_id}/assessors").text
    assert "Scores 31.5% of the scale higher than the others" in page
    assert "Scores 31.5% of the scale lower than the others" in page


def test_k10_k12_a_score_that_nobody_came_near_is_asked_about_and_what_hinders_closing_is_said_at_once(
    cast: Cast, client: ConformingClient
) -> None:
    found = handed_in(judged(assessors=2))
    rounds.scored(found, 4, 1)
    factories.kept(
        ApplicantQuery(
            application_id=found.id, words="Why?", asked_at=now(), due_at=now() + timedelta(days=2)
        )
    )
    page, ranked = f"/applications/{found.id}", f"/programme/rounds/{found.round_id}/ranking"
    client.sign_in(cast.lead_assessor)
    hindered = " ".join(client.get(f"{page}/scores").text.split())
    assert "too far apart. Moderate them first, with a reason. The applicant has an open query" in hindered
    note = " ".join(client.get(ranked).text.split())
    assert "1 to moderate" in note
    assert "Query open" in note
    assert "Still being assessed" in note
    where = f"{page}/criteria/{found.round.criteria[0].id}/parts/1/moderate"
    assert errors_of(client.post(where, data={"value": "6", "version": "0"})) == [
        "The score must be between 0 and 5",
        "Say why",
    ]
    told = {"value": "5", "version": "0", "reason": "Both missed the annex"}
    refused = client.post(where, data=told)
    assert refused.status_code == 422
    assert "The assessors scored 1 to 4. Tick the box if 5 is right" in refused.text
    assert client.post(where, data=told | {"is_outside": "y"}).status_code == 303
    note = " ".join(client.get(ranked).text.split())
    assert "1 moderated" in note
    assert "1 to moderate" not in note
