"""The fund case as people meet it: the page, the asks behind each figure, the paper; and what people outside do not learn."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from uuid import UUID

import pypdf
import pytest

from crm.evidence.models import Ask
from crm.evidence.workflow import AskStatus, Instrument, Medium, UnmetReason
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.roles import Role
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.spreadsheets import Book

SQLITE = pytest.mark.engine("sqlite")
HERE = "/reports/fund-case"


def unmet(place: int, *, pounds: int | None = 100_000, **told: object) -> Ask:
    """An ask of a business of its own that was not found, some days apart from the others."""
    owner = factories.business(
        name=f"Business {place}", authority="Dudley", dcms_groups=("film_tv_radio_photo",)
    )
    fields = {
        "_status": AskStatus.UNMET,
        "unmet_reason": UnmetReason.COLLATERAL,
        "settled_on": today(),
        "asked_on": date(2026, 1, 1) + timedelta(days=place),
        "amount": None if pounds is None else Money.pounds(pounds),
        "instrument": Instrument.LOAN,
        "medium": Medium.SCREEN,
    }
    return factories.ask(owner, **(fields | told))  # type: ignore[arg-type]


def words(page: str) -> str:
    """The words of a page, with single blanks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@SQLITE
def test_every_figure_opens_exactly_the_asks_that_it_counts(client: ConformingClient, cast: Cast) -> None:
    for place in range(3):
        unmet(place)
    unmet(3, instrument=Instrument.EQUITY, medium=Medium.MIXED_MEDIA, unmet_reason=UnmetReason.TOO_EARLY)
    unmet(4, _status=AskStatus.MET, unmet_reason=None, met_by="A bank", met_amount=Money.pounds(60_000))
    unmet(5, pounds=None)
    client.sign_in(cast.administrator)
    page = client.get(HERE).text
    figures = re.findall(r'href="(/reports/fund-case/asks[^"]*)">([0-9,]+)<span', page)
    assert len(figures) > 20
    for href, count in figures:
        opened = words(client.get(href.replace("&amp;", "&")).text)
        assert f" {count} {'ask' if count == '1' else 'asks'} by " in opened, href


@SQLITE
def test_a_fund_by_other_rules_is_shared_as_an_address_and_bad_rules_are_told_at_their_field(
    client: ConformingClient, cast: Cast
) -> None:
    unmet(1, pounds=100_001)
    client.sign_in(cast.hub_manager)
    page = words(
        client.get(
            f"{HERE}?size=2m&smallest=1&largest=1m&match=25&media=screen&instruments=loan"
            "&loan_back=50&equity_back=0&months=12"
        ).text
    )
    assert "£75,000.75 from the fund, £25,000.25 from others" in page
    assert "£37,500.37" in page
    wrong = client.get(f"{HERE}?size=25m&smallest=2m&largest=1m&match=95&loan_back=x&chosen=1")
    assert wrong.status_code == 422
    for said in (
        "The size of the fund must be between £1 million and £20 million",
        "The largest ticket must be £2,000,000 or more, the smallest ticket",
        "Share that others bring must be between 0 and 90",
        "Share of loans that comes back must be a whole number",
        "Choose at least one kind of finance that the fund gives",
    ):
        assert said in words(wrong.text)
    assert 'value="25m"' in wrong.text, "what was typed stays"
    assert client.get(f"{HERE}/asks?size=25m").status_code == 422
    assert client.get(f"{HERE}?endpoint=x&_scheme=y&medium=screen").status_code == 200


@SQLITE
def test_a_funder_reads_no_small_figure_and_has_no_rules_to_tell_a_few_apart_n50(
    client: ConformingClient,
) -> None:
    for place in range(6):
        unmet(place)
    for place in range(6, 12):
        unmet(place, instrument=Instrument.GRANT)
    for place in range(12, 14):
        unmet(place, instrument=Instrument.EQUITY)
    funder = factories.account()
    factories.grant(funder, Role.FUNDER)
    client.sign_in(funder)
    page = client.get(HERE).text
    assert "14 businesses" in words(page)
    assert "Equity Not shown Not shown" in words(page)
    assert "Grant Not shown Not shown" in words(page), "the next smallest goes with it"
    assert "fund-case/asks" not in page
    assert "<form" not in page.split("<main")[1]
    assert client.get(f"{HERE}?first-year=2026").status_code == 422
    assert client.get(f"{HERE}/asks").status_code == 403
    assert client.get(f"{HERE}.pdf").status_code == 200


@SQLITE
def test_what_was_asked_this_quarter_reaches_people_outside_once_it_has_ended_n50(
    client: ConformingClient,
) -> None:
    for place in range(5):
        unmet(place)
    unmet(5, asked_on=today())
    funder = factories.account()
    factories.grant(funder, Role.FUNDER)
    client.sign_in(funder)
    assert "5 businesses" in words(client.get(HERE).text)


