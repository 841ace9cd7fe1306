"""Tags: a hub's own words on businesses, one name however it is written, renamed and merged by its manager."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from crm.businesses.models import Business
from crm.caseload.queries import tags as queries
from crm.caseload.service import tagging
from crm.caseload.service.tagging import TagsWanted
from crm.db.session import session
from crm.kernel.errors import Changed, Invalid, NotAllowed
from crm.lists.models import SavedView
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.rules.caseload_samples import a_tag, a_view, tagged

PATH = f"/businesses/{BUSINESS}"


def give(owner: Business, *names: str, by: Any, hub_id: UUID | None = None) -> None:
    tagging.change_tags(owner, TagsWanted(frozenset(), frozenset(), names, hub_id), by=by)


def names_of(owner: Business, actor: Any) -> list[str]:
    return [each.name for each in queries.tags_of([owner.id], actor).get(owner.id, [])]


def test_an_adviser_types_tags_and_the_head_of_the_page_shows_them_to_staff_alone(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    client.sign_in(cast.adviser)
    assert client.get(f"{PATH}/tags").status_code == 200

    answer = client.post(f"{PATH}/tags", data={"new": "Net zero, BBC supplier", "had": ""})

    page = client.get(answer.headers["Location"]).text
    assert "Tags saved." in page
    assert "BBC supplier" in page
    assert names_of(owner, cast.adviser.actor) == ["BBC supplier", "Net zero"]
    assert "BBC supplier" not in client.sign_in(cast.founder).get(PATH).text
    assert "BBC supplier" not in client.get(f"{PATH}/history").text
    assert client.get(f"{PATH}/tags").status_code == 403


def test_a_tag_is_one_however_it_is_written(cast: Cast, owner: Business) -> None:
    give(owner, "Net zero", "NET-ZERO", by=cast.adviser.actor)
    give(factories.business(hub_id=owner.hub_id), "net  zero", by=cast.hub_manager.actor)

    assert [each.name for each in queries.tags_for(cast.adviser.actor)] == ["Net zero"]


def test_what_is_unticked_is_taken_off_and_what_was_not_on_the_page_stays(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    first, second, third = (tagged(owner, a_tag(owner.hub_id, name)) for name in ("One", "Two", "Three"))
    had = f"{first.tag_id} {second.tag_id}"
    client.sign_in(cast.adviser)

    answer = client.post(f"{PATH}/tags", data={"had": had, "tags": [str(second.tag_id)]})

    assert answer.status_code == 303
    assert names_of(owner, cast.adviser.actor) == ["Three", "Two"]
    assert third.tag_id


@pytest.mark.parametrize("name", ["!!", "x" * 41])
def test_what_is_no_tag_is_refused(cast: Cast, owner: Business, name: str) -> None:
    with pytest.raises(Invalid):
        give(owner, name, by=cast.adviser.actor)


def test_a_hub_sees_and_gives_its_own_tags_alone(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    other = a_tag(factories.hub().id, "Elsewhere")
    tagged(owner, other)

    assert names_of(owner, cast.adviser.actor) == []
    assert names_of(owner, cast.administrator.actor) == ["Elsewhere"]
    with pytest.raises(Invalid):
        tagging.change_tags(owner, TagsWanted(frozenset(), frozenset({other.id})), by=cast.adviser.actor)
    assert "No businesses found" in client.sign_in(cast.adviser).get(f"/caseload?tag={other.id}").text
    assert client.get(f"/tags/{other.id}/rename").status_code == 404


def test_a_manager_renames_a_tag_and_not_to_the_name_of_another(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    found, other = a_tag(owner.hub_id, "Gamse"), a_tag(owner.hub_id, "Film")
    tagged(owner, found)
    client.sign_in(cast.hub_manager)
    path = f"/tags/{found.id}/rename"
    assert "1 business has this tag" in client.get(path).text

    refused = client.post(path, data={"name": "FILM", "version": str(found.version)})
    assert refused.status_code == 422
    assert "Merge the two instead" in refused.text
    assert client.post(path, data={"name": "Games", "version": str(found.version)}).status_code == 303
    session().expire_all()
    assert names_of(owner, cast.adviser.actor) == ["Games"]
    with pytest.raises(Changed):
        tagging.rename(found, "Arts", version=found.version + 7, by=cast.hub_manager.actor)
    with pytest.raises(NotAllowed):
        tagging.rename(other, "Arts", version=None, by=cast.adviser.actor)


def test_a_manager_merges_tags_and_saved_views_ask_for_the_one_that_stays(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    old, kept = a_tag(owner.hub_id, "Old"), a_tag(owner.hub_id, "Kept")
    other = factories.business(hub_id=owner.hub_id)
    for each in (owner, other):
        tagged(each, old)
    tagged(owner, kept)
    view: SavedView = a_view(cast.adviser.id, asked={"tag": [str(old.id)]})
    client.sign_in(cast.hub_manager)
    path = f"/tags/{old.id}/merge"
    assert "2 businesses have this tag" in client.get(path).text

    assert client.post(path, data={"into_id": str(kept.id), "version": str(old.version)}).status_code == 303

    session().expire_all()
    assert names_of(owner, cast.adviser.actor) == names_of(other, cast.adviser.actor) == ["Kept"]
    assert view.asked == {"tag": [str(kept.id)]}
    assert "2 businesses" in client.get("/tags").text
    assert client.get(path).status_code == 404


def test_the_list_shows_tags_and_is_filtered_by_one(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    made = a_tag(owner.hub_id, "Net zero")
    tagged(owner, made)
    client.sign_in(cast.adviser)

    page = client.get(f"/caseload?tag={made.id}").text

    assert owner.name in page
    assert "Net zero" in page
    assert client.get("/caseload?tag=evil").status_code == 422


def test_tags_are_not_merged_across_hubs(cast: Cast, owner: Business) -> None:
    found, elsewhere = a_tag(owner.hub_id, "One"), a_tag(factories.hub().id, "Two")
    for into in (elsewhere.id, found.id, BUSINESS):
        with pytest.raises(Invalid):
            tagging.merge(found, into, version=None, by=cast.administrator.actor)
