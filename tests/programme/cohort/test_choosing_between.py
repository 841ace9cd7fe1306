"""Two drafts beside each other and beside what the system proposed: their total scores, and which of them can go on."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.programme.cohort.models import CohortDraft
from crm.programme.cohort.rules.choosing import total_score
from crm.programme.cohort.rules.freezing import frozen_answer
from crm.programme.cohort.rules.proposing import Proposal
from crm.programme.cohort.workflow import DraftStatus
from tests import cohorts
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.cohort.test_as_shown import seen_on
from tests.programme.cohort.test_confirming import proposed
from tests.programme.cohort.test_drafting import WHY, at, page
from tests.programme.cohort.test_sharing import given, linked, name_of, plain
from tests.programme.pages import sent


def said(client: ConformingClient, where: str) -> str:
    """What a page says, in one line."""
    return " ".join(client.get(where).text.split())


def test_a_total_score_is_exact_and_one_without_a_total_adds_nothing() -> None:
    assert total_score([Fraction(1, 3), Fraction(2, 3), None]) == 1
    assert total_score([]) == 0


def test_k14_the_total_score_stands_on_each_draft_in_the_list_and_in_the_comparison_with_the_difference(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90, 80, 71)
    one, other = cohorts.draft(found, *rows[:2], name="A"), cohorts.draft(found, rows[2], name="B")
    client.sign_in(cast.programme_manager)
    # A part award counts whole, as its application does.
    sent(client, at(one, rows[1], "choose"), {"amount": "45,000.00", "part": WHY})
    assert "Total score 170.00 points: each score added" in said(client, page(one))
    assert "counts with its whole score" in said(client, page(one))
    assert "Total score 71.00 points: each score added" in said(client, page(other))
    cohort = said(client, f"/cohorts/{found.id}")
    assert "£95,000, total score 170.00 points" in cohort
    assert "£50,000, total score 71.00 points" in cohort
    apart = "The total score of “A” is 99.00 points higher than that of “B”."
    for first, second in ((one, other), (other, one)):
        compared = said(client, f"/cohorts/{found.id}/compare?draft={first.id}&draft={second.id}")
        assert apart in compared
        assert compared.count("Total score <strong>") == 2
    same = said(client, f"/cohorts/{found.id}/compare?draft={one.id}&draft={one.id}")
    assert "Both have the same total score: 170.00 points." in same
    assert "Total score 170.00 points." in said(client, f"{page(one)}/propose")
    assert "170.00" in said(client, f"{page(one)}/pack")


def test_k14_what_the_solver_proved_stands_on_in_the_draft_and_a_draft_says_how_far_it_is_from_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90, 80)
    made = cohorts.proposal(found)
    client.sign_in(cast.programme_manager)
    proposal = f"/cohort-proposals/{made.id}"
    assert "Total score 170.00 points." in said(client, proposal)
    sent(client, f"{proposal}/take-over", {"name": "Best"})
    taken = said(client, page(db.query(CohortDraft).one()))
    assert "has these applications, with a total score of 170.00 points. Proved best:" in taken
    assert f'href="{proposal}">The system’s proposal of' in taken
    less = said(client, page(cohorts.draft(found, rows[0])))
    assert "has a total score of 170.00 points, 80.00 points more than this draft. Proved best:" in less


def test_k8_a_proposal_that_is_out_of_date_is_never_told_as_proved_best_and_names_the_limit_that_changed(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90, 80)
    made = cohorts.proposal(found)
    draft = cohorts.draft(found, *rows)
    client.sign_in(cast.programme_manager)
    assert "Proved best:" in said(client, page(draft))
    given(rows[0], Money.pounds(285_000))
    proposal = f"/cohort-proposals/{made.id}"
    told = said(client, page(draft))
    assert ("Proved best" in told, "170.00 points. It is out of date:" in told) == (False, True)
    told = said(client, proposal)
    changed = f"{name_of(rows[0])} can be given £30,000.00 of subsidies now, not £50,000.00."
    assert ("This proposal is out of date" in told, changed in told, "Proved best" in told) == (
        True,
        True,
        False,
    )
    linked(*rows)
    shared = f"{name_of(rows[0])} and {name_of(rows[1])} share a limit of subsidies now."
    assert shared in said(client, proposal)
    newer = cohorts.proposal(found, asked_at=now() + timedelta(minutes=1))
    told = said(client, page(draft))
    assert ("Proved best:" in told, f"/cohort-proposals/{newer.id}" in told, "out of date" in told) == (
        True,
        True,
        False,
    )


def test_k32_the_proposals_of_a_cohort_are_told_apart_by_what_came_of_each(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    cohorts.ranked(found.round, 90, 80)
    cohorts.proposal(found)
    cohorts.proposal(found).answer = frozen_answer(Proposal(is_possible=False))
    db.flush()
    listed = plain(client.sign_in(cast.programme_manager).get(f"/cohorts/{found.id}").text)
    assert "Worked out 2 applications, for £100,000.00, total score 170.00" in listed
    assert listed.count("No cohort meets all targets") == 1


def test_k16_every_enterprise_that_no_longer_fits_is_named_where_the_cohort_would_be_confirmed(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    best, other = cohorts.ranked(found.round, 90, 80)
    draft = cohorts.draft(found, best, other)
    client.sign_in(cast.programme_manager)
    sent(client, f"{page(draft)}/propose", {"reserves": "0"})
    for each in (best, other):
        given(each, Money.pounds(300_000))
    warned = plain(client.sign_in(cast.approver).get(f"{page(draft)}/confirm").text)
    both = "; ".join(f"{name_of(each)}: £50,000.00 chosen, £15,000.00 can be given" for each in (best, other))
    assert f"It does not fit any more. More than can be given today. {both}." in warned


def test_k12_no_draft_is_offered_to_be_proposed_beside_one_that_is_and_both_lead_to_that_one(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90, 80)
    first, second = (cohorts.draft(found, *rows, name=name) for name in ("First", "Second"))
    client.sign_in(cast.programme_manager)
    assert "Propose this draft" in client.get(page(second)).text
    early = seen_on(client, f"{page(second)}/propose")
    proposed(client, cast, cohorts.whole_draft(first))
    client.sign_in(cast.programme_manager)
    shown = said(client, page(second))
    assert "Propose this draft" not in shown
    link = f'href="{page(first)}">“First”</a> of this cohort is proposed.'
    assert link in shown
    opened = client.get(f"{page(second)}/propose")
    late = client.post(f"{page(second)}/propose", data={"reserves": "0", **early})
    for refused in (opened, late):
        assert refused.status_code == 409
        assert "“First” of this cohort is proposed already." in refused.text
        assert f'href="{page(first)}"' in refused.text


def test_k6_a_draft_is_deleted_after_a_question_and_stays_once_it_was_proposed(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90)
    idle, sound = cohorts.draft(found, name="Idle"), cohorts.draft(found, *rows, name="Sound")
    client.sign_in(cast.programme_manager)
    assert f'href="{page(idle)}/delete"' in client.get(page(idle)).text
    asked = said(client, f"{page(idle)}/delete")
    assert "Delete “Idle”?" in asked
    assert "This cannot be undone." in asked
    assert "deleted" in sent(client, f"{page(idle)}/delete", seen_on(client, f"{page(idle)}/delete"))
    assert "Idle" not in client.get(f"/cohorts/{found.id}").text

    proposed(client, cast, cohorts.whole_draft(sound))
    client.sign_in(cast.approver)
    sent(client, f"{page(sound)}/send-back", {"reason": "Made: say more"})
    client.sign_in(cast.programme_manager)
    assert "Delete this draft" not in client.get(page(sound)).text
    for refused in (client.get(f"{page(sound)}/delete"), client.post(f"{page(sound)}/delete")):
        assert (refused.status_code, "so it stays to be read" in refused.text) == (409, True)


def test_k6_a_draft_that_was_there_to_choose_from_stays_after_another_is_confirmed(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90, 80)
    rival, sound = cohorts.draft(found, rows[1], name="Rival"), cohorts.draft(found, rows[0], name="Sound")
    proposed(client, cast, cohorts.whole_draft(sound))
    sent(client, f"{page(sound)}/confirm")
    client.sign_in(cast.programme_manager)
    assert cohorts.whole_draft(rival).status is DraftStatus.OPEN, "it shares nobody with the other"
    assert "Delete this draft" not in client.get(page(rival)).text
    refused = client.post(f"{page(rival)}/delete")
    assert (refused.status_code, "so its drafts stay to be read" in refused.text) == (409, True)


@pytest.mark.parametrize("meanwhile", ["another tab chose one", "one more application would be added"])
def test_k4_a_draft_is_filled_only_as_its_page_showed_who_is_in_it_and_who_would_be_added(
    client: ConformingClient, cast: Cast, db: Session, meanwhile: str
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90, 80)
    draft = cohorts.draft(found)
    client.sign_in(cast.programme_manager)
    early = seen_on(client, page(draft))
    if meanwhile == "another tab chose one":
        sent(client, at(draft, rows[0], "choose"))
    else:
        cohorts.ranked(found.round, 70)
    late = client.post(f"{page(draft)}/fill", data=early)
    assert late.status_code == 409
    assert "so nothing was done" in " ".join(late.text.split())
    assert len(cohorts.whole_draft(draft).places) == (meanwhile == "another tab chose one")
    assert "added by rank" in sent(client, f"{page(draft)}/fill", seen_on(client, page(draft)))


def test_k12_a_proposal_that_was_taken_over_says_so_on_its_page_and_on_the_form_and_names_link_to_applications(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90, 80)
    there = f"/cohort-proposals/{cohorts.proposal(found).id}"
    client.sign_in(cast.programme_manager)
    assert "taken over already" not in client.get(there).text
    assert f'href="/applications/{rows[0].id}"' in client.get(there).text
    sent(client, f"{there}/take-over", {"name": "Best"})
    made = db.query(CohortDraft).one()
    for where in (there, f"{there}/take-over"):
        shown = said(client, where)
        assert "It was taken over already, as" in shown
        assert f'href="{page(made)}">“Best”</a>' in shown
    again = client.post(f"{there}/take-over", data={"name": "Best"})
    assert again.status_code == 422
    assert f'href="{page(made)}">“Best”</a>' in " ".join(again.text.split())
