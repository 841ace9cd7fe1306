"""A67: whoever reads the whole of our feed as a stranger finds no fault in it, and finds every fault that is planted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.client import ConformingClient
from tests.directory.test_feed import ROOT, filled
from tests.directory.validating import Answer, Ask, faults_of_feed


@pytest.fixture
def ask(reference: None, client: ConformingClient) -> Ask:
    """The feed of the shipped directory, with a service that says something of everything."""
    filled()

    def asked(method: str, path: str) -> Answer:
        found = client.open(f"{ROOT}{path}", method=method)
        return Answer(found.status_code, dict(found.headers), found.get_data())

    return asked


def spoilt(ask: Ask, path: str, *, spoil: Callable[[Any], object]) -> Ask:
    """The same feed with something wrong in the answers at paths that begin so."""

    def asked(method: str, wanted: str) -> Answer:
        found = ask(method, wanted)
        if not wanted.startswith(path) or found.told is None:
            return found
        told = found.told
        spoil(told)
        return replace(found, body=json.dumps(told).encode())

    return asked


def test_a67_no_fault_is_found_in_any_answer_for_any_service(ask: Ask) -> None:
    assert list(faults_of_feed(ask)) == []


@pytest.mark.parametrize(
    ("path", "spoil", "said"),
    [
        ("/", lambda told: told.update(version="3.0"), "the version is not one of HSDS-UK-3"),
        ("/services?page=1&", lambda told: told.pop("total_pages"), "total_pages is missing"),
        ("/services?page=1&", lambda told: told["contents"].pop(), "size is"),
        ("/services?page=1&", lambda told: told.update(total_items=9), "9 items on"),
        ("/services/", lambda told: told.update(status="closed"), "'closed' is not one of"),
        ("/services/", lambda told: told.update(url=None), "says nothing and is there"),
        ("/organizations/", lambda told: told.pop("description", None), "description is missing"),
        ("/taxonomy_terms/", lambda told: told.update(id="1"), "another item"),
        ("/services?full", lambda told: told["contents"][0].update(id=7), "is not of type string"),
    ],
)
def test_a67_what_is_planted_in_a_feed_is_found(
    ask: Ask, path: str, spoil: Callable[[Any], object], said: str
) -> None:
    found = list(faults_of_feed(spoilt(ask, path, spoil=spoil)))

    assert any(said in each for each in found), found


def test_a67_an_answer_that_is_closed_to_other_sites_or_no_json_is_found(ask: Ask) -> None:
    def closed(method: str, path: str) -> Answer:
        return replace(ask(method, path), headers={"Content-Type": "text/html"})

    found = list(faults_of_feed(closed))

    assert "/: not open to other sites" in found
    assert "/services/x: not JSON" in found
