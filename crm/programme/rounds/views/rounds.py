"""Preparing rounds: their words and moments, what they ask of a business, publishing and throwing away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.directory.forms import terms_of
from crm.kernel.clock import now
from crm.kernel.eligibility import Facts, weigh
from crm.kernel.permissions import Audience
from crm.programme.rounds import queries
from crm.programme.rounds.forms.composing import CopyForm, RoundForm, RoundTermsForm, round_values
from crm.programme.rounds.forms.dates import PostponeForm
from crm.programme.rounds.models import Round
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.rules import labels
from crm.programme.rounds.rules.asking import check_in_words
from crm.programme.rounds.rules.weights import percent_in_words
from crm.programme.rounds.service import copying, postponing
from crm.programme.rounds.service import preparing as service
from crm.programme.rounds.service.lacking import lacking
from crm.programme.rounds.service.superseding import why_not_opened
from crm.programme.rounds.views.round_parts import why_not_checked
from crm.programme.rounds.views.weights import weights_of
from crm.programme.rounds.workflow import ROUNDS, Act, RoundStatus, TieRule
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.navigation import links_from
from crm.web.permit import open_acts, permits
from crm.web.seen import SeenForm

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
MENDED = {
    "sections": ("round_parts.add_section", "round_id"),
    "section": ("round_parts.add_question", "section_id"),
    "renamed": ("round_parts.change_section", "section_id"),
    "question": ("round_parts.change_question", "question_id"),
    "criteria": ("round_parts.add_criterion", "round_id"),
    "criterion": ("round_parts.change_criterion", "criterion_id"),
    "dates": ("rounds.change", "round_id"),
}
"""Where each part that a round lacks is mended, and what the address calls its id."""


@blueprint.route("/programme/rounds/prepare", methods=["GET", "POST"])
@permit(Act.PREPARE, audience=Audience.INTERNAL)
def prepare() -> ResponseReturnValue:
    """Create a round."""
    form = RoundForm.of_request(**BEGINNING)
    return answer(
        form,
        page=lambda: _round_form_page(form),
        act=lambda: service.prepare(form.details(), by=current_actor()),
        then=lambda made: _saved("Draft saved. Only staff can see it until you publish it.", made.id),
    )


def _round_form_page(form: Form, kept: Round | None = None) -> str:
    return render_template("programme/rounds/round_form.html", form=form, round=kept)


def _saved(words: str, round_id: UUID) -> str:
    return saved(words, "rounds.composition", round_id=round_id)


@blueprint.get("/programme/rounds/<uuid:round_id>/composition")
@permit(Act.VIEW_ROUND, audience=Audience.INTERNAL, load=queries.round_)
def composition(found: Round) -> ResponseReturnValue:
    """Everything a round is made of, what it still lacks, what each criterion counts, and its history."""
    shown_: dict[str, Any] = {
        "labels": labels,
        "lacks": _lacks(found),
        "strands": labels.strands_in_words(found.strands),
        "readings": weigh(found.terms, Facts()).readings,
        "trail": entries_about(found),
        "links": links_from("programme_round", found.id),
    }
    shown_ |= _possible(found) | _checks(found) | weights_of(found)
    return render_template("programme/rounds/composition.html", round=found, **shown_)


def _lacks(found: Round) -> list[tuple[str, str]]:
    """What keeps a draft from being published, each with where it is mended; nothing once it is published."""
    if found.status is not RoundStatus.DRAFT:
        return []
    return [(each.words, _where(each.part, each.id)) for each in lacking(found, at=now())]


def _where(part: str, thing_id: UUID) -> str:
    endpoint, name = MENDED[part]
    ids: dict[str, Any] = {name: thing_id}
    return url_for(endpoint, **ids)


def _possible(found: Round) -> dict[str, Any]:
    """What the current actor can do with a round."""
    acts = open_acts(found, policy=POLICY, also=_others(found))
    can_change = Act.CHANGE in acts
    may_reopen = POLICY.allows(current_actor(), Act.OPEN_CRITERIA, found)
    is_open = may_reopen and found.criteria_opened_at is not None
    return {"Act": Act, "acts": acts, "can_change": can_change} | {
        "can_check": can_change and why_not_checked(found) is None,
        "can_change_criteria": can_change or is_open,
        "can_open": Act.OPEN_CRITERIA in acts,
        "is_open": is_open,
    }


def _others(found: Round) -> list[Act]:
    """What can be done with a round as it stands without moving it on."""
    changing = [] if service.why_fixed(found) else [Act.CHANGE, Act.PUBLISH, Act.DISCARD]
    later = [] if postponing.why_not_postponed(found) else [Act.POSTPONE, Act.CORRECT]
    back = [] if service.why_not_unpublished(found) else [Act.UNPUBLISH]
    return [Act.COPY, *changing, *later, *back, *([] if why_not_opened(found) else [Act.OPEN_CRITERIA])]


def _checks(found: Round) -> dict[str, Any]:
    names = {each.id: each.label for each in found.questions}
    return {"names": names, "checks": [(each, check_in_words(each, names)) for each in found.checks]}


@blueprint.route("/programme/rounds/<uuid:round_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.round_, unless=service.why_fixed)
def change(found: Round) -> ResponseReturnValue:
    """Change its text and dates."""
    form = RoundForm.of_request(**round_values(found))
    return answer(
        form,
        page=lambda: _round_form_page(form, found),
        act=lambda: service.change(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _saved("Round changed.", found.id),
    )


@blueprint.route("/programme/rounds/<uuid:round_id>/set-terms", methods=["GET", "POST"])
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.round_, unless=service.why_fixed)
def set_terms(found: Round) -> ResponseReturnValue:
    """Say who can apply."""
    form = RoundTermsForm.of_request(**terms_of(found), version=found.version)
    return answer(
        form,
        page=lambda: render_template("programme/rounds/set_terms.html", form=form, round=found),
        act=lambda: service.set_terms(found, form.terms(), version=form.version.data, by=current_actor()),
        then=lambda _: _saved("Eligibility saved.", found.id),
    )


@blueprint.route("/programme/rounds/<uuid:round_id>/copy", methods=["GET", "POST"])
@permit(Act.COPY, audience=Audience.INTERNAL, load=queries.round_)
def copy(found: Round) -> ResponseReturnValue:
    """Create a new round from this one."""
    form = CopyForm.of_request()
    return answer(
        form,
        page=lambda: render_template("programme/rounds/copy.html", form=form, round=found),
        act=lambda: copying.copy(found, form.name.data or "", by=current_actor()),
        then=lambda made: _saved("New round created as a draft. Check its dates first.", made.id),
    )


@blueprint.route("/programme/rounds/<uuid:round_id>/publish", methods=["GET", "POST"])
@permit(Act.PUBLISH, audience=Audience.INTERNAL, load=queries.round_, machine=ROUNDS)
def publish(found: Round) -> ResponseReturnValue:
    """Read what is published once more, and publish it for good."""
    form = SeenForm.of_request(version=found.version)
    shown = {"form": form, "round": found, "lacks": _lacks(found), "labels": labels} | weights_of(found)
    return answer(
        form,
        page=lambda: render_template("programme/rounds/publish.html", **shown),
        act=lambda: service.publish(found, version=form.version.data, by=current_actor()),
        then=lambda _: _saved(
            "Round published. Its questions and checks can no longer be changed.", found.id
        ),
    )


@blueprint.route("/programme/rounds/<uuid:round_id>/postpone", methods=["GET", "POST"])
@permit(Act.POSTPONE, audience=Audience.INTERNAL, load=queries.round_, unless=postponing.why_not_postponed)
def postpone(found: Round) -> ResponseReturnValue:
    """Move the deadline and the time of assessing of a published round."""
    form = PostponeForm.of_request(**round_values(found))
    return answer(
        form,
        page=lambda: render_template("programme/rounds/postpone.html", form=form, round=found),
        act=lambda: postponing.postpone(found, form.dates(), **form.decision(), by=current_actor()),
        then=lambda _: _saved("Dates changed. We have written to everyone they concern.", found.id),
    )


@blueprint.post("/programme/rounds/<uuid:round_id>/discard")
@permit(Act.DISCARD, audience=Audience.INTERNAL, load=queries.round_, machine=ROUNDS)
def discard(found: Round) -> ResponseReturnValue:
    """Delete a draft."""
    service.discard(found, version=SeenForm.of_request().version.data, by=current_actor())
    return done(saved(f"Draft “{found.name}” deleted.", "programme.programme"))
