"""A question and its letters: an answer is told through the gate, and a raise that has ended leaves nothing to answer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from crm.angels.pitches.feature import FEATURE
from crm.angels.pitches.models import Promotion
from crm.angels.pitches.workflow import Channel, PitchStatus
from crm.kernel.clock import now
from tests import network
from tests.angels.people import letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient

ANSWERED = "pitch_answered"


def shown() -> network.Pitch:
    return network.pitch(network.legal(own_business()))


def text_of(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def test_an_answer_is_told_to_its_asker_by_a_letter_that_the_gate_lets_go(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found, open_, closed = shown(), network.admitted(), network.admitted()
    asked = [network.question(found, each, question="Who owns the music?") for each in (open_, closed)]
    client.sign_in(cast.founder)
    for each in asked:
        sent = client.post(f"/questions/{each.id}/answer", data={"answer": "We own it."})
        assert sent.status_code == 303
    told = {each.to_address: each for each in letters(ANSWERED)}
    assert set(told) == {open_.email, closed.email}
    assert "We own it" not in str([each.context for each in told.values()])
    assert found.headline not in str([each.context for each in told.values()])
    for each in rows(network.Certification):
        if each.account_id == closed.id:
            each.revoked_at, each.revoked_reason = now(), "Made"
    db.flush()
    gate = FEATURE.send_gates[ANSWERED]
    assert gate(told[open_.email]) is None
    assert "blocked" in str(gate(told[closed.email]))
    (row,) = [each for each in rows(Promotion) if each.channel is Channel.LETTER]
    assert (row.account_id, row.pitch_id, row.item) == (open_.id, found.id, "An answer to a question")
    page = text_of(client.sign_in(open_), "/pitches/following")
    assert "Who owns the music?" in page
    assert "Answered " in page
    assert f"/pitches/{found.id}" in page


def test_a_raise_that_has_ended_leaves_no_to_do_no_form_and_tells_the_asker(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = shown(), network.admitted()
    network.pitch(network.legal(network.factories.business()))
    asked = network.question(found, owner, question="Who owns the music?")
    client.sign_in(cast.founder)
    assert f"question from an investor about {found.reference}" in client.get("/desk").text
    assert f"/raises/{found.id}#questions" in client.get("/desk").text
    assert f"/questions/{asked.id}/answer" in client.get(f"/raises/{found.id}").text
    sent = {"closed_as": "unfunded", "why": "too_early"}
    assert client.post(f"/raises/{found.id}/close", data=sent).status_code == 303
    assert network.whole(found).status is PitchStatus.CLOSED
    assert "question from an investor" not in client.get("/desk").text
    page = text_of(client, f"/raises/{found.id}")
    assert "not answered before the raise ended" in page
    assert f"/questions/{asked.id}/answer" not in page
    assert client.get(f"/questions/{asked.id}/answer").status_code == 409
    late = client.post(f"/questions/{asked.id}/answer", data={"answer": "We own all of it."})
    assert late.status_code == 409
    assert "This raise has ended" in late.text
    assert "We own all of it." in late.text  # what was typed is still there
    (letter,) = letters("question_closed")
    assert letter.to_address == owner.email
    assert letter.context["question"] == "Who owns the music?"
    assert found.headline not in str(letter.context)
    following = text_of(client.sign_in(owner), "/pitches/following")
    assert "The raise has ended, so this will not be answered." in following
    assert f'href="/pitches/{found.id}"' not in following
