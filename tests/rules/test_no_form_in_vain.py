"""K12: a form that cannot be sent is refused before it is filled in, and not offered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.angels.investors.models import StatementWording
from crm.angels.investors.service.network import load_wordings
from crm.billing.service import periods as billing
from crm.billing.workflow import Way
from crm.businesses.models import Business
from crm.businesses.service import keeping
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.signposting.workflow import PlanStatus
from tests import factories, gatherings, network
from tests.angels.people import rows
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")


def test_k12_no_form_about_an_archived_business_opens(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    person, step = factories.person(owner), factories.next_step(owner, cast.adviser.account)
    meeting = gatherings.appointment(owner, person_id=person.id, adviser_id=cast.adviser.id)
    talk, plan = factories.conversation(owner, cast.adviser.account), factories.plan(owner)
    draft = factories.referral(owner)
    colleague = factories.referral(owner, recipient_id=cast.other_adviser.id)
    keeping.archive(owner, reason="Closed down", by=cast.hub_manager.actor)
    of_it = [
        *("appointments/new", "asks/new", "baseline", "claims/new", "colleagues", "connections/new"),
        *("conversations/new", "diagnosis/new", "edit", "emails/new", "figures/new", "next-steps/new"),
        *("outputs/new", "people/new", f"people/{person.id}", "place", "referrals/new", "share"),
    ]
    forms = [f"/businesses/{BUSINESS}/{each}" for each in of_it]
    forms += [f"/appointments/{meeting.id}/change", f"/appointments/{meeting.id}/hold"]
    forms += [f"/conversations/{talk.id}/edit", f"/conversations/{talk.id}/next-steps/new"]
    forms += [f"/next-steps/{step.id}/change", f"/plans/{plan.id}/send", f"/referrals/{draft.id}/edit"]
    forms += [f"/referrals/{draft.id}/announce", f"/referrals/{colleague.id}/send"]

    client.sign_in(cast.administrator)
    opened = {where: client.get(where).status_code for where in forms}

    assert {where: code for where, code in opened.items() if code != 409} == {}
    client.sign_in(cast.adviser)
    for page in (f"/conversations/{talk.id}", f"/appointments/{meeting.id}", "/desk"):
        text = client.get(page).text
        assert not [where for where in forms if f'href="{where}"' in text], page


def test_k12_what_was_said_is_recorded_once_the_appointment_has_begun_and_not_before(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    person = factories.person(owner)
    times = {"starts_at": now() + timedelta(days=1), "ends_at": now() + timedelta(days=1, hours=1)}
    made = gatherings.appointment(owner, person_id=person.id, adviser_id=cast.adviser.id, **times)
    soon = {"starts_at": now() - timedelta(minutes=5), "ends_at": now() + timedelta(hours=1)}
    today = gatherings.appointment(owner, person_id=person.id, adviser_id=cast.adviser.id, **soon)
    later = {"starts_at": now() + timedelta(minutes=5), "ends_at": now() + timedelta(hours=1)}
    later_today = gatherings.appointment(owner, person_id=person.id, adviser_id=cast.adviser.id, **later)
    workshop = gatherings.workshop(**times)
    client.sign_in(cast.adviser)

    refused = client.get(f"/appointments/{made.id}/hold")
    assert refused.status_code == client.post(f"/appointments/{made.id}/hold").status_code == 409
    assert "Record the conversation after that" in refused.text
    page = client.get(f"/appointments/{made.id}").text
    assert "/hold" not in page
    assert "You can record what was said once the appointment has begun" in page
    assert client.get(f"/appointments/{today.id}/hold").status_code == 200
    assert client.get(f"/appointments/{later_today.id}/hold").status_code == 409
    assert client.get(f"/workshops/{workshop.id}/hold").status_code == 409


def test_k13_nothing_is_offered_to_an_auditor_that_only_others_may_change(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    step = factories.next_step(owner, cast.adviser.account)
    talk = factories.conversation(owner, cast.adviser.account)
    draft, sent = factories.plan(owner), factories.plan(owner, PlanStatus.SENT)
    factories.referral(owner)
    client.sign_in(cast.auditor)
    pages = [f"/businesses/{BUSINESS}{tab}" for tab in ("", "/activity", "/support", "/money", "/details")]
    pages += [f"/conversations/{talk.id}", f"/plans/{draft.id}", f"/plans/{sent.id}", "/enquiries"]
    offered = {page: client.get(page).text for page in pages}
    edits = (
        f"/next-steps/{step.id}/change",
        f"/plans/{draft.id}/edit",
        "/next-steps/new",
        "/edit",
        "/baseline",
    )

    assert [(page, edit) for page, text in offered.items() for edit in edits if f'{edit}"' in text] == []
    assert f'href="/plans/{draft.id}"' in offered[f"/businesses/{BUSINESS}/support"]


def test_k12_what_was_done_already_opens_no_form_to_do_it_again(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    member, known = network.investor(), network.wording()
    fresh = {"version": "made", "valid_from": "2026-01-01", "signed_until": None, "counts_until": None}
    load_wordings([fresh | {"ground": known.ground, "body": known.body, "source": "made"}])
    (wording,) = (each for each in rows(StatementWording) if not each.is_approved)
    period = billing.record(member, _year(), by=cast.network_manager.actor)
    sign_off, void = (
        f"/angels/wordings/{wording.id}/approval",
        f"/memberships/{member.id}/periods/{period.id}/void",
    )
    said = {"lawyer": "Ann Law, Law and Law", "reference": "LL/1"}
    said |= {"on-day": "1", "on-month": "2", "on-year": "2026"}
    client.sign_in(cast.network_manager)
    assert client.get(sign_off).status_code == client.get(void).status_code == 200
    assert client.post(sign_off, data=said).status_code == 303
    assert client.post(void, data={"reason": "Recorded by mistake"}).status_code == 303
    assert "has already been approved" in client.get(sign_off).text
    assert "has already been cancelled" in client.get(void).text

    client.sign_in(cast.adviser)
    enquiry = factories.enquiry(business_id=owner.id)
    again = client.get(f"/enquiries/{enquiry.id}/business")
    assert again.status_code == 409
    assert "already has its business" in again.text
    client.sign_in(cast.visitor)
    begun = gatherings.workshop(starts_at=now() - timedelta(hours=1), ends_at=now() + timedelta(hours=1))
    assert client.get(f"/workshops/{begun.id}/sign-up").status_code == 409
    assert "too late to sign up" in client.post(f"/workshops/{begun.id}/sign-up", data={}).text


def _year() -> billing.PeriodDetails:
    return billing.PeriodDetails(today(), today() + timedelta(days=364), Way.INVOICE, Money.pounds(300))
