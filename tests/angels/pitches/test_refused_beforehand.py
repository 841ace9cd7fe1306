"""What cannot be done with a pitch is refused before its form, with what to do instead; a pitch in screening can be taken back."""

from __future__ import annotations

import pytest

from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.workflow import PitchStatus
from tests import factories, network
from tests.angels.people import own_business
from tests.cast import Cast
from tests.client import ConformingClient

P = PitchStatus


def test_a_second_pitch_is_refused_before_its_form_and_the_first_is_named(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(own_business(), P.PAUSED)
    client.sign_in(cast.founder)
    for answer in (
        client.get(f"/businesses/{found.business_id}/pitches/begin"),
        client.post(f"/businesses/{found.business_id}/pitches/begin", data={"headline": "Another"}),
    ):
        assert answer.status_code == 409
        assert f"already has a pitch, {found.reference}" in answer.text
    listed = client.get("/raises").text
    assert "/pitches/begin" not in listed
    assert f"already has a pitch, {found.reference}" in listed
    assert "/pitches/begin" not in client.get(f"/businesses/{found.business_id}/money").text


@pytest.mark.parametrize("state", [P.SCREENING, P.PUBLISHED, P.PAUSED, P.WITHDRAWN])
def test_a_pitch_that_is_submitted_is_not_written_and_its_page_says_what_to_do(
    cast: Cast, client: ConformingClient, state: PitchStatus
) -> None:
    found = network.pitch(own_business(), state)
    client.sign_in(cast.founder)
    said = "has ended" if state is P.WITHDRAWN else "Reopen it for editing first"
    for where in ("write", "attach"):
        answer = client.get(f"/raises/{found.id}/{where}")
        assert answer.status_code == 409
        assert said in answer.text


def test_a_pitch_in_screening_is_taken_back_and_changed(cast: Cast, client: ConformingClient) -> None:
    found = network.pitch(network.legal(own_business()), P.SCREENING)
    client.sign_in(cast.founder)
    assert "Reopen for editing" in client.get(f"/raises/{found.id}").text
    assert client.post(f"/raises/{found.id}/revise").status_code == 303
    assert network.whole(found).status is P.DRAFT
    assert client.get(f"/raises/{found.id}/write").status_code == 200
    assert client.post(f"/raises/{found.id}/submit").status_code == 303


def test_n33_a_plain_loan_is_not_submitted_and_its_page_says_so_before(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(network.legal(own_business()), P.DRAFT, instrument=Instrument.LOAN)
    client.sign_in(cast.founder)
    page = client.get(f"/raises/{found.id}").text
    assert "held until the network has taken advice" in page
    assert f"/raises/{found.id}/submit" not in page
    refused = client.post(f"/raises/{found.id}/submit")
    assert refused.status_code == 409
    assert "Choose another type of investment" in refused.text
    assert network.whole(found).status is P.DRAFT


@pytest.mark.parametrize(
    ("state", "where"),
    [(P.DRAFT, "review"), (P.DRAFT, "refuse"), (P.PUBLISHED, "send-back"), (P.CLOSED, "review")],
)
def test_what_screening_cannot_do_now_is_refused_before_its_form(
    cast: Cast, client: ConformingClient, state: PitchStatus, where: str
) -> None:
    found = network.pitch(factories.business(), state)
    client.sign_in(cast.network_manager)
    assert client.get(f"/raises/{found.id}/{where}").status_code == 409


def test_an_answered_question_has_no_form(cast: Cast, client: ConformingClient) -> None:
    asked = network.question(network.pitch(own_business()))
    client.sign_in(cast.founder)
    assert client.get(f"/questions/{asked.id}/answer").status_code == 200
    assert client.post(f"/questions/{asked.id}/answer", data={"answer": "Yes"}).status_code == 303
    refused = client.get(f"/questions/{asked.id}/answer")
    assert refused.status_code == 409
    assert "has been answered already" in refused.text


def test_k18_a_pitch_begun_in_two_tabs_keeps_what_was_typed_in_the_second(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.founder)
    where = f"/businesses/{own_business().id}/pitches/begin"
    sent = {"headline": "First", "amount": "100,000", "instrument": "equity", "seis": "no", "eis": "no"}
    made = client.post(where, data=sent).headers["Location"]
    again = sent | {"headline": "Second", "amount": "250,000", "team": "Two founders\nand a producer"}
    refused = client.post(where, data=again)
    assert refused.status_code == 409
    assert "already has a pitch" in refused.text
    for kept in ('value="Second"', 'value="250,000"', "Two founders\nand a producer", f'href="{made}"'):
        assert kept in refused.text
    assert client.get(where).status_code == 409


@pytest.mark.parametrize(
    ("state", "where", "name"),
    [(P.PUBLISHED, "review", "words"), (P.DRAFT, "send-back", "reason"), (P.PUBLISHED, "refuse", "note")],
)
def test_k18_what_staff_typed_stays_where_a_pitch_has_moved_on_meanwhile(
    cast: Cast, client: ConformingClient, state: PitchStatus, where: str, name: str
) -> None:
    found = network.pitch(factories.business(), state)
    client.sign_in(cast.network_manager)
    refused = client.post(f"/raises/{found.id}/{where}", data={name: "All that I wrote"})
    assert refused.status_code == 409
    assert 'class="govuk-error-summary' in refused.text
    assert f'name="{name}"' in refused.text
    assert "All that I wrote" in refused.text
