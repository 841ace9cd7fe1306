"""A founder learns what to do first about ideas and exports, is referred and shut out; a delegation of eight is filled; a gap is closed."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import enter
from tests.browser.pressing import go_on, press
from tests.browser.test_pathway_journey import Check, open_tab
from tests.browser.test_referral_journey import BUSINESS
from tests.engines import PATIENCE

FOUNDER, ADVISER, EXPORT = "founder@demo.example", "adviser@demo.example", "export@demo.example"
AUDIT, DELEGATION = "IP Audit grant", "Journey of eight"
SERIES = "Invented: the series Otter and Lantern, five episodes"
PDF = {"name": "signed.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}
CRITERIA = ("Ready to export", "Work that fits")
SEATS, APPLY = 8, 9


# ---------------------------------------------------------------- the founder, on a phone


def assess(page: Page, name: str, check: Check, fits: Check) -> str:
    """Take an assessment part by part, with the weakest answer to each question, and finish it."""
    page.goto("/readiness")
    press(page.get_by_role("link", name=f"Take the {name} assessment"))
    if page.url.endswith("/new"):
        for group in page.locator("main fieldset").all():
            group.get_by_role("radio").first.check()
        press(page.locator("main form button").first)
    whole = re.sub(r"(/readiness/[0-9a-f-]{36}).*", r"\1", page.url)
    page.goto(whole)
    parts = page.locator("main .govuk-task-list a")
    addresses = [str(each.get_attribute("href")) for each in parts.all()]
    for number, address in enumerate(addresses):
        page.goto(address)
        if number == 0:
            check(page)
            fits(page)
        for group in page.locator("main fieldset").all():
            group.get_by_role("radio").first.check()
        press(page.get_by_role("button", name=re.compile("^Save and")))
    page.goto(whole)
    go_on(page, "Finish and see the result")
    expect(page.get_by_role("heading", name="What to do next")).to_be_visible()
    check(page)
    fits(page)
    return page.url


def plan_first_action(page: Page, result: str, check: Check) -> None:
    """The founder says who does the first action and by when, and finds it on the desk."""
    page.goto(result)
    press(page.get_by_role("link", name=re.compile("Say who does it")).first)
    title = page.locator("main p.govuk-body-l").inner_text()
    page.get_by_label("Who does it?").select_option(index=1)
    check(page)
    fill_days(page, {"": date.today() + timedelta(days=5)})  # noqa: DTZ011 the browser lives in real time
    go_on(page, "Save")
    expect(page.get_by_text("Action planned.")).to_be_visible()
    page.goto("/desk")
    for folded in page.locator("details.app-todos__more:not([open]) > summary").all():
        folded.click()
    expect(page.get_by_text(title).first).to_be_visible()


def check_contract(page: Page, check: Check, fits: Check) -> str:
    """A contract that small insurance fits, and an adviser of the department only for larger firms."""
    page.goto("/desk")
    press(page.get_by_role("link", name=BUSINESS, exact=True).first)
    open_tab(page, "Export")
    press(page.get_by_role("link", name=re.compile("Check insurance and finance")))
    page.get_by_label("Where is the buyer?").select_option(label="Japan")
    page.get_by_label("Services, rights or digital work").check()
    page.get_by_label("Insurance in case the buyer does not pay").check()
    page.get_by_label("One-to-one advice on a market").check()
    page.get_by_label("What is the contract worth?").fill("20,000")
    page.get_by_label("How many days after delivery").fill("120")
    for question in ("Is 20% or more", "Has a broker said"):
        page.get_by_role("group", name=re.compile(question)).get_by_label("Yes").check()
    check(page)
    fits(page)
    go_on(page, "Check what fits")
    expect(
        page.get_by_text(re.compile(r"Does not fit, because turnover is £[\d,]+, and it takes £5,000,000"))
    ).to_be_visible()
    row = page.locator("li", has=page.get_by_text("Small Export Builder", exact=True))
    expect(row.get_by_text("Fits", exact=True)).to_be_visible()
    check(page)
    fits(page)
    return page.url


# ---------------------------------------------------------------- the adviser refers


def confirm_audit(page: Page) -> None:
    """The directory does not offer what nobody confirmed: the adviser asks the office and records it."""
    page.goto("/directory/services/ipo_audit")
    press(page.locator("main a[href$='/check']").first)
    page.locator("main textarea").first.fill("Rang the Intellectual Property Office today (invented)")
    go_on(page, "It is open")


def refer(page: Page, where: str, name: str, reader: str, check: Check) -> None:
    """Refer in one click from a result; the business is told before anything leaves."""
    page.goto(where)
    row = page.locator("li.app-rows__row", has=page.get_by_text(re.compile(re.escape(name)))).first
    press(row.get_by_role("button", name=re.compile("^Refer")))
    expect(page.get_by_text(re.compile("Referral drafted from the"))).to_be_visible()
    check(page)
    press(page.get_by_role("button", name="Preview and tell the business"))
    page.get_by_label("Name").fill("Demo Provider")
    page.get_by_label("Email address").fill(reader)
    go_on(page, "Tell the business")
    expect(page.get_by_text("Nothing has been sent yet.")).to_be_visible()


def agree(page: Page, adviser: Page) -> None:
    """The founder says yes on the page of the business, and the referral leaves."""
    page.goto("/desk")
    press(page.get_by_role("link", name=BUSINESS, exact=True).first)
    open_tab(page, "Support")
    press(page.get_by_role("link", name=re.compile("^Say yes or no by")).first)
    go_on(page, "Yes, send it now")
    adviser.reload()
    expect(adviser.locator("main .govuk-tag", has_text="Sent").first).to_be_visible()


# ---------------------------------------------------------------- the delegation


def fill_days(page: Page, days: dict[str, date]) -> None:
    for label, day in days.items():
        group = page.get_by_role("group", name=label) if label else page.locator("main")
        for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(part, exact=True).fill(str(value))


def plan_delegation(page: Page, check: Check) -> str:
    today = date.today()  # noqa: DTZ011 the browser lives in real time
    page.goto("/delegations")
    press(page.get_by_role("button", name="Plan a delegation"))
    page.get_by_label("Market or festival").select_option(index=1)
    for label, text in (
        ("Name of the delegation", DELEGATION),
        ("What is it about, and whom is it for?", "For makers of series. Invented."),
        ("Where does it go?", "Inventia, France"),
        ("Places", str(SEATS)),
        ("What a place costs", "900"),
        ("What the business pays of it", "900"),
        ("How places are given", "\n".join(CRITERIA)),
    ):
        page.get_by_label(label, exact=True).fill(text)
    fill_days(
        page,
        {
            "Day of departure": today + timedelta(days=40),
            "Day of return": today + timedelta(days=43),
            "Last day to apply": today + timedelta(days=10),
        },
    )
    check(page)
    go_on(page, "Save")
    go_on(page, "Open for applications")
    return page.url


def businesses_of(page: Page) -> list[str]:
    """The businesses of the adviser's list, by id."""
    page.goto("/businesses")
    links = page.locator("main a[href^='/businesses/']").all()
    found = (re.fullmatch(r"/businesses/([0-9a-f-]{36})", str(each.get_attribute("href"))) for each in links)
    return list(dict.fromkeys(each[1] for each in found if each))


