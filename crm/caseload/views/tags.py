"""The tags of a business, and the tags of a hub: renamed and merged by its manager."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.accounts.queries import hub_names
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.businesses.service.keeping import why_archived
from crm.caseload.forms import MergeForm, TagNameForm, TagsForm
from crm.caseload.models import Tag
from crm.caseload.policy import POLICY
from crm.caseload.queries import tags as queries
from crm.caseload.service import tagging as service
from crm.caseload.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.forms import answer, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("tags", __name__)
permit = permits(POLICY)
BUSINESS, TAGS = "business.business", "tags.tags"


@blueprint.route("/businesses/<uuid:business_id>/tags", methods=["GET", "POST"])
@permit(Act.CHANGE_TAGS, audience=Audience.INTERNAL, load=business, unless=why_archived)
def change_tags(found: Business) -> ResponseReturnValue:
    """Tick and type the tags of a business."""
    form = _tags_form(found)
    return answer(
        form,
        page=lambda: render_template("caseload/change_tags.html", form=form, business=found),
        act=lambda: service.change_tags(found, form.wanted(), by=current_actor()),
        then=lambda _: saved("Tags saved.", BUSINESS, business_id=found.id),
    )


def _tags_form(found: Business) -> TagsForm:
    actor, names = current_actor(), hub_names()
    hubs = [(each, names[str(each)]) for each in queries.hubs_to_tag(found, actor)]
    reached = {hub_id for hub_id, _ in hubs}
    offered = [each for each in queries.tags_for(actor) if each.hub_id in reached]
    held = [str(each.id) for each in queries.tags_of([found.id], actor).get(found.id, []) if each in offered]
    return TagsForm.of_request(tags=held, had=" ".join(held)).offer(offered, hubs)


@blueprint.get("/tags")
@permit(Act.LIST_TAGS, audience=Audience.INTERNAL)
def tags() -> ResponseReturnValue:
    """The tags that this person sees, each with how many businesses have it."""
    actor = current_actor()
    found = queries.tags_for(actor)
    counts = queries.counts_of([each.id for each in found], actor)
    rows = [(each, counts.get(each.id, 0), POLICY.allows(actor, Act.RENAME_TAG, each)) for each in found]
    return render_template("caseload/tags.html", rows=rows)


@blueprint.route("/tags/<uuid:tag_id>/rename", methods=["GET", "POST"])
@permit(Act.RENAME_TAG, audience=Audience.INTERNAL, load=queries.tag)
def rename(found: Tag) -> ResponseReturnValue:
    """Call a tag otherwise."""
    form = TagNameForm.of_request(name=found.name, version=found.version)
    return answer(
        form,
        page=lambda: render_template("caseload/rename.html", form=form, **_about(found)),
        act=lambda: service.rename(found, form.name.data, version=form.version.data, by=current_actor()),
        then=lambda _: saved("Tag renamed.", TAGS),
    )


@blueprint.route("/tags/<uuid:tag_id>/merge", methods=["GET", "POST"])
@permit(Act.MERGE_TAG, audience=Audience.INTERNAL, load=queries.tag)
def merge(found: Tag) -> ResponseReturnValue:
    """Put another tag of the hub in its place."""
    form = MergeForm.of_request(version=found.version).offer(_others(found))
    return answer(
        form,
        page=lambda: render_template("caseload/merge.html", form=form, **_about(found)),
        act=lambda: _merged(found, form),
        then=lambda into: saved(f"Tags merged into {into.name}.", TAGS),
    )


def _others(found: Tag) -> Sequence[Tag]:
    return [
        each
        for each in queries.tags_for(current_actor())
        if each.hub_id == found.hub_id and each.id != found.id
    ]


def _merged(found: Tag, form: MergeForm) -> Tag:
    return service.merge(found, UUID(form.into_id.data), version=form.version.data, by=current_actor())


def _about(found: Tag) -> dict[str, Any]:
    return {"tag": found, "count": queries.counts_of([found.id], current_actor()).get(found.id, 0)}
