"""Taking back what a business was told: proposed by one person, and confirmed or refused by another."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.views.proposals import ProposalForm, ProposalPages, Said
from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor, Audience
from crm.programme.cohort.forms.changing import LowerForm, ReleaseForm
from crm.programme.cohort.models import Decision, DecisionChange
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import changing as queries
from crm.programme.cohort.queries.decisions import decision
from crm.programme.cohort.rules import labels
from crm.programme.cohort.rules.money import said_parts
from crm.programme.cohort.service import changing as service
from crm.programme.cohort.service.telling import unreached
from crm.programme.cohort.workflow import CHANGES, Act, ChangeKind, ChangeStatus
from crm.web.feature import Todo
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("decision_changes", __name__)
permit = permits(POLICY)
DECISION, HERE = "/decisions/<uuid:decision_id>", "/decision-changes/<uuid:decision_change_id>"
PAGE = "decision_changes.proposal"
PROPOSED = "Proposed. Nothing changes until another programme manager or an approver confirms it."
TO_DECIDE = {
    ChangeKind.LOWER: "Decide whether an award is lowered",
    ChangeKind.ASKED_OFF: "Decide whether an application comes off the waiting list",
    ChangeKind.TAKEN_OFF: "Decide whether an application comes off the waiting list",
}
DONE = {
    ChangeKind.LOWER: "Award lowered. The money taken off it is free.",
    ChangeKind.ASKED_OFF: "It is off the waiting list. The applicant has not been told yet: send its letter.",
    ChangeKind.TAKEN_OFF: "It is off the waiting list. The applicant has not been told yet: send its letter.",
}
READ = {
    (ChangeKind.LOWER, ChangeStatus.CONFIRMED): "Read: an award was lowered",
    (ChangeKind.LOWER, ChangeStatus.REFUSED): "Read why an award was not lowered",
    (ChangeKind.ASKED_OFF, ChangeStatus.CONFIRMED): "Read: an application came off the waiting list",
    (ChangeKind.TAKEN_OFF, ChangeStatus.CONFIRMED): "Read: an application came off the waiting list",
    (ChangeKind.ASKED_OFF, ChangeStatus.REFUSED): "Read why an application stays on the waiting list",
    (ChangeKind.TAKEN_OFF, ChangeStatus.REFUSED): "Read why an application stays on the waiting list",
}


def _change_page(form: Form, found: DecisionChange) -> str:
    shown = PAGES.shown(found, form) | {"change": found, "labels": labels, "said_parts": said_parts}
    if shown["is_open"]:
        shown |= {"letter": service.letter_of(found), "is_unreached": bool(unreached([found.decision]))}
    return render_template("programme/cohort/change.html", decision=found.decision, **shown)


def _refusing(found: DecisionChange) -> str:
    return f"Refuse the change for {found.decision.application.business.name}"


PAGES = ProposalPages(
    blueprint,
    CHANGES,
    policy=POLICY,
    verbs=service,
    load=queries.change,
    named="decision_change_id",
    said=Said(lambda found: DONE[found.kind], _refusing, "The business keeps what it was told."),
    show=_change_page,
)
PAGES.open_doors(HERE)


@blueprint.route(f"{DECISION}/lower", methods=["GET", "POST"])
@permit(Act.PROPOSE_CHANGE, audience=Audience.INTERNAL, load=decision, unless=service.why_not_lowered)
def lower(found: Decision) -> ResponseReturnValue:
    """Propose to lower the award to a sum that fits."""
    form = LowerForm.of_request(version=found.version).of_lines(found.cohort.line)
    shown = {"decision": found, "room": service.limit_for(found), "said_parts": said_parts}
    return answer(
        form,
        page=lambda: render_template("programme/cohort/lower.html", form=form, **shown),
        act=lambda: service.propose_lowering(found, form.details(), by=current_actor()),
        then=lambda made: PAGES.to(made, PROPOSED),
    )


@blueprint.route(f"{DECISION}/propose-release", methods=["GET", "POST"])
@permit(Act.PROPOSE_CHANGE, audience=Audience.INTERNAL, load=decision, unless=service.why_not_taken_off)
def propose_release(found: Decision) -> ResponseReturnValue:
    """Propose to take an application off the waiting list that it was told of."""
    form = ReleaseForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: render_template("programme/cohort/propose_release.html", form=form, decision=found),
        act=lambda: service.propose_taking_off(found, form.details(), by=current_actor()),
        then=lambda made: PAGES.to(made, PROPOSED),
    )


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.change)
def proposal(found: DecisionChange) -> ResponseReturnValue:
    """What is to be taken back of a decision, why, in which letter, and who decides."""
    return _change_page(ProposalForm(), found)


def to_decide(actor: Actor) -> tuple[Todo, ...]:
    """Each proposal to take back what a business was told on which this person decides."""
    rows = PAGES.to_decide(queries.changes_on_desks(), actor)
    return tuple(_todo(each, TO_DECIDE[each.kind]) for each in rows)


def to_read(actor: Actor) -> tuple[Todo, ...]:
    """What became of each proposal lately, for those who decide in the programme, but not for the person who decided it."""
    rows = PAGES.to_read(queries.changes_on_desks(), actor)
    return tuple(_todo(each, READ[each.kind, each.status]) for each in rows)


def _todo(found: DecisionChange, words: str) -> Todo:
    about = found.decision.application
    named, where = f"{about.business.name}, {about.reference}", PAGES.url(found)
    since = day_of(found.decided_at or found.proposed_at)
    return Todo(words, None, where, about=named, since=since, things=(about.id,))


def links(decision_id: UUID) -> list[tuple[str, str]]:
    """From a decision to the proposals to change it, and to proposing one."""
    rows, found = queries.changes_of(decision_id), decision(decision_id)
    ways = [(labels.CHANGE_LINKS[each.kind], PAGES.url(each)) for each in rows]
    may = found is not None and POLICY.allows(current_actor(), Act.PROPOSE_CHANGE, found)
    return ways + (_to_propose(found) if found is not None and may else [])


def _to_propose(found: Decision) -> list[tuple[str, str]]:
    """The one way to propose to change a decision: to lower its award, or to take it off the waiting list."""
    if not service.why_not_lowered(found):
        where = url_for("decision_changes.lower", decision_id=found.id)
        return [("Propose to lower the award", where)]
    where = url_for("decision_changes.propose_release", decision_id=found.id)
    is_off = service.why_not_taken_off(found) is not None
    return [] if is_off else [("Propose to take it off the waiting list", where)]
