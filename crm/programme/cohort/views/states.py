"""How far each cohort is, for the list of cohorts, until its last decision is sent: then the awards say how far they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from crm.kernel.clock import now
from crm.kernel.measures import counted
from crm.kernel.permissions import Actor
from crm.programme.cohort.models import Cohort, CohortDraft
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts
from crm.programme.cohort.queries.decisions import counts_of
from crm.programme.cohort.queries.unchosen import Judged, judged_in
from crm.programme.cohort.workflow import Act, DraftStatus
from crm.web.telling import Stand

DRAFTS = counted("draft")
NONE_RANKED = "The round is closed, and no application is ranked"
UNSENT = counted("decision is", "decisions are")


def standings(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Stand]:
    """Where these cohorts stand: four queries, however many they are."""
    rows = [each for each in cohorts.cohorts() if each.id in ids and POLICY.allows(actor, Act.VIEW, each)]
    judged = judged_in([each.round_id for each in rows if not each.confirmed_at])
    drafts, unsent = cohorts.open_drafts([each.id for each in rows]), counts_of([each.id for each in rows])
    return {
        each.id: _decided(unsent.get(each.id, 0))
        if each.confirmed_at
        else _built(each, drafts) or _before(each, judged.get(each.round_id, Judged()))
        for each in rows
    }


def _built(found: Cohort, drafts: Sequence[CohortDraft]) -> Stand | None:
    """Of a cohort that is not confirmed: the draft that is furthest. None where there is none."""
    mine = [each for each in drafts if each.cohort_id == found.id]
    if any(each.status is DraftStatus.PROPOSED for each in mine):
        return Stand("A draft waits for an approver", "yellow")
    if any(each.sent_back_reason for each in mine):
        return Stand("A draft was sent back", "orange")
    return Stand(f"{DRAFTS(len(mine))}, none proposed", "blue") if mine else None


def _before(found: Cohort, judged: Judged) -> Stand:
    """Of a cohort without a draft: whether it can be chosen now, and what comes before that."""
    if now() < found.round.opens_at:
        return Stand("The round is not open yet", "grey")
    if now() < found.round.deadline_at:
        return Stand("The round takes applications", "grey")
    if judged.open:
        return Stand("Applications are being assessed", "grey")
    return Stand("Ready to choose: no draft yet", "orange") if judged.ranked else Stand(NONE_RANKED, "grey")


def _decided(unsent: int) -> Stand:
    return (
        Stand(f"{UNSENT(unsent)} not sent yet", "yellow")
        if unsent
        else Stand("Every decision was sent", "green")
    )
