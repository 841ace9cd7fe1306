"""The pathway from end to end: a founder enquires, an adviser triages and plans, the founder opens and ticks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import enter
from tests.browser.letters import newest_link
from tests.browser.pressing import go_on, press

Check = Callable[[Page], None]


@dataclass(frozen=True)
class Story:
    """One founder's business and where it is."""

    business: str
    person: str
    email: str


def nothing(_page: Page) -> None:
    """axe is a script: a page without scripts is looked at by the other run."""


def enquire(page: Page, story: Story, check: Check, fits: Check) -> None:
    page.goto("/")
    press(
        page.get_by_role("link", name="Talk to an adviser")
        .or_(page.get_by_role("button", name="Talk to an adviser"))
        .first
    )
    check(page)
    go_on(page, "Start now")

    page.get_by_label("Where do you work?").fill("EH1 1AA")
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("You seem to work outside our area")
    check(page)
    press(page.get_by_role("button", name="Give another postcode"))

    page.get_by_label("Where do you work?").fill("B1 1A")
    go_on(page)
    expect(page.locator(".govuk-error-message")).to_be_visible()
    expect(page.get_by_label("Where do you work?")).to_have_value("B1 1A")
    check(page)
    page.get_by_label("Where do you work?").fill("b9 4aa")
    check(page)
    go_on(page)
    tell(page, story, check, fits)


def tell(page: Page, story: Story, check: Check, fits: Check) -> None:
    """Every step after the first, and the sending."""
    page.get_by_label("Name of the business").fill(story.business)
    page.get_by_label("Sole trader").check()
    check(page)
    go_on(page)
    page.get_by_label("Crafts").check()
    page.get_by_label("How many people work in it?").fill("2")
    page.get_by_label("Turnover in the last year").fill("85,000")
    page.get_by_label("Years").fill("3")
    check(page)
    fits(page)
    go_on(page)
    page.get_by_label("In your own words").fill("We want to sell abroad & need a kiln <soon>.")
    page.get_by_label("Selling abroad").check()
    page.get_by_label("Money and investment").check()
    check(page)
    go_on(page)
    page.get_by_label("Yes").check()
    page.get_by_label("How much?").fill("12,000")
    page.get_by_label("What for?").fill("A larger kiln")
    check(page)
    go_on(page)
    page.get_by_label("Your name").fill(story.person)
    page.get_by_label("Email address").fill(story.email)
    page.get_by_label(re.compile("You may pass what I told you")).check()
    check(page)
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what you told us")
    expect(page.get_by_text("£85,000")).to_be_visible()
    check(page)
    fits(page)
    go_on(page, "Send it")
    expect(page.get_by_role("heading", level=1)).to_contain_text("We have your enquiry")
    check(page)


def follow(page: Page, mailbox: Path, story: Story, check: Check) -> None:
    """The letter's link shows where the enquiry stands."""
    page.goto(newest_link(mailbox, story.email, "links/enquiry", page))
    check(page)
    go_on(page, "Show me")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your enquiry is waiting for an adviser")
    check(page)


def triage(page: Page, story: Story, check: Check, fits: Check) -> None:
    """The adviser takes it in hand, says which business it is, and finds out what they need."""
    page.goto("/enquiries?show=waiting")
    check(page)
    press(page.get_by_role("link", name=story.business, exact=True))
    check(page)
    go_on(page, "Claim enquiry")
    page.get_by_role("textbox", name="Note").fill("Rang them twice")
    press(page.get_by_role("button", name="Choose the business"))
    check(page)
    page.get_by_label("A new business").check()
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(story.business)
    check(page)
    fits(page)
    has_script = check is not nothing
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Rang them twice" if has_script else "")
    go_on(page, "Diagnose needs")
    expect(page.get_by_role("group", name="Selling abroad").get_by_label("This year")).to_be_checked()
    page.get_by_role("group", name="Money and investment").get_by_label("Urgent").check()
    check(page)
    fits(page)
    go_on(page, "Save and continue")
    page.get_by_label("Trade fairs and shows").check()
    check(page)
    go_on(page, "Save and continue")
    expect(
        page.get_by_role("group", name="Is the business looking for finance now?").get_by_label("Yes")
    ).to_be_checked()
    go_on(page, "Save and see the result")
    check(page)
    go_on(page, "Finish")
    expect(page.get_by_text("Warm route")).to_be_visible()
    check(page)
    press(page.get_by_role("link", name=story.business).first)


