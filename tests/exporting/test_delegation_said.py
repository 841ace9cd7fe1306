"""What the pages and letters of a delegation say: who was next, what is due, who is told, and what a yes means."""

from __future__ import annotations

import html
import re

import pytest

from crm.db.session import session
from crm.exporting.delegations.models import Delegation, DelegationPlace
from crm.exporting.delegations.service import answering, choosing, leading
from crm.exporting.plans.service import markets
from crm.kernel.calendar import day_in_words
from crm.kernel.permissions import SYSTEM
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegation_letters import texts
from tests.exporting.test_delegations import letters

pytestmark = pytest.mark.engine("sqlite")


def text_of(client: ConformingClient, address: str) -> str:
    page = html.unescape(re.sub(r"<[^>]*>", "", client.get(address).text))
    return re.sub(r"\s+", " ", page)


def offered(cast: Cast) -> tuple[Delegation, DelegationPlace, DelegationPlace]:
    """A delegation of one place, led by the cast's hub manager: the cast's business is offered it, another waits."""
    found = trade.opened(seats=1)
    found.lead_id = cast.hub_manager.id
    session().flush()
    own = trade.assessed(trade.applied(found, trade.owner(BUSINESS)), 3)
    next_ = trade.assessed(trade.applied(found), 2)
    leading.close(found, by=SYSTEM)
    choosing.select(found, by=SYSTEM)
    session().expire_all()
    return trade.whole(found.id), trade.again(own), trade.again(next_)


def test_k15_the_lead_is_told_that_a_business_which_had_accepted_gave_up_and_who_is_next(
    cast: Cast, client: ConformingClient
) -> None:
    found, place, next_ = offered(cast)
    answering.accept(place, by=SYSTEM)
    client.sign_in(cast.founder)
    where = f"/delegation-places/{place.id}/give-up"
    assert cast.hub_manager.known.name in text_of(client, where), "the page says who is emailed"
    assert client.post(where).status_code == 303
    told = texts("delegation_place_free")
    assert set(told) == {cast.hub_manager.email}
    said = told[cast.hub_manager.email]
    assert f"{cast.founder.known.name} gave up the place of {place.business.name}" in said
    assert f"{place.business.name} agreed to pay £1,000.00." in said
    assert f"{next_.business.name} was next on the waiting list, and is offered the place." in said
    assert next_.business.name not in text_of(client, f"/delegation-places/{place.id}")
    assert trade.again(next_).delegation_id == found.id


def test_a_lead_who_records_it_is_not_written_to(cast: Cast) -> None:
    _, place, _ = offered(cast)
    answering.accept(place, by=SYSTEM)
    answering.give_up(trade.again(place), told="Carl Bell", by=cast.hub_manager.actor)
    assert letters("delegation_place_free") == []


def test_k11_while_offers_are_out_their_answers_are_what_comes_next(
    cast: Cast, client: ConformingClient
) -> None:
    found, place, _ = offered(cast)
    assert place.answer_by is not None
    client.sign_in(cast.hub_manager)
    due = f"Next: answer to 1 offer is due by {day_in_words(place.answer_by)}. Then record who went after"
    assert due in text_of(client, f"/delegations/{found.id}")
    answering.accept(place, by=SYSTEM)
    assert "Next: record who went after" in text_of(client, f"/delegations/{found.id}")


def test_k11_on_hold_the_empty_list_does_not_ask_for_applications(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened()
    markets.cancel_edition(found.edition, reason="Too few stands", by=SYSTEM)
    page = text_of(client.sign_in(cast.administrator), f"/delegations/{found.id}/places")
    assert "No business can apply while it is on hold." in page
    assert "Businesses apply on" not in page


def test_k32_a_declined_place_says_to_staff_whose_it_is_now_and_to_a_founder_not(
    cast: Cast, client: ConformingClient
) -> None:
    _, place, next_ = offered(cast)
    where, name = f"/delegation-places/{place.id}/decline", next_.business.name
    assert name not in text_of(client.sign_in(cast.founder), where)
    client.sign_in(cast.hub_manager)
    assert f"{name} is next on the waiting list, and offered the place at once." in text_of(client, where)
    done = client.post(where, data={"told": "Carl Bell"})
    said = text_of(client, done.headers["Location"])
    assert f"Place declined. {name} was next on the waiting list and is offered the place by email." in said


def test_k24_the_page_that_accepts_says_what_binds_and_how_the_share_is_paid(
    cast: Cast, client: ConformingClient
) -> None:
    found, place, _ = offered(cast)
    lead = cast.hub_manager.known.name
    page = text_of(client.sign_in(cast.founder), f"/delegation-places/{place.id}/accept")
    for words in (
        "counts as minimal financial assistance",
        f"confirm them before {day_in_words(found.departs_on)}",
        f"{place.person.name} goes,",
        f"Your part is not paid through this service. Ask {lead} how and when to pay it.",
    ):
        assert words in page
    answering.accept(place, by=SYSTEM)
    for text in texts("delegation_accepted").values():
        assert f"It is not paid through this service: ask {lead} how and when to pay it." in text


def test_k11_an_application_says_what_comes_next_and_a_withdrawn_one_is_counted_as_such(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened()
    place, other = trade.applied(found, trade.owner(BUSINESS)), trade.applied(found)
    answering.withdraw(other, by=SYSTEM)
    page = text_of(client.sign_in(cast.founder), f"/delegation-places/{place.id}")
    assert (
        f"Applications close on {day_in_words(found.closes_on)}. We email you when places are offered."
        in page
    )
    listed = text_of(client.sign_in(cast.administrator), f"/delegations/{found.id}/places")
    assert "2 applications for 2 places, 1 of them withdrawn" in listed


def test_k11_after_it_the_pages_and_letters_say_who_went_and_when_is_asked(
    cast: Cast, client: ConformingClient
) -> None:
    found, place, _ = offered(cast)
    answering.accept(place, by=SYSTEM)
    trade.back(found)
    leading.hold(trade.whole(found.id), {place.id}, by=cast.hub_manager.actor)
    client.sign_in(cast.administrator)
    assert f"Who went {place.person.name}" in text_of(client, f"/delegation-places/{place.id}")
    assert "1 of 1 has not told us its leads" in text_of(client, f"/delegations/{found.id}")
    for text in texts("delegation_attendance").values():
        assert re.search(r"We ask you by email on \d+ \w+ .* what came of it\.", text)
        assert f"went on “{found.title}”" in text
