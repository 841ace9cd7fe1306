"""The network's list of papers: what is late, near and to be given, each raise in the list where it belongs."""

from __future__ import annotations

from datetime import date

import pytest

from tests import factories, held, network
from tests.cast import Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")


def company(name: str) -> network.Pitch:
    return network.pitch(network.legal(factories.business(name=name)))


def test_each_raise_is_in_the_lists_where_it_belongs_and_opens_its_papers(
    cast: Cast, client: ConformingClient
) -> None:
    late, near, sent, given = (company(f"{each} Made") for each in ("Late", "Near", "Sent", "Given"))
    held.investment(late, issued_on=date(2024, 4, 5))
    held.investment(near, issued_on=date(2024, 4, 5))
    unsent = {"sent_on": None, "authorised_on": None, "uir": ""}
    held.filing(near.id, issued_on=date(2024, 4, 5), trading_from=date(2024, 8, 16), **unsent)
    for raised in (sent, given):
        held.filing(raised.id)
    held.investment(sent)
    held.certificate(held.investment(given))
    listed = {
        "late": {late},
        "near": {near},
        "lacking": {sent},
        "all": {late, near, sent, given},
    }
    client.sign_in(cast.network_manager)
    for show, wanted in listed.items():
        page = client.get(f"/relief-papers?show={show}").text
        found = {each for each in listed["all"] if f"/raises/{each.id}/papers" in page}
        assert found == wanted, show
        assert f"{len(wanted)} share issue" in " ".join(page.split()), show
    assert "Late: due 5 April 2026" in client.get("/relief-papers").text
    assert client.get(f"/raises/{late.id}/papers").status_code == 200
    assert client.sign_in(cast.founder).get("/relief-papers").status_code == 403
