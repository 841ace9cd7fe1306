"""An angel pays at the stand-in's page and is in when the paid event lands; a renewal fails and recovers; a refund ends it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.letters import until
from tests.browser.test_angel_journey import sign_in_by_a_new_letter
from tests.browser.test_pathway_journey import Check

NAME, EMAIL = "Nils Demo-Angel", "angel.four@demo.example"


def stripe_of(live_server: str) -> str:
    """Where the stand-in is: ten ports above the demo."""
    host, _, port = live_server.rpartition(":")
    return f"{host}:{int(port) + 10}"


def let_happen(page: Page, stripe: str, button: str) -> None:
    """Press a button of the stand-in's board, of what is newest there."""
    page.goto(f"{stripe}/")
    page.get_by_role("button", name=button).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What happens at Stripe")


def wait_for(page: Page, words: str) -> None:
    """Load the membership again until it says so: events arrive when they arrive."""

    def is_said() -> bool | None:
        page.goto("/membership")
        return page.get_by_text(words).count() > 0 or None

    until(page, is_said)


def test_n41_to_n46_an_angel_pays_by_card_fails_to_renew_recovers_and_is_refunded(
    page: Page, assert_accessible: Check, assert_fits: Check, live_server: str, mailbox: Path
) -> None:
    check, fits, stripe = assert_accessible, assert_fits, stripe_of(live_server)
    sign_in_by_a_new_letter(page, mailbox, EMAIL)
    let_happen(page, stripe, "Send events late")
    page.goto("/membership")
    check(page)
    fits(page)
    page.get_by_role("button", name="Pay by card").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pay for your membership")
    page.get_by_role("button", name="Pay £300.00 by card").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your payment is on its way")
    check(page)
    fits(page)
    page.goto("/membership")
    expect(page.get_by_text("Not a member", exact=True)).to_be_visible()
    wait_for(page, "Your membership renews on")
    check(page)
    fits(page)
    let_happen(page, stripe, "Send events reversed")
    let_happen(page, stripe, "The renewal fails")
    wait_for(page, "Your last payment failed")
    check(page)
    page.get_by_role("button", name="Change your card or see invoices").click()
    page.get_by_role("button", name="Use another card and pay what is open").click()
    wait_for(page, "Your membership renews on")
    page.get_by_role("link", name="Stop the renewal").click()
    check(page)
    fits(page)
    page.get_by_role("button", name="Stop the renewal").click()
    expect(page.get_by_text("Your membership will not renew.")).to_be_visible()
    let_happen(page, stripe, "Send events twice")
    for number in range(2):  # the year that was renewed, and the one before it
        page.goto(f"{stripe}/")
        page.get_by_role("button", name="Refund all").nth(number).click()
    wait_for(page, "Not a member")
    check(page)
