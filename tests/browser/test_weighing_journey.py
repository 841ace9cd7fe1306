"""The programme manager sees what each criterion counts while typing, and by a button where no script runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK
from tests.browser.pressing import go_on, press
from tests.browser.test_administrator_journey import sign_in
from tests.browser.test_pathway_journey import Check, nothing

ROUND = "Scale-up: winter round"


def begin_draft(page: Page, name: str) -> None:
    """A new round from an earlier one, whose criteria can be changed still."""
    page.goto("/programme")
    press(page.get_by_role("link", name=ROUND).last)
    press(page.get_by_role("link", name="Copy to a new round"))
    page.get_by_label("Name of the new round").fill(name)
    go_on(page, "Create the round")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_weights_are_shown_as_they_are_typed(
    open_context: Callable[..., BrowserContext], assert_accessible: Check, assert_fits: Check, script: bool
) -> None:
    check = assert_accessible if script else nothing
    page = open_context(size=DESK, script=script).new_page()
    sign_in(page, "programme@demo.example")
    begin_draft(page, f"Draft {'with' if script else 'without'} script")
    press(
        page.get_by_role("link", name="Add a criterion").or_(
            page.get_by_role("button", name="Add a criterion")
        )
    )
    together = page.get_by_role("status").filter(has_text="Together")
    expect(together).to_have_text("As saved. Together: 100%")
    check(page)
    assert_fits(page)
    page.get_by_label("Criterion", exact=True).fill("Reach")
    page.get_by_label("Its parts, one on each line").fill("One\nTwo")
    page.get_by_label("Weight").fill("12.5")
    if not script:
        go_on(page, "Work out the weights")
    expect(together).to_contain_text("As typed. Together: 112.5%")
    row = page.get_by_role("row").filter(has_text="Reach")
    expect(row).to_contain_text("6.25%")
    expect(page.get_by_label("Its parts, one on each line")).to_have_value("One\nTwo")
    check(page)
    assert_fits(page)
