"""Who is told what when a delegation moves, is cancelled or is on hold, and what its forms and figures ask once more."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from sqlalchemy import select

from crm.accounts.models import Account
from crm.db.session import session
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.queries import counting
from crm.exporting.delegations.rules import is_far_beyond
from crm.exporting.delegations.service import answering, leading
from crm.exporting.plans.models import MarketEdition
from crm.exporting.plans.service import markets
from crm.exporting.plans.workflow import Sureness
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.queries import subsidy
from crm.funding.subsidy.service import giving
from crm.kernel.calendar import day_in_words, days_in_words
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegation_calendars import sequence_in
from tests.exporting.test_delegation_letters import offered, texts
from tests.exporting.test_delegation_terms import details_of
from tests.exporting.test_delegations import DELEGATION, letters
from tests.exporting.test_markets import days

pytestmark = pytest.mark.engine("sqlite")


def colleague() -> Account:
    """A second person with an account of the founder's business, who does not travel."""
    made = factories.account()
    factories.grant(made, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(BUSINESS))
    return made


def taken() -> tuple[Delegation, DelegationPlace, Account]:
    """A place that the founder's business accepted and the founder travels with, and a colleague who has an account too."""
    other = colleague()
    return *offered(), other


def travels(place: DelegationPlace, cast: Cast) -> None:
    """Let who goes be the founder, who has an account."""
    place.person.email = cast.founder.email
    session().flush()


def moved(edition: MarketEdition, by: int | None) -> None:
    """Move an edition so many days on from today; None leaves it without days."""
    starts = today() + timedelta(days=by) if by is not None else None
    ends = starts + timedelta(days=3) if starts else None
    session().refresh(edition)
    sure = Sureness.CONFIRMED if starts else Sureness.USUAL
    told = markets.EditionDetails(edition.title, starts, ends, sure, "the organiser")
    markets.change_edition(edition, told, version=None, by=SYSTEM)


def test_who_was_asked_to_confirm_papers_hears_that_their_day_moved_and_that_they_are_void(
    cast: Cast, client: ConformingClient
) -> None:
    found, place, other = taken()
    travels(place, cast)
    answering.accept(place, by=SYSTEM)
    asked = {cast.founder.email, other.email}
    assert set(texts("subsidy_notified")) == asked
    client.sign_in(cast.administrator)
    shown = {"edition": str(found.edition_id)} | DELEGATION | {"title": found.title, "seats": "2"}
    shown |= days("departs_on", 88) | days("returns_on", 94) | days("closes_on", 20)
    assert client.post(f"/delegations/{found.id}/change", data=shown).status_code == 303
    new, old = (day_in_words(today() + timedelta(days=each)) for each in (88, 89))
    told = texts("subsidy_moved")
    assert set(told) == asked
    for text in told.values():
        assert f"is now planned for {new}. Before, it was {old}." in text
        assert f"Confirm before {new}." in text
    paper = subsidy(trade.again(place).subsidy_id)  # type: ignore[arg-type]
    assert paper is not None
    giving.confirm(paper, confirmed_by="Ann", by=SYSTEM)
    assert client.post(f"/delegations/{found.id}/cancel", data={"reason": "No hall"}).status_code == 303
    void = texts("subsidy_cancelled")
    assert set(void) == asked == set(texts("delegation_cancelled"))
    for text in void.values():
        assert "Why: The delegation was cancelled." in text
        assert "The confirmation that" in text
        assert "no longer counts." in text


def test_who_was_never_asked_hears_nothing_of_papers(cast: Cast) -> None:
    _, (place,) = trade.chosen(3)
    answering.accept(place, by=SYSTEM)
    leading.cancel(trade.whole(place.delegation_id), reason="No hall", by=SYSTEM)
    assert letters("subsidy_cancelled") == []


def test_papers_cancelled_by_hand_are_told_to_who_was_asked_to_confirm_them(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.programme_manager)
    trade.gave(trade.owner(BUSINESS), Money.pounds(900))
    paper = session().scalars(select(Subsidy)).one()
    assert client.post(f"/subsidies/{paper.id}/notify").status_code == 303
    assert client.post(f"/subsidies/{paper.id}/cancel", data={"reason": "Paid elsewhere"}).status_code == 303
    (text,) = texts("subsidy_cancelled").values()
    assert "Why: Paid elsewhere." in text
    assert "It does not need to be confirmed any longer." in text


