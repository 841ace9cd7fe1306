"""The cohorts of the programme, and one with its ranked list, its drafts and its money."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.funding.envelopes.queries.ledger import envelopes
from crm.funding.envelopes.rules import Line
from crm.kernel.money import Money
from crm.kernel.permissions import Audience
from crm.programme.cohort.forms.building import CohortForm
from crm.programme.cohort.models import Cohort, CohortProposal
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts as queries
from crm.programme.cohort.queries.candidates import as_decided, candidates
from crm.programme.cohort.queries.decisions import decisions_of
from crm.programme.cohort.queries.drafts import Weighed, weighed
from crm.programme.cohort.queries.money import bar_of
from crm.programme.cohort.queries.proposals import proposals_of
from crm.programme.cohort.rules import labels
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.freezing import answer_of
from crm.programme.cohort.rules.money import in_full
from crm.programme.cohort.rules.showing import NONE_POSSIBLE, came_in_words
from crm.programme.cohort.service import beginning
from crm.programme.cohort.service.proposing import why_unready
from crm.programme.cohort.views.showing import ledger_of
from crm.programme.cohort.workflow import Act
from crm.programme.rounds.models import Round
from crm.programme.rounds.queries import round_
from crm.programme.rounds.rules.labels import TIE_RULES
from crm.web.forms import answer, saved
from crm.web.identity import current_actor
from crm.web.navigation import links_from
from crm.web.paging import numbered
from crm.web.parts import standings_of
from crm.web.permit import open_acts, permits

blueprint = Blueprint("cohorts", __name__)
permit = permits(POLICY)
ON_A_PAGE = 100


@blueprint.get("/cohorts")
@permit(Act.LIST_COHORTS, audience=Audience.INTERNAL)
def cohorts() -> ResponseReturnValue:
    """The cohorts that the current actor may see."""
    actor = current_actor()
    rows = [each for each in queries.cohorts() if POLICY.allows(actor, Act.VIEW, each)]
    standing = standings_of("cohort", [each.id for each in rows])
    return render_template("programme/cohort/cohorts.html", rows=rows, standing=standing)


@blueprint.get("/cohorts/<uuid:cohort_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.cohort)
def cohort(found: Cohort) -> ResponseReturnValue:
    """The ranked list, the drafts and the money."""
    rows = candidates(found.round)
    shown: dict[str, Any] = {"drafts": _drafts(found, rows), "labels": labels, "Act": Act}
    shown |= {"proposals": _proposals(found), "none_possible": NONE_POSSIBLE}
    shown |= {"count": len(rows), "asked": _asked(rows), "page": numbered(rows, size=ON_A_PAGE)}
    shown |= {"bar": bar_of(found), "in_full": in_full, "ledger": ledger_of(found)}
    shown |= {"acts": open_acts(found, policy=POLICY, also=_possible(found)), "tie_rules": TIE_RULES}
    shown |= {"links": links_from("cohort", found.id), "unready": why_unready(rows)}
    shown["decided"] = (
        {each.application_id: each for each in decisions_of(found.id)} if found.confirmed_at else {}
    )
    return render_template("programme/cohort/cohort.html", cohort=found, **shown)


def _proposals(found: Cohort) -> list[tuple[CohortProposal, str]]:
    """Each proposal with what came of it, once it is worked out. Whether it still fits is said on its own page: that reads every limit."""
    return [
        (each, came_in_words(answer_of(each.answer)) if each.answer else "")
        for each in proposals_of(found.id)
    ]


def _drafts(found: Cohort, rows: list[Candidate]) -> list[Weighed]:
    """Each draft with its total score: by the ranking that the cohort was confirmed on, else by that of now."""
    scored = as_decided(found, rows)
    return [weighed(each, scored) for each in queries.drafts_of(found.id)]


def _possible(found: Cohort) -> list[Act]:
    """What can be done with a cohort as it stands."""
    targets = [] if beginning.why_targets_fixed(found) else [Act.SET_TARGET]
    return [*targets, *([] if found.confirmed_at else [Act.START_DRAFT, Act.ASK_PROPOSAL])]


def _asked(rows: list[Any]) -> Money:
    return Money(sum(each.sum.pence for each in rows))


@blueprint.route("/programme/rounds/<uuid:round_id>/cohort/begin", methods=["GET", "POST"])
@permit(Act.BEGIN, audience=Audience.INTERNAL, load=round_, unless=beginning.why_not_begun)
def begin(found: Round) -> ResponseReturnValue:
    """Begin the cohort of a round."""
    form = CohortForm.of_request(line=Line.REVENUE).offer(None if found.is_dry_run else envelopes())
    return answer(
        form,
        page=lambda: render_template("programme/cohort/begin.html", form=form, round=found),
        act=lambda: beginning.begin(found, form.details(), by=current_actor()),
        then=lambda made: saved("Cohort created.", "cohorts.cohort", cohort_id=made.id),
    )
