"""What the result of a readiness assessment leads to: the next actions and who can help with each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import business, businesses_of, own_ids, owners_for
from crm.businesses.service.keeping import why_archived
from crm.businesses.workflow import Act as BusinessAct
from crm.casework.policy import POLICY as CASEWORK
from crm.casework.workflow import Act as CaseworkAct
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.opened import Opened
from crm.diagnostics.queries.readiness import assessment, neighbours
from crm.diagnostics.queries.results import result_of
from crm.diagnostics.rules.scoring import MOST_ACTIONS
from crm.directory.policy import POLICY as DIRECTORY
from crm.directory.rules.labels import ASK_FIRST
from crm.directory.workflow import Act as DirectoryAct
from crm.directory.workflow import ServiceStatus
from crm.ip.actions import queries, service
from crm.ip.actions.forms import ActionForm, DropForm, action_values
from crm.ip.actions.models import ReadinessAction
from crm.ip.actions.papers import actions_on_paper, later_on_paper
from crm.ip.actions.policy import POLICY
from crm.ip.actions.rules import ALL_DONE, COLOURS, GENERAL, LATER, STATUSES
from crm.ip.actions.workflow import ACTIONS, Act, ActionStatus
from crm.kernel.clock import is_past, today
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Role
from crm.kernel.workflow import first_reason
from crm.referrals import rules as sending
from crm.referrals.policy import POLICY as REFERRALS
from crm.referrals.queries import sent_since
from crm.referrals.service import asking
from crm.referrals.workflow import Act as ReferralAct
from crm.web.absent import mark_absent
from crm.web.feature import Case, Held, Todo
from crm.web.filtering import chosen_id
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.parts import standings_of
from crm.web.permit import permits
from crm.web.telling import Stand

blueprint = Blueprint("actions", __name__)
permit = permits(POLICY)
SOON = timedelta(days=7)
WORDS = {"ask_first": ASK_FIRST, "general": GENERAL, "later_means": LATER}


def load_actions(actor: Actor, check: ReadinessCheck) -> Mapping[str, Any] | None:
    """The next actions of a finished assessment, each with its services."""
    if not POLICY.allows(actor, Act.VIEW, check):
        return None
    shown = {"check": check, "today": today(), "statuses": STATUSES, "colours": COLOURS, **_shown_of(check)}
    shown |= _may(actor, check) | _asked_from(check)
    shown |= {"is_founder": actor.holds_for(check.business_id, Role.FOUNDER)}
    shown["lacks_person"] = shown["can_refer"] and not check.business.has_person
    shown |= {"can_answer": CASEWORK.allows(actor, CaseworkAct.CHANGE_STEP, check.business)}
    sent = shown["referrals"].rows
    shown |= {"may_open": {each.id: REFERRALS.allows(actor, ReferralAct.VIEW, each) for each in sent}}
    return shown | {"paper": actions_on_paper(check, shown), "paper_later": later_on_paper(check, shown)}


def _asked_from(check: ReadinessCheck) -> dict[str, Any]:
    """Whether the business agrees to be referred, and what it asks for from this result."""
    standing = asking.standing_of(check.business)
    here = [each for each in standing["requests"] if each.path.startswith(f"/readiness/{check.id}#")]
    return standing | {"requests": here, "newest": neighbours(check)[1]}


def _may(actor: Actor, check: ReadinessCheck) -> dict[str, Any]:
    """What somebody can do about the actions of an assessment."""
    acts = {"can_refer": Act.REFER, "can_plan": Act.PLAN, "can_ask": Act.ASK}
    is_kept = not check.business.is_archived
    may = {name: is_kept and POLICY.allows(actor, act, check) for name, act in acts.items()}
    may["can_add_person"] = BUSINESSES.allows(actor, BusinessAct.ADD_PERSON, check.business)
    may["can_consent"] = BUSINESSES.allows(actor, BusinessAct.CONSENT, check.business)
    return may | {"can_confirm": DIRECTORY.allows(actor, DirectoryAct.CONFIRM)}


def _runs_here(helps: Iterable[queries.Help]) -> Mapping[UUID, Stand]:
    """Where the services stand that we run ourselves, as the room that runs each says."""
    found = [match.service for each in helps for match in each.services]
    ours = [each.id for each in found if each.status is ServiceStatus.ILLUSTRATIVE]
    return standings_of("service", ours) if ours else {}


def _shown_of(check: ReadinessCheck) -> dict[str, Any]:
    """What to do next with who can help, what is done or dropped, and to whom the business was referred since."""
    planned = queries.planned_of(check)
    helps = queries.helps_for(check, planned)
    assert check.finished_at is not None
    shown: dict[str, Any] = {"planned": planned, "sending": sending, "path_of": queries.path_of, **WORDS}
    shown["taken"] = [each for each in queries.takes_of(check).items() if not each[1].lacking]
    shown |= {"helps": helps[:MOST_ACTIONS], "later": helps[MOST_ACTIONS:], "runs_here": _runs_here(helps)}
    shown["places"] = {each.drag.question.key: each.drag.question.next_action for each in helps}
    shown |= _by_state(planned.values(), here=shown["places"])
    shown["all_done"] = ALL_DONE if _is_all_done(check, shown) else ""
    sent = sent_since(check.business_id, check.finished_at)
    return shown | {"referrals": sent, "others": queries.elsewhere_of(helps, check, sent=sent)}


def _is_all_done(check: ReadinessCheck, shown: Mapping[str, Any]) -> bool:
    """Whether a result asked for actions and none is left, from it or from before."""
    left = shown["helps"] or shown["carried"]
    return bool(shown["settled"]) and not left and bool(result_of(check).doable)


def _by_state(planned: Collection[ReadinessAction], *, here: Collection[str]) -> dict[str, Any]:
    """What is done or dropped, what is still to do from before and not among the next actions, and what is overdue."""
    to_do = [each for each in planned if each.status is ActionStatus.TO_DO]
    settled = [each for each in planned if each.status is not ActionStatus.TO_DO]
    return {
        "settled": sorted(settled, key=lambda each: str(each.ended_at)),
        "carried": [each for each in to_do if each.question_key not in here],
        "late": [each.title.removesuffix(".") for each in to_do if is_past(each.due_on, on=today())],
    }


def load_open_actions(actor: Actor, found: Opened) -> Mapping[str, Any] | None:
    """The next actions of a visitor, each with its services. There is no record yet from which to refer.

    For somebody of one business they are weighed with what is on record of it, as they are once the answers are saved there.
    """
    if not found.result.is_complete:
        return None
    own = businesses_of(actor)
    owner = business(own[0].id) if len(own) == 1 else None
    helps = queries.open_helps(found, owner)
    shown = {"helps": helps, "can_refer": False, "can_plan": False, "is_founder": True}
    shown["runs_here"] = _runs_here(helps)
    return shown | {"lacks_person": False, "can_ask": False, "weighed_for": owner, **WORDS}


@blueprint.post("/readiness/<uuid:readiness_id>/actions/<string:question_key>/<string:service_key>/refer")
@permit(Act.REFER, audience=Audience.INTERNAL, load=queries.offer, makes_one=True)
def refer(offer: queries.Offer) -> ResponseReturnValue:
    """Draft a referral to the service of an action."""
    made = service.refer(offer, by=current_actor())
    words = "Referral drafted from the assessment. Check it, then tell the business."
    return done(saved(words, "referrals.referral", referral_id=made.id))


@blueprint.post("/readiness/<uuid:readiness_id>/actions/<string:question_key>/<string:service_key>/ask")
@permit(
    Act.ASK,
    audience=Audience.MEMBER,
    load=queries.offer,
    unless=first_reason(why_archived, service.why_not_ask),
)
def ask(offer: queries.Offer) -> ResponseReturnValue:
    """Ask the adviser to refer the business to the service of an action."""
    return done(_saved(service.ask(offer, by=current_actor()), offer.check))


def _saved(words: str, check: ReadinessCheck) -> str:
    return saved(words, "readiness.assessment", readiness_id=_pressed_on(check))


def _pressed_on(check: ReadinessCheck) -> UUID:
    """The result that a button was pressed on: an action is shown on the later results of its business too."""
    pressed = chosen_id("on")
    later = assessment(pressed) if pressed and pressed != check.id else None
    return later.id if later is not None and later.business_id == check.business_id else check.id


def _offered(form: ActionForm, owner: Business, kept: ReadinessAction | None = None) -> ActionForm:
    """The people at the business, the adviser who asks, and who has the action now."""
    account, person = (kept.account, kept.person) if kept is not None else (None, None)
    form.offer(*owners_for(owner, account=account, person=person, by=current_actor()))
    mark_absent(form.owner)
    return form


def _action_form_page(form: Form, check: ReadinessCheck, title: str, found: ReadinessAction | None) -> str:
    shown = {"title": title, "action": found, "back_id": _pressed_on(check)}
    return render_template("ip/actions/action_form.html", form=form, check=check, **shown)


def _why_not_plan(found: queries.NextAction) -> str | None:
    return why_archived(found.business) or service.why_not_plan(found)


@blueprint.route("/readiness/<uuid:readiness_id>/actions/<string:question_key>/plan", methods=["GET", "POST"])
@permit(Act.PLAN, audience=Audience.MEMBER, load=queries.next_action, unless=_why_not_plan)
def plan(found: queries.NextAction) -> ResponseReturnValue:
    """Give a next action its owner and its day."""
    form = _offered(ActionForm.of_request(), found.business)
    return answer(
        form,
        page=lambda: _action_form_page(form, found.check, found.drag.question.next_action, None),
        act=lambda: service.plan(found, form.details(), by=current_actor()),
        then=lambda _: _saved("Action planned.", found.check),
    )


@blueprint.route("/readiness-actions/<uuid:readiness_action_id>/change", methods=["GET", "POST"])
@permit(
    Act.CHANGE,
    audience=Audience.MEMBER,
    load=queries.planned,
    unless=first_reason(why_archived, service.why_not_change),
)
def change(found: ReadinessAction) -> ResponseReturnValue:
    """Change who does an action, or by when."""
    form = _offered(ActionForm.of_request(**action_values(found)), found.business, found)
    return answer(
        form,
        page=lambda: _action_form_page(form, found.check, found.title, found),
        act=lambda: service.change(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _saved("Action updated.", found.check),
    )


@blueprint.post("/readiness-actions/<uuid:readiness_action_id>/finish")
@permit(Act.FINISH, audience=Audience.MEMBER, load=queries.planned, machine=ACTIONS, unless=why_archived)
def finish(found: ReadinessAction) -> ResponseReturnValue:
    """Mark an action as done."""
    service.finish(found, by=current_actor())
    return done(_saved(f"Done: {found.title}", found.check))


def _drop_page(form: Form, found: ReadinessAction) -> str:
    return render_template("ip/actions/drop.html", form=form, action=found, back_id=_pressed_on(found.check))


@blueprint.route("/readiness-actions/<uuid:readiness_action_id>/drop", methods=["GET", "POST"])
@permit(Act.DROP, audience=Audience.MEMBER, load=queries.planned, machine=ACTIONS, unless=why_archived)
def drop(found: ReadinessAction) -> ResponseReturnValue:
    """Drop an action, with the reason."""
    form = DropForm.of_request()
    return answer(
        form,
        page=lambda: _drop_page(form, found),
        act=lambda: service.drop(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _saved("Action dropped.", found.check),
    )


@blueprint.post("/readiness-actions/<uuid:readiness_action_id>/reopen")
@permit(
    Act.REOPEN,
    audience=Audience.MEMBER,
    load=queries.planned,
    machine=ACTIONS,
    unless=first_reason(why_archived, service.why_not_reopen),
)
def reopen(found: ReadinessAction) -> ResponseReturnValue:
    """Put an action that is done or was dropped back on the list."""
    service.reopen(found, by=current_actor())
    return done(_saved(f"To do again: {found.title}", found.check))


def load_panel(actor: Actor, found: Business, *, name: str) -> Mapping[str, Any] | None:
    """The actions of a business from assessments of one set that have an owner and a day, for its page."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    rows = queries.planned_by(found.id, name)
    return {"rows": rows, "statuses": STATUSES, "colours": COLOURS, "today": today()} if rows else None


def actions_due(actor: Actor) -> tuple[Todo, ...]:
    """The actions of this person, and of their own business, that are due within a week."""
    rows = queries.actions_due(account_id=actor.account_id, business_ids=own_ids(actor), until=today() + SOON)
    return tuple(_to_do(each) for each in rows if POLICY.allows(actor, Act.FINISH, each))


def _to_do(each: ReadinessAction) -> Todo:
    href, owner = url_for("readiness.assessment", readiness_id=each.readiness_id), each.business.name
    is_late = is_past(each.due_on, on=today())
    return Todo(each.title, None, href, is_overdue=is_late, about=owner, due=each.due_on)


def in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """The actions that some of our staff have still to do."""
    for each in queries.actions_held_by(account_ids):
        assert each.account_id is not None
        href = url_for("readiness.assessment", readiness_id=each.readiness_id)
        title, hubs = f"{each.business.name}: {each.title}", each.business.hub_ids(on=today())
        yield each.account_id, Case(each.id, title, href, hubs, each.due_on)
