"""A referral comes back: sent with a preview, accepted and completed by link, confirmed by the business."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import enter
from tests.browser.letters import newest_link
from tests.browser.pressing import go_on, press
from tests.browser.test_pathway_journey import Check

BUSINESS = "Lantern Otter Animation Ltd"


def refer(page: Page, subject: str, provider: str, check: Check, fits: Check) -> None:
    """The adviser prepares it, sees what will be read, and sends it."""
    page.goto("/businesses?q=lantern+otter")
    press(page.get_by_role("link", name=BUSINESS))
    press(page.get_by_role("link", name="Support", exact=True))
    press(page.get_by_role("button", name="Refer"))
    check(page)
    fits(page)
    go_on(page, "Save as draft")
    expect(page.locator("#subject-error")).to_be_visible()
    check(page)
    page.get_by_label("Refer to").select_option(index=1)
    page.get_by_label("Sami Demo-Founder").check()
    page.get_by_label("What is it about?").fill(subject)
    page.get_by_label("Why are you referring them?").fill("They have <two> offers & no idea.")
    go_on(page, "Save as draft")
    check(page)
    press(page.get_by_role("button", name="Preview and tell the business"))
    expect(page.get_by_text("They have <two> offers & no idea.")).to_be_visible()
    check(page)
    page.get_by_label("Name").fill("Provider Demo-Desk")
    page.get_by_label("Email address").fill(provider)
    go_on(page, "Tell the business")
    expect(page.get_by_text("Nothing has been sent yet.")).to_be_visible()
    check(page)
    fits(page)


def agree(page: Page, mailbox: Path, check: Check, fits: Check) -> None:
    """The business reads what would be sent, and says that it may leave at once."""
    page.goto(newest_link(mailbox, "founder@demo.example", "links/told", page))
    expect(page.get_by_text("You can say no until the end of")).to_be_visible()
    expect(page.get_by_text("They have <two> offers & no idea.")).to_be_visible()
    check(page)
    fits(page)
    go_on(page, "Yes, send it now")
    check(page)


def answer(page: Page, mailbox: Path, subject: str, provider: str, check: Check, fits: Check) -> None:
    """The provider takes it on without an account, and later says what came of it."""
    page.goto(newest_link(mailbox, provider, "reply", page))
    expect(page.get_by_text(subject)).to_be_visible()
    check(page)
    fits(page)
    used = page.url
    go_on(page, "Yes, we accept")
    check(page)
    assert page.request.get(used).status == 404
    page.goto(newest_link(mailbox, provider, "reply", page))
    page.get_by_label("The business was helped").check()
    page.get_by_label("Hours of help").fill("1.5")
    page.get_by_label("A word to the business").fill("A pleasure.")
    check(page)
    go_on(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def confirm(page: Page, mailbox: Path, check: Check, fits: Check) -> None:
    """The business says that it was helped."""
    page.goto(newest_link(mailbox, "founder@demo.example", "links/helped", page))
    expect(page.get_by_text("A pleasure.")).to_be_visible()
    check(page)
    fits(page)
    page.get_by_label("Yes").check()
    go_on(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    check(page)


def trail_tells(page: Page) -> None:
    page.goto("/audit")
    told = page.locator("main ol").first.inner_text().casefold()
    acts = (
        "said that a referral helped",
        "completed referral",
        "accepted referral",
        "agreed to referral",
        "announced referral",
        "drafted referral",
    )
    places = [told.index(act) for act in acts]
    assert places == sorted(places), "the newest stands first, and nothing is missing"
    assert "claimed output" in told, "what helped is counted, once"


def test_a_referral_comes_back_with_an_answer(
    open_context: Callable[..., BrowserContext],
    mailbox: Path,
    assert_accessible: Check,
    assert_fits: Check,
) -> None:
    check = assert_accessible
    word = "heron"
    subject, provider = f"A grant for the {word}", f"{word}@demo.example"
    adviser = open_context(size=DESK).new_page()
    enter(adviser, "adviser@demo.example")
    refer(adviser, subject, provider, check, assert_fits)
    outside = open_context(size=PHONE).new_page()
    agree(outside, mailbox, check, assert_fits)
    answer(outside, mailbox, subject, provider, check, assert_fits)
    confirm(outside, mailbox, check, assert_fits)
    adviser.reload()
    expect(adviser.get_by_text("The business was helped", exact=True)).to_be_visible()
    expect(adviser.get_by_text("Yes", exact=True)).to_be_visible()
    check(adviser)
    adviser.goto("/businesses?q=lantern+otter")
    press(adviser.get_by_role("link", name=BUSINESS))
    press(adviser.get_by_role("link", name="Support", exact=True))
    counted = adviser.locator("section", has=adviser.get_by_role("heading", name="Outcomes"))
    expect(counted).to_contain_text("Business helped by a referral")
    press(counted.get_by_role("link", name="Business helped by a referral"))
    expect(
        adviser.get_by_role("definition").filter(has_text="the business says that it helped")
    ).to_be_visible()
    check(adviser)
    assert_fits(adviser)
    auditor = open_context(size=DESK).new_page()
    enter(auditor, "auditor@demo.example")
    trail_tells(auditor)
