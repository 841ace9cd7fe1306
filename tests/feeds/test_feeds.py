"""A feed of another council is read, looked through, taken in to be checked, and taken back; nothing twice, nothing by itself."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.directory.models import Provider, Service
from crm.directory.queries import service
from crm.directory.rules import reading as directory_limits
from crm.directory.service.keeping import ServiceDetails, add, edit
from crm.directory.workflow import ServiceStatus
from crm.feeds import queries
from crm.feeds.models import FeedImport, IncomingService
from crm.feeds.rules import reading as limits
from crm.feeds.service import asking
from crm.feeds.service.reading import keep
from crm.feeds.workflow import ImportStatus, Verdict
from crm.gateways.pretend_feeds import PretendFeeds, invented_feeds, offered
from crm.kernel.errors import Invalid
from tests.cast import Cast
from tests.client import ConformingClient, errors_of
from tests.feeds.made import MIDSHIRE, NORTHMERE, again, asked, read, worked

S, V = ImportStatus, Verdict


def services_of(db: Session) -> int:
    return db.scalar(select(func.count()).select_from(Service)) or 0


def count_of(db: Session, kind: Any) -> int:
    return db.scalar(select(func.count()).select_from(kind)) or 0


def page_of(found: FeedImport, **asked: str) -> str:
    return f"/directory/feeds/{found.id}" + "".join(f"?{name}={value}" for name, value in asked.items())


def test_a_manager_brings_in_a_feed_looks_through_it_and_takes_in_what_is_of_use(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    before = services_of(db)
    client.sign_in(cast.hub_manager)
    sent = {"publisher": "Midshire Council", "address": "https://directory.midshire.example/oruk/v3/"}
    led_to = client.post("/directory/feeds/bring", data=sent).headers["Location"]
    found = db.scalars(select(FeedImport)).one()
    assert led_to == page_of(found)
    assert "Being read" in client.get(led_to).text
    worked(found)
    assert services_of(db) == before, "reading changes nothing in the directory"
    seen = " ".join(client.get(led_to).text.split())
    for words in ("All (20)", "New (17)", "Twice in this feed (1)", "Not running, as its council says (1)"):
        assert words in seen
    assert "Cannot be read (1)" in seen
    assert "status: “Open” is not one of: active" in client.get(page_of(found, show="faulty")).text
    assert "feed to look through" in client.get("/desk").text
    assert client.post(f"{led_to}/take-in", data={"which": "needed"}).status_code == 303
    found = worked(again(found))
    made = db.scalars(select(Service).where(Service.source.contains("Midshire"))).all()
    assert len(made) == queries.in_directory(found.id).made == 15
    assert {each.status for each in made} == {ServiceStatus.CHECK}, "none is offered before it is checked"
    assert "15 services of this feed are in the directory" in " ".join(client.get(led_to).text.split())


def test_the_same_feed_a_second_time_brings_nothing_new(cast: Cast, db: Session) -> None:
    by = cast.administrator.actor
    found = read(by)
    asking.take_in(found, only_needed=False, by=by)
    worked(found)
    count = services_of(db)
    second = read(by)
    assert queries.counts(second.id)[V.KNOWN] == 17
    assert V.NEW not in queries.counts(second.id)
    with pytest.raises(Invalid, match="no such service"):
        asking.take_in(second, only_needed=False, by=by)
    assert services_of(db) == count


def test_a_service_that_is_here_under_another_spelling_is_found_and_its_provider_is_one(
    cast: Cast, db: Session
) -> None:
    by = cast.administrator.actor
    here = add(
        "start-a-studio",
        ServiceDetails("the MIDSHIRE council (Invented)", {"name": "START a studio – Midshire"}),
        by=by,
    )
    found = read(by)
    (known,) = db.scalars(select(IncomingService).where(IncomingService.verdict == V.KNOWN)).all()
    assert known.service_id == here.id
    asking.take_in(found, only_needed=False, by=by)
    worked(found)
    names = db.scalars(select(Provider.name).where(func.lower(Provider.name).contains("midshire"))).all()
    assert names == ["the MIDSHIRE council (Invented)"]


def test_what_somebody_added_while_the_feed_waited_is_not_made_twice(cast: Cast, db: Session) -> None:
    by = cast.administrator.actor
    found = read(by)
    details = ServiceDetails("Midshire Council (invented)", {"name": "Shopfront grant, Midshire"})
    add("shopfront", details, by=by)
    asking.take_in(found, only_needed=False, by=by)
    worked(found)
    named = select(func.count()).select_from(Service).where(Service.name == "Shopfront grant, Midshire")
    assert db.scalar(named) == 1


def test_an_import_is_taken_back_but_for_what_was_changed_since(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    by = cast.administrator.actor
    services, providers = services_of(db), count_of(db, Provider)
    found = read(by)
    asking.take_in(found, only_needed=False, by=by)
    worked(found)
    changed = db.scalars(select(Service).where(Service.name == "Portfolio surgery, Midshire")).one()
    whole = service(changed.service_id)
    assert whole is not None
    edit(whole, ServiceDetails(whole.provider.name, {"description": "An hour and a half"}), by=by)
    session().flush()
    client.sign_in(cast.administrator)
    assert client.post(f"{page_of(found)}/undo").status_code == 303
    found = worked(again(found))
    assert found.status is S.UNDONE
    assert services_of(db) == services + 1
    assert count_of(db, Provider) == providers + 1, "a provider with a service stays"
    assert "1 service was changed or used" in " ".join(client.get(page_of(found)).text.split())


def test_a_whole_import_that_is_taken_back_leaves_no_service_and_no_provider(cast: Cast, db: Session) -> None:
    by = cast.administrator.actor
    before = services_of(db), count_of(db, Provider)
    found = read(by)
    asking.take_in(found, only_needed=False, by=by)
    worked(found)
    asking.undo(found, by=by)
    worked(found)
    assert (services_of(db), count_of(db, Provider)) == before


def test_a_feed_that_repeats_itself_stops_with_its_page_and_is_read_on_or_cancelled(
    client: ConformingClient, cast: Cast
) -> None:
    found = read(cast.administrator.actor, NORTHMERE)
    assert (found.status, found.page) == (S.FAILED, 2)
    client.sign_in(cast.administrator)
    assert "Reading stopped at page 2. Page 2 repeats a service" in client.get(page_of(found)).text
    assert "feed that stopped" in client.get("/desk").text
    assert client.post(f"{page_of(found)}/read-on").status_code == 303
    found = worked(again(found))
    assert (found.status, found.page) == (S.FAILED, 2), "the first page is not read a second time"
    assert client.post(f"{page_of(found)}/cancel").status_code == 303
    assert again(found).status is S.CANCELLED


def test_of_two_workers_with_one_page_the_second_keeps_nothing_and_a_cancelled_feed_is_let_go(
    cast: Cast, db: Session
) -> None:
    by = cast.administrator.actor
    found = asked(by)
    page = invented_feeds().page(MIDSHIRE, page=1)
    rows = limits.read_page(page, 1)
    keep(found.id, 1, page=page, rows=rows)
    keep(found.id, 1, page=page, rows=rows)
    assert count_of(db, IncomingService) == len(rows)
    asking.cancel(again(found), by=by)
    second = invented_feeds().page(MIDSHIRE, page=2)
    keep(found.id, 2, page=second, rows=limits.read_page(second, 2))
    assert count_of(db, IncomingService) == len(rows)


def test_a_feed_that_is_under_way_is_not_asked_for_again(client: ConformingClient, cast: Cast) -> None:
    asked(cast.administrator.actor)
    client.sign_in(cast.hub_manager)
    sent = {"publisher": "Midshire", "address": "https://directory.midshire.example/oruk/v3"}
    answer = client.post("/directory/feeds/bring", data=sent)
    assert answer.status_code == 422
    assert errors_of(answer) == ["This feed is being read already. Look at the import that is under way"]
    assert 'value="Midshire"' in answer.text


def test_no_more_is_taken_in_than_the_directory_holds(
    client: ConformingClient, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = read(cast.administrator.actor)
    monkeypatch.setattr(asking, "MOST_SERVICES", services_of(db) + 3)
    client.sign_in(cast.administrator)
    answer = client.post(f"{page_of(found)}/take-in", data={"which": "all"})
    assert answer.status_code == 422
    assert "there is room for 3 more" in answer.text
    assert again(found).status is S.READY


def test_a_feed_with_more_services_than_anybody_looks_through_is_left(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.feeds.service.reading.MOST_INCOMING", 10)
    many = [offered("Longshire", number=number) for number in range(24)]
    feeds = PretendFeeds({"long.example": many})
    found = read(cast.administrator.actor, "https://long.example/services", feeds=feeds)
    assert (found.status, found.page) == (S.FAILED, 2)
    assert "more than" in found.fault


def test_an_adviser_and_an_auditor_bring_nothing(client: ConformingClient, cast: Cast) -> None:
    found = read(cast.administrator.actor)
    assert client.sign_in(cast.auditor).get(page_of(found)).status_code == 200
    assert client.post(f"{page_of(found)}/take-in", data={"which": "all"}).status_code == 403
    assert client.sign_in(cast.adviser).get("/directory/feeds").status_code == 403


def test_the_directory_is_read_whole_and_holds_no_more_than_it_reads() -> None:
    assert asking.MOST_SERVICES == directory_limits.MOST_SERVICES
