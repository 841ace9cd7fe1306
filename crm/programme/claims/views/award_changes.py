"""Changes to an award: requested by the business, and shown old beside new to those who decide them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.policy import is_theirs
from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor, Audience
from crm.kernel.workflow import first_reason
from crm.programme.awards.models import Award
from crm.programme.claims.forms.changes import RefusalForm, as_it_is, change_form, wanted_of
from crm.programme.claims.models import AwardChange
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import changes as queries
from crm.programme.claims.queries.changes import Asking
from crm.programme.claims.rules.changing import AwardTerms, differences, terms_of_award
from crm.programme.claims.rules.labels import CHANGE_KINDS, CHANGE_STATUSES, COLOURS
from crm.programme.claims.service import changing as service
from crm.programme.claims.workflow import (
    CHANGES,
    OPEN_CHANGES,
    Act,
    ChangeKind,
    ChangeStatus,
)
from crm.web.feature import Todo
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import asked_by_actor, open_acts, permits

blueprint = Blueprint("award_changes", __name__)
permit = permits(POLICY)
HERE, PAGE = "/award-changes/<uuid:award_change_id>", "award_changes.change"
WORDS = {"kinds": CHANGE_KINDS, "statuses": CHANGE_STATUSES, "colours": COLOURS}
ASK = {
    ChangeKind.TIME: "Ask for more time",
    ChangeKind.SCOPE: "Ask to change what the grant is for",
    ChangeKind.MONEY: "Ask to move money between milestones",
}
WAITS = {
    ChangeStatus.ASKED: "Decide a change to an award",
    ChangeStatus.SUPPORTED: "Approve money moved between milestones",
}
ASKED = "Change requested. Your terms stay as they are until we approve it. We will write to you."


@blueprint.route("/awards/<uuid:award_id>/changes/<string:change_kind>", methods=["GET", "POST"])
@permit(Act.ASK_CHANGE, audience=Audience.MEMBER, load=queries.asking, unless=service.why_not_asked)
def ask_change(found: Asking) -> ResponseReturnValue:
    """Ask for more time, other words, or money moved between milestones."""
    terms = terms_of_award(found.award)
    fixed = queries.bounds_of(found.award, found.kind).fixed
    form = change_form(found.kind, terms, fixed=fixed).of_request(**as_it_is(terms))
    return answer(
        form,
        page=lambda: _ask_change_page(form, found, terms),
        act=lambda: service.ask(found, wanted_of(form, terms), by=current_actor()),
        then=lambda made: saved(ASKED, PAGE, award_change_id=made.id),
    )


def _ask_change_page(form: Form, found: Asking, terms: AwardTerms) -> str:
    shown: dict[str, Any] = {
        "award": found.award,
        "kind": found.kind,
        "terms": terms,
        "title": ASK[found.kind],
    }
    return render_template("programme/claims/ask_change.html", form=form, **shown)


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.change)
def change(found: AwardChange) -> ResponseReturnValue:
    """What is to change, old beside new, why, and where it stands."""
    actor, is_open = current_actor(), found.status in OPEN_CHANGES
    rows = differences(found.terms_before, found.terms_after)
    shown: dict[str, Any] = {"change": found, "rows": rows, "words": WORDS, "Act": Act}
    shown |= {"acts": open_acts(found, policy=POLICY, machine=CHANGES), "is_own": is_theirs(actor, found)}
    shown["why_not_applied"] = service.why_not_applied(found) if is_open else None
    shown["why_outdated"] = service.why_outdated(found) if is_open and shown["is_own"] else None
    shown["why_not_me"] = service.why_not_approved_by(found, actor.account_id) if is_open else None
    return render_template("programme/claims/change.html", **shown)


def _to(found: AwardChange, said: str) -> str:
    return saved(said, PAGE, award_change_id=found.id)


@blueprint.post(f"{HERE}/support")
@permit(
    Act.SUPPORT_CHANGE,
    audience=Audience.INTERNAL,
    load=queries.change,
    machine=CHANGES,
    unless=service.why_not_applied,
)
def support(found: AwardChange) -> ResponseReturnValue:
    """Support a change that moves money."""
    service.support(found, by=current_actor())
    return done(_to(found, "Change supported. Another programme manager or an approver approves it."))


@blueprint.post(f"{HERE}/approve")
@permit(
    Act.APPROVE_CHANGE,
    audience=Audience.INTERNAL,
    load=queries.change,
    machine=CHANGES,
    unless=first_reason(asked_by_actor(service.why_not_approved_by), service.why_not_applied),
)
def approve(found: AwardChange) -> ResponseReturnValue:
    """Approve a change: the award has the new terms at once."""
    service.approve(found, by=current_actor())
    return done(
        _to(found, "Change approved. The award has the new terms, and we have written to the business.")
    )


@blueprint.route(f"{HERE}/refuse", methods=["GET", "POST"])
@permit(Act.REFUSE_CHANGE, audience=Audience.INTERNAL, load=queries.change, machine=CHANGES)
def refuse(found: AwardChange) -> ResponseReturnValue:
    """Refuse a change with a reason."""
    form = RefusalForm.of_request()
    return answer(
        form,
        page=lambda: _refuse_change_page(form, found),
        act=lambda: service.refuse(found, reason=form.reason.data or "", by=current_actor()),
        then=lambda _: _to(found, "Change refused. We have written to the business."),
    )


def _refuse_change_page(form: Form, found: AwardChange) -> str:
    rows = differences(found.terms_before, found.terms_after)
    return render_template("programme/claims/refuse_change.html", form=form, change=found, rows=rows)


@blueprint.post(f"{HERE}/withdraw")
@permit(Act.WITHDRAW_CHANGE, audience=Audience.MEMBER, load=queries.change, machine=CHANGES)
def withdraw(found: AwardChange) -> ResponseReturnValue:
    """Withdraw a change that is not decided."""
    service.withdraw(found, by=current_actor())
    return done(_to(found, "Change withdrawn. Your terms stay as they are."))


def shown_on_award(actor: Actor, found: Award) -> Mapping[str, Any]:
    """The changes of an award, and those that its owner can ask for now."""
    may = POLICY.allows(actor, Act.ASK_CHANGE, Asking(found, ChangeKind.TIME)) and actor.seen_by is None
    kinds = [kind for kind in ChangeKind if may and not service.why_not_asked(Asking(found, kind))]
    ways = [
        (ASK[kind], url_for("award_changes.ask_change", award_id=found.id, change_kind=kind))
        for kind in kinds
    ]
    made = queries.changes_of(found.id)
    waiting = next((each for each in made if each.status in OPEN_CHANGES), None) if may else None
    return {"changes": made, "ways_to_change": ways, "open_change": waiting}


def _todo(what: str, found: AwardChange) -> Todo:
    about = f"{found.business.name}: {CHANGE_KINDS[found.kind].lower()}"
    since = day_of(found.supported_at or found.asked_at)
    where, ids = url_for(PAGE, award_change_id=found.id), (found.award_id,)
    return Todo(what, None, where, about=about, since=since, things=ids)


def to_decide(actor: Actor) -> tuple[Todo, ...]:
    """Each change that this person can decide: one that was requested, or that moves money and another person supported."""
    return tuple(
        _todo(WAITS[each.status], each)
        for each in queries.changes_that_wait()
        if POLICY.allows(actor, Act.APPROVE_CHANGE, each)
        and not service.why_not_approved_by(each, actor.account_id)
    )
