"""Who stands behind the rows of a measure: the person who recorded that very row, and how sure it is that they are right."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from typing import Any

import pytest
from flask import Flask

from crm.businesses.models import Business
from crm.casework.policy import POLICY as CASEWORK
from crm.casework.workflow import Act as Casework
from crm.db.counting import Confidence
from crm.db.session import session
from crm.diagnostics.policy import POLICY as DIAGNOSTICS
from crm.diagnostics.workflow import Act as Diagnostics
from crm.directory.policy import POLICY as DIRECTORY
from crm.directory.workflow import Act as Directory
from crm.evidence import queries as evidence
from crm.evidence.policy import POLICY as EVIDENCE
from crm.evidence.service import asking
from crm.evidence.workflow import Act as Evidence
from crm.evidence.workflow import UnmetReason
from crm.exporting.cover.policy import POLICY as COVER
from crm.exporting.cover.workflow import Act as Cover
from crm.exporting.delegations.models import DelegationPlace
from crm.exporting.delegations.policy import POLICY as DELEGATIONS
from crm.exporting.delegations.queries import counting
from crm.exporting.delegations.workflow import Act as Delegations
from crm.exporting.plans.policy import POLICY as PLANS
from crm.exporting.plans.service import planning, visiting
from crm.exporting.plans.workflow import Act as Plans
from crm.ip.decisions.policy import POLICY as DECISIONS
from crm.ip.decisions.workflow import Act as Decisions
from crm.kernel.clock import today
from crm.kernel.roles import OUTSIDERS, STAFF, Role
from crm.meetings.policy import POLICY as MEETINGS
from crm.meetings.workflow import Act as Meetings
from crm.referrals.policy import POLICY as REFERRALS
from crm.referrals.workflow import Act as Referrals
from crm.rights.policy import POLICY as RIGHTS
from crm.rights.workflow import Act as Rights
from crm.signposting.policy import POLICY as SIGNPOSTING
from crm.signposting.workflow import Act as Signposting
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.exporting import trade
from tests.reports.test_rows_of_ip_and_export import eight_went
from tests.reports.test_scoreboard import every_measure

WHOSE: dict[str, tuple[Any, ...]] = {
    "enquiries": (SIGNPOSTING, Signposting.ENQUIRE, Signposting.TAKE_DOWN),
    "enquiries_answered": (SIGNPOSTING, Signposting.ANSWER),
    "plans_sent": (SIGNPOSTING, Signposting.SEND_PLAN),
    "businesses_spoken_with": (CASEWORK, Casework.COMPLETE),
    "conversations": (CASEWORK, Casework.COMPLETE),
    "hours": (CASEWORK, Casework.COMPLETE),
    "hours_unconfirmed": (CASEWORK, Casework.COMPLETE),
    "workshop_places": (MEETINGS, Meetings.ATTEND),
    "triaged": (DIAGNOSTICS, Diagnostics.FINISH),
    "ip_assessed": (DIAGNOSTICS, Diagnostics.FINISH_READINESS),
    "export_assessed": (DIAGNOSTICS, Diagnostics.FINISH_READINESS),
    "outputs_unclaimed": (EVIDENCE, Evidence.RECORD_OUTPUT),
    "referrals_sent": (REFERRALS, Referrals.SEND),
    "referrals_helped": (REFERRALS, Referrals.COMPLETE),
    "rights_recorded": (RIGHTS, Rights.ADD),
    "assignments_signed": (RIGHTS, Rights.ATTACH_ASSIGNMENT),
    "ip_decisions": (DECISIONS, Decisions.RECORD),
    "market_visits": (PLANS, Plans.ATTEND),
    "countries_won": (PLANS, Plans.WIN_COUNTRY),
    "delegates": (DELEGATIONS, Delegations.ATTEND),
    "delegation_sales": (DELEGATIONS, Delegations.RECORD),
    "cover_checks": (COVER, Cover.CHECK),
    "shut_out": (COVER, Cover.CHECK),
    "stale_services": (DIRECTORY, Directory.DOUBT, Directory.ANSWER_FOR_SERVICES),
}
"""By which acts, of which room, the rows of a measure come to be recorded."""
TOLD = {"asks", "asked_for", "asks_unmet", "asks_without_sum"}
"""What a business sought and found is its own word, whoever wrote it down."""
LACKING = {"without_authority", "without_sector", "without_size", "outcomes_overdue"}
"""Rows of what nobody recorded."""
BELOW = (Confidence.RECORDED, Confidence.EITHER, Confidence.REPORTED)


def test_how_sure_a_measure_is_fits_the_roles_that_may_record_its_rows_k10_k16(app: Flask) -> None:
    asked = {each.key: each.confidence for each in every_measure(app) if each.confidence in BELOW}

    assert set(asked) == set(WHOSE) | TOLD | LACKING, "a new measure says by which acts it is recorded"
    assert {asked[key] for key in TOLD} == {Confidence.REPORTED}
    for key, (policy, *acts) in WHOSE.items():
        roles = {role for each in policy.rules if each.act in acts for role in each.roles}
        outside, inside = roles & (OUTSIDERS | {Role.ANYONE}), roles & STAFF
        fits = Confidence.EITHER if outside and inside else None
        fits = fits or (Confidence.REPORTED if outside else Confidence.RECORDED)
        assert asked[key] is fits, key


@pytest.mark.usefixtures("cast")
def test_no_measure_reads_the_table_of_its_rows_a_second_time_inside_itself(app: Flask) -> None:
    """A query inside a row that names the row's table again speaks of all rows, and not of this one."""
    for each in every_measure(app):
        tables = [from_ for part in _froms(str(each.rows().compile())) for from_ in part]
        twice = {table for table, times in Counter(tables).items() if times > 1}
        assert twice <= ({"payment"} if each.key == "grants_paid" else set()), each.key


