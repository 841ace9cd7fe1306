"""The money beside a cohort stays in sight on a phone while its list is scrolled, and hides nothing that the cursor is on."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.entering import enter

STUCK = """() => [...document.querySelectorAll('.app-money-brief, .app-money')]
  .find(each => getComputedStyle(each).position === 'sticky').getBoundingClientRect().toJSON()"""
CURSOR = """() => {
  const at = document.activeElement;
  return at.closest('main') && !at.closest('.app-money') && at.closest('a, button')
    ? at.getBoundingClientRect().toJSON() : null;
}"""
TWO_LINES = 60


def with_the_bar(page: Page) -> list[str]:
    """One page of each kind that shows the bar: a cohort, a draft, the decisions and the waiting list."""
    page.goto("/cohorts")
    found = {}
    for each in page.locator('main a[href^="/cohorts/"]').all():
        found[str(each.get_attribute("href"))] = "cohort"
    for cohort in list(found):
        page.goto(cohort)
        inside = 'main a[href^="/cohort-drafts/"], main a[href$="/decisions"], main a[href$="/waiting-list"]'
        for each in page.locator(inside).all():
            href = str(each.get_attribute("href"))
            found[href] = "draft" if "cohort-drafts" in href else href.rpartition("/")[2]
    one_each = {kind: href for href, kind in found.items()}
    assert set(one_each) == {"cohort", "draft", "decisions", "waiting-list"}
    return list(one_each.values())


def test_the_money_is_in_sight_at_the_last_row_on_a_phone_and_hides_nothing_that_the_cursor_is_on(
    page: Page,
) -> None:
    enter(page, "programme@demo.example")
    for where in with_the_bar(page):
        page.goto(where)
        last = page.locator("main").locator("a, button").last
        last.scroll_into_view_if_needed()
        page.evaluate("window.scrollBy(0, -1)")
        bar = page.evaluate(STUCK)
        assert 0 <= bar["top"] < bar["bottom"] <= 844, where
        assert bar["height"] <= TWO_LINES, "two lines at most"
        last.focus()
        for _ in range(30):
            page.keyboard.press("Shift+Tab")
            cursor, bar = page.evaluate(CURSOR), page.evaluate(STUCK)
            assert cursor is None or cursor["top"] >= bar["bottom"] or cursor["bottom"] <= bar["top"], where
