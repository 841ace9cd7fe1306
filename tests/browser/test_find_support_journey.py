"""The main job in a real browser: from home to explained matches on the real directory and real postcodes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pressing import go_on, press

Check = Callable[[Page], None]


def nothing(_page: Page) -> None:
    """Axe is a script: without script the pages are the same, and are checked with it."""


def ask_everything(page: Page, check: Check, fits: Check) -> None:
    """From home through all seven questions, one mistake on the way."""

    page.goto("/")
    check(page)
    press(
        page.get_by_role("button", name="Find support")
        .or_(page.get_by_role("link", name="Find support"))
        .last
    )
    check(page)
    press(page.get_by_role("button", name="Start now"))

    page.get_by_label("What is your business’s postcode?").fill("B1 1A")
    go_on(page)
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.get_by_label("What is your business’s postcode?")).to_have_value("B1 1A")
    check(page)
    fits(page)
    page.get_by_label("What is your business’s postcode?").fill("b9 4aa")
    go_on(page)

    page.get_by_label("Crafts").check()
    check(page)
    go_on(page)
    page.get_by_label("Limited company", exact=False).first.check()
    go_on(page)
    page.get_by_label("How many people work in the business?").fill("4")
    go_on(page)
    page.get_by_label("What was your turnover last year?").fill("£1.2m")
    go_on(page)
    page.get_by_label("Years").fill("3")
    go_on(page)
    expect(page.get_by_text("Question 7 of 7")).to_be_visible()
    page.get_by_label("Money and investment").check()
    check(page)
    go_on(page, "See my results")


def read_the_results(page: Page, check: Check, fits: Check) -> None:
    """The results explain themselves, and the way on is there."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Support for your business")
    expect(page.get_by_text("B9 4AA")).not_to_have_count(0)
    expect(page.get_by_text("Birmingham").first).to_be_visible()
    expect(page.get_by_text("Business Growth West Midlands").first).to_be_visible()
    expect(page.get_by_role("heading", name="Why it fits").first).to_be_visible()
    expect(page.get_by_text("needs £5m or more").first).to_be_attached()
    check(page)
    fits(page)
    address = page.url
    page.goto("/")
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Support for your business")
    press(
        page.get_by_role("link", name="Talk to an adviser")
        .or_(page.get_by_role("button", name="Talk to an adviser"))
        .first
    )
    expect(page.get_by_text("We fill in what you told the support finder")).to_be_visible()
    check(page)


def test_a_visitor_goes_from_home_to_explained_matches(
    page: Page, assert_accessible: Check, assert_fits: Check
) -> None:
    ask_everything(page, assert_accessible, assert_fits)
    read_the_results(page, assert_accessible, assert_fits)


def test_the_same_without_script(page_without_js: Page, assert_fits: Check) -> None:
    ask_everything(page_without_js, nothing, assert_fits)
    read_the_results(page_without_js, nothing, assert_fits)


@pytest.mark.parametrize("postcode", ["QQ1 1AA", "B１ 1AA", "B74", "", "B" * 10_000, "\"'<b>B1</b>"])
def test_a_bad_postcode_is_said_at_the_field_and_kept(page: Page, postcode: str) -> None:
    page.goto("/find-support/postcode")
    page.get_by_label("What is your business’s postcode?").fill(postcode)
    go_on(page)

    expect(page.locator(".govuk-error-message")).to_be_visible()
    expect(page.get_by_label("What is your business’s postcode?")).to_have_value(postcode)
    page.locator(".govuk-error-summary a").click()
    expect(page.get_by_label("What is your business’s postcode?")).to_be_focused()
