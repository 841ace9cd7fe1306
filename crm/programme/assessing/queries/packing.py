"""Everything about one application that the panel which decides has to see, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.casework.models import SupportHours
from crm.casework.queries import hours_of
from crm.diagnostics.models import Diagnosis
from crm.diagnostics.queries.triage import latest_finished
from crm.programme.applications.models import ApplicantQuery, Application
from crm.programme.applications.queries.filling import Filled, filled
from crm.programme.applications.queries.querying import queries_about
from crm.programme.assessing.models import Assessment
from crm.programme.assessing.queries.assessments import moderations_of, of_application
from crm.programme.assessing.queries.totals import PartMade, parts_of, ranking
from crm.programme.assessing.queries.versions import Past, past_of
from crm.programme.assessing.rules.ranking import Standing
from crm.programme.rounds.models import Criterion

SHOWN = 20


@dataclass(frozen=True)
class Pack:
    """An application with its answers, its scores and their reasons, the help it had, and what it was found to need."""

    application: Application
    filled: Filled
    standing: Standing | None
    criteria: list[tuple[Criterion, list[PartMade]]]
    assessments: Sequence[Assessment]
    hours: Sequence[SupportHours]
    needs: Diagnosis | None
    queries: Sequence[ApplicantQuery]
    past: Sequence[Past]

    @property
    def quarters(self) -> int:
        """How many quarter-hours of help the business was given in all."""
        return sum(each.quarters for each in self.hours)


def pack_of(found: Application) -> Pack:
    """The pack of one application; in a number of queries that does not grow with it."""
    assessments = of_application(found.id)
    rows = ranking(found.round, only=found.id)
    return Pack(
        application=found,
        filled=filled(found),
        standing=rows[0].place.standing if rows else None,
        criteria=parts_of(found.round, assessments, moderations=moderations_of(found.id)),
        assessments=assessments,
        hours=hours_of(found.business_id),
        needs=latest_finished(found.business_id),
        queries=queries_about(found.id),
        past=past_of(found.id),
    )
