"""A pitch night from the invitation to the feedback: planned at a desk, answered, checked in and rated on phones."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from crm.kernel.clock import today
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import enter
from tests.browser.pressing import go_on, press
from tests.browser.test_angel_journey import HEADLINE, sign_in_by_a_new_letter
from tests.browser.test_pathway_journey import Check

MANAGER, OWNER = "network@demo.example", "carl@demo.example"
COMES, THERE = "angel.tara@demo.example", ("Ugo Demo-Angel", "angel.ugo@demo.example")
TITLE, TONIGHT = "An evening of moving pictures", "Today’s pitch night"


def plan(page: Page, check: Check, fits: Check) -> None:
    """A night in ten days, with one pitch."""
    page.goto("/events")
    check(page)
    fits(page)
    press(page.get_by_role("button", name="Plan a pitch night"))
    check(page)
    fits(page)
    day = today() + timedelta(days=10)
    page.get_by_label("Name of the night").fill(TITLE)
    for part in ("Day", "Month", "Year"):
        page.get_by_label(part, exact=True).fill(str(getattr(day, part.lower())))
    page.get_by_label("Start time").fill("6.30pm")
    page.get_by_label("How long is it?").fill("90")
    page.get_by_label("Where?").fill("The Made Hall")
    page.get_by_label("Places for investors").fill("5")
    go_on(page, "Save")
    press(page.get_by_role("button", name="Add a pitch"))
    page.get_by_label("Pitch", exact=True).select_option(label=f"Lantern Otter Animation Ltd: {HEADLINE}")
    page.get_by_label("Minutes for the pitch and questions").fill("15")
    check(page)
    go_on(page, "Ask the business")
    check(page)
    fits(page)


def invite(page: Page, check: Check, fits: Check) -> None:
    """The preview says who is invited and who is left out, and why."""
    press(page.get_by_role("button", name="Send invitations"))
    expect(page.get_by_text("Not invited, because").first).to_be_visible()
    check(page)
    fits(page)
    go_on(page, "Send invitations")
    expect(page.get_by_text(re.compile("invitations? sent"))).to_be_visible()


def pitch(page: Page, check: Check, fits: Check) -> None:
    """The business says yes."""
    page.goto("/desk")
    press(page.get_by_role("link", name="Say whether you pitch").last)
    check(page)
    fits(page)
    go_on(page, "Yes, we will pitch")
    expect(page.get_by_text("You are pitching.").first).to_be_visible()


def come(page: Page, check: Check, fits: Check) -> None:
    """The investor takes a place, and has a code for the door."""
    page.goto("/events")
    check(page)
    press(page.get_by_role("link", name=TITLE))
    expect(page.get_by_text("This was not approved by an authorised person").first).to_be_visible()
    check(page)
    fits(page)
    go_on(page, "Yes, I will come")
    code = page.get_by_role("img", name="QR code of your place")
    expect(code).to_be_visible()
    assert code.evaluate("each => each.naturalWidth") > 100
    fits(page)


def check_in(page: Page, check: Check, fits: Check) -> None:
    """On a phone at the door, by name."""
    page.goto("/events")
    press(page.get_by_role("link", name=TONIGHT))
    press(page.get_by_role("button", name="Check investors in"))
    page.get_by_label("Name of the investor").fill("ugo")
    press(page.locator("main").get_by_role("button", name="Search"))
    check(page)
    fits(page)
    press(page.get_by_role("link", name=THERE[0]).first)
    check(page)
    fits(page)
    go_on(page, "Check in")
    expect(page.get_by_text(f"{THERE[0]} is checked in.")).to_be_visible()


def say(page: Page, check: Check, fits: Check) -> None:
    """Interest in one tap, changed in another; then feedback."""
    page.goto("/events")
    press(page.get_by_role("link", name=TONIGHT))
    check(page)
    fits(page)
    press(
        page.get_by_role("button", name=f"Interested : {HEADLINE}").or_(
            page.get_by_role("button", name=f"Interested: {HEADLINE}")
        )
    )
    expect(page.locator(".govuk-tag", has_text="Interested")).to_be_visible()
    press(page.get_by_role("button", name=re.compile(f"^Withdraw.*{HEADLINE}")))
    expect(page.locator(".govuk-tag", has_text="Interested")).to_have_count(0)
    press(page.get_by_role("link", name=re.compile(f"Give feedback.*{HEADLINE}")))
    check(page)
    fits(page)
    page.get_by_label("Comment").fill("The story is clear, and the sums come late.")
    go_on(page, "Save feedback")
    expect(page.get_by_role("link", name=re.compile(f"Change your feedback.*{HEADLINE}"))).to_be_visible()


def test_n19_a_pitch_night_from_the_invitation_to_the_feedback(
    open_context: Callable[..., BrowserContext], mailbox: Path, assert_accessible: Check, assert_fits: Check
) -> None:
    check, fits = assert_accessible, assert_fits
    manager = open_context(size=DESK).new_page()
    founder, comes, there, door = (open_context(size=PHONE).new_page() for _ in range(4))
    enter(manager, MANAGER)
    plan(manager, check, fits)
    invite(manager, check, fits)
    sign_in_by_a_new_letter(founder, mailbox, OWNER)
    pitch(founder, check, fits)
    sign_in_by_a_new_letter(comes, mailbox, COMES)
    come(comes, check, fits)
    enter(door, MANAGER)
    check_in(door, check, fits)
    sign_in_by_a_new_letter(there, mailbox, THERE[1])
    say(there, check, fits)
