"""The words about the gate come from the gate: until when pitches are open, and how each statement stands."""

from __future__ import annotations

from datetime import timedelta

from crm.angels.investors.rules.gate import Closed, Ends, open_until, why_closed
from crm.billing.rules import Period, membership_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from tests import network
from tests.angels.people import acting
from tests.cast import Cast
from tests.client import ConformingClient

DAY = timedelta(days=1)


def words(client: ConformingClient, where: str) -> str:
    return " ".join(client.get(where).text.split())


def member(days_left: int) -> network.Account:
    """Somebody certified whose membership is paid for so many days more."""
    owner = network.investor()
    network.angel(owner)
    network.certification(owner)
    network.membership(owner, ends_on=today() + timedelta(days=days_left))
    return owner


def test_pitches_are_open_until_the_first_thing_ends(cast: Cast, client: ConformingClient) -> None:
    owner = member(30)
    admission = acting(owner).facts["angel"]
    until = open_until(admission, on=today())
    assert until is not None
    assert until[1] is Ends.MEMBERSHIP
    assert why_closed(admission, on=until[0]) is None
    page = words(client.sign_in(owner), "/angels/mine")
    assert f"You can see pitches until {day_in_words(until[0])}. Your membership is paid until" in page


def test_where_the_membership_holds_longer_the_statement_decides(
    cast: Cast, client: ConformingClient
) -> None:
    owner = member(700)
    until = open_until(acting(owner).facts["angel"], on=today())
    assert until is not None
    assert until[1] is Ends.STATEMENT
    assert "Sign a new statement before then" in words(client.sign_in(owner), "/angels/mine")


def test_what_was_withdrawn_is_not_said_to_have_ended(cast: Cast, client: ConformingClient) -> None:
    owner = member(30)
    old = network.certification(owner, signed_on=today() - timedelta(days=400))
    (newest,) = [
        each
        for each in network.session().scalars(network.select(network.Certification))
        if each.account_id == owner.id and each.id != old.id
    ]
    newest.revoked_at, newest.revoked_reason = now(), "Abroad"
    admission = acting(owner).facts["angel"]
    assert why_closed(admission, on=today()) is Closed.REVOKED
    page = words(client.sign_in(owner), "/angels/mine")
    assert "Your certification was withdrawn" in page
    assert "has expired" not in page


def test_a_statement_that_rests_on_a_lapsed_membership_is_not_shown_as_valid(
    cast: Cast, client: ConformingClient
) -> None:
    owner = network.investor()
    network.angel(owner)
    network.certification(owner, rests_on_membership=True)
    page = words(client.sign_in(owner), "/angels/mine")
    assert "Not valid without membership" in page
    assert ">Valid<" not in page


def test_what_is_paid_ahead_counts(cast: Cast) -> None:
    day = today()
    periods = [Period(day - 10 * DAY, day + 5 * DAY), Period(day + 6 * DAY, day + 370 * DAY)]
    assert membership_on(periods, on=day, grace_days=14).last_day == day + 384 * DAY
    assert membership_on(periods[:1], on=day, grace_days=14).last_day == day + 19 * DAY
    assert membership_on(periods[:1], on=day + 20 * DAY, grace_days=14).last_day is None
