"""The network's figures: counted by their definitions, each opening its rows, and no small one told to people outside."""

from __future__ import annotations

import csv
import io
import random
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest

from crm.angels.deals.models import Pledge
from crm.angels.deals.workflow import InvestmentStatus, PledgeStatus
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.queries.angels import angel_of
from crm.angels.investors.service import joining
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.workflow import ClosedAs, PitchStatus
from crm.angels.syndicates.workflow import LeadStatus
from crm.angels.year.queries.facts import facts
from crm.angels.year.rules.facts import DealFact, Facts, RaiseFact, periods, whole_years
from crm.angels.year.rules.measures import BY_KEY, ended, figure_of, gaps
from crm.angels.year.rules.showing import BY, COLUMNS, figures, gap_tables, in_words, lines, told
from crm.evidence.workflow import UnmetReason
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.references import new_reference
from crm.kernel.roles import Role
from crm.kernel.small_numbers import FEWEST_TOLD, HIDDEN, held_back, is_worked_out
from crm.web.extracts import cell
from tests import factories, network, syndicates
from tests.angels.people import acting
from tests.angels.year.deals import CRAFT, invested, raised
from tests.cast import Cast
from tests.client import ConformingClient
from tests.factories import kept
from tests.rules.test_numbers import rows_at

YEAR = next(each for each in periods(date(2026, 11, 24)) if each.key == "2026")


