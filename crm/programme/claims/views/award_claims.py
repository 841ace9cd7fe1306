"""The claims of one award on one page: milestones, evidence, claims, and what remains; and the list of all claims."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.businesses.service.extracting import noting
from crm.kernel.permissions import Audience
from crm.programme.awards.models import Award
from crm.programme.claims.forms.claims import CountedForm, SearchForm
from crm.programme.claims.papers import CLAIMS_HEAD, claim_cells
from crm.programme.claims.policy import POLICY
from crm.programme.claims.queries import claims as queries
from crm.programme.claims.queries.changes import open_change
from crm.programme.claims.queries.evidence import MilestoneOf, milestone_of, running_award
from crm.programme.claims.queries.standing import counts_in
from crm.programme.claims.rules.labels import SUMS
from crm.programme.claims.service import claiming
from crm.programme.claims.views.showing import shown_of_award, words
from crm.programme.claims.workflow import Act
from crm.web.extracts import csv_response
from crm.web.filtering import as_offered
from crm.web.forms import done, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("award_claims", __name__)
permit = permits(POLICY)
PAGE = "award_claims.claims_of_award"


@blueprint.get("/awards/<uuid:award_id>/claims")
@permit(Act.VIEW, audience=Audience.MEMBER, load=running_award)
def claims_of_award(found: Award) -> ResponseReturnValue:
    """What can be claimed, what was, and what is to be done for it."""
    asked, shown = as_offered(CountedForm(request.args)).counts.data or "", shown_of_award(found)
    if asked:
        shown["claims"] = [each for each in shown["claims"] if counts_in(asked, each)]
    shown["open_change"] = open_change(found.id) if shown["is_own"] else None
    return render_template("programme/claims/claims_of_award.html", counted=SUMS.get(asked, ""), **shown)


@blueprint.post("/awards/<uuid:award_id>/milestones/<uuid:milestone_id>/begin")
@permit(Act.BEGIN, audience=Audience.MEMBER, load=milestone_of, unless=claiming.why_not_begun)
def begin(found: MilestoneOf) -> ResponseReturnValue:
    """Begin a claim for a milestone, or open the one that was begun."""
    made = claiming.begin(found, by=current_actor())
    return done(saved(f"Claim {made.number} is open.", "grant_claims.grant_claim", award_claim_id=made.id))


@blueprint.get("/award-claims")
@permit(Act.LIST, audience=Audience.INTERNAL)
def every_claim() -> ResponseReturnValue:
    """Every claim, the newest first."""
    form = as_offered(SearchForm(request.args))
    page = page_of(queries.claims(form.search(), cursor(), actor=current_actor()))
    shown: dict[str, Any] = {"page": page, "form": form, "words": words(), "wanted": request.args}
    return render_template("programme/claims/every_claim.html", **shown)


@blueprint.get("/award-claims.csv")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who downloaded the claims, and how many rows")
def extract() -> ResponseReturnValue:
    """The claims that a search finds, as a file; who downloaded it is recorded."""
    search = as_offered(SearchForm(request.args)).search()
    rows = [claim_cells(each) for each in queries.every_claim(search, current_actor())]
    after(noting(Act.EXTRACT, {}, rows=len(rows), by=current_actor()))
    return csv_response("claims.csv", CLAIMS_HEAD, rows=rows)
