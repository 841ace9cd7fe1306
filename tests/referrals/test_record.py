"""What a provider’s referrals come to, and the pages around them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.directory.models import Service
from crm.referrals import queries
from crm.referrals.models import Referral
from crm.referrals.rules import Told, record_of
from crm.referrals.service.preparing import ReferralDetails
from crm.referrals.workflow import ReferralStatus
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.referrals.made import agree, sent


def test_what_a_provider_s_referrals_come_to() -> None:
    start = datetime(2026, 11, 2, 10, tzinfo=UTC)
    rows = [
        Told("completed", start, start + timedelta(days=1), True),
        Told("accepted", start, start + timedelta(days=3), None),
        Told("declined", start, start + timedelta(days=8), None),
        Told("lapsed", start, None, None),
        Told("sent", start, None, None),
    ]
    record = record_of(rows)
    assert (record.sent, record.outstanding, record.completed, record.confirmed) == (5, 2, 1, 1)
    assert (record.median_days, record.accepted_pct) == (3.0, 50)
    assert record_of([]).median_days is record_of([]).accepted_pct is None


def test_a_provider_s_page_opens_what_it_counts(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, open_service: Service
) -> None:
    made = sent(cast, owner, details)
    page = client.sign_in(cast.adviser).get(f"/referrals/providers/{open_service.provider_id}").text
    assert str(made.id) in page
    assert (
        client.sign_in(cast.provider).get(f"/referrals/providers/{open_service.provider_id}").status_code
        == 404
    )


@pytest.mark.parametrize("show", ["evil", "'; --"])
def test_a58_a_filter_that_is_none_of_ours_is_refused(
    client: ConformingClient, cast: Cast, show: str
) -> None:
    assert client.sign_in(cast.adviser).get("/referrals", query_string={"show": show}).status_code == 422


def test_a_draft_is_prepared_changed_seen_and_sent_in_the_browser(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    client.sign_in(cast.adviser)
    data = {"to": f"service:{details.service_id}", "person_id": str(details.person_id)}
    data |= {"subject": details.subject, "message": details.message}
    made = client.post(f"/businesses/{BUSINESS}/referrals/new", data=data)
    where = made.headers["Location"]
    assert client.post(f"{where}/edit", data=data | {"subject": "Another kiln"}).status_code == 303
    reader = {"name": "Desk", "email": "desk@provider.example"}
    refused = client.get(f"{where}/announce")
    assert refused.status_code == client.post(f"{where}/announce", data=reader).status_code == 409
    assert "has not agreed" in refused.text
    page = client.get(where).text
    assert f"{where}/announce" not in page
    assert f"/businesses/{BUSINESS}/details#consents" in page
    assert (
        "You can draft a referral to a service now"
        in client.get(f"/businesses/{BUSINESS}/referrals/new").text
    )
    agree(owner)
    preview = client.get(f"{where}/announce").text
    assert "Another kiln" in preview
    assert client.post(f"{where}/announce", data=reader).status_code == 303
    assert queries.referral(UUID(where.rsplit("/", 1)[-1])) is not None
    assert db.scalars(select(Referral.sent_to)).all() == ["desk@provider.example"]


def test_a70_no_form_sets_what_it_does_not_ask(
    client: ConformingClient, cast: Cast, owner: Business, details: ReferralDetails, db: Session
) -> None:
    client.sign_in(cast.adviser)
    data = {"to": f"service:{details.service_id}", "person_id": str(details.person_id)}
    data |= {"subject": "x", "message": "Help", "status": "completed", "completed_by": "me", "helped": "yes"}
    client.post(f"/businesses/{BUSINESS}/referrals/new", data=data)
    made = db.scalars(select(Referral)).one()
    assert (made.status, made.completed_by, made.helped) == (ReferralStatus.DRAFT, None, None)
    assert made.created_at.date() == date(2026, 11, 24)