def value(page: str, words: str) -> str:
    """What stands beside a figure, in words."""
    row = re.search(rf"{words}\s*</th>\s*<td[^>]*>(.*?)</td>", page, re.DOTALL)
    assert row, words
    inner = re.sub(r'<span\s+class="govuk-visually-hidden">.*?</span>', "", row[1], flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", inner).split())


@pytest.fixture
def manager(cast: Cast, client: ConformingClient) -> ConformingClient:
    network.basis()
    return client.sign_in(cast.network_manager)


def test_n49_one_investor_in_two_companies_is_one_investor_and_two_deals_and_nothing_is_added_that_is_apart(
    manager: ConformingClient,
) -> None:
    owner, first, second = network.investor(name="Ada Twice"), raised(), raised()
    invested(first, owner, pounds=25_000)
    invested(second, owner, pounds=10_000, instrument=Instrument.LOAN_NOTE)
    invested(second, pounds=5_000, instrument=Instrument.CONVERTIBLE)
    invested(raised("01110"), pounds=99_000)  # growing cereals is not creative, whatever its pitch says
    invested(first, pounds=77_000, status=InvestmentStatus.REVERSED)
    invested(first, pounds=66_000, status=InvestmentStatus.REPORTED, completed_at=None)
    kept(
        Pledge(
            pitch_id=first.id,
            account_id=owner.id,
            reference=new_reference("L"),
            amount=Money.pounds(50_000),
            pitch_version=1,
            pledged_at=now(),
            _status=PledgeStatus.PLEDGED,
        )
    )
    page = manager.get("/angels/figures").text

    assert value(page, "Investors with a completed investment") == "2"
    assert value(page, "Completed investments") == "3"
    assert value(page, "Equity completed") == "£25,000"
    assert value(page, "Loan notes completed") == "£10,000"
    assert value(page, "Convertible loan notes completed") == "£5,000"
    assert value(page, "Pledged, not committed") == "£50,000"
    assert value(page, "Committed, not completed") == "£0"
    assert "1 raise</a> of this period is in no figure" in page
    assert "growing" not in manager.get("/angels/figures/rows?measure=left_out").text
    assert "1 investment</a> of this period was reversed" in page
    assert "77,000" in manager.get("/angels/figures/rows?measure=reversed").text
    for measure in ("deals", "pledged"):
        (link, *_) = re.findall(
            r'href="(/(?:investments|pledges)/[^"]+)"',
            manager.get(f"/angels/figures/rows?measure={measure}").text,
        )
        assert manager.get(link).status_code == 200


def test_n49_an_investment_that_was_reversed_before_it_was_agreed_is_in_no_figure(
    manager: ConformingClient,
) -> None:
    invested(raised(), pounds=88_000, status=InvestmentStatus.REVERSED, completed_at=None)
    assert "was reversed" not in manager.get("/angels/figures").text
    assert "88,000" not in manager.get("/angels/figures/rows?measure=reversed").text


def test_k14_every_figure_opens_exactly_its_rows_also_under_filters(manager: ConformingClient) -> None:
    first, second = raised(), raised(CRAFT, leps=("BCLEP",))
    owner = network.admitted()
    for each in (first, second, second):
        invested(each, owner)
        invested(each)
    network.introduction(first, owner, IntroductionStatus.AGREED, met_at=now() + timedelta(days=6))
    for filters in ("period=12m", "period=2026-q4", "period=12m&sector=crafts", "period=12m&area=GBSLEP"):
        for key in (
            "investors",
            "deals",
            "first_time",
            "applied",
            "presented",
            "funding",
            "meeting",
            "certified",
        ):
            wanted = figures_of(filters)[key]
            assert rows_at(manager, f"/angels/figures/rows?measure={key}&{filters}") == wanted, (key, filters)
    assert "6 days" in value(manager.get("/angels/figures").text, "Median days to the first meeting")


def test_figures_of_syndicates_open_their_rows_and_each_row_its_syndicate(manager: ConformingClient) -> None:
    owner, first, second = network.admitted(), raised(), raised(CRAFT)
    for each in (first, second):
        found = syndicates.syndicate(each)
        leading = syndicates.lead(found, owner)
        agreed = syndicates.terms(found, leading)
        syndicates.member(found, agreed)
    syndicates.lead(syndicates.syndicate(raised()), status=LeadStatus.OFFERED)  # nothing is agreed there
    wanted = {"syndicates": (2, 1), "in_syndicates": (3, 2)}
    for key, (every, of_crafts) in wanted.items():
        for filters, count in (("period=12m", every), ("period=12m&sector=crafts", of_crafts)):
            assert figures_of(filters)[key] == count
            assert rows_at(manager, f"/angels/figures/rows?measure={key}&{filters}") == count
        page = manager.get(f"/angels/figures/rows?measure={key}").text
        (link, *_) = re.findall(r'href="(/syndicates/[^"]+)"', page)
        assert manager.get(link).status_code == 200
    assert value(manager.get("/angels/figures").text, "Investors in syndicates") == "3"


def figures_of(filters: str) -> dict[str, int]:
    """How many rows each figure says that it counts."""
    asked = dict(each.split("=") for each in filters.split("&"))
    period = next(each for each in periods(today()) if each.key == asked["period"])
    found = facts().of(asked.get("sector", ""), asked.get("area", ""))
    return {each.measure.key: each.count for each in figures(found, period)}


def test_an_investment_counts_on_its_day_of_issue_and_a_first_time_investor_once(
    manager: ConformingClient,
) -> None:
    owner, found = network.investor(), raised()
    invested(found, owner, issued_on=date(2025, 12, 31))
    invested(found, owner, issued_on=date(2026, 1, 1))
    assert value(manager.get("/angels/figures?period=2025").text, "First-time investors") == "1"
    page = manager.get("/angels/figures?period=2026").text
    assert value(page, "First-time investors") == "0"
    assert value(page, "Investors with a completed investment") == "1"


def test_n51_the_gap_is_what_was_asked_less_what_was_completed_by_reason_and_in_all(
    manager: ConformingClient,
) -> None:
    unmet = {
        "declined_for": UnmetReason.COLLATERAL,
        "closed_as": ClosedAs.PART_FUNDED,
        "raised": Money.pounds(30_000),
    }
    part = raised(status=PitchStatus.CLOSED, amount=Money.pounds(100_000), ended_at=now(), **unmet)
    invested(part, pounds=30_000)
    raised(status=PitchStatus.CLOSED, amount=Money.pounds(50_000), ended_at=now())
    page = manager.get("/angels/figures").text
    assert "There is too little security for the money" in page
    for words in ("£100,000", "£30,000", "£70,000", "£150,000", "£120,000"):
        assert words in page
    assert rows_at(manager, "/angels/figures/rows?measure=ended&form=equity&reason=collateral") == 1
    assert rows_at(manager, "/angels/figures/rows?measure=ended&form=equity") == 2


def a_fact(number: int, by: random.Random) -> tuple[RaiseFact, list[DealFact]]:
    """A raise of a random kind, with up to four investments."""
    sector, area = by.choice(["crafts", "publishing", "it_software"]), by.choice(list(BY["area"]))
    form, day = by.choice(["equity", "loan_note"]), date(2026, by.randint(1, 12), 3)
    name, pitch_id = f"Firm {number}", uuid4()
    reason = by.choice([None, "collateral", "too_early", "key_person"])
    made = RaiseFact(
        pitch_id,
        name,
        f"P-{number}",
        form,
        sector,
        area,
        Money.pounds(90_000),
        day,
        day,
        False,
        None,
        day,
        reason,
    )
    deals = [
        DealFact(
            uuid4(), pitch_id, f"i{by.randint(1, 12)}", "Ann", name, f"P-{number}", form, sector, area,
            Money.pounds(by.randint(1, 9) * 1_000), day, True, None,
        )
        for _ in range(by.randint(0, 4))
    ]  # fmt: skip
    return made, deals


@pytest.mark.parametrize("seed", range(12))
def test_n50_no_small_number_is_told_nor_can_be_worked_out_from_what_is(seed: int) -> None:
    by = random.Random(seed)
    made = [a_fact(number, by) for number in range(by.randint(1, 40))]
    facts = Facts(tuple(one for one, _ in made), tuple(each for _, deals in made for each in deals), (), ())
    for each in figures(facts, YEAR):
        if told(each, is_outside=True) != HIDDEN:
            assert each.base == 0 or each.base >= FEWEST_TOLD
            assert (
                each.beside is None
                or each.beside - each.count == 0
                or each.beside - each.count >= FEWEST_TOLD
            )
    for kind in ("sector", "area"):
        inside = {
            each.key: {name: words for name, words, _ in each.cells}
            for each in lines(facts, YEAR, by=kind, is_outside=False)
        }
        outside = {
            each.key: {name: words for name, words, _ in each.cells}
            for each in lines(facts, YEAR, by=kind, is_outside=True)
        }
        for name in COLUMNS:
            held = []
            for key, cells in outside.items():
                part = facts.of(sector=key if kind == "sector" else "", area=key if kind == "area" else "")
                base = figure_of(BY_KEY[name], part, period=YEAR).base
                if cells[name] == HIDDEN:
                    held.append(base)
                else:
                    assert cells[name] == inside[key][name]
                    assert base == 0 or base >= FEWEST_TOLD
            assert not is_worked_out(held) or len(held) == len(outside)


@pytest.mark.parametrize("seed", range(6))
def test_n51_totals_of_the_gap_equal_asks_minus_completed(seed: int) -> None:
    by = random.Random(seed)
    made = [a_fact(number, by) for number in range(20)]
    facts = Facts(tuple(one for one, _ in made), tuple(each for _, deals in made for each in deals), (), ())
    for form in ("equity", "loan_note"):
        rows = gaps(facts, YEAR, form=form)
        asked = sum((each.amount for each in ended(facts, YEAR) if each.instrument == form), Money(0))
        got = sum((each.amount for each in facts.deals if each.instrument == form), Money(0))
        assert sum((each.missing for each in rows), Money(0)) == asked - got
    assert {each[0] for each in gap_tables(facts, YEAR, is_outside=False)} <= {"equity", "loan_note"}


def test_n50_two_filters_differ_by_no_one_since_people_outside_have_none(
    client: ConformingClient, cast: Cast, manager: ConformingClient
) -> None:
    found = raised(amount=Money.pounds(900_000), published_at=now() - timedelta(days=400))
    for _ in range(6):
        invested(found, issued_on=date(2025, 6, 1))
    other = raised(CRAFT, amount=Money.pounds(900_000))
    invested(other, issued_on=date(2025, 6, 1), pounds=1_234)
    funder = factories.account()
    factories.grant(funder, Role.FUNDER)
    client.sign_in(funder)
    page = client.get("/angels/figures").text
    assert "Network figures: 2025" in page
    assert value(page, "Investors with a completed investment") == "7"
    assert value(page, "Raises presented") == HIDDEN
    assert "£1,234" not in page
    assert "£60,000" not in page
    assert "/angels/figures/rows" not in page
    for path in ("?period=2026", "?period=12m", "?period=2025-q2"):
        assert client.get(f"/angels/figures{path}").status_code == 422
    assert client.get("/angels/figures?period=2025&sector=crafts").text.count("£1,234") == 0
    assert client.get("/angels/figures/rows").status_code in {403, 404}
    taken = client.get("/angels/figures.csv").text
    rows = list(csv.DictReader(io.StringIO(taken.lstrip("\ufeff"))))
    cells = {row["Figure"]: row["Value"] for row in rows if row["For"] == "All"}
    assert "£1,234" not in taken
    assert "£60,000" not in taken
    assert "Investments reversed since" not in cells, "what opens rows is for staff"
    assert cells["Investors with a completed investment"] == "7"
    assert cells["Raises presented"] == HIDDEN


def test_k14_the_file_has_the_sub_sectors_areas_and_reasons_that_the_page_shows(
    manager: ConformingClient,
) -> None:
    found = raised(amount=Money.pounds(900_000), published_at=now() - timedelta(days=40))
    invested(found, issued_on=today() - timedelta(days=5), pounds=12_345)
    facts_now, year = facts(), periods(today())[0]
    taken = manager.get(f"/angels/figures.csv?period={year.key}").text
    rows = list(csv.DictReader(io.StringIO(taken.lstrip("\ufeff"))))
    told = {(row["For"], row["Figure"]): row["Value"] for row in rows}
    for by in BY:
        shown = lines(facts_now, year, by=by, is_outside=False)
        assert shown
        for line in shown:
            for name, _, value in line.cells:
                assert told[line.words, BY_KEY[name].words] == cell(value)
    assert told["All", "Investments reversed since"] == "0"
    assert told["All", "Equity completed"] == "12345.00", "sums can be added up in a sheet"


def test_k14_the_file_names_its_filter_tells_totals_from_their_parts_and_leaves_no_figure_empty(
    manager: ConformingClient,
) -> None:
    for reason in (UnmetReason.TOO_EARLY, UnmetReason.COLLATERAL):
        given = {"closed_as": ClosedAs.UNFUNDED, "declined_for": reason, "ended_at": now()}
        raised(status=PitchStatus.CLOSED, amount=Money.pounds(60_000), **given)
    taken = manager.get("/angels/figures.csv?area=GBSLEP").text
    rows = list(csv.DictReader(io.StringIO(taken.lstrip("\ufeff"))))
    in_all = [row for row in rows if row["Breakdown"] == "In all"]
    assert {row["For"] for row in in_all if not row["For"].endswith("all reasons")} == {BY["area"]["GBSLEP"]}
    assert {row["Period"] for row in rows} == {periods(today())[0].words}
    taken = manager.get("/angels/figures.csv").text
    rows = list(csv.DictReader(io.StringIO(taken.lstrip("\ufeff"))))
    assert {row["Breakdown"] for row in rows} == {"In all", "By sub-sector", "By area", "By reason"}
    asked = [float(row["Value"]) for row in rows if row["Figure"] == "Asked"]
    (total,) = (float(row["Value"]) for row in rows if row["Figure"] == "Asked, in all")
    assert sum(asked) == total == 120_000, "a plain sum counts nothing twice"
    without = [row for row in rows if row["Note"]]
    assert without
    assert {(row["Value"], row["Note"]) for row in without} == {("", "No figure: there was nothing to count")}


def test_periods_have_their_first_and_last_days_and_only_years_that_ended_are_told() -> None:
    known = {each.key: each for each in periods(date(2028, 2, 29))}
    assert (known["2027-q4"].first, known["2027-q4"].last) == (date(2027, 10, 1), date(2027, 12, 31))
    assert (known["2028-q1"].first, known["2028-q1"].last) == (date(2028, 1, 1), date(2028, 3, 31))
    assert known["12m"].first == date(2027, 2, 28)
    assert [each.key for each in whole_years(date(2026, 12, 31))] == ["2025", "2024"]
    assert [each.key for each in whole_years(date(2027, 1, 1))] == ["2026", "2025"]


def test_what_is_held_back_hides_another_where_it_stands_alone() -> None:
    assert held_back({"a": 3, "b": 9, "c": 7}) == {"a", "c"}
    assert held_back({"a": 0, "b": 9}) == set()
    assert in_words(figure_of(BY_KEY["funding"], Facts((), (), (), ()), period=YEAR)) == "No figure"


def test_n50_a_sum_of_few_companies_is_held_back_however_many_investors_it_has_and_a_share_with_its_whole(
    manager: ConformingClient,
) -> None:
    """Each of two companies could take its own money from the sum and read the other's."""
    for found in (raised(), raised()):
        for _ in range(5):
            invested(found)
    known, period = facts(), next(each for each in periods(today()) if each.key == "12m")
    shown = {each.measure.key: told(each, is_outside=True) for each in figures(known, period)}
    assert shown["investors"] == "10"
    assert {shown[key] for key in ("deals", "equity", "presented", "funding", "meeting")} == {
        HIDDEN,
        "No figure",
    }
    assert shown["funding"] == HIDDEN


def test_k14_who_left_the_network_is_no_certified_investor_of_it_any_more(manager: ConformingClient) -> None:
    stays, leaves, again = (network.admitted(network.investor(name=f"{name} Made")) for name in "ABC")
    where = "/angels/figures/rows?measure=certified&period=12m"
    assert all(each.name in manager.get(where).text for each in (stays, leaves, again))
    for each in (leaves, again):
        own = angel_of(each.id)
        assert own is not None
        joining.leave(own, by=acting(each))
    network.angel(again)
    page = manager.get(where).text
    assert [each.name in page for each in (stays, leaves, again)] == [True, False, True]
    before = next(each for each in periods(today()) if each.key == "2025")
    assert not BY_KEY["certified"].rows(facts(), before)
