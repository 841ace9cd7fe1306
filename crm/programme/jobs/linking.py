"""Two applicants of the demonstration that have one parent company, so that they share a limit of subsidies (P41)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from crm.db.session import session
from crm.funding.subsidy.service import linking
from crm.kernel.companies import CompanyNumber
from crm.kernel.permissions import Actor
from crm.programme.applications.queries.applications import known_application

PARENT = CompanyNumber("09999991")


def link_applicants(application_ids: Iterable[UUID], *, by: Actor) -> None:
    """Their businesses belong to one company."""
    for found in filter(None, map(known_application, application_ids)):
        linking.link(found.business, PARENT, source="The founder said so (invented)", by=by)
    session().flush()
