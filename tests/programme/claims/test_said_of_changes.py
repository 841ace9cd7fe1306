"""What the pages say of a change to an award: why it cannot be, who decides it, and from which line a milestone is paid."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.kernel.calendar import day_in_words
from crm.notices.models import Letter
from crm.notices.service import as_sent
from crm.programme.awards.models import Award
from crm.programme.claims.queries.changes import bounds_of, open_change
from crm.programme.claims.rules.changing import stored, terms_of_award, why_fixed
from crm.programme.claims.service import assessing, claiming
from crm.programme.claims.workflow import ChangeKind
from tests import claimed
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.pages import sent

CLAIMED = "£5,000.00 was claimed for “Made: milestone 1”"


def text_of(client: ConformingClient, path: str) -> str:
    return " ".join(client.get(path).text.split())


def paying(found: Award, first: str, second: str) -> dict[str, str]:
    """The form of a change of money."""
    one, two = (each.id.hex for each in found.milestones)
    return {f"amount_{one}": first, f"amount_{two}": second, "reason": "Made: prints cost more"}


def test_k33_while_a_change_waits_another_leads_to_it_and_what_cannot_be_moved_leads_to_the_award(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    waits = claimed.money_moved(found)
    client.sign_in(cast.founder)
    for kind in ("time", "money"):
        refused = client.get(f"/awards/{found.id}/changes/{kind}")
        assert (refused.status_code, f'href="/award-changes/{waits.id}">See what' in refused.text) == (
            409,
            True,
        )
    sent(client, f"/award-changes/{waits.id}/withdraw")
    first, _second = claimed.whole(found.id).milestones
    first.is_capital, claimed.whole(found.id).line = True, None
    db.flush()
    lines = client.get(f"/awards/{found.id}/changes/money")
    assert "Capital cannot be moved to revenue" in lines.text
    assert f'href="/awards/{found.id}">See what it says now' in lines.text


def test_k11_a_change_of_money_says_to_each_reader_who_supports_and_who_approves_it(
    client: ConformingClient, cast: Cast
) -> None:
    here = f"/award-changes/{claimed.money_moved(claimed.award()).id}"
    for reader, is_asked in ((cast.approver, False), (cast.auditor, False), (cast.programme_manager, True)):
        page = text_of(client.sign_in(reader), here)
        assert ("If you support the change" in page) is is_asked
        assert ("A programme manager supports the change first" in page) is not is_asked
    sent(client, f"{here}/support")
    assert "Once you approve it" in text_of(client.sign_in(cast.approver), here)
    assert "Once another programme manager or an approver approves it" in text_of(
        client.sign_in(cast.auditor), here
    )


def test_k28_a_change_that_a_claim_overtook_says_the_sum_that_was_claimed_and_the_claim_that_is_decided_first(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    moved = claimed.money_moved(found)
    made = claimed.submitted(claimed.whole(found.id), 5_000)
    here = f"/award-changes/{moved.id}"
    client.sign_in(cast.programme_manager)
    said = f"{CLAIMED}, so it must pay at least as much. Decide claim {made.number} first, or refuse"
    assert said in text_of(client, here)
    owned = text_of(client.sign_in(cast.founder), here)
    assert f"cannot be approved as things are now. {CLAIMED}, so it must pay at least as much." in owned
    assert "Withdraw the change and ask for another" in owned
    assessing.reject(made, reason="Made: the wrong bill", by=claimed.SYSTEM)
    assert "cannot be approved as things are now" not in text_of(client, here)
    assert "If you support the change" in text_of(client.sign_in(cast.programme_manager), here)


def test_k28_a_milestone_that_is_fixed_says_whether_it_is_met_or_was_claimed_for(cast: Cast) -> None:
    found = claimed.award()
    claimed.met(found)
    within = bounds_of(claimed.whole(found.id), ChangeKind.TIME)
    first, second = terms_of_award(claimed.whole(found.id)).milestones
    assert why_fixed(first, within, kind="time").startswith("“Made: milestone 1” is met, so its date")
    assert "was claimed for, so its words" in why_fixed(second, within, kind="scope")


def test_no_money_is_moved_from_a_milestone_that_is_not_met_until_nothing_is_left_of_it(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    client.sign_in(cast.founder)
    new = f"/awards/{found.id}/changes/money"
    assert "not met yet must pay more than £0" in text_of(client, new)
    for given, name in ((paying(found, "8000", "0"), 2), (paying(found, "0", "8000"), 1)):
        refused = client.post(new, data=given)
        assert refused.status_code == 422
        assert f"“Made: milestone {name}” is not met yet, so it must pay more than £0" in refused.text
    claimed.met(found)
    sent(client, new, paying(found, "0", "8000"))
    assert open_change(found.id) is not None


def test_the_terms_before_a_change_say_which_milestone_is_capital_and_which_revenue(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.award()
    found.line, found.milestones[0].is_capital = None, True
    db.flush()
    before: dict[str, Any] = stored(terms_of_award(claimed.whole(found.id)))
    moved = claimed.change(found, before=before)
    client.sign_in(cast.founder)
    page = text_of(client, f"/award-changes/{moved.id}")
    assert "£5,000.00 capital" in page
    assert "£3,000.00 revenue" in page
    claims = text_of(client, f"/awards/{found.id}/claims")
    assert "Left to claim: £5,000.00 of £5,000.00 capital." in claims


def test_a_milestone_that_was_met_early_has_a_due_date_that_is_not_told_in_the_past(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    claimed.met(found)
    client.sign_in(cast.founder)
    page = text_of(client, f"/awards/{found.id}/claims")
    assert ("It was due on" in page, "Due date: " in page) == (False, True)


def test_k32_each_error_on_the_approval_of_a_claim_names_its_cost_also_where_two_are_alike(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    made = claimed.submitted(found, 1_000, 1_000, 500, bill=b"Made: one bill\n")
    client.sign_in(cast.programme_manager)
    here = f"/award-claims/{made.id}"
    page = text_of(client, f"{here}/approve")
    named = [f"is attached to cost {place} of this claim: Made Ltd, Made: a camera." for place in (1, 2, 3)]
    assert [page.count(each) for each in named] == [2, 2, 2], "each cost names the two others"
    boxes = {f"approved_{each.id.hex}": str(each.claimed) for each in made.costs}
    boxes["version"] = str(made.version)
    second = made.costs[1].id.hex
    refused = client.post(f"{here}/approve", data=boxes | {f"approved_{second}": "1"})
    assert "Say why you do not approve all of cost 2 (Made: a camera)" in refused.text
    more = client.post(f"{here}/approve", data=boxes | {f"approved_{second}": "1000.01"})
    most = made.costs[1].claimed.in_full()
    assert f"Approve between £0 and {most} of cost 2 (Made: a camera)" in more.text


def test_the_day_a_cost_was_paid_is_asked_for_up_to_today_while_the_award_runs(
    client: ConformingClient, cast: Cast
) -> None:
    found = claimed.award()
    claimed.met(found)
    made = claiming.begin(claimed.of(claimed.whole(found.id)), by=claimed.SYSTEM)
    client.sign_in(cast.founder)
    assert ", when the award starts, to today" in text_of(client, f"/award-claims/{made.id}/costs/add")


def test_k9_a_repayment_is_paid_and_disagreed_with_by_the_end_of_one_day(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    found = claimed.asked_back(claimed.award())
    client.sign_in(cast.founder)
    assert "Pay back £800.00 by the end of " in text_of(client, f"/repayments/{found.id}")
    letter = db.scalars(select(Letter).where(Letter.kind == "repayment_asked")).one()
    said = as_sent(letter.kind, {**letter.context, "to_name": letter.to_name}).text
    end = f"by the end of {day_in_words(found.due_on)}"
    assert (f"of its grant {end}" in said, f"write to us {end}" in said) == (True, True)
