"""A contract that is checked again: anew once the record has changed, and an old check says what has changed since."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.diagnostics.queries.bands import band_in_words
from crm.diagnostics.rules.readiness import EXPORT
from crm.diagnostics.rules.scoring import in_words
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.rules.checking import Contract
from crm.exporting.cover.rules.since import contract_of, told_of
from crm.exporting.cover.service.checking import refer, why_not_go_on
from crm.exporting.cover.views.cover import _offer
from crm.kernel.errors import Refusal
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.text import within
from crm.notices.service import as_sent
from tests import assessments, covers, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.referrals.made import agree, letters

pytestmark = pytest.mark.engine("sqlite")
NEW = f"/businesses/{BUSINESS}/export-cover/new"
FIGURES = f"/businesses/{BUSINESS}/figures/new"
CONTRACT = {"country": "Spain", "sells": "services", "wishes": ["advice"], "value": "60,000"}
YEAR = {"year_end-day": "31", "year_end-month": "3", "year_end-year": "2026", "months": "12"}
YEAR |= {"measure": "headcount", "source": "the accounts"}


def once_of(client: ConformingClient, path: str) -> str:
    """The one-time id of a form that is opened anew."""
    found = re.search(r'name="once" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found[1]


def check(client: ConformingClient, **more: Any) -> str:
    """Open the form anew, and send it: where it leads."""
    answer = client.post(NEW, data=CONTRACT | more | {"once": once_of(client, NEW)})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def record(client: ConformingClient, turnover: str, path: str = FIGURES) -> str:
    answer = client.post(path, data=YEAR | {"turnover": turnover})
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def page(client: ConformingClient, path: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", client.get(path).text)).split())


def counted(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(CoverCheck)) or 0


def test_the_same_contract_is_checked_anew_once_the_turnover_on_record_has_changed_k3(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.founder)
    record(client, "4,999,999")
    first = check(client)
    assert check(client) == first, "nothing has changed: it is the form of before"
    assert "You had already sent this" in client.get(first).text
    record(client, "5,000,000")
    second = check(client)
    assert second != first
    assert "turnover is £5,000,000, and it takes £5,000,000 or more" in page(client, second)
    assert check(client) == second
    assert counted(db) == 2
    record(client, "4,999,999")
    assert check(client) not in (first, second), "changed back, it is a third check"


def test_an_old_check_says_what_has_changed_and_opens_the_same_contract_filled_in_k12(
    client: ConformingClient, cast: Cast, clock: Any
) -> None:
    client.sign_in(cast.founder)
    told = {"payment_days": "60", "owed": "30,000", "months": "9", "uk_enough": "yes", "in_group": "no"}
    there = check(client, **told)
    before = page(client, there)
    assert "has changed since" not in before
    assert "The contract runs for 9 months" in before
    (link,) = re.findall(r'href="([^"]+figures/new[^"]*)"', client.get(there).text)
    assert record(client, "4,999,999", html.unescape(link)) == there, "back to the check that asked for it"
    for person in (cast.founder, cast.adviser):
        client.sign_in(person)
        now = page(client, there)
        assert "What this check used has changed since." in now
        assert "was not known on that day. It is £4,999,999 now." in now
        assert "adviser of the department: does not fit, because turnover is £4,999,999, and it takes" in now
    again = f"{NEW}?of={there.rsplit('/', 1)[1]}"
    assert f'href="{again}"' in client.get(there).text
    form = " ".join(client.get(again).text.split())
    assert "what you told us for the check on 24 November 2026" in form
    for name, value in {"value": "60,000", "payment_days": "60", "owed": "30,000", "months": "9"}.items():
        assert re.search(rf'name="{name}"[^>]* value="{value}"', form), name
    for name, value in {
        "sells": "services",
        "wishes": "advice",
        "uk_enough": "yes",
        "in_group": "no",
    }.items():
        assert re.search(rf'name="{name}" type="\w+" value="{value}"[^>]* checked', form), name
    assert re.search(r'<option value="Spain" selected', form)
    clock.shift(60)
    newer = check(client, **told)
    assert newer != there
    assert f'href="{newer}"' in client.get(there).text
    assert "has changed since" not in page(client, newer)


def test_what_the_record_shuts_the_business_out_of_now_is_neither_asked_for_nor_drafted_k10(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = trade.owner(BUSINESS)
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    made = covers.checked(owner)
    there = f"/export-cover/{made.id}"
    client.sign_in(cast.founder)
    assert f"{there}/trade_adviser/ask" in client.get(there).text
    covers.turned_over(owner, 4_999_999)
    assert f"{there}/trade_adviser/ask" not in client.get(there).text
    refused = client.post(f"{there}/trade_adviser/ask")
    assert refused.status_code == 409
    assert "does not fit any more, because turnover is £4,999,999" in html.unescape(refused.text)
    client.sign_in(cast.adviser)
    assert f"{there}/trade_adviser/refer" not in client.get(there).text
    offer = _offer(made.id, "trade_adviser")
    assert offer is not None
    assert "Check the contract again" in str(why_not_go_on(offer))
    with pytest.raises(Refusal):
        refer(offer, by=SYSTEM)
    covers.turned_over(owner, 5_000_000, year=2026)
    assert f"{there}/trade_adviser/refer" in client.get(there).text
    assert not letters(db, "referral_asked")


def test_who_is_asked_and_for_which_product_is_said_to_both_sides_k32(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = trade.owner(BUSINESS)
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    there = f"/export-cover/{covers.checked(owner).id}"
    client.sign_in(cast.founder)
    assert client.post(f"{there}/trade_adviser/ask").status_code == 303
    product = "“One-to-one trade adviser of the department”"
    (letter,) = letters(db, "referral_asked")
    assert letter.context["title"].startswith(f"Refer for {product} to ")
    assert as_sent(letter.kind, letter.context | {"to_name": "Made"}).subject == (
        f"{owner.name} asks to be referred to {letter.context['to']}"
    )
    said = page(client, there)
    assert f"to refer you for {product} to " in said
    assert "We have asked your adviser" not in said


def test_a_check_of_another_business_fills_nothing_in(client: ConformingClient, cast: Cast) -> None:
    other = covers.checked(factories.business(name="Elsewhere"), replace(covers.ADVICE, country="Peru"))
    client.sign_in(cast.founder)
    assert "what you told us" not in client.get(f"{NEW}?of={other.id}").text
    assert client.get(f"{NEW}?of=nothing").status_code == 422


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("value", "0", "What the contract is worth must be more than £0"),
        ("owed", "0", "The most that the buyer will owe must be more than £0"),
        ("sum_wanted", "0", "The finance that is needed must be more than £0"),
        ("value", "-4", "What the contract is worth cannot be less than zero"),
        ("sum_wanted", "lots", "Enter the finance that is needed in pounds"),
        ("months", "0", "The number of months must be between 1 and 240"),
    ],
)
def test_each_error_of_a_contract_names_its_field_k32(
    client: ConformingClient, cast: Cast, field: str, typed: str, says: str
) -> None:
    client.sign_in(cast.founder)
    refused = client.post(NEW, data=CONTRACT | {field: typed})
    assert refused.status_code == 422
    assert says in html.unescape(refused.text)


def test_a_contract_is_read_from_its_record_as_it_was_told() -> None:
    whole = Contract(
        "Spain",
        "both",
        frozenset({"advice", "bond"}),
        value=Money.parse("60,000.50"),
        payment_days=0,
        owed=Money.pounds(1),
        sum_wanted=Money.pounds(2),
        months=3,
        is_uk_enough=True,
        is_private_refused=False,
    )
    for each in (whole, covers.ADVICE):
        assert contract_of(told_of(each)) == each


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("A bond", "a bond"),
        ("IT, software", "IT, software"),
        ("Loan notes", "loan notes"),
        ("I know", "I know"),
    ],
)
def test_what_is_needed_begins_small_within_a_sentence_k25(words: str, said: str) -> None:
    assert within(words) == said


def test_the_provider_reads_the_figure_that_decides_k12(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = trade.owner(BUSINESS)
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    covers.turned_over(owner, 5_200_000)
    there = f"/export-cover/{covers.checked(owner).id}"
    drafted = client.sign_in(cast.adviser).post(f"{there}/trade_adviser/refer").headers["Location"]
    words = "What decides: turnover is £5,200,000, and it takes £5,000,000 or more."
    text = html.unescape(client.get(drafted).text)
    assert words in text


def test_a_trade_adviser_reads_the_countries_of_the_plan_and_the_readiness_result_in_the_preview(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = trade.owner(BUSINESS)
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    covers.turned_over(owner, 5_200_000)
    trade.country(owner, "JP")
    result = assessments.finished(owner, EXPORT)
    said = f"Export readiness: {band_in_words(result)}, {in_words(result.score or 0)} out of 100, on "
    there = f"/export-cover/{covers.checked(owner).id}"
    drafted = client.sign_in(cast.adviser).post(f"{there}/trade_adviser/refer").headers["Location"]
    text = html.unescape(client.get(drafted).text)
    assert "Countries in the export plan: Japan (working on it)." in text
    assert said in text


def test_a_check_that_was_made_again_asks_for_nothing_and_leads_to_the_newer_one(
    client: ConformingClient, cast: Cast, clock: Any
) -> None:
    owner = trade.owner(BUSINESS)
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    there = f"/export-cover/{covers.checked(owner).id}"
    client.sign_in(cast.founder)
    assert f"{there}/trade_adviser/ask" in client.get(there).text
    clock.shift(60)
    newer = f"/export-cover/{covers.checked(owner).id}"
    shown = client.get(there).text
    assert f"{there}/trade_adviser/ask" not in shown
    assert f'This contract was checked again: <a class="govuk-link" href="{newer}"' in " ".join(shown.split())
    refused = client.post(f"{there}/trade_adviser/ask")
    assert (refused.status_code, f'href="{newer}"' in refused.text) == (409, True)
    assert client.post(f"{newer}/trade_adviser/ask").status_code == 303
    assert "for something else" not in client.get(there).text
