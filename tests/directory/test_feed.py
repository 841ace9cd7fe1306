"""The open directory, scenarios A40 and A65 to A67: valid, filtered, paged, cached, and nothing private in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from crm.directory.models import Service
from crm.directory.rules.taxonomies import terms
from crm.directory.workflow import ServiceStatus as S
from crm.kernel.clock import now
from crm.kernel.money import Money
from tests import factories
from tests.client import ConformingClient
from tests.directory.conformance import faults
from tests.statements import Statements

ROOT = "/oruk/v3"
CHECKED = date(2026, 11, 3)
LISTS = {
    "services": "service",
    "organizations": "organization",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
    "service_at_locations": "service_at_location",
}
Get = Callable[..., Any]


@pytest.fixture
def get(client: ConformingClient) -> Get:
    def ask(path: str = "", **asked: Any) -> Any:
        answer = client.get(f"{ROOT}{path}", query_string=asked)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        return answer.get_json()

    return ask


@pytest.fixture
def bare(reference: None, db: Session) -> None:
    """A directory without the services that the product brings."""
    db.execute(delete(Service))


def names(page: Any) -> list[str]:
    return [each["name"] for each in page["contents"]]


def filled(**fields: Any) -> Service:
    """A service that says something of everything that can be published."""
    given = {
        "name": "Games fund",
        "description": "Money for prototypes & “demos”",
        "eligibility_note": "For studios",
        "min_turnover": Money.pounds(5_000),
        "needs": ("grant", "games"),
        "stages": ("early",),
        "dcms_groups": ("it_software",),
        "leps": ("BCLEP",),
        "lad_names": ("Dudley",),
        "outcodes": ("B1",),
        "wmca_only": True,
        "cost_type": "free",
        "amount_min": Money.pounds(1_000),
        "amount_max": Money(2_500_050),
        "opens_on": date(2026, 1, 1),
        "closes_on": date(2027, 1, 1),
        "url": "https://fund.example/games",
        "checked_on": CHECKED,
        "source": "rang Ann Persona on 0121 496 0000",
        "status_note": "the manager is on leave",
        "checked_note": "a note of ours",
    }
    return factories.service(S.OPEN, **(given | fields))


def test_a67_the_metadata_names_the_version_that_a_validator_reads(get: Get) -> None:
    told = get()

    assert told["version"] == "HSDS-UK-3.0"
    assert faults(told, "api_details") == []
    assert get("/") == told
    assert set(get("/openapi.json")["paths"]) == {
        "/",
        *(f"/{name}{end}" for name in LISTS for end in ("", "/{id}")),
    } - {"/service_at_locations/{id}"}


def test_a67_every_answer_for_the_shipped_directory_is_valid(db: Session, get: Get) -> None:
    filled()
    for name, kind in LISTS.items():
        page = get(f"/{name}")
        assert faults(page, f"{kind}_page") == []
        for each in page["contents"][:25]:
            assert faults(get(f"/{name}/{each['id']}"), kind) == []
    whole = get("/services", full="true", per_page=500)

    assert faults(whole, "service_page") == []
    assert whole["total_items"] > 60
    assert all(each["organization_id"] == each["organization"]["id"] for each in whole["contents"])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda page: page["contents"][0].update(url=None),
        lambda page: page["contents"][0].update(status="closed"),
        lambda page: page.pop("total_pages"),
        lambda page: page["contents"][0].update(id=7),
        lambda page: page["contents"][0].update(description=""),
        lambda page: page["contents"][0].update(last_modified="2026-11-24"),
        lambda page: page["contents"][0]["organization"].pop("description"),
        lambda page: page["contents"][0].update(url="fund.example"),
    ],
)
def test_a67_the_validator_finds_planted_faults(
    bare: None, db: Session, get: Get, spoil: Callable[[Any], object]
) -> None:
    filled()
    page = get("/services")
    assert faults(page, "service_page") == []

    spoil(page)

    assert len(faults(page, "service_page")) >= 1


def test_a_service_is_told_in_full(db: Session, get: Get) -> None:
    made = filled()
    told = get(f"/services/{made.id}")

    assert told["status"] == "active"
    assert told["eligibility_description"] == "For studios. Turnover: £5k or more."
    assert told["assured_date"] == "2026-11-03"
    assert [each["name"] for each in told["service_areas"]] == [
        "Dudley",
        "Black Country",
        "Postcode district B1",
        "The seven metropolitan districts of the West Midlands Combined Authority",
    ]
    assert told["service_areas"][0]["uri"].endswith("/E08000027")
    assert told["schedules"][0]["valid_to"] == "2027-01-01"
    assert told["cost_options"][0]["amount"] == 0
    assert told["wm_amount_offered"] == {"minimum": "1000.00", "maximum": "25000.50", "currency": "GBP"}
    assert {each["taxonomy_term"]["name"] for each in told["attributes"]} == {
        *("A grant", "Grant", "Expertise and advice", "early years", "IT, software and computer services"),
        next(each.name for each in terms() if each.code == "games"),
    }
    assert get(f"/services/{made.id}") == told  # ids of what has no row are the same every time


@pytest.mark.parametrize(
    ("status", "fields", "said"),
    [
        (S.OPEN, {}, "active"),
        (S.OPEN, {"opens_on": date(2027, 1, 1)}, "inactive"),
        (S.OPEN, {"closes_on": date(2026, 1, 1)}, "inactive"),
        (S.CLOSED, {}, "inactive"),
        (S.CHECK, {"checked_on": CHECKED}, "inactive"),
    ],
)
def test_only_what_we_offer_today_is_active(
    db: Session, get: Get, status: S, fields: dict[str, Any], said: str
) -> None:
    made = factories.service(status, **fields)
    told = get(f"/services/{made.id}")

    assert told["status"] == said
    assert ("alert" in told) is (status is S.CHECK)


def test_a66_what_is_not_for_others_is_not_there(
    bare: None, db: Session, client: ConformingClient, get: Get
) -> None:
    hidden = [
        factories.service(S.CHECK, name="Never checked"),
        factories.service(S.HISTORIC, name="Withdrawn", checked_on=CHECKED),
        factories.service(S.ILLUSTRATIVE, name="Invented", checked_on=CHECKED),
    ]
    shown = filled(
        provider_id=factories.provider(contact_name="Ann Persona", contact_email="ann@private.example").id
    )

    assert names(get("/services")) == [shown.name]
    assert len(get("/organizations")["contents"]) == 1
    for each in hidden:
        assert client.get(f"{ROOT}/services/{each.id}").status_code == 404
        assert client.get(f"{ROOT}/organizations/{each.provider_id}").status_code == 404
    whole = json.dumps([get("/services", full="true"), get(f"/organizations/{shown.provider_id}")])
    for private in ("Persona", "private.example", "496 0000", "on leave", "note of ours"):
        assert private not in whole


def test_a66_nothing_can_be_sent(client: ConformingClient) -> None:
    for path in ("", "/services", "/services/00000000-0000-4000-8000-000000000000"):
        for send in (client.post, client.put, client.patch, client.delete):
            answer = send(f"{ROOT}{path}")

            assert answer.status_code == 405
            assert answer.get_json()["error"]["status"] == 405
            assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a40_an_id_that_was_guessed_is_404_as_json(client: ConformingClient) -> None:
    guesses = (uuid4(), "x", "../services")
    for path, guessed in [(path, guess) for path in LISTS for guess in guesses]:
        answer = client.get(f"{ROOT}/{path}/{guessed}")

        assert answer.status_code == 404
        assert answer.get_json() == {"error": {"status": 404, "message": "There is nothing here."}}
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_other_pages_are_not_open_to_other_sites(client: ConformingClient) -> None:
    for path in ("/directory", "/oruk/v30", "/oruk"):
        assert "Access-Control-Allow-Origin" not in client.get(path).headers


def test_a_browser_may_ask_with_the_mark_of_what_it_has(client: ConformingClient) -> None:
    asked = client.options(f"{ROOT}/services")

    assert asked.status_code == 200
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]


def test_what_has_not_changed_is_not_sent_again(bare: None, db: Session, client: ConformingClient) -> None:
    made = filled()
    first = client.get(f"{ROOT}/services")
    mark = {"If-None-Match": first.headers["ETag"]}
    again = client.get(f"{ROOT}/services", headers=mark)
    made.name = "Another name"
    db.flush()
    changed = client.get(f"{ROOT}/services", headers=mark)

    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert "public" in first.headers["Cache-Control"]
    assert changed.status_code == 200


def test_a65_modified_after_takes_what_changed_then_or_later(bare: None, db: Session, get: Get) -> None:
    for day in (1, 2, 3):
        factories.service(name=f"Day {day}", changed_at=datetime(2026, 11, day, 12, tzinfo=UTC))

    assert names(get("/services", modified_after="2026-11-02")) == ["Day 2", "Day 3"]
    assert names(get("/services", modified_after="2026-11-02T12:00:00Z")) == ["Day 2", "Day 3"]
    assert names(get("/services", modified_after="2026-11-02T12:00:01+00:00")) == ["Day 3"]
    assert names(get("/services", modified_after="2026-11-02T13:00:00+01:00")) == ["Day 2", "Day 3"]


UNREADABLE = {
    "modified_after": ("yesterday", "2026-13-01", "2026-02-30", "1", "9999999-01-01"),
    "page": ("0", "-1", "x", "1.5", "99999999999", "²"),
    "per_page": ("0", "501", "many"),
    "full": ("2", "maybe"),
    "minimal": ("2",),
    "taxonomy_id": ("x", "1"),
    "organization_id": ("x",),
    "taxonomy_term_id": ("grant",),
    "format": ("xml",),
    "search": ("x" * 101,),
}


def test_a65_what_cannot_be_read_is_400_and_names_the_parameter(client: ConformingClient) -> None:
    for name, value in [(name, value) for name, values in UNREADABLE.items() for value in values]:
        answer = client.get(f"{ROOT}/services", query_string={name: value})

        assert answer.status_code == 400, (name, value)
        assert answer.get_json()["error"]["message"].startswith(f"{name}: give ")


def test_filters_hold_together(bare: None, db: Session, get: Get) -> None:
    fund = filled()
    other = factories.service(name="Loan for films", needs=("loan",), dcms_groups=("film_tv_radio_photo",))
    ids = {(each.taxonomy.code, each.code): each.id for each in terms()}

    assert names(get("/services", search="games")) == [fund.name]
    assert names(get("/services", taxonomy_term_id=ids["need", "loan"])) == [other.name]
    assert names(get("/services", taxonomy_term_id=ids["support_type", "grant"])) == [fund.name]
    assert names(get("/services", taxonomy_term_id=ids["support_type", "expertise-and-advice"])) == [
        fund.name
    ]
    assert names(get("/services", taxonomy_term_id=uuid4())) == []
    stages = next(each for each in get("/taxonomies")["contents"] if each["name"] == "Business stages")
    assert names(get("/services", taxonomy_id=stages["id"])) == [fund.name]
    assert names(get("/services", taxonomy_id=uuid4())) == []
    assert names(get("/services", organization_id=other.provider_id)) == [other.name]
    assert names(get("/services", organization_id=other.provider_id, search="games")) == []


def test_a_filter_by_term_and_the_attributes_of_a_service_say_the_same(db: Session, get: Get) -> None:
    whole = get("/services", full="true", per_page=500)["contents"]
    for term in terms():
        having = [
            each["name"]
            for each in whole
            if any(UUID(one["taxonomy_term_id"]) == term.id for one in each.get("attributes", ()))
        ]
        assert names(get("/services", taxonomy_term_id=term.id, per_page=500)) == having


def test_terms_of_one_list_and_of_none(get: Get) -> None:
    first = get("/taxonomies")["contents"][0]
    found = get("/taxonomy_terms", taxonomy_id=first["id"], per_page=500)["contents"]

    assert found
    assert {each["taxonomy_id"] for each in found} == {first["id"]}
    assert get("/taxonomy_terms", parent_id=uuid4())["empty"] is True


def test_pages_turn_and_a_page_beyond_the_last_is_empty(bare: None, db: Session, get: Get) -> None:
    for number in range(5):
        factories.service(name=f"Service {number}")
    pages = [get("/services", per_page=2, page=number) for number in (1, 2, 3, 4)]

    assert [name for page in pages for name in names(page)] == [f"Service {number}" for number in range(5)]
    heads = [(page["first_page"], page["last_page"], page["size"], page["empty"]) for page in pages]
    assert heads == [
        (True, False, 2, False),
        (False, False, 2, False),
        (False, True, 1, False),
        (False, True, 0, True),
    ]
    assert {(page["total_items"], page["total_pages"]) for page in pages} == {(5, 3)}


def test_minimal_gives_every_id_on_one_page(bare: None, db: Session, get: Get) -> None:
    made = {str(factories.service().id) for _ in range(120)}
    page = get("/services", minimal="true")

    assert {each["id"] for each in page["contents"]} == made
    assert set(page["contents"][0]) == {"id", "modified_date", "last_modified"}


def test_ndjson_gives_every_service_on_a_line(bare: None, db: Session, client: ConformingClient) -> None:
    for number in range(3):
        factories.service(name=f"Line\n{number}")
    answer = client.get(f"{ROOT}/services", query_string={"format": "ndjson", "per_page": 1})
    lines = answer.get_data(as_text=True).splitlines()

    assert answer.mimetype == "application/x-ndjson"
    assert [faults(json.loads(each), "service") for each in lines] == [[], [], []]


@pytest.mark.parametrize("path", ["/services?full=true", "/services?search=made", "/organizations"])
def test_a_page_of_100_asks_as_often_as_a_page_of_3(
    bare: None,
    db: Session,
    client: ConformingClient,
    count_queries: Callable[[], AbstractContextManager[Statements]],
    path: str,
) -> None:
    asked = []
    for more in (3, 97):
        for _ in range(more):
            factories.service(needs=("grant",), checked_on=now().date() - timedelta(days=1))
        db.expire_all()
        with count_queries() as statements:
            assert client.get(f"{ROOT}{path}").status_code == 200
        asked.append(len(statements))

    assert asked[0] == asked[1] <= 4
