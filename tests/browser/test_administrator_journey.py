"""An administrator's first hour: sign in, invite somebody, grant a role, add a dated figure, have it approved."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from crm.accounts.rules import DEMO_PASSWORD
from tests.browser.letters import newest_link
from tests.browser.pressing import press

Check = Callable[[Page], None]


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    press(page.locator("form[action^='/sign-in'] button", has_text=re.compile("^Sign in$")).first)
    expect(page).to_have_url(re.compile("/desk$"))


def test_an_administrator_grants_a_role_and_two_agree_on_a_figure(
    page: Page, assert_accessible: Check, assert_fits: Check, open_context: Callable[..., BrowserContext]
) -> None:
    sign_in(page, "admin@demo.example")
    assert_accessible(page)
    invite_and_grant(page, assert_accessible)
    propose(page, assert_accessible)
    expect(page.get_by_role("button", name=re.compile("Approve"))).to_have_count(0)
    assert_fits(page)
    address = page.url

    other = open_context().new_page()
    sign_in(other, "second.admin@demo.example")
    other.goto(address)
    assert_accessible(other)
    press(other.get_by_role("button", name=re.compile("Approve")))
    expect(other.get_by_text("14 months").first).to_be_visible()


def invite_and_grant(page: Page, check: Check) -> None:
    page.goto("/people/new")
    page.get_by_label("Full name").fill("Wren Demo-Journey")
    page.get_by_label("Email address").fill("wren@demo.example")
    page.get_by_label(re.compile("With a password")).check()
    check(page)
    press(page.locator("main form button[type=submit]").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Wren Demo-Journey")
    press(
        page.get_by_role("link", name=re.compile("Grant"))
        .or_(page.get_by_role("button", name=re.compile("Grant")))
        .first
    )
    page.get_by_label("Role", exact=True).select_option(label="Adviser")
    page.get_by_label("Held for").select_option(label="Hub: Coventry and Warwickshire Growth Hub")
    check(page)
    press(page.get_by_role("button", name="Grant the role"))
    expect(page.get_by_text("Coventry and Warwickshire Growth Hub").first).to_be_visible()
    check(page)


def propose(page: Page, check: Check) -> None:
    page.goto("/figures/directory.fresh_months/new")
    page.get_by_label("New value").fill("1,23")
    press(page.get_by_role("button", name="Propose value"))
    expect(page).to_have_title(re.compile("^Error: "))
    check(page)
    page.get_by_label("New value").fill("14")
    first = page.get_by_role("group", name="First day it holds")
    for name, value in (("Day", "1"), ("Month", "4"), ("Year", "2099")):
        first.get_by_label(name).fill(value)
    page.get_by_label("Source", exact=True).fill("A decision of the board")
    page.get_by_label("It is our own decision").check()
    press(page.get_by_role("button", name="Propose value"))
    expect(page.get_by_text("14 months").first).to_be_visible()
    check(page)


def test_a_founder_signs_in_by_the_link_in_a_letter(
    page: Page, mailbox: Path, assert_accessible: Check
) -> None:
    page.goto("/sign-in/link")
    page.get_by_label("Email address").fill("founder@demo.example")
    press(page.locator("main form button[type=submit]").first)
    assert_accessible(page)

    page.goto(newest_link(mailbox, "founder@demo.example", "links/sign-in", page))
    assert_accessible(page)
    press(page.locator("main form button[type=submit]").first)
    expect(page).to_have_url(re.compile("/desk$"))
    assert_accessible(page)
