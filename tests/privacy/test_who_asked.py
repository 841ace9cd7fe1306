"""Who asked stands beside who would be erased, before anybody is, and the letter goes to who is erased (P52)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.angels.investors.workflow import AngelStatus
from crm.businesses.models import Business
from crm.kernel.clock import now
from crm.privacy.models import DataRequest, PersonErasure
from crm.privacy.rules import to_reader
from crm.privacy.workflow import RequestKind
from tests import claimed, factories, network, rounds
from tests.cast import BUSINESS, Cast
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


def test_p52_a_name_that_somebody_else_has_too_is_counted_where_it_stays_and_taken_out_of_own_rows(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    known = contact(owner, role="Founder, as Quilla Zanderby says")
    contact(factories.business(), email="other@made.example", phone=None)
    factories.conversation(owner, notes="Quilla Zanderby called")
    applied = rounds.application(owner, declared_by="Quilla Zanderby")
    client.sign_in(cast.administrator)
    made = proposal(client, asked(), known, db)
    assert made is not None
    page = client.get(f"/erasures/{made.id}").text
    assert "Other texts with this name, such as case notes and emails" in page
    assert "Applications of a business" in page

    assert confirm(client, cast, made) == 303
    [letter] = letters(db, "person_erased")
    said = worded(letter)
    assert "Other texts with this name, such as case notes and emails (1): somebody else here" in said
    assert "Applications of a business (1)" in said
    assert "Zanderby" not in known.role
    assert applied.declared_by == "Quilla Zanderby"


def test_p52_who_was_erased_is_not_found_again(client: ConformingClient, cast: Cast, db: Session) -> None:
    given = {"decided_at": now(), "reason": "Left", "erased_at": now(), "email": ""}
    gone = network.angel(None, AngelStatus.LEFT, name="Erased investor A-45FKQF", **given)
    account = factories.account(name="Erased person P-QPGBT8", email="p-qpgbt8@erased.invalid")
    former = factories.person(factories.business(), name="Former contact", email=None, phone=None)
    here = f"/data-requests/{asked().id}/erase"
    client.sign_in(cast.administrator)

    for words in ("erased", "p-qpgbt8", "former contact"):
        assert "Nobody was found" in client.get(f"{here}?q={words}").text
    for person in (f"angel:{gone.id}", f"account:{account.id}", f"person:{former.id}"):
        assert "Find the person to erase" in client.get(f"{here}?person={person}").text


def test_p52_a_request_leads_to_the_erasure_that_waits(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    client.sign_in(cast.administrator)
    found = asked()
    made = proposal(client, found, contact(owner), db)
    assert made is not None
    for each in (cast.administrator, cast.second_administrator):
        page = client.sign_in(each).get(f"/data-requests/{found.id}").text
        _, _, now_to_do = page.partition("What to do now")
        assert f"/erasures/{made.id}" in now_to_do
        assert "Open the proposal" in now_to_do


def test_p52_the_letter_speaks_to_the_reader_and_of_an_account_only_to_who_had_one(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    client.sign_in(cast.administrator)
    made = proposal(client, asked(), contact(owner), db)
    assert made is not None
    assert confirm(client, cast, made) == 303

    said = worded(letters(db, "person_erased")[0])
    assert "sign in with your account" not in said
    assert "reply to" in said
    assert "Their" not in said


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("Their account", "Your account"),
        ("Emails to them", "Emails to you"),
        ("Roles that they held", "Roles that you held"),
        ("Pitches that they followed, and their notes", "Pitches that you followed, and your notes"),
        ("Decisions on applications, and their letters", "Decisions on applications, and their letters"),
    ],
)
def test_a_letter_says_you_of_the_person_and_of_nothing_else(what: str, said: str) -> None:
    assert to_reader(what) == said


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("access", "you asked us for a copy of your data."),
        ("objection", "you objected to how we use your data."),
    ],
)
def test_p52_the_letter_about_more_time_says_what_the_reader_asked(
    client: ConformingClient, cast: Cast, db: Session, kind: str, words: str
) -> None:
    found = asked(kind=RequestKind(kind))
    client.sign_in(cast.administrator)
    client.post(f"/data-requests/{found.id}/extend", data={"reason": "Six years of emails"})

    assert words in worded(letters(db, "data_request_extended")[0])


def test_p52_what_hinders_names_the_business_and_the_sum_and_files_are_counted_with_links(
    client: ConformingClient, cast: Cast, db: Session, owner: Business
) -> None:
    award = claimed.award(BUSINESS)
    factories.document("award", award.id, name="quote.txt", kept_by_id=cast.founder.id)
    factories.document("award", award.id, name="other.txt")
    found = asked(name=cast.founder.actor.name, email=cast.founder.email)
    client.sign_in(cast.administrator)
    page = client.get(f"/data-requests/{found.id}/erase?person=account:{cast.founder.id}").text

    assert f"{award.amount.in_full()}: A business that they act for has an open award." in page
    assert "file that they handed in" in page
    assert f'href="/awards/{award.id}">quote.txt</a>' in page
    assert "other.txt" not in page
