"""A leaver's caseload: shown, given to colleagues, previewed, told, undone; what nobody has is on a manager's desk."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm.accounts.models import Account, Handover, RoleGrant
from crm.accounts.workflow import AccountStatus
from crm.businesses.queries.seeing import business
from crm.casework.models import NextStepAssignee
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid
from crm.kernel.roles import Role, Scope
from crm.meetings.models import Appointment
from crm.notices.models import Letter
from crm.notices.rules import word
from crm.signposting.models import Absence, Enquiry
from crm.signposting.service import queueing
from crm.signposting.workflow import EnquiryStatus
from tests import factories, gatherings
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.ip.acting import action


def enquiry(cast: Cast, **fields: Any) -> Enquiry:
    (held,) = cast.adviser.account.grants
    given = {
        "claimed_by_id": cast.adviser.id,
        "_status": EnquiryStatus.CLAIMED,
        "hub_id": held.scope_id,
    } | fields
    return factories.enquiry(**given | {"hub_id": UUID(str(given["hub_id"]))})


def test_deactivating_an_account_opens_its_caseload_which_is_previewed_handed_over_told_and_undone(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session, clock: Any
) -> None:
    first, second = enquiry(cast), enquiry(cast)
    where = f"/people/{cast.adviser.id}/caseload"
    answer = client.sign_in(cast.administrator).post(f"/people/{cast.adviser.id}/deactivate")
    assert answer.headers["Location"] == where
    page = client.get(where).text
    assert first.business_name in page
    assert "Col League" in page

    chosen = {"everything_to": str(colleague.id), f"to-{second.id}": "keep"}
    preview = client.post(f"{where}/preview", data=chosen)
    assert preview.status_code == 200
    assert "Check the handover" in preview.text
    db.refresh(first)
    assert first.claimed_by_id == cast.adviser.id

    answer = client.post(where, data={f"to-{first.id}": str(colleague.id)})
    assert answer.status_code == 303
    there = answer.headers["Location"]
    assert "Col League" in client.get(there).text
    db.refresh(first)
    db.refresh(second)
    assert (first.claimed_by_id, second.claimed_by_id) == (colleague.id, cast.adviser.id)
    letter = db.scalars(select(Letter).where(Letter.kind == "caseload_handed_over")).one()
    assert (letter.to_address, len(letter.context["cases"])) == (colleague.email, 1)

    assert client.post(f"{there}/undo").status_code == 409
    client.sign_in(cast.administrator).post(f"/people/{cast.adviser.id}/reactivate")
    answer = client.post(f"{there}/undo")
    assert "1 of 1 given back" in client.get(answer.headers["Location"]).text
    db.refresh(first)
    assert first.claimed_by_id == cast.adviser.id
    assert client.post(f"{there}/undo").status_code == 409


def letters(db: Session, kind: str) -> dict[str, Letter]:
    return {each.to_address: each for each in db.scalars(select(Letter).where(Letter.kind == kind))}


def test_ending_a_role_or_its_last_day_strands_no_caseload_also_of_a_person_who_moved_to_another_hub(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session, clock: Any
) -> None:
    made, (held,) = enquiry(cast), cast.adviser.account.grants
    (other,) = cast.other_adviser.account.grants
    factories.grant(cast.adviser.account, Role.ADVISER, scope=Scope.HUB, scope_id=other.scope_id)
    line = f"Hand over the caseload of {cast.adviser.account.name}, whose role has ended"
    assert line not in client.sign_in(cast.hub_manager).get("/desk").text
    answer = client.sign_in(cast.administrator).post(f"/people/{cast.adviser.id}/roles/{held.id}/end")
    where = f"/people/{cast.adviser.id}/caseload"
    assert answer.headers["Location"] == where
    assert made.business_name in client.get(where).text
    desk = client.sign_in(cast.hub_manager).get("/desk").text
    assert line in desk
    assert "with a colleague who can no longer answer it" in desk
    assert made.business_name in client.get("/enquiries?show=stranded").text
    assert f'href="{where}"' in client.get("/enquiries/capacity").text

    answer = client.post(where, data={f"to-{made.id}": str(colleague.id), f"to-{held.id}": str(colleague.id)})
    assert "1 of 2 cases handed over" in client.get(answer.headers["Location"]).text
    there = answer.headers["Location"]
    assert f'href="{there}"' in client.get("/enquiries/capacity").text
    assert line not in client.get("/desk").text
    given, told = (letters(db, kind) for kind in ("caseload_handed_over", "caseload_given"))
    assert made.business_name in given[colleague.email].context["cases"][0]["line"]
    assert "Col League" in told[cast.adviser.account.email].context["cases"][0]
    client.post(f"{there}/undo")
    assert set(letters(db, "handover_undone")) == {colleague.email, cast.adviser.account.email}

    db.refresh(made)
    made.claimed_by_id = colleague.id
    db.flush()
    db.scalars(select(RoleGrant).where(RoleGrant.account_id == colleague.id)).one().valid_to = today()
    db.flush()
    assert "Hand over the caseload of Col League" not in client.get("/desk").text
    clock.shift(timedelta(days=1))
    assert "Hand over the caseload of Col League" in client.sign_in(cast.hub_manager).get("/desk").text


def test_an_enquiry_goes_only_to_a_colleague_who_can_answer_it_and_that_colleague_is_told(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    (held,) = cast.adviser.account.grants
    export = factories.account(name="Exporting Only")
    factories.grant(export, Role.EXPORT_ADVISER, scope=Scope.HUB, scope_id=held.scope_id)
    made, where = enquiry(cast), f"/people/{cast.adviser.id}/caseload"
    page = client.sign_in(cast.hub_manager).get(f"/enquiries/{made.id}").text
    assert "Col League" in page
    assert "Exporting Only" not in page
    assert "Exporting Only" not in client.get("/enquiries/absences/new").text
    refused = client.post(f"{where}/preview", data={"everything_to": str(export.id)})
    assert refused.status_code == 422
    assert "Exporting Only cannot work on enquiries" in refused.text
    assert client.post(where, data={f"to-{made.id}": str(export.id)}).status_code == 422
    with pytest.raises(Invalid, match="who can answer enquiries"):
        queueing.assign(made, export.id, by=cast.hub_manager.actor)
    client.post(f"/enquiries/{made.id}/assign", data={"account_id": str(colleague.id)})
    letter = letters(db, "enquiry_assigned")[colleague.email]
    assert letter.context["path"] == f"/enquiries/{made.id}"
    text = word(
        letter.kind, letter.context | {"to_name": "Col", "base_url": "https://crm", "service_name": "CRM"}
    )
    assert made.reference in text.text


def test_an_absence_from_today_passes_enquiries_on_at_once_and_both_are_told(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    made, waiting = enquiry(cast), enquiry(cast, claimed_by_id=None, _status=EnquiryStatus.WAITING)
    days = {"first_day-day": "24", "first_day-month": "11", "first_day-year": "2026"}
    days |= {"last_day-day": "27", "last_day-month": "11", "last_day-year": "2026"}
    told = {"account_id": str(cast.adviser.id), "covered_by_id": str(colleague.id)} | days
    claim = f'action="/enquiries/{waiting.id}/claim"'
    assert claim in client.sign_in(cast.adviser).get(f"/enquiries/{waiting.id}").text
    assert client.sign_in(cast.hub_manager).post("/enquiries/absences/new", data=told).status_code == 303
    db.refresh(made)
    assert made.claimed_by_id == colleague.id
    for kind, who in (("absence_recorded", cast.adviser.account), ("absence_covered", colleague)):
        letter = letters(db, kind)[who.email]
        given = {"to_name": who.name, "base_url": "https://crm", "service_name": "CRM"}
        text = word(kind, letter.context | given).text
        assert made.reference in text
        assert kind != "absence_recorded" or f"{made.reference}: now with Col League" in text
    assert claim not in client.sign_in(cast.adviser).get(f"/enquiries/{waiting.id}").text


def test_hours_nobody_was_asked_about_go_to_the_manager_when_the_adviser_has_left(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner, (held,) = business(BUSINESS), cast.adviser.account.grants
    assert owner is not None
    talk = factories.conversation(owner, cast.adviser.account, recorded_by_id=cast.adviser.id)
    made = factories.hours(owner, conversation_id=talk.id, asker_id=cast.adviser.id)
    desk = "hours to ask the business about"
    assert desk in client.sign_in(cast.adviser).get("/desk").text
    assert desk not in client.sign_in(cast.hub_manager).get("/desk").text
    client.sign_in(cast.administrator).post(f"/people/{cast.adviser.id}/roles/{held.id}/end")
    assert desk in client.sign_in(cast.hub_manager).get("/desk").text
    assert made.what in client.get("/hours?show=unasked").text


def test_the_history_of_an_enquiry_names_the_colleague_it_was_assigned_to(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    made = enquiry(cast)
    client.sign_in(cast.hub_manager).post(
        f"/enquiries/{made.id}/assign", data={"account_id": str(colleague.id)}
    )
    page = " ".join(client.get(f"/enquiries/{made.id}").text.split())
    assert f"Adviser: {cast.adviser.account.name} → Col League" in page
    assert "something since deleted" not in page


def test_a_handover_is_undone_within_a_day_and_leaves_what_moved_on(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session, clock: Any
) -> None:
    made = enquiry(cast)
    where = f"/people/{cast.adviser.id}/caseload"
    client.sign_in(cast.hub_manager)
    answer = client.post(where, data={f"to-{made.id}": str(colleague.id)})
    db.refresh(made)
    made.claimed_by_id = cast.hub_manager.id
    answer = client.post(f"{answer.headers['Location']}/undo")
    assert "0 of 1 given back" in client.get(answer.headers["Location"]).text
    clock.shift(timedelta(days=2))
    client.sign_in(cast.hub_manager)
    found = db.scalars(select(Handover)).one()
    assert client.post(f"/caseloads/{found.id}/undo").status_code == 409


def test_nobody_hands_over_the_caseload_of_another_hub_or_to_a_stranger(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    made = enquiry(cast)
    where = f"/people/{cast.adviser.id}/caseload"
    assert client.sign_in(cast.other_adviser).get(where).status_code == 403
    assert client.sign_in(cast.founder).get(where).status_code == 403
    client.sign_in(cast.adviser)
    stranger = {f"to-{made.id}": str(cast.other_adviser.id)}
    assert client.post(where, data=stranger).status_code == 422
    assert client.post(f"{where}/preview", data={"everything_to": ""}).status_code == 422
    db.refresh(made)
    assert made.claimed_by_id == cast.adviser.id


def test_what_a_person_who_left_has_in_hand_is_on_a_managers_desk(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    gone = factories.account(AccountStatus.DEACTIVATED, name="Gone Away")
    (held,) = cast.adviser.account.grants
    factories.grant(gone, Role.ADVISER, scope=Scope.HUB, scope_id=held.scope_id)
    made = enquiry(cast, claimed_by_id=gone.id)
    assert (
        "with a colleague who can no longer answer it" in client.sign_in(cast.hub_manager).get("/desk").text
    )
    assert "Hand over the caseload of Gone Away, who has left" in client.get("/desk").text
    assert made.business_name in client.get("/enquiries?show=stranded").text
    assert made.business_name in client.get(f"/people/{gone.id}/caseload").text
    assert (
        "with a colleague who can no longer answer it" not in client.sign_in(cast.adviser).get("/desk").text
    )


def test_recording_an_absence_opens_the_caseload_and_an_absence_is_changed_and_ended(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    enquiry(cast)
    days = {"first_day-day": "1", "first_day-month": "12", "first_day-year": "2026"}
    days |= {"last_day-day": "9", "last_day-month": "12", "last_day-year": "2026"}
    told = {"account_id": str(cast.adviser.id), "covered_by_id": ""} | days
    answer = client.sign_in(cast.adviser).post("/enquiries/absences/new", data=told)
    assert answer.headers["Location"] == f"/people/{cast.adviser.id}/caseload"
    made = db.scalars(select(Absence)).one()
    assert "Change" in client.get("/enquiries/capacity").text

    changed = told | {"last_day-day": "4", "covered_by_id": str(colleague.id)}
    assert client.post(f"/enquiries/absences/{made.id}", data=changed).status_code == 303
    db.refresh(made)
    assert (made.last_day, made.covered_by_id) == (date(2026, 12, 4), colleague.id)
    assert client.sign_in(cast.other_adviser).get(f"/enquiries/absences/{made.id}").status_code in (403, 404)
    client.sign_in(cast.hub_manager)
    answer = client.post(f"/enquiries/absences/{made.id}/end")
    assert "has ended" in client.get(answer.headers["Location"]).text
    assert db.scalars(select(Absence).where(Absence.last_day >= date(2026, 11, 24))).all() == []


def test_next_steps_and_appointments_of_a_caseload_go_over_too(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    step = factories.next_step(owner, title="Ring the bank")
    db.execute(delete(NextStepAssignee).where(NextStepAssignee.next_step_id == step.id))
    factories.kept(NextStepAssignee(next_step_id=step.id, account_id=cast.adviser.id))
    meeting = gatherings.appointment(owner, adviser_id=cast.adviser.id, starts_at=now() + timedelta(days=3))
    where = f"/people/{cast.adviser.id}/caseload"
    page = client.sign_in(cast.hub_manager).get(where).text
    assert "Ring the bank" in page
    assert meeting.subject in page
    told = {f"to-{each.id}": str(colleague.id) for each in (step, meeting)}
    answer = client.post(where, data=told)
    assert answer.status_code == 303, answer.text
    db.expire_all()
    assigned = db.scalars(
        select(NextStepAssignee.account_id).where(NextStepAssignee.next_step_id == step.id)
    ).all()
    assert assigned == [colleague.id]
    assert db.get(Appointment, meeting.id).adviser_id == colleague.id  # type: ignore[union-attr]
    assert client.post(f"{answer.headers['Location']}/undo").status_code == 303
    db.expire_all()
    assert db.get(Appointment, meeting.id).adviser_id == cast.adviser.id  # type: ignore[union-attr]


def _given_to(row: Any, who: UUID | None) -> Any:
    """A task or an action of a person at the business, given to one of our staff."""
    row.person_id, row.account_id = None, who
    return factories.kept(row)


def test_14_a_caseload_of_every_kind_goes_to_a_colleague_and_back_and_what_it_holds_keeps_its_author(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    owner, mine = business(BUSINESS), {"created_by_id": cast.adviser.id}
    assert owner is not None
    plan = {"made_by_id": cast.adviser.id, "made_by": cast.adviser.account.name}
    held = {
        factories.referral(owner, **mine): "holder_id",
        factories.sent_referral(owner, recipient_id=cast.adviser.id, service_id=None): "recipient_id",
        factories.conversation(owner, cast.adviser.account, recorded_by_id=cast.adviser.id): "holder_id",
        _given_to(trade.task(trade.country(owner)), cast.adviser.id): "account_id",
        _given_to(action(owner), cast.adviser.id): "account_id",
        factories.plan(owner, **plan): "holder_id",
    }
    where = f"/people/{cast.adviser.id}/caseload"
    page = client.sign_in(cast.hub_manager).get(where).text
    titles = ("Referrals", "Draft conversations", "Action plans", "Export tasks", "Actions from assessments")
    assert all(title in page for title in titles)
    answer = client.post(where, data={f"to-{each.id}": str(colleague.id) for each in held})
    assert answer.status_code == 303
    there = answer.headers["Location"]
    for each, who in held.items():
        db.refresh(each)
        assert getattr(each, who) == colleague.id, each.__tablename__
    plan_page = " ".join(client.get(f"/plans/{next(reversed(held)).id}").text.split())
    assert f"made by {cast.adviser.account.name}" in plan_page
    assert "Now looked after by Col League" in plan_page
    for each, author in zip(
        held, ("created_by_id", None, "recorded_by_id", None, None, "made_by_id"), strict=True
    ):
        assert author is None or getattr(each, author) == cast.adviser.id, each.__tablename__
    client.sign_in(cast.adviser)
    assert "draft of a referral is not sent" not in client.get("/desk").text
    client.sign_in(cast.hub_manager)
    assert "now with Col League" in " ".join(client.get("/referrals?show=all").text.split())
    answer = client.post(f"{there}/undo")
    assert "6 of 6 given back" in client.get(answer.headers["Location"]).text
    for each, who in held.items():
        db.refresh(each)
        assert getattr(each, who) == cast.adviser.id, each.__tablename__


def test_k05_a_caseload_goes_to_nobody_who_is_away_or_would_hold_more_than_they_may_as_assign_refuses_it(
    client: ConformingClient, cast: Cast, colleague: Account, db: Session
) -> None:
    first, second = enquiry(cast), enquiry(cast)
    queueing.set_capacity(colleague, 1, by=cast.hub_manager.actor)
    where, everything = f"/people/{cast.adviser.id}/caseload", {"everything_to": str(colleague.id)}
    assert (
        client.sign_in(cast.hub_manager).get(where).text.count("Col League (0 enquiries in hand, can hold 1)")
        == 3
    )
    for address in (where, f"{where}/preview"):
        refused = client.post(address, data=everything)
        assert refused.status_code == 422
        assert "Col League has 0 enquiries in hand and can hold 1, so 2 more are too many" in refused.text
    one = {f"to-{first.id}": str(colleague.id)}
    assert (
        "We email Col League (0 enquiries in hand, can hold 1)."
        in client.post(f"{where}/preview", data=one).text
    )
    answer = client.post(where, data=one)
    assert answer.status_code == 303
    for address, data in (
        (where, {f"to-{second.id}": str(colleague.id)}),
        (f"/enquiries/{second.id}/assign", {"account_id": str(colleague.id)}),
    ):
        refused = client.post(address, data=data)
        assert refused.status_code == 422
        assert "Col League has 1 enquiry in hand and can hold 1. Close one first" in refused.text
    assert "1 of 1 given back" in client.get(client.post(f"{answer.location}/undo").location).text

    db.add(Absence(account_id=colleague.id, first_day=today(), last_day=today() + timedelta(3)))
    db.flush()
    assert "Col League (away until 27 November)" in client.get(where).text
    refused = client.post(where, data=one)
    assert refused.status_code == 422
    assert "Col League is away until 27 November" in refused.text
    db.refresh(first)
    assert first.claimed_by_id == cast.adviser.id
