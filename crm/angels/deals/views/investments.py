"""Investments: what both sides reported, answered by the other side, settled or reversed by the network."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.deals.forms import DifferForm, OwnInvestmentForm, SettleForm, figure_values
from crm.angels.deals.models import Investment
from crm.angels.deals.papers import INVESTMENTS_HEAD, investment_cells
from crm.angels.deals.policy import POLICY
from crm.angels.deals.queries import investments as queries
from crm.angels.deals.queries.investments import Asked
from crm.angels.deals.queries.reliefs import relief_of
from crm.angels.deals.rules import labels
from crm.angels.deals.rules.matching import differences, price_in_words
from crm.angels.deals.service import completing
from crm.angels.deals.service import reporting as service
from crm.angels.deals.views.showing import told_of, warning_of
from crm.angels.deals.workflow import INVESTMENTS, Act, InvestmentStatus, Side
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.queries import introduction
from crm.angels.investors.forms.joining import ReasonForm
from crm.angels.pitches.views.reading import LEDGER
from crm.businesses.service.extracting import noting
from crm.kernel.permissions import Audience
from crm.web.extracts import table_response
from crm.web.filtering import chosen, chosen_id
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.parts import parts_on
from crm.web.permit import open_acts, permits
from crm.web.transaction import after

blueprint = Blueprint("investments", __name__)
permit = permits(POLICY)
PAGE = "investments.investment"
TAKEN = "who downloaded which investments, and how many"
SETTLED = "Investment settled. We have told both sides."
CHECKED = "Investment confirmed. We have told the business."


def _asked() -> Asked:
    return Asked(
        chosen("status", {*InvestmentStatus, queries.NETWORK, *queries.GROUPS}),
        chosen("instrument", labels.CAN_BE_ISSUED),
        chosen_id("pitch"),
    )


def _filters(asked: Asked) -> dict[str, str]:
    """The filters as an address has them."""
    named = {"status": asked.status, "instrument": asked.instrument, "pitch": asked.pitch_id}
    return {name: str(value) for name, value in named.items() if value}


@blueprint.get("/investments.<any(csv, xlsx):kind>")
@permit(Act.EXTRACT, audience=Audience.MEMBER, leaves_trace=TAKEN)
def extract(kind: str) -> ResponseReturnValue:
    """The same rows as a file; who downloaded it is recorded. It names no pitch, so that it shows none."""
    actor, asked = current_actor(), _asked()
    found = queries.all_investments(actor, asked)
    told = told_of(found, names_pitches=False)
    rows = [
        investment_cells(each, business=told[each.id].business, investor=told[each.id].investor)
        for each in found
    ]
    filters = {name: [value] for name, value in _filters(asked).items()}
    after(noting(Act.EXTRACT, filters, rows=len(rows), by=actor))
    return table_response("investments", INVESTMENTS_HEAD, kind=kind, rows=rows)


@blueprint.get("/investments")
@permit(Act.LIST, audience=Audience.MEMBER, leaves_trace=LEDGER)
def all_investments() -> ResponseReturnValue:
    """One's own investments, those in one's raises, or for staff all of them, with their sums by instrument."""
    asked = _asked()
    page = page_of(queries.investments(current_actor(), asked, cursor=cursor()))
    shown: dict[str, Any] = {"told": told_of(page.rows), "labels": labels, "asked": _filters(asked)}
    shown |= {"status": asked.status, "instrument": asked.instrument, "pitch_id": asked.pitch_id}
    shown["warning"] = warning_of(shown["told"].values())
    shown["sums"] = labels.sums_told(queries.totals(current_actor(), pitch_id=asked.pitch_id))
    return render_template("angels/deals/all_investments.html", page=page, **shown)


@blueprint.get("/investments/<uuid:investment_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.investment, leaves_trace=LEDGER)
def investment(found: Investment) -> ResponseReturnValue:
    """What both sides reported of an investment, and what it came to."""
    return _page(found)


def _page(found: Investment, *, form: Form | None = None) -> str:
    side, reports = service.side_of(found, current_actor()), queries.last_reports(found.id)
    shown: dict[str, Any] = {"acts": _acts(found, side), "Act": Act, "labels": labels, "form": form}
    told = told_of([found])[found.id]
    shown |= {"told": told, "warning": warning_of([told])}
    shown |= {"reports": reports, "rows": labels.reports_told(reports)}
    shown["price"] = price_in_words(found.amount, found.shares) if found.shares else None
    shown |= {"relief": relief_of(found), "answer_by": queries.answer_by(found)}
    shown["differing"] = differences(*reports.values()) if len(reports) == 2 else []
    return render_template("angels/deals/investment.html", investment=found, **shown)


def _acts(found: Investment, side: Side) -> set[Any]:
    """What the current actor may do, as it stands: to agree only with what the other side has reported."""
    acts = set(open_acts(found, policy=POLICY, machine=INVESTMENTS))
    if acts & {Act.AGREE, Act.DIFFER}:
        waits = service.why_not_answered(found, side)
        acts -= {Act.AGREE, Act.DIFFER} if waits else set()
        acts -= {Act.AGREE} if service.why_not_agreed(found, side) else set()
    return acts - {Act.REVERSE} if _why_not_reversed(found) else acts


def _why_not_reversed(found: Investment) -> str | None:
    return completing.why_not_reversed(found, current_actor())


@blueprint.route("/introductions/<uuid:introduction_id>/invested", methods=["GET", "POST"])
@permit(Act.REPORT_OWN, audience=Audience.MEMBER, load=introduction, unless=service.why_not_reported_own)
def report_own(found: Introduction) -> ResponseReturnValue:
    """Record one's own investment."""
    known = queries.committed_for(found.pitch_id, found.account_id)
    form = OwnInvestmentForm.of_request(
        instrument=found.pitch.instrument, amount=known.amount if known else None
    )
    form.limit_to(service.offered_by(found.pitch))
    return answer(
        form,
        page=lambda: _report_own_page(form, found),
        act=lambda: service.report_own(found, form.details(), by=current_actor()),
        then=lambda made: saved(reported_words(made), PAGE, investment_id=made.id),
    )


