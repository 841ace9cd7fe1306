"""A form that was open when the raise closed says so, keeps what was typed, and shows nothing of the pitch."""

from __future__ import annotations

import pytest

from crm.angels.deals.models import Pledge
from crm.angels.diligence.models import DiligenceItem
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.pitches.models import Pitch, PitchQuestion
from crm.angels.pitches.service import pitching
from crm.angels.pitches.service.pitching import Outcome
from crm.angels.pitches.workflow import ClosedAs
from crm.angels.syndicates.models import SyndicateLead
from crm.db.session import session
from crm.evidence.workflow import UnmetReason
from tests import network
from tests.angels.deals.test_investing import raised
from tests.angels.people import rows
from tests.cast import Cast
from tests.client import ConformingClient

CLOSED = "This raise has closed, so what you sent was not recorded."
FORMS = {
    "pledge": ({"amount": "4,500"}, "4,500", Pledge),
    "ask": ({"question": "Who owns the name?"}, "Who owns the name?", PitchQuestion),
    "request": ({"message": "Animation is what I know."}, "Animation is what I know.", Introduction),
    "lead": ({"message": "I have led two raises."}, "I have led two raises.", SyndicateLead),
    "mark": ({"note": "Ask about margins."}, "Ask about margins.", None),
}


def close(found: Pitch, cast: Cast) -> None:
    whole = network.whole(found)
    outcome = Outcome(ClosedAs.UNFUNDED, why=UnmetReason.TOO_EARLY)
    pitching.close(whole, outcome, by=cast.founder.actor)
    session().flush()


@pytest.mark.parametrize("name", FORMS)
def test_k33_what_is_sent_about_a_raise_that_closed_meanwhile_is_told_so_and_kept(
    cast: Cast, client: ConformingClient, name: str
) -> None:
    found, (sent, typed, kind) = raised(), FORMS[name]
    owner = network.admitted()
    client.sign_in(owner)
    assert client.get(f"/pitches/{found.id}").status_code == 200
    close(found, cast)
    answer = client.post(f"/pitches/{found.id}/{name}", data=sent)
    assert answer.status_code == 409
    assert CLOSED in " ".join(answer.text.split())
    assert typed in answer.text
    assert found.headline not in answer.text
    assert network.whole(found).business.name not in answer.text
    assert kind is None or rows(kind) == []


def test_k33_one_who_may_see_no_pitches_is_told_nothing_of_a_raise_that_closed(
    cast: Cast, client: ConformingClient
) -> None:
    found = raised()
    close(found, cast)
    client.sign_in(network.investor())
    assert client.post(f"/pitches/{found.id}/pledge", data={"amount": "4,500"}).status_code == 404
    draft = network.pitch(network.legal(network.whole(found).business), network.PitchStatus.DRAFT)
    client.sign_in(network.admitted())
    assert client.post(f"/pitches/{draft.id}/pledge", data={"amount": "4,500"}).status_code == 404


def test_k33_questions_of_due_diligence_that_were_typed_are_kept_when_the_raise_closed(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = raised(), network.admitted()
    meeting = network.introduction(found, owner, IntroductionStatus.AGREED)
    client.sign_in(owner)
    close(found, cast)
    answer = client.post(f"/introductions/{meeting.id}/due-diligence/ask", data={"own": "Who owns Otter?"})
    assert answer.status_code == 409
    assert "Who owns Otter?" in answer.text
    assert "This pitch has ended, so nothing more can be asked." in answer.text
    assert rows(DiligenceItem) == []
