"""£1,300,000.00 from ranking to ledger: built, confirmed by two, offered, claimed, paid once, declined, and reconciled.

Staff do their part without script, the founders theirs on a phone.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from crm.kernel.clock import today
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import enter
from tests.browser.pressing import go_on, press
from tests.browser.test_pathway_journey import Check

ROUND = "Scale-up: growth round"
FIRST, SECOND = "Lantern Otter Animation Ltd", "Copper Lark Games Ltd"
EXACTLY = "£1,300,000.00"
ASKED_AGAIN = 300  # times, a second apart: the worker may have other things to do first
PAPER = {
    "name": "paper.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n% Invented\ntrailer<<>>\n%%EOF\n",
}


def back(page: Page) -> None:
    press(page.locator(".govuk-back-link"))


def todo(page: Page, words: str, about: str) -> Locator:
    """What stands on a desk, by its words and what it is about; what is folded there is opened."""
    for folded in page.locator("details.app-todos__more:not([open]) > summary").all():
        folded.click()
    row = page.get_by_role("listitem").filter(has_text=about)
    return row.get_by_role("link", name=words).first


def open_cohort(page: Page) -> None:
    page.goto("/desk")
    press(page.get_by_role("navigation").get_by_role("link", name="Cohort", exact=True))
    press(page.get_by_role("link", name=ROUND))
    expect(page.get_by_role("heading", level=1)).to_have_text("Cohort")


def fill_day(page: Page, label: str, day: date) -> None:
    group = page.get_by_role("group", name=label)
    for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part).fill(str(number))


# ---------------------------------------------------------------- the cohort


def build(page: Page) -> None:
    """Two drafts, the second to the last penny of capital and revenue; a penny more cannot be proposed (P27, P30)."""
    open_cohort(page)
    start(page, "By rank")
    go_on(page, "Add by rank while the money lasts")
    expect(page.get_by_text("3 applications added by rank.")).to_be_visible()
    press(ranked(page, 4).get_by_role("link", name=re.compile("^(Award less|Choose a sum)")))
    go_on(page, "Save")  # all that it asks for, past a limit of subsidies that it shares
    expect(page.get_by_text("More than can be given today").first).to_be_visible()
    go_on(page, "Add by rank while the money lasts")
    expect(page.get_by_text("5 applications added by rank.")).to_be_visible()
    back(page)
    start(page, "Every penny", like="A copy of “By rank”")
    press(tenth(page).get_by_role("button", name=re.compile("^Add")))
    expect(page.get_by_text("over by £10,000.00").first).to_be_visible()
    award(page, "55,000.01")
    expect(page.get_by_text("£500,000.00 is free, so it is over by £0.01.")).to_be_visible()
    expect(page.get_by_role("button", name="Propose this draft")).to_have_count(0)
    award(page, "55,000")
    expect(page.get_by_role("row", name="Together")).to_contain_text(EXACTLY)


def start(page: Page, name: str, like: str = "An empty draft") -> None:
    press(page.get_by_role("button", name="Start a draft"))
    page.get_by_label("Name").fill(name)
    page.get_by_label("Start from").select_option(label=like)
    go_on(page, "Start the draft")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def tenth(page: Page) -> Locator:
    """The row of the application that ranks tenth."""
    return ranked(page, 10)


def ranked(page: Page, place: int) -> Locator:
    """The row of the application at a place of the ranking."""
    return page.locator("tr").filter(has=page.locator("td", has_text=re.compile(rf"^\s*{place}\s*$")))


def award(page: Page, revenue: str) -> None:
    press(tenth(page).get_by_role("link", name=re.compile("^Change")))
    page.get_by_label("Revenue").fill(revenue)
    page.get_by_label("Why award less than it asks for?").fill("The round has no more money for revenue.")
    go_on(page, "Save")


def compare_and_ask(page: Page) -> None:
    """The drafts side by side, and what the solver would choose; then the second is proposed with two in reserve."""
    back(page)
    press(page.get_by_role("link", name="Compare two drafts"))
    expect(page.get_by_text("9 applications in both.")).to_be_visible()
    expect(page.get_by_role("heading", name="Only in “Every penny”")).to_be_visible()
    back(page)
    press(page.get_by_role("button", name="Propose a cohort"))
    go_on(page, "Propose a cohort")
    follow_proposal(page)
    back(page)
    press(page.get_by_role("link", name="Every penny").first)
    press(page.get_by_role("button", name="Propose this draft"))
    page.get_by_label("Waiting list").fill("2")
    expect(page.get_by_text("share a limit of subsidies: £260,000.00 chosen").first).to_be_visible()
    page.get_by_label("Why is it more than can be given today?").fill(
        "Invented: one grant is given after April"
    )
    go_on(page, "Propose to an approver")
    expect(page.get_by_text("Proposed.", exact=False).first).to_be_visible()


def follow_proposal(page: Page) -> None:
    """Without script the page does not follow by itself: its link asks again."""
    asks_again = page.get_by_role("link", name="See how far it is")
    for _ in range(ASKED_AGAIN):
        if asks_again.count() == 0:
            break
        page.wait_for_timeout(1_000)
        press(asks_again)
    expect(page.get_by_text("Proved best")).to_be_visible()


def confirm(page: Page) -> None:
    page.goto("/desk")
    press(page.get_by_role("link", name=f"Confirm the cohort of {ROUND}"))
    expect(page.get_by_text(f"{EXACTLY} is free now. £0.00 will be free afterwards.")).to_be_visible()
    go_on(page, "Confirm the cohort")
    expect(page.get_by_text("Cohort confirmed. No applicant has been told yet.")).to_be_visible()


def send_letters(page: Page) -> None:
    """Every letter is read before it leaves (P35)."""
    page.goto("/desk")
    press(todo(page, "Send the decisions", ROUND))
    expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
    back(page)
    press(page.get_by_role("button", name=re.compile(r"^Send \d+ decisions?$")))
    expect(page.get_by_text(re.compile("on (the|its) way")).first).to_be_visible()


# ---------------------------------------------------------------- the offers


def prepare(page: Page, business: str, capital: str, revenue: str) -> None:
    """Two milestones: one paid from capital today, one from revenue later."""
    page.goto("/desk")
    press(todo(page, "Prepare the grant offers", ROUND))
    press(page.get_by_role("link", name=f"Prepare the offer to {business}"))
    page.get_by_label("What is the grant for?").fill("Invented: a second series")
    page.get_by_label("Share of the project").fill("0")
    fill_day(page, "Start date", today())
    fill_day(page, "End date", today() + timedelta(days=300))
    page.get_by_text("Add milestone 2", exact=True).click()
    for n, amount, line in ((1, capital, "Capital"), (2, revenue, "Revenue")):
        page.get_by_label(f"Strand of milestone {n}").select_option(label="Sales")
        page.get_by_label(f"Milestone {n}", exact=True).fill(f"Invented: step {n}")
        fill_day(page, f"Due date of milestone {n}", today() + timedelta(days=100 * n))
        page.get_by_label(f"Evidence wanted for milestone {n}").fill("Invented: a photograph")
        page.get_by_label(f"Instalment of milestone {n}", exact=True).fill(amount)
        page.get_by_label(f"Instalment of milestone {n} is paid from").select_option(label=line)
    go_on(page, "Save the offer")
    expect(page.get_by_text("Offer prepared.", exact=False)).to_be_visible()
    press(page.get_by_role("link", name="Record the company’s status by hand"))
    page.get_by_label("Status of the company").select_option(label="Active")
    page.get_by_label("How do you know?").fill("Invented: the register shows it")
    go_on(page, "Record the status")


def send_offer(page: Page, business: str) -> None:
    page.goto("/desk")
    press(todo(page, "Send the grant offer", business))
    press(page.get_by_role("button", name="Read and send the offer"))
    go_on(page, "Send the offer")
    expect(page.get_by_text("Grant offer sent.")).to_be_visible()


def accept(page: Page, check: Check, fits: Check) -> None:
    """The founder reads the terms on a phone and signs."""
    page.goto("/desk")
    press(todo(page, "Answer your grant offer of £130,000.00", "S-"))
    expect(page.get_by_text("£130,000.00").first).to_be_visible()
    check(page)
    fits(page)
    press(page.get_by_role("button", name="Accept the offer"))
    page.get_by_label(re.compile("limit")).check()
    page.get_by_label("Type your full name to sign").fill("Sami Demo-Founder")
    check(page)
    fits(page)
    go_on(page, "Accept the offer")


def claim(page: Page, check: Check, fits: Check) -> None:
    """Evidence of the first milestone, then a cost with its invoice; a penny over the instalment is refused (P43)."""
    press(page.get_by_role("link", name="Claims and evidence"))
    press(page.get_by_role("link", name=re.compile("^Hand in evidence")).first)
    page.get_by_label("What have you done?").fill("Invented: the cameras are here, as the photograph shows.")
    page.get_by_label("Choose files").set_input_files([PAPER])
    check(page)
    fits(page)
    go_on(page, "Save and check")
    check(page)
    fits(page)
    go_on(page, "Hand in evidence")
    press(page.locator(".govuk-back-link"))
    page.get_by_text("Claim before it is met").first.click()
    press(page.get_by_role("button", name=re.compile("^Start the claim")).first)
    press(page.get_by_role("button", name="Add a cost"))
    page.get_by_label("Who did you pay?").fill("Invented Cameras")
    page.get_by_label("What was it for?").fill("Invented: two cameras")
    fill_day(page, "Date paid", today())
    page.get_by_label("Amount your business pays itself").fill("0")
    page.get_by_label("Amount you claim from the award").fill("80,000.01")
    go_on(page, "Save cost")
    expect(page.get_by_text(re.compile("You can claim £80,000.00 at most")).first).to_be_visible()
    page.get_by_label("Amount you claim from the award").fill("80,000")
    go_on(page, "Save cost")
    page.get_by_label("Choose files").set_input_files([PAPER])
    go_on(page, "Add files")
    press(page.get_by_role("button", name="Check and submit"))
    page.get_by_label("Type your full name to sign").fill("Sami Demo-Founder")
    check(page)
    fits(page)
    go_on(page, "Sign and submit")


def approve(page: Page) -> None:
    page.goto("/desk")
    press(todo(page, "Check a claim", "£80,000.00"))
    press(page.get_by_role("link", name="Check the evidence"))
    go_on(page, "Confirm that the milestone is met")
    page.goto("/desk")
    press(todo(page, "Check a claim", "£80,000.00"))
    press(page.get_by_role("button", name="Approve"))
    go_on(page, "Approve claim")


# ---------------------------------------------------------------- the payment


def pay(maker: Page, checker: Page, folder: Path) -> None:
    """One finance officer makes the run, another releases it, and the bank's answer is recorded once (P45)."""
    maker.goto("/payments")
    press(maker.get_by_role("link", name="Make a payment run"))
    for box in maker.get_by_role("checkbox").all():
        box.uncheck()
    maker.get_by_label(re.compile(r"Lantern Otter.*£80,000\.00")).check()
    go_on(maker, "Make payment run")
    expect(maker.get_by_text(re.compile("^Payment run made."))).to_be_visible()
    expect(maker.get_by_role("button", name="Release this run")).to_have_count(0)
    checker.goto("/desk")
    press(todo(checker, "Check and release a payment run", "£80,000.00"))
    go_on(checker, "Release this run")
    maker.reload()
    with maker.expect_download() as coming:
        maker.get_by_role("link", name=re.compile("^Download")).first.click()
    number = re.search(r"<EndToEndId>([^<]+)<", coming.value.path().read_text())
    assert number
    falls_due(folder)
    answered(maker, number[1])


