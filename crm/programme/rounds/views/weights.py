"""What each criterion counts: of a round as it is kept, and of a criterion as it is being typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.permissions import Audience
from crm.programme.rounds import queries
from crm.programme.rounds.forms.composing import CriterionForm
from crm.programme.rounds.models import Criterion, Round
from crm.programme.rounds.policy import POLICY
from crm.programme.rounds.rules.weights import WHOLE, Weighed, percent_in_words, shown
from crm.programme.rounds.service.preparing import why_criteria_fixed
from crm.programme.rounds.workflow import Act
from crm.web.forms import Form
from crm.web.permit import permits

blueprint = Blueprint("weights", __name__)
permit = permits(POLICY)
UNNAMED = "The new criterion"
Counted = tuple[str, Weighed]
"""A criterion's title, and how it counts."""


def weights_of(found: Round) -> dict[str, Any]:
    """What each criterion, and each part and point of it, adds to a total, as it is kept."""
    return _weights((each.title, each.weighed) for each in found.criteria)


def _weights(counted: Iterable[Counted]) -> dict[str, Any]:
    known = list(counted)
    together = sum(each.weight for _, each in known)
    rows = [_row(title, each) for title, each in known]
    return {"weights": rows, "together": f"{percent_in_words(together)}%", "is_whole": together == WHOLE}


def _row(title: str, counts: Weighed) -> tuple[str, ...]:
    part, point = counts.weight_of_part, counts.worth_of_point
    weight = f"{percent_in_words(counts.weight)}%"
    return title, weight, str(len(counts.parts)), f"{shown(part)}%", f"{shown(point)}%"


def criterion_form_page(
    form: Form, found: Round, kept: Criterion | None = None, *, typed: Counted | None = None
) -> str:
    """The form of a criterion, with what all of them count: as kept or, where it can be read, as typed."""
    counted = _with_typed(found, kept, typed) if typed else weights_of(found)
    shown_: dict[str, Any] = {"weigh_at": _weigh_at(found, kept), "is_typed": typed is not None}
    shown_ |= {"round": found, "criterion": kept} | counted
    return render_template("programme/rounds/criterion_form.html", form=form, **shown_)


def _weigh_at(found: Round, kept: Criterion | None) -> str:
    if kept:
        return url_for("weights.weigh_again", criterion_id=kept.id)
    return url_for("weights.weigh", round_id=found.id)


def _with_typed(found: Round, kept: Criterion | None, typed: Counted) -> dict[str, Any]:
    """The criteria of a round, with one as it is typed in its own place, or behind the others."""
    rows = [typed if kept and each.id == kept.id else (each.title, each.weighed) for each in found.criteria]
    return _weights(rows if kept else [*rows, typed])


@blueprint.post("/programme/rounds/<uuid:round_id>/weigh")
@permit(Act.CHANGE, audience=Audience.INTERNAL, load=queries.round_, records=False, unless=why_criteria_fixed)
def weigh(found: Round) -> ResponseReturnValue:
    """What a criterion that is being added would count; nothing is kept."""
    return _weighed_page(found)


@blueprint.post("/criteria/<uuid:criterion_id>/weigh")
@permit(
    Act.CHANGE, audience=Audience.INTERNAL, load=queries.criterion, records=False, unless=why_criteria_fixed
)
def weigh_again(found: Criterion) -> ResponseReturnValue:
    """What a criterion would count as it is typed now; nothing is kept."""
    return _weighed_page(found.round, found)


def _weighed_page(found: Round, kept: Criterion | None = None) -> ResponseReturnValue:
    """Only what bears on the count has to be there already: the rest may still be written."""
    form = CriterionForm.of_request().offer(found)
    counts = form.counts()
    if counts is None:
        return make_response(criterion_form_page(form, found, kept), 422)
    fresh = CriterionForm.of_request().offer(found)
    return criterion_form_page(fresh, found, kept, typed=(fresh.title.data or UNNAMED, counts))
