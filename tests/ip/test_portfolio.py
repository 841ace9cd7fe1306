"""The portfolio: which rights protect which income, and what nothing protects, to the penny and said plainly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.businesses.models import YearlyFigures
from crm.ip.portfolio import queries, service
from crm.ip.portfolio.rules import WHOLE, Shield, cover_of, gap_in_words, sum_of
from crm.ip.portfolio.service import IncomeDetails, ProtectionDetails
from crm.kernel.clock import today
from crm.kernel.errors import Changed, Invalid
from crm.kernel.money import Money, whole_percent
from crm.kernel.permissions import SYSTEM
from crm.rights.workflow import RightKind, RightStatus
from tests import factories, network
from tests.cast import BUSINESS, Cast, Member
from tests.client import ConformingClient
from tests.ip import bed

sqlite = pytest.mark.engine("sqlite")
SHARES = st.lists(st.integers(1, WHOLE), max_size=5)


def shields(*shares: int) -> list[Shield]:
    return [Shield("Made", "copyright", "unregistered", each) for each in shares]


# ---------------------------------------------------------------- rules


@given(
    st.integers(1, 10**10), st.lists(st.tuples(st.integers(1, WHOLE), st.integers(0, WHOLE - 1)), max_size=5)
)
def test_what_is_covered_lies_between_the_two_bounds_wherever_the_parts_lie(
    pence: int, parts: list[tuple[int, int]]
) -> None:
    """Another way to count it: each right covers some of a hundred slices, and those that any covers are counted."""
    slices = {(start + each) % WHOLE for share, start in parts for each in range(share)}
    found = cover_of(Money(pence), shields(*(share for share, _ in parts)))

    assert found.least.pence <= pence * len(slices) // WHOLE <= found.most.pence <= pence
    assert found.least + found.gap_most == found.most + found.gap_least == Money(pence)


@given(st.integers(1, 10**10), SHARES, st.integers(1, WHOLE))
def test_another_right_never_makes_a_gap_larger_and_the_order_is_no_matter(
    pence: int, shares: list[int], more: int
) -> None:
    before, after = (cover_of(Money(pence), shields(*each)) for each in (shares, [more, *reversed(shares)]))

    assert after.gap_least <= before.gap_least
    assert after.gap_most <= before.gap_most
    assert sum(after.widths) <= 1_000


@pytest.mark.parametrize(
    ("pounds", "shares", "words"),
    [
        (40_000, (), "Nothing protects £40,000.00 of “Lamps”"),
        (100_000, (60,), "Nothing protects £40,000.00 of “Lamps”"),
        (40_000, (100, 30), ""),
        (
            100_000,
            (60, 30),
            "Between £10,000.00 and £40,000.00 of “Lamps” is not protected: its rights may protect the same part",
        ),
        (
            100_000,
            (60, 40),
            "Up to £40,000.00 of “Lamps” may not be protected: its rights may protect the same part",
        ),
    ],
)
def test_a_gap_is_said_plainly(pounds: int, shares: tuple[int, ...], words: str) -> None:
    assert gap_in_words("Lamps", cover_of(Money.pounds(pounds), shields(*shares))) == words


@pytest.mark.parametrize(
    ("kind", "status", "holds"),
    [
        ("trade_mark", "registered", True),
        ("trade_mark", "applied_for", False),
        ("trade_mark", "lapsed", False),
        ("copyright", "unregistered", True),
        ("design", "unregistered", True),
        ("patent", "unregistered", False),
        ("domain", "unregistered", False),
    ],
)
def test_what_lapsed_or_is_not_registered_yet_protects_nothing(kind: str, status: str, holds: bool) -> None:
    found = Shield("Made", kind, status, WHOLE)

    assert found.holds == holds
    assert bool(found.why_not) != holds
    assert cover_of(Money(100), [found]).least == Money(100 if holds else 0)
    assert sum_of([cover_of(Money(100), [found]), cover_of(Money(50), [])]).turnover == Money(150)


# ---------------------------------------------------------------- pages


@sqlite
def test_a_founder_adds_an_income_links_a_right_and_sees_what_nothing_protects(
    client: ConformingClient, cast: Cast
) -> None:
    right = network.right(bed.owner(), title="LAMPLIGHT", kind=RightKind.DESIGN)
    where = f"/businesses/{BUSINESS}/portfolio"
    client.sign_in(cast.founder)
    assert "No income recorded" in bed.page(client, where)
    assert (
        "Turnover in a year must be more than £0"
        in client.post(f"{where}/add", data={"name": "Lamps", "turnover": "0"}).text
    )
    assert client.post(f"{where}/add", data={"name": "Lamps", "turnover": "100,000"}).status_code == 303
    twice = client.post(f"{where}/add", data={"name": "Lamps", "turnover": "5"})
    assert "There is an income of this name already" in twice.text
    assert "Nothing protects £100,000.00 of “Lamps”" in bed.page(client, where)
    line = queries.lines_of(BUSINESS)[0]
    link = f"/income-lines/{line.id}/protect"
    for share in ("0", "101", "half"):
        assert client.post(link, data={"right": str(right.id), "share": share}).status_code == 422
    assert (
        client.post(link, data={"right": str(right.id), "share": "60", "part": "At home"}).status_code == 303
    )
    page = bed.page(client, where)
    assert "Nothing protects £40,000.00 of “Lamps”" in page
    assert page.count('class="app-stat__link" href="#table"') == 3, "each figure opens its rows (K14)"
    assert page.count('id="table"') == 1
    assert "Design, 60% of this income: At home" in page
    assert "Nothing protects £40,000.00" in bed.page(client, f"/businesses/{BUSINESS}/ip")
    assert "LAMPLIGHT" not in bed.page(client, link)
    form = {"name": "Lamps", "turnover": "50,000.01", "version": str(line.version)}
    assert client.post(f"/income-lines/{line.id}/correct", data=form).status_code == 303
    assert "Nothing protects £20,000.01 of “Lamps”" in bed.page(client, where)
    client.post(f"/income-protections/{bed.income_again(line).protections[0].id}/remove")
    assert "Nothing protects £50,000.01" in bed.page(client, where)
    assert client.sign_in(cast.other_founder).get(where).status_code == 404
    client.sign_in(cast.founder).post(f"/income-lines/{line.id}/remove")
    assert "No income recorded" in bed.page(client, where)


@sqlite
def test_a_trade_secret_counts_but_is_named_only_to_those_who_may_know_it(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    bed.linked(bed.owner(), 100, kind=RightKind.TRADE_SECRET, title="Process A")
    where = f"/businesses/{BUSINESS}/portfolio"
    for part, sees in (
        (cast.founder, True),
        (cast.adviser, True),
        (manager, False),
        (cast.administrator, False),
    ):
        page = bed.page(client.sign_in(part), where)
        assert ("Process A" in page) == sees
        assert "Every income is protected in full" in page
        assert sees or "A trade secret" in page
    assert "Add an income" not in bed.page(client.sign_in(manager), where)


@sqlite
def test_what_does_not_hold_is_said_with_why_and_figures_that_add_up_to_too_much_are_named(
    client: ConformingClient, cast: Cast
) -> None:
    own = bed.owner()
    bed.linked(own, 100, status=RightStatus.LAPSED, title="Old mark", kind=RightKind.TRADE_MARK)
    late = {"status": RightStatus.REGISTERED, "number": "UK1", "renews_on": today() - timedelta(days=1)}
    bed.linked(own, 100, title="Late mark", kind=RightKind.TRADE_MARK, **late)
    year = {"year_end": today(), "turnover": Money.pounds(50_000), "source": "made"}
    factories.kept(YearlyFigures(business_id=own.id, **year))
    page = bed.page(client.sign_in(cast.adviser), f"/businesses/{BUSINESS}/portfolio")
    assert "It has lapsed, so it protects nothing" in page
    assert "Its renewal date has passed: check that it still holds" in page
    assert "Nothing protects £40,000.00" in page
    assert "these incomes add up to £80,000.00, which is more than the turnover of £50,000.00" in " ".join(
        page.split()
    )


def test_only_a_right_of_the_same_business_is_linked_and_only_once(cast: Cast) -> None:
    line = bed.income(bed.owner())
    other = network.right(factories.business())
    with pytest.raises(Invalid, match="Choose a right of this business"):
        service.protect(line, ProtectionDetails(other.id, 50), by=SYSTEM)
    own = network.right(bed.owner())
    service.protect(line, ProtectionDetails(own.id, 50), by=SYSTEM)
    with pytest.raises(Invalid, match="linked to this income already"):
        service.protect(bed.income_again(line), ProtectionDetails(own.id, 20), by=SYSTEM)
    with pytest.raises(Changed):
        service.correct_income(line, IncomeDetails("A", Money(1)), version=line.version + 1, by=SYSTEM)
    secret = network.right(bed.owner(), kind=RightKind.TRADE_SECRET)
    with pytest.raises(Invalid, match="Choose a right of this business"):
        service.protect(bed.income_again(line), ProtectionDetails(secret.id, 5), by=cast.administrator.actor)


@sqlite
def test_what_a_right_with_gaps_protects_is_never_protected_for_sure(
    client: ConformingClient, cast: Cast
) -> None:
    link = bed.linked(bed.owner(), 100, title="Otter, the series", shares=[["Cast Pictures", 7_500]])
    where = f"/businesses/{BUSINESS}/portfolio"
    page = bed.page(client.sign_in(cast.founder), where)
    assert "Up to £40,000.00" in page
    assert "may not be protected: a right has gaps" in page
    assert "The owner of the other 25% is not recorded" in page
    right = link.right
    for shares, part, is_sure in (([], True, False), ([["Cast Pictures", 10_000]], False, True)):
        right.shares = shares
        made = network.right_part(right) if part else None
        assert ("Every income is protected in full" in bed.page(client, where)) == is_sure
        if made is not None:
            assert "Made part has no assignment from the composer" in bed.page(client, where)
            made.assigned_at = made.added_at
    assert where in client.get(f"/rights/{right.id}").text, "a right leads to the portfolio"
    assert "100% of £40,000.00 a year" in client.get(f"/rights/{right.id}").text


@pytest.mark.parametrize(
    ("part", "of", "said"), [(468, 1000, 47), (129, 1000, 13), (999, 1000, 99), (1000, 1000, 100)]
)
def test_a_share_is_rounded_and_only_all_of_it_is_all_of_it(part: int, of: int, said: int) -> None:
    assert whole_percent(Money(part), of=Money(of)) == said


@sqlite
def test_the_test_bed_manager_lists_portfolios_whose_numbers_equal_the_pages_and_the_file(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    bed.linked(bed.owner(), 60, title="Otter")
    bed.linked(bed.owner(), 100, title="Half owned", shares=[["Lantern Otter", 5_000]])
    bed.linked(bed.owner(), 10, title="Process A", kind=RightKind.TRADE_SECRET)
    bed.income(factories.business(name="Copper Lark"), "Songs", 90)
    client.sign_in(manager)
    page = bed.page(client, "/portfolios")
    whole = queries.portfolio_of(bed.owner(), with_secrets=False).whole
    own = bed.page(client, f"/businesses/{BUSINESS}/portfolio")
    for money in (whole.turnover, whole.least):
        assert (money.in_full() in page, str(money) in own) == (True, True)
    assert f"3 incomes, {whole.turnover.in_full()} a year" in page
    assert f"{whole.gap_least.in_full()} to {whole.gap_most.in_full()}" in page
    assert "1 income, £90.00 a year" in page
    assert f"/businesses/{BUSINESS}/portfolio" in page
    file = client.get("/portfolios.csv").text
    assert file.count("\n") == 5, "a head and a row for each income"
    assert "A trade secret" in file
    assert "Process A" not in file
    assert "Copper Lark" not in client.get("/portfolios.csv?q=otter").text
    assert "No business with an income on record fits" in bed.page(client, "/portfolios?q=nowhere")
    assert client.sign_in(cast.founder).get("/portfolios").status_code == 403
    theirs = bed.page(client.sign_in(cast.adviser), "/portfolios")
    assert f"/businesses/{BUSINESS}/portfolio" in theirs


@sqlite
@pytest.mark.parametrize(
    ("kind", "status", "why"),
    [
        (RightKind.TRADE_MARK, RightStatus.LAPSED, "t has lapsed, so it protects nothing"),
        (RightKind.DESIGN, RightStatus.APPLIED_FOR, "protects nothing until it is registered"),
        (RightKind.TRADE_MARK, RightStatus.REGISTERED, ""),
    ],
)
def test_the_register_the_right_and_the_portfolio_agree_on_what_protects_nothing(
    client: ConformingClient, cast: Cast, kind: RightKind, status: RightStatus, why: str
) -> None:
    said = {"kind": kind, "status": status, "number": "UK00003123456"}
    link = bed.linked(bed.owner(), 100, title="Otter lamp", **said)
    client.sign_in(cast.founder)
    about, owned = f"/rights/{link.right_id}", f"/businesses/{BUSINESS}/rights"
    right, register, portfolio = (
        bed.page(client, each) for each in (about, owned, f"/businesses/{BUSINESS}/portfolio")
    )
    assert [why in each for each in (right, register, portfolio)] == [True] * 3
    assert ("no right protects it" in register) == bool(why)
    assert (f"<strong>{link.line.name}</strong>: Otter lamp" in register) == (not why)
    assert ("Income it protects" in right) == (not why)
