"""Taking in a file of businesses: every fault at its line, all or nothing, and a second time nothing changes."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.businesses.models import Business, BusinessName, Person, YearlyFigures
from crm.businesses.rules.reading import OWN_COLUMNS, read_file
from crm.businesses.workflow import NameKind
from crm.kernel.money import Money
from crm.kernel.tables import TableRefused
from tests import factories
from tests.cast import Cast

TODAY = date(2026, 11, 24)
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
    with pytest.raises(TableRefused) as refused:
        read_file(source, name, on=TODAY)
    return [str(each) for each in refused.value.faults]


def test_the_columns_of_the_register_are_read() -> None:
    one, other = read_file(BULK.encode(), "bulk.csv", on=TODAY)
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
        ("", ["line 1: the file is empty"]),
        ("name,evil\nA,b\n", ["line 1, evil: there is no such column"]),
        ("name,Name \nA,b\n", ["line 1, name: this column is there twice"]),
        ("CompanyNumber,CompanyStatus\n01234567,\n", ["line 1, CompanyName: this column is missing"]),
        ("name,turnover\nA\n", ["line 2: this line has 1 cell; it should have 2"]),
        ("name,company_number\n,01234567\n", ["line 2, name: a business needs a name"]),
        ("name,stage\nB,\nb ltd,\n", ["line 3: this business is in line 2 already"]),
    ],
)
def test_a60_what_is_wrong_with_a_file_is_said_at_its_line_and_column(text: str, said: list[str]) -> None:
    assert faults(text) == said


def test_a60_an_odd_cell_is_left_out_with_a_word_and_the_rest_of_its_row_is_read() -> None:
    text = (
        "name,company_number,turnover,trading_since,legal_form,year_end,person_email,description\n"
        "A,12345,-5,30/02/2026,ltd,31/03/27,not an address,Kept\n"
    )
    (row,) = read_file(text.encode(), "file.csv", on=TODAY)
    assert dict(row.values) == {"name": "A", "description": "Kept"}
    assert sorted(each.column for each in row.left_out) == [
        *("company_number", "legal_form", "person_email", "trading_since", "turnover", "year_end")
    ]


def test_a60_another_kind_of_file_is_refused() -> None:
    assert "CSV" in faults("name\nA\n", "file.xlsx")[0]
    assert "workbook" in faults(b"PK\x03\x04...")[0]


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
    assert "1 row left out" in said
    back = path.with_suffix(".unmatched.csv")
    with back.open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert "it may be any of" in row["why"]
    mended = (
        back.read_text(encoding="utf-8-sig")
        .replace("description", "description,trading_postcode")
        .replace("Animation", "Animation,B2")
    )
    assert run(app, kept(tmp_path, mended)) == (0, "0 added, 1 filled, 0 unchanged.\n")


def test_what_is_known_is_never_overwritten_by_a_file(
    app: Flask, cast: Cast, db: Session, tmp_path: Path
) -> None:
    made = factories.business(name="Known", company_number="01234567", description="As they said")
    path = kept(
        tmp_path, "name,company_number,description,stage\nKNOWN LIMITED,01234567,As a file says,growth\n"
    )
    assert run(app, path) == (0, "0 added, 1 filled, 0 unchanged.\n")
    db.refresh(made)
    assert (made.name, made.description, made.stage) == ("Known", "As they said", "growth")


def of(db: Session, *names: str) -> list[Business]:
    return list(db.scalars(select(Business).where(Business.name.in_(names)).order_by(Business.name)))


def test_k19_a_quote_that_never_closes_is_named_with_its_line_and_nothing_vanishes(
    app: Flask, cast: Cast, db: Session, tmp_path: Path
) -> None:
    text = 'name,trading_postcode,description\nHollow Reed Prints,B1 1AA,"Makes 12 inch prints\n'
    text += "".join(f"Pale Finch {n},B2 4QA,Short films about the making of them\n" for n in range(4_000))
    code, said = run(app, kept(tmp_path, text))
    assert code == 2
    assert "line 2: this cannot be read as CSV: a quote opens in this line and never closes" in said
    assert of(db, "Hollow Reed Prints") == []


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('A,B1 1AA,"open\nB,B2 4QA,x\nC,B3 3HJ,x', 2),
        ('A,B1 1AA,"open\nB,B2 4QA,"closed, here"\nC,B3 3HJ,x\n', 2),
        ('A,B1 1AA,"open\nB,B2 4QA,closed"\nC,B3 3HJ,x\n', 2),
        ('A,B1 1AA,"two\nlines"\nB,B2 4QA,"open\nC,B3 3HJ,x\n', 4),
        ('"A,B1 1AA,x\nB,B2 4QA,x\n', 2),
        ('A,B1 1AA,"12" prints\n', 2),
    ],
)
def test_k19_wherever_a_quote_goes_wrong_its_own_line_is_named(rows: str, line: int) -> None:
    (said,) = faults(f"name,trading_postcode,description\n{rows}")
    assert said.startswith(f"line {line}: ")
    assert "a quote opens in this line" in said


def test_k19_a_cell_of_several_lines_and_a_quote_within_a_cell_are_read() -> None:
    text = (
        'name,trading_postcode,description\nA,B1 1AA,"Prints, books,\nand films, toys"\nB,B2 4QA,12" prints\n'
    )
    one, other = read_file(text.encode(), "f.csv", on=TODAY)
    assert one["description"] == "Prints, books,\nand films, toys"
    assert other["description"] == '12" prints'


OWN_WORDS = "Name{0}Trading Postcode{0}DESCRIPTION{0}{0}\r\nHollow Reed Prints{0}B1 1AA{0}£12 – “small” runs{0}{0}\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_k19_whatever_a_spreadsheet_writes_is_read(encoding: str, delimiter: str) -> None:
    (row,) = read_file(OWN_WORDS.format(delimiter).encode(encoding), "f.csv", on=TODAY)
    assert (row["name"], row["trading_outcode"]) == ("Hollow Reed Prints", "B1")
    assert row["description"] == "£12 – “small” runs"


@pytest.mark.parametrize("encoding", ["mac_roman", "cp850"])
def test_k19_an_encoding_that_is_not_certain_is_refused_at_its_line(encoding: str) -> None:
    (said,) = faults("name,description\nA,x\nCafé,costs £12\n".encode(encoding))
    assert said.startswith("line 3: this is not UTF-8 text")
    assert "CSV UTF-8" in said


def test_k19_a_cell_without_a_heading_is_named() -> None:
    assert faults("name,,\nA,stray,\n") == ["line 2, column 2: this cell has no heading"]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31/03/24", date(2024, 3, 31)),
        ("31.3.1962", date(1962, 3, 31)),
        ("1 Jan 62", date(1962, 1, 1)),
        ("2024-03-31 00:00:00", date(2024, 3, 31)),
    ],
)
def test_k20_a_day_in_a_file_has_a_sensible_year(typed: str, day: date) -> None:
    (row,) = read_file(f"name,trading_since\nA,{typed}\n".encode(), "f.csv", on=TODAY)
    assert row["trading_since"] == day


@pytest.mark.parametrize("typed", ["31/03/0024", "31/03/0206", "31/03/1020", "31/03/27", "31/03/2027", "26"])
def test_k20_a_year_that_cannot_be_is_left_out_with_a_word(typed: str) -> None:
    (row,) = read_file(f"name,trading_since\nA,{typed}\n".encode(), "f.csv", on=TODAY)
    assert row["trading_since"] is None
    assert [each.column for each in row.left_out] == ["trading_since"]


def test_k5_an_import_takes_nothing_that_the_forms_refuse(
    app: Flask, cast: Cast, db: Session, tmp_path: Path
) -> None:
    text = (
        "name,trading_postcode,description,person_name,person_email\n"
        '"Hollow\nReed\x0bPrints",B1 1AA,"a\x0bb","Rae\nInvented",not an address\n'
        "Pale Finch Films,B2 4QA,a\x00b,Lee Invented,a@made.example; b@made.example\n"
    )
    code, said = run(app, kept(tmp_path, text))
    assert code == 0, said
    assert said.count("person_email: left out: Enter") == 2
    assert "line 5, description: left out: This holds characters that cannot be shown" in said
    one, other = of(db, "Hollow Reed Prints", "Pale Finch Films")
    assert (one.description, other.description) == ("a\nb", "")
    people = db.execute(
        select(Person.name, Person.email)
        .order_by(Person.name)
        .where(Person.business_id.in_([one.id, other.id]))
    )
    assert [tuple(row) for row in people] == [("Lee Invented", None), ("Rae Invented", None)]
    assert run(app, kept(tmp_path, text))[1].endswith("0 added, 0 filled, 2 unchanged.\n")


def test_a_number_alone_puts_nothing_on_a_strangers_record(
    app: Flask, cast: Cast, db: Session, tmp_path: Path
) -> None:
    made = factories.business(name="Copper Otter Studios", company_number="01234567", trading_outcode="B1")
    text = (
        "name,company_number,trading_postcode,person_name,person_email,year_end,turnover\n"
        "Feathers And Twine Pottery,01234567,CV1 2BB,Rae Invented,rae@made.example,31/03/2026,12345\n"
    )
    path = kept(tmp_path, text)
    code, said = run(app, path)
    assert code == 0
    assert "0 added, 0 filled, 0 unchanged." in said
    assert "1 row left out" in said
    assert db.scalars(select(Person).where(Person.business_id == made.id)).all() == []
    with path.with_suffix(".unmatched.csv").open(encoding="utf-8-sig") as file:
        (row,) = csv.DictReader(file)
    assert "company number 01234567 is that of Copper Otter Studios" in row["why"]
    assert row["person_email"] == "rae@made.example"


@pytest.mark.parametrize(
    "row", ["COPPER OTTER STUDIOS LIMITED,1234567,", "Otterworks,01234567,", "Another Name,01234567,B1 1AA"]
)
def test_a_number_with_a_fitting_name_or_postcode_is_that_business(
    app: Flask, cast: Cast, db: Session, tmp_path: Path, row: str
) -> None:
    made = factories.business(
        name="Copper Otter Studios",
        company_number="01234567",
        trading_postcode="B1 1AA",
        trading_outcode="B1",
    )
    db.add(BusinessName(business_id=made.id, name="Otterworks", kind=NameKind.TRADING))
    db.flush()
    path = kept(tmp_path, f"name,company_number,trading_postcode,stage\n{row},growth\n")
    assert run(app, path) == (0, "0 added, 1 filled, 0 unchanged.\n")
