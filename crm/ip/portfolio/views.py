"""The portfolio of a business: which rights protect which income, as a table, a picture, and gaps in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import business
from crm.businesses.service.extracting import noting
from crm.businesses.service.keeping import why_archived
from crm.businesses.workflow import Act as BusinessAct
from crm.ip.portfolio import queries, rules, service
from crm.ip.portfolio.forms import IncomeForm, PortfoliosFilter, ProtectForm
from crm.ip.portfolio.models import IncomeLine, IncomeProtection
from crm.ip.portfolio.papers import HEAD, cells
from crm.ip.portfolio.policy import POLICY
from crm.ip.portfolio.workflow import Act
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Role
from crm.rights.models import Right
from crm.rights.policy import POLICY as RIGHTS
from crm.rights.queries import rights_of
from crm.rights.rules.labels import COLOURS, KINDS, said_status
from crm.rights.workflow import Act as RightsAct
from crm.web.extracts import csv_response
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.paging import numbered
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("portfolio", __name__)
permit = permits(POLICY)
AT_ONCE = 25
REMOVES_INCOME = "Its links to rights are removed with it. The rights stay in the register."
REMOVES_LINK = "The right stays in the register. This income counts as protected by the other rights alone."


@blueprint.get("/portfolios")
@permit(Act.LIST, audience=Audience.INTERNAL)
def portfolios() -> ResponseReturnValue:
    """What protects the income of the businesses that a person may see, by name."""
    form, actor = PortfoliosFilter(request.args), current_actor()
    ids = queries.with_incomes(actor, form.q.data or "")
    page = numbered(ids[: queries.MOST_LISTED], size=AT_ONCE)
    shown: dict[str, Any] = {"page": replace(page, rows=tuple(queries.listed(page.rows)))}
    shown |= {"count": min(len(ids), queries.MOST_LISTED), "more": len(ids) > queries.MOST_LISTED}
    asked = {name: value for name, value in request.args.items() if name == "q" and value}
    can_extract = POLICY.allows(actor, Act.EXTRACT)
    return render_template(
        "ip/portfolio/portfolios.html", form=form, asked=asked, can_extract=can_extract, **shown
    )


@blueprint.get("/portfolios.csv")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who downloaded which portfolios, and how many")
def extract() -> ResponseReturnValue:
    """Each income of the businesses of the list as a file; who downloaded it is recorded."""
    actor, text = current_actor(), request.args.get("q", "")
    found = queries.listed(queries.with_incomes(actor, text)[: queries.MOST_LISTED])
    rows = [cells(each, row) for each in found for row in each.rows]
    after(noting(Act.EXTRACT, {"q": [text]} if text else {}, rows=len(rows), by=actor))
    return csv_response("portfolios.csv", HEAD, rows=rows)


def _seen(found: Business, actor: Actor) -> Sequence[Right]:
    """The rights of a business that this person may see."""
    return rights_of(found.id, with_secrets=_with_secrets(found, actor))


def _with_secrets(found: Business, actor: Actor) -> bool:
    return RIGHTS.allows(actor, RightsAct.VIEW_SECRETS, found)


def _of(found: Business, actor: Actor) -> dict[str, Any]:
    whole = queries.portfolio_of(found, with_secrets=_with_secrets(found, actor))
    can_change = not found.is_archived and not actor.seen_by and POLICY.allows(actor, Act.ADD_INCOME, found)
    return {"business": found, "portfolio": whole, "can_change": can_change}


@blueprint.get("/businesses/<uuid:business_id>/portfolio")
@permit(Act.VIEW, audience=Audience.MEMBER, load=business)
def portfolio(found: Business) -> ResponseReturnValue:
    """Which rights protect which income, and what nothing protects."""
    actor = current_actor()
    shown = _of(found, actor) | {
        "kinds": KINDS,
        "said_status": said_status,
        "colours": COLOURS,
        "rules": rules,
    }
    shown["sees_business"] = BUSINESSES.allows(actor, BusinessAct.VIEW, found)
    shown["is_own"] = actor.holds_for(found.id, Role.FOUNDER)
    return render_template("ip/portfolio/portfolio.html", **shown)


def _income_form_page(form: Form, owner: Business, found: IncomeLine | None = None) -> str:
    trail = entries_about(found) if found is not None else ()
    return render_template(
        "ip/portfolio/income_form.html", form=form, business=owner, line=found, trail=trail
    )


def _saved(words: str, found: IncomeLine) -> str:
    return saved(words, "portfolio.portfolio", business_id=found.business_id)


@blueprint.route("/businesses/<uuid:business_id>/portfolio/add", methods=["GET", "POST"])
@permit(Act.ADD_INCOME, audience=Audience.MEMBER, load=business, unless=why_archived)
def add(found: Business) -> ResponseReturnValue:
    """Add an income."""
    form = IncomeForm.of_request()
    return answer(
        form,
        page=lambda: _income_form_page(form, found),
        act=lambda: service.add_income(found, form.details(), by=current_actor()),
        then=lambda made: _saved(f"{made.name} added. Next, say which rights protect it.", made),
    )


@blueprint.route("/income-lines/<uuid:line_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT_INCOME, audience=Audience.MEMBER, load=queries.line, unless=why_archived)
def correct(found: IncomeLine) -> ResponseReturnValue:
    """Correct an income, or enter a new year's turnover."""
    form = IncomeForm.of_request(version=found.version, name=found.name, turnover=found.turnover)
    version, by = form.version.data, current_actor()
    return answer(
        form,
        page=lambda: _income_form_page(form, found.business, found),
        act=lambda: service.correct_income(found, form.details(), version=version, by=by),
        then=lambda _: _saved("Income updated.", found),
    )


