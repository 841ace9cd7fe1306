"""Action plans: made by an adviser, opened by link, ticked off, printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business as load_business
from crm.businesses.queries.seeing import first_reader, people_of
from crm.businesses.service.keeping import why_archived
from crm.directory.rules.matching import Match
from crm.kernel.clock import today
from crm.kernel.eligibility import Verdict
from crm.kernel.errors import Invalid, NotFound
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import STAFF
from crm.links.queries import live_link
from crm.links.rules import Purpose
from crm.signposting.forms.planning import (
    LONGEST_WHY,
    WHY,
    OpeningForm,
    PlanStepForm,
    RuleOutForm,
    SendForm,
    ServiceForm,
)
from crm.signposting.models import ActionPlan, PlanSignpost, PlanStep
from crm.signposting.papers.leaving import plan_pdf
from crm.signposting.policy import POLICY, StepOf
from crm.signposting.queries import planning as queries
from crm.signposting.queries.enquiring import enquiries_of
from crm.signposting.rules.labels import OWNERS, OWNERS_TO_STAFF, PLAN_STATUSES
from crm.signposting.rules.planning import (
    MOST_SUGGESTED,
    why_not_choosable,
    why_not_editable,
    why_not_tickable,
    why_ruled_out,
)
from crm.signposting.service import planning as service
from crm.signposting.workflow import PLANS, Act, EnquiryStatus, PlanStatus
from crm.web.extracts import pdf_response
from crm.web.fields import LONGEST_LINE
from crm.web.forms import Form, answer, done, noted, saved
from crm.web.identity import current_actor, give_key
from crm.web.navigation import settings
from crm.web.permit import permits
from crm.web.transaction import after, is_reading

blueprint = Blueprint("plans", __name__)
permit = permits(POLICY)
TYPED = "step_typed"
STEP_FIELDS = frozenset({"title", "owner", "due_on-day", "due_on-month", "due_on-year"})


@blueprint.post("/businesses/<uuid:business_id>/plans/draft")
@permit(Act.DRAFT_PLAN, audience=Audience.INTERNAL, load=load_business, unless=why_archived)
def draft_plan(found: Business) -> ResponseReturnValue:
    """Begin a plan, or go on with the one that is being made; it answers the enquiry that is open."""
    asked = next((each for each in enquiries_of(found.id) if each.status is not EnquiryStatus.CLOSED), None)
    made = service.draft_plan(found, enquiry_id=asked.id if asked else None, by=current_actor())
    return done(url_for("plans.edit", plan_id=made.id))


@blueprint.route("/plans/<uuid:plan_id>/edit", methods=["GET", "POST"])
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def edit(found: ActionPlan) -> ResponseReturnValue:
    """The plan as it is being made: services, steps, what was ruled out, and the opening words."""
    return _change(found, lambda: None, "Saved.")


def _change(found: ActionPlan, act: Callable[[], Any], words: str) -> ResponseReturnValue:
    """Do one thing to a plan, and save what was typed on its page beside the button that was pressed."""
    form = OpeningForm.of_request(opening=found.opening, version=found.version)
    return answer(
        form,
        page=lambda: _plan_edit_page(found, opening=form),
        act=lambda: _keep_words(found, form, act),
        then=lambda _: _said(found, words),
    )


def _keep_words(found: ActionPlan, form: OpeningForm, act: Callable[[], Any]) -> None:
    service.keep_words(found, form.words(request.form), by=current_actor())
    act()


def _said(found: ActionPlan, words: str) -> str:
    """On to the page, or to what is sent; a step that was typed and not added yet is kept."""
    typed = {name: text[:LONGEST_LINE] for name, text in request.form.items() if name in STEP_FIELDS}
    if typed.get("title", "").strip() and request.endpoint != "plans.add_step":
        cookie[TYPED] = typed
    if request.form.get("then") != "send":
        return saved(words, "plans.edit", plan_id=found.id)
    why = service.why_empty(found)
    return (
        noted(why, "plans.edit", plan_id=found.id)
        if why
        else saved(words, "plans.send_plan", plan_id=found.id)
    )


def _plan_edit_page(found: ActionPlan, *, opening: Form | None = None, step: Form | None = None) -> str:
    matches = queries.matches_for(found.business)
    suggested, rest = _free(found, matches)
    forms = {"step": step or _step_form(), "other": ServiceForm().offer(_named(rest))}
    forms["opening"] = opening or OpeningForm(opening=found.opening, version=found.version)
    shown: dict[str, Any] = {"suggested": suggested, "forms": forms, "form": step or opening}
    shown |= {"unmet": queries.unmet_urgent_needs(found.business, matches), "owners": OWNERS_TO_STAFF}
    return render_template("signposting/plan_edit.html", plan=found, on=today(), **shown)


def _free(found: ActionPlan, matches: Sequence[Match[Any]]) -> tuple[list[Match[Any]], list[Match[Any]]]:
    """The services that are neither in the plan nor ruled out: those that fit best, and the rest."""
    taken = {each.service_id for each in found.signposts} | {each.service_id for each in found.ruled_out}
    free = [each for each in matches if each.service.id not in taken]
    suggested = [each for each in free if not why_not_choosable(each)][:MOST_SUGGESTED]
    return suggested, [each for each in free if each not in suggested]


def _step_form() -> PlanStepForm:
    """A fresh form for a step, or the one that was being filled in when another button was pressed."""
    typed = cookie.pop(TYPED, None) if is_reading() else request.form
    return PlanStepForm(MultiDict(typed)) if typed and typed.get("title") else PlanStepForm(owner="business")


def _named(matches: list[Match[Any]]) -> list[tuple[str, str]]:
    """Services for a list, by name, each with what stands in its way."""
    rows = [(str(each.service.id), f"{each.service.name}{_standing(each)}") for each in matches]
    return sorted(rows, key=lambda each: each[1].casefold())


def _standing(match: Match[Any]) -> str:
    if not match.available:
        return f" ({match.standing.lower()})"
    return " (not open to them)" if match.verdict is Verdict.INELIGIBLE else ""


def _service_id() -> UUID:
    """The service of the button that was pressed; else the one chosen from the list."""
    given = request.values.get("service_id") or request.form.get("other_id", "")
    try:
        return UUID(given)
    except ValueError:
        raise Invalid("Choose a service first", field="other_id") from None


@blueprint.post("/plans/<uuid:plan_id>/choose")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def choose(found: ActionPlan) -> ResponseReturnValue:
    """Choose a service."""
    return _change(
        found,
        lambda: service.choose(found, _service_id(), by=current_actor()),
        "Added to the plan, with a first step.",
    )


@blueprint.post("/plans/<uuid:plan_id>/unchoose")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def unchoose(found: ActionPlan) -> ResponseReturnValue:
    """Remove a service from the plan."""
    act = partial(service.unchoose, by=current_actor())
    return _change(found, lambda: act(found, _service_id()), "Removed from the plan.")


@blueprint.post("/plans/<uuid:plan_id>/reword")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def reword(found: ActionPlan) -> ResponseReturnValue:
    """Say why in other words."""
    return _change(found, lambda: _reword(found), "Your words are saved.")


def _reword(found: ActionPlan) -> None:
    """The words of one service; those that the page brings as fields are saved with every button."""
    why = request.form.get("why", "").strip()
    if "why" not in request.form and any(name.startswith(WHY) for name in request.form):
        return
    if not 0 < len(why) <= LONGEST_WHY:
        raise Invalid(f"Say why, in {LONGEST_WHY:,} characters or fewer.")
    service.reword(found, _service_id(), why=why, by=current_actor())


@blueprint.route("/plans/<uuid:plan_id>/rule-out", methods=["GET", "POST"])
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def rule_out(found: ActionPlan) -> ResponseReturnValue:
    """Note that a service was considered and not chosen. Where nothing stands against it, why is asked."""
    match = queries.match_of(found.business, _service_id())
    if match is None:
        raise NotFound("There is no such service.")
    form = RuleOutForm.of_request()
    if why_ruled_out(match):
        act = partial(service.rule_out, found, match.service.id, by=current_actor())
        return _change(found, act, "Ruled out, with the reason.")
    if form.was_sent and "reason" not in request.form and "why" not in request.form:
        return _change_and_ask(found, match.service.id)
    return _ask_why(form, found, match)


def _change_and_ask(found: ActionPlan, service_id: UUID) -> ResponseReturnValue:
    """Save what was typed on the page of the plan, then ask why."""
    _change(found, lambda: None, "")
    return done(url_for("plans.rule_out", plan_id=found.id, service_id=service_id))


def _ask_why(form: RuleOutForm, found: ActionPlan, match: Match[Any]) -> ResponseReturnValue:
    return answer(
        form,
        page=lambda: _rule_out_page(form, found, match),
        act=lambda: service.rule_out(found, match.service.id, why=form.words(), by=current_actor()),
        then=lambda _: saved("Ruled out, with the reason.", "plans.edit", plan_id=found.id),
    )


def _rule_out_page(form: Form, found: ActionPlan, match: Match[Any]) -> str:
    return render_template("signposting/rule_out.html", form=form, plan=found, match=match)


@blueprint.post("/plans/<uuid:plan_id>/rule-in")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def rule_in(found: ActionPlan) -> ResponseReturnValue:
    """Take back that a service was ruled out."""
    act = partial(service.rule_in, by=current_actor())
    return _change(found, lambda: act(found, _service_id()), "No longer ruled out.")


@blueprint.post("/plans/<uuid:plan_id>/steps/add")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def add_step(found: ActionPlan) -> ResponseReturnValue:
    """Add a step."""
    form, actor = PlanStepForm.of_request(), current_actor()
    opening = OpeningForm.of_request(opening=found.opening, version=found.version)
    add = partial(service.add_step, found, by=actor)
    return answer(
        form,
        page=lambda: _plan_edit_page(
            found, step=form, opening=opening if "opening" in request.form else None
        ),
        act=lambda: _keep_words(found, opening, lambda: add(form.details())),
        then=lambda _: _said(found, "Step added."),
    )


@blueprint.post("/plans/<uuid:plan_id>/steps/remove")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def remove_step(found: ActionPlan) -> ResponseReturnValue:
    """Remove a step."""
    return _change(found, lambda: service.remove_step(found, _step_id(), by=current_actor()), "Step removed.")


def _step_id() -> UUID:
    try:
        return UUID(request.form.get("step_id", ""))
    except ValueError:
        raise Invalid("Choose a step first.") from None


@blueprint.post("/plans/<uuid:plan_id>/discard")
@permit(Act.DISCARD_PLAN, audience=Audience.INTERNAL, load=queries.plan, machine=PLANS)
def discard(found: ActionPlan) -> ResponseReturnValue:
    """Throw the draft away."""
    service.discard(found, by=current_actor())
    return done(saved("Draft plan deleted.", "business.business", business_id=found.business_id))


@blueprint.route("/plans/<uuid:plan_id>/send", methods=["GET", "POST"])
@permit(
    Act.SEND_PLAN, audience=Audience.INTERNAL, load=queries.plan, machine=PLANS, unless=service.why_not_sent
)
def send_plan(found: ActionPlan) -> ResponseReturnValue:
    """See it as the business will, and send it."""
    form = SendForm.of_request(seen=service.preview_of(found), **first_reader(people_of(found.business_id)))
    return answer(
        form,
        page=lambda: _plan_send_page(form, found),
        act=lambda: service.send_plan(found, form.reader(), seen=form.seen.data, by=current_actor()),
        then=lambda _: saved(
            f"The plan is on its way to {found.sent_to_name}.", "plans.plan", plan_id=found.id
        ),
    )


def _plan_send_page(form: Form, found: ActionPlan) -> str:
    shown: dict[str, Any] = {
        "owners": OWNERS,
        "unmet": queries.unmet_urgent_needs(found.business),
        "on": today(),
    }
    return render_template("signposting/plan_send.html", form=form, plan=found, **shown)


@blueprint.route("/links/plan/<string:token>", methods=["GET", "POST"])
@permit(Act.OPEN_PLAN, audience=Audience.PUBLIC)
def open_plan(token: str) -> ResponseReturnValue:
    """The link in the letter: looking at it does nothing, pressing the button opens the plan."""
    live_link(token, Purpose.PLAN)
    if is_reading():
        return _open_link_page("Open your action plan", "Open it")
    found = service.open_plan(token, by=current_actor())
    give_key("plan", found.id)
    return done(url_for("plans.plan", plan_id=found.id))


def _open_link_page(heading: str, button: str) -> str:
    return render_template("signposting/open_link.html", heading=heading, button=button)


@blueprint.get("/plans/<uuid:plan_id>")
@permit(
    Act.VIEW_PLAN,
    audience=Audience.MEMBER,
    load=queries.plan,
    leaves_trace="when the business first opened its plan",
)
def plan(found: ActionPlan) -> ResponseReturnValue:
    """The plan as the business has it; staff see besides what became of it."""
    actor = current_actor()
    is_staff = actor.has(*STAFF)
    if not is_staff and found.opened_at is None:
        after(partial(service.note_opened, found.id, by=actor))
    shown = {"is_staff": is_staff, "owners": OWNERS_TO_STAFF if is_staff else OWNERS}
    shown["tickable"] = _tickable(actor, found)
    shown["can_edit"] = not why_not_editable(found) and POLICY.allows(actor, Act.EDIT_PLAN, found)
    newer = queries.sent_to(found.business_id) if found.superseded_by_id else None
    can_open = newer is not None and POLICY.allows(actor, Act.VIEW_PLAN, newer)
    shown |= {"newer": newer if can_open else None, "statuses": PLAN_STATUSES, "on": today()}
    return render_template("signposting/plan.html", plan=found, **shown)


def _tickable(actor: Actor, found: ActionPlan) -> frozenset[UUID]:
    """The steps that this person may say are done: a business says so of its own, not of its adviser's."""
    if found.status is not PlanStatus.SENT:
        return frozenset()
    return frozenset(
        each.id for each in found.steps if POLICY.allows(actor, Act.TICK_STEP, StepOf(found, each.owner))
    )