def test_a_place_given_up_is_told_to_everybody_with_an_account_and_says_what_happens_with_the_money(
    cast: Cast, client: ConformingClient
) -> None:
    _, place, other = taken()
    travels(place, cast)
    answering.accept(place, by=SYSTEM)
    client.sign_in(cast.founder)
    where = f"/delegation-places/{place.id}/give-up"
    assert other.name in client.get(where).text, "the page says who is emailed"
    assert client.post(where).status_code == 303
    told = texts("delegation_given_up")
    assert set(told) == {cast.founder.email, other.email} == set(texts("subsidy_cancelled"))
    assert "You agreed to pay £1,000.00." in told[other.email]
    assert "We do not pay our part of £800.00." in told[other.email]


def test_a_cancelled_delegation_says_what_happens_with_the_share_travel_and_our_part(cast: Cast) -> None:
    found, place, _ = taken()
    found.lead_id = cast.hub_manager.id
    session().flush()
    answering.accept(trade.again(place), by=SYSTEM)
    waiting = trade.applied(trade.opened(title="Another one"))
    leading.cancel(trade.whole(found.id), reason="No hall", by=SYSTEM)
    text = texts("delegation_cancelled")[str(place.person.email)]
    assert "You agreed to pay £1,000.00. Do not pay any of it now." in text
    assert f"{cast.hub_manager.known.name} will tell you whether you get it back." in text
    assert "We do not pay our part of £800.00. Its papers are cancelled" in text
    assert "If you have booked travel or a room, cancel it now" in text
    leading.cancel(trade.whole(waiting.delegation_id), reason="No hall", by=SYSTEM)
    applied = texts("delegation_cancelled")[str(waiting.person.email)]
    assert "You agreed" not in applied
    assert "booked travel" not in applied


def test_a_subsidy_that_was_given_already_is_not_called_cancelled(cast: Cast) -> None:
    found, place, _ = taken()
    answering.accept(place, by=SYSTEM)
    paper = subsidy(trade.again(place).subsidy_id)  # type: ignore[arg-type]
    assert paper is not None
    giving.confirm(paper, confirmed_by="Ann", by=SYSTEM)
    giving.give(paper, by=SYSTEM)
    leading.cancel(trade.whole(found.id), reason="No hall", by=SYSTEM)
    text = texts("delegation_cancelled")[str(place.person.email)]
    assert "We have given our part of £800.00 already." in text
    assert "Its papers are cancelled" not in text
    assert letters("subsidy_cancelled") == []


def test_new_days_are_asked_about_with_how_to_give_the_place_up_and_by_when(cast: Cast) -> None:
    found, place, _ = taken()
    answering.accept(place, by=SYSTEM)
    waiting = trade.applied(trade.opened(title="Another one"))
    for each in (found, waiting.delegation):
        where = trade.whole(each.id)
        later = details_of(where, returns_on=where.returns_on + timedelta(days=1))
        leading.change(where, later, version=None, by=SYSTEM)
    text = texts("delegation_changed")[str(place.person.email)]
    assert "Do the new days suit you?" in text
    assert f"give the place up as soon as you can, and before {day_in_words(found.departs_on)}" in text
    assert "To give the place up, or if you have a question, reply to this email." in text
    assert "See your place, or give it up, here:" in texts("delegation_changed")[cast.founder.email]
    applied = texts("delegation_changed")[str(waiting.person.email)]
    assert "cannot go now, reply to this email to withdraw its application." in applied
    assert "suit you" not in applied


def test_a_declined_place_leads_nowhere_once_the_delegation_is_cancelled(
    cast: Cast, client: ConformingClient
) -> None:
    found, place, _ = taken()
    answering.decline(place, by=SYSTEM)
    client.sign_in(cast.founder)
    where = f"/delegation-places/{place.id}"
    assert "If you still want to go" in client.get(where).text
    leading.cancel(trade.whole(found.id), reason="No hall", by=SYSTEM)
    assert "If you still want to go" not in client.get(where).text


