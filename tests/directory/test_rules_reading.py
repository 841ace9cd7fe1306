"""The directory's file: the real one is read without a fault, and every fault is told with its line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import crm.directory
from crm.directory.rules.reading import MOST_SERVICES, read_services
from crm.directory.rules.rows import FILE_COLUMNS, RowError, ServiceRow, ServicesRefused
from crm.kernel.money import Money

REAL = (Path(crm.directory.__file__).parent / "reference" / "support_services.csv").read_bytes()


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(REAL.decode("utf-8"))))


def written(table: list[dict[str, str]], *, columns: tuple[str, ...] = FILE_COLUMNS) -> bytes:
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(table)
    return held.getvalue().encode("utf-8")


def faults(source: bytes, **options: date) -> tuple[RowError, ...]:
    with pytest.raises(ServicesRefused) as refused:
        read_services(source, **options)
    return refused.value.errors


def told(source: bytes) -> tuple[RowError, ...]:
    try:
        read_services(source)
    except ServicesRefused as refused:
        return refused.errors
    return ()


def by_id(services: tuple[ServiceRow, ...]) -> dict[str, ServiceRow]:
    return {service.service_id: service for service in services}


def test_the_real_file_is_read_without_a_fault() -> None:
    services = by_id(read_services(REAL))
    assert len(services) == 72
    assert services["dit_ita_2018"].terms.min_turnover == Money.pounds(5_000_000)
    assert services["ukef_gef"].terms.min_export_share_pct == Decimal(20)
    assert services["bgwm"].terms.wmca_only
    assert services["bgwm"].terms.legal_forms == ()
    assert services["wipo_diag"].checked_on is None
    assert services["csu_demo"].status == "illustrative"
    assert services["cwgh"].checked_on == date(2025, 11, 4)


def test_a_byte_order_mark_and_another_order_of_columns_do_not_matter() -> None:
    shuffled = written(rows(), columns=tuple(reversed(FILE_COLUMNS)))
    assert by_id(read_services(b"\xef\xbb\xbf" + shuffled)) == by_id(read_services(REAL))
    assert read_services(io.BytesIO(REAL)) == read_services(REAL)


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("service_id", "", "short name"),
        ("service_id", "a b", "short name"),
        ("name", "", "must be filled in"),
        ("name", "x" * 201, "too long"),
        ("need_tags", "grant|nonsense", "“nonsense” is not one of"),
        ("leps", "GBSLEP|LEEDS", "“LEEDS” is not one of"),
        ("lad_names", "Atlantis", "“Atlantis” is not one of"),
        ("outcodes", "B74 4AA", "not a postcode district"),
        ("dcms_groups", "farming", "is not one of"),
        ("stages", "retired", "is not one of"),
        ("legal_forms", "guild", "is not one of"),
        ("wmca_only", "maybe", "yes or no"),
        ("status_code", "opne", "Give one of: open"),
        ("status_code", "", "Give one of: open"),
        ("opens_on", "31/02/2026", "real date"),
        ("opens_on", "２０２５-01-01", "real date"),
        ("closes_on", "9999-01-01", "real date"),
        ("min_turnover_gbp", "-5", "less than zero"),
        ("min_employees", "-1", "whole number"),
        ("min_employees", "2.5", "whole number"),
        ("max_employees", "1e3", "whole number"),
        ("min_export_share_pct", "101", "percentage"),
        ("min_export_share_pct", "NaN", "percentage"),
    ],
)
def test_a_cell_that_is_wrong_is_told_with_its_line_and_column(column: str, value: str, says: str) -> None:
    table = rows()
    table[3][column] = value
    (fault,) = faults(written(table))
    assert (fault.line, fault.column) == (5, column)
    assert says in fault.message
    assert len(fault.value) <= 81


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("description", "x" * 2_001, "too long"),
        ("description", "a\x00b", "cannot be shown"),
        ("as_of", "2025-02-30", "real date"),
        ("amount_min_gbp", "-1", "less than zero"),
        ("amount_max_gbp", "1,23", "commas"),
        ("url", "javascript:alert(1)", "web address"),
        ("url", "https://[", "web address"),
        ("action6_ref", "7.1", "lines of the plan"),
    ],
)
def test_k19_a_cell_that_only_informs_is_left_out_with_a_word(column: str, value: str, says: str) -> None:
    table = rows()
    table[3][column] = value
    (fault,) = read_services(written(table))[3].left_out
    assert (fault.line, fault.column) == (5, column)
    assert says in fault.message


def test_k20_a_day_is_read_as_people_write_it() -> None:
    table = rows()
    table[3]["opens_on"] = "31/03/26"
    assert read_services(written(table))[3].opens_on == date(2026, 3, 31)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_k19_the_same_services_are_read_however_a_spreadsheet_saves_them(
    delimiter: str, encoding: str
) -> None:
    held = io.StringIO(newline="")
    csv.writer(held, delimiter=delimiter).writerows(csv.reader(io.StringIO(REAL.decode())))
    text = held.getvalue().replace("service_id", "Service ID", 1).replace("need_tags", " NEED TAGS ", 1)
    assert by_id(read_services(text.encode(encoding))) == by_id(read_services(REAL))


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (("min_turnover_gbp", "2"), ("max_turnover_gbp", "1")),
        (("min_employees", "2"), ("max_employees", "1")),
        (("min_trading_months", "2"), ("max_trading_months", "1")),
        (("amount_min_gbp", "2"), ("amount_max_gbp", "1")),
        (("opens_on", "2026-02-01"), ("closes_on", "2026-01-31")),
    ],
)
def test_a_least_above_its_most_is_told(low: tuple[str, str], high: tuple[str, str]) -> None:
    table = rows()
    table[0] |= dict([low, high])
    (fault,) = faults(written(table))
    assert (fault.line, fault.column) == (2, high[0])
    assert low[0] in fault.message


def test_a_check_that_has_not_happened_yet_is_told_where_today_is_known() -> None:
    table = rows()
    table[0]["as_of"] = "2026-12-01"
    assert read_services(written(table))
    (fault,) = faults(written(table), today=date(2026, 11, 24))
    assert (fault.line, fault.column) == (2, "as_of")


def test_a_service_named_twice_is_told_with_the_first_line() -> None:
    table = rows()
    table[9]["service_id"] = table[2]["service_id"].upper()
    (fault,) = faults(written(table))
    assert (fault.line, fault.column, fault.message) == (
        11,
        "service_id",
        "line 4 has this service_id already",
    )


def test_all_faults_are_told_at_once_and_only_so_many_are_shown() -> None:
    table = rows()
    for row in table:
        row["status_code"] = "yesterday"
        row["wmca_only"] = "x"
    with pytest.raises(ServicesRefused) as refused:
        read_services(written(table))
    assert len(refused.value.errors) == 144
    assert refused.value.lines()[-1] == "and 94 more"
    assert refused.value.lines()[0].startswith("line 2, wmca_only: Give yes or no")


WRONG_COLUMNS: list[tuple[Callable[[bytes], bytes], str, str]] = [
    (lambda held: held.replace(b"need_tags", b"needs", 1), "need_tags", "missing"),
    (lambda held: held.replace(b"need_tags", b"needs", 1), "needs", "not one of"),
    (lambda held: held.replace(b"need_tags", b"name", 1), "name", "twice"),
]


@pytest.mark.parametrize(("spoil", "column", "says"), WRONG_COLUMNS)
def test_wrong_columns_are_told_by_name(spoil: Callable[[bytes], bytes], column: str, says: str) -> None:
    assert any(
        fault.line == 1 and fault.column == column and says in fault.message for fault in faults(spoil(REAL))
    )


def test_a_line_with_too_many_cells_is_told() -> None:
    held = REAL.splitlines()
    (fault,) = faults(b"\n".join([*held[:2], held[2] + b",extra", *held[3:]]))
    assert (fault.line, fault.message) == (3, "this line has 35 cells; it should have 34")


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    table = rows()
    table[0]["description"] = "one\ntwo\nthree"
    table[1]["wmca_only"] = "x"
    (fault,) = faults(written(table))
    assert fault.line == 5


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        (REAL + "café".encode("latin-1"), 74, "UTF-8"),
        (REAL + b'"never closed', 74, "CSV"),
        (b"", 1, "empty"),
        (b"\n\n", 1, "empty"),
        (b"\x00" * 33_000_000, 1, "too large"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(source: bytes, line: int, says: str) -> None:
    (fault,) = faults(source)
    assert fault.line == line
    assert says in fault.message


def test_fifty_thousand_rows_are_refused_in_one_sentence() -> None:
    row = rows()[0]
    (fault,) = faults(written([row | {"service_id": f"s{number}"} for number in range(50_000)]))
    assert "the most is 5,000" in fault.message


def test_as_many_services_as_are_allowed_are_read() -> None:
    row = rows()[0]
    assert (
        len(read_services(written([row | {"service_id": f"s{n}"} for n in range(MOST_SERVICES)])))
        == MOST_SERVICES
    )


def test_a_file_of_no_services_holds_none() -> None:
    assert read_services(written([])) == ()


@given(st.sampled_from(FILE_COLUMNS), st.text(max_size=40))
def test_any_cell_is_read_or_refused_at_its_own_line(column: str, value: str) -> None:
    table = rows()[:3]
    table[1][column] = value.replace("\n", " ").replace("\r", " ").encode("utf-8", "ignore").decode()
    assert {fault.line for fault in told(written(table))} <= {3}
