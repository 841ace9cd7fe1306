"""A deal from the pledge to the certificate, in three browsers; the network's figures move by exactly it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from crm.accounts.queries import account_of
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.pitches.workflow import Relief
from crm.db.session import Database, session
from crm.kernel.clock import today
from crm.kernel.roles import Role, Scope
from tests import claimed, factories, network
from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import enter
from tests.browser.pressing import go_on, press
from tests.browser.test_pathway_journey import Check

MANAGER, INVESTOR, OWNER = "network@demo.example", "angel@demo.example", "olive@deal.example"
NAME, FILM = "Rosa Demo-Angel", "59111"
COMPLETED = ("Completed investments", "Equity completed")


def prepare(folder: Path) -> UUID:
    """A business of its own that raises money, and has met the investor: no other story moves its sums."""
    opened = Database(f"sqlite:///{folder / 'crm.db'}")
    with opened.transaction():
        firm = network.legal(factories.business(name="Deal Made Films", sic_codes=(FILM,)))
        owner = factories.account(email=OWNER, name="Olive Deal-Owner")
        factories.grant(owner, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(firm.id))
        found = network.pitch(firm, headline="A film about a canal", seis=Relief.INTENDED)
        investor = account_of(INVESTOR)
        network.introduction(found, investor, IntroductionStatus.AGREED)
        raised = found.id
        session().flush()
    opened.engine.dispose()
    return raised


def pledge(page: Page, raised: UUID, check: Check, fits: Check) -> str:
    """The investor pledges and commits; where the pledge is."""
    page.goto(f"/pitches/{raised}/pledge")
    check(page)
    fits(page)
    page.get_by_label("How much do you pledge?").fill("20,000")
    go_on(page, "Record the pledge")
    expect(page.get_by_text("Pledge recorded: £20,000.")).to_be_visible()
    check(page)
    fits(page)
    go_on(page, "Commit")
    expect(page.get_by_text("Commitment recorded.")).to_be_visible()
    return page.url


def say_what_was_bought(page: Page) -> None:
    """The same figures, whichever side reports them."""
    page.get_by_label("Amount invested").fill("20,000")
    page.locator("input[name=instrument][value=equity]").check()
    enter_day(page, "issued_on", today())
    page.get_by_label("Number of shares").fill("16,000")
    page.get_by_label("Class of shares").fill("Ordinary")
    page.locator("input[name=relief][value=seis]").check()
    go_on(page, "Record the investment")


def enter_day(page: Page, field: str, day: date) -> None:
    for part in ("day", "month", "year"):
        page.locator(f"input[name='{field}-{part}']").fill(str(getattr(day, part)))


def certify(page: Page, raised: UUID, check: Check, fits: Check) -> None:
    """The business records what HMRC answered and gives the certificate."""
    page.goto(f"/raises/{raised}/papers")
    check(page)
    fits(page)
    press(page.get_by_role("button", name="Record SEIS papers"))
    enter_day(page, "trading_from", today() - timedelta(days=400))
    for field in ("sent_on", "authorised_on"):
        enter_day(page, field, today())
    page.get_by_label("Unique investment reference").fill("9990017")
    go_on(page, "Save")
    press(page.get_by_role("link", name=re.compile("^Give the certificate")))
    check(page)
    fits(page)
    enter_day(page, "given_on", today())
    paper: FilePayload = {"name": "SEIS3.pdf", "mimeType": "application/pdf", "buffer": claimed.PDF}
    page.locator("input[type=file]").set_input_files(paper)
    go_on(page, "Give the certificate")
    expect(page.get_by_text("Certificate given.")).to_be_visible()


def read(page: Page, check: Check, fits: Check) -> None:
    """The investor finds the certificate in the portfolio, and its reference."""
    page.goto("/portfolio")
    check(page)
    fits(page)
    press(page.get_by_role("link", name="Deal Made Films").first)
    check(page)
    fits(page)
    expect(page.get_by_text("9990017")).to_be_visible()
    expect(page.get_by_role("link", name="SEIS3.pdf")).to_be_visible()


def figures(page: Page) -> dict[str, int]:
    """What the network's figures say was completed: how many, and how many pounds."""
    page.goto("/angels/figures")
    told = {}
    for words in COMPLETED:
        row = page.locator("tr", has=page.get_by_role("rowheader", name=words))
        told[words] = int(re.sub(r"\D", "", row.first.locator("td").first.inner_text()) or 0)
    return told


def test_n35_a_deal_from_the_pledge_to_the_certificate_moves_the_figures_by_exactly_it(
    open_context: Callable[..., BrowserContext],
    demo_folder: Path,
    live_server: str,
    assert_accessible: Check,
    assert_fits: Check,
) -> None:
    check, fits = assert_accessible, assert_fits
    raised = prepare(demo_folder)
    manager, founder = (open_context(size=DESK).new_page() for _ in range(2))
    investor = open_context(size=PHONE).new_page()
    enter(manager, MANAGER)
    before = figures(manager)
    enter(investor, INVESTOR)
    where = pledge(investor, raised, check, fits)
    assert figures(manager) == before, "what is committed is not completed"
    enter(founder, OWNER)
    founder.goto(f"/raises/{raised}/investments/new")
    check(founder)
    fits(founder)
    founder.get_by_label(NAME).check()
    say_what_was_bought(founder)
    assert figures(manager) == before, "one side alone completes nothing"
    investor.goto(where)
    press(investor.get_by_role("link", name=re.compile("^[A-Z0-9-]{6,}$")))
    check(investor)
    fits(investor)
    go_on(investor, "This is right")
    expect(investor.get_by_text("It counts as completed.")).to_be_visible()
    after = figures(manager)
    moved = {words: after[words] - before[words] for words in COMPLETED}
    assert moved == {"Completed investments": 1, "Equity completed": 20_000}
    certify(founder, raised, check, fits)
    read(investor, check, fits)
    assert figures(manager) == after, "a certificate is no second deal"