@SQLITE
def test_the_paper_has_the_figures_of_the_page_and_is_refused_where_it_would_tell_of_a_few(
    client: ConformingClient, cast: Cast
) -> None:
    for place in range(4):
        unmet(place)
    client.sign_in(cast.administrator)
    page = words(client.get(HERE).text)
    assert "Until then there is no PDF" in page
    assert client.get(f"{HERE}.pdf").status_code == 409
    unmet(4, pounds=100_000)
    page = client.get(HERE).text
    paper = pypdf.PdfReader(io.BytesIO(client.get(f"{HERE}.pdf").data))
    text = " ".join(" ".join(each.extract_text().split()) for each in paper.pages)
    for said in (
        "5 creative businesses sought £500,000.00 in 5 asks",
        "£250,000.00",
        "£200,000.00",
        "Dudley 5 £500,000.00 5",
    ):
        assert said in text
    assert "£250,000.00" in words(page)
    assert "Business 4" not in text
    assert paper.metadata is not None
    assert paper.metadata.title == "The case for a Regional Creative Development Fund"


@SQLITE
def test_an_adviser_of_another_hub_reads_the_same_figures_and_opens_only_their_own_rows(
    client: ConformingClient, cast: Cast
) -> None:
    for place in range(5):
        unmet(place)
    theirs = factories.business(name="Theirs", hub_id=_hub_of(cast))
    factories.ask(theirs, asked_on=today())
    client.sign_in(cast.other_adviser)
    assert "6 businesses" in words(client.get(HERE).text)
    opened = words(client.get(f"{HERE}/asks").text)
    assert "1 more ask counts in the region's figures" in opened.replace("’", "'")
    assert "Theirs" not in opened


def _hub_of(cast: Cast) -> UUID:
    return UUID(next(each.scope_id for each in cast.adviser.known.grants if each.scope_id))


@SQLITE
def test_the_file_holds_the_rows_of_the_list_with_their_sums_and_runs_nothing_p49(
    client: ConformingClient, cast: Cast
) -> None:
    found = unmet(1)
    odd = factories.business(name="=HYPERLINK(1)", authority="Dudley")
    factories.ask(odd, asked_on=date(2026, 3, 1), amount=Money.pounds(5))
    client.sign_in(cast.administrator)
    rows = client.get(f"{HERE}/asks.csv").data.decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert rows[1].startswith("'=HYPERLINK(1),2026-03-01,")
    assert f"Business 1,{found.asked_on.isoformat()},Loan,Screen-based" in rows[2]
    assert "100000.00,0.00,100000.00" in rows[2]


@SQLITE
def test_the_workbooks_come_to_the_figures_of_the_page(client: ConformingClient, cast: Cast) -> None:
    for place in range(6):
        unmet(place, pounds=100_000 + place)
    client.sign_in(cast.hub_manager)
    query = "?match=25&smallest=1"
    page = words(client.get(f"{HERE}{query}").text)
    book = Book(client.get(f"{HERE}/workbook.xlsx{query}").data)
    assert (book["Summary", "B7"], book["Summary", "B9"]) == (6, 6)
    assert f"£{book['Summary', 'B12']:,.2f} is missing" in page
    assert f"£{book['Summary', 'D15']:,.2f} from the fund" in page
    figures = Book(client.get(f"{HERE}/figures.xlsx{query}").data)
    assert f"£{figures['Summary', 'B11']:,.2f} is missing" in page
    assert all(_agrees(figures, at) for at in figures.formulas)
    assert not any("Business 1" in str(each) for each in (*book.written.values(), *figures.written.values()))


def _agrees(book: Book, at: tuple[str, str]) -> bool:
    return abs(float(book[at]) - float(book.written[at])) < 0.001


@SQLITE
def test_who_reads_counts_only_gets_the_figures_and_no_row_of_a_single_business_n50(
    client: ConformingClient,
) -> None:
    for place in range(7):
        unmet(place, instrument=Instrument.GRANT if place > 4 else Instrument.LOAN)
    funder = factories.account()
    factories.grant(funder, Role.FUNDER)
    client.sign_in(funder)
    assert client.get(f"{HERE}/workbook.xlsx").status_code == 403
    figures = Book(client.get(f"{HERE}/figures.xlsx").data)
    assert {name for name, _ in figures.written} == {"Summary", "Tables"}
    assert "Grant" not in figures.written.values(), (
        "two businesses, and five that the total would tell them by"
    )
    assert "Screen-based" in figures.written.values()
