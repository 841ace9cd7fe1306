"""What several people were asked at once: sent from a preview, and to whom it went."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.angels.year.forms import SendForm
from crm.angels.year.models import Asked, Mailing
from crm.angels.year.policy import POLICY
from crm.angels.year.queries import mailings as queries
from crm.angels.year.rules import labels
from crm.angels.year.rules.mailing import OF_MEMBERS
from crm.angels.year.service import mailing as service
from crm.angels.year.views.previews import preview_page
from crm.angels.year.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.forms import answer, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits

blueprint = Blueprint("mailings", __name__)
permit = permits(POLICY)


@blueprint.get("/angels/mailings")
@permit(Act.VIEW_MAILING, audience=Audience.INTERNAL)
def mailings() -> ResponseReturnValue:
    """What was asked, the newest first."""
    page = page_of(queries.mailings(cursor()))
    counts = queries.counts_of([each.id for each in page.rows])
    return render_template("angels/year/mailings.html", page=page, counts=counts, labels=labels)


@blueprint.post("/angels/mailings/send")
@permit(Act.WRITE_TO_MANY, audience=Audience.INTERNAL)
def send() -> ResponseReturnValue:
    """Send what was previewed; where it would go to others by now, the preview says so first."""
    form = SendForm.of_request()
    return answer(
        form,
        page=lambda: _again(form),
        act=lambda: service.write(form.wish(), seen=form.seen.data or "", by=current_actor()),
        then=lambda made: saved(
            "Sent. Each person below gets one email.", "mailings.mailing", mailing_id=made.id
        ),
    )


def _again(form: SendForm) -> str:
    """The preview as things are now, with why it was not sent."""
    found = service.weigh(form.wish(), by=current_actor())
    form.seen.object_data = found.mark
    return preview_page(form.wish(), found, form=form)


@blueprint.get("/angels/mailings/<uuid:mailing_id>")
@permit(Act.VIEW_MAILING, audience=Audience.INTERNAL, load=queries.mailing)
def mailing(found: Mailing) -> ResponseReturnValue:
    """To whom one went, and who was left out and why."""
    rows = queries.asked_in(found.id)
    ids = {each.angel_id or each.pitch_id for each in rows} | {_id(each) for each in found.left_out}
    names, readers = queries.names_of([each for each in ids if each]), queries.readers_of(rows)
    shown: dict[str, Any] = {
        "left_out": [(names.get(_id(each), "Removed"), each["why"]) for each in found.left_out]
    }
    shown["asked"] = sorted(_row(each, names, readers) for each in rows)
    shown["is_members"] = found.kind in OF_MEMBERS
    return render_template("angels/year/mailing.html", mailing=found, labels=labels, **shown)


def _id(left_out: dict[str, Any]) -> Any:
    return UUID(left_out["id"])


def _row(asked: Asked, names: Any, readers: dict[str, str]) -> tuple[str, str, str]:
    """What was asked about, its page, and to whom the email went where that is somebody else."""
    if asked.angel_id:
        return names.get(asked.angel_id, ""), url_for("angels.angel", angel_id=asked.angel_id), ""
    told = ", ".join(sorted(readers.get(each, "") for each in asked.reader_ids))
    return names.get(asked.pitch_id, ""), url_for("raises.one_raise", pitch_id=asked.pitch_id), told
