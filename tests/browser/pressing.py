"""Buttons and links, pressed: the page that answers is there before a test goes on, or another person does."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def press(what: Locator) -> None:
    """Press what leads to another page, or to this one anew, and wait until the page that answers has arrived.

    A click alone returns before the answer: what is not on the page that it leaves would pass for what is not on the
    next one, and another person would look before the server had heard of it. The page left is whole before the click,
    so that no arrival before it is taken for the answer.
    """
    what.wait_for()
    what.page.wait_for_load_state()
    with what.page.expect_navigation():
        what.click()


def go_on(page: Page, button: str = "Continue") -> None:
    """Press the button with just this name."""
    press(page.get_by_role("button", name=button, exact=True))