def falls_due(folder: Path) -> None:
    """Let the day of the run come at once: it is a working day to come, before which nothing is paid."""
    with closing(sqlite3.connect(folder / "crm.db")) as kept, kept:
        kept.execute("UPDATE payment_run SET pay_on = ?", (today().isoformat(),))


def answered(page: Page, number: str) -> None:
    page.goto("/bank-answers")
    press(page.get_by_role("link", name=re.compile("^Upload")))
    rows = f"end_to_end_id,amount,status,reason,paid_on\n{number},80000.00,PAID,,{today():%d/%m/%Y}\n"
    file = {"name": "answer.csv", "mimeType": "text/csv", "buffer": rows.encode()}
    page.get_by_label("Choose the bank’s file").set_input_files([file])
    go_on(page, "Upload and check")
    go_on(page, "Record this answer")


def is_paid(page: Page, check: Check, fits: Check) -> None:
    """The round on the founder’s desk leads to the page of the grant, which says what was paid, once."""
    page.goto("/desk")
    press(page.get_by_role("link", name=ROUND).first)
    paid = page.locator(".app-facts__row").filter(has_text=re.compile(r"^\s*Paid(?! back)"))
    expect(paid.first).to_contain_text("£80,000.00")
    check(page)
    fits(page)


# ---------------------------------------------------------------- the other founder