def apply_for(page: Page, delegation: str, addresses: list[str]) -> int:
    """The adviser applies for businesses that telephoned, until there is one more than places."""
    made = 0
    for business in addresses:
        answer = page.goto(f"{delegation}/apply/{business}") if made < APPLY else None
        if answer is None or not answer.ok:
            continue
        people = page.get_by_label("Who would go?")
        if people.locator("option").count() < 2:
            continue
        people.select_option(index=1)
        page.get_by_label("Why this market").fill("To find a distributor. Invented.")
        page.get_by_label("Services, rights or digital work").check()
        go_on(page, "Send application")
        expect(page.get_by_text("Application sent.")).to_be_visible()
        made += 1
    return made


def choose(page: Page, delegation: str, check: Check) -> None:
    """Assess each, offer the places in the order of the marks, and see who waits."""
    page.goto(delegation)
    go_on(page, "Close applications")
    go_on(page, "Close applications now")
    press(page.get_by_role("link", name="Applications and places"))
    expect(page.get_by_text("Assess every application first.")).to_be_visible()
    addresses = [
        str(each.get_attribute("href")) for each in page.get_by_role("link", name=re.compile("^Assess")).all()
    ]
    for number, address in enumerate(addresses):
        page.goto(address)
        for criterion in CRITERIA:
            mark = 0 if number == APPLY - 1 else 3
            page.get_by_role("group", name=criterion).get_by_label(re.compile(f"^{mark}:")).check()
        page.get_by_role("group", name="Is the business suitable?").get_by_label("Yes").check()
        page.get_by_label("Why?").fill("Meetings are prepared. Invented.")
        go_on(page, "Save")
    press(page.get_by_role("button", name="Offer the places"))
    check(page)
    go_on(page, "Offer the places and email everyone")
    expect(page.get_by_text("Number 1 on the waiting list")).to_be_visible()
    expect(page.locator("main .govuk-tag", has_text="Offered a place")).to_have_count(SEATS)
    check(page)