def open_tab(page: Page, name: str) -> None:
    """One tab of a business's page."""
    press(page.get_by_role("navigation").get_by_role("link", name=name, exact=True))


def plan(page: Page, story: Story, check: Check, fits: Check) -> None:
    open_tab(page, "Support")
    go_on(page, "Make an action plan")
    check(page)
    fits(page)
    press(page.get_by_role("button", name=re.compile("^Add to the plan")).first)
    press(page.get_by_role("button", name=re.compile("^Rule it out")).first)
    check(page)
    page.get_by_label("Others fit better for now.").check()
    go_on(page, "Rule it out")
    page.get_by_role("textbox", name="Opening words").fill("Thank you for the talk.\nThis is what we said.")
    go_on(page, "Save")
    expect(page.get_by_role("textbox", name="Opening words")).to_have_value(re.compile("Thank you"))
    check(page)
    press(page.get_by_role("button", name="See it and send it"))
    expect(page.get_by_label("Email address")).to_have_value(story.email)
    check(page)
    go_on(page, "Send it")
    expect(page.get_by_text("Not yet")).to_be_visible()
    check(page)


def open_and_tick(page: Page, mailbox: Path, story: Story, check: Check, fits: Check) -> None:
    page.goto(newest_link(mailbox, story.email, "links/plan", page))
    check(page)
    go_on(page, "Open it")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Action plan for {story.business}")
    expect(page.get_by_text("Thank you for the talk.")).to_be_visible()
    check(page)
    fits(page)
    press(page.get_by_role("button", name=re.compile("^Tick off")).first)
    expect(page.get_by_text(f"done by {story.person}")).to_be_visible()
    check(page)


def adviser_sees_it(page: Page, story: Story) -> None:
    """The adviser sees that it was opened and ticked, and the trail tells the story."""
    page.reload()
    expect(page.get_by_text("1 of 1 step")).to_be_visible()
    press(page.get_by_role("link", name=story.business).first)
    open_tab(page, "Activity")
    happened = page.locator("main")
    for said in (
        "asked for help",
        "Diagnosis completed",
        "Plan 1 was sent",
        "Plan 1 was opened",
        "Done: ",
    ):
        expect(happened).to_contain_text(said)


def pages_of_the_log(page: Page, most: int = 5) -> Iterator[str]:
    """What the newest pages of the audit log say, one after the other: a plan notes each rule that shut the business out."""
    page.goto("/audit")
    for _ in range(most):
        yield page.locator("main ol").first.inner_text().casefold()
        onward = page.locator("a[rel=next]")
        if not onward.count():
            return
        press(onward)


def trail_tells(page: Page) -> None:
    told = "".join(pages_of_the_log(page))
    acts = (
        "marked a step as done",
        "opened plan",
        "sent plan",
        "drafted plan",
        "finished diagnosis",
        "linked an enquiry to a business",
        "took on an enquiry",
    )
    places = [told.index(act) for act in acts]
    assert places == sorted(places), "the newest stands first, and nothing is missing"


def walk(
    founder: Page, adviser: Page, auditor: Page, mailbox: Path, story: Story, check: Check, fits: Check
) -> None:
    enquire(founder, story, check, fits)
    follow(founder, mailbox, story, check)
    enter(adviser, "adviser@demo.example")
    check(adviser)
    triage(adviser, story, check, fits)
    plan(adviser, story, check, fits)
    open_and_tick(founder, mailbox, story, check, fits)
    adviser_sees_it(adviser, story)
    enter(auditor, "auditor@demo.example")
    trail_tells(auditor)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_founder_enquires_and_leaves_with_a_plan(
    open_context: Callable[..., BrowserContext],
    mailbox: Path,
    assert_accessible: Check,
    assert_fits: Check,
    script: bool,
) -> None:
    word = "Kestrel" if script else "Magpie"
    story = Story(f"Wandering {word} Kilns", f"Elin Demo-{word}", f"{word.lower()}@demo.example")
    founder = open_context(size=PHONE, script=script).new_page()
    adviser = open_context(size=DESK, script=script).new_page()
    auditor = open_context(size=DESK, script=script).new_page()
    walk(founder, adviser, auditor, mailbox, story, assert_accessible if script else nothing, assert_fits)
