"""An administrator makes the copy that somebody asked for: the person found, shown beside who asked, and noted (P52, N52)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from crm.accounts.queries import account
from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.privacy.models import DataRequest
from crm.privacy.workflow import RequestKind, RequestStatus
from tests import factories
from tests.accounts.test_copies import archive
from tests.cast import Cast
from tests.client import ConformingClient
from tests.privacy.test_requests import SEEN, contact, letters, worded
from tests.rules.privacy_samples import a_request

MADE = "copy_data_for_request"


def asked(**fields: Any) -> DataRequest:
    given = {"kind": RequestKind.ACCESS, "name": "Quilla Zanderby", "email": "quilla@zanderby.example"}
    return a_request(**given | fields)


def made(client: ConformingClient, found: DataRequest, table: str, row: Any, **sent: str) -> Any:
    """Make it as the page offers it, with the mark of what it showed."""
    here, person = f"/data-requests/{found.id}/copy", f"{table}:{row.id}"
    [seen] = SEEN.findall(client.get(f"{here}?person={person}").text)
    return client.post(here, data={"person": person, "seen": seen} | sent)


def acts(thing: Any) -> list[str]:
    return [each.act for each in entries_about(thing)]


def test_p52_an_administrator_makes_the_copy_of_a_contact_without_an_account(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known, found = contact(owner), asked()
    factories.enquiry(email=known.email, person_name=known.name, story="We make lamps.")
    client.sign_in(cast.administrator)
    request_page = client.get(f"/data-requests/{found.id}").text
    assert "Find the person and make the copy" in request_page
    assert "flask" not in request_page
    here = f"/data-requests/{found.id}/copy"
    assert f"person=person:{known.id}" in client.get(f"{here}?q=zanderby").text
    page = client.get(f"{here}?person=person:{known.id}").text
    assert "Your enquiries" in page
    assert "quilla@zanderby.example" in page

    text, data, _ = archive(made(client, found, "person", known))
    assert [each["story"] for each in data["held"]["Your enquiries"]] == ["We make lamps."]
    assert data["held"]["You at businesses"][0]["business"] == owner.name
    assert owner.name in text
    db.expire_all()
    [line] = entries_about(found)
    assert (line.act, line.actor_id) == (MADE, cast.administrator.id)
    assert line.values is not None
    assert line.values.changes["copy_of"] == [None, "Quilla Zanderby"]


def test_p52_the_copy_of_an_account_is_in_its_history_and_the_answer_says_that_it_was_made(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = asked(name=cast.founder.actor.name, email=cast.founder.email)
    client.sign_in(cast.administrator)
    here = f"/data-requests/{found.id}"
    assert "No copy has been made for this request yet" in client.get(f"{here}/answer").text
    _, data, _ = archive(made(client, found, "account", account(cast.founder.id)))

    assert data["email"] == cast.founder.email
    assert acts(account(cast.founder.id))[:1] == [MADE]
    for page in (here, f"{here}/answer"):
        assert (
            f"A copy was made on 24 November 2026 by {cast.administrator.actor.name}" in client.get(page).text
        )
    assert client.post(f"{here}/answer", data={"answer": "It is in the post."}).status_code == 303
    [letter] = letters(db, "data_request_answered")
    assert "We made the copy of your data on 24 November 2026." in worded(letter)
    assert found.status is RequestStatus.ANSWERED
    assert client.get(f"{here}/copy").status_code == 409


def test_n52_a_person_with_another_name_or_address_is_checked_and_one_with_neither_gets_no_copy_made(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known, found = contact(owner, email="older@zanderby.example"), asked()
    client.sign_in(cast.administrator)
    page = client.get(f"/data-requests/{found.id}/copy?person=person:{known.id}").text
    assert "The email address of the request is not an address of this person" in page
    assert made(client, found, "person", known).status_code == 422
    assert acts(found) == []
    archive(made(client, found, "person", known, checked="y"))

    other = contact(factories.business(), name="Abeni Foster", email="abeni@foster.example")
    page = client.get(f"/data-requests/{found.id}/copy?person=person:{other.id}").text
    assert "Neither the name nor the email address of the request is this person’s" in page
    assert "Make the copy" not in page
    assert made(client, found, "person", other, checked="y").status_code == 409
    assert acts(found) == [MADE]


def test_n52_a_shared_address_is_said_before_the_copy_has_the_entries_of_another(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known = contact(owner)
    contact(factories.business(), name="Abeni Foster")
    found = asked()
    client.sign_in(cast.administrator)

    page = client.get(f"/data-requests/{found.id}/copy?person=person:{known.id}").text
    assert "have an email address of this person, and count as theirs: Abeni Foster" in page
    assert made(client, found, "person", known).status_code == 422


def test_n52_no_copy_is_made_without_a_request_for_one(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known, found = contact(owner), asked(kind=RequestKind.ERASURE)
    here = f"/data-requests/{found.id}/copy"
    client.sign_in(cast.administrator)

    assert client.get(here).status_code == 409
    assert client.post(here, data={"person": f"person:{known.id}"}).status_code == 409
    assert client.sign_in(cast.auditor).get(f"/data-requests/{asked().id}/copy").status_code == 403


def test_p52_roles_and_acts_in_a_copy_name_their_business(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    client.sign_in(cast.founder)
    added = {"name": "Quilla Zanderby", "email": "quilla@zanderby.example"}
    assert client.post(f"/businesses/{owner.id}/people/new", data=added).status_code == 303
    text, data, _ = archive(client.get("/account/your-data.zip"))

    assert [each["for"] for each in data["held"]["Your roles"]] == [owner.name]
    assert data["did"][0]["business"] == owner.name
    assert f"Added person (business, {owner.name})" in text
