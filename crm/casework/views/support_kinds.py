"""The kinds of support, and whom advisers reached with them."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.businesses.policy import visible_to
from crm.casework import queries, rules
from crm.casework.models import SupportKind
from crm.casework.policy import POLICY
from crm.casework.service import keeping_kinds as service
from crm.casework.workflow import Act, why_not_restore, why_not_retire
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.filtering import NoSuchFilter
from crm.web.forms import done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("support_kinds", __name__)
permit = permits(POLICY)


@blueprint.get("/reach")
@permit(Act.VIEW_REACH, audience=Audience.INTERNAL)
def reach() -> ResponseReturnValue:
    """Whom advisers spoke with in a financial year, and how much help that was."""
    year, on = _year(), today()
    quarters, talks = queries.spoken_with(
        date(year, 4, 1), date(year + 1, 3, 31), visible=visible_to(current_actor())
    )
    bands = {f"{each}_hours": int(figure_on(f"support.{each}_hours", on=on)) for each in ("medium", "high")}
    found = rules.reach_of(quarters, talks, **bands)
    return render_template("casework/reach.html", reach=found, year=year, bands=bands)


def _year() -> int:
    """The financial year that is asked for, by the year in which it begins; this one where none is."""
    typed = request.args.get("year", "")
    if not typed:
        return today().year - (today() < date(today().year, 4, 1))
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4 and 2000 <= int(typed) <= 2100):
        raise NoSuchFilter
    return int(typed)


@blueprint.get("/support-kinds")
@permit(Act.VIEW_KINDS, audience=Audience.INTERNAL)
def support_kinds() -> ResponseReturnValue:
    """Every kind of support, with those that are no longer offered."""
    grouped: dict[str, list[SupportKind]] = {}
    for each in queries.kinds(with_retired=True):
        grouped.setdefault(each.area_label, []).append(each)
    actor = current_actor()
    return render_template(
        "casework/support_kinds.html", grouped=grouped, can_retire=POLICY.allows(actor, Act.RETIRE_KIND)
    )


@blueprint.post("/support-kinds/<string:kind_code>/retire")
@permit(Act.RETIRE_KIND, audience=Audience.INTERNAL, load=queries.kind, unless=why_not_retire)
def retire(found: SupportKind) -> ResponseReturnValue:
    """Stop offering a kind of support."""
    service.retire(found, by=current_actor())
    return done(saved(f"{found.label} is no longer offered.", "support_kinds.support_kinds"))


@blueprint.post("/support-kinds/<string:kind_code>/restore")
@permit(Act.RESTORE_KIND, audience=Audience.INTERNAL, load=queries.kind, unless=why_not_restore)
def restore(found: SupportKind) -> ResponseReturnValue:
    """Offer a kind of support again."""
    service.restore(found, by=current_actor())
    return done(saved(f"{found.label} is offered again.", "support_kinds.support_kinds"))
