"""The people of ticked businesses are written to: only where it was agreed, each once, and told who was left out and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.workflow import AccountStatus
from crm.businesses.models import Business
from crm.businesses.queries.seeing import latest_consents
from crm.businesses.workflow import BusinessStatus, ConsentPurpose
from crm.casework.models import WrittenEmail
from crm.casework.queries.emails import reason_not_to_send
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.errors import Changed, Conflict, Invalid, NotAllowed
from crm.lists.models import BulkChange
from crm.lists.service import changing
from crm.lists.service.deeds import Words
from crm.notices.workflow import LetterStatus
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.lists.mailed import NEWS, TYPED, WORDS, agreed, consent, email, letters, somebody

ROBIN, SASHA = (
    {"name": "Robin Made", "email": "robin@made.example"},
    {"name": "Sasha Made", "email": "sasha@made.example"},
)


@pytest.fixture
def some(owner: Business) -> list[Business]:
    """Three businesses that agreed to news: two of one person, one of another."""
    return [
        agreed("Made Ash", owner.hub_id, ROBIN),
        agreed("Made Birch", owner.hub_id, ROBIN),
        agreed("Made Cedar", owner.hub_id, SASHA),
    ]


def reasons(found: Any) -> dict[str, str]:
    return {each.business.name: each.why for each in found.left_out}


def test_somebody_at_two_businesses_gets_one_email_and_both_records_show_it(
    cast: Cast, some: list[Business], db: Session
) -> None:
    found = changing.weigh(email(some), by=cast.adviser.actor)
    assert (len(found.to), found.emails, found.left_out) == (3, 2, ())

    made = changing.change(email(some), seen=found.mark, by=cast.adviser.actor)

    assert [(each.to_address, each.reply_to) for each in letters()] == [
        ("robin@made.example", cast.adviser.email),
        ("sasha@made.example", cast.adviser.email),
    ]
    rows = list(db.scalars(select(WrittenEmail).order_by(WrittenEmail.letter_id)))
    assert {each.business_id for each in rows} == {each.id for each in some}
    assert len({each.letter_id for each in rows}) == 2
    assert [each["name"] for each in made.done] == ["Made Ash", "Made Birch", "Made Cedar"]


def test_the_words_are_kept_as_they_leave_with_no_link_that_can_be_pressed(
    cast: Cast, some: list[Business], db: Session
) -> None:
    found = changing.weigh(email(some[2:]), by=cast.adviser.actor)
    assert found.letter is not None
    assert "www[.]evil[.]example" in found.letter.text
    assert cast.adviser.actor.name in found.letter.text
    assert "because Made Cedar agreed to “News and events”" in found.letter.text

    changing.change(email(some[2:]), seen=found.mark, by=cast.adviser.actor)

    kept = db.scalars(select(WrittenEmail)).one()
    assert (kept.subject, kept.body) == (found.letter.subject, found.letter.text)


def test_only_a_consent_that_was_given_to_this_and_still_holds_counts(cast: Cast, owner: Business) -> None:
    never, other, over, again = (
        factories.business(name=f"Made {name}", hub_id=owner.hub_id) for name in ("A", "B", "C", "D")
    )
    for each in (never, other, over, again):
        somebody(each)
    consent(other, ConsentPurpose.KEEP_IN_TOUCH)
    before = now() - timedelta(days=30)
    for each in (over, again):
        consent(each, given_at=before, withdrawn_at=now() - timedelta(days=4))
    consent(again)

    found = changing.weigh(email((never, other, over, again)), by=cast.adviser.actor)

    assert [each.business.name for each in found.to] == ["Made D"]
    assert reasons(found) == {
        "Made A": "It has not agreed to “News and events”",
        "Made B": "It has not agreed to “News and events”",
        "Made C": "It withdrew its consent to “News and events” on 20 November 2026",
    }
    asked = Words("How are you?", "Tell me.", ConsentPurpose.KEEP_IN_TOUCH)
    found = changing.weigh(email((never, other), asked), by=cast.adviser.actor)
    assert [each.business.name for each in found.to] == ["Made B"]


def test_whoever_cannot_be_reached_is_left_out_and_it_says_why(cast: Cast, owner: Business) -> None:
    hub = owner.hub_id
    closed = factories.account(status=AccountStatus.DEACTIVATED)
    some = [
        agreed("Made A", hub, {"email": None}),
        agreed("Made B", hub, {"email": "gone@made.example", "left_on": today()}),
        agreed("Made C", hub, {"email": "shut@made.example", "account_id": closed.id}),
        agreed("Made D", hub, {"email": "bounced@made.example"}),
        agreed("Made E", hub, ROBIN),
        agreed("Made F", hub, {"email": "fine@made.example"}),
    ]
    some[4]._status, some[4].archived_reason = BusinessStatus.ARCHIVED, "Closed down"
    factories.letter(to_address="bounced@made.example", _status=LetterStatus.FAILED)
    factories.letter(
        to_address="fine@made.example", _status=LetterStatus.FAILED, queued_at=now() - timedelta(1)
    )
    factories.letter(to_address="fine@made.example", _status=LetterStatus.SENT, sent_at=now())

    found = changing.weigh(email(some), by=cast.adviser.actor)

    assert [each.business.name for each in found.to] == ["Made F"]
    said = reasons(found)
    assert said["Made A"] == said["Made B"] == "Nobody there has an email address"
    assert said["Made C"] == "Their account is closed"
    assert "could not be delivered" in said["Made D"]
    assert said["Made E"] == "Its record is archived"


def test_everyone_there_is_written_to_where_that_is_asked_and_those_without_address_are_named(
    cast: Cast, owner: Business
) -> None:
    one = agreed("Made A", owner.hub_id, ROBIN, SASHA, {"name": "Una Made", "email": None})

    found = changing.weigh(email((one,), to_all=True), by=cast.adviser.actor)

    assert [each.person.name for each in found.to[0].readers] == ["Robin Made", "Sasha Made"]
    assert [(each.person.name, each.why) for each in found.left_out if each.person] == [
        ("Una Made", "No email address")
    ]
    only = changing.weigh(email((one,)), by=cast.adviser.actor)
    assert [each.person.name for each in only.to[0].readers] == ["Robin Made"]


def test_the_same_words_are_sent_to_nobody_twice_however_they_were_ticked(
    cast: Cast, owner: Business, some: list[Business], db: Session
) -> None:
    by = cast.adviser.actor
    changing.change(email(some[:1]), seen=None, by=by)
    found = changing.weigh(email(some), by=by)
    assert reasons(found) == dict.fromkeys(
        ("Made Ash", "Made Birch"), "This was sent to them already, on 24 November 2026"
    )
    changing.change(email(some), seen=found.mark, by=by)
    with pytest.raises(Conflict):
        changing.change(email(some), seen=found.mark, by=by)
    assert [each.to_address for each in letters()] == ["robin@made.example", "sasha@made.example"]
    other = Words("Another", "Come.", NEWS)
    assert changing.weigh(email(some, other), by=by).emails == 2


def test_a_consent_withdrawn_after_the_preview_is_shown_again_and_one_withdrawn_later_stops_the_email(
    cast: Cast, some: list[Business]
) -> None:
    by = cast.adviser.actor
    seen = changing.weigh(email(some), by=by).mark
    held = consent(lone := agreed("Made Dill", some[0].hub_id, SASHA), ConsentPurpose.EVALUATION)
    assert held.withdrawn_at is None
    given = changing.weigh(email((*some, lone)), by=by)
    assert given.emails == 2
    _withdraw(some[2])
    with pytest.raises(Changed):
        changing.change(email(some), seen=seen, by=by)
    changing.change(email(some), seen=None, by=by)
    (letter,) = letters()
    assert reason_not_to_send(letter) is None
    _withdraw(some[0])
    assert reason_not_to_send(letter) is None, "the other business still agrees"
    _withdraw(some[1])
    assert reason_not_to_send(letter) == "Consent was withdrawn before the email left."


def _withdraw(owner: Business) -> None:
    latest_consents([owner.id], NEWS)[owner.id].withdrawn_at = now()
    session().flush()


def test_only_those_who_work_with_a_business_write_to_it_and_an_auditor_to_none(
    cast: Cast, some: list[Business], client: ConformingClient
) -> None:
    with pytest.raises(NotAllowed):
        changing.weigh(email(some), by=cast.auditor.actor)
    elsewhere = agreed("Made Elm", factories.hub().id, SASHA)
    found = changing.weigh(email((elsewhere,)), by=cast.adviser.actor)
    assert (found.to, found.left_out) == ((), ())
    client.sign_in(cast.auditor)
    ticked = TYPED | {"who": [str(each.id) for each in some]}
    assert client.post("/caseload/preview", data=ticked).status_code == 403
    assert client.post("/caseload/change", data=ticked).status_code == 403
    assert letters() == []


def test_an_adviser_writes_to_those_they_ticked_page_by_page(
    client: ConformingClient, cast: Cast, some: list[Business], db: Session
) -> None:
    bare = factories.business(name="Made Bare", hub_id=some[0].hub_id)
    who = {"who": [str(each.id) for each in (*some, bare)]}
    client.sign_in(cast.adviser)
    asking = client.post("/caseload/preview?sort=-name", data=who | {"deed": "email"})
    assert (asking.status_code, "Email 4 businesses" in asking.text) == (200, True)
    preview = client.post("/caseload/preview?sort=-name", data=who | TYPED)
    for words in ("2 people at 3 businesses get the email", "Robin Made", "1 is left out", "www[.]evil"):
        assert words in preview.text
    assert letters() == []
    seen = changing.weigh(email([*some, bare]), by=cast.adviser.actor).mark
    done = client.post("/caseload/change", data=who | TYPED | {"seen": seen})
    page = client.get(done.headers["Location"]).text
    for words in ("0 of 2 emails sent", "2 waiting", "It has not agreed to", "<progress", WORDS.subject):
        assert words in page
    again = client.post("/caseload/change", data=who | TYPED | {"seen": seen})
    assert again.status_code in (303, 409)
    assert db.scalar(select(func.count()).select_from(BulkChange)) == 1
    story = client.get(f"/businesses/{some[1].id}/activity").text
    assert f"{WORDS.subject} (email to Robin Made)" in story
    assert client.sign_in(cast.hub_manager).get(done.headers["Location"]).status_code == 404


def test_what_is_missing_is_said_at_the_field_and_what_was_typed_stays(
    client: ConformingClient, cast: Cast, some: list[Business]
) -> None:
    client.sign_in(cast.adviser)
    who = {"who": [str(each.id) for each in some]}
    for lacking, words in (
        ({"subject": ""}, "Enter a subject"),
        ({"body": ""}, "Enter a message"),
        ({"purpose": ""}, "Choose what it is about"),
        ({"body": "This comes next:\n- \nYours"}, "Fill in the line that has a dash"),
    ):
        for path in ("/caseload/preview", "/caseload/change"):
            answer = client.post(path, data=who | TYPED | lacking)
            assert answer.status_code == 422, path
            assert words in answer.text
            assert ("subject" in lacking) or WORDS.subject in answer.text
            assert ("body" in lacking) or "Come and see." in answer.text
    nobody = client.post("/caseload/preview", data=TYPED)
    assert (nobody.status_code, "Tick at least one business" in nobody.text) == (422, True)
    assert letters() == []


def test_too_many_people_at_once_are_refused(
    cast: Cast, some: list[Business], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.lists.service.mailing.MOST_EMAILS", 1)
    with pytest.raises(Invalid, match="This would go to 2 people"):
        changing.weigh(email(some), by=cast.adviser.actor)
