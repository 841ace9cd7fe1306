"""The lists of a network's year: each opens just its rows, with the columns that a manager decides by."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

from crm.angels.events.workflow import PlaceStatus
from crm.angels.investors.models import Angel
from crm.angels.investors.workflow import AngelStatus, CheckOutcome
from crm.angels.pitches.workflow import Channel
from crm.angels.year.queries.members import days_on, members
from crm.angels.year.rules.members import Show, Wanted, chosen_of
from crm.kernel.clock import now, today
from tests import network, nights
from tests.angels.people import own_business
from tests.angels.year import made
from tests.angels.year.members import looked, member, raised
from tests.cast import Cast
from tests.client import ConformingClient
from tests.rules.people import main_of
from tests.rules.test_numbers import numbers_on, rows_at


def names_on(client: ConformingClient, address: str) -> list[str]:
    """The members or raises of a list, in its order."""
    page = client.get(address)
    assert page.status_code == 200
    return re.findall(r'href="/(?:angels|raises)/[0-9a-f-]{36}">([^<]+)</a>', page.text)


@pytest.fixture
def manager(cast: Cast, client: ConformingClient) -> ConformingClient:
    network.basis()
    return client.sign_in(cast.network_manager)


def test_who_renews_when_is_told_by_month_and_a_month_opens_just_its_members(
    manager: ConformingClient,
) -> None:
    member("Ada Ends-In-December", paid=20)
    member("Bea Signs-In-December", paid=300, signed=-350)
    member("Cid Ended-In-October", paid=-40)
    member("Dot Next-Year", paid=340, signed=-10)

    page = manager.get("/angels/members?show=renewals").text
    assert "December 2026" in page
    assert "Already ended" in page
    assert names_on(manager, "/angels/members?show=renewals&month=2026-12") == [
        "Ada Ends-In-December",
        "Bea Signs-In-December",
    ]
    assert names_on(manager, "/angels/members?show=renewals&month=over") == ["Cid Ended-In-October"]
    assert "Ada Ends-In-December" in names_on(manager, "/angels/members?show=renewals&month=soon")
    assert names_on(manager, "/angels/members?show=renewals&order=ends")[0] == "Cid Ended-In-October"
    assert manager.get("/angels/members?show=renewals&month=1999-01").status_code == 422


def test_a_member_is_silent_who_did_nothing_of_their_own_accord_whatever_was_sent_to_them(
    manager: ConformingClient, cast: Cast
) -> None:
    pitch = network.pitch(network.legal(own_business()))
    active, mailed, new = member("Eve Looked"), member("Flo Was-Mailed"), member("Gil New", joined=-10)
    away, asker = member("Hal Away", status=AngelStatus.SUSPENDED), member("Ida Asked")
    looked(active, pitch, days=89)
    signed = network.certification(mailed)
    network.promotion(pitch, signed, channel=Channel.LETTER)
    network.introduction(pitch, asker, requested_at=now() - timedelta(days=5))

    coming, invited = member("Joy Coming"), member("Kai Invited")
    evening = nights.night()
    nights.place(evening, coming, answered_at=now() - timedelta(days=2))
    nights.place(evening, invited, PlaceStatus.INVITED)

    silent = names_on(manager, "/angels/members?show=silent")
    assert {mailed.name, invited.name} <= set(silent)
    assert not {each.name for each in (active, new, away, asker, coming)} & set(silent)


def test_days_of_silence_are_counted_to_the_day(cast: Cast) -> None:
    owner = member("Jan Exactly", joined=-90)
    silent = Wanted(Show.SILENT)
    found = next(each for each in members(today()) if each.account_id == owner.id)
    assert chosen_of([found], silent, on=today(), days=days_on(today())) == []
    assert chosen_of([found], silent, on=today() + timedelta(days=1), days=days_on(today())) == [found]


def test_a_check_is_old_after_twelve_months_and_one_never_made_is_none(manager: ConformingClient) -> None:
    member("Kit Checked", checked_on=today() - timedelta(days=364))
    member("Lou Over", checked_on=today() - timedelta(days=366))
    member("Max Never", check_outcome=CheckOutcome.NOT_REQUIRED)

    assert names_on(manager, "/angels/members?show=checks") == ["Lou Over", "Max Never"]
    assert names_on(manager, "/angels/members?show=checks&order=checked") == ["Lou Over", "Max Never"]


def test_k15_the_desk_counts_those_who_can_be_asked_to_pay_now_and_opens_just_them(
    manager: ConformingClient,
) -> None:
    member("Rex Asked", paid=-60)
    for name in ("Sol Unpaid", "Tia Unpaid"):
        member(name, paid=-60)
    asked = next(each for each in members(today()) if each.name == "Rex Asked")
    made.asked(made.mailing(), network.session().get_one(Angel, asked.angel_id))
    desk = " ".join(manager.get("/desk").text.split())
    assert re.search(r">2</span> <span> <a [^>]*gate=to_ask[^>]*>members to ask about paying<", desk)
    assert names_on(manager, "/angels/members?gate=to_ask") == ["Sol Unpaid", "Tia Unpaid"]
    assert names_on(manager, "/angels/members?gate=not_paid") == ["Rex Asked", "Sol Unpaid", "Tia Unpaid"]


def test_all_members_are_listed_with_whether_pitches_are_open_and_why_not(manager: ConformingClient) -> None:
    member("Ned Open")
    member("Oda Unpaid", paid=-60)
    network.angel(network.investor(name="Pia Fresh"))
    page = manager.get("/angels/members").text
    assert all(words in page for words in ("Open:", "Not paid:", "Not certified yet:"))
    assert "Ned Open" in names_on(manager, "/angels/members?gate=open")
    assert names_on(manager, "/angels/members?gate=not_paid") == ["Oda Unpaid"]
    assert "Pia Fresh" in names_on(manager, "/angels/members?gate=not_certified")
    assert "Oda Unpaid" not in names_on(manager, "/angels/members?gate=open")


def test_a_raise_stalls_that_no_investor_opened_or_asked_about(manager: ConformingClient) -> None:
    still = raised("Made Still", published=31)
    read, asked = raised("Made Read", published=60), raised("Made Asked", published=60)
    listed, fresh = raised("Made Listed", published=60), raised("Made Fresh", published=29)
    reader = member("Roy Reader")
    looked(reader, read, days=3)
    network.introduction(asked, reader, requested_at=now() - timedelta(days=29))
    network.promotion(listed, network.certification(reader), channel=Channel.LIST)

    assert set(names_on(manager, "/raises/stalled")) == {"Made Still", "Made Listed"}
    still.closes_on = today() + timedelta(days=14)
    fresh.closes_on = today() + timedelta(days=15)
    assert names_on(manager, "/raises/stalled?show=ending") == ["Made Still"]
    assert len(names_on(manager, "/raises/stalled?show=all")) == 5


def test_k14_each_number_on_the_managers_desk_opens_exactly_its_rows(manager: ConformingClient) -> None:
    for number in range(3):
        member(f"Sam{number} Renews", paid=20, checked_on=today() - timedelta(days=400))
    member("Tia Over", paid=-60)
    raised("Made Still", published=31, closes_on=today() + timedelta(days=3))
    found = {each.label: each for each in numbers_on(manager.get("/desk").text)}
    wanted = {
        "Members who can see pitches",
        "Members whose membership or statement ends within 30 days",
        "Members whose membership or statement has ended",
        "Silent members",
        "Members without a valid identity check",
        "Stalled raises",
        "Raises ending soon",
    }
    assert wanted <= set(found)
    for label in wanted:
        assert rows_at(manager, found[label].href) == found[label].number > 0, label


def test_the_rows_of_a_list_leave_as_a_file_and_no_cell_runs(manager: ConformingClient) -> None:
    member("=Uma Formula", paid=-60)
    answer = manager.get("/angels/members.csv?gate=not_paid")
    (row,) = csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff")))
    assert row["Investor"] == "'=Uma Formula"
    assert row["Pitches"] == "Not paid"
    assert row["Renews by card"] == "No"
    assert row["Membership paid until"] == str(today() - timedelta(days=60))


def test_only_staff_of_the_network_see_the_lists(client: ConformingClient, cast: Cast) -> None:
    for person, status in ((cast.angel, 403), (cast.founder, 403), (cast.adviser, 403), (cast.auditor, 200)):
        client.sign_in(person)
        for page in ("/angels/members", "/raises/stalled", "/angels/mailings"):
            assert client.get(page).status_code in {status, 404 if status == 403 else 200}, page
    assert "Choose" not in main_of(client.get("/angels/members").text)[0].name
