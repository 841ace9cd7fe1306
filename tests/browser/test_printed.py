"""Pages on paper: no word begins left of the paper or ends right of it, on pages of every layout."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.entering import enter

LAYOUTS = Path(__file__).resolve().parents[2] / "crm/templates/layouts"
PAPER = (673, 900)
"""What a sheet of A4 has between margins of 16 mm, in pixels of a style sheet."""
OFF_THE_PAPER = """() => {
  const wide = document.documentElement.clientWidth, off = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, holder = text.parentElement;
    if (!text.data.trim() || holder.closest("script, .govuk-visually-hidden")) continue;
    if (!holder.checkVisibility({visibilityProperty: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter(each => each.width > 0);
    if (boxes.some(each => each.left < -.5 || each.right > wide + .5)) off.push(text.data.trim());
  }
  return off;
}"""
VISITOR, FOUNDER, ADVISER = "", "founder@demo.example", "adviser@demo.example"
PROGRAMME, TEST_BED = "programme@demo.example", "testbed@demo.example"
PRINTED = {
    VISITOR: {
        "landing": ("/",),
        "page": ("/accessibility", "/delegations", "/export-cover/case", "/directory > /directory/services/"),
        "list": ("/directory", "/markets"),
        "wide": ("/coverage",),
        "question": ("/enquire", "/find-support", "/sign-in"),
    },
    FOUNDER: {
        "wide": ("/desk",),
        "page": ("/account", "/desk > /delegation-places/", "/readiness > /readiness/", "/desk > /rights/"),
    },
    ADVISER: {
        "page": ("/export-cover > /export-cover/", "/readiness > /readiness/", "/readiness/cohort"),
        "print": ("/question-sets > /question-sets/",),
    },
    TEST_BED: {
        "page": ("/question-sets > /question-sets/readiness/",),
    },
    PROGRAMME: {"proposal": ("/desk > /decision-changes/",)},
}
"""Who prints which pages, by layout: an address, or the first of a kind that another page leads to."""


def laid_out() -> set[str]:
    """The layouts that lay words out: the others are one with a question or a file in it."""
    of_a_question = 'extends "layouts/question.html"'
    return {each.stem for each in LAYOUTS.glob("*.html") if of_a_question not in each.read_text("utf-8")}


def open_one(page: Page, where: str) -> None:
    """Open an address, or the first address of a kind on the page before the sign ">"."""
    start, _, prefix = where.partition(" > ")
    page.goto(start)
    if prefix:
        link = page.locator(f'main a[href^="{prefix}"]:not([href$="/cohort"], [href$="/case"])').first
        page.goto(str(link.get_attribute("href")))


@pytest.mark.parametrize("who", PRINTED)
def test_no_word_of_a_printed_page_is_off_the_paper(
    who: str, open_context: Callable[..., BrowserContext]
) -> None:
    page = open_context(size=PAPER).new_page()
    page.emulate_media(media="print")
    if who:
        enter(page, who)
    for where in chain.from_iterable(PRINTED[who].values()):
        open_one(page, where)
        assert page.evaluate(OFF_THE_PAPER) == [], f"off the paper on {page.url}"


def test_pages_of_every_layout_are_printed() -> None:
    assert {layout for own in PRINTED.values() for layout in own} == laid_out()
