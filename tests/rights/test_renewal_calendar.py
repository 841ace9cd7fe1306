"""The private address of renewals: sent by letter, read by a calendar program, followed, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from crm.businesses.queries.seeing import business
from crm.kernel.clock import today
from crm.links.rules import Purpose, path_of
from crm.links.service import mint
from crm.rights.workflow import RightKind, RightStatus
from tests import network
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.referrals.made import letters

pytestmark = pytest.mark.engine("sqlite")
PAGE = f"/businesses/{BUSINESS}/rights"
MARK = {"kind": RightKind.TRADE_MARK, "status": RightStatus.REGISTERED, "number": "UK1"}


def test_a_founders_calendar_reads_the_renewals_at_a_private_address_that_follows_changes_and_can_be_ended(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    mark = network.right(owner, title="OTTER", renews_on=today() + timedelta(days=400), **MARK)
    secret = {"kind": RightKind.TRADE_SECRET, "title": "Fur"}
    network.right(owner, renews_on=today() + timedelta(days=9), **secret)
    client.sign_in(cast.founder)
    assert "Email me a calendar address" in client.get(PAGE).text
    assert client.post(f"{PAGE}/calendar/end").status_code == 409
    client.post(f"{PAGE}/calendar/ask")
    (letter,) = letters(db, "renewal_calendar")
    assert (letter.link_purpose, letter.to_address) == (Purpose.RENEWALS, cast.founder.account.email)
    address = path_of(Purpose.RENEWALS, mint(Purpose.RENEWALS, str(letter.link_subject_id)))
    assert "You have a private address" in client.get(PAGE).text

    client.sign_out()
    first = client.get(address)
    assert first.mimetype == "text/calendar"
    for line in ("SUMMARY:Renew OTTER", f"DTSTART;VALUE=DATE:{mark.renews_on:%Y%m%d}", "SEQUENCE:1"):
        assert line in first.text
    assert "Fur" not in first.text, "a trade secret is named to its business alone"
    mark.renews_on = today() + timedelta(days=500)
    db.flush()
    moved = client.get(address).text
    assert f"DTSTART;VALUE=DATE:{mark.renews_on:%Y%m%d}" in moved
    assert "SEQUENCE:2" in moved
    mark.removed_at = mark.added_at
    db.flush()
    assert "BEGIN:VEVENT" not in client.get(address).text

    client.sign_in(cast.founder)
    client.post(f"{PAGE}/calendar/end")
    gone = client.get(address)
    assert gone.status_code == 404
    assert "Sign in and ask for a new calendar address" in gone.text


def test_an_address_reads_nothing_once_its_reader_may_not_see_the_rights(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    client.sign_in(cast.adviser)
    network.right(owner, renews_on=today() + timedelta(days=9), **MARK)
    client.post(f"{PAGE}/calendar/ask")
    (letter,) = letters(db, "renewal_calendar")
    address = path_of(Purpose.RENEWALS, mint(Purpose.RENEWALS, str(letter.link_subject_id)))
    assert client.get(address).status_code == 200
    for grant in cast.adviser.account.grants:
        grant.valid_to = today() - timedelta(days=1)
    db.flush()
    assert client.get(address).status_code == 404
    assert client.sign_in(cast.other_founder).post(f"{PAGE}/calendar/ask").status_code == 404
