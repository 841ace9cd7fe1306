"""The awards of a draft that one number of its balance, or of its targets, counts."""

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
from crm.programme.cohort.rules.balancing import Aim, groups_of, part_in_words
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.groups import Dimension
from crm.programme.cohort.rules.money import in_full
from crm.programme.cohort.workflow import Act
from crm.web.filtering import NoSuchFilter, chosen
from crm.web.permit import permits

blueprint = Blueprint("draft_parts", __name__)
permit = permits(POLICY)


SIDES = ("inside", "outside")
"""In an address: whom a target counts."""


@blueprint.get("/cohort-drafts/<uuid:cohort_draft_id>/awards")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.draft)
def draft_awards(found: CohortDraft) -> ResponseReturnValue:
    """The awards of a draft to one group: an area, say, or a stage; or all that count towards a target."""
    by = Dimension(chosen("by", set(Dimension), default=Dimension.AREA))
    sound, group = weighed(found, decided_or_now(found.cohort)), request.args.get("group", "")
    side = chosen("side", SIDES)
    aim = _aim(sound, by, group, is_outside=side == "outside") if side else None
    counted = [each for each in sound.selected if aim.counts(each)] if aim else _counted(sound, by, group)
    rows = [(each, sound.chosen[each.id]) for each in counted]
    words = f"Awards {aim.side}" if aim else f"Awards: {part_in_words(by, group)}"
    shown: dict[str, Any] = {"rows": rows, "words": words, "in_full": in_full}
    shown |= {"sum": sum((amount for _, amount in rows), start=NO_MONEY)}
    shown |= {"dimension": labels.DIMENSIONS[by], "facts_in_words": labels.facts_in_words}
    return render_template("programme/cohort/draft_awards.html", draft=found, **shown)


def _aim(sound: Weighed, by: Dimension, group: str, *, is_outside: bool) -> Aim:
    """The target of a draft that counts this side of a group. Where there is none it is refused."""
    for each in sound.targets:
        if (each.aim.dimension, each.aim.value, each.aim.is_outside) == (by, group, is_outside):
            return each.aim
    raise NoSuchFilter


def _counted(sound: Weighed, by: Dimension, group: str) -> list[Candidate]:
    """What of a draft counts in a group. A group that no application of its round is in is refused."""
    if group and not any(group in groups_of(each, by) for each in sound.rows):
        raise NoSuchFilter
    return [each for each in sound.selected if group in groups_of(each, by)]