def _report_own_page(form: Form, found: Introduction) -> str:
    own = [each for each in queries.of_pitch(found.pitch_id) if each.account_id == found.account_id]
    return render_template("angels/deals/report_own.html", form=form, introduction=found, recorded=own)


def reported_words(made: Investment) -> str:
    """What became of a report: matched with the other side's, different from it, or waiting for it."""
    if made.status is InvestmentStatus.MATCHED:
        return "Investment recorded. Both sides report the same, so it is complete."
    if made.status is InvestmentStatus.DIFFERS:
        return "Report recorded. It differs from what the other side reported: see below."
    if made.account_id is None:
        return "Investment recorded. The network will check it."
    return "Investment recorded. We have asked the other side to confirm it."


@blueprint.post("/investments/<uuid:investment_id>/agree")
@permit(Act.AGREE, audience=Audience.MEMBER, load=queries.investment, leaves_trace=LEDGER)
def agree(found: Investment) -> ResponseReturnValue:
    """Agree with the other side."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: _page(found, form=form),
        act=lambda: service.agree(found, by=current_actor()),
        then=lambda _: saved(
            "Confirmed. Both sides agree, so the investment is complete.", PAGE, investment_id=found.id
        ),
    )


@blueprint.route("/investments/<uuid:investment_id>/differ", methods=["GET", "POST"])
@permit(Act.DIFFER, audience=Audience.MEMBER, load=queries.investment, machine=INVESTMENTS)
def differ(found: Investment) -> ResponseReturnValue:
    """Say what is different."""
    form = DifferForm.of_request(**figure_values(found)).limit_to(service.offered_by(found.pitch))
    return answer(
        form,
        page=lambda: render_template("angels/deals/differ.html", form=form, investment=found),
        act=lambda: _differ(found, form),
        then=lambda _: saved(reported_words(found), PAGE, investment_id=found.id),
    )


def _differ(found: Investment, form: DifferForm) -> None:
    figures, words = form.said()
    service.differ(found, figures, words=words, by=current_actor())


@blueprint.route("/investments/<uuid:investment_id>/settle", methods=["GET", "POST"])
@permit(Act.SETTLE, audience=Audience.INTERNAL, load=queries.investment, machine=INVESTMENTS)
def settle(found: Investment) -> ResponseReturnValue:
    """Settle an investment by the report of one side."""
    form = SettleForm.of_request().offer(_with_figures(found))
    return answer(
        form,
        page=lambda: _settle_page(form, found),
        act=lambda: completing.settle(found, form.side(), note=form.note.data or "", by=current_actor()),
        then=lambda _: saved(SETTLED if found.account_id else CHECKED, PAGE, investment_id=found.id),
    )


def _with_figures(found: Investment) -> list[Side]:
    """The sides that have reported figures of an investment."""
    return [side for side, report in queries.last_reports(found.id).items() if not report.is_denied]


def _settle_page(form: Form, found: Investment) -> str:
    rows = labels.reports_told(queries.last_reports(found.id))
    told = told_of([found], names_pitches=False)[found.id]
    shown: dict[str, Any] = {"rows": rows, "labels": labels, "told": told}
    return render_template("angels/deals/settle.html", form=form, investment=found, **shown)


@blueprint.route("/investments/<uuid:investment_id>/reverse", methods=["GET", "POST"])
@permit(
    Act.REVERSE,
    audience=Audience.MEMBER,
    load=queries.investment,
    machine=INVESTMENTS,
    unless=_why_not_reversed,
)
def reverse(found: Investment) -> ResponseReturnValue:
    """Reverse an investment, with a reason."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _reverse_page(form, found),
        act=lambda: completing.reverse(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(
            "Investment reversed. It no longer counts, and can still be read.", PAGE, investment_id=found.id
        ),
    )


def _reverse_page(form: Form, found: Investment) -> str:
    parts = parts_on("investments.reverse", found)
    return render_template("angels/deals/reverse.html", form=form, investment=found, parts=parts)
