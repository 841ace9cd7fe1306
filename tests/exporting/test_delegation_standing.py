"""Where a delegation and an edition of a market stand, said alike by every page, list and file, and what stops meanwhile."""

from __future__ import annotations

import pytest

from crm.db.session import session
from crm.exporting.delegations.queries import seating
from crm.exporting.delegations.service import leading
from crm.exporting.delegations.workflow import PlaceStatus
from crm.exporting.plans.service import markets
from crm.kernel.permissions import SYSTEM
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegations import letters

pytestmark = pytest.mark.engine("sqlite")
TO_DO = "Assess the applications and offer the places"


def test_no_place_is_offered_or_asked_for_while_its_delegation_is_on_hold(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened(title="Delegation on hold")
    trade.assessed(trade.applied(found, trade.owner(BUSINESS)), 3)
    leading.close(found, by=SYSTEM)
    found.lead_id = cast.hub_manager.id
    session().flush()
    client.sign_in(cast.hub_manager)
    assert TO_DO in client.get("/desk").text
    markets.cancel_edition(found.edition, reason="Too few stands", by=SYSTEM)
    desk = client.get("/desk").text
    assert TO_DO not in desk
    assert "Decide what happens" in desk
    where = f"/delegations/{found.id}"
    for page in (where, f"{where}/places"):
        text = client.get(page).text
        assert f'href="{where}/select"' not in text
        assert "was cancelled: Too few stands" in text
    assert client.get(f"{where}/select").status_code == 409
    assert client.post(f"{where}/select").status_code == 409
    assert letters("delegation_offered") == []
    assert client.post(f"{where}/confirm-dates").status_code == 303
    ahead = [each.context.get("off") for each in letters("delegation_goes_ahead")]
    assert all("was cancelled: Too few stands" in (each or "") for each in ahead), (
        "nobody packs in the belief that it is on"
    )
    assert TO_DO in client.get("/desk").text
    assert client.post(f"{where}/select").status_code == 303
    (place,) = seating.places_in(found.id)
    assert place.status is PlaceStatus.OFFERED


def test_a_draft_whose_market_moved_is_decided_on_before_it_opens(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.delegation()
    found.review = f"{found.edition.name} now begins on another day"
    session().flush()
    client.sign_in(cast.administrator)
    assert client.post(f"/delegations/{found.id}/open").status_code == 409
    assert client.post(f"/delegations/{found.id}/confirm-dates").status_code == 303
    assert client.post(f"/delegations/{found.id}/open").status_code == 303


def test_a_cancelled_market_and_a_delegation_on_hold_are_told_as_that_in_lists_files_and_on_the_public_page(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened(title="Delegation to a market that is off")
    market = found.edition.market
    listed, filed = f"/markets?q={market.name}", f"/markets.csv?q={market.name}"
    assert "Cancelled" not in client.get(listed).text
    assert f",{found.edition.title},Planned," in client.get(filed).text
    assert "Open for applications" in client.get(f"/markets/{market.id}").text
    markets.cancel_edition(found.edition, reason="Too few stands", by=SYSTEM)
    assert "Cancelled" in client.get(listed).text
    assert f",{found.edition.title},Cancelled," in client.get(filed).text
    for page in (f"/markets/{market.id}", f"/delegations/{found.id}", "/delegations"):
        text = client.get(page).text
        assert "On hold" in text
        assert "Open for applications" not in text
    client.sign_in(cast.hub_manager)
    assert ",On hold," in client.get("/delegations.csv").text
    trade.edition(market, days=400, title="A later one")
    assert "A later one" in client.get(listed).text, (
        "the next that takes place comes before one that was cancelled"
    )


def test_a_page_that_moves_cancels_or_restores_an_edition_says_before_who_is_written_to(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened(title="Delegation of one")
    going = trade.visit(trade.owner(BUSINESS), found.edition)
    place = trade.applied(found, trade.owner(BUSINESS))
    where = f"/market-editions/{found.edition_id}"
    client.sign_in(cast.hub_manager)
    told = f"1 business that plans to go there: {going.business.name}"
    in_it = "1 business that applied or has a place"

    def said(verb: str) -> str:
        return " ".join(client.get(f"{where}/{verb}").text.split())

    def sent(kind: str) -> int:
        return len(letters(kind))

    for page in (said("change"), said("cancel")):
        assert told in page
        assert f"goes on hold until its lead decides. We email 2 people at {in_it}." in page
    assert sent("delegation_on_hold") == 0
    assert client.post(f"{where}/cancel", data={"reason": "Too few stands"}).status_code == 303
    assert sent("delegation_on_hold") == 2, "as many as the page said"
    assert place.person.email in {each.to_address for each in letters("delegation_on_hold")}
    assert f'action="{where}/restore"' not in client.get(f"/markets/{found.edition.market_id}").text
    again = said("restore")
    assert told in again
    assert f"stays on hold until its lead decides. We email 2 people at {in_it}." in again
    assert sent("market_restored") == 0
    assert client.post(f"{where}/restore").status_code == 303
    assert sent("delegation_on_hold") == 4
    assert "on hold" not in said("change"), "who was told that it is on hold is not told again of other days"


def test_another_source_of_the_dates_of_a_market_puts_no_delegation_on_hold(
    cast: Cast, client: ConformingClient
) -> None:
    found = trade.opened()
    client.sign_in(cast.hub_manager)
    where, edition = f"/market-editions/{found.edition_id}/change", found.edition
    kept = {
        f"{name}-{part}": str(getattr(getattr(edition, name), part))
        for name in ("starts_on", "ends_on")
        for part in ("day", "month", "year")
    }
    data = {"title": edition.title, "sureness": "confirmed", "source": "Another page", "place": "", **kept}
    assert client.post(where, data=data).status_code == 303
    assert "On hold" not in client.get(f"/delegations/{found.id}").text
    assert letters("delegation_on_hold") == []
    assert client.post(where, data=data | {"place": "Lyon"}).status_code == 303
    assert ", in Lyon. Change the delegation" in client.get(f"/delegations/{found.id}").text


def test_pages_of_an_edition_to_which_nobody_goes_say_that_nobody_is_emailed(
    cast: Cast, client: ConformingClient
) -> None:
    where = f"/market-editions/{trade.edition().id}"
    client.sign_in(cast.hub_manager)
    said = "so nobody is emailed about a visit"
    assert said in client.get(f"{where}/change").text
    assert said in client.get(f"{where}/cancel").text
    assert client.post(f"{where}/cancel", data={"reason": "Too few stands"}).status_code == 303
    assert said in client.get(f"{where}/restore").text
