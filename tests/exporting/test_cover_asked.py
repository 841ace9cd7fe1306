"""A product that a founder asks for: marked for the adviser, said in the letter, and read by the founder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.businesses.queries.seeing import business
from crm.casework.queries import steps_asked
from crm.directory.models import Service
from crm.exporting.cover.rules.checking import Firm, check
from crm.exporting.plans.rules.countries import abroad
from crm.kernel.money import Money
from crm.referrals.service.sending import SHARING
from tests import covers, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.exporting.test_cover import LIMITS
from tests.referrals.made import agree, letters

SQLITE = pytest.mark.engine("sqlite")


@SQLITE
def test_what_a_founder_asked_for_is_marked_for_the_adviser_said_in_the_letter_and_never_a_dead_link(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    cover = f"/export-cover/{covers.checked(owner, covers.MAY_FIT).id}"
    client.sign_in(cast.founder)
    assert client.post(f"{cover}/ukef_seb/ask").status_code == 303
    again = client.post(f"{cover}/ukef_seb/ask")
    assert again.headers["Location"] == cover, "asked once more in another tab, it leads to the check"

    client.sign_in(cast.adviser)
    assert client.get(cover).text.count("The business asked for this on 24 November 2026") == 1
    drafted = client.post(f"{cover}/ukef_seb/refer").headers["Location"]
    client.sign_in(cast.founder)
    assert "Referral to" not in client.get(cover).text, "a draft is nothing yet"
    client.sign_in(cast.adviser)
    sent = {"name": "Desk", "email": "desk@provider.example"}
    assert client.post(f"{drafted}/announce", data=sent).status_code == 303

    (letter,) = letters(db, "referral_told")
    assert letter.context["asked"] == "As you asked on 24 November 2026"
    client.sign_in(cast.founder)
    page = client.get(cover).text
    assert "Waiting for your yes or no" in page
    assert "Business told" not in page
    assert f'href="{drafted}"' not in page, "only staff can open it"
    assert f'href="{drafted}/object"' in page
    assert "As you asked on 24 November 2026" in client.get(f"{drafted}/object").text
    assert client.post(f"{drafted}/object", data={"words": "Not now"}).status_code == 303
    assert "You said no" in client.get(cover).text
    support = client.get(f"/businesses/{BUSINESS}/support").text
    assert "You said no" in support
    assert "Business objected" not in support


@SQLITE
def test_a_second_contract_is_asked_for_while_the_first_is_referred_and_each_leads_to_its_own_k10(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    first = f"/export-cover/{covers.checked(owner, covers.MAY_FIT).id}"
    second = f"/export-cover/{covers.checked(owner, replace(covers.MAY_FIT, value=Money.pounds(25_000))).id}"
    client.sign_in(cast.founder).post(f"{first}/ukef_seb/ask")
    client.sign_in(cast.adviser)
    drafted = client.post(f"{first}/ukef_seb/refer").headers["Location"]
    sent = {"name": "Desk", "email": "desk@provider.example"}
    assert client.post(f"{drafted}/announce", data=sent).status_code == 303

    client.sign_in(cast.founder)
    page = " ".join(client.get(second).text.split())
    assert "for something else: A contract with a buyer in Canada, £20k" in page
    assert f'href="/businesses/{BUSINESS}/support"' in page, "the way to what is under way"
    assert "Ask to be referred for this too" in page
    assert client.post(f"{second}/ukef_seb/ask").status_code == 303
    (step,) = steps_asked(owner.id)
    assert step.path == f"{second}#ukef_seb"
    assert step.title.endswith("as the business asked: A contract with a buyer in Canada, £25k")

    client.sign_in(cast.adviser)
    shown = client.get(second).text
    assert shown.count("The business asked for this on 24 November 2026") == 1
    assert f'href="{drafted}"' in shown
    assert "The business asked for this" not in client.get(first).text
    also = client.post(f"{second}/ukef_seb/refer").headers["Location"]
    assert also != drafted
    assert client.post(f"{second}/ukef_seb/refer").status_code == 409, "the same once more"
    assert client.post(f"{also}/announce", data=sent).status_code == 303
    assert not steps_asked(owner.id)


@SQLITE
def test_where_the_agreement_is_withdrawn_the_check_says_so_and_refer_leads_on_k12(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    factories.person(owner)
    agree(owner)
    cover = f"/export-cover/{covers.checked(owner, covers.MAY_FIT).id}"
    client.sign_in(cast.founder).post(f"{cover}/ukef_seb/ask")
    client.post(f"/businesses/{BUSINESS}/consents/withdraw", data={"purpose": SHARING.value})
    (step,) = steps_asked(owner.id)
    client.sign_in(cast.adviser)
    page = client.get(cover).text
    assert "has since withdrawn its agreement to be referred, so you cannot refer it" in page
    assert f"{cover}/ukef_seb/refer" not in page
    assert f"/next-steps/{step.id}/finish" in page
    refused = client.post(f"{cover}/ukef_seb/refer")
    assert refused.status_code == 409
    assert f'href="/next-steps/{step.id}/change"' in refused.text


@SQLITE
@pytest.mark.parametrize(
    ("country", "warning"),
    [
        ("Russia", "UK trade sanctions apply to Russia"),
        ("Iran", "UK trade sanctions forbid some sales to Iran"),
    ],
)
def test_beside_a_warning_of_sanctions_nothing_invites_to_sell_there_k11(
    client: ConformingClient, cast: Cast, country: str, warning: str
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    wanted = replace(covers.MAY_FIT, country=country)
    page = client.sign_in(cast.founder).get(f"/export-cover/{covers.checked(owner, wanted).id}").text
    assert warning in page
    for words in ("Ask whether it insures", "Add it to the plan"):
        assert words not in page, words
    assert ("What you can do instead" in page) is (country != "Russia"), "no broker insures what is forbidden"
    planned = {"route": "direct", "country": next(code for code, name in abroad().items() if name == country)}
    plan = f"/businesses/{BUSINESS}/export-plan"
    assert client.post(f"{plan}/countries/new", data=planned).status_code == 303
    shown = client.get(plan).text
    assert warning in shown, "put straight on the plan"
    assert 'href="https://www.gov.uk/government/publications/the-uk-sanctions-list"' in shown
    usual = client.get(f"/export-cover/{covers.checked(owner, covers.MAY_FIT).id}").text
    assert ("Ask whether it insures" in usual, "Add it to the plan" in usual) == (True, True)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (("20",), "exports as a share of turnover were 20% in the latest year on record"),
        (
            ("4", "3.25", "19.99"),
            (
                "exports as a share of turnover were 4% in the latest year on record, 3.2% the year before and "
                "19.9% two years before"
            ),
        ),
        ((None, "31"), "exports as a share of turnover were 31% the year before"),
    ],
)
def test_the_shares_of_exports_are_said_as_they_would_be_read_aloud_k23(
    shares: tuple[str | None, ...], said: str
) -> None:
    firm = Firm(shares=tuple(None if each is None else Decimal(each) for each in shares))
    found = check(replace(covers.MAY_FIT, wishes=frozenset({"cash"})), firm, limits=LIMITS)
    words = [one.words for each in found if each.product.key == "ukef_gef" for one in each.conditions]
    assert any(each.startswith(f"{said}, and it takes 20%") for each in words), words


def test_what_was_answered_without_a_referral_says_so_where_it_was_asked_k6(
    client: ConformingClient, cast: Cast
) -> None:
    owner = trade.owner(BUSINESS)
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    there = f"/export-cover/{covers.checked(owner).id}"
    client.sign_in(cast.founder)
    assert client.post(f"{there}/trade_adviser/ask").status_code == 303
    (step,) = steps_asked(owner.id)
    client.sign_in(cast.adviser)
    told = {"answer": "Not now: your bank comes first"}
    assert client.post(f"/next-steps/{step.id}/finish", data=told).status_code == 303
    client.sign_in(cast.founder)
    page = " ".join(client.get(there).text.split())
    assert "and " + cast.adviser.actor.name + " answered on" in page
    assert "Ask to be referred" in page


@SQLITE
def test_before_a_check_is_withdrawn_it_says_what_hangs_on_it_and_what_becomes_of_that_k16(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    cover = f"/export-cover/{covers.checked(owner, covers.MAY_FIT).id}"
    asked, prepared, gone = (
        "That request ends with the check",
        "ends with the check and is not sent",
        "It goes on",
    )

    def warned() -> tuple[bool, bool, bool]:
        page = " ".join(client.get(cover).text.split())
        return asked in page, prepared in page, gone in page

    assert _as(client, cast.adviser, warned) == (False, False, False), "nothing came of it yet"
    client.sign_in(cast.founder).post(f"{cover}/ukef_seb/ask")
    assert "You asked from this check" in " ".join(client.get(cover).text.split())
    assert _as(client, cast.adviser, warned) == (True, False, False)
    drafted = client.post(f"{cover}/ukef_seb/refer").headers["Location"]
    assert warned() == (True, True, False)
    assert _as(client, cast.founder, warned) == (True, False, False), "a draft is nothing yet"
    client.sign_in(cast.adviser)
    client.post(f"{drafted}/announce", data={"name": "Desk", "email": "desk@provider.example"})
    assert warned() == (False, True, False), "what was asked is done"
    client.sign_in(cast.founder).post(f"{drafted}/agree")
    assert _as(client, cast.adviser, warned) == (False, False, True)
    assert client.post(f"{cover}/withdraw", data={"reason": "The wrong country"}).status_code == 303
    assert "Sent" in client.get(drafted).text, "it went on"


def _as(client: ConformingClient, who: Any, look: Callable[[], Any]) -> Any:
    client.sign_in(who)
    return look()


@SQLITE
def test_the_adviser_sees_what_was_asked_from_a_check_also_once_the_service_has_closed_k13(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    factories.person(owner)
    agree(owner)
    cover = f"/export-cover/{covers.checked(owner, covers.MAY_FIT).id}"
    client.sign_in(cast.founder).post(f"{cover}/ukef_seb/ask")
    (step,) = steps_asked(owner.id)
    db.execute(update(Service.__table__).where(Service.id == step.service_id).values(status="closed"))
    db.expire_all()
    client.sign_in(cast.adviser)
    page = " ".join(client.get(cover).text.split())
    assert page.count("The business asked for this on 24 November 2026") == 1
    assert f"{cover}/ukef_seb/refer" not in page
    assert "The business asked for this" not in client.sign_in(cast.founder).get(cover).text


@SQLITE
def test_a_business_that_withdrew_its_agreement_is_offered_to_nobody_to_refer_and_one_never_asked_is_k12_k13(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    factories.person(owner)
    cover = f"/export-cover/{covers.checked(owner, covers.MAY_FIT).id}"
    refer, why = f"{cover}/ukef_seb/refer", "has withdrawn its agreement to be referred to others"
    page = client.sign_in(cast.adviser).get(cover).text
    assert (refer in page, why in page) == (True, False)
    agree(owner)
    withdrawn = {"purpose": SHARING.value}
    client.sign_in(cast.founder).post(f"/businesses/{BUSINESS}/consents/withdraw", data=withdrawn)
    page = client.sign_in(cast.adviser).get(cover).text
    assert (refer in page, why in page, "#consents" in page) == (False, True, True)
    refused = client.post(refer)
    assert refused.status_code == 409
    assert "Talk to it, and record its consent first" in refused.text


@SQLITE
def test_a_referral_of_a_withdrawn_check_stays_closed_and_leads_to_a_new_check_k16(
    client: ConformingClient, cast: Cast
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    factories.person(owner, name="Fi Founder", email=cast.founder.email)
    agree(owner)
    cover = f"/export-cover/{covers.checked(owner, covers.MAY_FIT).id}"
    client.sign_in(cast.founder).post(f"{cover}/ukef_seb/ask")
    drafted = client.sign_in(cast.adviser).post(f"{cover}/ukef_seb/refer").headers["Location"]
    reason = {"reason": "Not yet"}
    client.post(f"{drafted}/withdraw", data=reason)
    assert "Reopen" in client.get(drafted).text
    client.post(f"{drafted}/reopen", data=reason)
    client.sign_in(cast.founder).post(f"{cover}/withdraw", data={"reason": "Wrong country"})

    page = client.sign_in(cast.adviser).get(drafted).text
    assert 'action="' + f'{drafted}/reopen"' not in page
    assert "was withdrawn on 24 November 2026: Wrong country. Make a new check" in page
    assert f'href="{cover}">See what was withdrawn' in page
    refused = client.post(f"{drafted}/reopen", data=reason)
    assert refused.status_code == 409
    assert "Make a new check" in refused.text
    assert f'href="{cover}"' in refused.text