@blueprint.get("/plans/<uuid:plan_id>.pdf")
@permit(Act.VIEW_PLAN, audience=Audience.MEMBER, load=queries.plan)
def pdf(found: ActionPlan) -> ResponseReturnValue:
    """The plan to keep and to print."""
    known = settings()
    made = plan_pdf(found, service_name=known.service_name, contact=known.contact_email)
    return pdf_response(f"action-plan-{found.number}.pdf", made)


@blueprint.post("/plans/<uuid:plan_id>/steps/<uuid:step_id>/tick")
@permit(Act.TICK_STEP, audience=Audience.MEMBER, load=queries.step_of, unless=why_not_tickable)
def tick(found: PlanStep) -> ResponseReturnValue:
    """It is done."""
    service.tick(found, by=current_actor())
    return done(f"{url_for('plans.plan', plan_id=found.plan_id)}#step-{found.id}")


@blueprint.post("/plans/<uuid:plan_id>/steps/<uuid:step_id>/untick")
@permit(Act.TICK_STEP, audience=Audience.MEMBER, load=queries.step_of, unless=why_not_tickable)
def untick(found: PlanStep) -> ResponseReturnValue:
    """It is not done after all."""
    service.untick(found, by=current_actor())
    return done(f"{url_for('plans.plan', plan_id=found.plan_id)}#step-{found.id}")


@blueprint.get("/plans/<uuid:plan_id>/services/<uuid:signpost_id>")
@permit(
    Act.VIEW_PLAN,
    audience=Audience.MEMBER,
    load=queries.signpost_of,
    leaves_trace="when the business first followed a signpost",
)
def followed(found: PlanSignpost) -> ResponseReturnValue:
    """On to the service; that the business followed the signpost is kept for its adviser."""
    signpost_id = found.id
    if not current_actor().has(*STAFF):
        after(lambda: service.note_followed(signpost_id))
    return redirect(url_for("directory.one_service", service_id=found.service.service_id), code=303)