def fill_places(page: Page, delegation: str) -> None:
    """One declines, so the waiting list moves up; the others accept."""
    places = f"{delegation}/places"
    page.goto(places)
    rows = page.locator("li.app-rows__row", has_text="Offered a place").get_by_role("link")
    addresses = [str(each.get_attribute("href")) for each in rows.all()]
    answer(page, addresses[0], "decline")
    page.goto(places)
    expect(page.locator("main .govuk-tag", has_text="Offered a place")).to_have_count(SEATS)
    expect(page.get_by_text("on the waiting list")).to_have_count(0)
    moved = page.locator("li.app-rows__row", has_text="Offered a place").get_by_role("link")
    for address in [str(each.get_attribute("href")) for each in moved.all()]:
        answer(page, address, "accept")
    page.goto(places)
    expect(page.locator("main .govuk-tag", has_text="Accepted")).to_have_count(SEATS)


def answer(page: Page, address: str, verb: str) -> None:
    """Record what a business told the adviser of its place."""
    page.goto(address)
    go_on(page, f"Record that it {verb}s")
    page.get_by_label("Who at the business told you, and how?").fill("Invented: by telephone today")
    press(page.get_by_role("button", name=re.compile(f"^Record that .* {verb}s$")))


def let_time_pass(folder: Path) -> None:
    """Four months go by: the delegation came back, and its first results are due."""
    back = date.today() - timedelta(days=120)  # noqa: DTZ011 the browser lives in real time
    days = (back - timedelta(days=30), back - timedelta(days=3), back, DELEGATION)
    change = "UPDATE delegation SET closes_on = ?, departs_on = ?, returns_on = ? WHERE title = ?"
    with closing(sqlite3.connect(folder / "crm.db", timeout=PATIENCE)) as database, database:
        database.execute(change, tuple(str(each) for each in days))


def record_sales(page: Page, delegation: str, check: Check, fits: Check) -> None:
    """Who went is recorded, then what one of them sold; the page counts exactly that."""
    page.goto(delegation)
    press(page.get_by_role("button", name="Record who went"))
    for each in page.get_by_role("radio", name="Went", exact=True).all():
        each.check()
    check(page)
    go_on(page, "Save")
    page.goto(f"{delegation}/places")
    press(page.locator("li.app-rows__row").get_by_role("link").first)
    press(page.get_by_role("link", name=re.compile("^Record results")).first)
    for label, value in (("Meetings", "6"), ("Leads", "2"), ("Sales", "12,500")):
        page.get_by_label(label).fill(value)
    page.get_by_label("Who at the business told you, and how?").fill("The founder, by telephone")
    check(page)
    go_on(page, "Save")
    page.goto(delegation)
    for words in ("£12,500.00", f"{SEATS - 1} of {SEATS}"):
        expect(page.get_by_role("cell", name=words).first).to_be_visible()
    page.goto("/delegations")
    row = page.locator("li.app-rows__row", has_text=DELEGATION)
    for words in ("Leads: 2", "Sales: £12,500.00 so far"):
        expect(row).to_contain_text(words)
    fits(page)


