"""Delegations: shown to everybody, planned and led by staff."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.accounts.models import Account
from crm.accounts.queries import colleagues, hub_names
from crm.audit.queries import entries_about
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import businesses_of
from crm.businesses.service.extracting import noting
from crm.exporting.delegations import rules
from crm.exporting.delegations.forms import (
    ChooseForm,
    CloseForm,
    DelegationForm,
    LeadForm,
    ReasonForm,
    delegation_values,
    went_form,
)
from crm.exporting.delegations.models import Delegation
from crm.exporting.delegations.papers import state_of
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import counting, seating, seeing
from crm.exporting.delegations.rules import Sums
from crm.exporting.delegations.service import handing, reviewing
from crm.exporting.delegations.service import leading as service
from crm.exporting.delegations.service.answering import why_not_apply
from crm.exporting.delegations.service.inviting import why_not_invite_now
from crm.exporting.delegations.service.returning import days_asked
from crm.exporting.delegations.service.telling import event_of
from crm.exporting.delegations.service.weighing import faults_of
from crm.exporting.delegations.workflow import (
    DELEGATIONS,
    Act,
    DelegationStatus,
    PlaceStatus,
    why_not_change,
    why_not_hand,
    why_not_hold,
    why_not_open,
    why_not_select,
    why_waiting,
)
from crm.exporting.plans.policy import LEADERS
from crm.exporting.plans.queries import coming_editions, edition
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.extracts import calendar_response, csv_response
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.transaction import after

blueprint = Blueprint("delegations", __name__)
permit = permits(POLICY)
LIST_HEAD = (
    *(
        "Delegation",
        "Market or festival",
        "Where",
        "Departs",
        "Returns",
        "Led by",
        "State",
        "Last day to apply",
    ),
    *(
        "Places",
        "Offered or taken",
        "Cost of a place",
        "Business pays",
        "We pay",
        "Went",
        "Meetings",
        "Leads",
    ),
    *("Sales", "Sales not known yet"),
)


@blueprint.get("/delegations")
@permit(Act.LIST, audience=Audience.PUBLIC)
def delegations() -> ResponseReturnValue:
    """The delegations that are to come; for staff the drafts and what came of the past ones too."""
    actor = current_actor()
    is_staff = POLICY.allows(actor, Act.EXTRACT)
    coming = seeing.coming(today(), with_drafts=POLICY.allows(actor, Act.PLAN))
    past = seeing.past(today()) if is_staff else ()
    shown: dict[str, Any] = {"coming": coming, "past": past, "rules": rules, "today": today()}
    shown["taken"] = seeing.seats_taken([each.id for each in (*coming, *past)])
    shown |= {"sums": counting.sums([each.id for each in past]), "is_staff": is_staff}
    shown["can_plan"] = POLICY.allows(actor, Act.PLAN)
    shown["opens"] = {each.id for each in past if POLICY.allows(actor, Act.VIEW_PLACES, each)}
    return render_template("exporting/delegations/delegations.html", **shown)


@blueprint.get("/delegations.csv")
@permit(
    Act.EXTRACT,
    audience=Audience.INTERNAL,
    leaves_trace="who downloaded the list of delegations, and how many rows",
)
def extract() -> ResponseReturnValue:
    """The rows of the list as a file; who downloaded it is recorded."""
    coming = seeing.coming(today(), with_drafts=POLICY.allows(current_actor(), Act.PLAN))
    rows = [*coming, *seeing.past(today())]
    ids = [each.id for each in rows]
    taken, sums = seeing.seats_taken(ids), counting.sums(ids)
    after(noting(Act.EXTRACT, {}, rows=len(rows), by=current_actor()))
    told = [_cells(each, taken=taken[each.id], sums=sums[each.id]) for each in rows]
    return csv_response("delegations.csv", LIST_HEAD, rows=told)


def _cells(found: Delegation, *, taken: int, sums: Sums) -> tuple[Any, ...]:
    """A delegation as a row. What came of one that was not held is empty, and not nought."""
    lead = found.lead.name if found.lead else ""
    about = (found.title, found.edition.name, found.place, found.departs_on, found.returns_on, lead)
    is_off = found.status is DelegationStatus.CANCELLED
    terms = (rules.standing_of(found), found.closes_on, found.seats, None if is_off else taken)
    money = (found.cost, found.share, found.subsidy)
    if found.status is not DelegationStatus.HELD:
        return (*about, *terms, *money, None, None, None, None, None)
    came = (sums.places, sums.meetings, sums.leads, sums.sales, sums.sales_unknown)
    return (*about, *terms, *money, *came)


def _offered(form: DelegationForm, kept: Delegation | None = None) -> DelegationForm:
    """The editions to come, and the one that the delegation goes to."""
    found = list(coming_editions(today()))
    if kept is not None and kept.edition_id not in {each.id for each in found}:
        found.append(kept.edition)
    offered = form.offer(found, faults=partial(faults_of, kept=kept))
    return offered if kept is None or kept.status is DelegationStatus.DRAFT else offered.keep(kept)


def _delegation_form_page(form: Form, found: Delegation | None = None) -> str:
    waiting = [each for each in seating.places_in(found.id) if each.status == "waiting"] if found else []
    return render_template(
        "exporting/delegations/delegation_form.html", form=form, delegation=found, waiting=waiting
    )


def _saved(words: str, found: Delegation) -> str:
    return saved(words, "delegations.delegation", delegation_id=found.id)


@blueprint.route("/delegations/new", methods=["GET", "POST"])
@permit(Act.PLAN, audience=Audience.INTERNAL)
def plan() -> ResponseReturnValue:
    """Plan a delegation."""
    form = _offered(DelegationForm.of_request(answer_days=7))
    words = "Delegation saved as a draft. Nobody outside sees it until you open it."
    return answer(
        form,
        page=lambda: _delegation_form_page(form),
        act=lambda: _plan(form),
        then=lambda made: _saved(words, made),
    )


def _plan(form: DelegationForm) -> Delegation:
    details, for_goods = form.details(), bool(form.depends_on_exporting_goods.data)
    chosen = edition(details.edition_id)
    assert chosen is not None
    told = {"depends_on_exporting_goods": for_goods, "are_days_right": bool(form.are_days_right.data)}
    return service.plan(chosen, details, **told, by=current_actor())


@blueprint.get("/delegations/<uuid:delegation_id>")
@permit(Act.SEE, audience=Audience.PUBLIC, load=seeing.delegation)
def delegation(found: Delegation) -> ResponseReturnValue:
    """What it is, when and on what terms; what a founder and what its lead can do."""
    return _delegation_page(found)


def _delegation_page(found: Delegation, *, form: Form | None = None) -> str:
    actor = current_actor()
    own = [each for each in businesses_of(actor) if POLICY.allows(actor, Act.APPLY, each)]
    shown: dict[str, Any] = {"rules": rules, "Act": Act, "own": own, "today": today()}
    shown["cancelling"] = form or ReasonForm()
    shown["mine"] = {each.id: seating.place_of(found.id, each.id) for each in own}
    shown |= {"can_apply_for": POLICY.allows(actor, Act.APPLY_FOR), "state_of": state_of}
    shown["seen"] = seating.places_seen(found.id, actor) if shown["can_apply_for"] else ()
    shown["on_hold"] = why_waiting(found)
    shown |= {"taken": seeing.seats_taken([found.id])[found.id], "is_closed": why_not_apply(found)}
    shown |= _led(found) | {"next_step": _next_step(found, taken=shown["taken"])}
    return render_template("exporting/delegations/delegation.html", delegation=found, form=form, **shown)


def _next_step(found: Delegation, *, taken: int) -> str:
    """What staff do next with a delegation, in a line."""
    is_staff = POLICY.allows(current_actor(), Act.VIEW_PLACES, found)
    if not is_staff:
        return ""
    return rules.what_next(found, on=today(), taken=taken, answers_by=seating.answers_by(found.id))


def _led(found: Delegation) -> dict[str, Any]:
    """What its lead can do now, what came of it, and its history."""
    is_staff = POLICY.allows(current_actor(), Act.VIEW_PLACES, found)
    acts = open_acts(found, machine=DELEGATIONS, policy=POLICY, also=_further(found))
    hidden, not_open = _hidden(found), why_not_open(found) if Act.OPEN in acts else None
    can_select = not why_not_select(found) and POLICY.allows(current_actor(), Act.SELECT, found)
    told = counting.sums([found.id])[found.id] if is_staff else None
    trail = entries_about(found) if is_staff else ()
    shown = {"is_staff": is_staff, "acts": acts - hidden, "can_select": can_select, "not_open": not_open}
    return shown | {"sums": told, "trail": trail, "off_days": is_staff and _is_off_the_market(found)}


def _further(found: Delegation) -> list[Act]:
    """What can be done now that is no step of the machine."""
    reasons = {Act.CHANGE: why_not_change(found), Act.INVITE: why_not_invite_now(found)}
    reasons |= {Act.HAND: why_not_hand(found), Act.CONFIRM_DATES: reviewing.why_not_confirm(found)}
    return [act for act, reason in reasons.items() if not reason]


def _hidden(found: Delegation) -> set[Act]:
    """What the machine allows and the days, or what was offered, do not."""
    reasons = {Act.HOLD: why_not_hold(found), Act.REOPEN: service.why_not_reopen(found)}
    reasons |= {Act.OPEN: why_not_open(found)}
    return {act for act, reason in reasons.items() if reason}


def _is_off_the_market(found: Delegation) -> bool:
    days = {"starts_on": found.edition.starts_on, "ends_on": found.edition.ends_on}
    is_off = rules.off_the_market(found.departs_on, found.returns_on, **days)
    return is_off and not why_not_change(found)


@blueprint.post("/delegations/<uuid:delegation_id>/reopen")
@permit(
    Act.REOPEN,
    audience=Audience.INTERNAL,
    load=seeing.delegation,
    machine=DELEGATIONS,
    unless=service.why_not_reopen,
)
def reopen(found: Delegation) -> ResponseReturnValue:
    """Take applications again."""
    service.reopen(found, by=current_actor())
    return done(_saved("Open for applications again.", found))


@blueprint.get("/delegations/<uuid:delegation_id>/invite")
@permit(Act.INVITE, audience=Audience.INTERNAL, load=seeing.delegation, unless=why_not_invite_now)
def choose_invited(found: Delegation) -> ResponseReturnValue:
    """Choose the business that is invited to a free place."""
    return _choose_business_page(found, "Invite a business", "delegation_places.invite")


@blueprint.get("/delegations/<uuid:delegation_id>/apply")
@permit(Act.APPLY_FOR, audience=Audience.INTERNAL, load=seeing.delegation, unless=why_not_apply)
def choose_business(found: Delegation) -> ResponseReturnValue:
    """Choose the business that one of our staff applies for."""
    return _choose_business_page(found, "Apply for a business", "delegation_places.apply")


def _choose_business_page(found: Delegation, title: str, onward: str) -> str:
    form, actor = ChooseForm(request.args), current_actor()
    text = (form.q.data or "").strip()
    matching = businesses(Search(text=text), actor) if text else None
    rows = [each for each in matching.rows if not each.is_archived] if matching else []
    there = {each.business_id for each in seating.places_in(found.id) if each.status != "withdrawn"}
    shown = {"rows": rows, "there": there, "text": text, "title": title, "onward": onward}
    shown["has_more"] = matching is not None and matching.after is not None
    return render_template("exporting/delegations/choose_business.html", form=form, delegation=found, **shown)


@blueprint.get("/delegations/<uuid:delegation_id>/calendar")
@permit(Act.SEE, audience=Audience.PUBLIC, load=seeing.delegation)
def delegation_calendar(found: Delegation) -> ResponseReturnValue:
    """The delegation for a calendar."""
    is_off = found.status is DelegationStatus.CANCELLED
    return calendar_response("delegation.ics", event_of(found, is_cancelled=is_off))


@blueprint.route("/delegations/<uuid:delegation_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=seeing.delegation, unless=why_not_change)
def change(found: Delegation) -> ResponseReturnValue:
    """Change a delegation."""
    form = _offered(DelegationForm.of_request(**delegation_values(found)), found)
    words = "Delegation updated."
    return answer(
        form,
        page=lambda: _delegation_form_page(form, found),
        act=lambda: _change(form, found),
        then=lambda offered: _saved(
            f"{words} We have offered a place to {', '.join(offered)}." if offered else words, found
        ),
    )


def _change(form: DelegationForm, found: Delegation) -> list[str]:
    for_goods, version = bool(form.depends_on_exporting_goods.data), form.version.data
    told = {"depends_on_exporting_goods": for_goods, "are_days_right": bool(form.are_days_right.data)}
    return service.change(found, form.details(), version=version, **told, by=current_actor())


@blueprint.route("/delegations/<uuid:delegation_id>/lead", methods=["GET", "POST"])
@permit(Act.HAND, audience=Audience.INTERNAL, load=seeing.delegation, unless=why_not_hand)
def pass_on(found: Delegation) -> ResponseReturnValue:
    """Let another person lead it."""
    people = {
        str(each.id): each for each in colleagues(*hub_names(), roles=LEADERS) if each.id != found.lead_id
    }
    form = LeadForm.of_request(version=found.version).offer(people.values())
    return answer(
        form,
        page=lambda: render_template("exporting/delegations/pass_on.html", form=form, delegation=found),
        act=lambda: _pass_on(form, found, people[form.lead.data]),
        then=lambda _: _saved("The lead has changed. We have emailed them.", found),
    )


def _pass_on(form: LeadForm, found: Delegation, to: Account) -> None:
    handing.pass_on(found, to, version=form.version.data, by=current_actor())


@blueprint.post("/delegations/<uuid:delegation_id>/confirm-dates")
@permit(
    Act.CONFIRM_DATES, audience=Audience.INTERNAL, load=seeing.delegation, unless=reviewing.why_not_confirm
)
def confirm_dates(found: Delegation) -> ResponseReturnValue:
    """Keep the delegation as it is."""
    reviewing.confirm_dates(found, by=current_actor())
    return done(_saved("Confirmed. The delegation stays as it is.", found))


@blueprint.post("/delegations/<uuid:delegation_id>/open")
@permit(
    Act.OPEN,
    audience=Audience.INTERNAL,
    load=seeing.delegation,
    machine=DELEGATIONS,
    unless=why_not_open,
)
def open_delegation(found: Delegation) -> ResponseReturnValue:
    """Open it for applications."""
    service.open_(found, by=current_actor())
    return done(_saved("Open for applications. The criteria and the costs cannot be changed now.", found))


@blueprint.route("/delegations/<uuid:delegation_id>/close", methods=["GET", "POST"])
@permit(Act.CLOSE, audience=Audience.INTERNAL, load=seeing.delegation, machine=DELEGATIONS)
def close(found: Delegation) -> ResponseReturnValue:
    """Take no more applications, although the last day to apply is not over: that was promised, so it is asked once more."""
    form, words = CloseForm.of_request(), rules.after_closing(found)
    applied = len(seating.places_in(found.id))
    return answer(
        form,
        page=lambda: render_template(
            "exporting/delegations/close.html", form=form, delegation=found, applied=applied
        ),
        act=lambda: service.close(found, by=current_actor()),
        then=lambda _: _saved(words, found),
    )


@blueprint.post("/delegations/<uuid:delegation_id>/cancel")
@permit(Act.CANCEL, audience=Audience.INTERNAL, load=seeing.delegation, machine=DELEGATIONS)
def cancel(found: Delegation) -> ResponseReturnValue:
    """Cancel the delegation."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _delegation_page(found, form=form),
        act=lambda: service.cancel(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _saved("Delegation cancelled. We have emailed everyone in it.", found),
    )


@blueprint.route("/delegations/<uuid:delegation_id>/hold", methods=["GET", "POST"])
@permit(
    Act.HOLD,
    audience=Audience.INTERNAL,
    load=seeing.delegation,
    machine=DELEGATIONS,
    unless=why_not_hold,
)
def hold(found: Delegation) -> ResponseReturnValue:
    """Record who went."""
    seated = [each for each in seating.places_in(found.id) if each.status is PlaceStatus.ACCEPTED]
    form = went_form(seated)
    words = f"Recorded. We ask those who went by email {days_asked(found)}. You can record what they tell you now."
    return answer(
        form,
        page=lambda: render_template("exporting/delegations/hold.html", form=form, delegation=found),
        act=lambda: service.hold(found, form.places(), shown=form.rows_shown(), by=current_actor()),
        then=lambda _: _saved(words if form.places() else "Recorded. Nobody went.", found),
    )
