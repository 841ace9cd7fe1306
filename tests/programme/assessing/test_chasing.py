"""Assessments that are late are chased from the page that the desk leads to."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.workflow import AccountStatus
from crm.kernel.clock import now
from crm.notices.models import Letter
from crm.programme.assessing.models import Assessment
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.judging import given_to, handed_in, judged
from tests.programme.pages import sent


def late(cast: Cast) -> Assessment:
    return given_to(cast, handed_in(judged(assess_until=now() + timedelta(days=1))))


def test_k13_a_lead_reminds_an_assessor_from_the_page_that_the_desk_names(
    db: Session, cast: Cast, client: ConformingClient
) -> None:
    made = late(cast)
    page = f"/programme/rounds/{made.round.id}/assessors"
    desk = client.sign_in(cast.lead_assessor).get("/desk").text
    assert "Chase an assessment" in desk
    assert f"{page}#open" in desk
    shown = client.get(page).text
    assert 'id="open"' in shown
    assert f"mailto:{cast.assessor.account.email}" in shown
    (door,) = {each for each in links_of(shown) if each.endswith("/remind")}
    assert f"Reminder sent to {cast.assessor.account.name}." in sent(client, door)
    (letter,) = db.scalars(select(Letter).where(Letter.kind == "assessment_reminded"))
    assert letter.to_address == cast.assessor.account.email
    assert made.application.reference in letter.context["left"]
    again = client.post(door)
    assert again.status_code == 409
    assert "was reminded today" in again.text
    assert cast.assessor.account.email in again.text


def links_of(page: str) -> list[str]:
    return [each.split('"')[0] for each in page.split('action="')[1:]]


def test_k13_nobody_is_chased_whose_account_is_closed(cast: Cast, client: ConformingClient) -> None:
    made = late(cast)
    cast.assessor.account._status = AccountStatus.DEACTIVATED
    client.sign_in(cast.lead_assessor)
    assert "Chase an assessment" not in client.get("/desk").text
    assert 'id="open"' not in client.get(f"/programme/rounds/{made.round.id}/assessors").text
