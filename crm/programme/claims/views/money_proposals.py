"""Returning an approved claim unpaid, and asking for a repayment: proposed by one person, confirmed or refused by another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.accounts.views.proposals import ProposalForm, ProposalPages, Said
from crm.kernel.clock import day_of
from crm.kernel.permissions import Actor, Audience
from crm.programme.awards.models import Award
from crm.programme.claims.forms.claims import ReasonForm
from crm.programme.claims.forms.recoveries import AskBackForm
from crm.programme.claims.models import AwardClaim, MoneyProposal
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import claims
from crm.programme.claims.queries import money_proposals as queries
from crm.programme.claims.queries.evidence import running_award
from crm.programme.claims.queries.recoveries import cancelled_among, most_to_ask
from crm.programme.claims.rules import labels
from crm.programme.claims.service import money_proposals as service
from crm.programme.claims.service import unpaid
from crm.programme.claims.service.telling import is_unreached
from crm.programme.claims.workflow import MONEY, Act, MoneyProposalKind, MoneyProposalStatus
from crm.web.feature import Todo
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.permit import permits

blueprint = Blueprint("money_proposals", __name__)
permit = permits(POLICY)
HERE, PAGE = "/money-proposals/<uuid:money_proposal_id>", "money_proposals.proposal"
CLAIM, AWARD = "/award-claims/<uuid:award_claim_id>", "/awards/<uuid:award_id>"
PROPOSED = (
    "Proposed. Nothing changes until a programme manager or an approver who did not propose it confirms it."
)
DONE = {
    MoneyProposalKind.RETURN: "Claim returned. We have written to the business.",
    MoneyProposalKind.REPAYMENT: "Repayment requested. We have written to the business.",
}
TO_DECIDE = {
    MoneyProposalKind.RETURN: "Decide whether an approved claim is returned unpaid",
    MoneyProposalKind.REPAYMENT: "Decide whether a repayment is asked for",
}
READ = {
    (MoneyProposalKind.RETURN, MoneyProposalStatus.CONFIRMED): "Read: an approved claim was returned unpaid",
    (MoneyProposalKind.RETURN, MoneyProposalStatus.REFUSED): "Read why an approved claim was not returned",
    (MoneyProposalKind.REPAYMENT, MoneyProposalStatus.CONFIRMED): "Read: a repayment was asked for",
    (MoneyProposalKind.REPAYMENT, MoneyProposalStatus.REFUSED): "Read why a repayment was not asked for",
}

CANCELLED = "Read: a repayment that was asked for was cancelled"


def _named(found: Any) -> str:
    """What is to be done, and to whom, as the heading of its pages."""
    name = found.business.name
    if found.is_return:
        return f"return claim {found.claim.number} of {name}"
    return f"ask {name} to pay {found.amount.in_full()} back"


def _money_proposal_page(form: Form, found: MoneyProposal) -> str:
    named = _named(found)
    shown = PAGES.shown(found, form) | {"title": f"{named[0].upper()}{named[1:]}", "labels": labels}
    if shown["is_open"]:
        shown |= {"letter": service.letter_of(found), "is_unreached": is_unreached(found.award)}
    shown["is_cancelled"] = bool(cancelled_among([found.id]))
    return render_template("programme/claims/money_proposal.html", **shown)


PAGES = ProposalPages(
    blueprint,
    MONEY,
    policy=POLICY,
    verbs=service,
    load=queries.proposal,
    named="money_proposal_id",
    said=Said(
        confirmed=lambda found: DONE[found.kind],
        refusing=lambda found: f"Refuse to {_named(found)}",
        stays="No money moves.",
    ),
    show=_money_proposal_page,
)
PAGES.open_doors(HERE)


@blueprint.get(HERE)
@permit(Act.VIEW_PROPOSAL, audience=Audience.INTERNAL, load=queries.proposal)
def proposal(found: MoneyProposal) -> ResponseReturnValue:
    """What is to be done with money of an award, why, in which letter, and who decides."""
    return _money_proposal_page(ProposalForm(), found)


@blueprint.route(f"{CLAIM}/return-unpaid", methods=["GET", "POST"])
@permit(
    Act.PROPOSE_RETURN,
    audience=Audience.INTERNAL,
    load=claims.claim,
    unless=unpaid.why_not_return_proposed,
)
def return_unpaid(found: AwardClaim) -> ResponseReturnValue:
    """Propose to return an approved claim whose payment was cancelled."""
    form = ReasonForm.of_request(version=found.version)
    told = {"reason": form.reason.data, "version": form.version.data}
    return answer(
        form,
        page=lambda: render_template("programme/claims/return_unpaid.html", form=form, claim=found),
        act=lambda: service.propose_return(found, **told, by=current_actor()),
        then=lambda made: PAGES.to(made, PROPOSED),
    )


@blueprint.route(f"{AWARD}/repayments/ask", methods=["GET", "POST"])
@permit(
    Act.PROPOSE_REPAYMENT,
    audience=Audience.INTERNAL,
    load=running_award,
    unless=service.why_not_asked_back,
)
def ask(found: Award) -> ResponseReturnValue:
    """Propose to ask a business to pay back a part of what was paid."""
    form = AskBackForm.of_request()
    return answer(
        form,
        page=lambda: _ask_page(form, found),
        act=lambda: service.propose_repayment(found, form.details(), by=current_actor()),
        then=lambda made: PAGES.to(made, PROPOSED),
    )


def _ask_page(form: AskBackForm, found: Award) -> str:
    shown = {"award": found, "most": most_to_ask(found), "repaid_to": settings().repaid_to}
    return render_template("programme/claims/ask.html", form=form, **shown)


def to_decide(actor: Actor) -> tuple[Todo, ...]:
    """Each proposal about the money of an award on which this person decides."""
    rows = PAGES.to_decide(queries.proposals_on_desks(), actor)
    returns = {each.claim.milestone_id for each in rows if each.claim is not None}
    begun = claims.open_among(returns) if returns else {}
    return tuple(_todo(each, TO_DECIDE[each.kind], _first(each, begun)) for each in rows)


def _first(found: MoneyProposal, begun: Mapping[UUID, int]) -> str:
    """What comes before a claim can be returned: another claim for its milestone is open."""
    number = begun.get(found.claim.milestone_id) if found.claim is not None else None
    return (
        f". Claim {number} is open: until it is decided or discarded, this can only be refused"
        if number
        else ""
    )


def to_read(actor: Actor) -> tuple[Todo, ...]:
    """What became of each proposal lately, for those who decide or proposed it, but not for the person who decided it."""
    rows = PAGES.to_read(queries.proposals_on_desks(), actor)
    asked = [each.id for each in rows if not each.is_return and each.status is MoneyProposalStatus.CONFIRMED]
    cancelled = cancelled_among(asked) if asked else set()
    return tuple(
        _todo(each, CANCELLED if each.id in cancelled else READ[each.kind, each.status]) for each in rows
    )


def _todo(found: MoneyProposal, words: str, more: str = "") -> Todo:
    about = f"{found.business.name}: {found.amount.in_full()}, {found.award.application.reference}{more}"
    since = day_of(found.decided_at or found.proposed_at)
    return Todo(words, None, PAGES.url(found), about=about, since=since, things=(found.award_id,))


def return_waiting(claim_id: UUID) -> str:
    """The page of the proposal to return a claim that waits; empty where none does."""
    found = queries.open_return(claim_id)
    return PAGES.url(found) if found else ""


def repayment_waiting(award_id: UUID) -> str:
    """The page of the proposal to ask for a repayment that waits; empty where none does. The desks have asked for all already."""
    waiting = (
        each for each in queries.proposals_on_desks() if each.status == MONEY.start and not each.is_return
    )
    found = next((each for each in waiting if each.award_id == award_id), None)
    return PAGES.url(found) if found else ""
