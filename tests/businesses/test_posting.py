"""Every form of a business is sent by the person whose task it is, and ends on a page that says what was done."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.models import Business, BusinessShare, Claim, Connection, Consent, Person, YearlyFigures
from crm.businesses.rules.labels import current_version
from crm.businesses.workflow import BusinessStatus, ClaimStatus
from crm.kernel.money import Money
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

WHERE = f"/businesses/{BUSINESS}"


@pytest.fixture
def adviser(client: ConformingClient, cast: Cast) -> ConformingClient:
    return client.sign_in(cast.adviser)


@pytest.fixture
def business(cast: Cast, db: Session) -> Business:
    return db.get_one(Business, BUSINESS)


def send(client: ConformingClient, path: str, said: str, **data: Any) -> str:
    """Open a form where it has a page, send it, and read the page that follows."""
    answer = client.post(path, data={name.replace("__", "-"): each for name, each in data.items()})
    assert answer.status_code == 303, re.findall(r"error-message.*?</p>", answer.text, re.DOTALL)
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert said in page.text
    return page.text


def test_a_council_area_is_set(adviser: ConformingClient, business: Business, db: Session) -> None:
    assert adviser.get(f"{WHERE}/place").status_code == 200
    send(adviser, f"{WHERE}/place", "Location set.", authority="Solihull", reason="They told me")
    db.refresh(business)
    assert (business.authority, business.place_method) == ("Solihull", "adviser")


def test_a_business_is_shared_and_no_longer(
    adviser: ConformingClient, business: Business, cast: Cast, db: Session
) -> None:
    other = next(value for value, name in _options(adviser) if "Coventry" in name)
    send(adviser, f"{WHERE}/share", "Business shared.", hub_id=other, reason="They work there too")
    assert db.scalars(select(BusinessShare).where(BusinessShare.business_id == BUSINESS)).one().reason
    said = "No longer shared with"
    send(adviser, f"{WHERE}/share/end", said, hub_id=other)
    assert db.scalars(select(BusinessShare).where(BusinessShare.business_id == BUSINESS)).all() == []


def test_k12_no_hub_is_offered_that_can_see_the_business_already(
    adviser: ConformingClient, business: Business
) -> None:
    offered = dict(_options(adviser))
    assert str(business.hub_id) not in offered
    for hub_id in offered:
        send(adviser, f"{WHERE}/share", "Business shared.", hub_id=hub_id, reason="They work there too")
    assert _options(adviser) == []
    page = adviser.get(f"{WHERE}/share").text
    assert "Every hub can see it already" in page
    assert 'name="reason"' not in page


def _options(client: ConformingClient) -> list[tuple[str, str]]:
    page = client.get(f"{WHERE}/share").text
    return re.findall(r'<option value="([0-9a-f-]{36})"[^>]*>([^<]+)<', page)


def test_a_person_is_added_and_corrected(adviser: ConformingClient, business: Business, db: Session) -> None:
    assert adviser.get(f"{WHERE}/people/new").status_code == 200
    send(
        adviser,
        f"{WHERE}/people/new",
        "Rae Invented added.",
        name="Rae\nInvented",
        email="RAE@made.example",
        phone="0121 496 0001",
    )
    made = db.scalars(select(Person).where(Person.email == "rae@made.example")).one()
    assert made.name == "Rae Invented"
    where = f"{WHERE}/people/{made.id}"
    assert adviser.get(where).status_code == 200
    left = {"left_on__day": "1", "left_on__month": "nov", "left_on__year": "26"}
    send(
        adviser, where, "Rae Invented’s details saved.", name="Rae Invented", email="rae@made.example", **left
    )
    db.refresh(made)
    assert str(made.left_on) == "2026-11-01"


@pytest.mark.parametrize(
    "email", ["lee..dots@made.example", "mo.@made.example", "a@made.example; b@made.example"]
)
def test_k21_an_address_that_cannot_be_written_to_is_refused_at_its_field(
    adviser: ConformingClient, business: Business, email: str
) -> None:
    answer = adviser.post(f"{WHERE}/people/new", data={"name": "Lee", "email": email})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert email.replace("'", "&#39;") in answer.text


def test_a_years_figures_are_recorded(adviser: ConformingClient, business: Business, db: Session) -> None:
    day = {"year_end__day": "31", "year_end__month": "mar", "year_end__year": "26"}
    told = {"months": "12", "turnover": "“60k”", "measure": "headcount", "source": "Accounts"}
    send(adviser, f"{WHERE}/figures/new", "Figures recorded.", **told, **day)
    year = db.scalars(select(YearlyFigures).where(YearlyFigures.business_id == BUSINESS)).one()
    assert (year.turnover, str(year.year_end)) == (Money.pounds(60_000), "2026-03-31")


@pytest.mark.parametrize(
    ("day", "box"),
    [("31//2026", "month"), ("31/mar/", "year"), ("31/mar/0026", "year"), ("31/14/2026", "month")],
)
def test_k20_a_day_that_cannot_be_is_said_at_its_box(
    adviser: ConformingClient, business: Business, day: str, box: str
) -> None:
    parts = dict(zip(("year_end-day", "year_end-month", "year_end-year"), day.split("/"), strict=True))
    told = {"turnover": "1", "measure": "headcount", "source": "Accounts", "months": "12"}
    answer = adviser.post(f"{WHERE}/figures/new", data=told | parts)
    assert answer.status_code == 422
    assert f'href="#year_end-{box}"' in answer.text


def test_a_connection_is_recorded_and_ended(
    adviser: ConformingClient, business: Business, db: Session
) -> None:
    assert adviser.get(f"{WHERE}/connections/new").status_code == 200
    send(adviser, f"{WHERE}/connections/new", "Connection recorded.", kind="director", who="Kim Invented")
    made = db.scalars(select(Connection).where(Connection.who == "Kim Invented")).one()
    send(adviser, f"{WHERE}/connections/{made.id}/end", "Connection ended.")
    db.refresh(made)
    assert made.valid_to is not None


def test_access_is_asked_for_and_refused_or_confirmed(
    adviser: ConformingClient, business: Business, db: Session
) -> None:
    asked = adviser.get(f"{WHERE}/claims/new").text
    assert "How do you know that they speak for the business?" in asked
    assert "Record the request</button>" in " ".join(asked.split()).replace(" </button>", "</button>")
    told = {"name": "Kim Invented", "email": "kim@made.example", "role": "Director"}
    send(adviser, f"{WHERE}/claims/new", "Access request recorded.", **told)
    first = db.scalars(select(Claim)).one()
    assert adviser.post(f"/claims/{first.id}/refuse", data={"reason": " "}).status_code == 422
    send(adviser, f"/claims/{first.id}/refuse", "We have told Kim Invented why.", reason="Not known there")
    db.refresh(first)
    assert first.status is ClaimStatus.REFUSED
    assert adviser.post(f"/claims/{first.id}/confirm").status_code == 409
    second = factories.claim(business, email="mo@made.example", name="Mo")
    send(adviser, f"/claims/{second.id}/confirm", "Mo can now see this business.")


def test_consent_is_recorded_and_withdrawn(
    adviser: ConformingClient, business: Business, db: Session
) -> None:
    send(
        adviser,
        f"{WHERE}/consents/give",
        "consent recorded.",
        purpose="news",
        version=current_version("news"),
    )
    send(adviser, f"{WHERE}/consents/withdraw", "consent withdrawn.", purpose="news")
    assert db.scalars(select(Consent).where(Consent.business_id == BUSINESS)).one().withdrawn_at


FORMS = (
    "edit",
    "place",
    "share",
    "figures/new",
    "people/new",
    "connections/new",
    "claims/new",
    "diagnosis/new",
)


@pytest.mark.parametrize("form", FORMS)
def test_k12_an_archived_record_says_so_before_its_forms(
    client: ConformingClient, cast: Cast, business: Business, db: Session, form: str
) -> None:
    client.sign_in(cast.hub_manager)
    send(client, f"{WHERE}/archive", "Record archived.", reason="Closed down")
    db.refresh(business)
    assert business.status is BusinessStatus.ARCHIVED
    answer = client.get(f"{WHERE}/{form}")
    assert answer.status_code == 409
    assert "This business is archived" in answer.text
    assert f'href="{WHERE}"' in answer.text
    assert client.post(f"{WHERE}/archive", data={"reason": "Again"}).status_code == 409
    send(client, f"{WHERE}/restore", "Record restored.")
    assert client.get(f"{WHERE}/{form}").status_code == 200
