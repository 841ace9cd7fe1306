"""The papers of a subsidy reach a business in which nobody has an account, or the page says that they did not."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Person
from crm.funding.subsidy.service import giving
from crm.funding.subsidy.service.giving import SubsidyDetails
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.notices.models import Letter
from crm.notices.service import as_sent
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.pages import sent

pytestmark = pytest.mark.engine("sqlite")


def to_notify(**person: str) -> tuple[str, str]:
    """The page of a subsidy to notify, of a business with one person and no account, and the name of that business."""
    owner = factories.business("Made Story Apps")
    factories.kept(Person(business_id=owner.id, name="Dara Made", **person))
    details = SubsidyDetails("Made giver", "Made: a stand", Money.pounds(800), today())
    made = giving.prepare(owner, details, depends_on_exporting_goods=False, by=SYSTEM)
    return f"/subsidies/{made.id}", owner.name


def test_k16_its_contact_is_written_to_and_confirms_by_reply(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    here, name = to_notify(email="dara@made.example")
    client.sign_in(cast.finance_officer)
    page = sent(client, f"{here}/notify")
    assert ("Business notified by email" in page, "nobody was emailed" in page) == (True, False)
    letter = db.scalars(select(Letter).where(Letter.kind == "subsidy_notified")).one()
    assert (letter.to_address, letter.account_id) == ("dara@made.example", None)
    text = as_sent(letter.kind, {**letter.context, "to_name": letter.to_name}).text
    assert f"Reply to this email with your name and the words “{name} confirms" in text
    assert here not in text, "whoever has no account cannot open the page"


def test_k16_where_nobody_can_be_emailed_the_page_says_so_and_to_whom_to_write(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    here, _ = to_notify()
    client.sign_in(cast.finance_officer)
    page = " ".join(sent(client, f"{here}/notify").split())
    assert "nobody was emailed" in page
    assert "Write to Dara Made on paper yourself" in page
    assert db.scalars(select(Letter)).all() == []
