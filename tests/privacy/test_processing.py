"""The records of processing have every room that holds personal data, with the periods of the day."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from sqlalchemy.orm import Session

from crm.app import FEATURES
from crm.db.base import Base
from crm.figures.workflow import FigureStatus
from crm.kernel.clock import now
from crm.privacy.queries.processing import activities_of
from crm.privacy.rules import HEAD, MEASURES, kinds_of_data
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient

PAGE = "/records-of-processing"
WITH_PERSONAL_DATA = [each for each in FEATURES if each.personal or each.retention or each.erasure]


def words(client: ConformingClient) -> str:
    return " ".join(client.get(PAGE).text.split())


def test_every_room_with_personal_data_says_what_it_is_for() -> None:
    assert [each.name for each in WITH_PERSONAL_DATA if each.processing is None] == []
    activities = [each.processing.activity for each in FEATURES if each.processing]
    assert len(set(activities)) == len(activities) > 30


def test_the_page_and_the_file_have_every_room_with_all_that_the_law_asks(
    client: ConformingClient, cast: Cast, reference: None
) -> None:
    client.sign_in(cast.administrator)
    page, answer = words(client), client.get(f"{PAGE}.csv")
    head, *rows = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))

    assert tuple(head) == HEAD
    assert all(all(row) for row in rows)
    assert {row[0] for row in rows} == {each.processing.activity for each in FEATURES if each.processing}
    for each in WITH_PERSONAL_DATA:
        assert f'id="{each.name}"' in page
        for kind in each.retention:
            assert f"{kind.what}: " in page
    assert all(f"<li>{each}.</li>" in page for each in MEASURES)


def test_the_page_says_whose_data_on_which_basis_and_who_gets_it(
    client: ConformingClient, cast: Cast, reference: None
) -> None:
    client.sign_in(cast.auditor)
    page = words(client)
    _, _, referrals = page.partition('id="referrals"')

    assert "Consent (Article 6(1)(a))." in referrals
    assert "The provider to which a business agreed to be referred." in referrals
    assert "Stripe, for payments by card." in page
    assert "Bank details" not in referrals.partition('id="signposting"')[0]


def test_a_changed_figure_changes_the_record_on_the_same_day(
    client: ConformingClient, cast: Cast, reference: None, db: Session
) -> None:
    client.sign_in(cast.administrator)
    said = "People who left a business: 7 months after the day on which they left"
    assert said not in words(client)
    given = {"name": "retention.contact_months", "value": "7", "valid_from": date(2026, 11, 20)}
    factories.figure(FigureStatus.APPROVED, **given, decided_at=now())

    assert said in words(client)


@pytest.mark.parametrize("part", ["programme_manager", "adviser", "founder", "visitor"])
def test_only_administrators_and_auditors_read_it(part: str, client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast[part])

    for page in (PAGE, f"{PAGE}.csv"):
        assert client.get(page).status_code in (302, 303, 403, 404)


def test_kinds_of_data_are_those_of_the_tables(reference: None, db: Session) -> None:
    found = {each.room: each for each in activities_of(FEATURES)}

    assert "bank details" in found["payments"].data
    assert "contact details" in found["businesses"].data
    assert found["payments"].kept[0].startswith("Bank details")
    assert "names" in kinds_of_data(Base.metadata.tables["person"].c)
