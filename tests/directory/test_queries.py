"""Reading the directory: words and filters combine, signs are only signs, pages turn, and the old is found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.directory import queries
from crm.directory.models import Provider, Service
from crm.directory.queries import Search, count_of, earliest_fresh, services
from crm.directory.workflow import ServiceStatus as S
from crm.kernel.clock import now
from crm.kernel.eligibility import is_fresh

DAY = timedelta(days=1)
ON = date(2026, 11, 24)


def put(db: Session, name: str, **fields: Any) -> Service:
    provider = fields.pop("provider", None) or a_provider(db, "A provider")
    given = {"service_id": name.replace(" ", "-"), "_status": S.OPEN, "changed_at": now()} | fields
    made = Service(name=name, provider_id=provider.id, **given)
    db.add(made)
    db.flush()
    return made


def a_provider(db: Session, name: str) -> Provider:
    found = queries.providers_by_name().get(name)
    if found is None:
        found = Provider(name=name, created_at=now())
        db.add(found)
        db.flush()
    return found


def names(**search: str) -> list[str]:
    wanted = Search(**search)
    found = [each.name for each in services(wanted).rows]
    assert count_of(wanted) == len(found)
    return found


@pytest.fixture
def shelf(db: Session) -> Session:
    put(db, "Games fund", description="Money for prototypes", needs=("grant", "games"), leps=("GBSLEP",))
    put(db, "Film loan 50%", needs=("loan",), dcms_groups=("film_tv_radio_photo",), leps=("CWLEP",))
    put(db, "Mentors_of games", provider=a_provider(db, "O'Neill \\ Sons"), needs=("growth_plan",))
    put(db, "Old grant", needs=("grant",), _status=S.CLOSED, leps=("GBSLEP", "BCLEP"))
    db.expire_all()
    return db


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["Film loan 50%", "Games fund", "Mentors_of games", "Old grant"]),
        ("games", ["Games fund", "Mentors_of games"]),
        ("GAMES", ["Games fund", "Mentors_of games"]),
        ("games fund", ["Games fund"]),
        ("fund games", ["Games fund"]),
        ("prototypes", ["Games fund"]),
        ("o'neill", ["Mentors_of games"]),
        ("games o'neill", ["Mentors_of games"]),
        ("%", ["Film loan 50%"]),
        ("_", ["Mentors_of games"]),
        ("\\", ["Mentors_of games"]),
        ("50%", ["Film loan 50%"]),
        ("5%0", []),
        ("gam_s", []),
        ("'; DROP TABLE service; --", []),
        ('"', []),
        ("games nothing", []),
        ("  \t games \n ", ["Games fund", "Mentors_of games"]),
        ("\N{SNOWMAN}", []),
        ("games " * 5_000, ["Games fund", "Mentors_of games"]),
    ],
)
def test_words_are_looked_for_in_name_description_and_provider(
    shelf: Session, text: str, found: list[str]
) -> None:
    assert names(text=text) == found


@pytest.fixture
def wide(db: Session) -> Session:
    put(db, "Selling overseas", needs=("export",), description="Advice for exporters")
    put(db, "Marks clinic", needs=("ip_basics",), description="Register your trade mark")
    put(db, "Brand help", description="All about trademarks")
    put(db, "Lab days", needs=("r_and_d", "labs"), cost_type="match grant")
    put(db, "Tax desk", description="R&D tax credits", dcms_groups=("crafts",))
    put(db, "Trade fair", description="Trade in a market")
    put(db, "Start well", needs=("start_up",), description="For start-ups")
    db.expire_all()
    return db


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *[
            (each, ["Selling overseas"])
            for each in ("export", "exporting", "exports", "Exporter", "selling abroad")
        ],
        *[
            (each, ["Brand help", "Marks clinic"])
            for each in ("trade mark", "trade marks", "trademark", "Trade‑Marks")
        ],
        *[
            (each, ["Lab days", "Tax desk"])
            for each in ("R&D", "r & d", "R and D", "research and development", "R+D")
        ],
        *[(each, ["Start well"]) for each in ("startup", "start-up", "start ups", "Startups")],
        ("intellectual property", ["Marks clinic"]),
        *[(each, ["Marks clinic"]) for each in ("IP", "copyrights", "patent")],
        ("labs", ["Lab days"]),
        ("grants", ["Lab days"]),
        ("R&D crafts", ["Tax desk"]),
        ("exporting trademarks", []),
    ],
)
def test_any_form_of_a_word_is_found_in_texts_needs_and_kinds(
    wide: Session, text: str, found: list[str]
) -> None:
    assert names(text=text) == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"need": "grant"}, ["Games fund", "Old grant"]),
        ({"need": "gran"}, []),
        ({"need": "grant|games"}, ["Games fund"]),
        ({"need": "%"}, []),
        ({"lep": "GBSLEP"}, ["Games fund", "Mentors_of games", "Old grant"]),
        ({"group": "film_tv_radio_photo"}, ["Film loan 50%", "Games fund", "Mentors_of games", "Old grant"]),
        ({"group": "crafts"}, ["Games fund", "Mentors_of games", "Old grant"]),
        ({"status": "closed"}, ["Old grant"]),
        ({"need": "grant", "status": "open"}, ["Games fund"]),
        ({"need": "grant", "lep": "BCLEP"}, ["Old grant"]),
        ({"text": "games", "lep": "CWLEP"}, ["Mentors_of games"]),
        ({"text": "games", "need": "loan"}, []),
    ],
    ids=str,
)
def test_filters_combine_and_no_rule_asks_nothing(
    shelf: Session, search: dict[str, str], found: list[str]
) -> None:
    assert names(**search) == found


def test_a_capital_with_an_accent_is_found_by_its_small_letter(db: Session) -> None:
    put(db, "École de jeu", service_id="ecole")
    assert names(text="ÉCOLE") == names(text="école") == ["École de jeu"]


# ---------------------------------------------------------------- pages


def walk(search: Search) -> list[list[str]]:
    pages, cursor = [], None
    while True:
        page = services(search, cursor)
        pages.append([each.service_id for each in page.rows])
        if page.after is None:
            return pages
        cursor = page.after


@pytest.mark.parametrize("many", [0, 1, 24, 25, 26, 50, 51])
def test_pages_show_every_service_once(db: Session, many: int) -> None:
    for number in range(many):
        put(db, f"Name {number // 3:03}", service_id=f"s{number:03}")
    pages = walk(Search())
    assert [len(page) for page in pages] == [25] * (many // 25) + (
        [many % 25] if many % 25 or not many else []
    )
    assert sorted(each for page in pages for each in page) == [f"s{number:03}" for number in range(many)]


def test_pages_turn_back_the_way_they_came(db: Session) -> None:
    for number in range(60):
        put(db, "One name", service_id=f"s{number:03}")
    first = services(Search())
    second = services(Search(), first.after)
    third = services(Search(), second.after)
    assert (first.before, third.after) == (None, None)
    assert services(Search(), third.before).rows == second.rows
    back = services(Search(), second.before)
    assert back.rows == first.rows
    assert back.before is None


def test_what_is_added_meanwhile_shifts_no_page(db: Session) -> None:
    for number in range(30):
        put(db, f"Name {number:03}", service_id=f"s{number:03}")
    first = services(Search())
    put(db, "Aaa", service_id="aaa")
    second = services(Search(), first.after)
    assert [each.service_id for each in second.rows] == [f"s{number:03}" for number in range(25, 30)]


def test_a_search_goes_on_over_its_pages(db: Session) -> None:
    for number in range(60):
        put(db, f"Name {number:03}", service_id=f"s{number:03}", needs=("grant",) if number % 2 else ())
    assert [len(page) for page in walk(Search(need="grant"))] == [25, 5]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "====",
        "bnVsbA",
        "W10",
        "WyJhZnRlciJd",
        "WyJhZnRlciIsMSwyXQ",
        "WyJhZnRlciIsIlx1MDAwMCIsIjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMCJd",
        "WyJhZnRlciIsIlx1ZDgwMCIsIjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwMCJd",
        "WyJzaWRld2F5cyIsImEiLCJiIl0",
        "é" * 10,
        "A" * 10_000,
    ],
)
def test_a_cursor_that_nobody_minted_is_the_first_page(shelf: Session, cursor: str) -> None:
    assert [each.name for each in services(Search(), cursor).rows] == names()


# ---------------------------------------------------------------- freshness

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(on=DAYS, months=st.integers(1, 60))
@example(on=date(2025, 2, 28), months=12)
@example(on=date(2024, 2, 29), months=12)
@example(on=date(2024, 2, 29), months=48)
@example(on=date(2025, 3, 1), months=12)
@example(on=date(2026, 3, 30), months=1)
@example(on=date(2026, 3, 31), months=1)
@example(on=date(2026, 5, 31), months=3)
def test_the_earliest_fresh_day_parts_the_fresh_from_the_stale(on: date, months: int) -> None:
    day = earliest_fresh(on, months=months)
    assert is_fresh(day, on=on, months=months)
    for back in range(1, 40):
        assert not is_fresh(day - back * DAY, on=on, months=months)
    for forth in range(40):
        assert is_fresh(day + forth * DAY, on=on, months=months)


def test_what_needs_checking_is_just_what_is_doubted_or_no_longer_fresh(db: Session) -> None:
    edge = earliest_fresh(ON, months=12)
    days = [None, edge - DAY, edge, edge + DAY, ON]
    for status in S:
        for number, day in enumerate(days):
            put(db, f"{status} {number}", _status=status, checked_on=day)
    db.expire_all()
    found = queries.needs_checking(ON, months=12)
    wanted = {
        each.service_id
        for each in queries.all_services()
        if each.status is S.CHECK or (each.status is S.OPEN and not each.is_fresh(on=ON, months=12))
    }
    assert {each.service_id for each in found} == wanted
    assert len(wanted) == queries.count_to_check(ON, months=12) == 5 + 2


@pytest.mark.parametrize("on", [date(2024, 2, 29), date(2025, 2, 28), date(2026, 3, 31), date(2026, 3, 1)])
def test_the_list_and_the_rule_agree_at_the_ends_of_months(db: Session, on: date) -> None:
    for back in range(355, 375):
        put(db, f"checked {back:03} days ago", checked_on=on - back * DAY)
    db.expire_all()
    found = {each.service_id for each in queries.needs_checking(on, months=12)}
    assert found == {
        each.service_id for each in queries.all_services() if not each.is_fresh(on=on, months=12)
    }


def test_the_longest_unchecked_stands_first(db: Session) -> None:
    put(db, "b", checked_on=date(2020, 1, 1))
    put(db, "a", checked_on=date(2021, 1, 1))
    put(db, "z", checked_on=None)
    put(db, "y", checked_on=None)
    assert [each.name for each in queries.needs_checking(ON, months=12)] == ["y", "z", "b", "a"]


def test_everything_to_match_comes_in_one_query_with_its_providers(
    shelf: Session, count_queries: Any
) -> None:
    with count_queries() as asked:
        found = [(each.service_id, each.provider.name, each.terms) for each in queries.all_services()]
    assert len(found) == 4
    assert len(asked) == 1
