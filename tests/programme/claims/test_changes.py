"""Changes to an award through the page: requested by its owner, decided old beside new, and the old terms stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm.funding.envelopes.models import Envelope
from crm.kernel.errors import Invalid
from crm.kernel.money import Money
from crm.notices.models import Letter
from crm.notices.service import as_sent
from crm.programme.awards.models import Award
from crm.programme.claims.queries.changes import changes_of, open_change
from crm.programme.claims.rules.changing import (
    AwardTerms,
    Bounds,
    MilestoneTerms,
    differences,
    only,
    read,
    require_change,
    stored,
)
from crm.programme.claims.workflow import ChangeStatus
from tests import claimed
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.claims.test_claims import letters
from tests.programme.pages import sent, typed

FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)


def spoken(day: date) -> str:
    return f"{day.day} {day.month} {day.year}"


def milestone(day: date, pounds: int) -> MilestoneTerms:
    return MilestoneTerms(uuid4(), "Made", day, "Made: orders", Money.pounds(pounds))


def terms(*rows: MilestoneTerms) -> AwardTerms:
    return AwardTerms("Made: a pilot", LAST, rows)


TERMS = terms(milestone(date(2026, 9, 1), 5_000), milestone(date(2027, 1, 1), 3_000))
ONE, TWO = TERMS.milestones


def bounds(**fields: Any) -> Bounds:
    given = {"starts_on": FIRST, "amount": Money.pounds(8_000), "fixed": (), "taken": {}} | fields
    return Bounds(**given)


def paying(first: int, second: int) -> AwardTerms:
    """The terms with other instalments, in pence."""
    return replace(TERMS, milestones=(replace(ONE, amount=Money(first)), replace(TWO, amount=Money(second))))


def in_lines(first: int, second: int) -> AwardTerms:
    """The same where the first milestone is capital and the second revenue."""
    one, two = paying(first, second).milestones
    return replace(TERMS, milestones=(replace(one, is_capital=True), two))


@pytest.mark.parametrize(
    ("kind", "after", "within", "says"),
    [
        ("money", paying(500_000, 300_000), {}, "Change what the milestones pay"),
        ("money", paying(450_000, 350_001), {}, "£0.01 more than the award of £8,000.00"),
        ("money", paying(450_000, 349_999), {}, "£0.01 less than the award of £8,000.00"),
        ("money", paying(450_000, 350_000), {"fixed": {ONE.id}}, "£5,000.00 was claimed for “Made”"),
        ("money", paying(450_000, 350_000), {"taken": {ONE.id: Money(450_001)}}, "£4,500.01 was claimed"),
        ("money", paying(800_000, 0), {}, "“Made” is not met yet, so it must pay more than £0"),
        ("money", in_lines(450_000, 350_000), {}, "milestones of capital must come to £5,000.00"),
        ("time", replace(TERMS, ends_on=date(2026, 12, 31)), {}, "1 January 2027 or later"),
        ("time", replace(TERMS, ends_on=date(2026, 6, 30)), {}, "today or later"),
        (
            "time",
            replace(TERMS, milestones=(ONE, replace(TWO, due_on=LAST + timedelta(days=1)))),
            {},
            "31 March 2027 or earlier",
        ),
    ],
    ids=[
        *("nothing", "a penny over", "a penny under", "fixed", "taken", "left with nothing", "lines"),
        *("before due", "past", "after end"),
    ],
)
def test_p43_a_change_stays_within_the_award_to_the_penny_and_the_day(
    kind: str, after: AwardTerms, within: dict[str, Any], says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        require_change(before_of(after), after, kind=kind, within=bounds(**within), on=date(2026, 8, 1))


def test_an_award_is_not_made_longer_than_the_fund_that_pays_it_by_the_form_or_the_approval(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    here = asked_for_time(client, cast, found)
    fund = claimed.whole(found.id).envelope
    given = typed(spoken(fund.ends_on + timedelta(days=1)), name="ends_on")
    for each in found.milestones:
        given |= typed(spoken(each.due_on), name=f"due_{each.id.hex}")
    sent(client, f"{here}/withdraw")
    refused = client.post(f"/awards/{found.id}/changes/time", data=given | {"reason": "The fair was moved"})
    assert "when the fund that pays the grant ends" in refused.text
    assert 'href="#ends_on' in refused.text
    asked_for_time(client, cast, found)
    waiting = open_change(found.id)
    assert waiting is not None
    again = f"/award-changes/{waiting.id}"
    db.execute(update(Envelope).values(ends_on=found.ends_on + timedelta(days=59)))
    db.expire_all()
    client.sign_in(cast.programme_manager)
    stopped = client.post(f"{again}/approve")
    assert stopped.status_code == 409
    assert "when the fund that pays the grant ends" in stopped.text


def before_of(after: AwardTerms) -> AwardTerms:
    """The terms before, in the lines that they have after."""
    rows = zip(TERMS.milestones, after.milestones, strict=True)
    return replace(TERMS, milestones=tuple(replace(old, is_capital=new.is_capital) for old, new in rows))


def test_a_change_touches_only_what_its_kind_is_about_and_terms_are_read_as_they_were_stored() -> None:
    everything = AwardTerms("Made: two", LAST + timedelta(days=1), paying(100, 200).milestones)
    assert only(TERMS, everything, kind="time") == replace(TERMS, ends_on=everything.ends_on)
    assert only(TERMS, everything, kind="scope") == replace(TERMS, purpose="Made: two")
    assert only(TERMS, everything, kind="money") == paying(100, 200)
    assert read(stored(TERMS)) == TERMS
    whats = [each.what for each in differences(TERMS, everything)]
    assert whats == [
        "What the grant is for",
        "End date",
        *(f"“{each.title}”, instalment" for each in TERMS.milestones),
    ]


def asked_for_time(client: ConformingClient, cast: Cast, found: Award) -> str:
    """Sixty days more, asked for by the owner; return the address of the change."""
    client.sign_in(cast.founder)
    assert "Ask for more time" in client.get(f"/awards/{found.id}").text
    first, second = found.milestones
    given = typed(spoken(found.ends_on + timedelta(days=60)), name="ends_on")
    given |= typed(spoken(first.due_on + timedelta(days=30)), name=f"due_{first.id.hex}")
    given |= typed(spoken(second.due_on), name=f"due_{second.id.hex}")
    new = f"/awards/{found.id}/changes/time"
    assert "Say why" in client.post(new, data=given).text
    page = sent(client, new, given | {"reason": "The trade fair was moved"})
    assert "Your terms stay as they are" in page
    return f"/award-changes/{changes_of(found.id)[0].id}"


def test_p47_an_owner_asks_for_time_and_the_approved_days_hold_with_the_old_ones_still_readable(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    ends, due = found.ends_on, found.milestones[0].due_on
    here = asked_for_time(client, cast, found)
    assert "is being decided" in client.get(f"/awards/{found.id}/changes/scope").text, "one at a time"
    assert client.post(f"{here}/approve").status_code in {403, 404}, "nobody approves their own"
    assert claimed.whole(found.id).ends_on == ends
    client.sign_in(cast.programme_manager)
    assert here in client.get("/desk").text
    page = client.get(here).text
    assert "The trade fair was moved" in page
    assert "Approve the change" in page
    assert "Support the change" not in page
    assert "Change approved" in sent(client, f"{here}/approve")
    again = claimed.whole(found.id)
    assert again.ends_on == ends + timedelta(days=60)
    assert again.milestones[0].due_on == due + timedelta(days=30)
    assert here not in client.get("/desk").text
    client.sign_in(cast.founder)
    said = client.get(here).text
    assert said.count(f"{due.day} {due:%B %Y}") >= 2, "in what changed, and in the terms before it"
    assert here in client.get(f"/awards/{found.id}").text
    assert letters(db, "award_change_approved") == 1


def test_p45_money_moves_between_milestones_by_two_people_and_never_above_the_award(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    first, second = (each.id.hex for each in found.milestones)
    client.sign_in(cast.founder)
    new = f"/awards/{found.id}/changes/money"
    given = {f"amount_{first}": "4500", f"amount_{second}": "3500.01", "reason": "Prints cost more"}
    assert "£0.01 more than the award" in client.post(new, data=given).text
    sent(client, new, given | {f"amount_{second}": "3500"})
    (made,) = changes_of(found.id)
    here = f"/award-changes/{made.id}"
    client.sign_in(cast.approver)
    assert here not in client.get("/desk").text, "it was not supported yet"
    client.sign_in(cast.programme_manager)
    assert "another person approves it" in client.post(f"{here}/approve").text
    assert "Change supported" in sent(client, f"{here}/support")
    assert "another person approves it" in client.get(here).text
    assert client.post(f"{here}/approve").status_code == 409
    assert [each.amount for each in claimed.whole(found.id).milestones] == [*claimed.INSTALMENTS]
    client.sign_in(cast.approver)
    assert here in client.get("/desk").text
    assert "Change approved" in sent(client, f"{here}/approve")
    assert client.post(f"{here}/approve").status_code == 409, "twice does nothing"
    again = claimed.whole(found.id)
    assert [each.amount for each in again.milestones] == [Money.pounds(4_500), Money.pounds(3_500)]
    assert again.amount == Money.pounds(8_000)
    assert letters(db, "award_change_approved") == 1


def test_k11_the_letter_of_a_second_change_does_not_take_back_the_first(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    here = asked_for_time(client, cast, found)
    sent(client.sign_in(cast.programme_manager), f"{here}/approve")
    first, second = (each.id.hex for each in found.milestones)
    client.sign_in(cast.founder)
    given = {f"amount_{first}": "4500", f"amount_{second}": "3500", "reason": "Prints cost more"}
    sent(client, f"/awards/{found.id}/changes/money", given)
    last = open_change(found.id)
    assert last is not None
    sent(client.sign_in(cast.programme_manager), f"/award-changes/{last.id}/support")
    sent(client.sign_in(cast.approver), f"/award-changes/{last.id}/approve")
    rows = db.scalars(select(Letter).where(Letter.kind == "award_change_approved")).all()
    told = [as_sent(each.kind, {**each.context, "to_name": each.to_name}).text for each in rows]
    assert len(told) == 2
    for text in told:
        assert "Everything else stays as it is now." in text
        assert "as your grant offer letter says" not in text, (
            "its end date is no longer that of the offer letter"
        )


def test_p43_what_was_not_claimed_of_a_claimed_milestone_can_be_moved_and_what_was_claimed_cannot(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    claimed.approved(found, 4_000)
    first, second = (each.id.hex for each in claimed.whole(found.id).milestones)
    client.sign_in(cast.founder)
    new, why = f"/awards/{found.id}/changes/money", {"reason": "The prints cost less"}
    as_it_is = client.post(new, data=why | {f"amount_{first}": "5000", f"amount_{second}": "3000"}).text
    assert f'href="#amount_{first}"' in as_it_is, "a change of nothing leads to a box"
    too_much = why | {f"amount_{first}": "3999", f"amount_{second}": "4001"}
    assert "£4,000.00 was claimed for “Made: milestone 1”" in client.post(new, data=too_much).text
    sent(client, new, why | {f"amount_{first}": "4000", f"amount_{second}": "4000"})
    assert open_change(found.id) is not None


def test_p43_a_change_of_a_milestone_that_was_claimed_for_meanwhile_is_refused_in_words(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    moved = claimed.money_moved(found)
    claimed.approved(claimed.whole(found.id), 5_000)
    client.sign_in(cast.programme_manager)
    here = f"/award-changes/{moved.id}"
    assert "£5,000.00 was claimed for “Made: milestone 1”, which is all that it pays" in client.get(here).text
    assert client.post(f"{here}/support").status_code == 409
    assert "Say why" in client.post(f"{here}/refuse", data={}).text
    assert "Change refused" in sent(client, f"{here}/refuse", {"reason": "It was paid already"})
    client.sign_in(cast.founder)
    assert "It was paid already" in client.get(here).text
    assert letters(db, "award_change_refused") == 1
    assert "has fewer" in client.get(f"/awards/{found.id}/changes/money").text
    purpose, second = "Made: a pilot in one market", found.milestones[1]
    given = {"purpose": purpose, f"title_{second.id.hex}": second.title, "reason": "One buyer left"}
    given[f"evidence_{second.id.hex}"] = second.evidence_wanted
    sent(client, f"/awards/{found.id}/changes/scope", given)
    made = open_change(found.id)
    assert made is not None
    assert "Change withdrawn" in sent(client, f"/award-changes/{made.id}/withdraw")
    db.expire_all()
    statuses = {each.status for each in changes_of(found.id)}
    assert statuses == {ChangeStatus.REFUSED, ChangeStatus.WITHDRAWN}
    assert claimed.whole(found.id).purpose == found.purpose
