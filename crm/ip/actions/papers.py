"""The next actions of a readiness assessment as its printed result says them: who does each by when, and what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crm.diagnostics.models import ReadinessCheck
from crm.ip.actions.models import ReadinessAction
from crm.ip.actions.queries import Help, path_of
from crm.ip.actions.rules import STATUSES
from crm.ip.actions.workflow import ActionStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, is_past, today
from crm.referrals.models import Referral
from crm.referrals.rules import said_status


def actions_on_paper(check: ReadinessCheck, shown: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Each of the next actions with its lines. ``shown`` is what the page shows."""
    return _told(shown["helps"], check, shown)


def later_on_paper(check: ReadinessCheck, shown: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """What has an owner and a day and does not come next, and what is still to do from before."""
    carried = ((each.title, ["Still to do from before.", _who_by_when(each)]) for each in shown["carried"])
    return [*_told(shown["later"], check, shown), *carried]


def _told(
    helps: Iterable[Help], check: ReadinessCheck, shown: Mapping[str, Any]
) -> list[tuple[str, list[str]]]:
    return [(each.drag.question.next_action, list(_lines(each, check, shown))) for each in helps]


def _lines(found: Help, check: ReadinessCheck, shown: Mapping[str, Any]) -> Iterable[str]:
    action = shown["planned"].get(found.drag.question.key)
    if action is not None:
        yield _who_by_when(action)
    path = path_of(check.id, found.drag.question.key)
    for each in found.services:
        yield from _asked_for(each.service, path, shown)
    yield from found.paper_lines({key: each.words for key, each in shown["runs_here"].items()})


def _who_by_when(action: ReadinessAction) -> str:
    """Who does an action, by when and where it stands: "Asha Example, by 14 December 2026: to do"."""
    is_late = action.status is ActionStatus.TO_DO and is_past(action.due_on, on=today())
    standing = "overdue" if is_late else STATUSES[action.status].lower()
    return f"{action.owner}, by {day_in_words(action.due_on)}: {standing}."


def _asked_for(service: Any, path: str, shown: Mapping[str, Any]) -> Iterable[str]:
    """That the business was referred to a service from this action, or asked to be. A draft is not told to the business."""
    sent, asked = shown["referrals"].drafted_at(service, path), shown["asked_at"](service, path)
    if sent is not None and (sent.is_known or shown["may_open"].get(sent.id)):
        yield _sent_on_paper(sent, is_own=shown["is_founder"])
    elif asked is not None:
        yield f"The business asked on {day_in_words(day_of(asked.created_at))} to be referred to {service.name}."


def _sent_on_paper(sent: Referral, *, is_own: bool) -> str:
    to = sent.service.name if sent.service else ""
    day = day_in_words(day_of(sent.sent_at or sent.created_at))
    verb = "sent" if sent.sent_at else "prepared"
    standing = said_status(sent.status, is_own=is_own).lower()
    return f"Referral to {to}, {verb} on {day}" + ("." if standing == verb else f": {standing}.")
