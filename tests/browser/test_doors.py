"""The doors that anyone may open: each fits a phone and a desk, and axe finds nothing on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE

DOORS = (
    "/",
    "/find-support",
    "/directory",
    "/sign-in",
    "/programme",
    "/contact",
    "/accessibility",
    "/privacy",
    "/cookies",
)


@pytest.mark.parametrize("door", DOORS)
def test_a_door_opens_on_a_phone_and_on_a_desk(
    page: Page, door: str, assert_accessible: Callable[[Page], None], assert_fits: Callable[[Page], None]
) -> None:
    answer = page.goto(door)

    assert answer is not None
    assert answer.status == 200
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        assert_accessible(page)
        assert_fits(page)


def test_a_page_that_is_not_there_says_so_accessibly(
    page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    answer = page.goto("/no-such-page")

    assert answer is not None
    assert answer.status == 404
    assert_accessible(page)


def test_the_home_page_fits_without_script(
    page_without_js: Page, assert_fits: Callable[[Page], None]
) -> None:
    page_without_js.goto("/")

    assert_fits(page_without_js)
