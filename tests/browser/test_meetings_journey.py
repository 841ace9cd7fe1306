"""A workshop is planned, filled and changed; an appointment is arranged; a file is attached: in the browser, with axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import enter, working_days_ahead
from tests.browser.letters import newest_link
from tests.browser.pressing import go_on, press
from tests.browser.test_pathway_journey import Check
from tests.browser.test_referral_journey import BUSINESS


def fill_day(page: Page, day: date) -> None:
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(part, exact=True).fill(str(value))


def plan(page: Page, title: str, check: Check, fits: Check) -> None:
    """The adviser plans a workshop with one place, and opens it."""
    page.goto("/workshops")
    check(page)
    press(page.get_by_role("button", name="Plan a workshop"))
    page.get_by_label("Name", exact=True).fill(title)
    page.get_by_label("What is it about, and whom is it for?").fill("What <yours> is & stays yours.")
    fill_day(page, date.today() + timedelta(days=9))  # noqa: DTZ011 the browser lives in real time
    page.get_by_label("Time", exact=True).fill("half past")
    page.get_by_label("How long?").fill("90")
    page.get_by_label("In person").check()
    page.get_by_label("Where?").fill("The Made Hall")
    page.get_by_label("How many places?").fill("1")
    page.get_by_label("Kind of support").select_option(index=1)
    go_on(page, "Save")
    expect(page.locator("#hour-error")).to_be_visible()
    check(page)
    page.get_by_label("Time", exact=True).fill("10.30am")
    go_on(page, "Save")
    check(page)
    fits(page)
    go_on(page, "Publish workshop")
    expect(page.get_by_text("Anyone can sign up now.")).to_be_visible()


def sign_up(page: Page, title: str, who: str, check: Check, fits: Check) -> None:
    page.goto("/workshops")
    check(page)
    fits(page)
    press(page.get_by_role("link", name=title))
    check(page)
    press(page.locator("a.govuk-button"))
    page.get_by_label("Your name").fill(who)
    go_on(page, page.locator("form button.govuk-button").last.inner_text())
    expect(page.locator("#email-error")).to_be_visible()
    check(page)
    page.get_by_label("Email address").fill(f"{who.casefold()}@visitor.example")
    page.get_by_label("Name of your business").fill("Made & Makers")
    press(page.locator("form button.govuk-button").last)
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    check(page)
    fits(page)


def test_whoever_waits_has_the_place_that_somebody_gives_up(
    open_context: Callable[..., BrowserContext],
    mailbox: Path,
    assert_accessible: Check,
    assert_fits: Check,
) -> None:
    check = assert_accessible
    word = "Heron"
    title, first, second = f"Rights for the {word}", f"Ann{word}", f"Ben{word}"
    adviser = open_context(size=DESK).new_page()
    enter(adviser, "adviser@demo.example")
    plan(adviser, title, check, assert_fits)
    outside = open_context(size=PHONE).new_page()
    sign_up(outside, title, first, check, assert_fits)
    sign_up(outside, title, second, check, assert_fits)
    outside.goto(newest_link(mailbox, f"{first.casefold()}@visitor.example", "links/workshop", outside))
    check(outside)
    go_on(outside, "Give up my place")
    expect(outside.get_by_role("heading", level=1)).to_have_text("Thank you")
    press(adviser.get_by_role("link", name="Who signed up"))
    row = adviser.get_by_role("listitem").filter(has_text=second)
    expect(row.get_by_text("Has a place")).to_be_visible()
    check(adviser)
    assert_fits(adviser)
    press(row.get_by_role("link", name="find the business"))
    adviser.get_by_label("Name, number or postcode").fill("lantern otter")
    press(adviser.locator("main").get_by_role("button", name="Search", exact=True))
    adviser.get_by_label(BUSINESS).check()
    check(adviser)
    go_on(adviser, "Save")
    expect(row.get_by_role("link", name=BUSINESS)).to_be_visible()


def test_an_appointment_is_arranged_and_a_letter_written(
    open_context: Callable[..., BrowserContext], assert_accessible: Check, assert_fits: Check
) -> None:
    page = open_context(size=PHONE, script=True).new_page()
    enter(page, "adviser@demo.example")
    page.goto("/businesses?q=lantern+otter")
    press(page.get_by_role("link", name=BUSINESS))
    business = page.url
    press(page.get_by_role("button", name="Make an appointment"))
    page.get_by_label("What is it about?").fill("The second series")
    fill_day(page, working_days_ahead(8))
    page.get_by_label("Time", exact=True).fill("2pm")
    page.get_by_label("By video").check()
    page.get_by_label("Where?").fill("A video call")
    assert_accessible(page)
    go_on(page, "Make appointment")
    expect(page.get_by_text("2pm, 60 minutes")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.goto(business)
    press(page.get_by_role("link", name="Activity", exact=True))
    press(page.get_by_role("button", name="Write an email"))
    page.get_by_label("Template").select_option(label="A document is missing")
    assert_accessible(page)
    go_on(page, "Continue")
    assert_accessible(page)
    assert_fits(page)
    go_on(page, "Send it")
    expect(page.get_by_role("main").get_by_text("Fill in the line that has a dash").first).to_be_visible()
    message = page.get_by_label("Message")
    message.fill(message.input_value().replace("- \n", "- Your signed lease\n"))
    go_on(page, "Send it")
    expect(page.get_by_text("Email sent.")).to_be_visible()
    assert_accessible(page)


def test_a_file_that_shows_it_is_attached(
    open_context: Callable[..., BrowserContext], assert_accessible: Check, tmp_path: Path
) -> None:
    page = open_context(size=PHONE, script=True).new_page()
    enter(page, "adviser@demo.example")
    page.goto("/businesses?q=lantern+otter")
    press(page.get_by_role("link", name=BUSINESS))
    press(page.get_by_role("link", name="Support", exact=True))
    press(page.get_by_role("link", name="New product brought out").first)
    press(page.get_by_role("link", name="Add a file"))
    wrong, right = tmp_path / "page.html", tmp_path / "list & price.csv"
    wrong.write_text("<html>")
    right.write_text("what,price\nA kiln,1\n")
    page.locator("input[type=file]").set_input_files(wrong)
    go_on(page, "Add file")
    expect(page.locator("#file-error")).to_be_visible()
    assert_accessible(page)
    page.locator("input[type=file]").set_input_files(right)
    go_on(page, "Add file")
    with page.expect_download() as saved:
        page.get_by_role("link", name="list & price.csv").click()
    assert Path(saved.value.path()).read_text() == "what,price\nA kiln,1\n"
    assert_accessible(page)
