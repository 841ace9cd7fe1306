"""The clocks of due diligence: the investor is told once, the business is reminded, the manager sees what is late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from crm.angels.diligence.jobs import tend_daily
from crm.angels.diligence.models import DiligenceItem
from crm.kernel.clock import today
from crm.notices.rules import word
from tests.angels.diligence.test_asking_and_answering import answered, asked, met, text_of
from tests.angels.people import letters
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")


def test_the_investor_is_told_once_when_nothing_of_theirs_waits_and_else_by_the_daily_work(
    cast: Cast, client: ConformingClient
) -> None:
    found = met()
    first, second = asked(found, "debts", "accounts")
    answered(first, cast)
    assert letters("diligence_settled") == []
    tend_daily()
    (letter,) = letters("diligence_settled")
    said = word(letter.kind, letter.context | {"to_name": "P", "base_url": "", "service_name": "G"}).text
    about = found.whole.pitch
    assert about.business.name not in said
    assert about.headline not in said
    answered(second, cast)
    tend_daily()
    assert len(letters("diligence_settled")) == 1, "the letter that has not left leads to both"


def test_a_business_that_does_not_answer_is_reminded_then_the_manager_sees_it_and_reminds_once_a_day(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = met()
    (item,) = asked(found, "debts")
    tend_daily()
    assert letters("diligence_reminded") == []
    days = {"nudge_on": today() - timedelta(days=7), "task_on": today()}
    db.execute(update(DiligenceItem).values(**days))
    db.expire_all()
    tend_daily()
    tend_daily()
    assert len(letters("diligence_reminded")) == 1
    client.sign_in(cast.network_manager)
    assert "due-diligence question waiting too long" in text_of(client, "/desk")
    assert f"/due-diligence/{item.id}" in client.get("/due-diligence?status=late").text
    assert client.post(f"/due-diligence/{item.id}/remind").status_code == 409, "reminded today already"
    page = text_of(client, f"/due-diligence/{item.id}")
    assert "The business has been reminded today" in page
    assert cast.founder.email in page
    db.execute(update(DiligenceItem).values(nudged_at=None))
    db.expire_all()
    assert client.post(f"/due-diligence/{item.id}/remind").status_code == 303
    assert client.post(f"/due-diligence/{item.id}/remind").status_code == 409


def test_the_manager_closes_a_late_question_with_a_reason_that_both_sides_read_and_it_can_be_asked_again(
    cast: Cast, client: ConformingClient, db: Session
) -> None:
    found = met()
    (item,) = asked(found, "debts")
    where = f"/due-diligence/{item.id}"
    client.sign_in(cast.network_manager)
    assert "Close without an answer" not in client.get(where).text, "the business still has time"
    assert client.get(f"{where}/close").status_code == 409
    db.execute(update(DiligenceItem).values(nudge_on=today() - timedelta(days=7), task_on=today()))
    db.expire_all()
    assert "Close without an answer" in client.get(where).text
    assert client.post(f"{where}/close", data={"reason": " "}).status_code == 422
    done = client.post(f"{where}/close", data={"reason": "The founder is ill until March."})
    assert done.status_code == 303
    assert client.post(f"{where}/close", data={"reason": "Again"}).status_code == 409
    told = [letters(f"diligence_closed_{kind}")[0] for kind in ("late", "business")]
    assert {each.context["reason"] for each in told} == {"The founder is ill until March."}
    assert "waiting too long" not in text_of(client, "/desk")
    for reader in (found.account, cast.founder):
        assert "The founder is ill until March." in text_of(client.sign_in(reader), where)
    assert client.get(f"{where}/close").status_code in (403, 404)
    (again,) = asked(found, "debts")
    assert again.id != item.id
