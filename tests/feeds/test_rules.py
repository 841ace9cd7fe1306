"""Services of another council's feed are read with their faults at their place, and no feed is read without an end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.feeds.rules.addressing import services_address, short_name_of
from crm.feeds.rules.reading import (
    Incoming,
    IncomingFault,
    PageRefused,
    read_page,
    read_service,
    require_page,
)
from crm.kernel.errors import BadInput


def service(number: int = 1, **fields: Any) -> dict[str, Any]:
    given = {
        "id": f"id-{number}",
        "name": f"Service {number}",
        "status": "active",
        "organization": {"id": "o", "name": "The Quiet Loom Trust Ltd"},
    }
    return given | fields


def page(number: int = 1, *, of: int = 1, contents: Any = None, **fields: Any) -> dict[str, Any]:
    rows = [service(number)] if contents is None else contents
    given = {
        "total_items": of,
        "total_pages": of,
        "page_number": number,
        "size": len(rows) if isinstance(rows, list) else 0,
        "first_page": number == 1,
        "last_page": number == of,
        "empty": not rows,
        "contents": rows,
    }
    return given | fields


def test_one_service_is_read() -> None:
    terms = [{"taxonomy_term": {"name": name}} for name in ("A grant", "games", "Swimming")]
    found = read_service(
        service(description="  Two\nlines ", url="https://x.example", attributes=terms), page=2, place=7
    )

    assert isinstance(found, Incoming)
    assert (found.description, found.url, found.needs, found.is_active) == (
        "Two\nlines",
        "https://x.example",
        ("grant", "games"),
        True,
    )
    assert found.key == "quiet loom trust | service 1"


def test_what_is_one_name_written_in_two_ways_is_one_service() -> None:
    written = [
        service(name="Café & Co grant", organization={"name": "Quiet Loom Trust Limited"}),
        service(name="CAFE and Co Grant", organization={"name": "the quiet loom trust"}),
    ]
    keys = {
        found.key for each in written if isinstance(found := read_service(each, page=1, place=1), Incoming)
    }

    assert len(keys) == 1


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (None, "service: is not an object"),
        ([], "service: is not an object"),
        (service(id=None), "id: is missing"),
        (service(id=7), "id: is not text"),
        (service(name="  "), "name: is empty"),
        (service(name="x" * 201), "name: is longer than 200 characters"),
        (service(status="closed"), "status: “closed” is not one of"),
        (service(status="Active"), "status: “Active” is not one of"),
        (service(status=None), "status: is missing"),
        (service(organization=None), "provider: is missing"),
        (service(organization={"name": None}), "provider: is missing"),
        (service(description=["x"]), "description: is not text"),
        (service(description="a\x00b"), "description: This holds characters"),
    ],
)
def test_a_fault_names_page_place_and_field(told: Any, said: str) -> None:
    found = read_service(told, page=3, place=12)

    assert isinstance(found, IncomingFault)
    assert str(found).startswith(f"page 3, service 12, {said}")


def test_an_address_that_cannot_be_opened_is_left_out() -> None:
    found = read_service(service(url="javascript:alert(1)"), page=1, place=1)

    assert isinstance(found, Incoming)
    assert found.url == ""


@pytest.mark.parametrize(
    ("made", "said"),
    [
        *(
            (page() | {name: None}, f"“{name}” of page 1 is not")
            for name in ("total_pages", "last_page", "contents")
        ),
        ({name: value for name, value in page().items() if name != "size"}, "no “size” in its heading"),
        (page(page_number=True), "“page_number” of page 1 is not a whole number"),
        (page(page_number=2), "Page 1 was asked for, and page 2 came"),
        ([], "not an object"),
        (None, "not an object"),
        ("x", "not an object"),
    ],
)
def test_a_page_without_its_heading_is_refused(made: Any, said: str) -> None:
    with pytest.raises(PageRefused, match=said):
        require_page(made, 1)


def test_a_page_that_repeats_itself_or_holds_too_much_is_refused() -> None:
    with pytest.raises(PageRefused, match="repeats a service that came before"):
        read_page(page(contents=[service(1), service(1)]), 1)
    with pytest.raises(PageRefused, match="more than 1,000 services"):
        read_page(page(contents=[service(number) for number in range(1_001)]), 1)


@pytest.mark.parametrize("typed", ["https://x.example/oruk/v3", " https://x.example/oruk/v3/services/ "])
def test_the_list_of_services_is_found_from_its_own_address_and_that_of_its_feed(typed: str) -> None:
    assert services_address(typed) == "https://x.example/oruk/v3/services"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "directory",
        "ftp://x.example",
        "javascript:alert(1)",
        "https://me:secret@x.example/oruk",
        "https://x.example/oruk?page=2",
        "https://x.example/" + "x" * 600,
    ],
)
def test_an_address_that_cannot_be_asked_is_refused_in_words(typed: str) -> None:
    with pytest.raises(BadInput):
        services_address(typed)


def test_a_short_name_fits_whatever_a_service_is_called() -> None:
    for name in ("x" * 200, "!!!", "Łódź & “Quick” help", "ﷺ" * 60):
        assert 1 < len(short_name_of("https://x.example/services", "id-1", name=name)) <= 64


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(("id", "name", "status", "organization", "url", "attributes", "description")), ODD
    )
)
def test_nothing_odd_breaks_the_reading(told: dict[str, Any]) -> None:
    assert isinstance(read_service(told, page=1, place=1), Incoming | IncomingFault)
