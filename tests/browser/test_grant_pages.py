"""P50: the pages on which staff choose, decide and pay: axe, 320 pixels wide and on a desk, and a draft by the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.entering import enter

NARROW, DESK = {"width": 320, "height": 844}, {"width": 1280, "height": 900}
OF_A_COHORT = (
    "",
    "/compare",
    "/stability",
    "/targets",
    "/proposals/ask",
    "/decisions",
    "/letters",
    "/waiting-list",
)
OF_A_DRAFT = ("", "/propose", "/confirm", "/pack")
MONEY = (
    *("/envelopes", "/reconciliation", "/envelopes/underspend", "/subsidies", "/payments", "/payment-runs"),
    *("/payment-runs/new", "/awards", "/outcomes"),
)
ONE_OF = ("/envelopes", "/subsidies", "/payments", "/payment-runs", "/awards")
Check = Callable[[Page], None]


def links(page: Page, prefix: str) -> list[str]:
    """The addresses in a page that are just one step below a prefix."""
    found = [str(each.get_attribute("href")) for each in page.locator(f'main a[href^="{prefix}/"]').all()]
    return list(
        dict.fromkeys(each for each in found if each.count("/") == prefix.count("/") + 1 and "?" not in each)
    )


def of_cohorts(page: Page) -> list[str]:
    """Every page of every cohort, draft and proposal that this person may open now."""
    page.goto("/cohorts")
    found = []
    for cohort in links(page, "/cohorts"):
        page.goto(cohort)
        found += [f"{cohort}{each}" for each in OF_A_COHORT]
        found += [f"{draft}{each}" for draft in links(page, "/cohort-drafts") for each in OF_A_DRAFT]
        found += links(page, "/cohort-proposals")
    return found


def of_approving(page: Page) -> list[str]:
    """What an approver decides on: the confirmation of each draft, and each waiting list."""
    pages = of_cohorts(page)
    return [each for each in pages if each.endswith(("/confirm", "/waiting-list"))]


def of_money(page: Page) -> list[str]:
    """The pages of envelopes, subsidies and payments, and the first of each; with the ledger of one envelope."""
    found = list(MONEY)
    for each in ONE_OF:
        page.goto(each)
        found += links(page, each)[:2]
    page.goto("/envelopes")
    return [*found, *(f"{each}/ledger" for each in links(page, "/envelopes")[:1] if each.count("-") == 4)]


@pytest.mark.parametrize(
    ("who", "which"),
    [
        ("programme@demo.example", of_cohorts),
        ("approver@demo.example", of_approving),
        ("finance@demo.example", of_money),
    ],
    ids=["manager", "approver", "finance"],
)
def test_P50_the_pages_of_staff_pass_axe_and_fit_320_pixels(
    page: Page, who: str, which: Callable[[Page], list[str]], assert_accessible: Check, assert_fits: Check
) -> None:
    enter(page, who)
    opened = 0
    for where in which(page):
        page.set_viewport_size(NARROW)
        answer: Any = page.goto(where)
        if answer.status != 200:
            assert answer.status in (403, 404, 409), where
            continue
        opened += 1
        assert_accessible(page)
        assert_fits(page)
        page.set_viewport_size(DESK)
        assert_accessible(page)
        assert_fits(page)
    assert opened >= 4


def test_P50_a_draft_is_made_and_its_first_application_chosen_by_the_keyboard_alone(page: Page) -> None:
    enter(page, "programme@demo.example")
    page.goto("/cohorts")
    for cohort in links(page, "/cohorts"):
        page.goto(cohort)
        if page.get_by_text("Compare two drafts").count() and page.get_by_text("Start a draft").count():
            break
    to(page, "Start a draft")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/drafts/start$"))
    to(page, "name")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="By keyboard")).to_be_visible()
    to(page, "Add by rank while the money lasts", "Add")
    page.keyboard.press("Enter")
    done = page.get_by_text("added by rank").or_(page.get_by_text("1 application chosen"))
    expect(done.first).to_be_visible()


def to(page: Page, *names: str) -> None:
    """Press Tab until the cursor is on what has one of these names, or whose field is called so; it is seen there."""
    asked = """names => { const at = document.activeElement;
      return names.some(name => at.name === name || at.innerText && at.innerText.trim().startsWith(name)); }"""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate(asked, list(names)):
            box = page.evaluate("document.activeElement.getBoundingClientRect().toJSON()")
            assert box["width"] > 0
            return
    raise AssertionError(f"the keyboard does not reach {names}")
