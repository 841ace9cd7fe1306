"""Delegations: planned, opened, applied for, chosen by the stated criteria, and the waiting list."""

from __future__ import annotations

import html
from datetime import timedelta
from uuid import uuid4

import pytest
from icalendar import Calendar
from sqlalchemy import select

from crm.db.session import session
from crm.exporting.delegations.jobs import ask_daily, close_and_lapse
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.queries import counting, seating, seeing
from crm.exporting.delegations.rules import Candidate, Told, choose, sums_of
from crm.exporting.delegations.service import answering, choosing, leading, returning
from crm.exporting.delegations.workflow import PlaceStatus, Sells
from crm.exporting.plans.rules.countries import place_in_words
from crm.exporting.plans.service import markets
from crm.funding.subsidy.queries import subsidy
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_markets import days

DELEGATION = {
    "title": "Cannes together",
    "about": "For makers of series",
    "place": "Cannes, France",
    "seats": "8",
    "answer_days": "7",
    "cost": "1,800",
    "share": "1,000",
    "criteria": "Ready to export\nFits the market",
}
STATES = [PlaceStatus.OFFERED, PlaceStatus.OFFERED, PlaceStatus.WAITING, PlaceStatus.WAITING]


def letters(kind: str) -> list[Letter]:
    return list(session().scalars(select(Letter).where(Letter.kind == kind)))


def test_the_most_marks_come_first_then_the_first_criterion_then_the_earlier_application() -> None:
    ids, moment = [uuid4() for _ in range(6)], now()
    rows = [
        Candidate(ids[0], is_suitable=True, marks=(1, 2), applied_at=moment + timedelta(hours=1), name="Ash"),
        Candidate(ids[1], is_suitable=True, marks=(1, 2), applied_at=moment, name="Birch"),
        Candidate(
            ids[2], is_suitable=True, marks=(3, 3), applied_at=moment + timedelta(hours=2), name="Cedar"
        ),
        Candidate(ids[3], is_suitable=False, marks=(3, 3), applied_at=moment, name="Damson"),
        Candidate(ids[4], is_suitable=True, marks=(2, 1), applied_at=moment + timedelta(hours=3), name="Elm"),
        Candidate(ids[5], is_suitable=True, marks=(1, 2), applied_at=moment, name="alder"),
    ]
    for given in (rows, rows[::-1]):
        found = choose(given, seats=2)
        assert found.offered == (ids[2], ids[4])
        assert (found.waiting, found.passed_over) == ((ids[5], ids[1], ids[0]), (ids[3],))


def test_not_known_yet_is_apart_from_nought_in_the_sums() -> None:
    found = sums_of([Told(0, None, Money(0)), Told(3, 2, None), None])
    assert (found.meetings, found.meetings_unknown) == (3, 1)
    assert (found.leads, found.leads_unknown) == (2, 2)
    assert (found.sales, found.sales_unknown) == (Money(0), 2)


def test_p42_a_delegation_is_planned_and_opened_and_what_was_stated_stays(
    cast: Cast, client: ConformingClient
) -> None:
    where = trade.edition()
    client.sign_in(cast.hub_manager)
    good = DELEGATION | {"edition": str(where.id)}
    good |= days("departs_on", 89) | days("returns_on", 94) | days("closes_on", 20)
    for wrong, words in (
        ({"share": "1,900"}, "A business cannot pay more than the place costs"),
        (days("returns_on", 80), "The day of return must be on or after the day of departure"),
        (days("closes_on", -1), "The last day to apply must be today or later"),
        (days("closes_on", 90), "Applications must close before the day of departure"),
        ({"criteria": " "}, "Enter at least one criterion"),
        ({"criteria": "Ready\nFits\nready "}, "is there twice, so it would count double"),
        ({"depends_on_exporting_goods": "y"}, "section 36(6)"),
        ({"seats": "0"}, "Places must be between 1 and 100"),
    ):
        refused = client.post("/delegations/new", data=good | wrong)
        assert refused.status_code == 422
        assert words in refused.text
    assert client.post("/delegations/new", data=good | {"place": ""}).status_code == 303
    (made,) = seeing.coming(today(), with_drafts=True)
    assert made.place == place_in_words(where.place or where.market.place, where.market.country)
    assert "Open the delegation for applications" in client.get("/desk").text
    client.sign_out()
    assert client.get(f"/delegations/{made.id}").status_code == 404
    client.sign_in(cast.hub_manager)
    assert client.post(f"/delegations/{made.id}/open").status_code == 303
    kept = client.post(f"/delegations/{made.id}/change", data=good | {"cost": "2,000"})
    assert "were stated when the delegation opened" in kept.text
    assert client.post(f"/delegations/{made.id}/change", data=good | {"seats": "9"}).status_code == 303
    client.sign_out()
    assert "Fits the market" in client.get(f"/delegations/{made.id}").text
    assert "Cannes together" in client.get("/delegations").text
    event = Calendar.from_ical(client.get(f"/delegations/{made.id}/calendar").data).walk("VEVENT")[0]
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=6)


