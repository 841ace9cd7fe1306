"""Two tabs on one form: what is there once at a business is there once, and the second tab is told in words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from crm.app import FEATURES
from crm.businesses.models import Claim, Person
from crm.businesses.queries import seeing
from crm.businesses.service import claiming, people
from crm.db.base import Base
from crm.db.walls import wall_of
from crm.evidence.models import Baseline
from crm.web.feature import unfolded
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.rules.test_budgets import cast_business

HERE = f"/businesses/{BUSINESS}"
MEASURED = {"measured_on-day": "1", "measured_on-month": "9", "measured_on-year": "2026"}


def test_a_contact_an_access_request_and_a_baseline_are_there_once_from_two_tabs(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    client.sign_in(cast.adviser)
    forms: list[tuple[str, dict[str, Any], dict[str, Any], int, str]] = [
        ("people/new", {"name": "Łucja Ray"}, {"name": "lucja ray", "role": "Maker"}, 422, "is here already"),
        (
            "people/new",
            {"name": "Ann", "email": "ann@made.example"},
            {"name": "Anne", "email": "Ann@Made.example"},
            422,
            "has this email address here already",
        ),
        (
            "claims/new",
            {"name": "Ann", "email": "ann@made.example"},
            {"name": "Ann B", "email": "ann@made.example", "role": "Owner"},
            422,
            "There is an access request from this email address already",
        ),
        (
            "baseline",
            MEASURED | {"fte": "2", "source": "payroll"},
            MEASURED | {"fte": "3", "source": "the founder"},
            409,
            "changed this",
        ),
    ]
    for where, first, second, status, words in forms:
        assert client.get(f"{HERE}/{where}").status_code == 200
        assert client.post(f"{HERE}/{where}", data=first).status_code == 303
        refused = client.post(f"{HERE}/{where}", data=second)
        assert (refused.status_code, words in refused.text) == (status, True), where

    assert db.scalar(select(func.count()).where(Person.name.in_(["Łucja Ray", "lucja ray"]))) == 1
    assert db.scalar(select(func.count()).where(Claim.email == "ann@made.example")) == 1
    assert db.scalar(select(Baseline.fte_hundredths).where(Baseline.business_id == BUSINESS)) == 200


@pytest.mark.parametrize(
    ("name", "where", "data", "words"),
    [
        ("uq_person_name", "people/new", {"name": "Ann"}, "This person is here already"),
        (
            "uq_person_email",
            "people/new",
            {"name": "Bo", "email": "ann@made.example"},
            people.ADDRESS_TAKEN,
        ),
        (
            "uq_claim_waiting",
            "claims/new",
            {"name": "Bo", "email": "cleo@made.example"},
            claiming.ASKED_ALREADY,
        ),
    ],
)
def test_k28_of_two_at_one_moment_the_second_is_told_at_the_field_what_is_there_already(
    name: str,
    where: str,
    data: dict[str, str],
    words: str,
    client: ConformingClient,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    owner = cast_business()
    factories.person(owner, name="Ann", email=None)
    factories.person(owner, name="Ann", email="ann@made.example")
    factories.claim(owner, email="cleo@made.example")
    monkeypatch.setattr(people, "person_with_email", lambda *_: None)
    monkeypatch.setattr(people, "people_of", lambda *_: ())
    monkeypatch.setattr(claiming, "claim_from", lambda *_: None)
    refused = client.sign_in(cast.adviser).post(f"{HERE}/{where}", data=data)

    assert refused.status_code == 422
    assert words in refused.text
    assert name in {index.name for table in Base.metadata.tables.values() for index in table.indexes}


def test_an_enquiry_from_someone_who_is_known_by_name_alone_adds_nobody(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = cast_business()
    factories.person(owner, name="Ann Ray", email=None)
    made = factories.enquiry(
        hub_id=owner.hub_id,
        person_name="ann ray",
        email=None,
        phone="0121 496 0000",
        business_name=owner.name,
    )
    answer = client.sign_in(cast.adviser).post(
        f"/enquiries/{made.id}/business", data={"business_id": str(BUSINESS)}
    )
    assert answer.status_code == 303
    assert [each.name for each in seeing.people_of(UUID(str(BUSINESS))) if "ray" in each.name.lower()] == [
        "Ann Ray"
    ]


def test_every_wall_that_has_words_is_a_unique_index_or_constraint() -> None:
    said = {name for room in unfolded(FEATURES) for name in room.walls}
    unique = {
        index.name for table in Base.metadata.tables.values() for index in table.indexes if index.unique
    }
    unique |= {
        each.name
        for table in Base.metadata.tables.values()
        for each in table.constraints
        if isinstance(each, UniqueConstraint)
    }
    assert said
    assert said - unique == set()
    assert wall_of(IntegrityError("", {}, Exception("UNIQUE constraint failed: hub.code"))) == "uq_hub_code"