def test_a_place_on_the_waiting_list_of_a_cancelled_delegation_has_no_number(
    cast: Cast, client: ConformingClient
) -> None:
    found, places = trade.chosen(3, 2, 1)
    client.sign_in(cast.administrator)
    where = f"/delegation-places/{places[2].id}"
    assert "Number 1 on the waiting list now" in client.get(where).text
    leading.cancel(trade.whole(found.id), reason="No hall", by=SYSTEM)
    assert "on the waiting list now" not in client.get(where).text


def test_a_market_that_moves_again_while_on_hold_is_not_told_again_and_calendars_say_not_certain(
    cast: Cast, client: ConformingClient
) -> None:
    found, place, _ = taken()
    answering.accept(place, by=SYSTEM)
    for each in (100, None, 90):
        moved(trade.whole(found.id).edition, each)
    held = [each for each in letters("delegation_on_hold") if each.calendar]
    assert len(held) == 1, "told once, however often its days were corrected"
    assert "STATUS:TENTATIVE" in str(held[0].calendar)
    assert "marks it as not certain in your calendar" in texts("delegation_on_hold")[str(place.person.email)]
    assert "now begins on" in trade.whole(found.id).review, "its lead reads the latest"
    markets.cancel_edition(trade.whole(found.id).edition, reason="Too few stands", by=SYSTEM)
    held = [each for each in letters("delegation_on_hold") if each.calendar]
    assert len(held) == 2, "that the market is cancelled is news"
    client.sign_in(cast.administrator)
    assert client.post(f"/delegations/{found.id}/confirm-dates").status_code == 303
    (ahead,) = [each for each in letters("delegation_goes_ahead") if each.calendar]
    assert "STATUS:CONFIRMED" in str(ahead.calendar)
    (booked,) = [each for each in letters("delegation_accepted") if each.calendar]
    numbers = [sequence_in(each.calendar) for each in (booked, *held, ahead)]
    assert sorted(set(numbers)) == sorted(numbers)
    assert max(numbers) == sequence_in(ahead.calendar)


def test_a_delegation_that_leaves_after_its_market_began_is_asked_about_at_the_day_and_saved_once_meant(
    cast: Cast, client: ConformingClient
) -> None:
    edition = trade.edition(days=60)
    assert edition.starts_on is not None
    client.sign_in(cast.hub_manager)
    told = {"edition": str(edition.id)} | DELEGATION
    told |= days("departs_on", 62) | days("returns_on", 66) | days("closes_on", 20)
    assert "The days are right" not in client.get("/delegations/new").text
    refused = client.post("/delegations/new", data=told)
    assert refused.status_code == 422
    page = html.unescape(refused.text)
    assert (
        f"{edition.name} begins on {day_in_words(edition.starts_on)}, before the delegation leaves." in page
    )
    assert "Cannes together" in page, "what was typed stays"
    off = told | days("departs_on", 70) | days("returns_on", 76)
    assert "away on none of the days of" in html.unescape(client.post("/delegations/new", data=off).text)
    saved = client.post("/delegations/new", data=told | {"are_days_right": "y"})
    assert saved.status_code == 303
    change = f"{saved.headers['Location']}/change"
    assert client.post(change, data=told | {"about": "For games"}).status_code == 303, "its days were meant"
    assert client.post(change, data=told | days("departs_on", 61)).status_code == 422
    assert client.post(change, data=told | days("departs_on", 59)).status_code == 303


def test_the_letter_of_the_waiting_list_says_when_where_what_it_would_cost_and_how_to_leave_it(
    cast: Cast,
) -> None:
    found, places = trade.chosen(3, 2, 1)
    text = texts("delegation_waiting")[str(places[2].person.email)]
    assert f"When: {days_in_words(found.departs_on, found.returns_on)}" in text
    assert "Where: Cannes, France" in text
    assert "You pay, if you are given a place: £1,000.00" in text
    assert "To leave the list, or if you have a question, reply to this email." in text


def test_the_letter_that_asks_to_confirm_a_subsidy_says_who_gives_it_and_until_when(cast: Cast) -> None:
    _, place, _ = taken()
    answering.accept(place, by=SYSTEM)
    text = texts("subsidy_notified")[cast.founder.email]
    assert "From: The Growth Hubs of the West Midlands" in text
    assert f"Confirm before {day_in_words(place.delegation.departs_on)}." in text


