"""Settings fail closed: each that is unsafe ends the real command in three lines, and starts nothing."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from crm.config import Settings, UnsafeSettings
from crm.config.refusals import SHAPES, TABLE, environment_fault, misshapen
from crm.db.invented import WITH_INVENTED_PEOPLE, WITH_REAL_PEOPLE
from tests.starting import ROOT, SECRET, SOUND, refusal_of, served, started

STRIPE = {
    "CRM_STRIPE_KEY": "rk_live_made",
    "CRM_STRIPE_WEBHOOK_SECRET": "whsec_made",
    "CRM_STRIPE_PRICE": "price_made",
}
ABROAD = {"CRM_FILES_URL": "s3://KEY@store.example.org/files", "CRM_FILES_SECRET": "made"}
UNSAFE: tuple[dict[str, str], ...] = (
    {"CRM_ENV": "test"},
    {"FLASK_DEBUG": "1"},
    {"CRM_SECRET_KEY": "a" * 64},
    {"CRM_AUDIT_KEY": "abcdefghijklmnopqrstuvwxyz0123456789"},
    {"CRM_METRICS_TOKEN": "abcdefghijklmnopqrstuvwxyz0123456789"},
    {"DATABASE_URL": "mysql://crm@localhost/crm"},
    {"DATABASE_URL": "sqlite:////nonexistent/crm.db"},
    {"CRM_CA_FILE": "/nonexistent/authority.pem"},
    {"CRM_BASE_URL": "http://support.example.org"},
    {"CRM_TRUSTED_PROXIES": "0"},
    {"CRM_MAIL_URL": "ftp://mail.example.org"},
    {"CRM_MAIL_URL": "smtp://"},
    {"CRM_MAIL_URL": "folder:///var/mail"},
    {"CRM_MAIL_FROM": "no-reply@creative-growth.example"},
    {"CRM_CONTACT_EMAIL": "hello"},
    {"CRM_FILES_URL": "memory://"},
    ABROAD | {"CRM_FILES_SECRET": ""},
    ABROAD | {"CRM_FILES_URL": "s3://KEY@s3.eu-west-2.amazonaws.com/files"},
    STRIPE | {"CRM_STRIPE_WEBHOOK_SECRET": ""},
    STRIPE | {"CRM_STRIPE_PRICE": ""},
    STRIPE | {"CRM_STRIPE_TAX": "20%"},
    STRIPE | {"CRM_STRIPE_URL": "http://127.0.0.1:8416"},
    STRIPE | {"CRM_STRIPE_KEY": "sk_test_made"},
)
MISSHAPEN = (
    {"CRM_TRUSTED_PROXIES": "one"},
    {"CRM_PAYS_FROM": "00-00-00 12345678"},
    {"CRM_REPAID_TO": "12-34-56 1234567"},
    {"CRM_BACKUP_RECIPIENT": "age1"},
    {"CRM_BACKUP_REGION": "Europe (London)"},
    {"CRM_FILES_REGION": "eu west 2"},
    {"CRM_FILES_TIMEOUT": "soon"},
    {"CRM_MAIL_TIMEOUT": "0"},
    {"CRM_MEANT": "everything"},
    {"CRM_METRICS_TOKEN": "short"},
)
NOT_MEANT = {
    "sqlite": {"DATABASE_URL": "sqlite:////nonexistent/crm.db"},
    "no-proxy": {"CRM_TRUSTED_PROXIES": "0"},
}


def faults_of(change: dict[str, str]) -> list[str]:
    with pytest.raises(UnsafeSettings) as caught:
        Settings.from_environment(SOUND | change)
    return [line.removeprefix("- ") for line in str(caught.value).splitlines()[1:]]


@pytest.mark.parametrize("change", [*UNSAFE, *MISSHAPEN], ids=lambda change: " ".join(change.values())[:50])
def test_what_is_unsafe_ends_the_command_in_three_lines(change: dict[str, str]) -> None:
    (fault,) = faults_of(change)

    assert refusal_of(started("check", settings=SOUND | change)) == fault


def test_every_row_of_the_tables_is_tried() -> None:
    assert [fault for change in UNSAFE for fault in faults_of(change)] == [each.told for each in TABLE]
    tried = [fault for change in MISSHAPEN for fault in misshapen(change)]
    assert tried == [f"{each.name} {each.words}" for each in SHAPES]


@pytest.mark.parametrize("environment", ["", "staging"])
def test_there_is_no_environment_unless_it_is_named(environment: str) -> None:
    given = {name: value for name, value in SOUND.items() if name != "CRM_ENV"}
    given |= {"CRM_ENV": environment} if environment else {}

    assert refusal_of(started("db", "upgrade", settings=given)) == environment_fault(environment)


@pytest.mark.parametrize("environment", ["production", "demo"])
def test_a_debugger_is_not_shown_to_people_whoever_asks_for_it(tmp_path: Path, environment: str) -> None:
    given = SOUND | {"CRM_ENV": environment, "CRM_DATA": str(tmp_path)}

    assert "FLASK_DEBUG" in refusal_of(started("--debug", "run", settings=given))


def test_a_server_is_ended_before_it_starts_a_worker() -> None:
    assert "CRM_SECRET_KEY" in refusal_of(served(SOUND | {"CRM_SECRET_KEY": "changeme" * 8}))


def test_a_folder_that_cannot_be_made_is_a_refusal_too(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    given = {"CRM_ENV": "demo", "CRM_DATA": str(tmp_path / "file")}

    assert refusal_of(started("check", settings=given)) == f"{tmp_path}/file: File exists"


@pytest.mark.parametrize("word", NOT_MEANT)
def test_what_is_meant_is_taken(word: str) -> None:
    assert f"or set CRM_MEANT={word}" in faults_of(NOT_MEANT[word])[0]
    assert Settings.from_environment(SOUND | NOT_MEANT[word] | {"CRM_MEANT": f"plain-mail,{word}"})


def test_every_fault_of_production_is_said_at_once() -> None:
    done = started("check", settings={"CRM_ENV": "production", "CRM_DATA": "/nonexistent"})

    named = {line.removeprefix("- ").split()[0] for line in done.stderr.splitlines()[1:-1]}
    assert named == set(SOUND) - {"CRM_ENV", "CRM_DATA"}
    assert done.returncode == 4


def test_every_setting_is_described_where_the_refusals_say() -> None:
    read = (ROOT / "crm/config/reading.py").read_text(encoding="utf-8")
    described = (ROOT / "docs/how-to/run-in-production.md").read_text(encoding="utf-8")
    settings = set(re.findall(r'"(CRM_[A-Z_]+)"', read)) | {each.name for each in (*SHAPES, *TABLE)}

    assert {each for each in settings if f"`{each}`" not in described} == {"FLASK_DEBUG", "CRM_STRIPE_URL"}


def database_with(folder: Path, *addresses: str) -> str:
    """A database with accounts, each an hour after the one before."""
    path = folder / "crm.db"
    with sqlite3.connect(path) as opened:
        opened.execute("CREATE TABLE account (email TEXT, created_at TEXT)")
        rows = [(each, f"2026-11-24 {10 + hour}:00:00.000000") for hour, each in enumerate(addresses)]
        opened.executemany("INSERT INTO account VALUES (?, ?)", rows)
    opened.close()
    return f"sqlite:///{path}"


@pytest.mark.parametrize(
    ("people", "is_refused"),
    [
        (["ada@hub.org.uk"], True),
        (["ada@hub.org.uk", "admin@demo.example"], True),
        (["admin@demo.example", "visitor@hub.org.uk"], False),
        (["erased@erased.invalid", "founder@lamps.example"], False),
    ],
)
def test_the_demonstration_stays_out_of_a_database_with_real_people(
    tmp_path: Path, people: list[str], is_refused: bool
) -> None:
    address = database_with(tmp_path, *people)
    done = started("check", settings={"CRM_ENV": "demo", "CRM_DATA": str(tmp_path), "DATABASE_URL": address})

    if is_refused:
        assert refusal_of(done) == WITH_REAL_PEOPLE
    else:
        assert "ok     people       fit the environment" in done.stdout


def test_production_refuses_the_people_whose_passwords_are_published(tmp_path: Path) -> None:
    address = database_with(tmp_path, "ada@hub.org.uk", "admin@demo.example")
    given = SOUND | {"DATABASE_URL": address, "CRM_MEANT": "sqlite", "CRM_DATA": str(tmp_path)}

    assert refusal_of(started("run-worker", "--once", settings=given)) == WITH_INVENTED_PEOPLE
    assert refusal_of(served(given)) == WITH_INVENTED_PEOPLE


def test_a_sound_installation_is_refused_nothing() -> None:
    settings = Settings.from_environment(SOUND)

    assert (settings.faults(), settings.secret_key) == ([], SECRET)
