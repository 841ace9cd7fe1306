"""Strategic decisions: of one business, in a list, recorded, and added to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import business
from crm.businesses.service.extracting import noting
from crm.businesses.service.keeping import why_archived
from crm.businesses.workflow import Act as BusinessAct
from crm.ip.decisions import queries, rules, service
from crm.ip.decisions.forms import DecisionForm, DecisionsFilter, EntryForm
from crm.ip.decisions.models import StrategicDecision
from crm.ip.decisions.papers import HEAD, cells
from crm.ip.decisions.policy import POLICY
from crm.ip.decisions.workflow import Act
from crm.kernel.clock import is_past, today
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Role
from crm.rights.policy import POLICY as RIGHTS
from crm.rights.workflow import Act as RightsAct
from crm.web.extracts import csv_response
from crm.web.feature import Hit, Todo
from crm.web.finding import first_of
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.landmarks import address_of_row
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits
from crm.web.telling import Happening
from crm.web.transaction import after

blueprint = Blueprint("strategic_decisions", __name__)
permit = permits(POLICY)
ASKED = ("q", "show")
MOST_HITS, MOST_SHOWN = 5, 5
RECORDED = "Decision recorded. It cannot be changed, but you can add what becomes of it."


@blueprint.get("/strategic-decisions")
@permit(Act.LIST, audience=Audience.INTERNAL)
def decisions() -> ResponseReturnValue:
    """The decisions that a person may see, the newest first."""
    form, actor = DecisionsFilter(request.args), current_actor()
    page = page_of(queries.decisions(form.wanted(), actor, on=today(), cursor=cursor()))
    asked = {name: value for name, value in request.args.items() if name in ASKED and value}
    shown = {"page": page, "asked": asked, "can_extract": POLICY.allows(actor, Act.EXTRACT), "today": today()}
    return render_template("ip/decisions/decisions.html", form=form, **shown)


@blueprint.get("/strategic-decisions.csv")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who downloaded which decisions, and how many")
def extract() -> ResponseReturnValue:
    """The rows of the list as a file; who downloaded it is recorded."""
    actor = current_actor()
    found = queries.every_decision(DecisionsFilter(request.args).wanted(), actor, on=today())
    hidden = queries.secret_now(found)
    rows = [cells(each, hidden) for each in found]
    given = {name: values for name, values in request.args.lists() if name in ASKED}
    after(noting(Act.EXTRACT, given, rows=len(rows), by=actor))
    return csv_response("strategic-decisions.csv", HEAD, rows=rows)


@blueprint.get("/businesses/<uuid:business_id>/strategic-decisions")
@permit(Act.VIEW, audience=Audience.MEMBER, load=business)
def of_business(found: Business) -> ResponseReturnValue:
    """The decisions of one business, the latest first."""
    sees_business = BUSINESSES.allows(current_actor(), BusinessAct.VIEW, found)
    shown = _of(found, current_actor()) | {"today": today(), "sees_business": sees_business}
    return render_template("ip/decisions/of_business.html", **shown)


def _of(found: Business, actor: Actor) -> dict[str, Any]:
    can_record = not found.is_archived and not actor.seen_by and POLICY.allows(actor, Act.RECORD, found)
    return {
        "business": found,
        "rows": queries.decisions_of(found.id),
        "can_record": can_record,
        "is_own": actor.holds_for(found.id, Role.FOUNDER),
    }


@blueprint.route("/businesses/<uuid:business_id>/strategic-decisions/record", methods=["GET", "POST"])
@permit(Act.RECORD, audience=Audience.MEMBER, load=business, unless=why_archived)
def record(found: Business) -> ResponseReturnValue:
    """Record a decision."""
    form = DecisionForm.of_request(seen=service.mark_of_known(found), decided_on=today()).checked()
    seen, by = form.seen.data or None, current_actor()
    return answer(
        form,
        page=lambda: _record_page(form, found),
        act=lambda: service.record(found, form.details(), seen=seen, by=by),
        then=lambda made: saved(RECORDED, "strategic_decisions.decision", strategic_id=made.id),
    )


def _record_page(form: Form, found: Business) -> str:
    known = queries.known_now(found)
    return render_template("ip/decisions/record.html", form=form, business=found, known=known)


@blueprint.get("/strategic-decisions/<uuid:strategic_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.decision)
def decision(found: StrategicDecision) -> ResponseReturnValue:
    """One decision: what was known then, what was decided, and what became of it."""
    actor = current_actor()
    known = [(each.words, _address(each)) for each in _known_to(found, actor)]
    shown: dict[str, Any] = {"known": known, "kinds": rules.KINDS, "today": today()}
    shown["can_add"] = not found.business.is_archived and Act.ADD in open_acts(
        found, policy=POLICY, also=[Act.ADD]
    )
    shown["trail"] = entries_about(found)
    return render_template("ip/decisions/decision.html", decision=found, **shown)


def _known_to(found: StrategicDecision, actor: Actor) -> list[queries.Known]:
    return queries.known_then(
        found,
        sees_secrets=RIGHTS.allows(actor, RightsAct.VIEW_SECRETS, found.business),
        sees_business=BUSINESSES.allows(actor, BusinessAct.VIEW, found.business),
    )


def _address(known: queries.Known) -> str:
    return address_of_row(known.table, known.row_id) if known.table else ""


@blueprint.route("/strategic-decisions/<uuid:strategic_id>/add", methods=["GET", "POST"])
@permit(Act.ADD, audience=Audience.MEMBER, load=queries.decision, unless=why_archived)
def add(found: StrategicDecision) -> ResponseReturnValue:
    """Add what became of it, or a correction."""
    form = EntryForm.of_request().checked()
    return answer(
        form,
        page=lambda: render_template("ip/decisions/add.html", form=form, decision=found),
        act=lambda: service.add(found, form.details(), by=current_actor()),
        then=lambda _: saved("Added.", "strategic_decisions.decision", strategic_id=found.id),
    )


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The decisions of a business for its page."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    shown = _of(found, actor)
    return {**shown, "latest": shown["rows"][:MOST_SHOWN], "today": today()}


def to_review(actor: Actor) -> tuple[Todo, ...]:
    """The decisions whose review day has come."""
    return tuple(
        _todo(each) for each in queries.due_for(actor, today()) if POLICY.allows(actor, Act.ADD, each)
    )


def _todo(found: StrategicDecision) -> Todo:
    href = url_for("strategic_decisions.add", strategic_id=found.id)
    due = found.next_review
    label, late = (
        f"Say what became of the decision: {found.question}",
        due is not None and is_past(due, on=today()),
    )
    return Todo(label, None, href, about=found.business.name, due=due, is_overdue=late)


def find(actor: Actor, text: str) -> list[Hit]:
    """The decisions whose question or business has these words."""
    if not POLICY.allows(actor, Act.LIST):
        return []
    rows = queries.named(text, actor, on=today(), most=MOST_HITS + 1)
    every = url_for("strategic_decisions.decisions", q=text)
    return first_of([_hit(each) for each in rows], MOST_HITS, every=every)


def _hit(found: StrategicDecision) -> Hit:
    return Hit(found.question, "Strategic decisions", _href(found), found.business.name)


def timeline(_actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """The decisions of a business, on the days on which they were taken: all who see its page see them."""
    return [
        Happening(each.at, f"Decided: {each.question}", each.decided_by, _href(each), on=each.decided_on)
        for each in queries.latest_of(business_id, most=most)
    ]


def _href(found: StrategicDecision) -> str:
    return url_for("strategic_decisions.decision", strategic_id=found.id)