@blueprint.route("/income-lines/<uuid:line_id>/remove", methods=["GET", "POST"])
@permit(Act.REMOVE_INCOME, audience=Audience.MEMBER, load=queries.line, unless=why_archived)
def remove(found: IncomeLine) -> ResponseReturnValue:
    """Ask, then remove an income."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: _remove_page(form, found, found.name, REMOVES_INCOME),
        act=lambda: service.remove_income(found, by=current_actor()),
        then=lambda _: _saved(f"{found.name} removed.", found),
    )


def _remove_page(form: Form, found: IncomeLine, what: str, says: str) -> str:
    back, shown = url_for("portfolio.portfolio", business_id=found.business_id), {"business": found.business}
    return render_template("ip/portfolio/remove.html", form=form, what=what, says=[says], back=back, **shown)


@blueprint.route("/income-lines/<uuid:line_id>/protect", methods=["GET", "POST"])
@permit(Act.PROTECT, audience=Audience.MEMBER, load=queries.line, unless=why_archived)
def protect(found: IncomeLine) -> ResponseReturnValue:
    """Link a right to an income."""
    linked = {each.right_id for each in found.protections}
    rights = [each for each in _seen(found.business, current_actor()) if each.id not in linked]
    form = ProtectForm.of_request(share=rules.WHOLE).offer(rights)
    return answer(
        form,
        page=lambda: render_template("ip/portfolio/protect.html", form=form, line=found, rights=rights),
        act=lambda: service.protect(found, form.details(), by=current_actor()),
        then=lambda _: _saved(f"Right linked to {found.name}.", found),
    )


@blueprint.route("/income-protections/<uuid:protection_id>/remove", methods=["GET", "POST"])
@permit(Act.REMOVE_PROTECTION, audience=Audience.MEMBER, load=queries.protection, unless=why_archived)
def remove_protection(found: IncomeProtection) -> ResponseReturnValue:
    """Ask, then remove the link of a right to an income."""
    form, what = Form.of_request(), f"the link to {found.line.name}"
    return answer(
        form,
        page=lambda: _remove_page(form, found.line, what, REMOVES_LINK),
        act=lambda: service.remove_protection(found, by=current_actor()),
        then=lambda _: _saved("The right is no longer linked to this income.", found.line),
    )


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """What nothing protects, for the page of a business."""
    return _of(found, actor) if POLICY.allows(actor, Act.VIEW, found) else None


def load_of_right(actor: Actor, found: Right) -> Mapping[str, Any] | None:
    """The incomes that a right protects, for its page."""
    if not POLICY.allows(actor, Act.VIEW, found.business):
        return None
    shields = [(each, queries.shield_of(each, found)) for each in queries.links_of(found.id)]
    return {"shields": shields, "business": found.business}


def load_of_rights(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """Which right is linked to which income, for the register of a business."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    return {"incomes": queries.linked_of(found.id), "business": found}
