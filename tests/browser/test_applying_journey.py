"""A founder applies on a phone, in two sittings and with a colleague: checked first, filled in together, handed in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import PHONE
from tests.browser.letters import newest_link
from tests.browser.pressing import go_on, press
from tests.browser.test_meetings_journey import fill_day
from tests.browser.test_pathway_journey import Check, nothing
from tests.browser.test_referral_journey import BUSINESS

ROUND = "Scale-up: spring round"
FOUNDER = "founder@demo.example"
PDF = {"name": "A budget.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}


def sign_in_by_link(page: Page, mailbox: Path, email: str) -> None:
    page.goto("/sign-in/link")
    page.get_by_label("Email address").fill(email)
    press(page.locator("main form button[type=submit]").first)
    follow(page, mailbox, email)


def follow(page: Page, mailbox: Path, email: str) -> None:
    page.goto(newest_link(mailbox, email, "links/sign-in", page))
    press(page.locator("main form button[type=submit]").first)
    expect(page).to_have_url(re.compile("/desk$"))


def invite(page: Page, email: str) -> None:
    """The founder invites a colleague."""
    page.goto("/desk")
    press(page.get_by_role("link", name=BUSINESS, exact=True))
    page.wait_for_url("**/businesses/*")
    page.goto(f"{page.url}/colleagues")
    page.get_by_label("Email address").fill(email)
    page.locator("main input[type=radio]").last.check()
    go_on(page, "Send the invitation")
    expect(page.get_by_text(re.compile("Invitation sent"))).to_be_visible()


def accept(page: Page, mailbox: Path, name: str, email: str) -> None:
    """The colleague accepts by the link in the letter, and is signed in."""
    page.goto(newest_link(mailbox, email, "links/invitation", page))
    page.get_by_label("Your full name").fill(name)
    go_on(page, "Accept the invitation")
    expect(page.get_by_text(re.compile("You have joined"))).to_be_visible()


def withdraw(page: Page, check: Check) -> None:
    """What was begun before is withdrawn, so that this story begins at its beginning."""
    page.goto("/desk")
    press(page.locator("main").get_by_role("link", name=ROUND, exact=True).first)
    press(page.get_by_role("link", name="Withdraw the application"))
    check(page)
    go_on(page, "Withdraw the application")
    expect(page.get_by_text("Application withdrawn.")).to_be_visible()
    check(page)


def begin(page: Page, check: Check, fits: Check) -> str:
    """Whether it can apply, unsure first; then it begins. Returns the address of the application."""
    page.goto("/programme")
    check(page)
    press(page.get_by_role("link", name=ROUND))
    check(page)
    fits(page)
    press(page.get_by_role("button", name="Check whether you can apply"))
    page.get_by_label("What is the business’s trading postcode?").fill("B9 4AA")
    go_on(page, "Check")
    expect(page.get_by_role("heading", name="An adviser needs to check this")).to_be_visible()
    check(page)
    fits(page)
    page.get_by_label("For how many months has it been trading?").fill("40")
    go_on(page, "Check again")
    expect(page.get_by_role("heading", name="Yes, you can apply")).to_be_visible()
    check(page)
    go_on(page, "Start your application")
    check(page)
    fits(page)
    return page.url


def first_sitting(page: Page, script: bool, check: Check, fits: Check) -> None:
    """The first section is confirmed rather than typed; the second is begun and saved for later, by itself or not."""
    press(page.get_by_role("link", name="Your business"))
    expect(page.get_by_label("Name of the business")).to_have_value(BUSINESS)
    page.get_by_label("Turnover of your latest year").fill("1,23")
    go_on(page, "Save and finish this section")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    check(page)
    page.get_by_label("Turnover of your latest year").fill("£319,000")
    page.get_by_label("People working in the business").fill("5")
    go_on(page, "Save and finish this section")
    expect(page.get_by_text("Section “Your business” saved.")).to_be_visible()
    press(page.get_by_role("link", name="What you want to do"))
    check(page)
    fits(page)
    page.get_by_label("What will you do, and by when?").fill("A first half & <more>.")
    if script:
        expect(page.get_by_text(re.compile("^Saved at"))).to_be_visible()
    else:
        go_on(page, "Save for later")
    page.goto("/desk")
    press(page.get_by_role("button", name="Sign out"))


def write_together(founder: Page, other: Page, where: str, check: Check) -> None:
    """Both open the section. The colleague saves first; the founder sees both and keeps their own."""
    for page in (founder, other):
        page.goto(where)
        press(page.get_by_role("link", name="What you want to do"))
    expect(founder.get_by_label("What will you do, and by when?")).to_have_value("A first half & <more>.")
    expect(founder.get_by_label("Who owns them, and what have you agreed?")).to_have_count(1)
    other.get_by_label("What will you do, and by when?").fill("The colleague's words.")
    go_on(other, "Save for later")
    founder.get_by_label("Sales", exact=True).check()
    founder.get_by_label("What will you do, and by when?").fill("The founder's words.")
    founder.get_by_label("What will be different afterwards?").fill("More people at work.")
    fill_day(founder, date.today() + timedelta(days=60))  # noqa: DTZ011 the browser lives in real time
    founder.get_by_label("Yes", exact=True).check()
    go_on(founder, "Save and finish this section")
    expect(founder.get_by_role("cell", name="The colleague's words.")).to_be_visible()
    expect(founder.get_by_role("cell", name="The founder's words.")).to_be_visible()
    check(founder)
    go_on(founder, "Save and finish this section")
    expect(founder.get_by_text("Section “What you want to do” saved.")).to_be_visible()


def money(page: Page, check: Check, fits: Check) -> None:
    """A table of costs, a sum that is too high at first, and a file."""
    press(page.get_by_role("link", name="Money"))
    rows = page.locator(".app-costs__row")
    rows.nth(0).locator("input").nth(0).fill("Two people")
    rows.nth(0).locator("input").nth(1).fill("50,000")
    rows.nth(1).locator("input").nth(0).fill("A stand")
    rows.nth(1).locator("input").nth(1).fill("10 000.50")
    page.get_by_label("How much do you ask for?").fill("40,000")
    go_on(page, "Save and finish this section")
    expect(page.get_by_text("Apply for no more than half of the total cost").first).to_be_visible()
    expect(page.get_by_text("Total: £60,000.50")).to_be_visible()
    check(page)
    fits(page)
    press(page.get_by_role("link", name=re.compile("^Add a file")))
    check(page)
    page.get_by_label(re.compile("^Choose a file")).set_input_files(PDF)  # type: ignore[arg-type]
    go_on(page, "Add file")
    expect(page.get_by_role("link", name="A budget.pdf")).to_be_visible()
    page.get_by_label("How much do you ask for?").fill("30,000")
    go_on(page, "Save and finish this section")
    expect(page.get_by_text("Section “Money” saved.")).to_be_visible()


def hand_in(page: Page, check: Check, fits: Check) -> None:
    press(page.get_by_role("button", name="Check and submit"))
    expect(page.get_by_text("The founder's words.")).to_be_visible()
    check(page)
    fits(page)
    go_on(page, "Submit")
    expect(page.locator("#is_declared-error")).to_be_visible()
    check(page)
    page.get_by_label("Type your full name to sign").fill("Sami Demo-Founder")
    page.get_by_label("I agree to this declaration").check()
    go_on(page, "Submit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Application submitted")
    check(page)
    fits(page)
    press(page.get_by_role("link", name="See your application"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Your business")).to_have_count(0)
    check(page)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_founder_applies_on_a_phone_in_two_sittings_with_a_colleague(
    open_context: Callable[..., BrowserContext],
    mailbox: Path,
    assert_accessible: Check,
    assert_fits: Check,
    script: bool,
) -> None:
    check = assert_accessible if script else nothing
    founder = open_context(size=PHONE, script=script).new_page()
    other = open_context(size=PHONE, script=script).new_page()
    email = "wim@visitor.example" if script else "wyn@visitor.example"
    sign_in_by_link(founder, mailbox, FOUNDER)
    invite(founder, email)
    withdraw(founder, check)
    where = begin(founder, check, assert_fits)
    first_sitting(founder, script, check, assert_fits)
    sign_in_by_link(founder, mailbox, FOUNDER)
    accept(other, mailbox, "Wim Demo-Colleague", email)
    write_together(founder, other, where, check)
    money(founder, check, assert_fits)
    hand_in(founder, check, assert_fits)
