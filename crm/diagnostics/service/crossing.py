"""What to say to a person who was at the same assessment as another: it was begun, or finished, before theirs arrived."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from crm.accounts.queries import account
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.results import asked_of
from crm.diagnostics.rules.readiness import SELLS, YES_NO, Circumstances, answer_in_words
from crm.diagnostics.service.readiness import BeginDetails, Seen
from crm.kernel.clock import moment_in_words
from crm.kernel.permissions import Actor
from crm.kernel.text import within


def said_finished(
    check: ReadinessCheck, given: Mapping[str, str | None], *, seen: Seen | None, reader: Actor
) -> str:
    """That an assessment was finished before these answers arrived, and which of them are not saved."""
    assert check.finished_at is not None
    words = f"{_who(check.finished_by_id, reader)} finished this assessment on {moment_in_words(check.finished_at)}."
    lost = _lost(check, given, seen)
    if not lost:
        return f"{words} Its answers cannot change now."
    return f"{words} Your answers were not saved: {'; '.join(lost)}. To use them, take the assessment again."


def _lost(check: ReadinessCheck, given: Mapping[str, str | None], seen: Seen | None) -> list[str]:
    """The answers that were chosen on the page and are not in the result, each with its question."""
    asked, _ = asked_of(check)
    shown = {key: value for key, (_, value) in (seen or {}).items()}
    found = []
    for key, value in given.items():
        question = asked.question(key)
        if question is None or not value or not question.offers(value):
            continue
        if value != (shown.get(key) or None) and value != check.given.get(key):
            found.append(f"“{question.text}” with “{answer_in_words(question, value)}”")
    return found


def said_begun(check: ReadinessCheck, details: BeginDetails, *, reader: Actor) -> str:
    """That another person began this assessment first, and what they told otherwise; "" where it is one's own."""
    if check.begun_by_id == reader.account_id:
        return ""
    words = f"{_who(check.begun_by_id, reader)} started this assessment on {moment_in_words(check.begun_at)}. You are answering the same one."
    kept = Circumstances.read(check.circumstances)
    differ = []
    if kept.is_screen != details.is_screen:
        told, own = within(YES_NO[kept.is_screen]), within(YES_NO[details.is_screen])
        differ.append(f"For screen or mixed-media funding, it says {told}, and you chose {own}")
    if kept.sells != details.sells:
        told, own = within(SELLS[kept.sells]), within(SELLS[details.sells])
        differ.append(f"For what is sold abroad, it says {told}, and you chose {own}")
    if not differ:
        return words
    return f"{words} {'. '.join(differ)}: what you chose was not saved. You can change it below."


def _who(account_id: UUID | None, reader: Actor) -> str:
    """Who did it, as this reader is told."""
    if account_id is not None and account_id == reader.account_id:
        return "You"
    found = account(account_id) if account_id is not None else None
    return found.name if found is not None else "Another person"
