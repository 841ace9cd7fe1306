"""How far the awards of a cohort are, once each of its decisions was sent: from offers to prepare to finished."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from uuid import UUID

from crm.kernel.measures import counted
from crm.kernel.permissions import Actor
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries.awards import decisions_without_award, states_in
from crm.programme.awards.workflow import OVER, Act, AwardStatus
from crm.programme.cohort.queries.decisions import counts_of
from crm.web.telling import Stand

WAYS = (
    (AwardStatus.PREPARED, counted("offer is", "offers are"), "not sent yet", "yellow"),
    (AwardStatus.OFFERED, counted("offer waits", "offers wait"), "for an answer", "yellow"),
    (AwardStatus.ACCEPTED, counted("grant is", "grants are"), "running", "turquoise"),
)
"""What is said of a cohort, first things first: the count of its awards in a state, and the rest of the sentence."""
TO_PREPARE = counted("offer is", "offers are")


def standings(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Stand]:
    """Where cohorts stand whose decisions were all sent, and in which something was awarded: three queries."""
    if not POLICY.allows(actor, Act.LIST_AWARDS):
        return {}
    unsent, states = counts_of(ids), states_in(ids)
    missing = Counter(each.cohort_id for each in decisions_without_award(ids))
    told = [each for each in ids if not unsent.get(each) and (missing[each] or each in states)]
    return {each: _standing(states.get(each, Counter()), missing[each]) for each in told}


def _standing(states: Mapping[AwardStatus, int], missing: int) -> Stand:
    if missing:
        return Stand(f"{TO_PREPARE(missing)} to prepare", "yellow")
    for status, counting, rest, colour in WAYS:
        if states.get(status):
            return Stand(f"{counting(states[status])} {rest}", colour)
    assert set(states) <= set(OVER)
    return Stand("Finished", "grey")
