"""Who asked stands beside who would be erased, before anybody is, and the letter goes to who is erased (P52)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.privacy.models import DataRequest, PersonErasure
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.privacy.test_requests import SEEN, confirm, contact, letters, worded
from tests.rules.privacy_samples import a_request

TICK = "I have checked that this is the person who asked"


def asked(**fields: Any) -> DataRequest:
    return a_request(**{"name": "Quilla Zanderby", "email": "quilla@zanderby.example"} | fields)


def proposal(
    client: ConformingClient, found: DataRequest, row: Any, db: Session, **sent: str
) -> PersonErasure | None:
    """Propose it as the page offers it; None where it does not, or refuses."""
    here, person = f"/data-requests/{found.id}/erase", f"person:{row.id}"
    page = client.get(f"{here}?person={person}").text
    [seen] = SEEN.findall(page)
    client.post(here, data={"person": person, "reason": "They asked", "seen": seen} | sent)
    db.expire_all()
    return db.query(PersonErasure).one_or_none()


def test_p52_nobody_is_erased_for_a_request_with_another_name_and_address(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    other = contact(owner, name="Abeni Foster", email="abeni@foster.example")
    found = asked()
    client.sign_in(cast.administrator)
    page = client.get(f"/data-requests/{found.id}/erase?person=person:{other.id}").text

    assert "Neither the name nor the email address of the request is this person’s" in page
    for each in ("Quilla Zanderby", "quilla@zanderby.example", "Abeni Foster", "abeni@foster.example"):
        assert each in page
    assert "Propose to erase" not in page
    assert proposal(client, found, other, db, checked="y") is None


def test_p52_a_namesake_with_another_address_is_proposed_only_with_a_tick_and_gets_the_letter(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known = contact(owner, email="older@zanderby.example")
    found = asked()
    client.sign_in(cast.administrator)
    page = client.get(f"/data-requests/{found.id}/erase?person=person:{known.id}").text
    assert "The email address of the request is not an address of this person" in page
    assert "The letter that tells them goes to older@zanderby.example" in page
    assert TICK in page
    assert proposal(client, found, known, db) is None

    made = proposal(client, found, known, db, checked="y")
    assert made is not None
    mine = client.get(f"/erasures/{made.id}").text
    theirs = client.sign_in(cast.second_administrator).get(f"/erasures/{made.id}").text
    for each in (mine, theirs):
        assert "The email address of the request is not an address of this person" in each
        assert "quilla@zanderby.example" in each
        assert "this letter goes to older@zanderby.example" in theirs
    assert confirm(client, cast, made) == 303
    [letter] = letters(db, "person_erased")
    assert (letter.to_address, letter.to_name) == ("older@zanderby.example", "Quilla Zanderby")


def test_p52_the_same_address_with_another_name_is_checked_too(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known = contact(owner)
    client.sign_in(cast.administrator)

    assert proposal(client, asked(name="Quilla Marlow"), known, db) is None


def test_p52_a_name_is_known_in_whichever_order_it_is_written(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known = contact(owner)
    client.sign_in(cast.administrator)

    assert proposal(client, asked(name="zanderby, QUILLA", email=None, contact="1 Made Street"), known, db)


def test_p52_a_name_of_several_without_an_address_is_checked(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known = contact(owner)
    contact(factories.business(), email="other@made.example", phone=None)
    client.sign_in(cast.administrator)
    found = asked(email=None, contact="1 Made Street")

    assert proposal(client, found, known, db) is None
    assert proposal(client, found, known, db, checked="y") is not None


def test_p52_the_letter_is_shown_with_the_name_of_who_confirms(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    client.sign_in(cast.administrator)
    made = proposal(client, asked(), contact(owner), db)
    assert made is not None
    assert "The administrator who confirms" in client.get(f"/erasures/{made.id}").text
    second = cast.second_administrator
    name = second.actor.name
    page = client.sign_in(second).get(f"/erasures/{made.id}").text
    assert "The administrator who confirms" not in page
    assert f"{name}\n" in page

    assert confirm(client, cast, made) == 303
    [letter] = letters(db, "person_erased")
    assert name in worded(letter)
