"""The awards of a draft that one number of its balance counts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.kernel.money import NO_MONEY
from crm.kernel.permissions import Audience
from crm.programme.cohort.models import CohortDraft
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts as queries
from crm.programme.cohort.queries.candidates import decided_or_now
from crm.programme.cohort.queries.drafts import Weighed, weighed
from crm.programme.cohort.rules import labels
from crm.programme.cohort.rules.balancing import groups_of, part_in_words
from crm.programme.cohort.rules.groups import Dimension
from crm.programme.cohort.rules.money import in_full
from crm.programme.cohort.workflow import Act
from crm.web.filtering import NoSuchFilter, chosen
from crm.web.permit import permits

blueprint = Blueprint("draft_parts", __name__)
permit = permits(POLICY)


@blueprint.get("/cohort-drafts/<uuid:cohort_draft_id>/awards")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.draft)
def draft_awards(found: CohortDraft) -> ResponseReturnValue:
    """The awards of a draft to one group: an area, say, or a stage."""
    by = Dimension(chosen("by", set(Dimension), default=Dimension.AREA))
    sound, group = weighed(found, decided_or_now(found.cohort)), request.args.get("group", "")
    rows = [(each, sound.chosen[each.id]) for each in _counted(sound, by, group)]
    shown: dict[str, Any] = {"rows": rows, "words": part_in_words(by, group), "in_full": in_full}
    shown |= {"sum": sum((amount for _, amount in rows), start=NO_MONEY)}
    shown |= {"dimension": labels.DIMENSIONS[by], "facts_in_words": labels.facts_in_words}
    return render_template("programme/cohort/draft_awards.html", draft=found, **shown)


def _counted(sound: Weighed, by: Dimension, group: str) -> list[Any]:
    """What of a draft counts in a group. A group that no application of its round is in is refused."""
    if group and not any(group in groups_of(each, by) for each in sound.rows):
        raise NoSuchFilter
    return [each for each in sound.selected if group in groups_of(each, by)]
