"""Membership is worked out from periods and grace."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.billing import queries
from crm.billing.rules import Period, membership_on, next_free, overlaps
from crm.billing.service import periods as service
from crm.billing.service.periods import PeriodDetails
from crm.billing.workflow import Way
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.money import Money
from tests import network
from tests.angels.people import letters
from tests.cast import Cast
from tests.client import ConformingClient

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("on", "is_member", "in_grace"),
    [
        (date(2025, 12, 31), False, False),
        (date(2026, 1, 1), True, False),
        (date(2026, 12, 31), True, False),
        (date(2027, 1, 14), True, True),
        (date(2027, 1, 15), False, False),
    ],
)
def test_a_membership_holds_on_both_its_days_and_in_grace(on: date, is_member: bool, in_grace: bool) -> None:
    found = membership_on([YEAR], on=on, grace_days=14)
    assert (found.is_member, found.is_in_grace) == (is_member, in_grace)


def test_paid_again_within_grace_it_is_one_membership() -> None:
    late = Period(date(2027, 1, 10), date(2028, 1, 9))
    assert membership_on([YEAR, late], on=date(2027, 2, 1), grace_days=14).since == date(2026, 1, 1)
    later = Period(date(2027, 2, 1), date(2028, 1, 31))
    assert membership_on([YEAR, later], on=date(2027, 2, 1), grace_days=14).since == date(2027, 2, 1)


SPANS = st.lists(
    st.builds(
        lambda start, days: Period(start, start + timedelta(days=days)),
        st.dates(date(2024, 1, 1), date(2027, 1, 1)),
        st.integers(0, 500),
    ),
    max_size=5,
)


@given(spans=SPANS, on=st.dates(date(2024, 1, 1), date(2028, 1, 1)), grace=st.integers(0, 30))
def test_somebody_is_a_member_just_where_a_period_with_its_grace_covers_the_day(
    spans: list[Period], on: date, grace: int
) -> None:
    found = membership_on(spans, on=on, grace_days=grace)
    covered = any(each.starts_on <= on <= each.ends_on + timedelta(days=grace) for each in spans)
    assert found.is_member == covered
    assert found.since is None or found.since <= on


def test_a_shared_day_is_an_overlap() -> None:
    assert overlaps(Period(date(2026, 12, 31), date(2027, 12, 30)), [YEAR])
    assert not overlaps(Period(date(2027, 1, 1), date(2027, 12, 31)), [YEAR])


def year(**fields: object) -> PeriodDetails:
    given_: dict[str, object] = {
        "starts_on": today(),
        "ends_on": today() + timedelta(days=364),
        "way": Way.INVOICE,
    }
    return PeriodDetails(**{**given_, "amount": Money.pounds(300), **fields})  # type: ignore[arg-type]


def test_nobody_records_their_own_and_no_day_is_paid_twice(cast: Cast) -> None:
    owner, by = network.investor(), cast.network_manager.actor
    made = service.record(owner, year(), by=by)
    assert queries.membership_of(owner.id, on=today()).is_member
    with pytest.raises(Conflict, match="covers some of these days"):
        service.record(owner, year(starts_on=today() + timedelta(days=10)), by=by)
    with pytest.raises(NotAllowed):
        service.record(cast.network_manager.account, year(), by=by)
    service.void(made, reason="Typed for somebody else", by=by)
    assert not queries.membership_of(owner.id, on=today()).is_member


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_on": date(2026, 11, 23)}, "ends_on"),
        ({"ends_on": date(2030, 11, 23)}, "ends_on"),
        ({"amount": Money(0)}, "amount"),
        ({"amount": Money.pounds(1_200_000)}, "amount"),
        ({"starts_on": date(2023, 11, 23), "ends_on": date(2024, 11, 22)}, "starts_on"),
        ({"way": Way.WAIVER, "amount": Money(0)}, "reason"),
        ({"way": Way.WAIVER, "reason": "A patron"}, "amount"),
    ],
)
def test_a_period_that_cannot_be_is_refused_at_its_field(
    cast: Cast, fields: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        service.record(network.investor(), year(**fields), by=cast.network_manager.actor)
    assert refused.value.field == field


def test_the_page_records_a_year_and_keeps_what_was_typed(cast: Cast, client: ConformingClient) -> None:
    owner = network.investor()
    client.sign_in(cast.network_manager)
    where = f"/memberships/{owner.id}/record"
    assert "Record a period" in client.get(where).text
    sent = {"starts_on-day": "24", "starts_on-month": "11", "starts_on-year": "2026"}
    sent |= {"ends_on-day": "23", "ends_on-month": "11", "ends_on-year": "2027"}
    refused = client.post(where, data=sent | {"way": "invoice", "amount": "abc"})
    assert refused.status_code == 422
    assert 'value="abc"' in refused.text
    assert client.post(where, data=sent | {"way": "invoice", "amount": "300"}).status_code == 303
    assert "Member" in client.get(f"/memberships/{owner.id}").text
    made = queries.periods_of(owner.id)[0]
    void = f"/memberships/{owner.id}/periods/{made.id}/void"
    assert client.get(void).status_code == 200
    assert client.post(void, data={"reason": ""}).status_code == 422
    assert client.post(void, data={"reason": "By mistake"}).status_code == 303


def test_a_member_sees_their_own_periods(cast: Cast, client: ConformingClient) -> None:
    page = client.sign_in(cast.angel).get("/membership")
    assert "Paid until" in page.text


def test_a_member_is_told_of_a_period_that_is_recorded_or_cancelled_and_reads_until_when_it_is_paid(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.admitted()
    now_paid = queries.membership_of(owner.id, on=today()).until
    assert now_paid is not None
    client.sign_in(cast.network_manager)
    where = f"/memberships/{owner.id}"
    form = client.get(f"{where}/record").text
    first = now_paid + timedelta(days=1)
    assert f'value="{first.year}"' in form
    last = first + timedelta(days=99)
    sent = {"way": "invoice", "amount": "300"}
    for name, day in (("starts_on", first), ("ends_on", last)):
        parts = zip(("day", "month", "year"), (day.day, day.month, day.year), strict=True)
        sent |= {f"{name}-{part}": str(number) for part, number in parts}
    assert client.post(f"{where}/record", data=sent).status_code == 303
    (told,) = letters("membership_recorded")
    assert told.to_address == owner.email
    assert (told.context["first"], told.context["last"]) == (day_in_words(first), day_in_words(last))
    until = f"aid until {day_in_words(last)}"
    assert until in client.get("/memberships").text
    assert until in client.get(where).text
    assert until in " ".join(client.sign_in(owner).get("/membership").text.split())
    period = next(each for each in queries.periods_of(owner.id) if each.starts_on == first)
    client.sign_in(cast.network_manager)
    void = f"{where}/periods/{period.id}/void"
    assert client.post(void, data={"reason": "Paid by another"}).status_code == 303
    (told,) = letters("membership_cancelled")
    assert (told.to_address, told.context["reason"]) == (owner.email, "Paid by another")
    assert f"aid until {day_in_words(now_paid)}" in client.get(where).text


def test_what_is_paid_ahead_counts_and_a_later_period_after_a_break_is_named() -> None:
    day, grace = date(2026, 6, 1), 14
    joined = Period(date(2027, 1, 10), date(2027, 12, 31))
    found = membership_on([YEAR, joined], on=day, grace_days=grace)
    assert (found.until, found.next_from) == (date(2027, 12, 31), None)
    waiting = membership_on([YEAR, joined], on=date(2027, 1, 5), grace_days=grace)
    assert (waiting.is_member, waiting.is_in_grace) == (True, False)
    apart = Period(date(2027, 3, 1), date(2028, 2, 29))
    found = membership_on([YEAR, apart], on=day, grace_days=grace)
    assert (found.until, found.next_from) == (date(2026, 12, 31), date(2027, 3, 1))
    assert next_free(found, on=day) == Period(date(2027, 1, 1), date(2027, 2, 28))
    found = membership_on([YEAR, apart], on=date(2027, 2, 1), grace_days=grace)
    assert (found.is_member, found.until, found.next_from) == (False, date(2026, 12, 31), date(2027, 3, 1))


def test_a_member_is_found_by_name_or_email_and_what_is_not_found_says_so(
    cast: Cast, client: ConformingClient
) -> None:
    network.membership(network.investor(name="Ugo Found"))
    network.membership(network.investor(name="Vera Other"))
    client.sign_in(cast.network_manager)
    for words in ("ugo", "Ugo Found"):
        page = client.get("/memberships", query_string={"q": words}).text
        assert ("Ugo Found" in page, "Vera Other" in page) == (True, False)
    nobody = client.get("/memberships?q=Zebedee").text
    assert "No member matches this search." in nobody
    assert 'value="Zebedee"' in nobody
