"""Letters to whoever applies: to everybody let in to the business; of a dry run only to whoever tries it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from crm.accounts.queries import account, people_of_business
from crm.audit.queries import entries_about
from crm.kernel.clock import moment_in_words
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import applied_to, drafts_of
from crm.programme.rounds.models import Round, RoundQuestion, RoundSection
from crm.programme.rounds.queries import changes_of_criteria
from crm.programme.rounds.workflow import Act as RoundAct


def tell(found: Application, kind: str, *, actor: Actor, **more: Any) -> int:
    """A letter about an application; return how many get it. Its round and business must be loaded."""
    context = context_of(found) | more
    readers = _readers(found, actor)
    for reader in readers:
        queue(kind, reader, having=Extras(context, about=("application", found.id)))
    return len(readers)


def context_of(found: Application) -> dict[str, Any]:
    """What every letter about an application says of it."""
    return {
        "business": found.business.name,
        "round": found.round.name,
        "reference": found.reference,
        "path": f"/applications/{found.id}",
        "deadline": moment_in_words(found.due_at),
    }


def tell_of_new_dates(found: Round, *, by: Actor) -> None:
    """Everyone with an unfinished application is told of its new deadline, and why; not who had a later one already."""
    said = last_said(found, RoundAct.POSTPONE)
    if "deadline_at" not in said:
        return
    drafts = [each for each in drafts_of(found.id) if each.due_at == found.deadline_at]
    for each in drafts:
        tell(
            each, "application_postponed", actor=by, until=moment_in_words(each.due_at), reason=said["why"][1]
        )


def tell_of_criteria(found: Round, *, by: Actor) -> None:
    """Everyone who applies is told what the criteria count now and counted before, and why; not where they read the same."""
    last = changes_of_criteria(found)[0]
    if last.is_read:
        told = {"before": _bullets(last.before), "after": _bullets(last.after), "reason": last.why}
        for each in applied_to(found.id):
            tell(each, "application_criteria", actor=by, **told)


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {each}" for each in lines)


def last_said(thing: Any, act: StrEnum) -> Mapping[str, Any]:
    """What the trail says of the newest such act on a thing: what changed, and why."""
    (entry,) = entries_about(thing, act=act, limit=1)
    return entry.values.changes if entry.values is not None else {}


def tell_of_correction(asked: RoundSection | RoundQuestion, *, by: Actor) -> None:
    """Everyone with an unfinished application to the round is told what the hint says now."""
    about = asked.label if isinstance(asked, RoundQuestion) else asked.title
    for each in drafts_of(asked.round.id):
        hint = asked.hint or "There is no hint any more."
        tell(each, "application_corrected", actor=by, about=about, hint=hint)


def _readers(found: Application, actor: Actor) -> list[Reader]:
    if found.round.is_dry_run:
        own = account(actor.account_id) if actor.account_id else None
        return [Reader(own.email, own.name, own.id)] if own else []
    return [Reader(each.email, each.name, each.id) for each, _ in people_of_business(found.business_id)]
