"""Several services are checked together and put back, each has somebody who looks after it, and the share checked is said."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from crm.directory import queries
from crm.directory.models import Checking, Service
from crm.directory.service import checking
from crm.directory.views.checking import todos
from crm.directory.workflow import ServiceStatus as S
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient

LIST = "/directory/needs-checking"
LONG_AGO = date(2024, 5, 1)


@pytest.fixture
def stale(cast: Cast, db: Session) -> list[Service]:
    """Six services to check and nothing else in the directory, in two ways of being to check."""
    db.execute(delete(Service))
    kinds = (S.CHECK, S.OPEN) * 3
    return [
        factories.service(
            each, name=f"Stale {at}", checked_on=LONG_AGO, source="a leaflet", status_note="old"
        )
        for at, each in enumerate(kinds)
    ]


def press(client: ConformingClient, end: str, ids: list[Any], **more: str) -> Any:
    return client.post(f"{LIST}/{end}", data={"services": [str(each) for each in ids], "how": "rang"} | more)


def ids_of(services: list[Service]) -> list[Any]:
    return [each.id for each in services]


def test_five_are_checked_with_one_button_and_put_back_with_another(
    client: ConformingClient, cast: Cast, db: Session, stale: list[Service]
) -> None:
    client.sign_in(cast.adviser)
    five, other = stale[:5], stale[5]
    before = [(each.status, each.checked_on, each.source, each.status_note) for each in five]
    answer = press(client, "confirm", ids_of(five))

    assert answer.status_code == 303
    db.expire_all()
    assert {(each.status, each.checked_on, each.source) for each in five} == {
        (S.OPEN, today(), "Rang the provider")
    }
    assert other.checked_on == LONG_AGO
    page = client.get(LIST)
    assert "You checked 5 services together" in page.text
    (undo,) = re.findall(r'action="(/directory/checks/[^"]+/undo)"', page.text)

    five[0].name = "Changed since"
    db.flush()
    assert client.post(undo).status_code == 303
    db.expire_all()

    put_back = [(each.status, each.checked_on, each.source, each.status_note) for each in five]
    assert put_back[1:] == before[1:]
    assert five[0].status is S.OPEN  # somebody changed it meanwhile: it is left alone
    assert "Changed since, so left alone: Changed since" in client.get(LIST).text


def test_a_check_is_undone_by_whoever_made_it_within_a_day_and_once(
    cast: Cast, db: Session, stale: list[Service]
) -> None:
    by = cast.adviser.actor
    made = checking.confirm_several(ids_of(stale[:2]), "website", by=by)
    assert checking.undo(made, by=by) == (2, [])
    with pytest.raises(Conflict, match="undone already"):
        checking.undo(made, by=by)
    late = checking.confirm_several(ids_of(stale[:2]), "website", by=by)
    late.at = now() - timedelta(days=1, seconds=1)
    with pytest.raises(Conflict, match="within a day"):
        checking.undo(late, by=by)


def test_nothing_ticked_and_what_left_the_list_are_said_at_the_ticks(
    client: ConformingClient, cast: Cast, db: Session, stale: list[Service]
) -> None:
    client.sign_in(cast.adviser)
    closed = factories.service(S.CLOSED)

    assert "Tick at least one service" in press(client, "confirm", []).text
    assert "no longer on the list" in press(client, "confirm", [closed.id]).text
    assert press(client, "confirm", ["nonsense"]).status_code == 422
    assert press(client, "look-after", [stale[0].id], owner="nonsense").status_code == 422
    assert db.scalar(select(Checking.id)) is None


def test_a_service_is_on_the_desk_of_whoever_looks_after_it_and_else_of_all(
    client: ConformingClient, cast: Cast, db: Session, stale: list[Service]
) -> None:
    client.sign_in(cast.hub_manager)
    answer = press(client, "look-after", ids_of(stale[:2]), owner=str(cast.adviser.id))

    assert answer.status_code == 303
    with client.application.test_request_context():
        waiting = {part: todos(cast[part].actor) for part in ("adviser", "other_adviser")}
    assert {part: [todo.count for todo in each] for part, each in waiting.items()} == {
        "adviser": [2, 4],
        "other_adviser": [4],
    }
    client.sign_in(cast.adviser)
    for todo in waiting["adviser"]:
        assert len(re.findall('name="services"', client.get(todo.href).text)) == todo.count
    assert press(client, "look-after", ids_of(stale[:1]), owner="").status_code == 303
    db.expire_all()
    assert [stale[0].owner_id, stale[1].owner_id] == [None, cast.adviser.id]


def test_nobody_is_given_a_service_who_does_not_keep_the_directory(cast: Cast, stale: list[Service]) -> None:
    with pytest.raises(Invalid, match="who keeps the directory"):
        checking.look_after(ids_of(stale), cast.founder.id, by=cast.hub_manager.actor)


def test_a_leavers_services_are_handed_over(cast: Cast, stale: list[Service]) -> None:
    boss = cast.hub_manager.actor
    checking.look_after(ids_of(stale[:1]), cast.adviser.id, by=boss)
    to = cast.hub_manager.account.id

    assert checking.hand(stale[0].id, cast.adviser.id, to=to, by=boss) is True
    assert stale[0].owner_id == to
    assert checking.hand(stale[0].id, cast.adviser.id, to=to, by=boss) is False


def test_the_share_checked_is_of_what_may_run_and_opens_its_rows(
    client: ConformingClient, cast: Cast, db: Session, stale: list[Service]
) -> None:
    factories.service(S.OPEN, checked_on=today())
    factories.service(S.CHECK, checked_on=today())
    factories.service(S.CLOSED, checked_on=today())
    found = queries.freshness(today(), months=12)

    assert (found.checked, found.listed, found.percent) == (1, 8, 12)
    assert queries.count_to_check(today(), months=12) == found.listed - found.checked
    assert "1 of 8 services" in client.get("/directory").text
    assert client.get("/directory?checked=lately").text.count('class="app-service-row"') == found.checked
