"""A contact is removed from a business, once the page said what comes of it; it can be undone (P52)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from crm.accounts.queries import account
from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.queries.seeing import people_of
from crm.kernel.clock import today
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.referrals.made import agree


def where(person: Any) -> str:
    return f"/businesses/{BUSINESS}/people/{person.id}"


def test_p52_a_contact_is_removed_after_the_page_said_what_happens(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    factories.person(owner, name="Ann Other", email="ann@made.example")
    gone = factories.person(owner, name="Quilla Zanderby", email="quilla@zanderby.example")
    client.sign_in(cast.adviser)
    assert f"{where(gone)}/remove" in client.get(where(gone)).text
    page = client.get(f"{where(gone)}/remove").text
    for words in (
        "nobody can choose Quilla Zanderby",
        "Their name stays on what was recorded",
        "months after today",
        "Nobody gets an email about it",
        "It can be undone",
    ):
        assert words in page
    assert "is the only contact" not in page
    assert gone.left_on is None

    assert client.post(f"{where(gone)}/remove").status_code == 303
    db.expire_all()
    assert gone.left_on == today()
    [line] = entries_about(owner, act="remove_person")
    assert line.actor_id == cast.adviser.id
    assert client.post(f"{where(gone)}/remove").status_code == 409
    assert "A person was removed" in client.get(f"/businesses/{BUSINESS}/activity").text
    again = {"name": "Quilla Zanderby", "email": "quilla@zanderby.example"}
    again |= {f"left_on-{each}": "" for each in ("day", "month", "year")}
    assert client.post(where(gone), data=again).status_code == 303
    db.expire_all()
    assert gone.left_on is None


def test_p52_who_is_added_again_is_said_to_have_left(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    gone = factories.person(owner, name="Quilla Zanderby", email="quilla@zanderby.example")
    client.sign_in(cast.adviser)
    client.post(f"{where(gone)}/remove")
    again = {"name": "Quilla Zanderby", "email": "quilla@zanderby.example"}

    page = client.post(f"/businesses/{BUSINESS}/people/new", data=again).text
    assert "To undo it, remove the date from “Left on”" in page


def test_p52_the_only_contact_and_an_owner_are_said_before(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    for each in people_of(owner.id):
        each.left_on = today()
    known = account(cast.founder.id)
    assert known is not None
    gone = factories.person(owner, name=known.name, email=known.email, account_id=known.id)
    client.sign_in(cast.adviser)
    page = client.get(f"{where(gone)}/remove").text

    assert f"{known.name} is the only contact" in page
    assert "They can still sign in as an owner" in page
    assert "Applications, awards, claims and pledges" in page


def test_p52_what_is_open_with_them_and_what_they_agreed_to_is_said_to_staff(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    gone = factories.person(owner, name="Jo Maker", email="jo@maker.example")
    agree(owner)
    factories.sent_referral(owner, person_id=gone.id)
    page = client.sign_in(cast.adviser).get(f"{where(gone)}/remove").text
    assert "They gave the consent “Referring you to others”" in page
    assert "A referral that names them is open." in page
    assert "Complete or withdraw it first" not in page

    page = client.sign_in(cast.founder).get(f"{where(gone)}/remove").text
    assert "A referral that names them is open." not in page
    assert client.post(f"{where(gone)}/remove").status_code == 303


def test_n52_nobody_else_removes_a_contact(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    gone = factories.person(owner)

    assert client.sign_in(cast.angel).post(f"{where(gone)}/remove").status_code == 404
