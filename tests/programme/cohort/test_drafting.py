"""Building drafts of a cohort, through the page."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.programme.applications.models import Application
from crm.programme.assessing.workflow import AssessmentStatus
from crm.programme.cohort.models import CohortDraft
from tests import cohorts, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.pages import sent

WHY = "Made: the panel wants more of the work outside the city"


def page(found: CohortDraft) -> str:
    return f"/cohort-drafts/{found.id}"


def at(found: CohortDraft, chosen: Application, verb: str) -> str:
    return f"{page(found)}/applications/{chosen.id}/{verb}"


def test_a_manager_begins_a_cohort_and_builds_a_draft_without_script(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.judged()
    first, second = cohorts.ranked(found, 80, 70)
    client.sign_in(cast.programme_manager)
    fields = {"line": "revenue", "allows_partial": "y", "envelope": ""}
    begin = f"/programme/rounds/{found.id}/cohort/begin"

    assert client.post(begin, data=fields).status_code == 422
    fields["envelope"] = str(cohorts.envelope().id)
    text = sent(client, begin, fields)
    assert first.reference in text
    assert client.get("/cohorts").status_code == 200
    made = client.get("/cohorts").text.split("/cohorts/")[1][:36]
    start = f"/cohorts/{made}/drafts/start"
    assert "0 applications chosen" in sent(client, start, {"name": "By rank", "like": ""})
    draft = db.query(CohortDraft).one()
    assert "for £50,000 together" in sent(client, at(draft, first, "choose"))
    assert "for £95,000 together" in sent(
        client, at(draft, second, "choose"), {"amount": "45,000", "part": WHY}
    )
    assert "for £50,000 together" in sent(client, at(draft, second, "remove"))
    assert "1 application chosen, for £50,000" in sent(client, start, {"name": "B", "like": str(draft.id)})
    assert client.post(start, data={"name": "b", "like": ""}).status_code == 422
    assert "deleted" in sent(client, f"{page(draft)}/delete")


def test_a_draft_is_filled_by_rank_until_nothing_more_fits(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    cohorts.ranked(found.round, 90, 80)
    draft = cohorts.draft(found)
    client.sign_in(cast.programme_manager)

    assert "2 applications added by rank." in sent(client, f"{page(draft)}/fill")
    assert client.post(f"{page(draft)}/fill").status_code == 409


def test_P32_a_lower_rank_is_chosen_over_a_higher_one_only_with_a_reason(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, *range(90, 76, -1))
    draft = cohorts.draft(found, *rows[:8])
    client.sign_in(cast.programme_manager)

    refused = client.post(at(draft, rows[13], "choose"), data={"reason": "x"})
    assert refused.status_code == 422
    assert "Rank 14 would be chosen over rank 9" in refused.text
    assert WHY in sent(client, at(draft, rows[13], "choose"), {"reason": WHY})
    # Removing rank 8 now leaves rank 14, which has its reason; removing what is above one without needs another.
    assert client.post(at(draft, rows[0], "remove")).status_code == 422
    sent(client, at(draft, rows[0], "remove"), {"reason": WHY})
    assert all(each.reason == WHY for each in cohorts.whole_draft(draft).places)


def test_P32_ties_at_the_line_are_shown_together_and_never_settled_by_time_or_id(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90, 80, 80)
    draft = cohorts.draft(found, rows[0])
    client.sign_in(cast.programme_manager)

    assert client.get(page(draft)).text.count("Tied") == 2
    for each in rows[1:]:
        assert "Rank 2 would be chosen over rank 2" in client.post(at(draft, each, "choose")).text
    sent(client, at(draft, rows[2], "choose"), {"reason": WHY})


def test_P33_below_a_threshold_only_an_approver_chooses_and_says_why(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged(threshold=6_000))
    (below,) = cohorts.ranked(found.round, 59)
    draft = cohorts.draft(found)

    client.sign_in(cast.programme_manager)
    refused = client.post(at(draft, below, "choose"))
    assert refused.status_code == 409
    assert "An approver can override this" in refused.text
    assert client.post(at(draft, below, "override"), data={"override": WHY}).status_code == 403
    client.sign_in(cast.approver)
    assert client.post(at(draft, below, "override")).status_code == 422
    assert WHY in sent(client, at(draft, below, "override"), {"override": WHY})


def test_P33_below_a_must_pass_criterion_nothing_is_chosen_filled_or_proposed_but_by_an_override(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    """80% of the first criterion's points and more make 84% in all, and 1 of 5 of the second is below its least of 2."""
    days = {"opens_at": 60, "deadline_at": 30, "assess_from": 29, "assess_until": 1}
    times = {name: now() - timedelta(days=ago) for name, ago in days.items()}
    bare = rounds.bare_round(threshold=6_000, **times)
    high = rounds.criterion(bare, weight=8_000)
    must = rounds.criterion(bare, weight=2_000, least=200)
    found = cohorts.cohort(rounds.whole(bare))
    panel = [rounds.on_panel(bare, most=10).account_id for _ in range(2)]
    below, sound = (cohorts.assessed(found.round, (), 0) for _ in range(2))
    for about, points in ((below, 1), (sound, 2)):
        for each in panel:
            made = rounds.assessment(about, each, status=AssessmentStatus.SUBMITTED)
            rounds.score(made, high, 5)
            rounds.score(made, must, points)
    draft = cohorts.draft(found)

    client.sign_in(cast.programme_manager)
    listed = client.get(page(draft)).text
    assert "84.00%" in listed
    assert "1 application added by rank." in sent(client, f"{page(draft)}/fill")
    refused = client.post(at(draft, below, "choose"))
    assert (refused.status_code, "An approver can override this" in refused.text) == (409, True)
    asked = {"money": "100,000", "must_be_in": below.reference, "must_be_out": ""}
    asked |= {"group_1": "", "number_1": "", "group_2": "", "number_2": ""}
    proposal = client.post(f"/cohorts/{found.id}/proposals/ask", data=asked)
    assert (proposal.status_code, "cannot be chosen: below" in proposal.text) == (422, True)

    client.sign_in(cast.approver)
    assert WHY in sent(client, at(draft, below, "override"), {"override": WHY})
    assert "2 applications chosen" in client.get(page(draft)).text


def test_an_award_is_more_than_nothing_and_no_more_than_was_asked_for(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    (only,) = cohorts.ranked(found.round, 80)
    draft = cohorts.draft(found)
    client.sign_in(cast.programme_manager)

    for wrong in ("", "0", "-5", "50000.01", "1e6", "9" * 20):
        assert client.post(at(draft, only, "choose"), data={"amount": wrong}).status_code == 422
    sent(client, at(draft, only, "choose"), {"amount": "50000.00"})
    assert cohorts.whole_draft(draft).money == Money.pounds(50_000)
