"""The browser's Back button in the open check of readiness: later answers are still there (K18)."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.pressing import go_on


def answer_part(page: Page, place: int = 1) -> int:
    """Answer each question of a part with the option at a place."""
    groups = page.locator("main fieldset").all()
    for group in groups:
        group.get_by_role("radio").nth(place).check()
    go_on(page)
    return len(groups)


def test_k18_going_back_three_times_loses_no_later_answer(page: Page) -> None:
    page.goto("/check-readiness/export_readiness")
    for group in page.locator("main fieldset").all():
        if group.get_by_role("radio").count():
            group.get_by_role("radio").first.check()
    go_on(page)
    first = page.url
    for _ in range(3):
        answer_part(page)
    whole = re.findall(r"a=[^&]+", page.url)[0]
    for _ in range(3):
        page.go_back()
    page.wait_for_url(re.compile(re.escape(first.partition("?")[0])))
    expect(page).to_have_url(re.compile(re.escape(whole)))
    asked = answer_part(page, place=0)
    expect(page.locator("main fieldset input:checked")).to_have_count(page.locator("main fieldset").count())
    assert page.url.partition("a=")[2].split(".")[1][asked:] == whole.split(".")[1][asked:]
