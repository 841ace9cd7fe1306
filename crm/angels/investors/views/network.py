"""What the network is and how to join it; and an angel's own page: where they stand, what they look for, what they saw."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import account
from crm.angels.investors.forms.joining import JoinForm, PreferencesForm, preferences_of
from crm.angels.investors.models import Angel
from crm.angels.investors.policy import POLICY, own_admission
from crm.angels.investors.queries import angels as queries
from crm.angels.investors.queries.gate import thresholds_on
from crm.angels.investors.rules import labels
from crm.angels.investors.rules.gate import MONTHS_OF_A_STATEMENT, open_until, why_closed
from crm.angels.investors.rules.statements import CONDUCT, CONDUCT_VERSION
from crm.angels.investors.service import joining as service
from crm.angels.investors.views.signed import signed_by
from crm.angels.investors.workflow import Act
from crm.audit.queries import entries_about
from crm.billing.queries import membership_of
from crm.billing.service.leaving import fee_of
from crm.kernel.clock import today
from crm.kernel.errors import NotFound
from crm.kernel.permissions import Audience
from crm.kernel.roles import Role
from crm.throttles.rules import Source
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.parts import parts_on
from crm.web.permit import permits

blueprint = Blueprint("network", __name__)
permit = permits(POLICY)
OWN, LEAVING = "network.mine", "network.leave"
LEFT = "You have left the network. We will not show or send you any more pitches. We have emailed you what this ends."


@blueprint.get("/angels")
@permit(Act.SEE_NETWORK, audience=Audience.PUBLIC)
def network() -> ResponseReturnValue:
    """What the network is, who can be in it, and how: nothing of any pitch."""
    actor = current_actor()
    shown: dict[str, Any] = {"law": thresholds_on(today()), "conduct": CONDUCT}
    shown["months"] = MONTHS_OF_A_STATEMENT
    shown |= {
        "is_angel": POLICY.allows(actor, Act.VIEW_OWN),
        "left": queries.departure_of(actor.account_id),
        "is_staff": POLICY.allows(actor, Act.LIST_ANGELS),
        "can_raise": actor.account_id is None or actor.has(Role.FOUNDER),
    }
    return render_template("angels/investors/network.html", **shown)


@blueprint.route("/angels/join", methods=["GET", "POST"])
@permit(Act.JOIN, audience=Audience.PUBLIC)
def join() -> ResponseReturnValue:
    """Apply to join."""
    form = JoinForm.of_request()
    return answer(
        form,
        page=lambda: _join_page(form),
        act=lambda: service.join(form.application(), sent_from=_sent_from(), by=current_actor()),
        then=lambda _: url_for("network.joined"),
    )


def _sent_from() -> Source:
    return Source(request.remote_addr or "unknown", settings().secret_key)


def _join_page(form: Form) -> str:
    return render_template("angels/investors/join.html", form=form, conduct=CONDUCT)


@blueprint.get("/angels/joined")
@permit(Act.SEE_NETWORK, audience=Audience.PUBLIC)
def joined() -> ResponseReturnValue:
    """The same page for everyone: only the email says whether the address was known."""
    return render_template("angels/investors/joined.html")


def own_angel() -> Angel:
    """The investor profile of the current actor."""
    actor = current_actor()
    found = queries.angel_of(actor.account_id) if actor.account_id else None
    if found is None:
        raise NotFound("You are not a member of the network. Apply to join, or ask its manager.")
    return found


@blueprint.get("/angels/mine")
@permit(Act.VIEW_OWN, audience=Audience.MEMBER)
def mine() -> ResponseReturnValue:
    """Where one stands: what is open, what keeps the gate closed, and what to do about it."""
    left = queries.departure_of(current_actor().account_id)
    return _left_page(left) if left else _mine_page(own_angel())


def _left_page(left: queries.Departure) -> str:
    return render_template("angels/investors/left.html", left=left)


def _mine_page(found: Angel) -> str:
    actor = current_actor()
    admission = own_admission(actor)
    shown: dict[str, Any] = {"closed": why_closed(admission, on=today()), "labels": labels}
    shown |= {
        "until": open_until(admission, on=today()),
        "conduct_is_new": found.conduct_version != CONDUCT_VERSION,
    }
    shown |= {"conduct": CONDUCT} | signed_by(found, admission)
    shown["membership"] = membership_of(actor.account_id, on=today()) if actor.account_id else None
    shown |= {"looks": entries_about(found, act=Act.VIEW_AS), "parts": parts_on(OWN, found)}
    return render_template("angels/investors/mine.html", angel=found, today=today(), **shown)


@blueprint.route("/angels/mine/prefer", methods=["GET", "POST"])
@permit(Act.PREFER, audience=Audience.MEMBER)
def prefer() -> ResponseReturnValue:
    """What one looks for."""
    found = own_angel()
    form = PreferencesForm.of_request(**preferences_of(found))
    return answer(
        form,
        page=lambda: render_template("angels/investors/prefer.html", form=form),
        act=lambda: service.prefer(found, form.preferences(), by=current_actor()),
        then=lambda _: saved("Preferences saved.", "network.mine"),
    )


@blueprint.post("/angels/mine/accept-conduct")
@permit(Act.ACCEPT_CONDUCT, audience=Audience.MEMBER)
def accept_conduct() -> ResponseReturnValue:
    """Accept the code of conduct as it stands now."""
    service.accept_conduct(own_angel(), by=current_actor())
    return done(saved("You have accepted the code of conduct.", "network.mine"))


@blueprint.route("/angels/mine/leave", methods=["GET", "POST"])
@permit(Act.LEAVE, audience=Audience.MEMBER)
def leave() -> ResponseReturnValue:
    """Leave the network, once what this ends was read."""
    form, found = Form.of_request(), own_angel()
    return answer(
        form,
        page=lambda: _leave_page(form, found),
        act=lambda: service.leave(found, by=current_actor()),
        then=lambda _: saved(LEFT, "network.network"),
    )


def _leave_page(form: Form, found: Angel) -> str:
    assert found.account_id is not None
    owner = account(found.account_id)
    assert owner is not None
    shown = {"membership": membership_of(found.account_id, on=today()), "parts": parts_on(LEAVING, found)}
    shown["fee"] = fee_of(owner)
    return render_template("angels/investors/leave.html", form=form, **shown)
