"""The papers of a subsidy in their order: notified, confirmed by the business in writing, given, confirmation issued."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class SubsidyStatus(StrEnum):
    """Where a subsidy's papers stand. What was declared, or given in kind, is recorded at once."""

    PREPARED = "prepared"
    NOTIFIED = "notified"
    CONFIRMED = "confirmed"
    GIVEN = "given"
    ISSUED = "issued"
    RECORDED = "recorded"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What can be done with subsidies."""

    LIST = "list_subsidies"
    VIEW = "view_subsidies"
    DECLARE = "declare_subsidy"
    RECORD_IN_KIND = "record_subsidy_in_kind"
    PREPARE = "prepare_subsidy"
    NOTIFY = "notify_subsidy"
    CONFIRM = "confirm_subsidy"
    GIVE = "give_subsidy"
    ISSUE = "issue_subsidy_confirmation"
    CANCEL = "cancel_subsidy"
    LOWER = "lower_subsidy"
    TAKE_BACK = "take_back_subsidy"
    CORRECT = "correct_subsidy_day"
    PUBLISH = "publish_subsidy"
    LINK = "link_enterprise"
    EXTRACT = "extract_subsidies"


S = SubsidyStatus
MACHINE = Machine(
    "subsidy",
    start=S.PREPARED,
    moves=[
        move(Act.NOTIFY, S.PREPARED, S.NOTIFIED),
        move(Act.CONFIRM, S.NOTIFIED, S.CONFIRMED),
        move(Act.GIVE, S.CONFIRMED, S.GIVEN),
        move(Act.ISSUE, S.GIVEN, S.ISSUED),
        move(Act.TAKE_BACK, {S.GIVEN, S.ISSUED}, S.CONFIRMED),
        move(Act.CANCEL, {S.PREPARED, S.NOTIFIED, S.CONFIRMED, S.RECORDED}, S.CANCELLED),
    ],
)
GIVEN = (S.GIVEN, S.ISSUED)
"""Where a subsidy of ours was given."""
AHEAD = (S.PREPARED, S.NOTIFIED, S.CONFIRMED)
"""Where a subsidy of ours is still to be given."""
ASKED = (S.NOTIFIED, S.CONFIRMED)
"""Where the business was asked to confirm papers of which nothing was given yet."""
LOWERED = (S.CONFIRMED, S.GIVEN, S.ISSUED)
"""Where a subsidy can be lowered: the business confirmed it, and it counts."""
