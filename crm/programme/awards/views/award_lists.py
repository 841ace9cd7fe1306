"""The list of every award, and awards as a search finds them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Actor, Audience
from crm.programme.awards.forms import SearchForm
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import listing
from crm.programme.awards.rules import labels
from crm.programme.awards.workflow import Act
from crm.web.feature import Hit
from crm.web.filtering import as_offered
from crm.web.paging import cursor, page_of
from crm.web.permit import permits

blueprint = Blueprint("award_lists", __name__)
permit = permits(POLICY)
FOUND_AT_ONCE = 5


@blueprint.get("/awards")
@permit(Act.LIST_AWARDS, audience=Audience.INTERNAL)
def every_award() -> ResponseReturnValue:
    """Every award with where it stands and its next milestone, and what they come to."""
    form = as_offered(SearchForm(request.args))
    number, total = listing.sum_of(form.search())
    page = page_of(listing.listed(form.search(), cursor()))
    shown: dict[str, Any] = {"page": page, "form": form, "labels": labels, "number": number, "total": total}
    return render_template("programme/awards/every_award.html", **shown)


def find(actor: Actor, words: str) -> list[Hit]:
    """The awards whose business or application has these words."""
    rows = listing.found_by(words, most=FOUND_AT_ONCE) if POLICY.allows(actor, Act.LIST_AWARDS) else ()
    return [
        Hit(
            f"Award to {each.business.name}",
            "Awards",
            url_for("awards.award", award_id=each.id),
            f"{each.application.reference}, {each.amount.in_full()}, {labels.STATUSES[each.status].lower()}",
        )
        for each in rows
    ]
