"""One administrator records a request and proposes to erase a contact; another confirms it, on a phone and on a desktop (P52)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.pressing import press
from tests.browser.test_administrator_journey import sign_in

Check = Callable[[Page], None]
WHY = "They asked for it, and showed who they are"


@pytest.mark.parametrize("width", [390, 1280])
def test_p52_two_administrators_erase_a_person_who_asked(
    page: Page,
    width: int,
    assert_accessible: Check,
    assert_fits: Check,
    open_context: Callable[..., BrowserContext],
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "admin@demo.example")
    page.goto("/data-requests")
    assert_accessible(page)
    assert_fits(page)
    press(page.locator("a", has_text=re.compile("Zora Umber|Zuri Yarrow")).first)
    assert_accessible(page)
    name = "Zuri Yarrow" if width == 390 else "Zora Umber"
    address = propose(page, assert_accessible) if width == 390 else waiting(page)
    confirm(open_context().new_page(), address, name, (assert_accessible, assert_fits), width=width)


def propose(page: Page, check: Check) -> str:
    """Zuri's earlier proposal was withdrawn: it is proposed again."""
    page.goto("/data-requests")
    press(page.locator("a", has_text="Zuri Yarrow").first)
    press(page.get_by_role("button", name="Find the person to erase"))
    page.get_by_label("Name or email address").fill("zuri yarrow")
    check(page)
    press(page.locator("main form button").first)
    press(page.get_by_role("link", name=re.compile("Zuri Yarrow")))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Erase Zuri Yarrow")
    page.get_by_label("Why?").fill(WHY)
    check(page)
    press(page.get_by_role("button", name="Propose to erase"))
    expect(page.get_by_text("Nobody is erased until another administrator confirms it").first).to_be_visible()
    return page.url


def waiting(page: Page) -> str:
    """Zora's erasure was proposed already."""
    page.goto("/data-requests")
    press(page.locator("a", has_text="Zora Umber").first)
    press(page.get_by_role("link", name=re.compile("Proposed on")))
    expect(page.get_by_role("button", name="Erase")).to_have_count(0)
    return page.url


def confirm(page: Page, address: str, name: str, checks: tuple[Check, Check], *, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, "second.admin@demo.example")
    page.goto(address)
    for check in checks:
        check(page)
    press(page.get_by_role("button", name="Erase"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Erased person P-")
    for check in checks:
        check(page)
    page.goto(f"/search?q={name.replace(' ', '+')}")
    expect(page.locator("main")).to_contain_text("Nothing was found")
