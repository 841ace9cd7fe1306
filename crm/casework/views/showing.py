"""What casework shows elsewhere: on the desk, on the page of a business, on its timeline; and the kinds of support."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES, SEE_ALL, visible_to
from crm.casework import queries, rules
from crm.casework.models import SupportKind
from crm.casework.policy import POLICY
from crm.casework.service import keeping_kinds as service
from crm.casework.views.counting import progress_of
from crm.casework.workflow import Act
from crm.figures.queries import figure_on
from crm.kernel.clock import is_past, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Happening, Todo
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("support_kinds", __name__)
permit = permits(POLICY)
SHOWN = 5


def todos(actor: Actor) -> tuple[Todo, ...]:
    """Drafts that somebody left, and hours that a business does not agree with."""
    if not actor.has(*HUB_ROLES) or actor.account_id is None:
        return ()
    drafts, first = queries.drafts_of(actor.account_id)
    disputed, whose = queries.disputed_hours(visible_to(actor))
    return (*_steps(actor.account_id), *_drafts(drafts, first), *_disputed(disputed, whose))


def _steps(account_id: UUID) -> Iterator[Todo]:
    for each in queries.steps_for(account_id, until=today() + timedelta(days=rules.REMIND_DAYS)):
        href = url_for("next_steps.change", next_step_id=each.id)
        is_late = each.due_on is not None and is_past(each.due_on, on=today())
        yield Todo(f"{each.title} ({each.business.name})", None, href, is_overdue=is_late)


def _drafts(count: int, first: UUID | None) -> Iterator[Todo]:
    if first is not None:
        href = url_for("conversations.conversation", conversation_id=first)
        yield Todo("conversations of yours are drafts", count, href)


def _disputed(count: int, business_id: UUID | None) -> Iterator[Todo]:
    if business_id is not None:
        href = url_for("hours.hours", business_id=business_id)
        yield Todo("hours are disputed by a business", count, href)


def load_conversations(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The latest conversations with a business, for staff alone."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    can_record = not found.is_archived and POLICY.allows(actor, Act.RECORD, found)
    rows = queries.conversations_of(found.id, most=SHOWN)
    return {"rows": rows, "can_record": can_record, "business": found, "rules": rules}


def load_steps(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """What is to be done about a business, for staff alone."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    can_add = not found.is_archived and POLICY.allows(actor, Act.ADD_STEP, found)
    return {"rows": queries.steps_of(found.id), "can_add": can_add, "business": found, "on": today()}


def load_hours(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """How far the confirmed hours are from those that count."""
    if not POLICY.allows(actor, Act.VIEW_HOURS, found):
        return None
    rows = queries.hours_of(found.id)
    asked = [each for each in rows if each.status == "stated" and each.asked_at is not None]
    return {"progress": progress_of(rows), "business": found, "asked": asked}


def load_emails(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The latest e-mails to a business, for staff alone."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    can_write = not found.is_archived and POLICY.allows(actor, Act.WRITE_EMAIL, found)
    return {"rows": queries.emails_to(found.id, most=SHOWN), "can_write": can_write, "business": found}


def timeline(actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """When advisers and the business spoke or were written to: for staff with the way to each."""
    if not actor.has(*HUB_ROLES, *SEE_ALL):
        return []
    return [*_talks(business_id, most), *_emails(business_id, most)]


def _emails(business_id: UUID, most: int) -> list[Happening]:
    return [
        Happening(
            at=each.written_at,
            title=f"{each.subject} (e-mail to {each.person.name})",
            href=url_for("emails.email", email_id=each.id),
        )
        for each in queries.emails_to(business_id, most=most)
    ]


def _talks(business_id: UUID, most: int) -> list[Happening]:
    return [
        Happening(
            at=each.recorded_at,
            title=f"{each.subject} ({rules.CHANNELS[each.channel]})" if each.channel else each.subject,
            href=url_for("conversations.conversation", conversation_id=each.id),
            on=each.happened_on,
        )
        for each in queries.complete_with(business_id, most=most)
    ]


@blueprint.get("/reach")
@permit(Act.VIEW_REACH, audience=Audience.INTERNAL)
def reach() -> ResponseReturnValue:
    """Whom advisers spoke with in a financial year, and how much help that was."""
    year, on = _year(), today()
    quarters, talks = queries.spoken_with(
        date(year, 4, 1), date(year + 1, 3, 31), visible=visible_to(current_actor())
    )
    bands = {f"{each}_hours": int(figure_on(f"support.{each}_hours", on=on)) for each in ("medium", "high")}
    found = rules.reach_of(quarters, talks, **bands)
    return render_template("casework/reach.html", reach=found, year=year, bands=bands)


def _year() -> int:
    """The financial year that is asked for, by the year in which it begins; this one where none is."""
    typed = request.args.get("year", "")
    if not typed:
        return today().year - (today() < date(today().year, 4, 1))
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4 and 2000 <= int(typed) <= 2100):
        raise Invalid("There is no such year. Go back and choose again.")
    return int(typed)


@blueprint.get("/support-kinds")
@permit(Act.VIEW_KINDS, audience=Audience.INTERNAL)
def support_kinds() -> ResponseReturnValue:
    """Every kind of support, with those that are no longer offered."""
    grouped: dict[str, list[SupportKind]] = {}
    for each in queries.kinds(with_retired=True):
        grouped.setdefault(each.area_label, []).append(each)
    actor = current_actor()
    return render_template(
        "casework/support_kinds.html", grouped=grouped, can_retire=POLICY.allows(actor, Act.RETIRE_KIND)
    )


@blueprint.post("/support-kinds/<string:kind_code>/retire")
@permit(Act.RETIRE_KIND, audience=Audience.INTERNAL, load=queries.kind)
def retire(found: SupportKind) -> ResponseReturnValue:
    """Offer it no more."""
    service.retire(found, by=current_actor())
    return _back(f"{found.label} is no longer offered.")


@blueprint.post("/support-kinds/<string:kind_code>/restore")
@permit(Act.RESTORE_KIND, audience=Audience.INTERNAL, load=queries.kind)
def restore(found: SupportKind) -> ResponseReturnValue:
    """Offer it again."""
    service.restore(found, by=current_actor())
    return _back(f"{found.label} is offered again.")


def _back(words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("support_kinds.support_kinds"), code=303)
