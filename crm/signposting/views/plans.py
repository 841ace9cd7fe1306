"""Action plans: made by an adviser, opened by link, ticked off, printed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business as load_business
from crm.businesses.queries.seeing import first_reader, people_of
from crm.directory.rules.matching import Match
from crm.kernel.clock import today
from crm.kernel.eligibility import Verdict
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import STAFF
from crm.links.queries import live_link
from crm.links.rules import Purpose
from crm.signposting.forms.planning import OpeningForm, SendForm, ServiceForm, StepForm
from crm.signposting.models import ActionPlan, PlanSignpost, PlanStep
from crm.signposting.papers.leaving import plan_pdf
from crm.signposting.policy import POLICY
from crm.signposting.queries import planning as queries
from crm.signposting.queries.enquiring import enquiries_of
from crm.signposting.rules.labels import OWNERS, OWNERS_TO_STAFF, PLAN_STATUSES
from crm.signposting.rules.planning import MOST_SUGGESTED, why_not_choosable, why_not_editable
from crm.signposting.service import planning as service
from crm.signposting.workflow import PLANS, Act, EnquiryStatus, PlanStatus
from crm.web.extracts import pdf_response
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor, give_key
from crm.web.navigation import settings
from crm.web.permit import permits
from crm.web.transaction import after, is_reading

blueprint = Blueprint("plans", __name__)
permit = permits(POLICY)


@blueprint.post("/businesses/<uuid:business_id>/plans/draft")
@permit(Act.DRAFT_PLAN, audience=Audience.INTERNAL, load=load_business)
def draft_plan(found: Business) -> ResponseReturnValue:
    """Begin a plan, or go on with the one that is being made; it answers the enquiry that is open."""
    asked = next((each for each in enquiries_of(found.id) if each.status is not EnquiryStatus.CLOSED), None)
    made = service.draft_plan(found, enquiry_id=asked.id if asked else None, by=current_actor())
    return done(_edit_address(made))


def _edit_address(found: ActionPlan) -> str:
    return url_for("plans.edit", plan_id=found.id)


@blueprint.route("/plans/<uuid:plan_id>/edit", methods=["GET", "POST"])
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def edit(found: ActionPlan) -> ResponseReturnValue:
    """The plan as it is being made: services, steps, what was ruled out, and the opening words."""
    form = OpeningForm.of_request(opening=found.opening, version=found.version)
    return answer(
        form,
        page=lambda: _plan_edit_page(found),
        act=lambda: service.write_opening(
            found, form.opening.data or "", version=form.version.data, by=current_actor()
        ),
        then=lambda _: _said(found, "The opening words are saved."),
    )


def _said(found: ActionPlan, words: str) -> str:
    return saved(words, "plans.edit", plan_id=found.id)


def _plan_edit_page(found: ActionPlan, *, opening: Form | None = None, step: Form | None = None) -> str:
    matches = queries.matches_for(found.business)
    taken = {each.service_id for each in found.signposts} | {each.service_id for each in found.ruled_out}
    free = [each for each in matches if each.service.id not in taken]
    suggested = [each for each in free if not why_not_choosable(each)][:MOST_SUGGESTED]
    rest = [each for each in free if each not in suggested]
    forms = {"step": step or StepForm(owner="business"), "other": ServiceForm().offer(_named(rest))}
    forms["opening"] = opening or OpeningForm(opening=found.opening, version=found.version)
    shown = {"suggested": suggested, "forms": forms, "form": opening or step, "owners": OWNERS_TO_STAFF}
    return render_template("signposting/plan_edit.html", plan=found, on=today(), **shown)


def _named(matches: list[Match[Any]]) -> list[tuple[str, str]]:
    """Services for a list, each with what stands in its way."""
    return [(str(each.service.id), f"{each.service.name}{_standing(each)}") for each in matches]


def _standing(match: Match[Any]) -> str:
    if not match.available:
        return " (not on offer)"
    return " (not open to them)" if match.verdict is Verdict.INELIGIBLE else ""


def _service_id() -> UUID:
    try:
        return UUID(request.form.get("service_id", ""))
    except ValueError:
        raise Invalid("Choose a service first.") from None


@blueprint.post("/plans/<uuid:plan_id>/choose")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def choose(found: ActionPlan) -> ResponseReturnValue:
    """Choose a service."""
    service.choose(found, _service_id(), by=current_actor())
    return done(_said(found, "It is in the plan, with a first step."))


@blueprint.post("/plans/<uuid:plan_id>/unchoose")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def unchoose(found: ActionPlan) -> ResponseReturnValue:
    """Take a service out again."""
    service.unchoose(found, _service_id(), by=current_actor())
    return done(_said(found, "It is out of the plan."))


@blueprint.post("/plans/<uuid:plan_id>/reword")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def reword(found: ActionPlan) -> ResponseReturnValue:
    """Say why in other words."""
    why = request.form.get("why", "").strip()
    if not 0 < len(why) <= 10_000:
        raise Invalid("Say why, in 10,000 characters or fewer.")
    service.reword(found, _service_id(), why=why, by=current_actor())
    return done(_said(found, "Your words are saved."))


@blueprint.post("/plans/<uuid:plan_id>/rule-out")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def rule_out(found: ActionPlan) -> ResponseReturnValue:
    """Note that a service was considered and not chosen."""
    service.rule_out(found, _service_id(), by=current_actor())
    return done(_said(found, "It is ruled out, with the reason."))


@blueprint.post("/plans/<uuid:plan_id>/rule-in")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def rule_in(found: ActionPlan) -> ResponseReturnValue:
    """Take that back."""
    service.rule_in(found, _service_id(), by=current_actor())
    return done(_said(found, "It is no longer ruled out."))


@blueprint.post("/plans/<uuid:plan_id>/steps/add")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def add_step(found: ActionPlan) -> ResponseReturnValue:
    """Add something to do."""
    form = StepForm.of_request()
    return answer(
        form,
        page=lambda: _plan_edit_page(found, step=form),
        act=lambda: service.add_step(found, form.details(), by=current_actor()),
        then=lambda _: _said(found, "The step is added."),
    )


@blueprint.post("/plans/<uuid:plan_id>/steps/remove")
@permit(Act.EDIT_PLAN, audience=Audience.INTERNAL, load=queries.plan, unless=why_not_editable)
def remove_step(found: ActionPlan) -> ResponseReturnValue:
    """Take a step out again."""
    try:
        step_id = UUID(request.form.get("step_id", ""))
    except ValueError:
        raise Invalid("Choose a step first.") from None
    service.remove_step(found, step_id, by=current_actor())
    return done(_said(found, "The step is out of the plan."))


@blueprint.post("/plans/<uuid:plan_id>/discard")
@permit(Act.DISCARD_PLAN, audience=Audience.INTERNAL, load=queries.plan, machine=PLANS)
def discard(found: ActionPlan) -> ResponseReturnValue:
    """Throw the draft away."""
    service.discard(found, by=current_actor())
    return done(saved("Draft plan deleted.", "business.business", business_id=found.business_id))


@blueprint.route("/plans/<uuid:plan_id>/send", methods=["GET", "POST"])
@permit(Act.SEND_PLAN, audience=Audience.INTERNAL, load=queries.plan, machine=PLANS)
def send_plan(found: ActionPlan) -> ResponseReturnValue:
    """See it as the business will, and send it."""
    form = SendForm.of_request(**first_reader(people_of(found.business_id)))
    return answer(
        form,
        page=lambda: _plan_send_page(form, found),
        act=lambda: service.send_plan(found, form.reader(), by=current_actor()),
        then=lambda _: saved(
            f"The plan is on its way to {found.sent_to_name}.", "plans.plan", plan_id=found.id
        ),
    )


def _plan_send_page(form: Form, found: ActionPlan) -> str:
    return render_template("signposting/plan_send.html", form=form, plan=found, owners=OWNERS, on=today())


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
@permit(Act.VIEW_PLAN, audience=Audience.MEMBER, load=queries.plan)
def plan(found: ActionPlan) -> ResponseReturnValue:
    """The plan as the business has it; staff see besides what became of it."""
    actor = current_actor()
    is_staff = actor.has(*STAFF)
    shown = {"is_staff": is_staff, "owners": OWNERS_TO_STAFF if is_staff else OWNERS}
    shown["can_tick"] = _can_tick(actor, found)
    newer = queries.sent_to(found.business_id) if found.superseded_by_id else None
    can_open = newer is not None and POLICY.allows(actor, Act.VIEW_PLAN, newer)
    shown |= {"newer": newer if can_open else None, "statuses": PLAN_STATUSES, "on": today()}
    return render_template("signposting/plan.html", plan=found, **shown)


def _can_tick(actor: Actor, found: ActionPlan) -> bool:
    return found.status is PlanStatus.SENT and POLICY.allows(actor, Act.TICK_STEP, found)


@blueprint.get("/plans/<uuid:plan_id>.pdf")
@permit(Act.VIEW_PLAN, audience=Audience.MEMBER, load=queries.plan)
def pdf(found: ActionPlan) -> ResponseReturnValue:
    """The plan to keep and to print."""
    known = settings()
    made = plan_pdf(found, service_name=known.service_name, contact=known.contact_email)
    return pdf_response(f"action-plan-{found.number}.pdf", made)


@blueprint.post("/plans/<uuid:plan_id>/steps/<uuid:step_id>/tick")
@permit(Act.TICK_STEP, audience=Audience.MEMBER, load=queries.step_of)
def tick(found: PlanStep) -> ResponseReturnValue:
    """It is done."""
    service.tick(found, by=current_actor())
    return done(f"{url_for('plans.plan', plan_id=found.plan_id)}#step-{found.id}")


@blueprint.post("/plans/<uuid:plan_id>/steps/<uuid:step_id>/untick")
@permit(Act.TICK_STEP, audience=Audience.MEMBER, load=queries.step_of)
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
