"""Providers say by link, every so many days, whether their services still run as the directory says."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.directory.models import Provider, Service
from crm.directory.rules.labels import Said
from crm.directory.service import asking
from crm.directory.service.asking import Answer, Contact
from crm.directory.workflow import ServiceStatus
from crm.kernel.clock import today
from crm.kernel.errors import Conflict, Invalid, NotFound
from crm.links.rules import Purpose
from crm.links.service import mint
from crm.notices.models import Letter
from tests import factories
from tests.cast import Cast
from tests.client import ConformingClient

LONG_AGO = date(2025, 1, 1)


def asked(db: Session) -> list[str]:
    query = select(Letter.to_address).where(Letter.kind == "services_asked")
    return list(db.scalars(query.order_by(Letter.queued_at)))


def provider_with(*statuses: ServiceStatus, **fields: Any) -> tuple[Provider, list[Service]]:
    kept = factories.provider(**({"contact_name": "Kim Made", "contact_email": "kim@made.example"} | fields))
    made = [factories.service(each, provider_id=kept.id, checked_on=LONG_AGO) for each in statuses]
    return kept, made


def test_a_provider_is_asked_once_and_again_after_so_many_days(cast: Cast, db: Session) -> None:
    kept, _ = provider_with(ServiceStatus.OPEN)
    asking.ask_those_due()
    asking.ask_those_due()
    assert asked(db) == ["kim@made.example"]
    assert kept.asked_on == today()
    kept.asked_on = today() - timedelta(days=91)  # a day later than due: nobody was there on the day itself
    db.flush()
    asking.ask_those_due()
    assert len(asked(db)) == 2


@pytest.mark.parametrize(
    ("status", "fields", "checked"),
    [
        (ServiceStatus.HISTORIC, {}, LONG_AGO),
        (ServiceStatus.CLOSED, {}, LONG_AGO),
        (ServiceStatus.OPEN, {"contact_email": None}, LONG_AGO),
        (ServiceStatus.OPEN, {}, None),
    ],
)
def test_nobody_is_asked_about_what_is_over_or_fresh_or_without_somebody_to_ask(
    cast: Cast, db: Session, status: ServiceStatus, fields: dict[str, Any], checked: date | None
) -> None:
    _, (service,) = provider_with(status, **fields)
    service.checked_on = checked or today() - timedelta(days=89)
    db.flush()
    asking.ask_those_due()
    assert asked(db) == []


def test_an_answer_checks_doubts_or_closes_each_service_and_uses_the_link_up(cast: Cast, db: Session) -> None:
    kept, (first, second, third, doubted) = provider_with(*[ServiceStatus.OPEN] * 3, ServiceStatus.CHECK)
    token = mint(Purpose.SERVICES, str(kept.id))
    answers = {
        first.service_id: Answer(Said.OPEN),
        second.service_id: Answer(Said.CHANGED, "Now for limited companies alone"),
        third.service_id: Answer(Said.CLOSED, "The money is spent"),
        doubted.service_id: Answer(Said.CHANGED, "Moved to Walsall"),
    }
    asking.answer_by_link(token, answers, name="Kim Made")
    assert (first.status, first.checked_on) == (ServiceStatus.OPEN, today())
    assert (second.status, second.status_note) == (ServiceStatus.CHECK, "Now for limited companies alone")
    assert (third.status, third.status_note) == (ServiceStatus.CLOSED, "The money is spent")
    assert (doubted.status, doubted.status_note) == (ServiceStatus.CHECK, "Moved to Walsall")
    assert second.checked_on == LONG_AGO
    assert first.source == f"Kim Made, {kept.name}"
    with pytest.raises(NotFound):
        asking.answer_by_link(token, answers, name="Kim Made")


def test_an_answer_that_leaves_a_service_out_keeps_nothing(cast: Cast) -> None:
    kept, (first, _) = provider_with(ServiceStatus.OPEN, ServiceStatus.OPEN)
    with pytest.raises(Invalid):
        asking.answer_by_link(
            mint(Purpose.SERVICES, str(kept.id)), {first.service_id: Answer(Said.OPEN)}, name="Kim"
        )


def test_looking_at_the_link_does_nothing_and_the_answer_needs_words_for_what_changed(
    cast: Cast, client: ConformingClient
) -> None:
    kept, (service,) = provider_with(ServiceStatus.OPEN)
    page = f"/links/services/{mint(Purpose.SERVICES, str(kept.id))}"
    for _ in range(2):
        assert service.name in client.get(page).text
    said = f"said-{service.service_id}"
    lacking = client.post(page, data={"name": "Kim", said: "changed"})
    assert lacking.status_code == 422
    assert "Say what has changed" in lacking.text
    assert client.post(page, data={"name": "Kim"}).status_code == 422
    assert client.post(page, data={"name": "Kim", said: "open"}).status_code == 303
    assert client.get(page).status_code == 404
    assert client.get("/links/services-thanks").status_code == 200


def test_an_adviser_keeps_who_answers_and_asks_them(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    kept, _ = provider_with(ServiceStatus.OPEN, contact_name="", contact_email=None)
    client.sign_in(cast.adviser)
    page = f"/directory/providers/{kept.id}"
    assert client.post(f"{page}/ask").status_code == 409
    assert client.post(f"{page}/contact", data={"name": "Kim", "email": "nonsense"}).status_code == 422
    assert (
        client.post(f"{page}/contact", data={"name": "Kim", "email": "KIM@made.example"}).status_code == 303
    )
    assert "kim@made.example" in client.get(page).text
    assert client.post(f"{page}/ask").status_code == 303
    assert asked(db) == ["kim@made.example"]


def test_visitors_never_see_who_answers(cast: Cast, client: ConformingClient) -> None:
    kept, _ = provider_with(ServiceStatus.OPEN)
    assert "kim@made.example" not in client.get(f"/directory/providers/{kept.id}").text


def test_a_provider_without_a_service_to_ask_about_is_not_asked(cast: Cast) -> None:
    kept, _ = provider_with(ServiceStatus.HISTORIC)
    with pytest.raises(Conflict):
        asking.ask(kept, by=cast.adviser.actor)
    asking.set_contact(kept, Contact("Kim", "else@made.example"), by=cast.adviser.actor)
    assert kept.contact_email == "else@made.example"
