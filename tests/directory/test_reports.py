"""Anybody tells us what is wrong with a service; it is on the desk of whoever looks after it until somebody says what they did."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.directory.models import ServiceReport
from crm.directory.service import reporting
from crm.directory.views.reports import todos
from crm.directory.workflow import ReportStatus
from crm.kernel.clock import now
from crm.kernel.errors import Conflict
from crm.throttles.rules import REPORTS_BY_ADDRESS
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.rules.directory_samples import a_report

SAID = {"said": "It closed\nin October", "name": "Ann", "email": "Ann@Reader.example"}


def test_a_reader_reports_and_an_adviser_deals_with_it(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    service = factories.service(owner_id=cast.adviser.id)
    where = f"/directory/services/{service.service_id}"
    assert f"{where}/report" in client.get(where).text
    assert client.get(f"{where}/report").status_code == 200
    sent = client.post(f"{where}/report", data=SAID)
    assert sent.status_code == 303
    assert "Thank you for telling us" in client.get(sent.headers["Location"]).text
    made = db.scalars(select(ServiceReport)).one()
    assert (made.said, made.email) == ("It closed in October", "ann@reader.example")
    with client.application.test_request_context():
        counts = [[each.count for each in todos(cast[part].actor)] for part in ("adviser", "other_adviser")]
    assert counts == [[1], []]

    client.sign_in(cast.adviser)
    assert "It closed in October" in client.get("/directory/reports?whose=mine").text
    page = client.get(f"/directory/reports/{made.id}")
    assert "ann@reader.example" in page.text
    assert client.post(f"/directory/reports/{made.id}/settle", data={"answer": "-"}).status_code == 422
    done = client.post(f"/directory/reports/{made.id}/settle", data={"answer": "Rang them, it did"})
    assert done.status_code == 303
    db.expire_all()
    assert made.status is ReportStatus.SETTLED
    assert "Rang them, it did" in client.get(f"/directory/reports/{made.id}").text
    assert "It closed in October" in client.get("/directory/reports?whose=settled").text
    with client.application.test_request_context():
        assert todos(cast.adviser.actor) == ()
    with pytest.raises(Conflict):
        reporting.settle(made, "Again", by=cast.adviser.actor)


def test_reports_from_one_network_are_limited(client: ConformingClient, cast: Cast, db: Session) -> None:
    service = factories.service()
    statuses = [
        client.post(
            f"/directory/services/{service.service_id}/report", data={"said": f"Wrong {at}"}
        ).status_code
        for at in range(REPORTS_BY_ADDRESS.tries + 1)
    ]

    assert statuses == [303] * REPORTS_BY_ADDRESS.tries + [429]


def test_what_a_program_fills_in_is_not_a_report(client: ConformingClient, cast: Cast, db: Session) -> None:
    service = factories.service()
    sent = client.post(f"/directory/services/{service.service_id}/report", data=SAID | {"website": "x"})

    assert sent.status_code == 422
    assert db.scalar(select(ServiceReport.id)) is None


def test_who_reported_is_forgotten_half_a_year_after_it_was_dealt_with(cast: Cast, db: Session) -> None:
    old, new = (a_report(name="Ann", email="ann@reader.example") for _ in range(2))
    for each in (old, new):
        reporting.settle(each, "Rang them", by=cast.adviser.actor)
    old.settled_at = now() - timedelta(days=180, seconds=1)
    db.flush()

    reporting.forget_reporters()

    assert [(each.name, each.email, each.said != "") for each in (old, new)] == [
        ("", None, True),
        ("Ann", "ann@reader.example", True),
    ]
