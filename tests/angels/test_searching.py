"""A caller on the telephone is found: by name, by address, and by the reference that they read out."""

from __future__ import annotations

from crm.businesses.models import Business
from crm.db.session import session
from tests import factories, network
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient


def test_k14_a_manager_finds_an_investor_by_name_or_address_everywhere(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.angel(network.investor(name="Zoë Caller"))
    network.angel(network.investor(name="Other Person"))
    where = f"/angels/{found.id}"
    client.sign_in(cast.network_manager)
    for page in ("/search", "/angels/all", "/angels/members"):
        for words in ("zoe call", found.email):
            shown = client.get(page, query_string={"q": words}).text
            assert where in shown
            assert "Other Person" not in shown
    assert "No investor matches this search" in client.get("/angels/all?q=nobody").text
    assert "No members here" in client.get("/angels/members?q=nobody").text
    assert where not in client.sign_in(cast.adviser).get("/search?q=zoe").text


def test_k14_a_reference_leads_to_its_page_whoever_may_open_it_and_nobody_else(
    cast: Cast, client: ConformingClient
) -> None:
    pitch = network.pitch(session().get_one(Business, BUSINESS))
    asked = network.introduction(pitch, network.admitted())
    pages = {
        pitch.reference: f"/raises/{pitch.id}",
        asked.reference: f"/introductions/{asked.id}",
    }
    client.sign_in(cast.network_manager)
    for reference, page in pages.items():
        assert f'href="{page}"' in client.get("/search", query_string={"q": f" {reference.lower()} "}).text
    reader = client.sign_in(cast.lead_assessor)
    for reference, page in pages.items():
        assert page not in reader.get("/search", query_string={"q": reference}).text
    assert "Nothing was found" in client.get("/search?q=P-222222").text


def test_k14_an_enquiry_and_an_application_are_found_by_reference(
    cast: Cast, client: ConformingClient
) -> None:
    enquiry = factories.enquiry()
    shown = client.sign_in(cast.administrator).get("/search", query_string={"q": enquiry.reference}).text
    assert f'href="/enquiries/{enquiry.id}"' in shown


def test_a_whole_address_finds_its_owner_alone_and_not_whoever_has_its_parts(
    cast: Cast, client: ConformingClient
) -> None:
    own = network.investor(name="Rosa Owner", email="angel@x.example")
    network.admitted(own)
    other = network.investor(name="Example Xavi", email="an-angel@x.example")
    network.admitted(other)
    client.sign_in(cast.network_manager)
    for page in ("/search", "/angels/all", "/angels/members", "/memberships"):
        for words in (own.email, "Angel@X.example ", "angel@", "rosa angel@x", "<angel@x.example>,"):
            shown = client.get(page, query_string={"q": words}).text
            assert "Rosa Owner" in shown, (page, words)
            assert "Example Xavi" not in shown, (page, words)
        assert "Example Xavi" in client.get(page, query_string={"q": "@x.example"}).text, "a part of one"
    people = client.sign_in(cast.administrator).get("/people", query_string={"q": own.email}).text
    assert "Rosa Owner" in people
    assert "Example Xavi" not in people


def test_a_whole_address_finds_the_business_of_its_owner_alone(cast: Cast, client: ConformingClient) -> None:
    factories.person(factories.business("Lamps", indexed=True), name="Ola Sender", email="hello@x.example")
    factories.person(factories.business("Clocks", indexed=True), name="Other", email="not-hello@x.example")
    client.sign_in(cast.administrator)
    shown = client.get("/search", query_string={"q": "hello@x.example"}).text
    assert "Ola Sender" in shown
    assert "Clocks" not in shown
