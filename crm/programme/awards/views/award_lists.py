"""The list of every award, and awards as a search finds them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.queries.seeing import own_ids
from crm.kernel.money import NO_MONEY
from crm.kernel.permissions import Actor, Audience
from crm.programme.awards.forms import SearchForm
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards, listing
from crm.programme.awards.rules import labels
from crm.programme.awards.workflow import Act, AwardStatus
from crm.web.feature import Hit
from crm.web.filtering import as_offered
from crm.web.finding import first_of
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits

blueprint = Blueprint("award_lists", __name__)
permit = permits(POLICY)
FOUND_AT_ONCE = 5
OWN_ORDER = {AwardStatus.OFFERED: 0, AwardStatus.ACCEPTED: 1}


@blueprint.get("/awards")
@permit(Act.LIST_AWARDS, audience=Audience.INTERNAL)
def every_award() -> ResponseReturnValue:
    """Every award with where it stands and its next milestone, and what they come to."""
    form = as_offered(SearchForm(request.args))
    sums = listing.sums_of(form.search())
    page = page_of(listing.listed(form.search(), cursor()))
    shown: dict[str, Any] = {"page": page, "form": form, "labels": labels, "sums": sums}
    shown["total"] = sum((each.counts for each in sums), start=NO_MONEY)
    return render_template("programme/awards/every_award.html", **shown)


@blueprint.get("/your-grants")
@permit(Act.LIST_OWN, audience=Audience.MEMBER)
def own_awards() -> ResponseReturnValue:
    """The grants of this founder's businesses, those to answer first."""
    actor = current_actor()
    rows = [
        each for each in awards.awards_of_business(*own_ids(actor)) if POLICY.allows(actor, Act.VIEW, each)
    ]
    rows.sort(key=lambda each: OWN_ORDER.get(each.status, len(OWN_ORDER)))
    return render_template("programme/awards/own_awards.html", rows=rows, labels=labels)


def find(actor: Actor, words: str) -> list[Hit]:
    """The awards whose business or application has these words."""
    rows = listing.found_by(words, most=FOUND_AT_ONCE + 1) if POLICY.allows(actor, Act.LIST_AWARDS) else ()
    hits = [
        Hit(
            f"Award to {each.business.name}",
            "Awards",
            url_for("awards.award", award_id=each.id),
            f"{each.application.reference}, {each.amount.in_full()}, {labels.STATUSES[each.status].lower()}",
        )
        for each in rows
    ]
    return first_of(hits, FOUND_AT_ONCE, every=url_for("award_lists.every_award", business=words))
