"""The register of rights."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from crm.businesses.queries.seeing import business
from crm.kernel.errors import Invalid
from crm.rights import queries
from crm.rights.service import keeping as service
from crm.rights.service.keeping import RightDetails
from crm.rights.workflow import RightKind, RightStatus
from tests import network
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.ip import bed

SENT = {"title": "Otter", "owner": "Cast Pictures", "territory": "United Kingdom"}


@pytest.mark.parametrize(
    ("kind", "status", "number", "field"),
    [
        (RightKind.COPYRIGHT, RightStatus.REGISTERED, "1", "status"),
        (RightKind.KNOW_HOW, RightStatus.APPLIED_FOR, "", "status"),
        (RightKind.TRADE_MARK, RightStatus.REGISTERED, " ", "number"),
    ],
)
def test_an_entry_that_cannot_be_is_refused_at_its_field(
    cast: Cast, kind: RightKind, status: RightStatus, number: str, field: str
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    with pytest.raises(Invalid) as refused:
        service.add(
            owner, RightDetails(kind, "Otter", "Us", "United Kingdom", status, number), by=cast.founder.actor
        )
    assert refused.value.field == field


def test_a_founder_keeps_the_register(cast: Cast, client: ConformingClient) -> None:
    client.sign_in(cast.founder)
    where = f"/businesses/{BUSINESS}/rights"
    assert "No rights recorded" in client.get(where).text
    sent = SENT | {"kind": "trade_mark", "status": "registered", "number": ""}
    refused = client.post(f"{where}/add", data=sent)
    assert refused.status_code == 422
    assert 'href="#number"' in refused.text
    assert client.post(f"{where}/add", data=sent | {"number": "UK1"}).status_code == 303
    (made,) = queries.rights_of(BUSINESS)
    assert "UK00000000001" in client.get(where).text, "as the register writes it"
    assert client.post(f"/rights/{made.id}/correct", data=sent | {"number": "UK2"}).status_code == 303
    assert "UK00000000002" in client.get(f"/businesses/{BUSINESS}/ip").text
    asked = client.get(f"/rights/{made.id}/remove").text
    assert "Remove Otter?" in asked
    assert 'value="2"' in asked
    stale = {"version": "1"}
    assert client.post(f"/rights/{made.id}/remove", data=stale).status_code == 409, "changed in another tab"
    assert client.post(f"/rights/{made.id}/remove").status_code == 303
    assert queries.rights_of(BUSINESS) == []


def test_another_business_does_not_see_it(cast: Cast, client: ConformingClient) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    made = network.right(owner)
    client.sign_in(cast.other_founder)
    assert client.get(f"/businesses/{BUSINESS}/rights").status_code == 404
    assert client.post(f"/rights/{made.id}/remove").status_code == 404


def test_the_list_of_rights_is_bounded_and_says_so_and_finds_every_kind_of_gap(
    cast: Cast, client: ConformingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    whole = {"shares": [[owner.name, 10_000]]}
    for title in ("First", "Second"):
        network.right(owner, title=title, **whole)
    network.right(owner, title="Part owned", shares=[["Asha", 6_000]])
    mark = {"kind": RightKind.TRADE_MARK, "status": RightStatus.REGISTERED, "number": "UK1"}
    network.right(owner, title="Without renewal", **mark, **whole)
    network.right_part(network.right(owner, title="Without paper", **whole))
    licensed = network.right(owner, title="Licensed twice", **whole)
    for _ in range(2):
        network.right_licence(licensed, is_exclusive=True)
    client.sign_in(cast.administrator)
    page = client.get("/rights?todo=gaps").text
    assert "4 rights." in page
    assert all(each in page for each in ("Part owned", "Without renewal", "Without paper", "Licensed twice"))
    assert "6 rights." in client.get("/rights").text
    monkeypatch.setattr(queries, "MOST_LISTED", 5)
    assert "These are the first 5 rights. Filter to see others." in client.get("/rights").text


@pytest.mark.engine("sqlite")
def test_a_right_that_the_business_does_not_own_is_a_gap_until_a_licence_to_it_is_recorded_k10(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.founder)
    where, new = f"/businesses/{BUSINESS}/rights/add", {"kind": "copyright", "status": "unregistered"}
    shared = SENT | new | {"shares": "Asha 60%\nSami 40%"}
    page = client.post(where, data=shared)
    assert page.status_code == 422
    assert "The shares do not name Cast Pictures. Add its share, or leave this empty" in page.text
    wrong = shared | {"shares": "Asha 120%", "kind": "trade_mark", "classes": "99"}
    wrong |= {f"filed_on-{part}": each for part, each in (("day", "2"), ("month", "3"), ("year", "2026"))}
    wrong |= {f"renews_on-{part}": each for part, each in (("day", "1"), ("month", "3"), ("year", "2026"))}
    page = client.post(where, data=wrong)
    for words in (
        "add up to 120%",
        "classes from 1 to 45",
        "The renewal date must be after the day it was filed",
    ):
        assert words in page.text, "everything wrong is said at once (K12)"
    made = client.post(where, data=shared | {"owner": ""}).headers["Location"]
    gap = "owns none of it, and no licence to it is recorded"
    assert gap in client.get(made).text
    assert "Asha and Sami" in _assignment_page(client, made)
    licence = {"way": "in", "party": "Asha", "territory": "Worldwide", "is_exclusive": "yes"}
    licence |= {"starts_on-day": "1", "starts_on-month": "3", "starts_on-year": "2026"}
    assert client.post(f"{made}/licences/add", data=licence).status_code == 303
    assert gap not in client.get(made).text
    assert client.post(where, data=SENT | new | {"title": "Second"}).status_code == 303
    assert gap not in client.get(f"/businesses/{BUSINESS}/rights").text


def _assignment_page(client: ConformingClient, right: str) -> str:
    """The page that takes the assignment of a part of a right, which is added first."""
    part = {"title": "Format", "craft": "writer", "maker": "Ada", "maker_kind": "freelancer"}
    assert client.post(f"{right}/parts/add", data=part).status_code == 303
    found = re.search(r"/right-parts/[0-9a-f-]+/assignment", client.get(right).text)
    assert found is not None
    return client.get(found.group()).text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"number": "UK0000312345"}, "UK0000312345 is not a whole number. Enter all 11 digits"),
        ({"number": "uk 0000 3123456"}, "UK00003123456 is on this register already, as “Otter”"),
        ({"number": "3123456"}, "UK00003123456 is on this register already"),
        ({"classes": "0, 46 and 99"}, "Enter trade mark classes from 1 to 45"),
        ({"classes": "nine"}, "Enter trade mark classes from 1 to 45"),
        (
            {"filed_on-day": "1", "filed_on-month": "3", "filed_on-year": "2090"},
            "filed must be today or earlier",
        ),
        ({"kind": "domain", "number": "https://otter.example/shop"}, "Enter the domain name alone"),
        ({"kind": "domain", "number": "not a domain"}, "Enter the domain name alone"),
        (
            {"kind": "copyright", "status": "unregistered", "number": ""},
            "“Otter” is on this register already",
        ),
        ({"shares": "Asha 33, 3%\nCem 66.7%"}, "We cannot read: Asha 33, 3%"),
        ({"shares": "Asha 30% Cem 70%"}, "We cannot read: Asha 30% Cem 70%"),
    ],
)
@pytest.mark.engine("sqlite")
def test_what_is_there_already_or_cannot_be_is_refused_at_its_field(
    cast: Cast, client: ConformingClient, changed: dict[str, str], words: str
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    network.right(owner, title="Otter")
    mark = {"kind": RightKind.TRADE_MARK, "status": RightStatus.REGISTERED, "number": "UK00003123456"}
    network.right(owner, title="Otter", **mark)
    new = {"title": "Otter", "kind": "trade_mark", "status": "registered", "number": "UK00009999999"}
    answer = client.sign_in(cast.founder).post(
        f"/businesses/{BUSINESS}/rights/add", data=SENT | new | changed
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert len(queries.rights_of(BUSINESS)) == 2


@pytest.mark.engine("sqlite")
def test_every_removal_asks_first_and_what_happened_is_on_the_timeline(
    cast: Cast, client: ConformingClient
) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    made = network.right(owner, title="Otter")
    part, licence = network.right_part(made), network.right_licence(made)
    client.sign_in(cast.founder)
    page = client.get(f"/rights/{made.id}").text
    for where, words in (
        (f"/right-parts/{part.id}/remove", "Remove Made part by Made maker?"),
        (f"/right-licences/{licence.id}/remove", "Remove the licence with Made party?"),
        (
            f"/rights/{made.id}/remove",
            "1 part of the work and 1 licence recorded with it will be removed too",
        ),
    ):
        assert f'href="{where}"' in page
        assert f'action="{where}"' not in page
        assert words in client.get(where).text
    assert queries.right(made.id) is not None
    bed.decided(owner, question="License or make?")
    network.right(owner, title="Process A", kind=RightKind.TRADE_SECRET)
    activity = client.get(f"/businesses/{BUSINESS}/activity").text
    assert ("Right added: Otter" in activity, "Decided: License or make?" in activity) == (True, True)
    assert "Process A" not in activity


def test_rights_stand_as_people_look_for_them_whatever_their_capitals_k28(
    cast: Cast, client: ConformingClient
) -> None:
    names = ["Zebra", "apple", "Bear"]
    for each in names:
        network.right(bed.owner(), title=each)
    assert [each.title for each in queries.rights_of(BUSINESS)] == ["apple", "Bear", "Zebra"]
    assert [each.title for each in queries.rights_at([BUSINESS])] == ["apple", "Bear", "Zebra"]
    page = client.sign_in(cast.founder).get(f"/businesses/{BUSINESS}/rights").text
    assert page.index(">apple<") < page.index(">Bear<") < page.index(">Zebra<")


def test_each_figure_of_the_register_opens_the_rows_that_it_adds_up_k14(
    cast: Cast, client: ConformingClient
) -> None:
    client.sign_in(cast.founder)
    where, new = f"/businesses/{BUSINESS}/rights", {"kind": "copyright", "status": "unregistered"}
    nothing = client.post(f"{where}/add", data=SENT | new | {"title": "Plain"}).headers["Location"]
    assert "app-stat__link" not in client.get(where).text, "where there is nothing, nothing opens"
    made = client.post(f"{where}/add", data=SENT | new | {"yearly_cost": "160"}).headers["Location"]
    licence = {
        "way": "out",
        "party": "Canal Blue",
        "territory": "France",
        "is_exclusive": "no",
        "income": "15000",
    }
    licence |= {"starts_on-day": "1", "starts_on-month": "3", "starts_on-year": "2026"}
    assert client.post(f"{made}/licences/add", data=licence).status_code == 303
    page = html.unescape(client.get(where).text)
    costs, income = (
        page.split('id="costs"')[1].split("</ul>")[0],
        page.split('id="income"')[1].split("</ul>")[0],
    )
    assert (f'href="{made}"' in costs, "£160.00" in costs, nothing in costs) == (True, True, False)
    assert f'href="{made}"' in income
    assert "Canal Blue, £15,000.00" in income
    for name in ("costs", "income"):
        assert f'class="app-stat__link" href="#{name}"' in page


def test_what_is_on_the_register_already_is_said_beside_what_else_is_wrong_k32(cast: Cast) -> None:
    owner = business(BUSINESS)
    assert owner is not None
    held = RightDetails(
        RightKind.TRADE_MARK, "Otter", "Us", "United Kingdom", RightStatus.REGISTERED, "UK1", classes="9"
    )
    service.add(owner, held, by=cast.founder.actor)
    with pytest.raises(Invalid) as refused:
        service.add(owner, replace(held, classes="99"), by=cast.founder.actor)
    assert {each.field for each in (refused.value, *refused.value.others)} == {"classes", "number"}


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [
        ("trade_mark", "xxx", "Enter a trade mark number, like UK00003123456"),
        ("design", "61234", "Enter a design number of 7 digits, like 6123456"),
        ("patent", "GB 24567890", "Enter a patent number, like GB2456789"),
        ("trade_mark", "WO0000001234567", ""),
        ("patent", "EP 1234567 B1", ""),
        ("patent", "2456789", ""),
    ],
)
def test_k5_a_number_of_the_united_kingdom_is_refused_by_hand_as_the_look_up_refuses_it(
    client: ConformingClient, cast: Cast, kind: str, number: str, words: str
) -> None:
    client.sign_in(cast.founder)
    where = f"/businesses/{BUSINESS}/rights"
    sent = client.post(f"{where}/add", data=SENT | {"kind": kind, "status": "registered", "number": number})
    assert (sent.status_code, words in html.unescape(sent.text)) == (422 if words else 303, True)
    abroad = SENT | {"kind": kind, "status": "registered", "number": number, "territory": "France"}
    if words:
        assert client.post(f"{where}/add", data=abroad).status_code == 303, "the hint says so"


@pytest.mark.engine("sqlite")
def test_what_is_not_registered_has_no_renewal(client: ConformingClient, cast: Cast) -> None:
    client.sign_in(cast.founder)
    where = f"/businesses/{BUSINESS}/rights/add"
    renews = {"renews_on-day": "1", "renews_on-month": "1", "renews_on-year": "2030"}
    sent = SENT | {"kind": "trade_mark", "status": "unregistered"} | renews
    refused = client.post(where, data=sent)
    assert refused.status_code == 422
    assert "What is not registered is not renewed. Leave this empty, or change its status" in refused.text
    assert client.post(where, data=sent | {"status": "applied_for"}).status_code == 303
    registered = {
        f"registered_on-{part}": each for part, each in (("day", "1"), ("month", "1"), ("year", "2020"))
    }
    refused = client.post(where, data=SENT | {"kind": "trade_mark", "status": "unregistered"} | registered)
    assert "What is not registered has no such day. Leave this empty, or change its status" in refused.text
