"""A handover: one letter with days and links, read by its receivers, and refused in words where it is stale."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm.accounts.models import Account
from crm.accounts.workflow import AccountStatus
from crm.businesses.queries.seeing import business
from crm.casework.models import NextStepAssignee
from crm.kernel.clock import now
from crm.kernel.roles import Role, Scope
from crm.notices.models import Letter
from crm.notices.rules import word
from tests import factories, gatherings, invited
from tests.accounts.test_caseloads import enquiry
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient


def in_text(letter: Letter) -> str:
    given = {"to_name": "Col", "base_url": "https://crm", "service_name": "CRM"}
    return word(letter.kind, letter.context | given).text


def _colleague_of(cast: Cast, name: str) -> Account:
    made = factories.account(name=name)
    (held,) = cast.adviser.account.grants
    factories.grant(made, Role.ADVISER, scope=Scope.HUB, scope_id=held.scope_id)
    return made


def in_hand(cast: Cast, db: Session) -> list[Any]:
    """One thing of several kinds that the adviser of the cast has in hand: two steps, hours asked about and not, and a
    meeting that is over.
    """
    owner = business(BUSINESS)
    assert owner is not None
    steps = [factories.next_step(owner, title=f"Ring bank {n}", due_on=date(2026, 12, 3)) for n in (1, 2)]
    for step in steps:
        db.execute(delete(NextStepAssignee).where(NextStepAssignee.next_step_id == step.id))
        factories.kept(NextStepAssignee(next_step_id=step.id, account_id=cast.adviser.id))
    hours = [factories.hours(owner, asker_id=cast.adviser.id, asked_at=at) for at in (None, now())]
    began = now() - timedelta(days=2)
    meeting = {"starts_at": began, "ends_at": began + timedelta(hours=1)}
    over = gatherings.appointment(owner, adviser_id=cast.adviser.id, **meeting)
    return [*steps, *hours, over, enquiry(cast)]


def test_a_receiver_gets_one_letter_with_every_case_its_day_and_its_page(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    made, where = in_hand(cast, db), f"/people/{cast.adviser.id}/caseload"
    page = client.sign_in(cast.administrator).get(where).text
    assert all(f'name="to-{each.id}"' in page for each in made)
    answer = client.post(where, data={"everything_to": str(colleague.id)})
    assert answer.status_code == 303, answer.text
    (letter,) = [each for each in db.scalars(select(Letter)) if each.to_address == colleague.email]
    text = in_text(letter)
    assert f": Ring bank 1, 3 December 2026\n  https://crm/next-steps/{made[0].id}" in text
    assert text.count("https://crm/") == len(made) + 1
    assert f"https://crm{answer.headers['Location']}" in text
    db.expire_all()
    assert {made[2].asker_id, made[3].asker_id, made[4].adviser_id} == {colleague.id}


def test_a_receiver_may_read_what_was_handed_over_to_them_and_the_history_names_them(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    made = in_hand(cast, db)
    client.sign_in(cast.administrator)
    there = client.post(
        f"/people/{cast.adviser.id}/caseload", data={"everything_to": str(colleague.id)}
    ).headers["Location"]
    page = client.sign_in(colleague).get(there).text
    assert page.count("to Col League") == len(made)
    assert "Undo the handover" not in page
    assert client.post(f"{there}/undo").status_code == 403
    assert "entry of hours to ask the business about" in client.get("/desk").text
    client.sign_in(cast.administrator)
    history = client.get(f"/audit?kind=account&thing_id={cast.adviser.id}").text
    assert "Handed over to: Col League" in " ".join(history.split())
    history = client.get(f"/audit?kind=next_step&thing_id={made[0].id}").text
    assert f"Who does it: {cast.adviser.account.name} → Col League" in " ".join(history.split())
    answer = client.post(f"{there}/undo")
    assert f"{len(made)} of {len(made)} given back" in client.get(answer.headers["Location"]).text


def test_a_preview_whose_colleague_or_cases_are_gone_meanwhile_says_so_and_keeps_what_was_chosen(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    first, second = enquiry(cast), enquiry(cast)
    where, other = f"/people/{cast.adviser.id}/caseload", str(cast.hub_manager.id)
    chosen = {f"to-{first.id}": str(colleague.id), f"to-{second.id}": other}
    client.sign_in(cast.administrator)
    assert client.post(f"{where}/preview", data=chosen).status_code == 200
    client.post(f"/people/{colleague.id}/deactivate")
    for there in (where, f"{where}/preview"):
        refused = client.post(there, data=chosen)
        assert refused.status_code == 422
        assert "Col League can no longer sign in, so nothing was handed over" in refused.text
        assert f'<option value="{other}" selected>' in refused.text
    db.refresh(second)
    second.claimed_by_id = cast.hub_manager.id
    db.flush()
    refused = client.post(where, data={f"to-{second.id}": other})
    assert refused.status_code == 409
    assert "What you chose was closed or passed on after you opened the page" in refused.text


def test_a_handover_is_not_undone_where_its_giver_has_left_and_its_page_says_who_did_it(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    step = factories.next_step(owner, title="Ring the bank")
    db.execute(delete(NextStepAssignee).where(NextStepAssignee.next_step_id == step.id))
    gone = factories.account(AccountStatus.DEACTIVATED, name="Gone Away")
    for who in (gone.id, cast.adviser.id):
        factories.kept(NextStepAssignee(next_step_id=step.id, account_id=who))
    meeting = gatherings.appointment(owner, adviser_id=cast.adviser.id, starts_at=now() + timedelta(days=3))
    client.sign_in(cast.administrator).post(f"/people/{cast.adviser.id}/deactivate")
    answer = client.post(f"/people/{cast.adviser.id}/caseload", data={"everything_to": str(colleague.id)})
    there = answer.headers["Location"]
    page = " ".join(client.get(there).text.split())
    assert f"Handed over by {cast.administrator.account.name}" in page
    assert "can no longer sign in, so nothing can be given back" in page
    assert "Undo the handover" not in page
    assert client.post(f"{there}/undo").status_code == 409
    db.expire_all()
    assert meeting.adviser_id == colleague.id
    assert "Leave it with" not in client.get(f"/people/{gone.id}/caseload").text


def test_ending_an_absence_says_what_stays_with_the_cover_and_opens_the_page_to_hand_it_back(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    made, own = enquiry(cast), enquiry(cast, claimed_by_id=colleague.id)
    days = {"first_day-day": "24", "first_day-month": "11", "first_day-year": "2026"}
    days |= {"last_day-day": "27", "last_day-month": "11", "last_day-year": "2026"}
    told = {"account_id": str(cast.adviser.id), "covered_by_id": str(colleague.id)} | days
    client.sign_in(cast.hub_manager).post("/enquiries/absences/new", data=told)
    listed = re.search(r"/enquiries/absences/[0-9a-f-]{36}/end", client.get("/enquiries/capacity").text)
    assert listed is not None
    answer = client.post(listed[0])
    assert answer.headers["Location"] == f"/people/{colleague.id}/caseload"
    told = {
        each.to_address: in_text(each) for each in db.scalars(select(Letter)) if each.kind == "absence_ended"
    }
    assert set(told) == {cast.adviser.email, colleague.email}
    assert "stay with Col League until they are handed back:\n\n- " in told[cast.adviser.email]
    assert made.reference in told[colleague.email]
    page = client.get(answer.headers["Location"]).text
    assert f"The absence has ended. {made.reference} stays with Col League." in page
    assert f"{own.reference} stay" not in page
    assert f'name="to-{made.id}"' in page
    history = client.get(f"/enquiries/{made.id}").text
    assert "It went to the colleague who covers: its adviser is away" in history
    assert "The system assigned it" not in history


def test_k16_a_cover_who_is_replaced_and_both_others_are_told_who_has_what(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    made, later = enquiry(cast), _colleague_of(cast, "Vi Later")
    days = {"first_day-day": "24", "first_day-month": "11", "first_day-year": "2026"}
    days |= {"last_day-day": "27", "last_day-month": "11", "last_day-year": "2026"}
    told = {"account_id": str(cast.adviser.id), "covered_by_id": str(colleague.id)} | days
    client.sign_in(cast.hub_manager).post("/enquiries/absences/new", data=told)
    listed = re.search(r"/enquiries/absences/[0-9a-f-]{36}", client.get("/enquiries/capacity").text)
    assert listed is not None
    seen = {each.id for each in db.scalars(select(Letter))}
    client.post(listed[0], data=told | {"covered_by_id": str(later.id)})
    assert (
        f"Absence changed. {made.reference} stays with Col League." in client.get("/enquiries/capacity").text
    )
    told_of = {
        (each.kind, each.to_address): in_text(each)
        for each in db.scalars(select(Letter))
        if each.id not in seen
    }
    replaced = told_of["cover_changed", colleague.email]
    assert "Vi Later covers instead." in replaced
    for letter in (
        replaced,
        told_of["absence_covered", later.email],
        told_of["absence_recorded", cast.adviser.email],
    ):
        assert made.reference in letter
    assert "stay with Col League, who covered before" in told_of["absence_covered", later.email]
    client.post(f"{listed[0]}/end")
    ended = {
        each.to_address: in_text(each) for each in db.scalars(select(Letter)) if each.kind == "absence_ended"
    }
    assert set(ended) == {cast.adviser.email, colleague.email, later.email}
    assert "stay with Col League until they are handed back" in ended[cast.adviser.email]
    assert made.reference not in ended[later.email]


def test_k15_a_cover_who_leaves_is_told_of_and_does_not_come_back_silently(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    kept = invited.absence(cast.adviser.account.id)
    kept.covered_by_id = colleague.id
    db.flush()
    client.sign_in(cast.administrator).post(f"/people/{colleague.id}/deactivate")
    told = {
        each.to_address: in_text(each) for each in db.scalars(select(Letter)) if each.kind == "cover_ended"
    }
    assert set(told) == {cast.adviser.email, cast.hub_manager.email}
    assert "so they do not cover for you from" in told[cast.adviser.email]
    assert f"/enquiries/absences/{kept.id}" in told[cast.hub_manager.email]
    client.post(f"/people/{colleague.id}/reactivate")
    db.expire_all()
    assert kept.covered_by_id is None


def test_k16_the_giver_undoes_what_their_manager_handed_over_whatever_kind_it_is_as_their_letter_says(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    made = in_hand(cast, db)
    client.sign_in(cast.hub_manager)
    answer = client.post(f"/people/{cast.adviser.id}/caseload", data={"everything_to": str(colleague.id)})
    there = answer.headers["Location"]
    (told,) = [each for each in db.scalars(select(Letter)) if each.kind == "caseload_given"]
    assert "This can be undone within a day:\n\nhttps://crm" + there in in_text(told)
    assert "Undo the handover" in client.sign_in(cast.adviser).get(there).text
    answer = client.post(f"{there}/undo")
    assert f"{len(made)} of {len(made)} given back" in client.get(answer.headers["Location"]).text
    db.expire_all()
    assert made[-1].claimed_by_id == cast.adviser.id
    page = " ".join(client.get(f"/enquiries/{made[-1].id}").text.split())
    assert f"Adviser: Col League → {cast.adviser.account.name}" in page


def test_k13_a_case_of_another_hub_is_named_where_a_manager_cannot_hand_it_over(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    (other,) = cast.other_adviser.account.grants
    made = enquiry(cast, hub_id=other.scope_id)
    client.sign_in(cast.hub_manager)
    refused = client.post(f"/people/{cast.adviser.id}/caseload", data={"everything_to": str(colleague.id)})
    assert refused.status_code == 422
    assert f"You cannot hand over {made.business_name}, {made.reference}. Leave it out" in refused.text
