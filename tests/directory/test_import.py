"""Taking in a file of services: all of it or nothing, a second time nothing, and every fault with its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.audit.models import AuditEntry
from crm.audit.queries import entries_about
from crm.directory import queries
from crm.directory.models import Provider, Service
from crm.directory.queries import Search, count_of
from crm.directory.rules.rows import FILE_COLUMNS, ServicesRefused
from crm.directory.service import importing, keeping
from crm.directory.workflow import ServiceStatus
from crm.kernel.clock import now
from crm.kernel.errors import NotAllowed
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role
from tests.accounts.people import actor
from tests.directory.test_rules_reading import REAL, rows, written

Table = list[dict[str, str]]


def take_in(source: bytes = REAL, *, with_illustrative: bool = False) -> importing.Outcome:
    done = importing.import_services(source, with_illustrative=with_illustrative, by=SYSTEM)
    from crm.db.session import session

    session().flush()
    session().expire_all()
    return done


def kept(db: Session) -> tuple[int, int, int]:
    """How many services, providers and lines of the trail there are."""
    counts = [db.scalar(select(func.count()).select_from(each)) for each in (Service, Provider, AuditEntry)]
    return counts[0] or 0, counts[1] or 0, counts[2] or 0


def service(service_id: str) -> Service:
    found = queries.service(service_id)
    assert found is not None
    return found


# ---------------------------------------------------------------- the verb


def test_the_real_file_is_taken_in_without_its_inventions(db: Session) -> None:
    outcome = take_in()
    assert (len(outcome.added), outcome.changed, outcome.unchanged) == (69, {}, 0)
    assert len(outcome.illustrative) == 3
    assert count_of(Search()) == 69
    assert count_of(Search(status="illustrative")) == 0


def test_the_demo_has_its_inventions_too(db: Session) -> None:
    assert len(take_in(with_illustrative=True).added) == 72
    assert count_of(Search(status="illustrative")) == 3


def test_a_second_time_nothing_changes(db: Session) -> None:
    take_in()
    before = kept(db)
    outcome = take_in()
    assert outcome.is_nothing
    assert (outcome.unchanged, outcome.newer_here) == (69, [])
    assert kept(db) == before


def test_what_stands_in_the_file_stands_in_the_directory(db: Session) -> None:
    take_in()
    for row in importing.read_services(REAL):
        found = queries.service(row.service_id)
        if row.status == "illustrative":
            assert found is None
            continue
        assert found is not None
        assert (found.provider.name, found.status.value) == (row.provider, row.status)
        assert found.terms == row.terms
        assert all(getattr(found, name) == getattr(row, name) for name in importing.COPIED)


def test_each_new_service_and_each_new_provider_has_its_line_in_the_trail(db: Session) -> None:
    take_in()
    services, providers, lines = kept(db)
    assert lines == services + providers
    (entry,) = entries_about(service("bgwm"))
    assert entry.values is not None
    assert entry.values.changes["wmca_only"] == [None, True]


def test_a_changed_row_changes_its_service_alone_and_says_what(db: Session) -> None:
    take_in()
    table = rows()
    table[0] |= {"name": "A new name", "provider": "A new provider", "min_turnover_gbp": "100"}
    outcome = take_in(written(table))
    assert list(outcome.changed) == ["bgwm"]
    assert set(outcome.changed["bgwm"]) == {"name", "provider", "min_turnover"}
    assert service("bgwm").provider.name == "A new provider"
    newest = entries_about(service("bgwm"))[0]
    assert newest.act == "import_services"
    assert newest.values is not None
    assert newest.values.changes["min_turnover"] == [None, "£100"]
    assert take_in(written(table)).is_nothing


@pytest.mark.parametrize("status", ["check", "closed", "historic"])
def test_a_service_moves_to_the_state_the_file_says_and_back(db: Session, status: str) -> None:
    take_in()
    table = rows()
    table[0]["status_code"] = status
    assert take_in(written(table)).changed["bgwm"] == {"status": (ServiceStatus.OPEN, ServiceStatus(status))}
    assert service("bgwm").status == status
    take_in()
    assert service("bgwm").status is ServiceStatus.OPEN


def test_what_was_checked_here_on_a_later_day_is_left_as_it_is(db: Session) -> None:
    take_in()
    keeping.close(service("bgwm"), "telephone", by=SYSTEM)
    db.flush()
    outcome = take_in()
    assert outcome.newer_here == ["bgwm"]
    assert service("bgwm").status is ServiceStatus.CLOSED


def test_what_was_checked_on_the_same_day_follows_the_file(db: Session) -> None:
    take_in()
    service("bgwm").name = "Typed wrongly"
    db.flush()
    assert take_in().changed["bgwm"]["name"][0] == "Typed wrongly"


def test_a_row_without_a_date_does_not_undo_a_check(db: Session) -> None:
    take_in()
    table = rows()
    table[0] |= {"as_of": "", "name": "Other"}
    assert take_in(written(table)).newer_here == ["bgwm"]


def test_what_the_file_does_not_name_stays(db: Session) -> None:
    take_in()
    outcome = take_in(written(rows()[:5]))
    assert outcome.is_nothing
    assert count_of(Search()) == 69


def test_the_order_of_rows_and_columns_does_not_matter(db: Session) -> None:
    take_in()
    assert take_in(written(rows()[::-1], columns=tuple(reversed(FILE_COLUMNS)))).is_nothing


def test_an_invention_never_becomes_real_nor_a_real_one_invented(db: Session) -> None:
    take_in(with_illustrative=True)
    table = rows()
    table[0]["status_code"] = "illustrative"
    with pytest.raises(ServicesRefused) as refused, db.begin_nested():
        take_in(written(table), with_illustrative=True)
    assert str(refused.value).startswith("line 2, status_code:")


def test_only_an_administrator_takes_a_file_in(db: Session) -> None:
    for role in (Role.HUB_MANAGER, Role.ADVISER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            importing.import_services(REAL, with_illustrative=False, by=actor(role))
    assert importing.import_services(REAL, with_illustrative=False, by=actor(Role.ADMINISTRATOR)).added


def test_words_that_look_like_commands_are_only_words(db: Session) -> None:
    table = rows()[:1]
    table[0] |= {"name": "'); DROP TABLE service; --", "description": "{{ 7*7 }} <script>alert(1)</script>"}
    take_in(written(table))
    assert service("bgwm").description == "{{ 7*7 }} <script>alert(1)</script>"


# ---------------------------------------------------------------- the command


@pytest.fixture
def command(app: Flask, db: Session, tmp_path: Path) -> Callable[..., Any]:
    def run(source: bytes, *words: str) -> Any:
        path = tmp_path / "services.csv"
        path.write_bytes(source)
        db.commit()
        done = app.test_cli_runner().invoke(args=["directory", "import", str(path), *words])
        db.expire_all()
        return done

    return run


def test_the_command_says_what_it_did(db: Session, command: Callable[..., Any]) -> None:
    done = command(REAL)
    assert done.exit_code == 0, done.output
    assert "69 added, 0 changed, 0 unchanged." in done.stdout
    assert "left out, since it is invented for the demo: trade_adviser_demo" in done.stdout
    again = command(REAL)
    assert again.stdout.splitlines()[-1] == "0 added, 0 changed, 69 unchanged."


def test_a_dry_run_says_what_would_be_and_keeps_nothing(db: Session, command: Callable[..., Any]) -> None:
    done = command(REAL, "--dry-run")
    assert done.exit_code == 0
    assert "69 would be added, 0 would be changed" in done.stdout
    assert kept(db) == (0, 0, 0)
    assert "69 added" in command(REAL).stdout


def test_a_dry_run_over_a_full_directory_changes_nothing(db: Session, command: Callable[..., Any]) -> None:
    command(REAL)
    before = kept(db)
    table = rows()
    table[0]["name"] = "A new name"
    assert "would be changed: bgwm (name)" in command(written(table), "--dry-run").stdout
    assert kept(db) == before
    assert service("bgwm").name == "Business Growth West Midlands"


def changed(column: str, value: str, *, row: int = 1) -> Callable[[Table], bytes]:
    def make(table: Table) -> bytes:
        table[row][column] = value
        return written(table)

    return make


BAD: dict[str, tuple[Callable[[Table], bytes], tuple[str, ...]]] = {
    "wrong column": (
        lambda table: written(table).replace(b"need_tags", b"needs", 1),
        ("line 1, need_tags: this column is missing", "line 1, needs: this column is not one of"),
    ),
    "wrong encoding": (
        lambda table: written(table).decode().replace("free", "fr\u00e9e").encode("mac_roman", "replace"),
        ("this is not UTF-8 text",),
    ),
    "duplicate id": (
        changed("service_id", "bgwm"),
        ("line 3, service_id: line 2 has this service_id already (found “bgwm”)",),
    ),
    "duplicate id in capitals": (changed("service_id", "BGWM"), ("line 3, service_id:",)),
    "a date the other way round": (changed("opens_on", "03/31/2026"), ("line 3, opens_on:",)),
    "a check of tomorrow": (changed("as_of", "2026-11-25"), ("line 3, as_of: this date has not come yet",)),
    "an amount in another notation": (changed("min_turnover_gbp", "1e6"), ("line 3, min_turnover_gbp:",)),
    "a comma in the wrong place": (changed("max_turnover_gbp", "1,23"), ("line 3, max_turnover_gbp:",)),
    "no number": (changed("min_employees", "NaN"), ("line 3, min_employees:",)),
    "more than all": (changed("min_export_share_pct", "101"), ("line 3, min_export_share_pct:",)),
    "an unknown word": (changed("leps", "NARNIA"), ("line 3, leps:", "“NARNIA”")),
    "an unknown state": (changed("status_code", "maybe"), ("line 3, status_code:",)),
    "nobody's service": (changed("provider", ""), ("line 3, provider:",)),
    "a cell too few": (lambda table: written(table) + b"one,cell\r\n", ("line 74: this line has 2 cells",)),
    "nothing": (lambda _table: b"", ("the file is empty",)),
    "a picture": (lambda _table: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ("not UTF-8",)),
    "an open quotation mark": (
        lambda table: written(table) + b'"open,' + b"x" * 200_000,
        ("cannot be read as CSV",),
    ),
    "50,000 rows": (
        lambda table: written([table[0] | {"service_id": f"s{number}"} for number in range(50_000)]),
        ("too many rows: the most is 5,000",),
    ),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_file_is_refused_with_line_and_column_and_nothing_is_kept(
    db: Session, command: Callable[..., Any], bad: str
) -> None:
    make, says = BAD[bad]
    done = command(make(rows()))
    assert done.exit_code == 2, done.output
    for words in says:
        assert words in done.stderr
    assert done.stderr.endswith("Nothing was imported.\n")
    assert done.stdout == ""
    assert kept(db) == (0, 0, 0)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("as_of", "2026-02-30"),
        ("amount_min_gbp", "-5"),
        ("amount_max_gbp", "1" * 20),
        ("url", "javascript:alert(1)"),
    ],
)
def test_k19_an_odd_cell_that_only_informs_is_left_out_and_what_is_known_stays(
    db: Session, command: Callable[..., Any], column: str, value: str
) -> None:
    command(REAL)
    was = queries.service(rows()[1]["service_id"])
    assert was is not None
    known = {name: getattr(was, name) for name in ("checked_on", "amount_min", "amount_max", "url")}
    done = command(changed(column, value)(rows()))
    assert done.exit_code == 0
    assert f"line 3, {column}: left out:" in done.stderr
    now_is = service(rows()[1]["service_id"])
    assert {name: getattr(now_is, name) for name in known} == known


def test_every_fault_is_named_but_not_endlessly(db: Session, command: Callable[..., Any]) -> None:
    table = [row | {"opens_on": "never", "min_employees": "-1"} for row in rows()]
    done = command(written(table))
    lines = done.stderr.splitlines()
    assert len(lines) == 52
    assert lines[50].endswith("and 94 more")


def test_a_file_that_is_not_there_is_told(app: Flask, db: Session, tmp_path: Path) -> None:
    done = app.test_cli_runner().invoke(args=["directory", "import", str(tmp_path / "none.csv")])
    assert done.exit_code == 2
    assert "does not exist" in done.stderr


def test_a_fault_in_the_last_row_keeps_nothing_of_the_others_in_a_full_directory(
    db: Session, command: Callable[..., Any]
) -> None:
    command(REAL)
    before = kept(db)
    table = [row | {"name": f"{row['name']} renamed"} for row in rows()]
    table[-1]["opens_on"] = "soon"
    assert command(written(table)).exit_code == 2
    assert kept(db) == before
    assert service("bgwm").name == "Business Growth West Midlands"


def test_what_only_shows_while_storing_undoes_everything_too(
    db: Session, command: Callable[..., Any]
) -> None:
    command(REAL)
    db.add(
        Service(
            service_id="invented",
            name="Invented",
            provider_id=db.scalars(select(Provider.id)).first(),
            _status=ServiceStatus.ILLUSTRATIVE,
            changed_at=now(),
        )
    )
    db.flush()
    before = kept(db)
    table = [
        row | {"name": f"{row['name']} renamed"} for row in rows() if row["status_code"] != "illustrative"
    ]
    table.append(table[0] | {"service_id": "invented"})
    done = command(written(table))
    assert done.exit_code == 2
    assert f"line {len(table) + 1}, status_code: an invented service" in done.stderr
    assert kept(db) == before
    assert service("bgwm").name == "Business Growth West Midlands"


# ---------------------------------------------------------------- what comes with the product


def test_the_shipped_directory_is_loaded_where_there_is_none(app: Flask, db: Session) -> None:
    from crm.directory.jobs.importing import load_shipped_services

    with app.app_context():
        assert load_shipped_services() == {"services": 69}
        assert load_shipped_services() == {"services": 0}


def test_an_outcome_of_nothing_says_so() -> None:
    nothing = importing.Outcome(unchanged=3, newer_here=["a"])
    assert nothing.is_nothing
    assert not replace(nothing, added=["b"]).is_nothing
    assert not replace(nothing, changed={"b": {"name": ("", "b")}}).is_nothing


def test_dates_are_kept_as_days(db: Session) -> None:
    take_in()
    assert service("bgwm").checked_on == date(2023, 9, 12)