# ---------------------------------------------------------------- the freelancer's assignment


def close_the_gap(page: Page, check: Check, fits: Check) -> None:
    """Two episodes have no assignment from the composer, until the signed papers are attached."""
    page.goto("/desk")
    press(page.get_by_role("link", name=BUSINESS, exact=True).first)
    open_tab(page, "IP")
    press(page.get_by_role("link", name=SERIES).first)
    gap = page.get_by_text(re.compile("2 of 5 .* have no assignment from the composer"))
    expect(gap.first).to_be_visible()
    check(page)
    fits(page)
    for number in (4, 5):
        press(page.get_by_role("link", name=re.compile(f"Attach the signed assignment of Episode {number}")))
        press(page.locator("main form button[type=submit]").first)
        asked = page.locator(".govuk-error-summary")
        expect(asked).to_contain_text("Check that the paper is signed, and tick the box")
        expect(asked.locator("a[href='#file']")).to_have_count(1)
        page.locator("input[type=file]").set_input_files(PDF)  # type: ignore[arg-type]
        page.get_by_label("has signed it").check()
        press(page.locator("main form button[type=submit]").first)
        expect(page.get_by_text(f"Signed assignment attached to Episode {number}.")).to_be_visible()
    expect(gap).to_have_count(0)


# ---------------------------------------------------------------- the reports


def shut_out_so_far(page: Page) -> list[int]:
    """How many businesses turnover shut out and by how many requests, as the report counts them."""
    page.goto("/export-cover/case")
    told = page.locator("main p.govuk-body-l").inner_text()
    return [
        int(each.replace(",", ""))
        for each in re.findall(r"([\d,]+)(?: \([\w,]+\sopen\))? (?:business|request|different request)", told)
    ]


def gaps_so_far(page: Page) -> int:
    """How many gaps in titles are to be closed, as the register of the business counts them."""
    page.goto("/desk")
    press(page.get_by_role("link", name=BUSINESS, exact=True).first)
    page.goto(f"{page.url}/rights")
    return int(page.locator(".app-stat", has_text="to close").locator(".app-stat__value").inner_text())


def test_a_founder_learns_what_to_do_first_and_a_delegation_of_eight_is_filled(
    open_context: Callable[..., BrowserContext],
    demo_folder: Path,
    assert_accessible: Check,
    assert_fits: Check,
) -> None:
    check, fits = assert_accessible, assert_fits
    founder = open_context(size=PHONE).new_page()
    adviser, export = (open_context(size=DESK).new_page() for _ in range(2))
    enter(founder, FOUNDER)
    enter(adviser, ADVISER)
    enter(export, EXPORT)
    confirm_audit(adviser)
    businesses, attempts = shut_out_so_far(export)

    results = [assess(founder, name, check, fits) for name in ("IP readiness", "Export readiness")]
    plan_first_action(founder, results[0], check)
    contract = check_contract(founder, check, fits)
    refer(adviser, results[0], AUDIT, "ipo.journey@demo.example", check)
    agree(founder, adviser)
    refer(adviser, contract, "Small Export Builder", "ukef.journey@demo.example", check)
    agree(founder, adviser)
    founder.goto(contract)
    expect(founder.get_by_text("Referred to").first).to_be_visible()
    assert shut_out_so_far(export) == [businesses, attempts + 1]

    delegation = plan_delegation(export, check)
    assert apply_for(export, delegation, businesses_of(export)) == APPLY
    choose(export, delegation, check)
    fill_places(export, delegation)
    let_time_pass(demo_folder)
    record_sales(export, delegation, check, fits)
    gaps = gaps_so_far(founder)
    close_the_gap(founder, check, fits)
    assert gaps_so_far(founder) == gaps - 1
