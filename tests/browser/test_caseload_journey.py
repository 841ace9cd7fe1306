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
    go_on(page, "Preview the change")
    expect(page.get_by_text("3 businesses get the tag Heron scheme")).to_be_visible()
    expect(page.get_by_text("It has this tag already")).to_be_visible()
    check(page)
    go_on(page, "Change 3 businesses")
    expect(page.get_by_role("heading", level=1)).to_have_text("3 businesses changed")
    expect(page.get_by_text("1 business was left out")).to_be_visible()
    check(page)


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
