"""A number is read as one of the United Kingdom only where the right applies there: rights of other countries keep theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.businesses.queries.seeing import business
from crm.gateways.rights_register import InventedRegister
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.rights import queries
from crm.rights.models import RegisterAnswer, Right
from crm.rights.service import looking_up
from crm.rights.workflow import RightKind, RightStatus
from tests import network
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
ADD = f"/businesses/{BUSINESS}/rights/add"
MARK = {"kind": "trade_mark", "title": "OTTER", "owner": "Cast Pictures", "status": "registered"}
RENEWS = {
    f"renews_on-{part}": str(getattr(today(), part) + (part == "year")) for part in ("day", "month", "year")
}
COMPARE = "Compare with the register"
ONLY_UK = "has only rights of the United Kingdom, so this one cannot be looked up there"


def _added(client: ConformingClient, **fields: str) -> str:
    sent = client.post(ADD, data=MARK | RENEWS | fields)
    assert sent.status_code == 303, sent.text
    return sent.headers["Location"]


def _numbers() -> list[str]:
    return sorted(each.number for each in queries.rights_of(BUSINESS))


@pytest.mark.parametrize(
    ("kind", "territory", "typed", "kept"),
    [
        ("trade_mark", "Japan", "6123456", "6123456"),
        ("trade_mark", "France", " 4567890 ", "4567890"),
        ("trade_mark", "Worldwide (Madrid)", "1234567", "1234567"),
        ("trade_mark", "European Union", "018123456", "018123456"),
        ("trade_mark", "United Kingdom and Japan", "6123456", "6123456"),
        ("trade_mark", "Japan (not the United Kingdom)", "UK 6123456", "UK 6123456"),
        ("design", "Japan", "6 123 456", "6 123 456"),
        ("patent", "Japan", "6123456", "6123456"),
        ("patent", "United States", "GB2456789B", "GB2456789B"),
        ("domain", "Worldwide", "otter.example", "otter.example"),
    ],
)
def test_a_number_of_another_country_is_kept_as_typed_and_never_compared_with_the_uk_register_k19_k29(
    client: ConformingClient, cast: Cast, kind: str, territory: str, typed: str, kept: str
) -> None:
    client.sign_in(cast.founder)
    page = _added(client, kind=kind, territory=territory, number=typed)
    assert _numbers() == [kept]
    shown = client.get(page).text
    assert COMPARE not in shown
    assert (ONLY_UK in shown) is (kind != "domain" and territory != "United Kingdom and Japan")
    assert client.post(f"{page}/look-up").status_code == 409
    assert kept in client.get(f"{page}/renewal.ics").text
    corrected = {"kind": kind, "territory": territory, "number": typed, "version": "1", "title": "NEW"}
    assert client.post(f"{page}/correct", data=MARK | RENEWS | corrected).status_code == 303
    assert _numbers() == [kept], "and stays so when it is corrected"


@pytest.mark.parametrize(
    "territory",
    ["United Kingdom", "the UK", "U.K.", "Great Britain", "England & Wales", "Scotland", "UK only",
     "United Kingdom (UK)", "United Kingdom of Great Britain and Northern Ireland"],
)  # fmt: skip
def test_the_united_kingdom_and_its_parts_are_read_as_before_k19(
    client: ConformingClient, cast: Cast, territory: str
) -> None:
    client.sign_in(cast.founder)
    page = _added(client, territory=territory, number="uk 3123456")
    assert _numbers() == ["UK00003123456"]
    assert COMPARE in client.get(page).text
    short = client.post(ADD, data=MARK | {"territory": territory, "number": "018123456", "title": "B"})
    assert "018123456 is not a whole number. Enter all 11 digits" in short.text
    again = client.post(ADD, data=MARK | {"territory": "UK", "number": "3123456", "title": "B"})
    assert "UK00003123456 is on this register already, as “OTTER”" in again.text


def test_a_number_that_says_it_is_of_the_united_kingdom_is_read_where_that_is_one_of_several_places(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.founder)
    page = _added(client, territory="UK, EU", number="UK 3123456")
    assert _numbers() == ["UK00003123456"]
    assert COMPARE in client.get(page).text


def test_one_number_in_two_places_is_two_rights_and_in_one_place_one_k19(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.founder)
    _added(client, territory="Japan", number="6123456")
    twice = client.post(ADD, data=MARK | {"territory": "JAPAN", "number": "6123456", "title": "Twice"})
    assert "6123456 is on this register already, as “OTTER”" in twice.text
    _added(client, territory="France", number="6123456")
    look_up = {"kind": "trade_mark", "number": "6123456"}
    found = client.post(f"/businesses/{BUSINESS}/rights/look-up", data=look_up)
    assert found.status_code == 303, "the UK number is another right"
    _added(client, territory="United Kingdom", number="6123456")
    assert _numbers() == ["6123456", "6123456", "UK00006123456"]
    named = {"status": "applied_for", "number": "", "title": "LAMP"}
    for place in ("Japan", "United Kingdom"):
        _added(client, territory=place, **named)
    again = client.post(ADD, data=MARK | named | {"territory": "the UK"})
    assert "“LAMP” is on this register already" in again.text
    domain = {"kind": "domain", "number": "otter.example", "title": "Site"}
    _added(client, territory="Worldwide", **domain)
    other = client.post(ADD, data=MARK | domain | {"territory": "UK", "number": "Otter.example"})
    assert "is on this register already, as “Site”" in other.text, "a domain name is one everywhere"


def test_a_number_that_was_rewritten_before_is_a_gap_and_can_be_corrected_back_k29(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    kind, status = RightKind.TRADE_MARK, RightStatus.REGISTERED
    told = {"kind": kind, "status": status, "number": "UK00006123456", "territory": "Japan"}
    made = network.right(owner, title="OTTER", **told)
    looked = {"kind": kind, "number": "UK00006123456", "secret": "", "by": SYSTEM}
    looking_up.look_up(owner, InventedRegister(), **looked)
    assert db.scalars(select(RegisterAnswer)).one().says is None
    page, gap = f"/rights/{made.id}", "The number UK00006123456 is one of the UK register, but “Japan”"
    client.sign_in(cast.founder)
    shown = client.get(page).text
    assert gap in shown
    assert "knows no" not in shown
    assert COMPARE not in shown
    client.sign_in(cast.administrator)
    assert gap in client.get("/rights.csv?todo=gaps").text
    client.sign_in(cast.founder)
    fixed = MARK | RENEWS | {"territory": "Japan", "number": "6123456", "version": str(made.version)}
    assert client.post(f"{page}/correct", data=fixed).status_code == 303
    assert db.scalars(select(Right.__table__.c.number)).one() == "6123456"
    assert gap not in client.get(page).text


def test_what_the_register_said_of_a_uk_number_is_no_gap_of_the_same_number_elsewhere_k29(
    client: ConformingClient, cast: Cast
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    kind, status = RightKind.DESIGN, RightStatus.REGISTERED
    told = {"kind": kind, "status": status, "number": "6123456"}
    here = network.right(owner, title="Here", territory="United Kingdom", **told)
    there = network.right(owner, title="There", territory="Japan", **told)
    looked = {"kind": kind, "number": "6123456", "secret": "", "by": SYSTEM}
    looking_up.look_up(owner, InventedRegister(), **looked)
    client.sign_in(cast.founder)
    said = "knows no design with the number 6123456"
    assert said in client.get(f"/rights/{here.id}").text
    assert said not in client.get(f"/rights/{there.id}").text
