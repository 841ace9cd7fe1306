"""What the tests of referrals stand on: a business, a service on offer, and all that a referral says."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.directory.models import Provider, Service
from crm.referrals.service.preparing import ReferralDetails
from tests import factories


@pytest.fixture
def open_service(db: Session) -> Service:
    """A service of the provider of the cast."""
    provider = db.scalars(select(Provider.id).order_by(Provider.name).limit(1)).one()
    return factories.service(name="Open Door", provider_id=provider)


@pytest.fixture
def details(owner: Business, open_service: Service) -> ReferralDetails:
    return ReferralDetails(
        factories.person(owner, name="Jo Maker", email="jo@maker.example").id,
        "A grant for a kiln",
        "They know what they want.",
        service_id=open_service.id,
    )
