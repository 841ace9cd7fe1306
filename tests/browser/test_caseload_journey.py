"""An adviser works by their caseload: a business taken, tagged, found by filters, saved as a view, and changed with others; on a phone too."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import enter
from tests.browser.pressing import go_on, press
from tests.browser.test_pathway_journey import Check


def take_one(page: Page, check: Check) -> str:
    """Become the lead adviser of the first business that nobody leads, and tag it; returns its name."""
    page.goto("/caseload?lead=nobody&sort=-name")
    link = page.locator(".app-list-table tbody th a").first
    name = link.inner_text()
    press(link)
    go_on(page, "Become the lead adviser")
    expect(page.get_by_text("You are now the lead adviser.")).to_be_visible()
    check(page)
    press(page.get_by_role("link", name=re.compile("^(Add|Change) ?tags$")))
    page.get_by_label("New tags").fill("Heron scheme, net-zero")
    check(page)
    go_on(page, "Save tags")
    expect(page.get_by_role("link", name="Heron scheme", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Net zero", exact=True)).to_be_visible()
    return name


def look_through(page: Page, name: str, check: Check) -> None:
    """Filter the list, sort it by a heading, and save what was asked under a name."""
    press(page.get_by_role("link", name="Businesses", exact=True).first)
    press(page.get_by_role("link", name="My businesses", exact=True).first)
    expect(page.get_by_role("heading", level=1)).to_have_text("My businesses")
    check(page)
    page.get_by_text("Filter and sort").click()
    page.get_by_label("Tag", exact=True).first.select_option(label="Heron scheme")
    page.get_by_label("Not contacted in so many days").fill("30")
    go_on(page, "Show results")
    expect(page.get_by_text("1 business", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    press(page.get_by_role("link", name=re.compile("^Last contact")))
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Last contact")
    page.get_by_text("Save this view").click()
    page.get_by_label("Name of the view").fill("Herons to ring")
    check(page)
    go_on(page, "Save view")
    expect(page.get_by_role("heading", level=1)).to_have_text("Herons to ring")


def change_several(page: Page, name: str, check: Check) -> None:
    """Tick rows, see what would be done to which, and do it."""
    page.goto("/my-businesses")
    for row in page.locator(".app-list-table tbody tr").all()[:3]:
        row.get_by_role("checkbox").check()
    page.get_by_label(f"Choose {name}").check()
    page.get_by_label("Add a tag").check()
    page.get_by_label("Tag", exact=True).last.select_option(label="Heron scheme")
    check(page)
    go_on(page, "Continue")
    expect(page.get_by_text("3 businesses get the tag Heron scheme")).to_be_visible()
    expect(page.get_by_text("It has this tag already")).to_be_visible()
    check(page)
    go_on(page, "Change 3 businesses")
    expect(page.get_by_role("heading", level=1)).to_have_text("3 businesses changed")
    expect(page.get_by_text("1 business was left out")).to_be_visible()
    check(page)


def write_to_several(page: Page, check: Check) -> None:
    """Write to the people of ticked businesses, see who is left out, change the words, and follow what was sent."""
    page.goto("/my-businesses")
    page.get_by_label(re.compile("^All .* businesses on this list")).check()
    page.get_by_label("Email them").check()
    go_on(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Email")
    check(page)
    page.get_by_label("Subject").fill("An open studio on Thursday")
    go_on(page, "Preview")
    expect(page.get_by_role("link", name="Enter a message")).to_be_visible()
    expect(page.get_by_label("Subject")).to_have_value("An open studio on Thursday")
    page.get_by_label("News or an event").check()
    page.get_by_label("Message").fill("Come by from ten.\nRead herons.example for the way.")
    go_on(page, "Preview")
    expect(page.get_by_text("herons[.]example")).to_be_visible()
    expect(page.get_by_text(re.compile("withdrew its consent to")).first).to_be_visible()
    check(page)
    page.get_by_text("Change what you send").click()
    page.get_by_label("Message").fill("Come by from eleven.")
    go_on(page, "Preview again")
    press(page.get_by_role("button", name=re.compile("^Send [0-9]+ emails?$")))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Email to people at")
    page.get_by_text(re.compile("^Read the email")).click()
    expect(page.get_by_text("Come by from eleven.")).to_be_visible()
    expect(page.get_by_text(re.compile("of [0-9]+ emails? sent"))).to_be_visible()
    check(page)


def invite_several(page: Page, check: Check) -> None:
    """Invite the people of ticked businesses to a workshop."""
    page.goto("/my-businesses")
    page.get_by_label(re.compile("^All .* businesses on this list")).check()
    page.get_by_label("Invite them to a workshop").check()
    go_on(page, "Continue")
    check(page)
    go_on(page, "Preview")
    expect(page.get_by_role("link", name="Choose a workshop")).to_be_visible()
    page.get_by_label("Workshop", exact=True).select_option(index=1)
    page.get_by_label("Everyone at each business who has an email address").check()
    go_on(page, "Preview")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before you send")
    check(page)


def test_an_adviser_writes_to_many_and_invites_them(
    open_context: Callable[..., BrowserContext], assert_accessible: Check, assert_fits: Check
) -> None:
    for size in (DESK, PHONE):
        adviser = open_context(size=size).new_page()
        enter(adviser, "adviser.two@demo.example")
        if size is DESK:
            write_to_several(adviser, assert_accessible)
        invite_several(adviser, assert_accessible)
        if size is DESK:
            press(adviser.get_by_role("button", name=re.compile("^Send [0-9]+ invitations?$")))
            expect(adviser.get_by_role("heading", level=1)).to_contain_text("Invitation to people at")
        else:
            expect(adviser.get_by_text(re.compile("This was sent to them already")).first).to_be_visible()
        assert_fits(adviser)


def test_an_adviser_works_by_their_caseload_and_the_manager_takes_it_out(
    open_context: Callable[..., BrowserContext], assert_accessible: Check, assert_fits: Check
) -> None:
    adviser = open_context(size=DESK).new_page()
    enter(adviser, "adviser.three@demo.example")
    name = take_one(adviser, assert_accessible)
    look_through(adviser, name, assert_accessible)
    change_several(adviser, name, assert_accessible)
    phone = open_context(size=PHONE).new_page()
    enter(phone, "adviser.three@demo.example")
    for path in ("/my-businesses", "/caseload?lead=left", "/tags"):
        phone.goto(path)
        assert_accessible(phone)
        assert_fits(phone)
    manager = open_context(size=DESK).new_page()
    enter(manager, "hub.manager@demo.example")
    press(manager.get_by_role("link", name=re.compile("no lead adviser any more")))
    expect(manager.get_by_role("heading", level=1)).to_have_text("Lead adviser has left")
    with manager.expect_download() as file:
        manager.get_by_role("link", name="Download for Excel").click()
    assert file.value.suggested_filename == "caseload.xlsx"
