"""The network's staff: who applied, who they are, what they signed and saw; accepted, declined, suspended, readmitted."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.accounts.queries import account
from crm.angels.investors.forms.certifying import PaperForm
from crm.angels.investors.forms.joining import AngelsForm, CheckForm, ReasonForm
from crm.angels.investors.models import MONTHS_OF_A_CHECK, Angel
from crm.angels.investors.policy import POLICY
from crm.angels.investors.queries import angels as queries
from crm.angels.investors.queries.gate import admission_of
from crm.angels.investors.rules import labels
from crm.angels.investors.rules.gate import NOBODY, why_closed
from crm.angels.investors.service import certifying, erasing
from crm.angels.investors.service import joining as service
from crm.angels.investors.views.signed import signed_by
from crm.angels.investors.workflow import ANGELS, Act
from crm.audit.queries import entries_about
from crm.billing.service.leaving import fee_of
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.filtering import as_offered
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits

blueprint = Blueprint("angels", __name__)
permit = permits(POLICY)
BESIDES = (Act.CHECK_ANGEL, Act.KEEP_PAPER, Act.VIEW_AS)


@blueprint.get("/angels/all")
@permit(Act.LIST_ANGELS, audience=Audience.INTERNAL)
def all_angels() -> ResponseReturnValue:
    """All applicants and members."""
    filters = as_offered(AngelsForm(request.args))
    page = page_of(queries.angels(filters.status.data or "", text=filters.q.data or "", cursor=cursor()))
    return render_template("angels/investors/all_angels.html", page=page, filters=filters, labels=labels)


@blueprint.get("/angels/<uuid:angel_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.angel)
def angel(found: Angel) -> ResponseReturnValue:
    """One angel: who they are, and whether and why the gate is open to them."""
    return _angel_page(found, ReasonForm())


def _angel_page(found: Angel, form: Form) -> str:
    own = _why_not_checked(found)
    shown: dict[str, Any] = {
        "acts": frozenset() if own else _acts_of(found),  # their own application is only read
        "unchecked": service.why_not_accepted(found),
        "own": own,
        "labels": labels,
        "Act": Act,
        "form": form,
    }
    shown |= _standing(found) | _erasing(found) | _known(found)
    return render_template("angels/investors/angel.html", angel=found, today=today(), **shown)


def _known(found: Angel) -> dict[str, Any]:
    owner = account(found.account_id) if found.account_id else None
    fee = fee_of(owner) if owner else None
    return {"trail": entries_about(found), "known_as": service.known_as(found), "fee": fee}


def _erasing(found: Angel) -> dict[str, Any]:
    """Whether and why they cannot be erased now, and whether what is kept of them is for others to read."""
    actor = current_actor()
    restricted = not POLICY.allows(actor, Act.VIEW_CERTIFICATION, found)
    is_over = found.status in queries.OVER
    return {
        "not_erased": erasing.why_not_erased(found, by=actor) if is_over else None,
        "restricted": restricted,
    }


def _acts_of(found: Angel) -> frozenset[StrEnum]:
    """What can be done with an angel as things are: an applicant is accepted only after their check."""
    is_over = found.status in queries.OVER and found.erased_at is None
    also = (*BESIDES, Act.ERASE) if is_over else BESIDES
    acts = open_acts(found, policy=POLICY, machine=ANGELS, also=also if found.erased_at is None else ())
    return acts - {Act.ACCEPT} if service.why_not_accepted(found) else acts


def _why_not_checked(found: Angel) -> str | None:
    return service.why_not_theirs_to_decide(found, by=current_actor())


def _standing(found: Angel) -> dict[str, Any]:
    """What the gate makes of them now, and what it rests on."""
    if found.account_id is None:
        return {"closed": None, "attempts": (), "blocked": ()} | signed_by(found, NOBODY)
    admission = admission_of(found.account_id, on=today())
    return {
        "closed": why_closed(admission, on=today()),
        **signed_by(found, admission),
        "attempts": queries.attempts_of(found.account_id),
        "blocked": queries.blocked_of(found.account_id),
    }


@blueprint.route("/angels/<uuid:angel_id>/check", methods=["GET", "POST"])
@permit(Act.CHECK_ANGEL, audience=Audience.INTERNAL, load=queries.angel, unless=_why_not_checked)
def check(found: Angel) -> ResponseReturnValue:
    """Record an identity check."""
    names = ("checked_on", "checked_by")
    values = {name: getattr(found, name) for name in names} | {"note": found.check_note}
    form = CheckForm.of_request(outcome=found.check_outcome, **values)
    return answer(
        form,
        page=lambda: _check_page(form, found),
        act=lambda: service.check(found, form.check(), by=current_actor()),
        then=lambda _: saved("Check recorded.", "angels.angel", angel_id=found.id),
    )


def _check_page(form: Form, found: Angel) -> str:
    return render_template("angels/investors/check.html", form=form, angel=found, months=MONTHS_OF_A_CHECK)


@blueprint.route("/angels/<uuid:angel_id>/keep-paper", methods=["GET", "POST"])
@permit(Act.KEEP_PAPER, audience=Audience.INTERNAL, load=queries.angel, unless=_why_not_checked)
def keep_paper(found: Angel) -> ResponseReturnValue:
    """Record an old statement on paper."""
    form = PaperForm.of_request().offer(queries.wordings())
    return answer(
        form,
        page=lambda: _keep_paper_page(form, found),
        act=lambda: certifying.keep_historic(found, form.paper(), by=current_actor()),
        then=lambda _: saved(
            "Paper statement recorded. It does not open pitches.", "angels.angel", angel_id=found.id
        ),
    )


def _keep_paper_page(form: Form, found: Angel) -> str:
    return render_template("angels/investors/keep_paper.html", form=form, angel=found)


DECIDE = {
    Act.ACCEPT: "Accepted. We have emailed them.",
    Act.DECLINE: "Declined. We have emailed them the reason.",
    Act.SUSPEND: "Suspended. Pitches are closed to them from now on.",
    Act.READMIT: "Readmitted. Pitches are open to them while their statement is valid.",
}


def _decided(found: Angel, act: Act) -> ResponseReturnValue:
    """Decide with a reason, or show the page again."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _angel_page(found, form),
        act=lambda: _decide(found, act, form.reason.data),
        then=lambda _: saved(DECIDE[act], "angels.angel", angel_id=found.id),
    )


