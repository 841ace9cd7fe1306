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


def go_back(page: Page, answers: str) -> None:
    """Press the browser's Back button, and wait until the page goes on with the newest answers."""
    before = page.url.partition("?")[0]
    page.go_back(wait_until="commit")
    page.wait_for_url(lambda url: url.partition("?")[0] != before and answers in url)
    page.wait_for_load_state()


def test_k18_going_back_three_times_loses_no_later_answer(page: Page) -> None:
    page.goto("/check-readiness/export_readiness")
    for group in page.locator("main fieldset").all():
        if group.get_by_role("radio").count():
            group.get_by_role("radio").first.check()
    go_on(page)
    first = page.url.partition("?")[0]
    for _ in range(3):
        answer_part(page)
    whole = re.findall(r"a=[^&]+", page.url)[0]
    for _ in range(3):
        go_back(page, whole)
    assert page.url.partition("?")[0] == first
    chosen = page.locator("main fieldset input:checked")
    expect(chosen).to_have_count(page.locator("main fieldset").count())
    asked = answer_part(page, place=0)
    assert page.url.partition("a=")[2].split(".")[1][asked:] == whole.split(".")[1][asked:]
    expect(chosen).to_have_count(page.locator("main fieldset").count())
