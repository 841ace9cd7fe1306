"""Two applicants of the demonstration that have one parent company, so that they share a limit of subsidies (P41)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from crm.db.session import session
from crm.funding.subsidy.service import linking, recording
from crm.funding.subsidy.service.recording import SubsidyDetails
from crm.kernel.clock import today
from crm.kernel.companies import CompanyNumber
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.programme.applications.queries.applications import known_application

PARENT = CompanyNumber("09999991")
WHY_BEYOND = (
    "Invented: the second grant is given after 1 April, when the help of the arts fund stops counting."
)


def link_applicants(application_ids: Sequence[UUID], *, by: Actor) -> None:
    """Their businesses belong to one company, and the last of them was given almost all that the limit allows."""
    owners = [found.business for each in application_ids if (found := known_application(each)) is not None]
    for each in owners:
        linking.link(each, PARENT, source="The founder said so (invented)", by=by)
    given = SubsidyDetails(
        "Invented arts fund", "a studio", Money.pounds(290_000), today() - timedelta(days=400)
    )
    recording.declare(owners[-1], given, by=by)
    session().flush()
