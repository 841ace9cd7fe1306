"""Two answers to one referral, or to one letter about hours, at the same moment: one counts, the other is told."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from crm.audit import queries as trail
from crm.businesses.queries.seeing import business
from crm.casework import queries as casework
from crm.casework.service import counting
from crm.casework.workflow import HoursStatus
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import NotFound
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices.models import Letter
from crm.referrals import queries
from crm.referrals.models import Referral
from crm.referrals.service import answering, sending
from crm.referrals.service.answering import Came
from crm.referrals.workflow import Outcome, ReferralStatus
from tests import factories
from tests.faults.test_two_at_once import put
from tests.faults.together import browser, in_threads, meet_in, overlapping, together
from tests.houses import database


def referred(app: Flask) -> UUID:
    """A referral that waits for an answer, committed."""
    with database(app).transaction():
        made: Referral = factories.sent_referral(factories.business())
        return made.id


def test_a15_of_an_acceptance_and_a_refusal_at_one_moment_one_counts_and_the_other_is_told(
    furnished: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral_id = referred(furnished)
    accepting, declining = (browser(furnished, put(furnished, Role.ADVISER)) for _ in range(2))
    meet_in(monkeypatch, answering, "accept", "decline")
    answers = in_threads(
        lambda: accepting.send(f"/referrals/{referral_id}/accept"),
        lambda: declining.send(f"/referrals/{referral_id}/decline", {"reason": "Full"}),
    )
    codes = [answer.status_code for answer in answers]
    with database(furnished).reading():
        kept = queries.referral(referral_id)
        assert kept is not None
        acts = [entry.act for entry in trail.entries_about(kept)]
    # Where the one waits for the other, a refusal may follow an acceptance; never are both done on what each saw first.
    if codes == [303, 303]:
        assert kept.status is ReferralStatus.DECLINED
        assert set(acts) == {"accept_referral", "decline_referral"}
    else:
        assert sorted(codes) == [303, 409]
        assert len(acts) == 1
        assert kept.status is (ReferralStatus.ACCEPTED if codes[0] == 303 else ReferralStatus.DECLINED)


def test_a15_a_link_answered_twice_at_one_moment_counts_once(furnished: Flask) -> None:
    referral_id = referred(furnished)
    with database(furnished).transaction():
        token = links.mint(Purpose.REPLY, str(referral_id))
    ended = together(
        furnished,
        lambda: answering.accept_by_link(token),
        lambda: answering.decline_by_link(token, "Full"),
        lambda: answering.complete_by_link(token, Came(Outcome.HELPED)),
    )
    assert sum(isinstance(each, Referral) for each in ended) == 1
    assert sum(isinstance(each, NotFound) for each in ended) == 2


def test_a02_completed_twice_at_one_moment_it_is_completed_once(furnished: Flask) -> None:
    referral_id = referred(furnished)

    def complete() -> None:
        found = queries.referral(referral_id)
        assert found is not None
        answering.complete(found, Came(Outcome.HELPED), by=SYSTEM)

    first, second = overlapping(furnished, complete, complete)
    assert first is None
    assert isinstance(second, Exception)
    with database(furnished).reading():
        letters = select(func.count()).select_from(Letter).where(Letter.kind == "referral_helped")
        assert session().scalar(letters) == 1


def test_a13_two_workers_at_once_ask_once(furnished: Flask) -> None:
    with database(furnished).transaction():
        late = now().date().replace(year=now().year - 1)
        factories.sent_referral(factories.business(), due_on=late)
    overlapping(furnished, sending.chase_or_lapse, sending.chase_or_lapse)
    with database(furnished).reading():
        letters = select(func.count()).select_from(Letter).where(Letter.kind == "referral_chased")
        assert session().scalar(letters) == 1


def test_hours_answered_twice_at_one_moment_are_answered_once(furnished: Flask) -> None:
    with database(furnished).transaction():
        owner = factories.business()
        row = factories.hours(owner, asked_at=now())
        business_id, hours_id = owner.id, row.id
        person = factories.person(owner, name="Jo")
        token = links.mint(Purpose.HOURS, f"{business_id}/{person.id.hex[:16]}")

    def answer() -> None:
        counting.answer_by_link(token, counting.HoursAnswer({hours_id}, "Jo"))

    first, second = overlapping(furnished, answer, answer)
    assert first is None
    assert isinstance(second, Exception)
    with database(furnished).reading():
        found = business(business_id)
        assert found is not None
        assert [each.status for each in casework.hours_of(business_id)] == [HoursStatus.CONFIRMED]
