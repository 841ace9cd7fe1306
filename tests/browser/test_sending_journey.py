"""Sending a form: two clicks make one thing, with and without script, and what is typed is not lost on the way."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK
from tests.browser.entering import enter
from tests.browser.pressing import press

Open = Callable[..., BrowserContext]
ADVISER = "adviser@demo.example"


def open_business(page: Page) -> str:
    """The first business of the adviser's list; its address."""
    enter(page, ADVISER)
    page.goto("/businesses")
    links = [each.get_attribute("href") or "" for each in page.locator("main a[href^='/businesses/']").all()]
    return next(each for each in links if re.fullmatch(r"/businesses/[0-9a-f-]{36}", each))


def begin_step(page: Page, business: str, title: str) -> None:
    page.goto(f"{business}/next-steps/new")
    page.get_by_label("What needs to be done?").fill(title)
    page.locator("input[name=assignees]").first.check()


@pytest.mark.parametrize("script", [True, False])
def test_a_double_click_makes_one_thing(open_context: Open, script: bool) -> None:
    page = open_context(size=DESK, script=script).new_page()
    business, title = open_business(page), f"Call the printer {'with' if script else 'without'} script"
    begin_step(page, business, title)
    page.locator("main form button[type=submit]").last.dblclick()
    expect(page.locator(".govuk-notification-banner--success")).to_have_count(1)

    page.goto("/desk")
    page.goto(business)
    expect(page.get_by_text(title, exact=True)).to_have_count(1)


def test_back_and_send_again_is_led_to_the_same_place(open_context: Open) -> None:
    page = open_context(size=DESK).new_page()
    business, title = open_business(page), "Call the framer once"
    begin_step(page, business, title)
    button = page.locator("main form button[type=submit]").last
    press(button)
    came_to = page.url
    page.go_back()
    press(page.locator("main form button[type=submit]").last)

    expect(page).to_have_url(came_to)
    page.goto(business)
    expect(page.get_by_text(title, exact=True)).to_have_count(1)


def test_what_was_typed_survives_being_signed_out_in_another_tab(open_context: Open) -> None:
    context = open_context(size=DESK)
    page = context.new_page()
    business, title = open_business(page), "Typed before being signed out"
    begin_step(page, business, title)
    other = context.new_page()
    other.goto("/desk")
    press(other.get_by_role("button", name="Sign out"))
    press(page.locator("main form button[type=submit]").last)
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    expect(page.get_by_text("what you typed is kept")).to_be_visible()
    page.get_by_label("Email address").fill(ADVISER)
    page.get_by_label("Password", exact=True).fill("demo pass for invented people")
    press(page.locator("form[action^='/sign-in'] button", has_text=re.compile("^Sign in$")).first)

    expect(page.get_by_label("What needs to be done?")).to_have_value(title)
    press(page.locator("main form button[type=submit]").last)
    page.goto(business)
    expect(page.get_by_text(title, exact=True)).to_have_count(1)
