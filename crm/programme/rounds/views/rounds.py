"""Preparing rounds: their words and moments, what they ask of a business, publishing and throwing away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.directory.forms import terms_of
from crm.kernel.clock import now
from crm.kernel.eligibility import Facts, weigh
from crm.kernel.permissions import Audience
from crm.programme.rounds import queries
from crm.programme.rounds.forms import CopyForm, RoundForm, RoundTermsForm, round_values
from crm.programme.rounds.models import Round
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.rules import labels
from crm.programme.rounds.rules.asking import check_in_words
from crm.programme.rounds.rules.weights import percent_in_words
from crm.programme.rounds.service import copying
from crm.programme.rounds.service import preparing as service
from crm.programme.rounds.views.weights import weights_of
from crm.programme.rounds.workflow import ROUNDS, Act, RoundStatus, TieRule
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.navigation import links_from
from crm.web.permit import permits

blueprint = Blueprint("rounds", __name__)
permit = permits(POLICY)
blueprint.add_app_template_filter(percent_in_words, "hundredths")
BEGINNING = {
    "grace_minutes": 10,
    "assessors": 2,
    "spread": 2,
    "threshold": 6_000,
    "tie_rule": TieRule.WEIGHTIEST,
    "least_words": 20,
    "declaration": labels.DECLARATION,
}
"""What the form of a new round suggests."""


@blueprint.route("/programme/rounds/prepare", methods=["GET", "POST"])
@permit(Act.PREPARE, audience=Audience.INTERNAL)
def prepare() -> ResponseReturnValue:
    """Begin to prepare a round."""
    form = RoundForm.of_request(**BEGINNING)
    if not form.was_sent:
        return _round_form_page(form)
    return answer(
        form,
        lambda: service.prepare(form.details(), by=current_actor()),
        then=lambda made: _said(made.id, "It is kept. Nobody outside sees it before you publish it."),
        again=_round_form_page,
    )


def _round_form_page(form: Form, kept: Round | None = None) -> str:
    return render_template("programme/rounds/round_form.html", form=form, round=kept)


def _said(round_id: UUID, words: str) -> str:
    flash(words, "success")
    return url_for("rounds.composition", round_id=round_id)


@blueprint.get("/programme/rounds/<uuid:round_id>/composition")
@permit(Act.VIEW_ROUND, audience=Audience.INTERNAL, load=queries.round_)
def composition(found: Round) -> ResponseReturnValue:
    """Everything a round is made of, what it still lacks, what each criterion counts, and its history."""
    shown_: dict[str, Any] = {
        "labels": labels,
        "lacks": service.lacking(found, at=now()) if found.status is RoundStatus.DRAFT else [],
        "strands": labels.strands_in_words(found.strands),
        "readings": weigh(found.terms, Facts()).readings,
        "trail": entries_about(found),
        "links": links_from("programme_round", found.id),
    }
    shown_ |= _possible(found) | _checks(found) | weights_of(found)
    return render_template("programme/rounds/composition.html", round=found, **shown_)


def _possible(found: Round) -> dict[str, Any]:
    """What whoever asks can do with a round."""
    actor = current_actor()
    acts = {act for act in ROUNDS.possible(found.status) if POLICY.allows(actor, act, found)}
    can_change = found.status is RoundStatus.DRAFT and POLICY.allows(actor, Act.CHANGE, found)
    shown_ = {"Act": Act, "acts": acts, "can_change": can_change}
    shown_["can_copy"] = POLICY.allows(actor, Act.COPY, found)
    return shown_ | _about_criteria(found, can_change=can_change)


def _about_criteria(found: Round, *, can_change: bool) -> dict[str, bool]:
    """Whether the criteria can be changed now, opened for it again, or be let hold."""
    is_open, may = (
        found.criteria_opened_at is not None,
        POLICY.allows(current_actor(), Act.OPEN_CRITERIA, found),
    )
    can_open = may and found.status is RoundStatus.PUBLISHED and not is_open
    return {
        "can_change_criteria": can_change or (may and is_open),
        "can_open": can_open,
        "is_open": may and is_open,
    }


def _checks(found: Round) -> dict[str, Any]:
    names = {each.id: each.label for each in found.questions}
    return {"names": names, "checks": [(each, check_in_words(each, names)) for each in found.checks]}


@blueprint.route("/programme/rounds/<uuid:round_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.round_)
def change(found: Round) -> ResponseReturnValue:
    """Change its words and moments."""
    service.require_draft(found)
    form = RoundForm.of_request(**round_values(found))
    if not form.was_sent:
        return _round_form_page(form, found)
    return answer(
        form,
        lambda: service.change(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _said(found.id, "It is changed."),
        again=lambda again: _round_form_page(again, found),
    )


@blueprint.route("/programme/rounds/<uuid:round_id>/set-terms", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.round_)
def set_terms(found: Round) -> ResponseReturnValue:
    """Say who can apply."""
    service.require_draft(found)
    form = RoundTermsForm.of_request(**terms_of(found), version=found.version)
    if not form.was_sent:
        return _set_terms_page(form, found)
    return answer(
        form,
        lambda: service.set_terms(found, form.terms(), version=form.version.data, by=current_actor()),
        then=lambda _: _said(found.id, "It is kept."),
        again=lambda again: _set_terms_page(again, found),
    )


def _set_terms_page(form: Form, found: Round) -> str:
    return render_template("programme/rounds/set_terms.html", form=form, round=found)


@blueprint.route("/programme/rounds/<uuid:round_id>/copy", methods=["GET", "POST"])
@permit(Act.COPY, audience=Audience.INTERNAL, load=queries.round_)
def copy(found: Round) -> ResponseReturnValue:
    """Begin a new round from this one."""
    form = CopyForm.of_request()
    if not form.was_sent:
        return _copy_page(form, found)
    return answer(
        form,
        lambda: copying.copy(found, form.name.data or "", by=current_actor()),
        then=lambda made: _said(made.id, "This is the new round. Look at its moments first."),
        again=lambda again: _copy_page(again, found),
    )


def _copy_page(form: Form, found: Round) -> str:
    return render_template("programme/rounds/copy.html", form=form, round=found)


@blueprint.post("/programme/rounds/<uuid:round_id>/publish")
@permit(Act.PUBLISH, audience=Audience.INTERNAL, load=queries.round_)
def publish(found: Round) -> ResponseReturnValue:
    """Publish it for good."""
    service.publish(found, by=current_actor())
    return redirect(
        _said(found.id, "It is published. Its questions and criteria stay as they are."), code=303
    )


@blueprint.post("/programme/rounds/<uuid:round_id>/discard")
@permit(Act.DISCARD, audience=Audience.INTERNAL, load=queries.round_)
def discard(found: Round) -> ResponseReturnValue:
    """Throw it away."""
    service.discard(found, by=current_actor())
    flash("It is thrown away.", "success")
    return redirect(url_for("programme.programme"), code=303)
