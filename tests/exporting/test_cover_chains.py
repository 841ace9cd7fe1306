"""A contract that is checked again from a check of it is the same contract, whatever is told otherwise."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.casework.queries import steps_asked
from crm.referrals.queries import referrals_of
from crm.referrals.workflow import ReferralStatus
from tests import covers, factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.referrals.made import agree, letters
from tests.reports.test_scoreboard import numbers_on, rows_on

pytestmark = pytest.mark.engine("sqlite")
NEW = f"/businesses/{BUSINESS}/export-cover/new"
TOLD = {
    "country": "Japan",
    "sells": "services",
    "wishes": ["not_paid"],
    "value": "20,000",
    "payment_days": "120",
}
TOLD |= {"uk_enough": "yes"}
DESK = {"name": "Desk", "email": "desk@provider.example"}


def owned(cast: Cast) -> Business:
    owner = trade.owner(BUSINESS)
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    return owner


def text(client: ConformingClient, path: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", client.get(path).text)).split())


def check(client: ConformingClient, clock: Any, *, of: str = "", **more: Any) -> str:
    """A contract as it is checked through the form: of an earlier check, all that the form carries."""
    clock.shift(60)
    page = client.get(f"{NEW}?of={of.rsplit('/', 1)[1]}" if of else NEW).text
    hidden = dict(re.findall(r'name="(of|once)"[^>]* value="([^"]+)"', page))
    answer = client.post(NEW, data=TOLD | more | hidden)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def test_a_check_made_again_replaces_the_one_it_came_from_whatever_changed_k10(
    client: ConformingClient, cast: Cast, clock: Any
) -> None:
    owned(cast)
    client.sign_in(cast.founder)
    first = check(client, clock)
    second = check(client, clock, of=first, value="26,000")
    third = check(client, clock, of=second, value="24,000", country="France")
    other = check(client, clock, value="9,000")
    for older in (first, second):
        assert f'again: <a class="govuk-link" href="{third}"' in " ".join(client.get(older).text.split())
        refused = client.post(f"{older}/ukef_seb/ask")
        assert (refused.status_code, f'href="{third}"' in refused.text) == (409, True)
    for newest in (third, other):
        assert "checked again:" not in text(client, newest)
    client.sign_in(cast.adviser)
    assert f"{first}/ukef_seb/refer" not in client.get(first).text
    refused = client.post(f"{first}/ukef_seb/refer")
    assert (refused.status_code, f'href="{third}"' in refused.text) == (409, True)
    client.post(f"{third}/withdraw", data={"reason": "Wrong country"})
    assert f'href="{second}"' in client.get(first).text, "the newest that counts"


def test_a_check_of_another_business_is_replaced_by_none_k10(
    client: ConformingClient, cast: Cast, clock: Any
) -> None:
    other = covers.checked(covers.whole(trade.owner(OTHER_BUSINESS)), covers.MAY_FIT)
    clock.shift(60)
    client.sign_in(cast.founder)
    for named in (str(other.id), "nothing", ""):
        clock.shift(60)
        assert client.post(NEW, data=TOLD | {"of": named}).status_code == 303
    client.sign_in(cast.administrator)
    assert "checked again:" not in text(client, f"/export-cover/{other.id}")


def test_what_was_asked_for_goes_on_from_the_newer_check_and_its_adviser_is_told_k10(
    client: ConformingClient, cast: Cast, db: Session, clock: Any
) -> None:
    owner = owned(cast)
    client.sign_in(cast.founder)
    first = check(client, clock)
    assert client.post(f"{first}/ukef_seb/ask").status_code == 303
    second = check(client, clock, of=first, value="22,000")
    page = text(client, second)
    assert "Asked on 24 November 2026" in page
    assert "Asked for from an earlier check of this contract" in page
    assert f'href="{first}"' in client.get(second).text
    assert f"{second}/ukef_seb/ask" not in client.get(second).text
    (step,) = steps_asked(owner.id)
    assert step.title.endswith("A contract with a buyer in Japan, £22k, checked again on 24 November 2026")
    assert "£22,000" in step.note
    assert len(letters(db, "referral_asked")) == 2
    client.sign_in(cast.hub_manager)
    assert "checked again on 24 November 2026" in text(client, "/desk")
    client.sign_in(cast.adviser)
    drafted = client.post(f"{second}/ukef_seb/refer").headers["Location"]
    assert client.post(f"{drafted}/announce", data=DESK).status_code == 303
    assert letters(db, "referral_told")[-1].context["asked"] == "As you asked on 24 November 2026"
    assert not steps_asked(owner.id)


@pytest.mark.parametrize(
    ("is_told", "value", "goes_on"),
    [(False, "20,000", False), (True, "26,000", False), (True, "20,000", True)],
)
def test_nothing_leaves_that_was_put_right_since_k10(
    client: ConformingClient, cast: Cast, db: Session, clock: Any, is_told: bool, value: str, goes_on: bool
) -> None:
    owner = owned(cast)
    client.sign_in(cast.adviser)
    first = check(client, clock)
    drafted = client.post(f"{first}/ukef_seb/refer").headers["Location"]
    if is_told:
        assert client.post(f"{drafted}/announce", data=DESK).status_code == 303
    second = check(client, clock, of=first, value=value)
    (found,) = referrals_of(owner.id)
    assert (found.status is ReferralStatus.ANNOUNCED) is goes_on
    if goes_on:
        assert "from an earlier check of this contract" in text(client, second)
        assert client.post(f"{second}/ukef_seb/refer").status_code == 409
        return
    assert "The contract was checked again on 24 November 2026" in text(client, drafted)
    assert f'href="{second}"' in client.get(drafted).text
    assert client.post(f"{drafted}/reopen").status_code == 409
    assert "The contract was checked again" in letters(db, "referral_stopped")[-1].context["reason"]
    assert client.post(f"{second}/ukef_seb/refer").status_code == 303


def test_a_contract_that_was_referred_is_not_for_something_else_on_its_newer_check_k10(
    client: ConformingClient, cast: Cast, clock: Any
) -> None:
    owner = owned(cast)
    client.sign_in(cast.adviser)
    first = check(client, clock)
    drafted = client.post(f"{first}/ukef_seb/refer").headers["Location"]
    client.post(f"{drafted}/announce", data=DESK)
    client.sign_in(cast.founder)
    assert client.post(f"{drafted}/agree").status_code == 303
    second = check(client, clock, of=first, value="22,000")
    for person in (cast.founder, cast.adviser):
        client.sign_in(person)
        page = text(client, second)
        assert "for something else" not in page
        assert "from an earlier check of this contract" in page
        assert f"{second}/ukef_seb/" not in client.get(second).text
    assert client.post(f"{second}/ukef_seb/refer").status_code == 409
    assert client.sign_in(cast.founder).post(f"{second}/ukef_seb/ask").status_code == 409
    assert len(referrals_of(owner.id)) == 1


def test_the_reports_count_a_contract_once_by_its_latest_check_in_the_period_k14(
    client: ConformingClient, cast: Cast, clock: Any
) -> None:
    owned(cast)
    client.sign_in(cast.founder)
    first = check(client, clock)
    second = check(client, clock, of=first, value="26,000")
    check(client, clock, of=second, value="24,000", country="France")
    check(client, clock, value="9,000")
    client.sign_in(cast.administrator)
    number = {href.split("/")[3]: (href, value) for href, value in numbers_on(client.get("/reports").text)}
    href, value = number["cover_checks"]
    assert value == "2"
    assert rows_on(client.get(href).text) == 2
    assert "A contract that was checked again counts once" in text(client, href)
