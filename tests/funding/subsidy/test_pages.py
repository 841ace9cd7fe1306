"""Subsidies through their pages: a founder declares and confirms, staff see to the papers, and the register is downloaded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.accounts.models import RoleGrant
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.funding.subsidy import queries
from crm.funding.subsidy.models import Subsidy
from crm.funding.subsidy.rules import Regime
from crm.funding.subsidy.service import giving, recording
from crm.funding.subsidy.workflow import SubsidyStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.subsidy.test_giving import details, prepared
from tests.programme.pages import sent, typed

HERE = f"/businesses/{BUSINESS}/subsidy"


def own() -> Business:
    found = business(BUSINESS)
    assert found is not None
    return found


def given(amount: str, day: str, **other: Any) -> dict[str, Any]:
    fields = {"giver": "An invented council", "purpose": "a shop front", "amount": amount, "regime": "mfa"}
    return {**fields, **typed(day, name="given_on"), **other}


def test_p38_a_founder_declares_a_subsidy_and_staff_are_told_what_still_fits(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    page = sent(client.sign_in(cast.founder), f"{HERE}/declare", given("290,000", "10 5 2024"))
    assert "£25,000.00</strong> can still be given today, 24 November 2026" in page
    assert "Close to the limit: £25,000.00 of £315,000.00 is left." in " ".join(page.split())
    assert "1 April 2027" in page
    future = client.post(f"{HERE}/declare", data=given("5", "1 1 2030"))
    assert "The day it was given must be today or earlier" in future.text
    assert client.get(f"/businesses/{OTHER_BUSINESS}/subsidy").status_code == 404
    assert client.get(f"{HERE}/prepare").status_code == 403

    client.sign_in(cast.programme_manager)
    blocked = client.post(f"{HERE}/prepare", data=given("40,000", "31 3 2027"))
    assert blocked.status_code == 422
    assert "£25,000.00 is the most that can be given on that day" in blocked.text
    far = client.post(f"{HERE}/prepare", data=given("5", "1 4 2099")).text
    assert "The day it is given must be 24 November 2029 or earlier" in far
    assert "Subsidy prepared" in sent(client, f"{HERE}/prepare", given("40,000", "1 4 2027"))
    sent(client, f"{HERE}/prepare", given("800", "27 1 2027"))
    page = " ".join(client.get(HERE).text.split())
    assert "£24,200.00</strong> can still be given today" in page
    assert 'counts=all&amp;on-day=27&amp;on-month=1&amp;on-year=2027#subsidies">£290,800.00<' in page
    opened = [client.get(f"{HERE}?counts={each}").text for each in ("later", "all", "to_give")]
    shown = [("£290,000.00 for" in each, "£800.00 for" in each, "£40,000.00 for" in each) for each in opened]
    assert shown == [(False, True, False), (True, False, False), (False, False, False)], (
        "a sum opens its rows"
    )
    of_2024 = client.get(f"{HERE}?counts=2024/25").text
    assert ("£290,000.00 for" in of_2024, "£800.00 for" in of_2024) == (True, False)
    assert client.get(f"{HERE}?counts=1999/00").status_code == 422
    later = client.get(f"{HERE}?on-day=1&on-month=4&on-year=2027").text
    assert "£274,200.00</strong> can still be given on 1 April 2027" in later
    assert "on-year=2027&amp;counts=2026/27#subsidies" in later, "the sums of another day open that day"
    assert "counts=2025/26" not in later, "nothing was given in that year"
    register = client.get("/subsidies?status=recorded").text
    assert ("£290,000.00" in register, "£800.00" in register) == (True, False)


@pytest.mark.parametrize(
    ("given_on", "amount", "status"),
    [
        ("1 4 2023", "65,000.00", 303),
        ("1 4 2023", "65,000.01", 422),
        ("31 3 2023", "315,000.00", 303),
    ],
    ids=["exactly-the-limit", "a-penny-more", "a-day-earlier-counts-no-longer"],
)
def test_A50_250000_pounds_of_1_april_2023_leave_65000_on_1_may_2025_to_the_penny(
    client: ConformingClient, cast: Cast, db: Session, clock: Any, given_on: str, amount: str, status: int
) -> None:
    db.execute(update(RoleGrant).values(valid_from=date(2020, 1, 1)))
    clock.move_to(datetime(2025, 5, 1, 9, tzinfo=UTC))
    client.sign_in(cast.programme_manager)
    sent(client, f"{HERE}/declare", given("250,000", given_on))
    answer = client.post(f"{HERE}/prepare", data=given(amount, "1 5 2025"))
    assert answer.status_code == status
    assert status == 303 or "£65,000.00 is the most that can be given on that day" in answer.text


@pytest.mark.engine("sqlite")
def test_the_subsidies_of_another_day_are_asked_for_by_a_day_that_there_is(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.founder)
    wrong = client.get(f"{HERE}?on-day=31&on-month=2&on-year=2027")
    assert (wrong.status_code, 'href="#on-day"' in wrong.text) == (422, True), (
        "an impossible day is said at its box"
    )
    assert "could be given on 1 October 2026" in client.get(f"{HERE}?on-day=1&on-month=10&on-year=2026").text


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("typed_day", [date(1900, 1, 1), date(2022, 4, 1), date(2023, 1, 3)], ids=str)
def test_k20_a_day_for_which_no_limit_is_held_is_said_at_its_field(
    client: ConformingClient, cast: Cast, typed_day: date
) -> None:
    for member in (cast.founder, cast.programme_manager):
        answer = client.sign_in(member).get(f"{HERE}?{asked_on(typed_day)}")
        why = f"We hold no limit of subsidies for {day_in_words(typed_day)}. Enter 4 January 2023 or a later day."
        assert (answer.status_code, why in answer.text) == (422, True)
        assert f'value="{typed_day.year}"' in answer.text, "what was typed is still there"


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("day", [date(2023, 1, 4), date(2100, 12, 31)], ids=str)
def test_k20_the_first_and_the_last_day_that_can_be_asked_about_are_answered(
    client: ConformingClient, cast: Cast, day: date
) -> None:
    page = client.sign_in(cast.founder).get(f"{HERE}?{asked_on(day)}")
    assert (page.status_code, f"given on {day_in_words(day)}" in page.text) == (200, True)


@pytest.mark.engine("sqlite")
def test_k11_what_is_declared_is_told_to_count_only_where_it_does_and_nothing_left_is_at_the_limit(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.founder)
    old = sent(client, f"{HERE}/declare", given("1.00", "31 3 2024"))
    assert "It was given before 1 April 2024, so it no longer counts." in old
    assert "It counts from now on." in sent(client, f"{HERE}/declare", given("315,000", "1 4 2024"))
    page = " ".join(client.get(HERE).text.split())
    assert ("At the limit: nothing of £315,000.00 is left." in page, "Close to the limit" in page) == (
        True,
        False,
    )


def asked_on(day: date) -> str:
    return f"on-day={day.day}&on-month={day.month}&on-year={day.year}"


def test_p42_goods_that_depend_on_export_are_refused_at_their_box(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    form = given("5", "24 11 2026", depends_on_exporting_goods="y")
    answer = client.sign_in(cast.programme_manager).post(f"{HERE}/prepare", data=form)

    assert answer.status_code == 422
    assert "depends on exporting them" in answer.text
    assert queries.every_subsidy() == []


def test_p40_the_papers_of_a_subsidy_are_seen_to_in_their_order(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = prepared(own(), 120_000)
    here = f"/subsidies/{found.id}"
    client.sign_in(cast.finance_officer)
    assert here in client.get("/desk").text
    assert client.post(f"{here}/give").status_code == 409
    assert "Business notified by email" in sent(client, f"{here}/notify")
    client.sign_in(cast.founder)
    assert "Confirm that the subsidy is within the limit" in client.get("/desk").text
    assert client.post(f"{here}/confirm", data={"confirmed_by": ""}).status_code == 422
    page = client.get(here).text
    assert "Type your full name to sign" in page
    assert "You confirm that, with this" in page
    assert all(said in page for said in ("£315,000.00", "£120,000.00", "£195,000.00")), (
        "the limit, and what is left"
    )
    mickey = client.post(f"{here}/confirm", data={"confirmed_by": "Mickey Mouse"})
    assert f"Type your name as it is on your account: {cast.founder.account.name}" in mickey.text
    sent(client, f"{here}/confirm", {"confirmed_by": cast.founder.account.name.upper()})
    client.sign_in(cast.finance_officer)
    assert "Issue the confirmation next" in sent(client, f"{here}/give")
    page = sent(client, f"{here}/issue")
    assert "gave you minimal financial assistance of £120,000.00 gross" in page
    assert "24 February 2027" in page
    kinds = list(db.scalars(select(Letter.kind).where(Letter.kind.startswith("subsidy_"))))
    assert sorted(kinds) == ["subsidy_confirmation", "subsidy_notified"], "what it says was done, was done"
    assert "Enter the subsidy in the national database" in client.get("/desk").text
    assert client.post(f"{here}/publish", data={"reference": ""}).status_code == 422
    assert "Publication recorded" in sent(client, f"{here}/publish", {"reference": "SC123"})
    assert client.post(f"{here}/publish", data={"reference": "SC123"}).status_code == 409
    assert client.post(f"{here}/cancel", data={"reason": "Late"}).status_code == 409
    db.refresh(found)
    giving.lower(found, Money.pounds(90_000), reason="Made: less was claimed", by=SYSTEM)
    db.flush()
    corrected = db.scalars(select(Letter).where(Letter.kind == "subsidy_confirmation_corrected")).one()
    assert (corrected.context["before"], corrected.context["amount"]) == ("£120,000.00", "£90,000.00")
    assert "minimal financial assistance of £90,000.00 gross" in client.get(here).text


@pytest.mark.engine("sqlite")
def test_k11_k12_a_subsidy_that_was_cancelled_is_not_published(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = prepared(own(), 120_000)
    giving.notify(found, by=SYSTEM)
    giving.confirm(found, confirmed_by="Ann", by=SYSTEM)
    here = f"/subsidies/{found.id}"
    client.sign_in(cast.finance_officer)
    assert "Record publication" in client.get(here).text
    page = sent(client, f"{here}/cancel", {"reason": "Made: the award ended"})
    assert ("Record publication" in page, "Publish by" in page.split("History")[0]) == (False, False)
    refused = client.post(f"{here}/publish", data={"reference": "SC123"})
    assert (refused.status_code, "was cancelled" in refused.text) == (409, True)


def test_p41_a_parent_company_joins_two_businesses_until_it_is_removed(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.programme_manager)
    parent = {"parent": "9999990", "source": "The register"}
    sent(client, f"/businesses/{OTHER_BUSINESS}/subsidy/parent", parent)
    page = sent(client, f"{HERE}/parent", parent)
    assert "belongs to company 09999990" in page
    assert "This includes 1 linked" in page
    assert "recorded already" in client.post(f"{HERE}/parent", data=parent).text
    (link,) = queries.links_of([BUSINESS])
    assert "Parent company removed" in sent(client, f"{HERE}/parents/{link.id}/remove")
    assert queries.group_of(BUSINESS) == {BUSINESS}


def test_p39_help_in_kind_is_recorded_and_the_register_has_every_subsidy(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.adviser)
    assert "Help in kind recorded" in sent(client, f"{HERE}/in-kind", given("22,000", "1 11 2026"))
    assert "£293,000.00</strong> can still be given" in client.get(f"/businesses/{BUSINESS}/money").text
    assert client.get("/subsidies").status_code == 403
    (found,) = queries.every_subsidy()
    client.sign_in(cast.finance_officer)
    assert "Cast Pictures" in client.get("/subsidies").text
    sent(client, f"/subsidies/{found.id}/cancel", {"reason": "It was another business"})
    rows = client.get("/subsidies.csv").text.splitlines()
    assert len(rows) == 2
    assert ",22000.00," in rows[1]
    assert queries.standing_of(BUSINESS, on=date(2026, 11, 24)).largest == Money.pounds(315_000)


@pytest.mark.engine("sqlite")
def test_p38_a_founder_who_mistypes_a_sum_is_told_how_far_over_it_is_and_corrects_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    ours = prepared(own(), 10_000)
    giving.notify(ours, by=SYSTEM)
    giving.confirm(ours, confirmed_by="Ann", by=SYSTEM)
    page = sent(client.sign_in(cast.founder), f"{HERE}/declare", given("1,247,500", "10 5 2026"))
    assert "£942,500.00</strong> over the limit" in page
    assert "Close to the limit" not in page
    assert "It cannot be given today" in client.get(f"/subsidies/{ours.id}").text
    assert client.post(f"/subsidies/{ours.id}/cancel", data={"reason": "No"}).status_code == 403
    (mistyped,) = [each for each in queries.every_subsidy() if each.id != ours.id]
    assert "Then declare it again" in client.get(f"/subsidies/{mistyped.id}").text
    assert "Subsidy cancelled" in sent(client, f"/subsidies/{mistyped.id}/cancel", {"reason": "£12,475.00"})
    assert "can still be given today" in client.get(HERE).text
    shown = client.get(f"/subsidies/{ours.id}").text
    assert "It can now be given" in shown
    assert "Status: " not in shown


@pytest.mark.engine("sqlite")
def test_every_state_of_a_subsidy_can_be_read(client: ConformingClient, cast: Cast, db: Session) -> None:
    found = prepared(own(), 10)
    client.sign_in(cast.auditor)
    for step, more in (("notify", {}), ("confirm", {"confirmed_by": "Ann"}), ("give", {}), ("issue", {})):
        assert client.get(f"/subsidies/{found.id}").status_code == 200
        whole = queries.subsidy(found.id)
        assert whole is not None
        getattr(giving, step)(whole, **more, by=SYSTEM)
    assert "All papers are complete" in client.get(f"/subsidies/{found.id}").text
    found.publish_by = today()
    db.flush()
    text = client.get(f"/subsidies/{found.id}").text
    assert ("All papers are complete" in text, "must still be entered" in text) == (False, True)
    other = recording.declare(own(), details(4), by=SYSTEM)
    giving.cancel(other, reason="A mistake", by=SYSTEM)
    assert "A mistake" in client.get(f"/subsidies/{other.id}").text
    assert found.status is SubsidyStatus.ISSUED


@pytest.mark.engine("sqlite")
def test_p40_a_subsidy_that_no_longer_fits_says_so_before_it_is_given(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.finance_officer)
    past = client.post(f"{HERE}/prepare", data=given("5", "23 11 2026"))
    assert "The day it is given must be today or later" in past.text
    huge = client.post(f"{HERE}/declare", data=given("99,999,999,999", "1 11 2026"))
    assert huge.status_code == 422
    assert "Enter £10,000,000 or less" in huge.text
    for pounds in (120_000, 90_000):
        found = queries.subsidy(prepared(own(), pounds).id)
        assert found is not None
        giving.notify(found, by=SYSTEM)
    founders = client.sign_in(cast.founder).get("/desk").text
    assert "£120,000.00 for a camera" in founders
    assert "£90,000.00 for a camera" in founders
    giving.confirm(found, confirmed_by="Ann of the Cast", by=SYSTEM)
    here, page = f"/subsidies/{found.id}", client.sign_in(cast.finance_officer).get(HERE).text
    assert 'counts=to_give#subsidies">£210,000.00<' in page
    assert "It can now be given" in client.get(here).text
    recording.declare(own(), details(200_000), by=SYSTEM)
    page = client.get(here).text
    assert (
        "It cannot be given today. With £90,000.00 the limit of £315,000.00 is passed by £95,000.00" in page
    )
    assert "Record as given today" not in page
    assert client.post(f"{here}/give").status_code == 409


def test_K11_a_founder_does_not_read_of_their_own_list_that_our_subsidy_is_ours(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = prepared(own(), 120_000)
    client.sign_in(cast.finance_officer)
    here = f"/businesses/{BUSINESS}/subsidy"
    assert "Ours" in client.get(here).text
    sent(client, f"/subsidies/{found.id}/notify")
    page = client.sign_in(cast.founder).get(here).text
    assert ("£120,000.00" in page, "Ours" in page) == (True, False)


def test_p38_a_form_of_ours_offers_no_other_regime_and_stores_none(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.programme_manager)
    for door in ("prepare", "in-kind"):
        assert "Given as" not in client.get(f"{HERE}/{door}").text
        sent(client, f"{HERE}/{door}", given("10", "24 11 2026", regime="spei"))
    assert set(db.scalars(select(Subsidy.regime))) == {Regime.MFA}
    sent(client.sign_in(cast.founder), f"{HERE}/declare", given("10", "24 11 2026", regime="spei"))
    assert Regime.SPEI in set(db.scalars(select(Subsidy.regime)))


def test_p38_what_was_prepared_under_another_regime_before_stays_readable_and_counts(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.programme_manager)
    sent(client, f"{HERE}/prepare", given("10,000", "24 11 2026"))
    found = db.scalars(select(Subsidy)).one()
    found.regime = Regime.SPEI
    db.flush()
    assert "Services of public economic interest assistance" in client.get(f"/subsidies/{found.id}").text
    page = " ".join(client.get(f"{HERE}/prepare").text.split())
    assert "£305,000.00 can still be given to Cast Pictures today" in page
    assert "so what others gave of either counts here" in page
