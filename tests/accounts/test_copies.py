"""A person takes a copy of what is held about them: all that the rooms call theirs, and nothing of anybody else (P52)."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from crm.accounts.queries import account
from crm.app import FEATURES
from crm.audit.queries import entries_about
from crm.db.base import Base
from crm.db.personal import Manifest, NotCopied, Personal, names_a_person
from tests import factories, network
from tests.cast import Cast
from tests.client import ConformingClient
from tests.houses import database

ADDRESS = "/account/your-data.zip"
SECRET = ("password", "hash", "secret", "token", "salt")


def manifests() -> list[Manifest]:
    return [room.personal for room in FEATURES]


def archive(answer: Any) -> tuple[str, dict[str, Any], dict[str, bytes]]:
    """The page, what is for programs, and the files."""
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as opened:
        files = {each: opened.read(each) for each in opened.namelist()}
    return files.pop("your-data.html").decode(), json.loads(files.pop("your-data.json")), files


def test_every_column_that_names_a_person_says_in_a_manifest_what_is_theirs() -> None:
    naming = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.c
        if names_a_person(column)
    }
    declared = [key for each in manifests() for key in each]

    assert set(declared) - {"account.id"} == naming
    assert len(declared) == len(set(declared))


def test_a_copy_shows_columns_that_there_are_and_none_that_is_secret() -> None:
    for key, held in ((key, held) for each in manifests() for key, held in each.items()):
        if isinstance(held, Personal):
            table = Base.metadata.tables[key.partition(".")[0]]
            shown = held.shows.split()
            assert [each for each in shown if each not in table.c] == [], key
            assert [each for each in shown if any(word in each for word in SECRET)] == [], key
            assert [each for each in shown if table.c[each].foreign_keys] == [], key
        else:
            assert isinstance(held, NotCopied)
            assert held.why


def test_p52_a_person_takes_a_copy_of_what_is_held_about_them(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.founder)
    assert ADDRESS in client.get("/account").text
    page, data, _ = archive(client.get(ADDRESS))

    assert (data["name"], data["email"]) == (cast.founder.actor.name, cast.founder.email)
    assert {"Your account", "Your roles", "Where you signed in"} <= set(data["held"])
    assert data["held"]["Your roles"][0]["role"] == "founder"
    assert cast.founder.actor.name in page
    assert "<script" not in page
    assert "None" not in page
    own = account(cast.founder.id)
    (line,) = [each for each in entries_about(own) if each.act == "copy_personal_data"]
    assert line.actor_id == cast.founder.id


def test_n52_a_copy_has_nothing_of_anybody_else(client: ConformingClient, cast: Cast, db: Session) -> None:
    others = [each for each in cast if each.email and each.id != cast.founder.id]
    client.sign_in(cast.founder)
    page, data, _ = archive(client.get(ADDRESS))
    told = page + json.dumps(data)

    assert [each.part for each in others if each.email in told] == []
    assert not any(word in json.dumps(data["held"]) for word in ("password_hash", "token_hash"))


def test_p52_a_copy_has_the_files_that_are_about_its_person(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    signed = network.certification(account(cast.angel.id), signed_name="Ann Investor")
    factories.document("certification", signed.id, b"Certified\n", name="firm.txt")
    factories.document("certification", network.certification(network.investor()).id, b"Of another\n")
    client.sign_in(cast.angel)
    page, data, files = archive(client.get(ADDRESS))

    assert files == {"files/01-firm.txt": b"Certified\n"}
    assert data["files"] == ["files/01-firm.txt"]
    assert "Statements that you signed" in page
    assert "Ann Investor" in page


def test_p52_what_came_with_ones_address_before_there_was_an_account_is_in_the_copy(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    factories.enquiry(email=cast.founder.email, story="We make lamps.")
    factories.enquiry(email="another@made.example", story="We make chairs.")
    client.sign_in(cast.founder)
    page, data, _ = archive(client.get(ADDRESS))

    assert [each["story"] for each in data["held"]["Your enquiries"]] == ["We make lamps."]
    assert "We make chairs." not in page + json.dumps(data)


def test_p52_a_file_that_the_store_does_not_have_is_named_in_the_copy(
    client: ConformingClient, cast: Cast, db: Session, app: Flask
) -> None:
    signed = network.certification(account(cast.angel.id))
    lost = factories.document("certification", signed.id, name="firm.txt")
    app.extensions["files"].delete(lost.key)
    client.sign_in(cast.angel)
    _, _, files = archive(client.get(ADDRESS))

    assert list(files) == ["files/01-firm.txt.missing.txt"]


def test_p52_every_person_of_the_cast_can_take_theirs(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    for member in cast:
        if member.email:
            client.sign_in(member)
            _, data, _ = archive(client.get(ADDRESS))
            assert data["email"] == member.email


def test_p52_an_administrator_writes_the_copy_of_a_person_who_asked_for_it(
    furnished: Flask, tmp_path: Path
) -> None:
    with database(furnished).transaction():
        owner = factories.account(email="ann@made.example", name="Ann")
    file = tmp_path / "ann.zip"
    done = furnished.test_cli_runner().invoke(args=["accounts", "copy", "Ann@made.example", str(file)])

    assert done.exit_code == 0, done.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as opened:
        assert json.loads(opened.read("your-data.json"))["name"] == "Ann"
    with database(furnished).reading():
        assert [each.act for each in entries_about(owner)][:1] == ["copy_personal_data"]
    gone = furnished.test_cli_runner().invoke(args=["accounts", "copy", "nobody@made.example", str(file)])
    assert (gone.exit_code, "no account" in gone.output) == (1, True)
