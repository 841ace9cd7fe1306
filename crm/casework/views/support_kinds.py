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
from crm.db.paging import PAGE_SIZE
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.filtering import NoSuchFilter
from crm.web.forms import done, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, numbered, page_of
from crm.web.permit import permits

blueprint = Blueprint("support_kinds", __name__)
permit = permits(POLICY)


@blueprint.get("/reach")
@permit(Act.VIEW_REACH, audience=Audience.INTERNAL)
def reach() -> ResponseReturnValue:
    """Whom advisers spoke with in a financial year, and how much help that was."""
    year, bands = _year(), _bands()
    quarters, talks = queries.spoken_with(*_days_of(year), visible=visible_to(current_actor()))
    found = rules.reach_of(quarters, talks, **bands)
    return render_template("casework/reach.html", reach=found, year=year, bands=bands)


@blueprint.get("/reach/businesses")
@permit(Act.VIEW_REACH, audience=Audience.INTERNAL)
def reached() -> ResponseReturnValue:
    """The businesses that were spoken with in a financial year, those with most help first; of one band, or all."""
    year, bands, band = _year(), _bands(), _band()
    quarters, _ = queries.spoken_with(*_days_of(year), visible=visible_to(current_actor()))
    rows = sorted(quarters.items(), key=lambda each: (-each[1], str(each[0])))
    if band:
        rows = [each for each in rows if rules.band_of(each[1], **bands) == band]
    page = numbered(rows, size=PAGE_SIZE)
    shown = {"names": queries.names_of([each[0] for each in page.rows]), "count": len(rows), "band": band}
    return render_template("casework/reached.html", page=page, year=year, **shown)


@blueprint.get("/reach/conversations")
@permit(Act.VIEW_REACH, audience=Audience.INTERNAL)
def spoken() -> ResponseReturnValue:
    """The conversations that count in a financial year, the latest first."""
    year, visible = _year(), visible_to(current_actor())
    found = queries.spoken(*_days_of(year), visible=visible, cursor=cursor())
    _, count = queries.spoken_with(*_days_of(year), visible=visible)
    return render_template("casework/spoken.html", page=page_of(found), year=year, count=count)


def _days_of(year: int) -> tuple[date, date]:
    return date(year, 4, 1), date(year + 1, 3, 31)


def _bands() -> dict[str, int]:
    on = today()
    return {f"{each}_hours": int(figure_on(f"support.{each}_hours", on=on)) for each in ("medium", "high")}


def _band() -> str:
    """The band of help that is asked for; none for all of them."""
    typed = request.args.get("help", "")
    if typed not in ("", "light", "medium", "high"):
        raise NoSuchFilter
    return typed


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
