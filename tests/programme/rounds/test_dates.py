"""A round is published after one more look, and its dates can be moved later for everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from crm.kernel.clock import now, to_local
from crm.notices.models import Letter
from crm.programme.rounds.models import Round
from crm.programme.rounds.workflow import RoundStatus
from tests import rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import own
from tests.programme.pages import sent, typed


def dates(found: Round, **moved: datetime) -> dict[str, Any]:
    """The form of the dates as they are, but for those that are moved."""
    told: dict[str, Any] = {"reason": "The portal was down"}
    for name, column in (
        ("deadline", "deadline_at"),
        ("assess_from", "assess_from"),
        ("assess_until", "assess_until"),
    ):
        local = to_local(moved.get(name, getattr(found, column)))
        told |= typed(f"{local:%d %m %Y}", name=name) | {f"{name}_hour": f"{local:%H:%M}"}
    return told


def test_publishing_shows_once_more_what_is_published(cast: Cast, client: ConformingClient) -> None:
    found = rounds.round_(RoundStatus.DRAFT)
    client.sign_in(cast.programme_manager)
    page = client.get(f"/programme/rounds/{found.id}/publish")
    assert page.status_code == 200
    assert "After you publish, the questions and checks cannot be changed" in page.text
    assert rounds.whole(found).status is RoundStatus.DRAFT
    assert "Round published." in sent(client, f"/programme/rounds/{found.id}/publish")
    assert client.get(f"/programme/rounds/{found.id}/publish").status_code == 409


def test_what_lacks_is_said_before_a_round_is_published(cast: Cast, client: ConformingClient) -> None:
    found = rounds.bare_round(RoundStatus.DRAFT)
    client.sign_in(cast.programme_manager)
    assert "Add at least one section" in client.get(f"/programme/rounds/{found.id}/publish").text
    refused = client.post(f"/programme/rounds/{found.id}/publish")
    assert refused.status_code == 409
    assert "cannot be published yet" in refused.text


def test_a_deadline_moves_later_for_everybody_and_those_who_have_not_submitted_are_told(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = rounds.round_(assess_from=now() + timedelta(days=50))
    made = rounds.application(own(), found)
    later = found.deadline_at + timedelta(days=7)
    client.sign_in(cast.programme_manager)
    page = sent(client, f"/programme/rounds/{found.id}/postpone", dates(found, deadline=later))
    assert "Dates changed." in page
    assert abs(rounds.whole(found).deadline_at - later) < timedelta(minutes=1)
    letters = db.scalars(select(Letter).where(Letter.kind == "application_postponed")).all()
    assert [each.to_name for each in letters] == [cast.founder.account.name]
    told = entries_about(rounds.whole(found))[0]
    assert told.act == "postpone_round"
    shown = client.sign_in(cast.founder).get(f"/applications/{made.id}").text
    assert f"{to_local(later).day} {to_local(later):%B %Y}" in shown


@pytest.mark.parametrize("days", [-1, -60])
def test_a_deadline_never_moves_earlier(cast: Cast, client: ConformingClient, days: int) -> None:
    found = rounds.round_()
    client.sign_in(cast.programme_manager)
    earlier = found.deadline_at + timedelta(days=days)
    refused = client.post(f"/programme/rounds/{found.id}/postpone", data=dates(found, deadline=earlier))
    assert refused.status_code == 422
    assert "only be moved later" in refused.text


@pytest.mark.parametrize("closed_for", [timedelta(days=-30), timedelta(days=2, seconds=30)])
def test_21_the_time_of_assessing_is_moved_alone_also_after_the_deadline(
    closed_for: timedelta, cast: Cast, client: ConformingClient
) -> None:
    deadline = now() - closed_for
    found = rounds.round_(
        opens_at=now() - timedelta(days=60),
        deadline_at=deadline,
        assess_from=deadline + timedelta(seconds=90),
    )
    until = found.assess_until + timedelta(days=10)
    client.sign_in(cast.programme_manager)
    sent(client, f"/programme/rounds/{found.id}/postpone", dates(found, assess_until=until))
    assert abs(rounds.whole(found).assess_until - until) < timedelta(minutes=1)
    assert rounds.whole(found).deadline_at == deadline


def test_dates_are_for_managers_and_for_published_rounds(cast: Cast, client: ConformingClient) -> None:
    found, draft = rounds.round_(), rounds.round_(RoundStatus.DRAFT)
    assert client.sign_in(cast.lead_assessor).get(f"/programme/rounds/{found.id}/postpone").status_code == 403
    client.sign_in(cast.programme_manager)
    assert client.get(f"/programme/rounds/{draft.id}/postpone").status_code == 409
