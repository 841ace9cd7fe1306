"""Taking in a file of businesses: every fault at its line, all or nothing, and a second time nothing changes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.businesses.models import Business, Person, YearlyFigures
from crm.businesses.rules.reading import OWN_COLUMNS, FileRefused, read_file
from crm.kernel.money import Money
from tests import factories
from tests.cast import Cast

BULK = (
    "CompanyName, CompanyNumber,RegAddress.AddressLine1, RegAddress.PostCode,CompanyCategory,CompanyStatus,"
    "SICCode.SicText_1,SICCode.SicText_2\n"
    '"""A"" CERAMICS LIMITED","1234567","1 High St","B1 1AA","Private Limited Company","Active",'
    '"59112 - Video production activities","7420 - Architectural, technical consult"\n'
    '"CIO OF MAKERS","CE000952","","","Charitable Incorporated Organisation","Active","None Supplied",""\n'
)
OWN = (
    "name,company_number,trading_names,trading_postcode,dcms_groups,hub_code,adviser_email,person_name,person_email,"
    "year_end,turnover,employees\n"
    "Copper Kiln,,Kiln|Kilnery,B9 4AA,crafts|design_fashion,coventry-warwickshire,adviser@cast.example,Jo,JO@x.example,"
    '31/03/2026,"85,000",2\n'
    "Willow Press,01234567,,CV1,publishing,,,,,,,\n"
)


def faults(text: str | bytes, name: str = "file.csv") -> list[str]:
    source = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(FileRefused) as refused:
        read_file(source, name)
    return [str(each) for each in refused.value.faults]


def test_the_columns_of_the_register_are_read() -> None:
    one, other = read_file(BULK.encode(), "bulk.csv")
    assert (one["name"], one["company_number"], one["sic_codes"]) == (
        '"A" CERAMICS LIMITED',
        "01234567",
        ("59112", "7420"),
    )
    assert (other["legal_form"], other["sic_codes"], other["registered_postcode"]) == ("cio", None, None)


def test_the_template_that_we_ship_has_our_columns() -> None:
    shipped = Path("crm/businesses/reference/businesses_template.csv").read_text().strip()
    assert tuple(shipped.split(",")) == OWN_COLUMNS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["line 1, name: this column is missing"]),
        ("name,evil\nA,b\n", ["line 1, evil: there is no such column"]),
        ("name,name\nA,b\n", ["line 1: a column stands there twice"]),
        ("CompanyNumber\n01234567\n", ["line 1, CompanyName: this column is missing"]),
        ("name,turnover\nA\n", ["line 2: it has 1 cells, not 2"]),
        ("name,company_number\n,01234567\n", ["line 2, name: a business needs a name"]),
    ],
)
def test_a60_what_is_wrong_with_a_file_is_said_at_its_line_and_column(text: str, said: list[str]) -> None:
    assert faults(text) == said


def test_a60_every_bad_cell_is_named() -> None:
    text = (
        "name,company_number,turnover,trading_since,legal_form\nA,12345,-5,30/02/2026,ltd\nB,,,,\nb ltd,,,,\n"
    )
    said = faults(text)
    assert [each.split(":")[0] for each in said] == [
        *("line 2, company_number", "line 2, legal_form", "line 2, trading_since", "line 2, turnover"),
        "line 4",
    ]
    assert "stands in line 3 already" in said[-1]


def test_a60_another_kind_of_file_and_another_encoding_are_refused() -> None:
    assert "CSV" in faults("name\nA\n", "file.xlsx")[0]
    assert "UTF-8" in faults("name\nCafé\n".encode("latin-1"))[0]


def run(app: Flask, path: Path, *words: str) -> tuple[int, str]:
    done = app.test_cli_runner().invoke(args=["businesses", "import", str(path), *words])
    return done.exit_code, done.output


def kept(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a60_a_file_is_taken_in_and_a_second_time_nothing_changes(
    app: Flask, cast: Cast, db: Session, tmp_path: Path
) -> None:
    path, before = kept(tmp_path, OWN), db.scalar(select(func.count()).select_from(Business)) or 0
    assert run(app, path, "--dry-run") == (0, "2 would be added, 0 would be filled, 0 unchanged.\n")
    assert db.scalar(select(func.count()).select_from(Business)) == before
    assert run(app, path) == (0, "2 added, 0 filled, 0 unchanged.\n")
    assert run(app, path) == (0, "0 added, 0 filled, 2 unchanged.\n")
    made = db.scalars(select(Business).where(Business.name == "Copper Kiln")).one()
    assert db.scalars(select(Person.email).where(Person.business_id == made.id)).all() == ["jo@x.example"]
    year = db.scalars(select(YearlyFigures).where(YearlyFigures.business_id == made.id)).one()
    assert (year.turnover, year.employees) == (Money.pounds(85_000), 2)


def test_a60_an_adviser_or_a_hub_that_there_is_not_refuses_the_whole_file(
    app: Flask, cast: Cast, db: Session, tmp_path: Path
) -> None:
    path = kept(tmp_path, "name,hub_code,adviser_email\nA,nowhere,\nB,,nobody@x.example\n")
    code, said = run(app, path)
    assert code == 2
    assert "line 2, hub_code: there is no hub" in said
    assert "line 3, adviser_email: nobody has the address" in said
    assert db.scalar(select(func.count()).where(Business.name.in_(["A", "B"]))) == 0


def test_a60_rows_that_fit_several_come_back_and_can_be_fed_again(
    app: Flask, cast: Cast, db: Session, tmp_path: Path
) -> None:
    for outcode in ("B1", "B2"):
        factories.business(name="Twin Studio", trading_outcode=outcode)
    path = kept(tmp_path, "name,description\nTwin Studio,Animation\n")
    code, said = run(app, path)
    assert code == 0
    assert "1 left out" in said
    back = path.with_suffix(".unmatched.csv")
    with back.open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert "it may be any of" in row["why"]
    mended = (
        back.read_text(encoding="utf-8")
        .replace("description", "description,trading_postcode")
        .replace("Animation", "Animation,B2")
    )
    assert run(app, kept(tmp_path, mended)) == (0, "0 added, 1 filled, 0 unchanged.\n")


def test_what_is_known_is_never_overwritten_by_a_file(
    app: Flask, cast: Cast, db: Session, tmp_path: Path
) -> None:
    made = factories.business(name="Known", company_number="01234567", description="As they said")
    path = kept(
        tmp_path, "name,company_number,description,stage\nOTHER NAME,01234567,As a file says,growth\n"
    )
    assert run(app, path) == (0, "0 added, 1 filled, 0 unchanged.\n")
    db.refresh(made)
    assert (made.name, made.description, made.stage) == ("Known", "As they said", "growth")
