"""What help came to: kept, counted, put right, taken out; the baseline; the definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.documents.queries import documents_about
from crm.documents.rules import size_in_words
from crm.evidence import queries, rules
from crm.evidence.forms import BaselineForm, ClaimForm, CorrectOutputForm, OutputForm, WithdrawForm
from crm.evidence.models import Indicator, Output
from crm.evidence.policy import POLICY
from crm.evidence.service import counting as service
from crm.evidence.workflow import OUTPUTS, Act
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Audience
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("outputs", __name__)
permit = permits(POLICY)


@blueprint.route("/businesses/<uuid:business_id>/outputs/new", methods=["GET", "POST"])
@permit(Act.RECORD_OUTPUT, audience=Audience.INTERNAL, load=business)
def record(found: Business) -> ResponseReturnValue:
    """Keep what help came to."""
    form = OutputForm.of_request(happened_on=today()).offer(_by_hand())
    if not form.was_sent:
        return _record_page(form, found)
    return answer(
        form,
        lambda: service.record(found, form.details(), by=current_actor()),
        then=lambda made: _done(made, "It is kept."),
        again=lambda again: _record_page(again, found),
    )


def _by_hand() -> list[Indicator]:
    """What an adviser can keep: the rest is counted from what businesses confirm."""
    return [each for each in queries.indicators(on=today()) if each.code not in rules.COUNTED_BY_ITSELF]


def _record_page(form: Form, found: Business) -> str:
    shown = {"business": found, "baseline": queries.baseline_of(found.id), "rules": rules}
    return render_template("evidence/record.html", form=form, **shown)


def _done(found: Output, words: str) -> str:
    flash(words, "success")
    return url_for("outputs.output", output_id=found.id)


@blueprint.route("/businesses/<uuid:business_id>/baseline", methods=["GET", "POST"])
@permit(Act.SET_BASELINE, audience=Audience.INTERNAL, load=business)
def set_baseline(found: Business) -> ResponseReturnValue:
    """How many people there were before the help."""
    form = BaselineForm.of_request(**_baseline_values(found))
    if not form.was_sent:
        return _set_baseline_page(form, found)
    told = {"measured_on": form.measured_on.data, "source": form.source.data}
    return answer(
        form,
        lambda: service.set_baseline(found, form.fte.data, **told, by=current_actor()),
        then=lambda _: url_for("business.business", business_id=found.id),
        again=lambda again: _set_baseline_page(again, found),
    )


def _baseline_values(found: Business) -> dict[str, Any]:
    kept = queries.baseline_of(found.id)
    if kept is None:
        return {}
    return {"fte": kept.fte_hundredths, "measured_on": kept.measured_on, "source": kept.source}


def _set_baseline_page(form: Form, found: Business) -> str:
    return render_template("evidence/set_baseline.html", form=form, business=found)


@blueprint.get("/outputs/<uuid:output_id>")
@permit(Act.VIEW_OUTPUT, audience=Audience.INTERNAL, load=queries.output)
def output(found: Output) -> ResponseReturnValue:
    """What it came to, how it is known, and whether it is counted."""
    return _output_page(found)


def _output_page(found: Output, **refused: Form) -> str:
    actor = current_actor()
    acts = {act for act in OUTPUTS.possible(found.status) if POLICY.allows(actor, act, found)}
    forms: dict[str, Form] = {"claim": ClaimForm(data={"proof": found.proof}), "withdraw": WithdrawForm()}
    can_correct = found.status != "withdrawn" and found.indicator.unit != "business"
    shown = {"acts": acts, "Act": Act, "rules": rules, "forms": forms | refused} | _files_of(found)
    shown |= {"can_correct": can_correct and POLICY.allows(actor, Act.CORRECT_OUTPUT, found)}
    shown |= {"form": next(iter(refused.values()), None), "trail": entries_about(found)}
    return render_template("evidence/output.html", output=found, **shown)


def _files_of(found: Output) -> dict[str, Any]:
    can_attach = found.status != "withdrawn" and POLICY.allows(current_actor(), Act.ATTACH_PROOF, found)
    files = documents_about("output", found.id)
    return {"files": files, "can_attach": can_attach, "size_in_words": size_in_words}


@blueprint.post("/outputs/<uuid:output_id>/claim")
@permit(Act.CLAIM_OUTPUT, audience=Audience.INTERNAL, load=queries.output)
def claim(found: Output) -> ResponseReturnValue:
    """Count it."""
    OUTPUTS.target(Act.CLAIM_OUTPUT, found.status)
    form = ClaimForm.of_request()
    return answer(
        form,
        lambda: service.claim(found, proof=form.proof.data, by=current_actor()),
        then=lambda _: _done(found, "It is counted."),
        again=lambda again: _output_page(found, claim=again),
    )


@blueprint.post("/outputs/<uuid:output_id>/withdraw")
@permit(Act.WITHDRAW_OUTPUT, audience=Audience.INTERNAL, load=queries.output)
def withdraw(found: Output) -> ResponseReturnValue:
    """Take it out, with the reason."""
    OUTPUTS.target(Act.WITHDRAW_OUTPUT, found.status)
    form = WithdrawForm.of_request()
    return answer(
        form,
        lambda: service.withdraw(found, reason=form.why.data, by=current_actor()),
        then=lambda _: _done(found, "It is taken out."),
        again=lambda again: _output_page(found, withdraw=again),
    )


@blueprint.route("/outputs/<uuid:output_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT_OUTPUT, audience=Audience.INTERNAL, load=queries.output)
def correct(found: Output) -> ResponseReturnValue:
    """Put the amount right, with a reason."""
    form = CorrectOutputForm.of_request(amount=found.amount)
    if not form.was_sent:
        return _correct_page(form, found)
    return answer(
        form,
        lambda: service.correct(found, form.amount.data, reason=form.reason.data, by=current_actor()),
        then=lambda _: _done(found, "It is put right."),
        again=lambda again: _correct_page(again, found),
    )


def _correct_page(form: Form, found: Output) -> str:
    return render_template("evidence/correct.html", form=form, output=found)


@blueprint.get("/indicators")
@permit(Act.VIEW_INDICATORS, audience=Audience.INTERNAL)
def indicators() -> ResponseReturnValue:
    """What can be counted, as it is defined, from when, after which source."""
    return render_template("evidence/indicators.html", rows=queries.indicators())


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """What help to a business came to, for staff."""
    if not POLICY.allows(actor, Act.VIEW_OUTPUT, found):
        return None
    can_record = not found.is_archived and POLICY.allows(actor, Act.RECORD_OUTPUT, found)
    return {"rows": queries.outputs_of(found.id), "can_record": can_record, "business": found, "rules": rules}