def test_figures_far_beyond_any_told_before_are_asked_about_once_and_only_a_business_is_thanked(
    cast: Cast, client: ConformingClient
) -> None:
    place = trade.went(trade.owner(BUSINESS))
    _, first, *_ = counting.returns_of(place.id)
    first.due_on = today()
    session().flush()
    where = f"/delegation-returns/{first.id}/record"
    client.sign_in(cast.administrator)
    assert "I have checked the figures" not in client.get(where).text
    sold = {"sales": "99,999,999,999.99", "told": "Asha, by telephone", "version": str(first.version)}
    refused = client.post(where, data=sold)
    assert refused.status_code == 422
    assert "Sales of £99,999,999,999.99 are far more than any business has told us" in refused.text
    assert "I have checked the figures" in refused.text
    answer = client.post(where, data=sold | {"sales": "1,000,000"})
    page = client.get(answer.headers["Location"]).text
    assert "Results saved." in page
    assert "Thank you" not in page
    assert "Period: After 3 months" in " ".join(page.split())
    session().refresh(first)
    again = {"sales": "99,999,999,999.99", "is_checked": "y", "version": str(first.version)}
    client.sign_in(cast.founder)
    answer = client.post(where, data=again)
    assert "Results saved. Thank you." in client.get(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("value", "most", "is_asked"),
    [(200, None, False), (201, None, True), (201, 20, True), (201, 21, False), (5_000, 500, False)],
)
def test_a_figure_is_asked_about_over_its_floor_and_ten_times_the_most_told(
    value: int, most: int | None, *, is_asked: bool
) -> None:
    assert is_far_beyond("leads", value, most=most) is is_asked


def test_what_no_delegation_can_be_is_said_at_its_field_of_a_form_that_was_sent_before(
    cast: Cast, client: ConformingClient
) -> None:
    edition = trade.edition()
    client.sign_in(cast.hub_manager)
    page = client.get("/delegations/new").text
    once = page.split('name="once" value="')[1].split('"')[0]
    told = {"edition": str(edition.id), "once": once} | DELEGATION
    told |= days("departs_on", 89) | days("returns_on", 94) | days("closes_on", 20)
    assert client.post("/delegations/new", data=told).status_code == 303
    twice = client.post("/delegations/new", data=told | {"criteria": "Ready to go\nReady to go"})
    assert twice.status_code == 422
    assert "is there twice" in html.unescape(twice.text)
    goods = client.post("/delegations/new", data=told | {"depends_on_exporting_goods": "y"})
    assert goods.status_code == 422
    assert "cannot be given as minimal financial assistance" in goods.text


def test_the_history_of_a_delegation_tells_its_plan_in_the_order_of_the_form(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.delegation()
    client.sign_in(cast.hub_manager)
    history = client.get(f"/delegations/{found.id}").text.split("History")[1]
    names = ("Edition", "Departure", "Return", "Last day to apply", "Time to answer an offer", "Cost")
    places = [history.index(f"{each}:") for each in names]
    assert places == sorted(places)


def test_a_list_of_emails_names_each_by_its_subject(cast: Cast, client: ConformingClient) -> None:
    _, place, _ = taken()
    answering.accept(place, by=SYSTEM)
    client.sign_in(cast.administrator)
    page = html.unescape(client.get("/letters").text)
    assert f"Confirm a subsidy of £800.00 for {place.business.name}" in page
    assert f"The place of {place.business.name} is booked: {place.delegation.title}" in page
    (letter, *_) = letters("delegation_accepted")
    assert f"The place of {place.business.name} is booked" in html.unescape(
        client.get(f"/letters/{letter.id}").text
    )
    letter.context = {}
    session().flush()
    assert client.get("/letters").status_code == 200, "what was erased has no subject"


def test_the_menu_marks_export_plans_on_the_plan_of_a_business(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.hub_manager)
    for path in ("export-plan", "export-plan/countries/new"):
        page = client.get(f"/businesses/{BUSINESS}/{path}").text
        marked = page.split('aria-current="true"')[1].split("</a>")[0]
        assert "Export plans" in marked
