"""The list of syndicates, and one: who leads it, on which terms, and who is in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.pitches.policy import may_be_shown
from crm.angels.pitches.views.reading import LEDGER, note_shown, warning
from crm.angels.pitches.workflow import Channel
from crm.angels.syndicates.models import Syndicate
from crm.angels.syndicates.policy import POLICY
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.rules import labels
from crm.angels.syndicates.views.showing import side_of, syndicate_page
from crm.angels.syndicates.workflow import Act, SyndicateStatus
from crm.kernel.permissions import Audience
from crm.web.filtering import chosen
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits

blueprint = Blueprint("syndicates", __name__)
permit = permits(POLICY)
INSIDE = ("staff", "business")


@blueprint.get("/syndicates")
@permit(Act.LIST, audience=Audience.MEMBER, leaves_trace=LEDGER)
def all_syndicates() -> ResponseReturnValue:
    """The syndicates of raises that one may see, one's own or for staff all of them."""
    actor, status = current_actor(), chosen("status", set(SyndicateStatus))
    found = page_of(queries.syndicates(actor, status=status, cursor=cursor()))
    shown: dict[str, Any] = {"sides": {each.id: side_of(each, actor) for each in found.rows}}
    shown |= _named(found.rows) | {"labels": labels, "status": status}
    return render_template("angels/syndicates/all_syndicates.html", page=found, **shown)


def _named(rows: Any) -> dict[str, Any]:
    """The syndicates whose business may be named to the reader; to an investor with the warning, and a row of the ledger each."""
    actor = current_actor()
    inside = {each.id for each in rows if side_of(each, actor) in INSIDE}
    open_ = [each for each in rows if each.id not in inside and may_be_shown(actor, each)]
    if open_:
        note_shown([each.pitch for each in open_], Channel.LIST)
    return {"named": inside | {each.id for each in open_}, "warning": warning() if open_ else ""}


@blueprint.get("/syndicates/<uuid:syndicate_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.syndicate, leaves_trace=LEDGER)
def syndicate(found: Syndicate) -> ResponseReturnValue:
    """One syndicate."""
    return syndicate_page(found)
