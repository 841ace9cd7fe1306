"""The menu as each role sees it: one line on a desk, one button on a phone, with script and without."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from crm.accounts.rules import DEMO_PEOPLE
from crm.kernel.roles import GRANTABLE
from crm.web.menu import MOST_AREAS
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import enter
from tests.browser.pressing import press

ONE_LINE = 60  # pixels: two lines of the menu are more
AREAS = "nav.app-nav .app-nav__list > .app-nav__item:not(.app-nav__item--narrow) > a"


def assert_one_line(page: Page) -> None:
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    height = page.locator(".app-nav__row").bounding_box()

    assert height is not None
    assert height["height"] <= ONE_LINE
    assert 1 <= page.locator(AREAS).count() <= MOST_AREAS
    expect(page.get_by_text("Menu", exact=True)).to_be_hidden()
    expect(page.locator(AREAS).first).to_be_visible()


def assert_one_button(page: Page) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    expect(page.locator(AREAS).first).to_be_hidden()
    page.get_by_text("Menu", exact=True).click()
    expect(page.locator(AREAS).first).to_be_visible()
    expect(page.locator(AREAS).last).to_be_visible()


@pytest.mark.parametrize("role", GRANTABLE)
def test_the_menu_of_a_role_is_one_line_on_a_desk_and_one_button_on_a_phone(
    page: Page, role: str, assert_fits: Callable[[Page], None]
) -> None:
    person = next(each for each in DEMO_PEOPLE if each.role == role)
    enter(page, person.email)

    assert_one_line(page)
    expect(page.locator("nav.app-nav [aria-current]")).to_have_count(1)
    assert_fits(page)
    assert_one_button(page)
    assert_fits(page)


def test_a_visitor_without_script_opens_the_menu_and_what_is_under_more(
    page_without_js: Page, assert_fits: Callable[[Page], None]
) -> None:
    page_without_js.goto("/find-support")

    assert_one_line(page_without_js)
    assert_one_button(page_without_js)
    press(page_without_js.locator(AREAS, has_text="Directory"))
    expect(page_without_js).to_have_url(re.compile("/directory$"))
    assert_fits(page_without_js)


def test_an_adviser_finds_the_rest_under_more_and_searches_from_the_header(wide_page: Page) -> None:
    enter(wide_page, "adviser@demo.example")
    wide_page.locator(".app-more summary").click()
    expect(wide_page.locator(".app-more").get_by_role("link", name="Directory")).to_be_visible()

    wide_page.get_by_label("Search everything").fill("Lantern Otter")
    wide_page.get_by_label("Search everything").press("Enter")
    expect(wide_page).to_have_url(re.compile("/search"))
    expect(
        wide_page.locator("main").get_by_role("link", name=re.compile("Lantern Otter")).first
    ).to_be_visible()
