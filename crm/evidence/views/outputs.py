"""Outcomes: recorded, counted, corrected, removed; the baseline; the definitions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.businesses.service.keeping import why_archived
from crm.documents.queries import documents_about
from crm.documents.rules import size_in_words
from crm.evidence import queries, rules
from crm.evidence.forms import (
    BaselineForm,
    ClaimForm,
    CorrectOutputForm,
    OutputForm,
    WithdrawForm,
    values_of_baseline,
)
from crm.evidence.models import Indicator, Output
from crm.evidence.policy import POLICY
from crm.evidence.service import counting as service
from crm.evidence.workflow import OUTPUTS, Act, why_not_attach, why_not_correct_output
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Audience
from crm.kernel.workflow import first_reason
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits

blueprint = Blueprint("outputs", __name__)
permit = permits(POLICY)
PAGE = "outputs.output"
NONE_YET = 0
"""The version that a page shows of a baseline that is not there: another tab may have recorded one since."""


@blueprint.route("/businesses/<uuid:business_id>/outputs/new", methods=["GET", "POST"])
@permit(Act.RECORD_OUTPUT, audience=Audience.INTERNAL, load=business, unless=why_archived)
def record(found: Business) -> ResponseReturnValue:
    """Record an outcome."""
    form = OutputForm.of_request(happened_on=today()).offer(_by_hand())
    return answer(
        form,
        page=lambda: _record_page(form, found),
        act=lambda: service.record(found, form.details(), by=current_actor()),
        then=lambda made: saved("Outcome recorded.", PAGE, output_id=made.id),
    )


def _by_hand() -> list[Indicator]:
    """What an adviser can record: the rest is counted from what businesses confirm."""
    return [each for each in queries.indicators(on=today()) if each.code not in rules.COUNTED_BY_ITSELF]


def _record_page(form: Form, found: Business) -> str:
    shown = {"business": found, "baseline": queries.baseline_of(found.id), "rules": rules}
    return render_template("evidence/record.html", form=form, **shown)


@blueprint.route("/businesses/<uuid:business_id>/baseline", methods=["GET", "POST"])
@permit(
    Act.SET_BASELINE,
    audience=Audience.INTERNAL,
    load=business,
    unless=first_reason(why_archived, service.why_baseline_stays),
)
def set_baseline(found: Business) -> ResponseReturnValue:
    """How many people there were before the help."""
    form = BaselineForm.of_request(**values_of_baseline(queries.baseline_of(found.id)))
    told: dict[str, Any] = {"version": form.version.data or NONE_YET, "by": current_actor()}
    return answer(
        form,
        page=lambda: render_template("evidence/set_baseline.html", form=form, business=found),
        act=lambda: service.set_baseline(found, form.details(), **told),
        then=lambda _: saved("Baseline saved.", "business.business", business_id=found.id),
    )


@blueprint.get("/outputs/<uuid:output_id>")
@permit(Act.VIEW_OUTPUT, audience=Audience.INTERNAL, load=queries.output)
def output(found: Output) -> ResponseReturnValue:
    """What the outcome was, how it is known, and whether it is counted."""
    return _output_page(found)


def _output_page(found: Output, **refused: Form) -> str:
    also = () if why_not_correct_output(found) else (Act.CORRECT_OUTPUT,)
    acts = open_acts(found, machine=OUTPUTS, policy=POLICY, also=also)
    forms: dict[str, Form] = {"claim": ClaimForm(data={"proof": found.proof}), "withdraw": WithdrawForm()}
    shown = {"acts": acts, "Act": Act, "rules": rules, "forms": forms | refused} | _files_of(found)
    shown |= {"form": next(iter(refused.values()), None), "trail": entries_about(found)}
    return render_template("evidence/output.html", output=found, **shown)


def _files_of(found: Output) -> dict[str, Any]:
    can_attach = not why_not_attach(found) and POLICY.allows(current_actor(), Act.ATTACH_PROOF, found)
    files = documents_about("output", found.id)
    return {"files": files, "can_attach": can_attach, "size_in_words": size_in_words}


@blueprint.post("/outputs/<uuid:output_id>/claim")
@permit(Act.CLAIM_OUTPUT, audience=Audience.INTERNAL, load=queries.output, machine=OUTPUTS)
def claim(found: Output) -> ResponseReturnValue:
    """Count it."""
    form = ClaimForm.of_request()
    proof, shown = form.proof.data or "", form.shown()
    return answer(
        form,
        page=lambda: _output_page(found, claim=form),
        act=lambda: service.claim(found, proof=proof, shown=shown, by=current_actor()),
        then=lambda _: saved("Counted.", PAGE, output_id=found.id),
    )


@blueprint.post("/outputs/<uuid:output_id>/withdraw")
@permit(Act.WITHDRAW_OUTPUT, audience=Audience.INTERNAL, load=queries.output, machine=OUTPUTS)
def withdraw(found: Output) -> ResponseReturnValue:
    """Remove it, with the reason."""
    form = WithdrawForm.of_request()
    reason, shown = form.why.data, form.shown()
    return answer(
        form,
        page=lambda: _output_page(found, withdraw=form),
        act=lambda: service.withdraw(found, reason=reason, shown=shown, by=current_actor()),
        then=lambda _: saved("Outcome removed.", PAGE, output_id=found.id),
    )


@blueprint.route("/outputs/<uuid:output_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT_OUTPUT, audience=Audience.INTERNAL, load=queries.output, unless=why_not_correct_output)
def correct(found: Output) -> ResponseReturnValue:
    """Correct the amount, with a reason."""
    form = CorrectOutputForm.of_request(amount=found.amount, version=found.version)
    amount, reason, shown = form.amount.data, form.reason.data, form.shown()
    return answer(
        form,
        page=lambda: render_template("evidence/correct.html", form=form, output=found),
        act=lambda: service.correct(found, amount, reason=reason, shown=shown, by=current_actor()),
        then=lambda _: saved("Amount corrected.", PAGE, output_id=found.id),
    )


@blueprint.get("/indicators")
@permit(Act.VIEW_INDICATORS, audience=Audience.INTERNAL)
def indicators() -> ResponseReturnValue:
    """What can be counted, as it is defined, from when, after which source."""
    return render_template("evidence/indicators.html", rows=queries.indicators())


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The outcomes of help to a business, for staff."""
    if not POLICY.allows(actor, Act.VIEW_OUTPUT, found):
        return None
    can_record = not found.is_archived and POLICY.allows(actor, Act.RECORD_OUTPUT, found)
    shown = {
        "rows": queries.outputs_of(found.id),
        "can_record": can_record,
        "business": found,
        "rules": rules,
    }
    return shown | {"can_set_baseline": can_record and service.why_baseline_stays(found) is None}