def _froms(statement: str) -> list[list[str]]:
    """The tables of each FROM of a statement that go by their own names."""
    clauses = re.findall(r"FROM (.+?)(?= \n?WHERE|\nWHERE|\)|$)", statement, re.DOTALL)
    parts = [re.split(r",| JOIN | LEFT OUTER JOIN ", clause) for clause in clauses]
    return [[each.split(" ON ")[0].strip() for each in part if " AS " not in each] for part in parts]


def _told(client: ConformingClient, place: DelegationPlace, months: int, **sent: str) -> None:
    found = next(each for each in counting.returns_of(place.id) if each.months == months)
    found.due_on = today()
    session().flush()
    data = {"sales": "3000", "version": str(found.version)} | sent
    assert client.post(f"/delegation-returns/{found.id}/record", data=data).status_code == 303


def _said(client: ConformingClient, key: str) -> list[str]:
    """Who says so, row by row, of a measure as an administrator reads it."""
    page = unescape(client.get(f"/reports/measures/{key}/rows").text)
    rows = re.findall(r"<tr.*?</tr>", page.split("<tbody")[1], re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row)) for row in rows]


@pytest.mark.engine("sqlite")
def test_k6_sales_of_a_delegation_name_who_recorded_that_row_and_not_who_saved_the_last(
    cast: Cast, client: ConformingClient
) -> None:
    first, second = eight_went()[:2]
    client.sign_in(cast.administrator)
    _told(client, first, 6, told="Elin Bell, by telephone")
    colleague = factories.account(name="Olu Other-Leader")
    factories.grant(colleague, Role.ADMINISTRATOR)
    session().flush()
    client.sign_in(colleague)
    _told(client, second, 6, told="Hal Hart, in person", sales="40")
    rows = _said(client, "delegation_sales")

    assert len(rows) == 2
    (own,) = [row for row in rows if "Elin Bell" in row]
    (other,) = [row for row in rows if "Hal Hart" in row]
    assert f"Elin Bell, by telephone; recorded by {cast.administrator.known.name}" in own
    assert "Hal Hart, in person; recorded by Olu Other-Leader" in other
    file = client.get("/reports/measures/delegation_sales/rows.csv").text
    assert f"recorded by {cast.administrator.known.name}" in file


@pytest.mark.engine("sqlite")
def test_k6_rows_name_who_recorded_what_they_count_and_not_who_planned_it(
    cast: Cast, client: ConformingClient
) -> None:
    own: Business = trade.owner(BUSINESS)
    by = cast.founder.actor
    visit, country = trade.visit(own, trade.edition(days=-3)), trade.country(own)
    visit.added_by_id = country.added_by_id = cast.adviser.id
    session().flush()
    visiting.attend(visit, by=by)
    planning.win_country(country, won_on=today(), by=by)
    ask = evidence.ask(factories.ask(own, recorded_by_id=cast.hub_manager.id).id)
    assert ask is not None
    asking.leave_unmet(ask, next(iter(UnmetReason)), note="", by=cast.adviser.actor)
    client.sign_in(cast.administrator)

    for key in ("market_visits", "countries_won"):
        (row,) = _said(client, key)
        assert cast.founder.known.name in row, key
        assert cast.adviser.known.name not in row, key
    (row,) = _said(client, "asks_unmet")
    assert cast.adviser.known.name in row
