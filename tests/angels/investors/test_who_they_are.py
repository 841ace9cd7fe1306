"""Who signs, who vouches and who checks: the account's own name, two other people, and never the applicant's own hand."""

from __future__ import annotations

from typing import Any

import pytest

from crm.angels.investors.models import Certification, CertificationAttempt
from crm.angels.investors.service import joining as service
from crm.angels.investors.workflow import AngelStatus, CheckOutcome
from crm.angels.pitches.models import Promotion
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from tests import factories, network
from tests.angels.investors.test_certifying import SENT, fresh
from tests.angels.investors.test_joining import SENT as APPLIED
from tests.angels.people import rows
from tests.cast import Cast
from tests.client import ConformingClient


@pytest.mark.parametrize("name", ["Somebody Else", "Ann", "Investor", "Ann B Investor"])
def test_a_statement_is_signed_with_the_name_of_the_account_alone(
    client: ConformingClient, name: str
) -> None:
    owner = fresh(client)
    refused = client.post("/angels/certify/net-worth", data=SENT | {"signed_name": name})
    assert refused.status_code == 422
    assert "Type your name as it is on your account: Ann Investor" in refused.text
    assert [each for each in rows(Certification) if each.account_id == owner.id] == []
    (tried,) = [each for each in rows(CertificationAttempt) if each.account_id == owner.id]
    assert tried.reason.startswith("Type your name")


@pytest.mark.parametrize("name", ["ann investor", " Ann  Investor ", "ANN INVESTOR"])
def test_the_name_may_be_typed_as_people_type(cast: Cast, client: ConformingClient, name: str) -> None:
    fresh(client)
    assert client.post("/angels/certify/net-worth", data=SENT | {"signed_name": name}).status_code == 303


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"second_email": "BEA@made.example"}, "second_email"),
        ({"second_email": "bea+two@made.example"}, "second_email"),
        ({"second_name": "bea"}, "second_name"),
        ({"referee_email": "0121 496 0000", "second_email": "+44 121 4960000"}, "second_email"),
        ({"referee_email": APPLIED["email"]}, "referee_email"),
        ({"second_name": APPLIED["name"]}, "second_name"),
    ],
)
def test_referees_are_two_other_people(client: ConformingClient, given: dict[str, str], field: str) -> None:
    refused = client.post("/angels/join", data=APPLIED | given)
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.text
    assert rows(network.Angel) == []


def own_application(cast: Cast, **fields: Any) -> network.Angel:
    return network.angel(status=AngelStatus.APPLIED, **fields)


@pytest.mark.parametrize("by", ["email", "name"])
def test_a_manager_neither_checks_nor_decides_about_their_own_application(
    cast: Cast, client: ConformingClient, by: str
) -> None:
    own = cast.network_manager
    found = own_application(cast, **{by: own.email if by == "email" else own.actor.name})
    client.sign_in(own)
    page = client.get(f"/angels/{found.id}").text
    assert "another manager must check it and decide" in page
    assert "/accept" not in page
    assert client.get(f"/angels/{found.id}/check").status_code == 409
    sent = {"outcome": "not_required", "note": "I know myself"}
    assert client.post(f"/angels/{found.id}/check", data=sent).status_code == 409
    for act in ("accept", "decline"):
        refused = client.post(f"/angels/{found.id}/{act}", data={"reason": "Good"})
        assert (refused.status_code, "another manager" in refused.text) == (409, True)
    with pytest.raises(Conflict, match="another manager"):
        service.check(found, service.Check(CheckOutcome.PASSED, today(), "Me"), by=own.actor)
    assert client.sign_in(cast.administrator).get(f"/angels/{found.id}/check").status_code == 200


def test_asking_for_the_head_of_a_pitch_leaves_no_row_in_the_ledger(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(network.legal(factories.business()))
    file = factories.document("pitch", found.id)
    client.sign_in(cast.angel)
    for where in ("/pitches", f"/pitches/{found.id}", f"/pitches/{found.id}/files/{file.id}", "/pitches.csv"):
        assert client.head(where).status_code == 200
    assert rows(Promotion) == []
    client.get(f"/pitches/{found.id}")
    assert len(rows(Promotion)) == 1
