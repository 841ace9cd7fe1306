"""What became of those whom turnover shut out: what met that one need, by whom, and the rows behind each figure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from crm.directory.queries import services_by_id
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.queries import checks_of, cover_check
from crm.exporting.cover.service.checking import withdraw
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM
from crm.referrals.workflow import Outcome, ReferralStatus
from tests import covers, factories
from tests.cast import Cast
from tests.client import ConformingClient

SQLITE = pytest.mark.engine("sqlite")


def _service(short: str) -> UUID:
    """A service of the directory by its short name, which is there."""
    found = services_by_id().get(short)
    return found.id if found else factories.service(service_id=short).id


def _helped() -> dict[str, Any]:
    """What a referral has that was completed with help."""
    done = {"_status": ReferralStatus.COMPLETED, "outcome": Outcome.HELPED}
    return done | {"completed_at": now(), "completed_by": "Made Provider"}


def _check_again(cover_id: UUID) -> CoverCheck:
    found = cover_check(cover_id)
    assert found is not None
    return found


@SQLITE
def test_what_became_of_a_shut_out_is_what_met_that_one_need_and_no_other_help_a57(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = covers.shut_out(400_000, hub_id=factories.hub().id)
    first = checks_of(owner.id)[0]
    other = covers.checked(owner, replace(covers.ADVICE, country="Japan"))
    sent = {"created_by_id": cast.administrator.id, "service_id": _service("ukef_gef")}
    factories.sent_referral(owner, **sent, **_helped())
    client.sign_in(cast.administrator)
    assert became(client) == {"nothing": 2}, "help with working capital is no advice on a market"
    factories.sent_referral(owner, **sent | {"service_id": _service("dbt_export")})
    assert became(client) == {"referred": 2}

    where = f"/export-cover/{other.id}/answer"
    assert f'href="{where}"' in client.get(f"/export-cover/{other.id}").text
    day = {f"answered_on-{name}": str(value) for name, value in (("day", 24), ("month", 11), ("year", 2026))}
    for typed, said in (
        ({"answered_with": " "}, "Enter what met this need"),
        (
            {"answered_with": "Chamber", "answered_on-year": "2025"},
            "between the check on 24 November 2026 and today",
        ),
    ):
        refused = client.post(where, data=day | typed)
        assert refused.status_code == 422
        assert said in refused.text
    assert client.post(where, data=day | {"answered_with": "Chamber of Commerce adviser"}).status_code == 303
    assert became(client) == {"helped": 1, "referred": 1}
    opened = " ".join(client.get("/export-cover/shut-outs?became=helped").text.split())
    assert (
        f"Chamber of Commerce adviser, 24 November 2026, recorded by {cast.administrator.account.name}"
        in opened
    )
    assert "Japan" in opened
    assert "Canada" not in opened
    assert "Chamber of Commerce adviser,2026-11-24" in client.get("/export-cover/shut-outs.csv").text
    assert "What met the need" in client.get(f"/export-cover/{other.id}").text
    withdraw(_check_again(first.id), reason="The buyer is in Spain", by=SYSTEM)
    assert client.get(f"/export-cover/{first.id}/answer").status_code == 409


def became(client: ConformingClient) -> dict[str, int]:
    """How many requests the case counts by what became of them, each as its rows say it too."""
    page = client.get("/export-cover/case").text
    found = re.findall(r'became=([a-z]+)">([0-9]+)<', page)
    told = {key: int(count) for key, count in found[1::2]}
    for key, count in told.items():
        assert f"<strong>{count}</strong>" in client.get(f"/export-cover/shut-outs?became={key}").text
    return told


@SQLITE
def test_every_check_behind_the_case_opens_as_a_row_k14(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = covers.shut_out(400_000, hub_id=factories.hub().id)
    covers.checked(owner)
    client.sign_in(cast.administrator)
    assert re.search(r'href="/export-cover/shut-outs\?each=check">2<', client.get("/export-cover/case").text)
    opened = client.get("/export-cover/shut-outs?each=check").text
    assert "<strong>2</strong>" in opened
    assert opened.count("app-rows__why") == 2
    assert client.get("/export-cover/shut-outs.csv?each=check").text.count("\n") == 3
    assert client.get("/export-cover/shut-outs").text.count("app-rows__why") == 1
