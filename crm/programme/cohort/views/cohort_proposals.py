"""A cohort proposed by the solver: asked for, followed while it is worked out, read, taken over as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.kernel.clock import moment_in_words
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Audience
from crm.programme.cohort.forms.proposing import ProposalForm, TakeOverForm, asked_before, groups_of
from crm.programme.cohort.models import Cohort, CohortProposal
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts
from crm.programme.cohort.queries import proposals as queries
from crm.programme.cohort.queries.candidates import candidates, names_of
from crm.programme.cohort.queries.drafts import aims_of
from crm.programme.cohort.queries.money import bar_of, free_of
from crm.programme.cohort.rules import labels
from crm.programme.cohort.rules.freezing import answer_of, question_of
from crm.programme.cohort.rules.money import in_full
from crm.programme.cohort.rules.proposing import Proposal, Question
from crm.programme.cohort.rules.showing import GONE, Beside, beside, said, told, ways_out
from crm.programme.cohort.service import proposing as service
from crm.programme.cohort.views.cohort_drafts import to_draft
from crm.programme.cohort.workflow import PROPOSALS, Act, ProposalStatus
from crm.programme.rounds.rules.labels import TIE_RULES
from crm.web.forms import answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("cohort_proposals", __name__)
permit = permits(POLICY)
IN_VAIN = (ProposalStatus.FAILED, ProposalStatus.CANCELLED)
LIKE = "like"
"""Where the address of the form says which earlier proposal it is to begin with."""


@blueprint.route("/cohorts/<uuid:cohort_id>/proposals/ask", methods=["GET", "POST"])
@permit(Act.ASK_PROPOSAL, audience=Audience.INTERNAL, load=cohorts.cohort, unless=service.why_not_asked)
def ask_proposal(found: Cohort) -> ResponseReturnValue:
    """Ask for the best cohort under the targets and the money."""
    filled = _asked_before(found) or {name: each for name, each in _free(found).items() if each.pence > 0}
    form = ProposalForm.of_request(**filled).of_lines(found.line)
    form.offer(groups_of(candidates(found.round)))
    return answer(
        form,
        page=lambda: _ask_proposal_page(form, found),
        act=lambda: service.ask(found, form.details(), by=current_actor()),
        then=lambda made: saved(
            "Proposal requested.", "cohort_proposals.cohort_proposal", cohort_proposal_id=made.id
        ),
    )


def _asked_before(found: Cohort) -> dict[str, Any]:
    """What an earlier proposal of the cohort was asked for, where the address names one: to change it and ask again."""
    named = request.args.get(LIKE, type=UUID)
    earlier = queries.proposal(named) if named else None
    if earlier is None or earlier.cohort_id != found.id:
        return {}
    return asked_before(question_of(earlier.question, seconds=0))


def _ask_proposal_page(form: ProposalForm, found: Cohort) -> str:
    shown = {"cohort": found, "targets": [each.words for each in aims_of(found)]}
    free = {name: f"{in_full(each)} is free" for name, each in _free(found).items()}
    return render_template("programme/cohort/ask_proposal.html", form=form, free=free, **shown)


def _free(found: Cohort) -> dict[str, Money]:
    """What is free of the money that funds the cohort, by the field that asks for it; in a dry run, nothing is."""
    free = free_of(found) or {}
    names = {line: "money" if found.line else str(line) for line in free}
    return {names[line]: max(each, NO_MONEY) for line, each in free.items()}


@blueprint.get("/cohort-proposals/<uuid:cohort_proposal_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.proposal)
def cohort_proposal(found: CohortProposal) -> ResponseReturnValue:
    """How far it is, or what came of it."""
    acts = open_acts(found, policy=POLICY, machine=PROPOSALS)
    shown: dict[str, Any] = {"proposal": found, "cohort": found.cohort, "acts": acts}
    shown |= {"labels": labels, "Act": Act, "in_full": in_full, "tie_rule": TIE_RULES[found.round.tie_rule]}
    shown |= _answered(found) if found.status is ProposalStatus.ANSWERED else {}
    is_in_vain = found.status in IN_VAIN or shown.get("ways_out") is not None
    shown["may_ask"] = (is_in_vain or bool(shown.get("changes"))) and _may_ask(found.cohort)
    return render_template("programme/cohort/cohort_proposal.html", **shown)


def _may_ask(found: Cohort) -> bool:
    """Whether the current actor can ask for another proposal now."""
    return POLICY.allows(current_actor(), Act.ASK_PROPOSAL, found) and not service.why_not_asked(found)


def _answered(found: CohortProposal) -> dict[str, Any]:
    """What came of it in words, with what has changed since and how it stands to the drafts."""
    question, came = question_of(found.question, seconds=0), answer_of(found.answer or {})
    rows, names = candidates(found.round), names_of(found.cohort.round_id)
    basis = queries.basis_of(found.cohort, rows, bar=bar_of(found.cohort))
    then = moment_in_words(found.asked_at) if found.cohort.confirmed_at else ""
    return _told(question, came, names, then) | {
        "changes": queries.since(question, came, basis=basis, names=names),
        "stops": service.why_out_of_date(found, queries.options(found.round, rows)),
        "taken": queries.taken_over(found),
        "ids": {each.reference: each.id for each in rows},
        "drafts": beside(came, _drafts(found, {each.id: each.reference for each in rows}), names=names),
    }


def _told(question: Question, came: Proposal, names: Mapping[str, str], then: str) -> dict[str, Any]:
    """The cohort that was proposed or, where none keeps every limit, without which it is possible."""
    return {
        "told": told(question, came, names=names, then=then),
        "ways_out": None if came.is_possible else ways_out(question, came, names=names),
        "limits": [said(each, names) for each in question.limits],
    }


def _drafts(found: CohortProposal, references: Mapping[UUID, str]) -> list[Beside]:
    """The drafts of the cohort, as a proposal is compared with them."""
    return [
        Beside(
            each.name, each.money, frozenset(references.get(one.application_id, GONE) for one in each.places)
        )
        for each in cohorts.drafts_of(found.cohort_id)
    ]


@blueprint.route("/cohort-proposals/<uuid:cohort_proposal_id>/take-over", methods=["GET", "POST"])
@permit(
    Act.TAKE_OVER_PROPOSAL,
    audience=Audience.INTERNAL,
    load=queries.proposal,
    machine=PROPOSALS,
    unless=service.why_not_taken_over,
)
def take_over_proposal(found: CohortProposal) -> ResponseReturnValue:
    """Take a proposal over as a draft."""
    form = TakeOverForm.of_request()
    return answer(
        form,
        page=lambda: _take_over_proposal_page(form, found),
        act=lambda: service.take_over(found, form.name.data or "", by=current_actor()),
        then=lambda made: to_draft("Draft created from the proposal.", made),
    )


def _take_over_proposal_page(form: TakeOverForm, found: CohortProposal) -> str:
    shown = {"proposal": found, "taken": queries.taken_over(found)}
    return render_template("programme/cohort/take_over_proposal.html", form=form, **shown)


@blueprint.post("/cohort-proposals/<uuid:cohort_proposal_id>/cancel")
@permit(Act.CANCEL_PROPOSAL, audience=Audience.INTERNAL, load=queries.proposal, machine=PROPOSALS)
def cancel(found: CohortProposal) -> ResponseReturnValue:
    """Stop working it out."""
    service.cancel(found, by=current_actor())
    return done(
        saved("Cancelled. You can ask for another proposal.", "cohorts.cohort", cohort_id=found.cohort_id)
    )