def report(page: Page, check: Check, fits: Check) -> None:
    """Figures six months after an earlier award."""
    page.goto("/desk")
    press(todo(page, "figures", "after 6 months"))
    for box in page.locator("main form input[type=text]").all():
        box.fill("3")
    check(page)
    fits(page)
    go_on(page, "Send the figures")
    expect(page.get_by_text("Version 1")).to_be_visible()


def decline(page: Page) -> None:
    page.goto("/desk")
    press(todo(page, "Answer your grant offer of £130,000.00", "S-"))
    press(page.get_by_role("button", name="Decline the offer"))
    page.get_by_label("Why do you decline?").fill("Invented: another fund pays for it.")
    go_on(page, "Decline the offer")


def bring_in(page: Page) -> None:
    """The first on the waiting list asks for more capital than is free, so the next comes in (P34)."""
    page.goto("/desk")
    press(todo(page, "Award free money to the waiting list", ROUND))
    expect(page.get_by_text("asks for £95,000 of capital, and £90,000 is free")).to_be_visible()
    press(page.get_by_role("button", name=re.compile("^Award £50,000")))
    expect(page.get_by_text("Awarded. The applicant has not been told yet.")).to_be_visible()


def reconcile(page: Page) -> None:
    """Every total of every envelope is the sum of its entries (P44)."""
    page.goto("/envelopes")
    press(page.get_by_role("link", name="Scale-up growth fund").first)
    press(page.get_by_role("link", name="Check that every total agrees"))
    expect(
        page.get_by_text(re.compile("totals agree with their entries. The difference is £0.00."))
    ).to_be_visible()
    expect(page.get_by_text("not agree")).to_have_count(0)


