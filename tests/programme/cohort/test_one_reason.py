"""One reason for all choices over higher ranks that lack one; and what is said where no money is free, or nobody proposed yet."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from crm.kernel.money import Money
from crm.programme.cohort.models import Cohort
from tests import cohorts
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.cohort.test_choosing_between import said
from tests.programme.cohort.test_drafting import page
from tests.programme.cohort.test_proposed_before import reserved
from tests.programme.cohort.test_sharing import name_of
from tests.programme.pages import sent

WHY = "Made: the first shares a limit of subsidies"


@pytest.fixture
def found(db: Session) -> Cohort:
    return cohorts.cohort(cohorts.judged())


def test_P32_one_reason_is_given_to_all_that_are_chosen_over_higher_ranks_without_one(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    _best, one, other, last = cohorts.ranked(found.round, 90, 80, 70, 60)
    draft = cohorts.draft(found, one, other, last)
    client.sign_in(cast.programme_manager)
    lacks = "without a reason. 2 more lack one too: one reason can be given to all."
    assert lacks in said(client, page(draft))
    where = f"{page(draft)}/applications/{one.id}/choose"
    assert f'href="{where}">Give a reason' in said(client, f"{page(draft)}/propose"), (
        "the way to it is beside it"
    )
    named = f"Also chosen over higher ranks without a reason: {name_of(other)}, {name_of(last)}"
    assert named in said(client, where)
    given = {"amount": "50000", "reason": " - ", "is_for_all": "y"}
    assert client.post(where, data=given).status_code == 422
    sent(client, where, given | {"reason": WHY})
    db.expire_all()
    assert {each.reason for each in cohorts.whole_draft(draft).places} == {WHY}
    assert "without a reason" not in said(client, page(draft))
    assert "is_for_all" not in client.get(where).text, "no other lacks one now"
    told = said(client, f"{page(draft)}/pack")
    assert told.count(WHY) >= 3


def test_P32_without_the_tick_a_reason_is_given_to_one_choice_alone(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    _best, one, other = cohorts.ranked(found.round, 90, 80, 70)
    draft = cohorts.draft(found, one, other)
    client.sign_in(cast.programme_manager)
    assert "1 more lacks one too" in said(client, page(draft))
    sent(client, f"{page(draft)}/applications/{one.id}/choose", {"amount": "50000", "reason": WHY})
    db.expire_all()
    reasons = {each.application_id: each.reason for each in cohorts.whole_draft(draft).places}
    assert reasons == {one.id: WHY, other.id: ""}


def test_k28_a_waiting_list_beside_no_free_money_does_not_call_it_too_little(
    client: ConformingClient, cast: Cast, db: Session, found: Cohort
) -> None:
    best, waits = cohorts.ranked(found.round, 90, 80)
    reserved(found, Money.pounds(1_250_000))
    draft = cohorts.draft(found, best)
    client.sign_in(cast.approver)
    early = client.post(f"{page(draft)}/confirm")
    assert "is “Draft”. It has to be “Proposed” first." in " ".join(early.text.split())
    client.sign_in(cast.programme_manager)
    sent(client, f"{page(draft)}/propose", {"reserves": "1"})
    sent(client.sign_in(cast.approver), f"{page(draft)}/confirm")
    told = said(client, f"/cohorts/{found.id}/waiting-list")
    assert "Nobody on the waiting list can be awarded anything now: no money is free." in told
    assert f"{name_of(waits)}: asks for" in told
    assert "leaves too little" not in told
