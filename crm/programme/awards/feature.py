"""What awards bring to the house."""

from __future__ import annotations

from crm.funding.envelopes.rules import LINES
from crm.kernel.measures import in_percent
from crm.programme.awards.policy import POLICY
from crm.programme.awards.rules.labels import STATUSES
from crm.programme.awards.workflow import MACHINE
from crm.programme.rounds.rules.labels import STRANDS
from crm.web.feature import Feature

FEATURE = Feature(
    name="awards",
    policy=POLICY,
    machines=(MACHINE,),
    words={
        "award": "award",
        "award.status": STATUSES,
        "award.line": LINES,
        "award.match_share": in_percent,
        "award_milestone": "milestone",
        "award_milestone.strand": STRANDS,
    },
)
