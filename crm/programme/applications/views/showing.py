"""What the programme shows elsewhere: on desks, on the page of a business, and in its timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import url_for

from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import day_of, moment_in_words, now
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.programme.applications.models import Application
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.queries.querying import open_for
from crm.programme.applications.rules import labels
from crm.programme.applications.workflow import Act, ApplicationStatus
from crm.programme.rounds.models import Round
from crm.programme.rounds.queries import known_round
from crm.programme.rounds.rules.timing import Standing
from crm.programme.rounds.workflow import RoundStatus
from crm.web.feature import Hit, Todo
from crm.web.finding import first_of
from crm.web.identity import current_actor
from crm.web.parts import standings_of
from crm.web.telling import Happening, Stand

SHOWN = 5
WAITING = "businesses are waiting for an eligibility decision"


def find(actor: Actor, words: str) -> list[Hit]:
    """The applications whose business or reference has these words, of those that this person may see."""
    if not POLICY.allows(actor, Act.LIST_APPLICATIONS):
        return []
    rows = queries.applications(queries.Search(text=words), actor).rows[: SHOWN + 1]
    every = url_for("applications.all_applications", q=words)
    return first_of([_hit(each) for each in rows], SHOWN, every=every)


def _hit(found: Application) -> Hit:
    where = url_for("applications.application", application_id=found.id)
    text = f"{found.reference}, {found.round.name}, {labels.APPLICATION_STATUSES[found.status].lower()}"
    return Hit(f"Application of {found.business.name}", "Applications", where, text)


def applications_to_clear(actor: Actor) -> tuple[Todo, ...]:
    """Businesses that wait to hear whether they can apply."""
    count = queries.count_to_clear(actor)
    words = "business is waiting for an eligibility decision" if count == 1 else WAITING
    where = url_for("applications.all_applications", clearance="waiting", status="draft")
    return (Todo(words, count, where),) if count else ()


def queries_to_answer(actor: Actor) -> tuple[Todo, ...]:
    """What was asked about a founder's applications."""
    return tuple(_to_answer(each) for each in open_for(own_ids(actor)))


def applications_to_finish(actor: Actor) -> tuple[Todo, ...]:
    """A founder's applications that are not submitted yet and can be."""
    drafts = queries.applications_of(own_ids(actor), actor)
    return tuple(_to_finish(each) for each in drafts if _is_open(each))


def _to_answer(each: Any) -> Todo:
    words = f"Answer a query about your application by {moment_in_words(each.due_at)}"
    href = url_for("applicant_queries.answer_query", query_id=each.id)
    return Todo(words, None, href, due=day_of(each.due_at), things=(each.application_id,))


def _to_finish(each: Any) -> Todo:
    words = f"Finish your application to {each.round.name} by {moment_in_words(each.due_at)}"
    href = url_for("applications.application", application_id=each.id)
    return Todo(words, None, href, due=day_of(each.due_at))


def _is_open(each: Any) -> bool:
    if each.status is not ApplicationStatus.DRAFT:
        return False
    return each.standing_at(now()) in (Standing.OPEN, Standing.IN_GRACE)


def load_home(actor: Actor) -> Mapping[str, Any] | None:
    """A founder's own applications."""
    rows = queries.applications_of(own_ids(actor), actor) if actor.has(Role.FOUNDER) else ()
    return _listed(rows, actor)


def load_panel(actor: Actor, found: Any) -> Mapping[str, Any] | None:
    """The applications of a business, for whoever may see them."""
    return _listed(queries.applications_of([found.id], actor), actor)


def _listed(rows: Sequence[Application], actor: Actor) -> Mapping[str, Any] | None:
    """Some applications, the first in sight and all others below a line that opens; nothing where there is none."""
    if not rows:
        return None
    return {"rows": rows[:SHOWN], "older": rows[SHOWN:], "stands": stands_of(rows, actor)}


def stands_of(rows: Sequence[Any], actor: Actor) -> dict[UUID, Stand]:
    """Where each application stands: as its decision or award says once it was told, else as it is itself."""
    assessed = [each.id for each in rows if each.status is ApplicationStatus.ASSESSED]
    told = standings_of("application", assessed, actor=actor)
    return {
        each.id: told.get(each.id)
        or Stand(labels.APPLICATION_STATUSES[each.status], labels.APPLICATION_COLOURS[each.status])
        for each in rows
    }


def story(actor: Actor, application_id: UUID) -> Sequence[Happening]:
    """When an application was submitted and withdrawn: the beginning of the story of an award."""
    found = queries.known_application(application_id)
    if found is None or not POLICY.allows(actor, Act.VIEW, found):
        return ()
    href = url_for("applications.application", application_id=application_id)
    dates = ((found.submitted_at, "Application submitted"), (found.withdrawn_at, "Application withdrawn"))
    return [Happening(at, words, href=href) for at, words in dates if at is not None]


def timeline(actor: Actor, business_id: UUID, most: int) -> Sequence[Happening]:
    """When it began to apply, submitted and withdrew."""
    rows = queries.applications_of([business_id], actor)
    found = [_happening(each, each.begun_at, "Started an application to") for each in rows]
    found += [
        _happening(each, each.submitted_at, "Applied to") for each in rows if each.submitted_at is not None
    ]
    found += [
        _happening(each, each.withdrawn_at, "Withdrew from") for each in rows if each.withdrawn_at is not None
    ]
    return sorted(found, key=lambda each: each.at, reverse=True)[:most]


def _happening(each: Any, at: Any, words: str) -> Happening:
    href = url_for("applications.application", application_id=each.id)
    return Happening(at, f"{words} {each.round.name}", href=href)


def links(kind: str, thing_id: UUID) -> list[tuple[str, str]]:
    """From a published round to the applications to it, and from its public page to whether one can apply."""
    found = known_round(thing_id) if kind in ("programme_round", "public_round") else None
    if found is None:
        return []
    if kind == "public_round":
        may = POLICY.allows(current_actor(), Act.CHECK, found)
        return (
            [("Check whether you can apply", url_for("eligibility.check", round_id=found.id))] if may else []
        )
    return [_to_applications(found)] if found.status is RoundStatus.PUBLISHED else []


def _to_applications(found: Round) -> tuple[str, str]:
    count = sum(queries.counts_by_status(found.id).values())
    words = f"{count} application" if count == 1 else f"{count} applications"
    dry = "yes" if found.is_dry_run else None
    return words, url_for("applications.all_applications", round=found.id, dry=dry)
