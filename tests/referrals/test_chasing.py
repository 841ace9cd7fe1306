"""What is late is asked for once, and a skipped day is caught up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.kernel.clock import today
from crm.kernel.errors import NotFound
from crm.referrals.service import answering, sending
from crm.referrals.service.preparing import ReferralDetails
from crm.referrals.workflow import ReferralStatus
from tests.cast import Cast
from tests.referrals.made import letters, sent, token_of


def test_a13_what_is_late_is_asked_for_once_and_a_skipped_day_is_caught_up(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session, clock: Any
) -> None:
    made = sent(cast, owner, details)
    due = made.due_on
    assert due is not None
    sending.chase_or_lapse()
    assert letters(db, "referral_chased") == []
    clock.move_to(datetime(due.year, due.month, due.day, 10, tzinfo=UTC) + timedelta(days=4))
    for _ in range(3):
        sending.chase_or_lapse()
    assert len(letters(db, "referral_chased")) == 1
    assert made.due_on is not None
    assert made.due_on > today()


def test_a13_asked_twice_without_an_answer_it_lapses_and_comes_back(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session, clock: Any
) -> None:
    made = sent(cast, owner, details)
    for _ in range(5):
        clock.shift(40 * 24 * 3600)
        sending.chase_or_lapse()
    assert made.status is ReferralStatus.LAPSED
    assert len(letters(db, "referral_chased")) == 2
    assert len(letters(db, "referral_lapsed")) == 1
    with pytest.raises(NotFound):
        answering.accept_by_link(token_of(made))


def test_a_provider_that_has_answered_is_not_chased(
    cast: Cast, owner: Business, details: ReferralDetails, db: Session, clock: Any
) -> None:
    made = sent(cast, owner, details)
    answering.accept(made, by=cast.provider.actor)
    clock.shift(90 * 24 * 3600)
    sending.chase_or_lapse()
    assert letters(db, "referral_chased") == []
