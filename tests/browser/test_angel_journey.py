"""A visitor finds nothing; an angel certifies, browses, asks and requests; the business agrees; the ledger says why."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.entering import enter
from tests.browser.letters import until
from tests.browser.pressing import go_on, press
from tests.browser.test_applying_journey import follow
from tests.browser.test_pathway_journey import Check

HEADLINE = "A second season of a series that children already know"
# Another owner of the business than in the other journeys: so many letters to one address in a while, and no more.
MANAGER, OWNER = "network@demo.example", "carl@demo.example"
ANGEL = ("Lars Demo-Angel", "angel.three@demo.example")


def finds_nothing(page: Page, check: Check, fits: Check) -> None:
    """A visitor looks wherever a pitch could be named."""
    for where in ("/", "/angels", "/pitches", "/find-support", "/directory", "/workshops", "/programme"):
        page.goto(where)
        expect(page.locator("h1")).to_be_visible()
        expect(page.get_by_text(HEADLINE)).to_have_count(0)
    page.goto("/pitches")
    expect(page.get_by_text("Only members of the angel network")).to_be_visible()
    check(page)
    fits(page)
    press(
        page.get_by_role("button", name="How to join").or_(page.get_by_role("link", name="How to join")).first
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("The angel network")
    check(page)
    fits(page)
    page.goto("/angels/join")
    check(page)
    fits(page)


def certify(page: Page, name: str, check: Check, fits: Check) -> None:
    """Why it is closed, then the statement: a contradiction is refused first, and what was typed stays."""
    page.goto("/pitches")
    expect(page.get_by_text("You have not certified yet")).to_be_visible()
    check(page)
    press(page.get_by_role("button", name="Certify yourself"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What kind of investor are you?")
    check(page)
    fits(page)
    press(page.get_by_role("button", name=re.compile("Complete this statement")).first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Statement of a high net worth individual")
    check(page)
    fits(page)
    choose(page, "Does A apply", "Yes")
    page.get_by_label("Your income, rounded").fill("130,000")
    choose(page, "Does B apply", "No")
    choose(page, "Does neither apply", "Yes")
    page.get_by_label("Type your full name to sign").fill(name)
    go_on(page, "Sign")
    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose one of the two")
    expect(page.get_by_label("Your income, rounded")).to_have_value("130,000")
    check(page)
    choose(page, "Does neither apply", "No")
    go_on(page, "Sign")
    expect(page.get_by_text("Statement signed.")).to_be_visible()
    expect(page.get_by_text(f"Signed by {name} on")).to_be_visible()
    check(page)
    fits(page)
    page.goto("/pitches")
    expect(page.get_by_text("Your membership is not paid for")).to_be_visible()


def choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=re.compile(question)).get_by_label(answer, exact=True).check()


def pay(page: Page, name: str, check: Check, fits: Check) -> None:
    """The manager records what was paid."""
    page.goto("/memberships")
    check(page)
    press(page.get_by_role("link", name=name))
    press(page.get_by_role("button", name="Record a period"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Record a period of membership")
    check(page)
    fits(page)
    page.get_by_label("By invoice").check()
    page.get_by_label("Amount").fill("300")
    go_on(page, "Record period")
    expect(page.get_by_text("Period recorded.")).to_be_visible()


def look_through(page: Page, check: Check, fits: Check) -> str:
    """By filter to the pitch, with the warning first; asked about, followed, and a request. Its address."""
    page.goto("/pitches?instruments=equity")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pitches")
    check(page)
    fits(page)
    press(page.get_by_role("link", name=HEADLINE))
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    expect(page.get_by_text("This was not approved by an authorised person").first).to_be_visible()
    check(page)
    fits(page)
    where = page.url
    page.get_by_text("Ask the business a question").click()
    page.get_by_label("Your question").fill("Who owns the music?")
    go_on(page, "Send question")
    expect(page.get_by_text("Question sent, without your name.")).to_be_visible()
    page.get_by_label("Follow this pitch").check()
    go_on(page, "Save")
    expect(page.get_by_text("Only you can see it.")).to_be_visible()
    page.goto("/pitches/following")
    expect(page.get_by_role("link", name=HEADLINE).first).to_be_visible()
    check(page)
    fits(page)
    page.goto(where)
    page.get_by_label("What would you like the business to know?").fill("I made films for ten years.")
    go_on(page, "Ask to be introduced")
    expect(
        page.get_by_text("The business does not learn who you are unless it agrees.").first
    ).to_be_visible()
    check(page)
    fits(page)
    return where


def sign_in_by_a_new_letter(page: Page, mailbox: Path, email: str) -> None:
    """Ask for a letter, and wait for just that: an older one may lie there whose link it replaces."""

    def letters() -> int:
        texts = [each.read_text() for each in mailbox.glob("*.eml")]
        return sum(f"<{email}>" in each and "/links/sign-in/" in each for each in texts)

    before = letters()
    page.goto("/sign-in/link")
    page.get_by_label("Email address").fill(email)
    press(page.locator("main form button[type=submit]").first)
    until(page, lambda: letters() > before or None)
    follow(page, mailbox, email)


def agree(page: Page, reference: str, angel: tuple[str, str], check: Check, fits: Check) -> None:
    """The founder reads what the investor looks for and not who it is, and agrees."""
    page.goto("/introductions")
    check(page)
    press(page.get_by_role("link", name=f"Request {reference}"))
    expect(page.get_by_text("I made films for ten years.")).to_be_visible()
    for secret in angel:
        expect(page.get_by_text(secret)).to_have_count(0)
    check(page)
    fits(page)
    press(page.get_by_role("button", name="Agree to meet"))
    check(page)
    fits(page)
    go_on(page, "Agree and share contact details")
    expect(page.get_by_text(ANGEL[1])).to_be_visible()
    check(page)
    fits(page)


def looks(page: Page, name: str, check: Check, fits: Check) -> None:
    """The manager sees what the investor sees, changes nothing, and is themselves again."""
    press(page.get_by_role("link", name=name, exact=True).first)
    press(page.get_by_role("button", name="View as this investor"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("View as")
    check(page)
    go_on(page, "View as this investor")
    expect(page.locator("#reason-error")).to_be_visible()
    page.get_by_label("Reason").fill("They cannot find the pitch")
    go_on(page, "View as this investor")
    expect(page.get_by_text(f"You are viewing as {name}")).to_be_visible()
    check(page)
    fits(page)
    page.goto("/pitches")
    press(page.get_by_role("link", name=HEADLINE))
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    expect(page.get_by_text("View only")).to_be_visible()
    expect(page.get_by_role("button", name="Ask to be introduced")).to_have_count(0)
    check(page)
    fits(page)
    go_on(page, "Stop viewing")
    expect(page.get_by_text("You have stopped viewing as")).to_be_visible()
    expect(page.get_by_text("View only")).to_have_count(0)


def test_a_visitor_finds_nothing_and_an_angel_is_introduced(
    open_context: Callable[..., BrowserContext],
    mailbox: Path,
    assert_accessible: Check,
    assert_fits: Check,
) -> None:
    check = assert_accessible
    visitor, investor, founder = (open_context(size=PHONE).new_page() for _ in range(3))
    manager = open_context(size=DESK).new_page()
    finds_nothing(visitor, check, assert_fits)
    sign_in_by_a_new_letter(investor, mailbox, ANGEL[1])
    certify(investor, ANGEL[0], check, assert_fits)
    enter(manager, MANAGER)
    pay(manager, ANGEL[0], check, assert_fits)
    where = look_through(investor, check, assert_fits)
    reference = investor.get_by_role("heading", level=1).inner_text().removeprefix("Request ")
    assert visitor.goto(where).status == 404  # type: ignore[union-attr]
    sign_in_by_a_new_letter(founder, mailbox, OWNER)
    agree(founder, reference, ANGEL, check, assert_fits)
    investor.reload()
    expect(investor.get_by_text(OWNER)).to_be_visible()
    expect(investor.get_by_text(re.compile("^You were introduced on"))).to_be_visible()
    manager.goto("/angels/all")
    press(manager.get_by_role("link", name=ANGEL[0]))
    press(manager.get_by_role("link", name="Record of showings"))
    expect(manager.get_by_text(re.compile(r"Full page\.\s+Lawful under article 48")).first).to_be_visible()
    check(manager)
    assert_fits(manager)
    with manager.expect_download() as paper:
        manager.get_by_role("link", name="with every statement (PDF)").click()
    assert paper.value.suggested_filename == "promotions.pdf"
    manager.goto("/angels/all")
    looks(manager, ANGEL[0], check, assert_fits)
