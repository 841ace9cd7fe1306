"""The calendars of those who go: they follow each change and cancellation, and the newer entry always wins."""

from __future__ import annotations

import re
from datetime import timedelta

from crm.db.session import session
from crm.exporting.delegations.service import answering, choosing
from crm.exporting.plans.service import markets
from crm.funding.subsidy.queries import subsidy
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from tests.cast import Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_delegations import DELEGATION, letters
from tests.exporting.test_markets import days


def sequence_in(calendar: str | None) -> int:
    """The number by which a calendar knows which of two entries is newer."""
    found = re.search(r"SEQUENCE:([0-9]+)", calendar or "")
    assert found is not None
    return int(found[1])


def test_calendars_follow_every_change_and_cancellation(cast: Cast, client: ConformingClient) -> None:
    found, (place,) = trade.chosen(3)
    answering.accept(place, by=SYSTEM)
    found.lead_id = cast.hub_manager.id
    session().flush()
    session().refresh(found, ["lead"])
    markets.change_edition(
        found.edition,
        markets.EditionDetails(
            "2027",
            today() + timedelta(days=100),
            today() + timedelta(days=103),
            found.edition.sureness,
            "the organiser",
        ),
        version=None,
        by=SYSTEM,
    )
    client.sign_in(cast.hub_manager)
    assert "Decide what happens" in client.get("/desk").text
    assert "STATUS:TENTATIVE" in client.get(f"/delegations/{found.id}/calendar").text
    assert client.post(f"/delegations/{found.id}/confirm-dates").status_code == 303
    assert client.post(f"/delegations/{found.id}/confirm-dates").status_code == 409
    shown = {"edition": str(found.edition_id)} | DELEGATION | {"title": found.title, "seats": "2"}
    shown |= days("departs_on", 99) | days("returns_on", 104) | days("closes_on", 20)
    assert client.post(f"/delegations/{found.id}/change", data=shown).status_code == 303
    paper = subsidy(trade.again(place).subsidy_id)  # type: ignore[arg-type]
    assert paper is not None
    assert paper.given_on == today() + timedelta(days=99), "the day of the papers moves with the delegation"
    (changed,) = letters("delegation_changed")
    (entered,) = letters("delegation_accepted")
    assert sequence_in(entered.calendar) < sequence_in(changed.calendar)
    assert "METHOD:REQUEST" in (changed.calendar or "")
    assert changed.context["changed"][0][0] == "Departure"
    assert client.post(f"/delegations/{found.id}/cancel", data={"reason": " "}).status_code == 422
    assert client.post(f"/delegations/{found.id}/cancel", data={"reason": "Too few"}).status_code == 303
    (off,) = letters("delegation_cancelled")
    assert sequence_in(changed.calendar) < sequence_in(off.calendar)
    assert "METHOD:CANCEL" in (off.calendar or "")
    assert (changed.calendar or "").split("UID:")[1][:40] == (off.calendar or "").split("UID:")[1][:40]


def test_an_entry_that_comes_again_is_newer_than_the_one_that_was_taken_out(cast: Cast) -> None:
    _, (place,) = trade.chosen(3)
    answering.accept(place, by=SYSTEM)
    answering.give_up(trade.again(place), by=SYSTEM)
    choosing.offer_again(trade.again(place), by=SYSTEM)
    answering.accept(trade.again(place), by=SYSTEM)
    first, second = sorted(letters("delegation_accepted"), key=lambda each: sequence_in(each.calendar))
    (out,) = [each for each in letters("delegation_given_up") if each.calendar]
    assert "METHOD:CANCEL" in (out.calendar or "")
    assert sequence_in(first.calendar) < sequence_in(out.calendar) < sequence_in(second.calendar)
