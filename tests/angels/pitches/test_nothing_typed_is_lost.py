"""What is typed on the page of a pitch is there after any of its buttons, and a new pitch can begin as a copy."""

from __future__ import annotations

from crm.angels.introductions.models import Introduction
from crm.angels.pitches.models import PitchMark, PitchQuestion
from crm.angels.pitches.workflow import PitchStatus
from tests import network
from tests.angels.introductions.test_introducing import investor, shown
from tests.angels.people import own_business, rows
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

TYPED = {
    "question": "Who buys them?",
    "note": "Ask about margins",
    "message": "Write to me at a@made.example",
}


def test_what_is_typed_on_a_pitch_is_kept_across_each_of_its_buttons(
    cast: Cast, client: ConformingClient
) -> None:
    found = shown()
    client.sign_in(investor())
    refused = client.post(f"/pitches/{found.id}/request", data=TYPED)
    assert refused.status_code == 422
    for text in TYPED.values():
        assert text in refused.text
    saved = client.post(f"/pitches/{found.id}/mark", data=TYPED, follow_redirects=True).text
    assert [each.note for each in rows(PitchMark)] == [TYPED["note"]]
    assert "is not sent or saved yet" in saved
    for text in TYPED.values():
        assert text in saved
    asked = client.post(
        f"/pitches/{found.id}/ask", data=TYPED | {"note": "Other"}, follow_redirects=True
    ).text
    assert [each.question for each in rows(PitchQuestion)] == [TYPED["question"]]
    assert "Other" in asked
    assert TYPED["message"] in asked
    sent = {"message": "I made films", "note": "Other", "question": "And where?"}
    done = client.post(f"/pitches/{found.id}/request", data=sent, follow_redirects=True).text
    assert len(rows(Introduction)) == 1
    assert "Request sent" in done
    assert "And where?" in done
    plain = client.get(f"/pitches/{found.id}").text
    assert "And where?" not in plain


def test_a_pitch_begun_after_an_earlier_one_ended_can_be_a_copy_of_it(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(
        network.legal(own_business()),
        status=PitchStatus.WITHDRAWN,
        headline="Lamps of glass",
        terms="Our terms",
    )
    client.sign_in(cast.founder)
    begin = f"/businesses/{BUSINESS}/pitches/begin"
    page = client.get(begin).text
    assert f"{found.reference}: Lamps of glass" in page
    assert "Our terms" not in page
    copied = client.get(f"{begin}?copy=1").text
    assert 'value="Lamps of glass"' in copied
    assert "Our terms" in copied
