"""Where the region has nothing, why, and what one more service would change; a business that grew; our feed, and another council's."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import enter
from tests.browser.pressing import go_on, press
from tests.browser.test_pathway_journey import Check
from tests.browser.test_sending_journey import Open
from tools.validate_feed import main as faults_in

NEED, BUSINESS = "ip_audit", "Bold Echo Pictures Ltd"
COUNTS = {"name": "counts.csv", "mimeType": "text/csv", "buffer": b"district,businesses\nB12,40\nCV1,1200\n"}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_map_shows_where_there_is_nothing_a_click_explains_it_and_an_imagined_service_changes_it(
    open_context: Open, size: tuple[int, int], assert_accessible: Check, assert_fits: Check
) -> None:
    page = open_context(size=size).new_page()
    page.goto("/coverage")
    page.get_by_label("Need", exact=True).select_option(NEED)
    go_on(page, "Show the map")
    expect(page.locator("main .govuk-body-l")).to_contain_text(
        "158 of the 158 postcode districts have no open"
    )
    assert_accessible(page)
    assert_fits(page)
    press(page.locator(f"svg.app-districts a[href='/coverage/CV1/{NEED}']"))
    expect(page.locator("main .govuk-body-l")).to_contain_text("nothing is open in CV1")
    expect(page.locator("main h2").first).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    enter(page, "hub.manager@demo.example")
    page.goto(f"/coverage?need={NEED}")
    press(page.get_by_role("link", name="What would one more service change?"))
    page.locator("summary.app-filter__group-summary").click()
    page.get_by_label("Coventry", exact=True).check()
    go_on(page, "Show what would change")
    now, then = (each.inner_text() for each in page.locator(".app-stat__value").all()[:2])
    assert int(now) == 158 > int(then) > 100
    filled = page.get_by_role("heading", name="Districts that would no longer have nothing")
    expect(filled.locator("xpath=following-sibling::ul[1]")).to_contain_text("CV1")
    assert_accessible(page)
    assert_fits(page)


def test_a57_a_business_that_grows_past_a_threshold_brings_its_adviser_a_to_do(
    page: Page, assert_accessible: Check, assert_fits: Check
) -> None:
    enter(page, "export@demo.example")
    page.goto(f"/businesses?q={BUSINESS.replace(' ', '+')}")
    press(page.get_by_role("link", name=BUSINESS, exact=True).first)
    where = page.url
    page.goto(f"{where}/figures/new")
    ended = date.today() - timedelta(days=1)  # noqa: DTZ011 the browser lives in real time
    for part in ("day", "month", "year"):
        page.locator(f"[name='year_end-{part}']").fill(str(getattr(ended, part)))
    page.get_by_label("Turnover", exact=True).fill("5.1m")
    page.get_by_label("Where the figures come from").fill("Accounts (invented)")
    go_on(page, "Save figures")
    page.goto("/desk")
    for folded in page.locator("details.app-todos__more:not([open]) > summary").all():
        folded.click()
    row = page.locator("main li", has_text=BUSINESS)
    expect(row.filter(has_text=re.compile("turnover is now £5.1m, over £5m")).first).to_be_visible()
    assert_accessible(page)
    assert_fits(page)


def test_a67_a_stranger_finds_no_fault_in_the_feed_that_is_served(live_server: str) -> None:
    assert faults_in(f"{live_server}/oruk/v3") == 0


def test_another_councils_feed_comes_in_to_be_checked(
    page: Page, assert_accessible: Check, assert_fits: Check
) -> None:
    enter(page, "hub.manager@demo.example")
    page.goto("/directory/feeds/bring")
    page.get_by_label("Whose feed is it?").fill("Eastholm Council (invented)")
    page.get_by_label("Web address of the feed").fill("https://directory.eastholm.example/oruk/v3")
    go_on(page, "Read this feed")
    expect(page.get_by_role("button", name="Take them into the directory")).to_be_visible(timeout=60_000)
    assert_accessible(page)
    assert_fits(page)
    go_on(page, "Take them into the directory")
    told = page.get_by_text(re.compile("of this feed (is|are) in the directory"))
    expect(told).to_be_visible(timeout=60_000)
    press(page.get_by_role("link", name="to be checked"))
    expect(page.locator("main")).to_contain_text("Eastholm")


def test_an_administrator_brings_in_a_published_count_and_looks_through_it(
    wide_page: Page, assert_accessible: Check, assert_fits: Check
) -> None:
    enter(wide_page, "admin@demo.example")
    wide_page.goto("/coverage")
    press(wide_page.get_by_role("link", name="Figures of businesses"))
    press(wide_page.get_by_role("link", name="Upload figures"))
    wide_page.get_by_label("Who published the figures, and where?").fill("Companies House (invented count)")
    for part, typed in (("day", "1"), ("month", "10"), ("year", "2026")):
        wide_page.locator(f"[name='as_of-{part}']").fill(typed)
    wide_page.get_by_label("Choose the file").set_input_files([COUNTS])
    assert_accessible(wide_page)
    assert_fits(wide_page)
    go_on(wide_page, "Upload and check")
    expect(wide_page.locator("main .govuk-body-l")).to_contain_text(
        "1,240 creative businesses in 2 of the 158"
    )
    assert_accessible(wide_page)
    assert_fits(wide_page)
    go_on(wide_page, "Use these figures")
    wide_page.goto("/coverage")
    source = wide_page.get_by_text(re.compile(r"Companies House \(invented count\), as of 1 October 2026"))
    for _ in range(60):
        if source.count():
            break
        wide_page.wait_for_timeout(1_000)
        wide_page.reload()
    expect(source).to_be_visible()
    assert_fits(wide_page)
