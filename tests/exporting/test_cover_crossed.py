"""Who can use a product now: said only where no check of a contract shuts the business out of it any more."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Consent
from crm.businesses.queries.seeing import business
from crm.businesses.rules.labels import current_version
from crm.businesses.workflow import ConsentPurpose
from crm.directory.queries import services_by_id
from crm.evidence.models import Crossing
from crm.evidence.rules import Excluded
from crm.evidence.service.excluding import Asked, note_shut_outs
from crm.evidence.workflow import Occasion
from crm.exporting.cover.rules.checking import Contract
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from tests import covers, factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

CASH = frozenset({"general_cash"})
SMALL = Contract("Canada", "services", CASH, Money.pounds(60_000), sum_wanted=Money.pounds(60_000))
LARGE = Contract("Canada", "services", CASH, Money.pounds(60_000), sum_wanted=Money.pounds(30_000_000))
UNTOLD = Contract("Canada", "services", CASH, Money.pounds(60_000))
DAY = {"year_end-day": "31", "year_end-month": "10", "year_end-year": "2026"}


def record_a_fifth(client: ConformingClient, exports: str = "1000000", turnover: str = "5000000") -> None:
    told = {"turnover": turnover, "export_turnover": exports, "source": "Made", "months": "12"}
    answer = client.post(f"/businesses/{BUSINESS}/figures/new", data=DAY | told)
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize(
    ("contract", "on_desk", "is_told"),
    [
        (SMALL, None, False),
        (UNTOLD, "May be able to now use UKEF Export Development Guarantee", False),
        (None, "May be able to now use UKEF Export Development Guarantee", False),
        (LARGE, "Can now use UKEF Export Development Guarantee", True),
    ],
)
def test_a57_can_now_use_is_said_where_the_whole_check_lets_it_in_k10_k16(
    client: ConformingClient,
    cast: Cast,
    db: Session,
    contract: Contract | None,
    on_desk: str | None,
    is_told: bool,
) -> None:
    service, owner = services_by_id()["ukef_edg"], business(BUSINESS)
    assert owner is not None
    factories.person(owner, email="first@made.example", name="Made First")
    purpose = ConsentPurpose.KEEP_IN_TOUCH
    told = {"wording_version": current_version(purpose), "given_by": "Made", "way": "Made"}
    factories.kept(Consent(business_id=owner.id, purpose=purpose, given_at=now(), **told))
    rule = Excluded(
        f"service:{service.id}", service.name, "min_export_share_pct", "20% or more", "12.9%", "export"
    )
    note_shut_outs(owner, [rule], asked=Asked(Occasion.ENQUIRY, owner.id), by=SYSTEM)
    if contract is not None:
        covers.checked(owner, contract)
    client.sign_in(cast.founder)

    record_a_fifth(client)

    client.sign_in(cast.adviser)
    desk = client.get("/desk").text
    assert ("now use UKEF Export Development Guarantee" in desk) is (on_desk is not None)
    assert on_desk is None or on_desk in desk
    sent = db.scalars(select(Letter).where(Letter.kind == "can_use_now")).all()
    assert len(sent) == is_told
    if on_desk is None:
        assert db.scalars(select(Crossing)).all() == []
        return
    found = db.scalars(select(Crossing)).one()
    page = " ".join(client.get(f"/crossings/{found.id}").text.split())
    assert "share of sales exported 12.9%, needed 20% or more" in page
    assert "share of sales exported 20%, needs 20% or more" in page
    assert is_told is ("Not known yet" not in page)
