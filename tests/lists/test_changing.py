"""Rows of the list are ticked and acted on: previewed, done to just those, and told what was left out and why."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.businesses.models import Business
from crm.caseload.queries import tags
from crm.caseload.queries.leads import leads_of
from crm.db.session import session
from crm.kernel.errors import Changed, Conflict, Invalid
from crm.lists.models import BulkChange
from crm.lists.service import changing
from crm.lists.service.deeds import Wish
from crm.lists.workflow import Deed
from crm.notices.models import Letter
from tests import factories
from tests.caseload.test_leading import colleague
from tests.cast import Cast
from tests.client import ConformingClient
from tests.rules.caseload_samples import a_tag, lead, tagged


@pytest.fixture
def some(cast: Cast, owner: Business) -> list[Business]:
    """Three businesses of the hub: led by the adviser, by the manager, by nobody."""
    made = [
        factories.business(name=f"Made {name}", hub_id=owner.hub_id) for name in ("Ash", "Birch", "Cedar")
    ]
    lead(made[0], account_id=cast.adviser.id)
    lead(made[1], account_id=cast.hub_manager.id)
    return made


def ids_of(some: list[Business]) -> tuple[Any, ...]:
    return tuple(each.id for each in some)


def letters(kind: str) -> list[Letter]:
    return list(session().scalars(select(Letter).where(Letter.kind == kind)))


def test_a_manager_gives_what_was_ticked_to_a_lead_adviser_after_a_preview(
    client: ConformingClient, cast: Cast, owner: Business, some: list[Business]
) -> None:
    to = colleague(owner)
    lead(archived := factories.business(name="Made Dill", hub_id=owner.hub_id), account_id=to.id)
    client.sign_in(cast.hub_manager)
    ticked = {"who": [str(each.id) for each in (*some, archived)], "deed": "lead", "account_id": str(to.id)}

    preview = client.post("/caseload/preview?sort=-name", data=ticked)
    assert f"{to.name} becomes the lead adviser of 3 businesses" in preview.text
    assert "is the lead adviser already" in preview.text
    assert leads_of([some[0].id])[some[0].id].account_id == cast.adviser.id

    seen = changing.weigh(Wish(Deed.LEAD, ids_of([*some, archived]), to.id), by=cast.hub_manager.actor).mark
    answer = client.post("/caseload/change", data={**ticked, "seen": seen})
    page = client.get(answer.headers["Location"]).text
    assert "3 businesses changed" in page
    assert "1 business was left out" in page
    session().expire_all()
    assert {each.account_id for each in leads_of(ids_of(some)).values()} == {to.id}
    assert [(each.to_address, each.context["count"]) for each in letters("lead_given")] == [(to.email, 3)]
    assert [each.to_address for each in letters("lead_moved")] == [cast.adviser.email]
    assert client.sign_in(cast.adviser).get(answer.headers["Location"]).status_code == 404


def test_an_adviser_takes_what_nobody_leads_and_what_a_colleague_leads_is_left_out(
    cast: Cast, some: list[Business]
) -> None:
    found = changing.weigh(Wish(Deed.LEAD, ids_of(some), cast.adviser.id), by=cast.adviser.actor)

    assert [each.business.name for each in found.to] == ["Made Cedar"]
    assert {each.business.name: each.why for each in found.left_out} == {
        "Made Ash": f"{cast.adviser.actor.name} is the lead adviser already",
        "Made Birch": f"{cast.hub_manager.actor.name} is the lead adviser. They can hand the business over, or a manager can assign it.",
    }


def test_tags_are_added_and_removed(
    client: ConformingClient, cast: Cast, owner: Business, some: list[Business]
) -> None:
    tag = a_tag(owner.hub_id, "Net zero")
    tagged(some[0], tag)
    client.sign_in(cast.adviser)
    for deed, words, left in (
        ("tag", "2 businesses get the tag", {0, 1, 2}),
        ("untag", "3 businesses lose the tag", set[int]()),
    ):
        ticked = {"who": [str(each.id) for each in some], "deed": deed, "tag_id": str(tag.id)}
        assert words in client.post("/caseload/preview", data=ticked).text
        seen = changing.weigh(Wish(Deed(deed), ids_of(some), tag.id), by=cast.adviser.actor).mark
        assert client.post("/caseload/change", data={**ticked, "seen": seen}).status_code == 303
        session().expire_all()
        assert tags.tagged_among(ids_of(some), tag.id) == {some[number].id for number in left}


def test_all_of_the_list_is_what_its_filters_find(
    client: ConformingClient, cast: Cast, owner: Business, some: list[Business]
) -> None:
    tag = a_tag(owner.hub_id, "Net zero")
    client.sign_in(cast.adviser)

    preview = client.post(
        "/caseload/preview?lead=me", data={"everyone": "y", "deed": "tag", "tag_id": str(tag.id)}
    )

    assert "1 business gets the tag" in preview.text
    assert "Made Ash" in preview.text


def test_what_was_changed_meanwhile_is_shown_again_and_sent_twice_it_is_done_once(
    client: ConformingClient, cast: Cast, owner: Business, some: list[Business], db: Session
) -> None:
    tag = a_tag(owner.hub_id, "Net zero")
    wish = Wish(Deed.TAG, ids_of(some), tag.id)
    seen = changing.weigh(wish, by=cast.adviser.actor).mark
    tagged(some[1], tag)
    with pytest.raises(Changed):
        changing.change(wish, seen=seen, by=cast.adviser.actor)
    client.sign_in(cast.adviser)
    ticked = {"who": [str(each.id) for each in some], "deed": "tag", "tag_id": str(tag.id), "seen": seen}
    again = client.post("/caseload/change", data=ticked)
    assert again.status_code == 409
    assert "It has this tag already" in again.text

    seen = changing.weigh(wish, by=cast.adviser.actor).mark
    assert client.post("/caseload/change", data={**ticked, "seen": seen}).status_code == 303
    with pytest.raises(Conflict):
        changing.change(wish, seen=seen, by=cast.adviser.actor)
    assert db.scalar(select(func.count()).select_from(BulkChange)) == 1


def test_nothing_ticked_nothing_chosen_and_what_one_may_not_see_change_nothing(
    client: ConformingClient, cast: Cast, owner: Business, some: list[Business]
) -> None:
    client.sign_in(cast.adviser)
    for given, words in (
        ({"deed": "tag"}, "Tick at least one business"),
        ({"who": [str(some[0].id)]}, "Choose what to do"),
        ({"who": [str(some[0].id)], "deed": "tag"}, "Choose a tag"),
        ({"who": [str(some[0].id)], "deed": "lead"}, "Choose a lead adviser"),
    ):
        answer = client.post("/caseload/preview", data=given)
        assert answer.status_code == 422
        assert words in answer.text
    elsewhere = factories.business(hub_id=factories.hub().id)
    found = changing.weigh(Wish(Deed.TAG, (elsewhere.id,), a_tag(owner.hub_id).id), by=cast.adviser.actor)
    assert (found.to, found.left_out) == ((), ())
    with pytest.raises(Invalid):
        changing.weigh(Wish(Deed.TAG, (), a_tag(owner.hub_id).id), by=cast.adviser.actor)


def test_a_tag_of_another_hub_is_not_given(cast: Cast, some: list[Business]) -> None:
    found = changing.weigh(Wish(Deed.TAG, ids_of(some), a_tag().id), by=cast.adviser.actor)

    assert found.to == ()
    assert len(found.left_out) == 3
