"""A raise from its business's side, and the network's: what it has, who invested, which exemption its offer relies on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.deals.forms import ExemptionForm, InvestmentForm, exemption_values
from crm.angels.deals.policy import POLICY
from crm.angels.deals.queries import exemptions, investments
from crm.angels.deals.queries import pledges as queries
from crm.angels.deals.rules import labels
from crm.angels.deals.rules.exemptions import count_people
from crm.angels.deals.service import exempting
from crm.angels.deals.service import reporting as service
from crm.angels.deals.service.placing import is_stuck
from crm.angels.deals.views.investments import PAGE, reported_words
from crm.angels.deals.views.showing import told_of
from crm.angels.deals.workflow import Act
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.pitches.rules import labels as pitch_labels
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("raise_deals", __name__)
permit = permits(POLICY)


@blueprint.get("/raises/<uuid:pitch_id>/deals")
@permit(Act.VIEW, audience=Audience.MEMBER, load=pitch)
def deals(found: Pitch) -> ResponseReturnValue:
    """What a raise has: its pledges in time order, and its investments."""
    line, invested = queries.of_pitch(found.id), investments.of_pitch(found.id)
    shown: dict[str, Any] = {"sums": queries.sums_of(found), "labels": labels, "line": line}
    shown |= {
        "invested": invested,
        "told": told_of([*line, *invested], names_pitches=False),
        "pitch_labels": pitch_labels,
    }
    can_report = POLICY.allows(current_actor(), Act.REPORT, found)
    shown["is_stuck"] = is_stuck(found)
    shown["can_report"] = can_report and service.why_not_reported(found) is None
    return render_template("angels/deals/deals.html", pitch=found, **shown)


@blueprint.route("/raises/<uuid:pitch_id>/investments/new", methods=["GET", "POST"])
@permit(Act.REPORT, audience=Audience.MEMBER, load=pitch, unless=service.why_not_reported)
def report(found: Pitch) -> ResponseReturnValue:
    """Record what an investor put in."""
    form = InvestmentForm.of_request(instrument=found.instrument)
    form.offer([account for account, _ in queries.met_with(found.business_id)])
    form.limit_to(service.offered_by(found))
    return answer(
        form,
        page=lambda: render_template(
            "angels/deals/report.html", form=form, pitch=found, recorded=investments.of_pitch(found.id)
        ),
        act=lambda: service.report(found, form.details(), by=current_actor()),
        then=lambda made: saved(reported_words(made), PAGE, investment_id=made.id),
    )


@blueprint.route("/raises/<uuid:pitch_id>/exemption", methods=["GET", "POST"])
@permit(Act.RECORD_EXEMPTION, audience=Audience.INTERNAL, load=pitch, unless=exempting.why_not_exempted)
def exemption(found: Pitch) -> ResponseReturnValue:
    """Record which exemption the offer relies on."""
    form = ExemptionForm.of_request(**exemption_values(exemptions.exemption_of(found.id)))
    return answer(
        form,
        page=lambda: _exemption_page(form, found),
        act=lambda: exempting.record_exemption(
            found, form.details(), version=form.version.data, by=current_actor()
        ),
        then=lambda _: saved("Exemption recorded.", "raises.one_raise", pitch_id=found.id),
    )


def _exemption_page(form: Form, found: Pitch) -> str:
    known = exemptions.exemption_of(found.id)
    shown: dict[str, Any] = {"known": known, "limits": exemptions.limits_on(today())}
    shown |= {"counters": exemptions.counters_of(found), "people": count_people, "labels": labels}
    return render_template("angels/deals/exemption.html", form=form, pitch=found, **shown)
