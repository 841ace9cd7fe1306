"""Two assessors score blind; the lead moderates, closes, and sees a ranking whose every number opens its parts."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import enter
from tests.browser.pressing import go_on, press
from tests.browser.test_pathway_journey import Check

ROUND = "Scale-up: winter round"
LEAD, FIRST, SECOND = "lead.assessor@demo.example", "assessor@demo.example", "assessor.two@demo.example"
NAMES = ("Noor Demo-Assessor", "Cleo Demo-Assessor")
WHY = "The answers say what will be done and by when, who does it, what it costs, and that buyers were asked before."


def give(page: Page, check: Check, fits: Check, row: str) -> str:
    """The lead gives one application to both, unless they have it. Returns the business's name."""
    page.goto("/programme")
    press(page.get_by_role("link", name=ROUND).last)
    press(page.get_by_role("link", name="Assessors"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Assessors")
    check(page)
    fits(page)
    # What an assessor has already is listed too, folded up.
    listed = page.get_by_role("listitem").filter(has=page.locator("a[href*='/applications/']:visible"))
    chosen = listed.filter(has_text=row).first
    business = chosen.get_by_role("link").first.inner_text()
    for name in NAMES:
        item = listed.filter(has_text=business).first
        if item.get_by_text(re.compile(f"{name}: (Not accepted yet|Being scored)")).count():
            continue
        press(item.get_by_role("link", name=re.compile("^Allocate")))
        page.get_by_label("Assessor", exact=True).select_option(label=name)
        check(page)
        go_on(page, "Allocate")
        expect(page.get_by_text("Application allocated.")).to_be_visible()
    return business


def assess(page: Page, business: str, points: int, check: Check, fits: Check) -> None:
    """An assessor takes it on, scores it part by part, and hands it in; a score without reasons is refused first."""
    page.goto("/assessments")
    check(page)
    fits(page)
    press(page.get_by_role("link", name=business, exact=True).first)
    expect(page.get_by_role("heading", level=1)).to_have_text(business)
    check(page)
    fits(page)
    if page.get_by_role("button", name="Accept").count():
        go_on(page, "Accept")
        expect(page.locator("#is_free-error")).to_be_visible()
        check(page)
        page.get_by_label(re.compile("^I have no interest")).check()
        go_on(page, "Accept")
        expect(page.get_by_text("Assessment accepted. You can score it now.")).to_be_visible()
    for group in page.get_by_role("group", name=re.compile(": score$")).all():
        group.get_by_label(str(points), exact=True).check()
    go_on(page, "Save and submit")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    check(page)
    for box in page.get_by_label(re.compile(": why\\?$")).all():
        box.fill(WHY)
    go_on(page, "Save for later")
    expect(page.get_by_text(f"Your total so far: {points * 20}.00%")).to_be_visible()
    go_on(page, "Save and submit")
    expect(page.get_by_text("Assessment submitted.")).to_be_visible()
    check(page)


def is_blind(page: Page, business: str) -> None:
    """Before their own is in, an assessor finds no score of anybody's."""
    page.goto("/assessments")
    press(page.get_by_role("link", name=business, exact=True).first)
    expect(page.get_by_role("heading", level=1)).to_have_text(business)
    expect(page.get_by_text(WHY)).to_have_count(0)
    assert page.goto("/applications").status == 403  # type: ignore[union-attr]


def moderate(page: Page, business: str, check: Check, fits: Check) -> None:
    """The lead settles every part that lies apart, closes it, and opens a number of the ranking."""
    press(page.get_by_role("link", name="Ranking"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Ranking")
    check(page)
    fits(page)
    row = page.get_by_role("row").filter(has_text=business)
    expect(row.get_by_text("6 to moderate")).to_be_visible()
    press(row.get_by_role("link", name=re.compile("%$")))
    expect(page.get_by_role("heading", level=1)).to_contain_text("scores")
    check(page)
    fits(page)
    for _ in range(6):
        part = page.get_by_role("row").filter(has_text="Too far apart").first
        press(part.get_by_role("link", name=re.compile("^Moderate")))
        page.get_by_label("Moderated score").fill("4")
        go_on(page, "Save the moderated score")
        expect(page.locator("#reason-error")).to_be_visible()
        check(page)
        page.get_by_label("Why?").fill("Both spoke, and agree.")
        go_on(page, "Save the moderated score")
    expect(page.get_by_text("Total: 80.00%")).to_be_visible()
    expect(page.get_by_text(WHY).first).to_be_visible()
    go_on(page, "Close the assessment")
    check(page)
    press(page.get_by_role("link", name="Ranking"))
    row = page.get_by_role("row").filter(has_text=business)
    expect(row.get_by_text("Closed")).to_be_visible()
    press(row.get_by_role("link", name="80.00%"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(business)


def test_two_score_blind_and_the_lead_moderates(
    open_context: Callable[..., BrowserContext], assert_accessible: Check, assert_fits: Check
) -> None:
    check = assert_accessible
    lead = open_context(size=DESK).new_page()
    first = open_context(size=PHONE).new_page()
    second = open_context(size=DESK).new_page()
    for page, email in ((lead, LEAD), (first, FIRST), (second, SECOND)):
        enter(page, email)
    business = give(lead, check, assert_fits, "Being scored")
    assess(first, business, 5, check, assert_fits)
    is_blind(second, business)
    assess(second, business, 1, check, assert_fits)
    lead.reload()
    moderate(lead, business, check, assert_fits)
