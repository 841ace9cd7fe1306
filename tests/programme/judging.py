"""Applications that are judged, for the tests of the programme."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from crm.kernel.clock import now
from crm.programme.applications.models import Application
from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.models import Assessment
from crm.programme.assessing.queries import assessments as queries
from crm.programme.assessing.queries.totals import ranking
from crm.programme.assessing.service.scoring import Given
from crm.programme.rounds.models import Round
from tests import rounds
from tests.cast import BUSINESS, Cast
from tests.programme.applicants import own

WORDS = "Reasons in words enough"


def judged(**fields: Any) -> Round:
    """A round that is being assessed now."""
    moment = now()
    times = {
        "opens_at": moment - timedelta(days=40),
        "deadline_at": moment - timedelta(days=10),
        "assess_from": moment - timedelta(days=9),
        "assess_until": moment + timedelta(days=20),
    }
    return rounds.round_(**times | fields)


def handed_in(found: Round | None = None, business_id: UUID = BUSINESS, **fields: Any) -> Application:
    return rounds.whole_application(
        rounds.application(own(business_id), found or judged(), status=ApplicationStatus.SUBMITTED, **fields)
    )


def given_to(cast: Cast, found: Application, **fields: Any) -> Assessment:
    account = cast.assessor.account
    if not any(each.account_id == account.id for each in queries.panel(found.round_id)):
        rounds.on_panel(rounds.whole(found.round), account)
    return rounds.whole_assessment(rounds.assessment(found, account, **fields))


def all_parts(found: Assessment, value: int, why: str = WORDS) -> dict[Any, Given]:
    return {(str(each.id), part): Given(value, why) for each in found.round.criteria for part in each.parts}


def total(found: Application) -> str:
    whole = rounds.whole_application(found)
    return ranking(whole.round, only=whole.id)[0].place.standing.in_words
