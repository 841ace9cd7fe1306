"""Who decides about a pitch: nobody with a tie to its business; and it is shown only where an owner would hear of investors."""

from __future__ import annotations

import pytest

from crm.accounts.models import Account
from crm.angels.pitches.workflow import PitchStatus
from crm.businesses.workflow import ConnectionKind
from crm.kernel.roles import Role, Scope
from tests import factories, network
from tests.angels.people import letters, own_business
from tests.cast import Cast
from tests.client import ConformingClient

S = PitchStatus


def manager() -> Account:
    made = factories.account()
    factories.grant(made, Role.NETWORK_MANAGER)
    return made


def owned() -> network.Business:
    made = network.legal(factories.business())
    factories.grant(factories.account(), Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(made.id))
    return made


def tied(way: str, person: Account, business: network.Business) -> None:
    """Let somebody stand to a business in one of the ways that count as a tie."""
    if way == "account holder":
        factories.grant(person, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(business.id))
    elif way == "director by name":
        factories.connection(business, kind=ConnectionKind.DIRECTOR, who=person.name.upper(), account_id=None)
    else:
        factories.person(business, email=person.email)


@pytest.mark.parametrize("way", ["account holder", "director by name", "works there"])
def test_a_review_counts_only_while_its_reviewer_has_no_tie_to_the_business(
    cast: Cast, client: ConformingClient, way: str
) -> None:
    found, first, second = network.pitch(owned(), S.SCREENING), manager(), manager()
    where = f"/raises/{found.id}"
    sent = {"verdict": "for", "words": "Clear and complete"}
    assert client.sign_in(first).post(f"{where}/review", data=sent).status_code == 303
    assert f"{where}/publish" in client.get(where).text
    tied(way, first, found.business)
    page = " ".join(client.sign_in(cast.network_manager).get(where).text.split())
    assert "Does not count: they are" in page
    assert "1 more person with no tie to the business" in page
    assert f"{where}/publish" not in page
    refused = client.post(f"{where}/publish")
    assert refused.status_code == 409
    assert "1 more person with no tie to the business" in refused.text
    assert client.sign_in(second).post(f"{where}/review", data=sent).status_code == 303
    assert client.sign_in(first).post(f"{where}/publish").status_code == 409
    assert client.sign_in(second).post(f"{where}/publish").status_code == 303
    assert network.whole(found).status is S.PUBLISHED


def test_a_manager_with_a_tie_does_not_resume_a_pitch_but_its_owner_does(
    cast: Cast, client: ConformingClient
) -> None:
    found, tied_one = network.pitch(network.legal(own_business()), S.PAUSED), manager()
    tied("works there", tied_one, found.business)
    refused = client.sign_in(tied_one).post(f"/raises/{found.id}/resume")
    assert refused.status_code == 409
    assert "so a colleague must do this" in refused.text
    assert client.sign_in(cast.founder).post(f"/raises/{found.id}/resume").status_code == 303


def test_a_pitch_whose_business_has_no_owner_is_locked_and_says_what_to_do(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(network.legal(factories.business(name="Amber Yard")), S.SCREENING)
    network.review(found)
    client.sign_in(cast.network_manager)
    page = client.get(f"/raises/{found.id}").text
    assert "Amber Yard has no owner who can sign in" in page
    assert "Ask its Growth Hub to invite an owner" in page
    assert f"/raises/{found.id}/publish" not in page
    assert client.post(f"/raises/{found.id}/publish").status_code == 409
    leaver = factories.account()
    factories.grant(leaver, Role.FOUNDER, scope=Scope.BUSINESS, scope_id=str(found.business_id))
    assert client.post(f"/raises/{found.id}/publish").status_code == 303
    assert "Find an owner, or pause the pitch" not in client.get("/desk").text


def test_a_published_pitch_whose_owner_left_is_on_the_managers_desk_and_its_requests_say_so(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(network.legal(factories.business(name="Amber Yard")))
    network.pitch(owned())
    client.sign_in(cast.network_manager)
    desk = client.get("/desk").text
    assert desk.count("Find an owner, or pause the pitch") == 1
    assert f"/raises/{found.id}" in desk
    assert "Amber Yard has no owner who can sign in" in client.get(f"/raises/{found.id}").text
    made = network.introduction(found)
    page = " ".join(client.get(f"/introductions/{made.id}").text.split())
    assert "This business has no owner who can sign in" in page
    assert client.post(f"/raises/{found.id}/pause").status_code == 303
    assert client.post(f"/raises/{found.id}/resume").status_code == 409


def test_a_business_is_told_what_the_networks_staff_do_with_its_pitch_and_not_what_it_does_itself(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(network.legal(own_business()))
    where = f"/raises/{found.id}"
    for act in ("pause", "resume"):
        assert client.sign_in(cast.founder).post(f"{where}/{act}").status_code == 303
    assert [*letters("pitch_paused"), *letters("pitch_resumed")] == []
    client.sign_in(cast.network_manager)
    for act, kind in (("pause", "pitch_paused"), ("resume", "pitch_resumed"), ("close", "pitch_closed")):
        sent = {"closed_as": "unfunded", "why": "too_early"} if act == "close" else {}
        assert client.post(f"{where}/{act}", data=sent).status_code == 303
        assert [each.to_address for each in letters(kind)] == [cast.founder.email]


def test_hub_staff_open_the_versions_and_files_that_the_page_of_a_raise_offers_and_no_question(
    cast: Cast, client: ConformingClient
) -> None:
    found = network.pitch(network.legal(own_business()))
    file, asked = factories.document("pitch", found.id), network.question(found)
    client.sign_in(cast.adviser)
    page = client.get(f"/raises/{found.id}").text
    for offered in (f"/raises/{found.id}/versions/1", f"/raises/{found.id}/files/{file.id}"):
        assert f'href="{offered}"' in page
        assert client.get(offered).status_code == 200
    assert client.get(f"/questions/{asked.id}/answer").status_code == 404
