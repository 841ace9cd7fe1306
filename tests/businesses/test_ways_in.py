"""A business and its people come in by a form, by a file and by a verb: no way takes what another refuses."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Business, Person
from crm.businesses.service import keeping, people
from crm.kernel.errors import BadInput, Refusal
from crm.kernel.permissions import SYSTEM
from tests.cast import Cast
from tests.client import ConformingClient

Way = Callable[[str, str], None]
WAYS = ("form", "file", "verb")


@pytest.fixture
def ways(app: Flask, client: ConformingClient, cast: Cast, db: Session, tmp_path: Path) -> dict[str, Way]:
    """Each way to add a business of this name with a person of this address."""

    def by_form(name: str, email: str) -> None:
        client.sign_in(cast.administrator)
        answer = client.post("/businesses/new", data={"name": name, "trading_place": "B1"})
        if answer.status_code == 303:
            where = answer.headers["Location"]
            client.post(f"{where}/people/new", data={"name": "Rae\nInvented", "email": email})

    def by_file(name: str, email: str) -> None:
        held = io.StringIO()
        rows = [
            ("name", "trading_postcode", "person_name", "person_email"),
            (name, "B1", "Rae\nInvented", email),
        ]
        csv.writer(held).writerows(rows)
        path = tmp_path / "file.csv"
        path.write_text(held.getvalue(), encoding="utf-8", newline="")
        app.test_cli_runner().invoke(args=["businesses", "import", str(path)])

    def by_verb(name: str, email: str) -> None:
        with suppress(BadInput, Refusal), db.begin_nested():
            made = keeping.add(keeping.BusinessDetails(name, trading_outcode="B1"), by=SYSTEM)
            with suppress(BadInput, Refusal), db.begin_nested():
                people.add_person(made, people.PersonDetails("Rae\nInvented", email=email), by=SYSTEM)

    return {"form": by_form, "file": by_file, "verb": by_verb}


def made(db: Session) -> list[str]:
    return list(db.scalars(select(Business.name).where(Business.name.like("%Quiet%"))))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "name",
    [
        "Quiet\nLoom",
        "Quiet\r\nLoom",
        "Quiet\u2028Loom",
        " Quiet\t Loom ",
        "Quiet\u202e Loom",
    ],
)
def test_k5_a_name_comes_in_on_one_line(ways: dict[str, Way], db: Session, way: str, name: str) -> None:
    ways[way](name, "rae@made.example")
    assert made(db) == ["Quiet Loom"]
    assert db.scalars(select(Person.name).where(Person.email == "rae@made.example")).all() == ["Rae Invented"]


@pytest.mark.parametrize("way", WAYS)
def test_k5_a_vertical_tab_comes_in_by_no_way(ways: dict[str, Way], db: Session, way: str) -> None:
    """A request that holds one is refused whole; a file and a verb join the lines."""
    ways[way]("Quiet\x0bLoom", "rae@made.example")
    assert made(db) == ([] if way == "form" else ["Quiet Loom"])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["Quiet\x00Loom", "Quiet\x07", "\n", "Quiet" * 50])
def test_k5_a_name_that_cannot_be_one_comes_in_by_no_way(
    ways: dict[str, Way], db: Session, way: str, name: str
) -> None:
    ways[way](name, "rae@made.example")
    assert made(db) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "email",
    [
        *("not an address", "lee..dots@made.example", "mo.@made.example", "a@made.example; b@made.example"),
        *("a@made.example\nBcc: b@made.example", "a@made"),
    ],
)
def test_k21_an_address_that_cannot_be_written_to_comes_in_by_no_way(
    ways: dict[str, Way], db: Session, way: str, email: str
) -> None:
    ways[way]("Quiet Loom", email)
    assert made(db) == ["Quiet Loom"]
    assert [
        each for each in db.scalars(select(Person.email).where(Person.name == "Rae Invented")) if each
    ] == []
