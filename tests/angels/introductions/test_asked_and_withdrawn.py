"""A founder's mailbox is not filled by an investor who asks and withdraws, and an investor is judged by real introductions."""

from __future__ import annotations

from crm.angels.introductions import queries
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.workflow import IntroductionStatus as S
from crm.angels.pitches.workflow import PitchStatus
from crm.db.states import advance
from crm.notices.models import Letter
from crm.notices.workflow import MACHINE, Act, LetterStatus
from tests import network
from tests.angels.introductions.test_introducing import investor, shown
from tests.angels.people import letters, own_business, rows
from tests.cast import Cast
from tests.client import ConformingClient

ASKED, WITHDRAWN = "introduction_requested", "introduction_withdrawn"


def waiting() -> list[str]:
    return [each.kind for each in rows(Letter) if each.status is LetterStatus.QUEUED]


def asked_and_withdrawn(client: ConformingClient, found: network.Pitch, *, words: str) -> int:
    answer = client.post(f"/pitches/{found.id}/request", data={"message": words})
    if answer.status_code == 303:
        (made,) = [each for each in rows(Introduction) if each.status is S.REQUESTED]
        client.post(f"/introductions/{made.id}/take-back")
    return answer.status_code


def test_asking_and_withdrawing_over_and_over_ends_in_words_and_sends_the_founder_nothing(
    cast: Cast, client: ConformingClient
) -> None:
    found = shown()
    client.sign_in(investor())
    said = [asked_and_withdrawn(client, found, words=f"Films of the year {number}") for number in range(4)]
    assert said == [303, 303, 429, 429]
    assert len(rows(Introduction)) == 2
    assert waiting() == []
    refused = client.post(f"/pitches/{found.id}/request", data={"message": "A last word"}).text
    assert "You have asked this business twice today" in refused
    assert "A last word" in refused


def test_a_founder_who_was_told_of_a_request_is_told_that_it_was_withdrawn(
    cast: Cast, client: ConformingClient
) -> None:
    found = shown()
    client.sign_in(investor()).post(f"/pitches/{found.id}/request", data={"message": "Films"})
    (first,) = letters(ASKED)
    first.sent_at = first.queued_at
    advance(MACHINE, first, Act.TAKE)
    advance(MACHINE, first, Act.MARK_SENT)
    (made,) = rows(Introduction)
    client.post(f"/introductions/{made.id}/take-back")
    assert waiting() == [WITHDRAWN]


def test_the_page_of_a_request_counts_only_meetings_that_a_business_agreed_to(
    cast: Cast, client: ConformingClient
) -> None:
    found, owner = shown(), investor()
    client.sign_in(owner)
    for words in ("Films", "Games"):
        assert asked_and_withdrawn(client, found, words=words) == 303
    last = network.introduction(found, owner)
    page = client.sign_in(cast.founder).get(f"/introductions/{last.id}").text
    assert "No introductions yet" in page
    assert "Followed through" not in page
    client.post(f"/introductions/{last.id}/agree", data={"contacts": str(cast.founder.id)})
    assert queries.keeping_of(owner.id) == queries.Answering(1, 1)


def test_a_pitch_that_was_never_published_says_nothing_of_requests(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(own_business(), status=PitchStatus.DRAFT)
    client.sign_in(cast.founder)
    assert "answered in time" not in client.get(f"/raises/{found.id}").text
    assert "No requests so far" not in client.get(f"/raises/{found.id}").text
