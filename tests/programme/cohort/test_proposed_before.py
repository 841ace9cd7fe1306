"""What the system proposed, read once it is out of date or its cohort is confirmed: it is told as what it was, never as proof of now."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from crm.funding.envelopes.rules import LedgerAccount, Movement, Subject
from crm.funding.envelopes.service import posting
from crm.kernel.clock import moment_in_words, now
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.programme.cohort.models import Cohort, CohortDraft
from tests import cohorts
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.cohort.test_choosing_between import said
from tests.programme.cohort.test_confirming import proposed
from tests.programme.cohort.test_drafting import page
from tests.programme.cohort.test_sharing import given, name_of
from tests.programme.pages import sent
from tests.statements import recording

NO_MORE = "no cohort that kept every limit and paid each the whole sum asked for had a higher total score."


def reserved(found: Cohort, amount: Money) -> None:
    """Another cohort reserved that much of the envelope."""
    assert found.envelope_id
    assert found.line
    about = Subject("envelope", found.envelope_id)
    accounts = LedgerAccount.FREE, LedgerAccount.RESERVED
    posting.write(
        posting.Posting(
            Movement.RESERVE, found.envelope_id, found.line, amount, *accounts, about, "Another cohort"
        ),
        by=SYSTEM,
    )


def confirmed(client: ConformingClient, cast: Cast, draft: CohortDraft) -> None:
    """Proposed by one and confirmed by another."""
    proposed(client, cast, cohorts.whole_draft(draft))
    sent(client, f"{page(draft)}/confirm")
    client.sign_in(cast.programme_manager)


def test_k8_once_the_cohort_is_confirmed_what_was_proved_is_told_with_its_day_and_as_no_proof_of_now(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90, 80)
    made = cohorts.proposal(found)
    rival, sound = cohorts.draft(found, *rows, name="Rival"), cohorts.draft(found, rows[0])
    confirmed(client, cast, sound)
    given(rows[1], Money.pounds(285_000))  # after it was confirmed: no part of what the proposal rests on
    for draft in (rival, sound):
        told = said(client, page(draft))
        assert ("Proved best" in told, "ut of date when" in told) == (False, False)
        assert f"When it was asked for, {NO_MORE}" in told
    told = said(client, f"/cohort-proposals/{made.id}")
    assert f"When it was asked for, on {moment_in_words(made.asked_at)}, {NO_MORE}" in told
    assert ("Proved best" in told, "out of date" in told) == (False, False)
    assert "What follows is as it was then." in told
    listed = said(client, f"/cohorts/{found.id}").split("Proposals by the system")[1]
    assert "Open it to see whether it was out of date when the cohort was confirmed." in listed


@pytest.mark.parametrize("changed", ["limit", "money"])
def test_k8_a_proposal_that_was_out_of_date_when_its_cohort_was_confirmed_says_so_ever_after(
    client: ConformingClient, cast: Cast, db: Session, changed: str
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90, 80)
    made = cohorts.proposal(found)
    draft = cohorts.draft(found, rows[0])
    if changed == "limit":
        given(rows[1], Money.pounds(285_000))  # of one that is not in the draft, alone in its enterprise
        what = f"{name_of(rows[1])} could be given £30,000.00 of subsidies by then, not £50,000.00."
    else:
        reserved(found, Money.pounds(1_240_000))
        what = "Only £60,000 was free by then. This proposal awards £100,000."
    confirmed(client, cast, draft)
    told = said(client, f"/cohort-proposals/{made.id}")
    on = moment_in_words(cohorts.whole_draft(draft).confirmed_at or now())
    assert f"This proposal was out of date when the cohort was confirmed, on {on}." in told
    assert (what in told, "Proved best" in told, NO_MORE in told) == (True, False, True)
    told = said(client, page(draft))
    assert f"{NO_MORE} It was out of date when the cohort was confirmed." in told


def test_k14_the_list_of_proposals_says_where_it_is_said_whether_one_is_out_of_date(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    rows = cohorts.ranked(found.round, 90, 80)
    early = cohorts.proposal(found)
    client.sign_in(cast.programme_manager)
    given(rows[0], Money.pounds(285_000))
    listed = said(client, f"/cohorts/{found.id}")
    assert "Worked out</strong>" in listed
    assert "Each is as it was worked out then. Open it to see whether it is out of date." in listed
    told = said(client, f"/cohort-proposals/{early.id}")
    assert "This proposal is out of date" in told
    assert "Out of date</strong> Asked for by" in told


@pytest.mark.engine("sqlite")
def test_P53_a_cohort_with_proposals_asks_the_database_as_often_for_four_of_them_as_for_one(
    app: Flask, client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = cohorts.cohort(cohorts.judged())
    cohorts.ranked(found.round, 90, 80, 75)
    client.sign_in(cast.programme_manager)
    counts = []
    for more in (1, 3):
        for _ in range(more):
            cohorts.proposal(found)
        db.expire_all()
        with recording(app) as heard:
            assert client.get(f"/cohorts/{found.id}").status_code == 200
        counts.append(len(heard))
        assert heard.while_rendering == []
    assert counts == [14, 14], "whether one still fits is read on its own page"