def test_a_founder_applies_and_is_chosen_by_the_stated_criteria_and_accepts(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened(seats=1)
    person = factories.person(trade.owner(BUSINESS))
    client.sign_in(cast.founder)
    where = f"/delegations/{found.id}/apply/{BUSINESS}"
    assert "£800.00, which fits under the limit" in client.get(where).text
    sent = {"person": str(person.id), "why": "To find a distributor", "sells": "goods"}
    assert client.post(where, data=sent | {"why": ""}).status_code == 422
    assert client.post(where, data=sent).status_code == 303
    place = seating.place_of(found.id, BUSINESS)
    assert place is not None
    assert client.get(where).headers["Location"] == f"/delegation-places/{place.id}", "it is led to"
    (copy, _for_the_account) = letters("delegation_applied")
    assert (copy.context["why"], copy.context["sells"]) == ("To find a distributor", "Goods")
    other = trade.applied(found)
    client.sign_in(cast.hub_manager)
    assert client.post(f"/delegations/{found.id}/close").status_code == 303
    select_ = f"/delegations/{found.id}/select"
    assert "Assess every application first" in client.get(select_).text
    marks = {"mark_0": "3", "mark_1": "2", "suitable": "yes", "reason": "Ready", "version": "1"}
    assess = f"/delegation-places/{place.id}/assess"
    listed = f"/delegations/{found.id}/places"
    assert f'href="{assess}"' in client.get(listed).text
    assert f'href="{assess}"' not in client.sign_in(cast.auditor).get(listed).text
    client.sign_in(cast.hub_manager)
    assert "This business sells goods" in client.get(assess).text
    assert "Say what the check of the subsidy for goods found" in client.post(assess, data=marks).text
    assert "Choose a mark for “Fits the market”" in client.post(assess, data={"mark_0": "3"}).text
    assert client.post(assess, data=marks | {"legal_note": "Attending only"}).status_code == 303
    trade.assessed(other, 1)
    assert client.post(select_, data={"seen": "another preview"}).status_code == 409
    seen = choosing.mark(found, seating.places_in(found.id))
    assert client.post(select_, data={"seen": seen}).status_code == 303
    assert "Number 1 on the waiting list" in client.get(listed).text
    (_head, *rows) = client.get(f"{listed}.csv").text.splitlines()
    assert any(each.endswith(",3,2") for each in rows), "the marks by criterion"
    client.sign_in(cast.founder)
    assert "Accept or decline your place" in client.get("/desk").text


def test_a_founder_accepts_an_offered_place_and_its_subsidy_papers_begin(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened(seats=1)
    place = trade.assessed(trade.applied(found, trade.owner(BUSINESS)))
    leading.close(found, by=SYSTEM)
    choosing.select(found, by=SYSTEM)
    client.sign_in(cast.founder)
    assert client.post(f"/delegation-places/{place.id}/accept").status_code == 303
    page = client.get(f"/delegation-places/{place.id}").text
    assert "Papers of the subsidy" in page
    assert "Confirm them before" in page, "the papers went with the acceptance, and wait for nobody"
    assert [each.to_address for each in letters("subsidy_notified")] == [cast.founder.email]
    assert "Because" not in page
    assert "Mostly shown" in page, "the business reads its marks once places are given"
    told = {each.to_address: each for each in letters("delegation_accepted")}
    letter = told.pop(str(place.person.email))
    assert letter.context["is_notified"]
    assert set(told) == {cast.founder.email}, "who said yes is told that the place is booked"
    assert "METHOD:PUBLISH" in (letter.calendar or "") or "METHOD:REQUEST" in (letter.calendar or "")
    client.sign_in(cast.other_founder)
    assert client.get(f"/delegation-places/{place.id}").status_code == 404


def test_the_waiting_list_moves_up_in_order_when_places_are_declined_given_up_or_lapse(
    cast: Cast, client: ConformingClient
) -> None:
    found, places = trade.chosen(3, 2, 1, 0)
    assert [each.status for each in places] == STATES
    client.sign_in(cast.administrator)
    decline = f"/delegation-places/{places[0].id}/decline"
    assert "You pay" not in client.get(f"/delegation-places/{places[0].id}").text
    assert client.post(decline).status_code == 422, "one of our staff says who told them"
    assert client.post(decline, data={"told": "Asha, by telephone"}).status_code == 303
    (letter,) = letters("delegation_declined")
    assert letter.context["told"] == "Asha, by telephone"
    assert "Told by: Asha, by telephone" in client.get(f"/delegation-places/{places[0].id}").text
    assert "Number 1 on the waiting list" in client.get(f"/delegations/{found.id}/places").text
    assert trade.again(places[2]).status is PlaceStatus.OFFERED
    answering.accept(trade.again(places[1]), by=SYSTEM)
    paper = subsidy(trade.again(places[1]).subsidy_id or uuid4())
    assert paper is not None
    assert (paper.amount, paper.status) == (Money.pounds(800), "prepared")
    told = {"told": "Asha, by email"}
    assert client.post(f"/delegation-places/{places[1].id}/give-up", data=told).status_code == 303
    session().refresh(paper)
    assert paper.status == "cancelled"
    assert "METHOD:CANCEL" in (letters("delegation_given_up")[0].calendar or "")
    last = trade.again(places[3])
    assert last.status is PlaceStatus.OFFERED
    last.answer_by = today() - timedelta(days=1)
    session().flush()
    with pytest.raises(Conflict, match="This offer ended"):
        answering.accept(last, by=SYSTEM)
    close_and_lapse()
    assert trade.again(last).status is PlaceStatus.LAPSED
    assert seeing.seats_taken([found.id])[found.id] == 1
    _offered_again(found, places[0], last, cast=cast, client=client)


def _offered_again(
    found: Delegation, first: DelegationPlace, last: DelegationPlace, *, cast: Cast, client: ConformingClient
) -> None:
    """The waiting list has run out: the lead, and no other leader, offers the place to a business again."""
    found.lead_id = cast.administrator.id
    session().flush()
    client.sign_in(cast.hub_manager)
    assert client.get(f"/delegations/{found.id}/places").status_code == 404, "only its lead sees everybody"
    assert client.post(f"/delegation-places/{first.id}/offer-again").status_code in (403, 404)
    client.sign_in(cast.administrator)
    assert "Offer a place again" in client.get(f"/delegation-places/{first.id}").text
    assert client.post(f"/delegation-places/{first.id}/offer-again").status_code == 303
    assert trade.again(first).status is PlaceStatus.OFFERED
    assert client.post(f"/delegation-places/{last.id}/offer-again").status_code == 409, "every seat is taken"


def test_no_place_is_offered_with_more_subsidy_than_fits_and_the_next_in_line_gets_the_seat(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened(seats=1)
    first, second, third = (trade.assessed(trade.applied(found), each) for each in (3, 2, 1))
    leading.close(found, by=SYSTEM)
    trade.gave(first.business, Money.pounds(315_000))
    client.sign_in(cast.administrator)
    said = f"is more than the limit leaves to {first.business.name}. Assess the application again"
    assert said in " ".join(html.unescape(client.get(f"/delegations/{found.id}/select").text).split())
    with pytest.raises(Conflict, match="is more than the limit leaves to"):
        choosing.select(trade.whole(found.id), by=SYSTEM)
    trade.assessed(trade.again(first), 3, is_suitable=False)
    choosing.select(trade.whole(found.id), by=SYSTEM)
    offered = trade.again(second)
    assert (offered.status, trade.again(third).status) == (PlaceStatus.OFFERED, PlaceStatus.WAITING)
    trade.gave(third.business, Money.pounds(315_000))
    answering.decline(offered, by=SYSTEM)
    assert trade.again(third).status is PlaceStatus.WAITING
    assert seeing.seats_taken([found.id])[found.id] == 0


def test_a_cancelled_market_is_on_the_desk_and_nobody_opens_a_delegation_to_it(cast: Cast) -> None:
    found = trade.delegation()
    markets.cancel_edition(found.edition, reason="Too few stands", by=SYSTEM)
    assert "was cancelled: Too few stands" in found.review
    with pytest.raises(Conflict, match="was cancelled"):
        leading.open_(found, by=SYSTEM)


def test_results_are_asked_at_three_six_and_twelve_months_reminded_and_summed(
    cast: Cast, client: ConformingClient
) -> None:
    place = trade.went(trade.owner(BUSINESS))
    returns = counting.returns_of(place.id)
    assert [each.months for each in returns] == [0, 3, 6, 12]
    first = returns[1]
    client.sign_in(cast.founder)
    where = f"/delegation-returns/{first.id}/record"
    assert client.get(where).status_code == 409
    first.due_on = today()
    session().flush()
    ask_daily()
    ask_daily()
    asked = {place.person.email, cast.founder.email}
    assert {each.to_address for each in letters("delegation_results")} == asked, (
        "who went, and who has the account"
    )
    first.asked_at = now() - timedelta(days=14)
    session().flush()
    ask_daily()
    assert len(letters("delegation_results_reminder")) == len(asked)
    assert "Say what came of" in client.get("/desk").text
    client.sign_in(cast.hub_manager)
    assert "£0.00" not in client.get(f"/delegations/{place.delegation_id}").text, "not known is not nought"
    client.sign_in(cast.founder)
    assert client.post(where, data={"leads": "two"}).status_code == 422
    nothing = client.post(where, data={"meetings": "", "version": str(first.version)})
    assert "Enter one figure, or tick that you do not know any of them yet" in nothing.text
    told = {"meetings": "9", "leads": "0", "version": str(first.version)}
    assert client.post(where, data=told).status_code == 303
    assert "Sales: Not known yet" in client.get(f"/delegation-places/{place.id}").text
    client.sign_in(cast.hub_manager)
    page = client.get(f"/delegations/{place.delegation_id}").text
    opened = f"/delegations/{place.delegation_id}/places?show=went"
    assert all(words in page for words in ("1 of 1", "0 of 1", opened))
    assert "Meetings: 9." in client.get(opened).text
    past = " ".join(client.get("/delegations").text.split())
    assert "Sales: not known yet from 1 of 1 business." in past, "said once"
    _what_is_not_known_opens_its_rows(client, place)


def _what_is_not_known_opens_its_rows(client: ConformingClient, place: DelegationPlace) -> None:
    page = client.get(f"/delegations/{place.delegation_id}").text
    assert 'show=sales">1 of 1' in page
    unknown = f"/delegations/{place.delegation_id}/places"
    assert place.business.name in client.get(f"{unknown}?show=sales").text
    assert "Nothing here" in client.get(f"{unknown}?show=meetings").text
    assert client.get(f"{unknown}.csv?show=meetings").text.count("\n") == 1, "the file follows the list"
    assert ",Yes," in client.get(f"{unknown}.csv?show=sales").text


def test_who_went_is_recorded_once_the_delegation_is_back(cast: Cast, client: ConformingClient) -> None:
    found, places = trade.chosen(3, 2)
    for each in places:
        answering.accept(each, by=SYSTEM)
    client.sign_in(cast.hub_manager)
    where = f"/delegations/{found.id}/hold"
    assert client.get(where).status_code == 409
    trade.back(found)
    assert "checked" not in client.get(where).text, "nothing is answered beforehand"
    first, second = places
    sent = {f"went_{first.id.hex}": "yes"}
    assert f"Choose whether {second.business.name} went" in client.post(where, data=sent).text
    assert client.post(where, data=sent | {f"went_{second.id.hex}": "no"}).status_code == 303
    assert [trade.again(each).status for each in places] == [PlaceStatus.WENT, PlaceStatus.MISSED]
    assert counting.returns_of(second.id) == []
    assert "went after all" not in client.get(f"/delegation-places/{second.id}").text
    for each, verb, count in ((second, "attend", 4), (first, "miss", 0)):
        assert f"/{verb}" in client.get(f"/delegation-places/{each.id}").text
        assert client.post(f"/delegation-places/{each.id}/{verb}").status_code == 303
        assert len(counting.returns_of(each.id)) == count
    papers = [subsidy(trade.again(each).subsidy_id) for each in places]  # type: ignore[arg-type]
    assert [each.status.value for each in papers if each] == ["cancelled", "prepared"]
    told = counting.returns_of(second.id)[1]
    told.due_on = today()
    returning.record(told, returning.Results(meetings=2), version=None, by=SYSTEM)
    assert "so it went" in client.post(f"/delegation-places/{second.id}/miss").text
    assert "Results of" in client.get(f"/businesses/{second.business_id}").text


def test_goods_with_a_subsidy_need_a_check_and_services_do_not(cast: Cast) -> None:
    found = trade.opened()
    assert choosing.needs_legal_note(trade.applied(found, sells=Sells.BOTH))
    assert not choosing.needs_legal_note(trade.applied(found))
    free = trade.opened(share=Money.pounds(1_800))
    assert not choosing.needs_legal_note(trade.applied(free, sells=Sells.GOODS))
