"""Raises that stall or end soon, with rows to tick."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.angels.year.forms import ChooseForm
from crm.angels.year.policy import POLICY
from crm.angels.year.queries.mailings import latest_asked
from crm.angels.year.queries.members import days_on
from crm.angels.year.queries.raises import raises as every_raise
from crm.angels.year.rules import labels
from crm.angels.year.rules.mailing import OF_RAISES
from crm.angels.year.rules.raises import Raise, ShowRaises, raises_of
from crm.angels.year.service import mailing
from crm.angels.year.views.previews import preview_page
from crm.angels.year.workflow import Act
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.web.filtering import chosen
from crm.web.forms import preview as form_preview
from crm.web.identity import current_actor
from crm.web.paging import numbered
from crm.web.permit import permits

blueprint = Blueprint("stalled", __name__)
permit = permits(POLICY)
ROWS = 50


def _show() -> ShowRaises:
    return ShowRaises(chosen("show", set(ShowRaises), default=ShowRaises.STALLED))


def _found(show: ShowRaises) -> list[Raise]:
    return raises_of(every_raise(today()), show, on=today(), days=days_on(today()))


@blueprint.get("/raises/stalled")
@permit(Act.LIST_MEMBERS, audience=Audience.INTERNAL)
def stalled() -> ResponseReturnValue:
    """The raises of one list."""
    show = _show()
    return _stalled_page(ChooseForm.of_request(kind=labels.USUAL[show]), show, _found(show))


def _stalled_page(form: ChooseForm, show: ShowRaises, rows: list[Raise]) -> str:
    form.offer(OF_RAISES, [each.pitch_id for each in rows])
    page = numbered(rows, size=ROWS)
    shown: dict[str, Any] = {"show": show, "count": len(rows), "day": today(), "days": days_on(today())}
    shown |= {"labels": labels, "asked": latest_asked([each.pitch_id for each in page.rows])}
    shown |= {"may_write": POLICY.allows(current_actor(), Act.WRITE_TO_MANY)}
    return render_template("angels/year/stalled.html", form=form, page=page, **shown)


@blueprint.post("/raises/stalled/preview")
@permit(Act.WRITE_TO_MANY, audience=Audience.INTERNAL, records=False)
def preview() -> ResponseReturnValue:
    """Which founders get the email, and what it says. Nothing is sent yet."""
    show = _show()
    rows = _found(show)
    form = ChooseForm.of_request().offer(OF_RAISES, [each.pitch_id for each in rows])
    return form_preview(
        form,
        page=lambda: _stalled_page(form, show, rows),
        weigh=lambda: mailing.weigh(form.wish(), by=current_actor()),
        then=lambda found: preview_page(form.wish(), found, back=url_for("stalled.stalled", show=show)),
    )
