"""How a test-bed project ends: what was agreed stays, invitations end, businesses withdraw and are told the result."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.ip.testbed.queries import joining
from crm.ip.testbed.service import leading, spending
from crm.ip.testbed.service.spending import SpendDetails
from crm.ip.testbed.workflow import PartStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.notices.rules import word
from tests import factories
from tests.cast import OTHER_BUSINESS, Cast, Member
from tests.client import ConformingClient
from tests.ip import bed

sqlite = pytest.mark.engine("sqlite")
PROJECT = {"title": "A contract on two pages", "budget": "1000.00"}


def letter_to(kind: str, email: str) -> str:
    """The text of the only letter of a kind to an address."""
    (found,) = (each for each in bed.letters(kind) if each.to_address == email)
    given = {"to_name": found.to_name, "base_url": "https://crm.example", "service_name": "The CRM"}
    return word(kind, found.context | given).text


@sqlite
def test_what_may_be_published_is_fixed_once_it_is_agreed_and_a_first_day_is_not_put_after_spend_k16_k5(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    found = bed.running(starts_on=today() - timedelta(days=9))
    spending.spend(found, SpendDetails(today() - timedelta(days=2), "Printing", Money(100)), by=SYSTEM)
    client.sign_in(manager)
    where = f"/test-bed/{found.id}/change"
    form = bed.page(client, where)
    assert "What may be published was fixed when the project was agreed: The result without names" in form
    assert 'name="may_publish"' not in form
    given = PROJECT | {"may_publish": "All names"} | bed.days("ends_on", today() + timedelta(days=60))
    given["version"] = str(bed.again(found).version)
    for moved, words in ((1, "Enter today or an earlier day"), (-1, "Money was spent on")):
        refused = client.post(where, data=given | bed.days("starts_on", today() + timedelta(days=moved)))
        assert refused.status_code == 422
        assert words in refused.text
    kept = client.post(where, data=given | bed.days("starts_on", today() - timedelta(days=2)))
    assert kept.status_code == 303
    assert bed.again(found).may_publish == "The result without names"
    with pytest.raises(Invalid, match="fixed when the project was agreed"):
        leading.change(bed.again(found), bed.details(may_publish="All names"), version=None, by=SYSTEM)


@sqlite
def test_a_business_withdraws_on_a_page_of_its_own_the_lead_is_told_and_it_can_be_invited_again_k33_k15(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    own = bed.owner()
    found = bed.running(title="Ours")
    part = bed.taking(own, found)
    found.lead_id = manager.id
    session().flush()
    session().expire_all()
    where = f"/test-bed/parts/{part.id}"
    client.sign_in(cast.founder)
    assert f'href="{where}/withdraw"' in bed.page(client, where)
    assert "Stop taking part?" in bed.page(client, f"{where}/withdraw")
    assert client.post(f"{where}/withdraw").status_code == 303
    assert bed.letters("test_bed_withdrawn")[0].context["business"] == own.name
    client.sign_in(manager)
    assert f"{own.name} withdrew. Invite another business" in bed.page(client, "/desk")
    history = " ".join(bed.page(client, f"/test-bed/{found.id}").partition("History</h2>")[2].split())
    for told in (f"invited {own.name}", f"that {own.name} takes part", f"that {own.name} withdrew"):
        assert told in history
    again = client.post(f"/test-bed/{found.id}/invite/{own.id}", data={"does": "Use it once more"})
    assert again.status_code == 303
    assert "withdrew. Invite another" not in bed.page(client, "/desk")
    asked = bed.page(client.sign_in(cast.founder), where)
    assert "Take part" in asked
    assert "You can answer until the trial ends, which is planned for" in asked, "by when"


@sqlite
def test_once_the_trial_ended_nobody_is_invited_and_once_it_is_over_nobody_withdraws_k6_k15(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    own, other = bed.owner(), bed.owner(OTHER_BUSINESS)
    factories.person(own, email="ann@made.example")
    factories.person(other, email="bob@made.example")
    found = bed.running()
    part, asked = bed.taking(own, found), bed.invited(other, found)
    third = factories.business(name="Third Made Works")
    client.sign_in(manager)
    client.post(f"/test-bed/{found.id}/report")
    ended = next(each for each in bed.letters("test_bed_cancelled") if each.to_address == "bob@made.example")
    assert ended.context["has_ended"]
    assert ended.context["business"] == other.name
    invite = f"/test-bed/{found.id}/invite/{third.id}"
    assert "The trial has ended" in client.get(invite).text
    assert client.post(invite, data={"does": "Use it"}).status_code == 409
    assert client.get(f"/test-bed/{found.id}/find").status_code == 409
    assert "Invite a business" not in bed.page(client, f"/test-bed/{found.id}")
    finish, said = f"/test-bed/{found.id}/finish", {"result": "One in ten does", "lessons": "Ask early"}
    assert f"{own.name}: taking part" in bed.page(client, finish)
    assert client.post(finish, data={**said, "seen": "of before one withdrew"}).status_code == 409
    client.post(finish, data=said)
    told = next(each for each in bed.letters("test_bed_finished") if each.to_address == cast.founder.email)
    assert (told.context["business"], told.context["result"]) == (own.name, "One in ten does")
    client.sign_in(cast.founder)
    where = f"/test-bed/parts/{part.id}"
    assert "/withdraw" not in bed.page(client, where)
    for refused in (client.get(f"{where}/withdraw"), client.post(f"{where}/withdraw")):
        assert refused.status_code == 409
        assert "its report says who took part" in refused.text
    assert "Took part" in bed.page(client, where)
    session().expire_all()
    assert joining.part(asked.id).status is PartStatus.CANCELLED  # type: ignore[union-attr]


def test_who_took_part_in_a_project_that_is_stopped_is_not_told_that_it_was_invited_k11(db: Session) -> None:
    own = bed.owner(factories.business().id)
    factories.person(own, email="ann@made.example")
    found = bed.running()
    bed.taking(own, found)
    leading.stop(found, reason="The hall was let", by=SYSTEM)
    assert bed.letters("test_bed_stopped")[0].context["took_part"] is True


@sqlite
def test_a_business_without_an_account_answers_by_reply_and_the_manager_records_it_k13_k16(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    who = factories.business(name="Invented: No Account Ltd")
    factories.person(who, name="Ida Reply", email="ida@reply.example")
    session().flush()
    part = bed.invited(who)
    letter = letter_to("test_bed_invited", "ida@reply.example")
    assert "You have no account with us. Reply to this email and say whether" in letter
    assert "/test-bed/parts/" not in letter
    client.sign_in(manager)
    assert "Record that it takes part" in bed.page(client, f"/test-bed/parts/{part.id}")
    assert (
        client.post(f"/test-bed/parts/{part.id}/take-part", data={"told": "Ida, by email"}).status_code == 303
    )
    found = bed.again(part.project)
    session().refresh(part, ["_status"])
    assert part.status is PartStatus.TAKING_PART
    planned = day_in_words(found.ends_on)
    assert client.post(f"/test-bed/{found.id}/report").status_code == 303
    ended = letter_to("test_bed_ended", "ida@reply.example")
    assert f"It was planned to end on {planned}" in ended
    assert "You have no account" in ended
    assert f"Planned until {planned}" in bed.page(client, f"/test-bed/parts/{part.id}")


@sqlite
def test_a_partner_is_removed_with_a_reason_and_the_businesses_are_told_k33(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    part = bed.taking(bed.owner())
    found = bed.again(part.project)
    client.sign_in(manager)
    only = f"/test-bed/{found.id}/partners/{found.partners[0].id}/remove"
    last = client.get(only)
    assert last.status_code == 409
    assert "An agreed project needs a partner. Add another first." in last.text
    assert f'href="/test-bed/{found.id}">See what it says now' in last.text
    assert only not in client.get(f"/test-bed/{found.id}").text
    leading.add_partner(found, "The Hall", by=SYSTEM)
    found = bed.again(found)
    where = next(each for each in found.partners if each.name == "STEAMhouse")
    path = f"/test-bed/{found.id}/partners/{where.id}/remove"
    unsaid = client.post(path, data={"reason": " "})
    assert unsaid.status_code == 422
    assert client.post(path, data={"reason": "It closed"}).status_code == 303
    told = bed.letters("test_bed_partner")
    assert told
    assert {each.context["reason"] for each in told} == {"It closed"}
    assert {each.context["partners"] for each in told} == {"The Hall"}


@sqlite
def test_an_adviser_records_what_a_business_says_and_sees_no_business_of_another_hub(
    client: ConformingClient, cast: Cast
) -> None:
    found = bed.running()
    own, other = bed.invited(bed.owner(), found), bed.invited(bed.owner(OTHER_BUSINESS), found)
    client.sign_in(cast.adviser)
    told = bed.page(client, f"/test-bed/{found.id}")
    assert own.business.name in told
    assert other.business.name not in told
    assert "1 business of other hubs" in told
    assert "budget" not in told
    assert "Record that it declines" in bed.page(client, f"/test-bed/parts/{own.id}")
    where = f"/test-bed/parts/{own.id}/decline"
    assert "Say who told you, and how" in client.post(where, data={"told": ""}).text
    assert cast.founder.email in bed.page(client, where)
    client.post(where, data={"told": "Ann Bell, by telephone today"})
    recorded = {each.to_address: each.context["told"] for each in bed.letters("test_bed_recorded")}
    assert recorded[cast.founder.email] == "Ann Bell, by telephone today"
    session().expire_all()
    assert joining.part(own.id).status is PartStatus.DECLINED  # type: ignore[union-attr]


@sqlite
def test_what_was_spent_after_the_last_day_of_a_project_is_said_to_be_k9(
    client: ConformingClient, manager: Member
) -> None:
    found = bed.running()
    found.starts_on = found.ends_on = today() - timedelta(days=1)
    session().flush()
    client.sign_in(manager)
    where = f"/test-bed/{found.id}/spend"
    form: dict[str, Any] = {"what": "Writing up", "amount": "0.01"} | bed.days("spent_on", today())
    assert "If it was spent after that, tick the box below" in client.post(where, data=form).text
    assert client.post(where, data=form | {"is_late": "y"}).status_code == 303
    assert bed.again(found).spent == Money(1)