def _decide(found: Angel, act: Act, words: str) -> None:
    actor = current_actor()
    if act is Act.ACCEPT:
        service.accept(found, note=words, by=actor)
    else:
        verbs = {Act.DECLINE: service.decline, Act.SUSPEND: service.suspend, Act.READMIT: service.readmit}
        verbs[act](found, reason=words, by=actor)


@blueprint.post("/angels/<uuid:angel_id>/accept")
@permit(Act.ACCEPT, audience=Audience.INTERNAL, load=queries.angel, machine=ANGELS)
def accept(found: Angel) -> ResponseReturnValue:
    """Accept an applicant."""
    return _decided(found, Act.ACCEPT)


@blueprint.post("/angels/<uuid:angel_id>/decline")
@permit(Act.DECLINE, audience=Audience.INTERNAL, load=queries.angel, machine=ANGELS)
def decline(found: Angel) -> ResponseReturnValue:
    """Decline an applicant."""
    return _decided(found, Act.DECLINE)


@blueprint.post("/angels/<uuid:angel_id>/suspend")
@permit(Act.SUSPEND, audience=Audience.INTERNAL, load=queries.angel, machine=ANGELS)
def suspend(found: Angel) -> ResponseReturnValue:
    """Suspend an investor."""
    return _decided(found, Act.SUSPEND)


@blueprint.post("/angels/<uuid:angel_id>/readmit")
@permit(Act.READMIT, audience=Audience.INTERNAL, load=queries.angel, machine=ANGELS)
def readmit(found: Angel) -> ResponseReturnValue:
    """Readmit a suspended investor."""
    return _decided(found, Act.READMIT)
