"""What is done about a business's rights, readiness and actions is found in the log by the name of the business."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import Table, inspect, select
from sqlalchemy.orm import Session

from crm.audit.queries import _naming
from crm.db.base import Base
from crm.ip.actions.models import ReadinessAction
from crm.kernel.clock import today
from tests import assessments, factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.ip import bed

pytestmark = pytest.mark.engine("sqlite")
ROOMS = ("crm.diagnostics", "crm.ip", "crm.rights")


def of_a_business() -> list[Table]:
    """The tables of these rooms whose rows belong to a business."""
    mapped = [each.class_ for each in Base.registry.mappers if each.class_.__module__.startswith(ROOMS)]
    return [inspect(each).local_table for each in mapped if hasattr(each, "business")]


def test_a_planned_action_names_its_business_and_who_does_it_k6_k32(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = bed.owner()
    check, person = assessments.readiness_check(owner, is_finished=True), factories.person(owner)
    client.sign_in(cast.founder)
    plan = f"/readiness/{check.id}/actions/own1/plan"
    asked = {"owner": f"person:{person.id}", **bed.days("due_on", today() + timedelta(days=3))}
    assert client.post(plan, data=asked).status_code == 303
    made = db.scalars(select(ReadinessAction)).one()
    where = f"/readiness-actions/{made.id}"
    assert client.post(f"{where}/finish").status_code == 303
    assert client.post(f"{where}/reopen").status_code == 303
    assert client.post(f"{where}/drop", data={"reason": "The partner does it"}).status_code == 303
    page = unescape(client.sign_in(cast.auditor).get("/audit", query_string={"thing": owner.name}).text)
    for act in ("planned", "finished", "reopened", "dropped"):
        assert f"{act} readiness action: {made.title}, {owner.name}" in " ".join(page.split())
    assert f"Who does it: {person.name}" in page


def test_every_thing_that_belongs_to_a_business_is_named_by_it_k32() -> None:
    tables = of_a_business()
    assert {"readiness_action", "readiness_check", "ip_right", "income_protection", "test_bed_naming"} <= {
        each.name for each in tables
    }
    assert [each.name for each in tables if "JOIN business AS" not in str(_naming(each)[1])] == []