def test_P27_P35_P43_P45_P50_one_million_three_hundred_thousand_pounds_from_the_ranking_to_the_ledger(
    open_context: Callable[..., BrowserContext],
    demo_folder: Path,
    assert_accessible: Check,
    assert_fits: Check,
) -> None:
    manager, approver, maker, checker = (open_context(size=DESK, script=False).new_page() for _ in range(4))
    founder, other = (open_context(size=PHONE).new_page() for _ in range(2))
    staff = {"programme": manager, "approver": approver, "finance": maker, "finance.two": checker}
    for name, page in staff.items():
        enter(page, f"{name}@demo.example")
    build(manager)
    compare_and_ask(manager)
    confirm(approver)
    send_letters(manager)
    for business, capital, revenue in ((FIRST, "80,000", "50,000"), (SECOND, "90,000", "40,000")):
        prepare(manager, business, capital, revenue)
        send_offer(approver, business)
    enter(founder, "founder@demo.example")
    accept(founder, assert_accessible, assert_fits)
    claim(founder, assert_accessible, assert_fits)
    approve(manager)
    pay(maker, checker, demo_folder)
    is_paid(founder, assert_accessible, assert_fits)
    enter(other, "founder.two@demo.example")
    decline(other)
    bring_in(approver)
    report(other, assert_accessible, assert_fits)
    reconcile(maker)
