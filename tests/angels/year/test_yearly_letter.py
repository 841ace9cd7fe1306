"""The yearly letter: previewed, its figures fixed when first sent, small ones held back, and to each member once."""

from __future__ import annotations

import html
from datetime import date, timedelta

import pytest

from crm.angels.pitches.models import Pitch
from crm.angels.year.models import YearlyCopy, YearlyLetter
from crm.angels.year.service.gating import reason_not_to_ask
from crm.kernel.money import Money
from tests import network
from tests.angels.people import letters, rows
from tests.angels.year.deals import invested, raised
from tests.angels.year.members import SEEN, member
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import Clock

PREVIEW, SEND = "/angels/yearly-letters/preview", "/angels/yearly-letters/send"
A_DAY = date(2025, 6, 1)


@pytest.fixture
def manager(cast: Cast, client: ConformingClient) -> ConformingClient:
    network.basis()
    return client.sign_in(cast.network_manager)


def previewed(client: ConformingClient, opening: str = "") -> str:
    answer = client.post(PREVIEW, data={"opening": opening})
    assert answer.status_code == 200
    return html.unescape(answer.text)


def send(client: ConformingClient, page: str, opening: str = "") -> str:
    found = SEEN.search(page)
    assert found
    answer = client.post(SEND, data={"opening": opening, "seen": found[1]})
    assert answer.status_code == 303, answer.text
    return html.unescape(client.get(answer.headers["Location"]).text)


def five_companies() -> Pitch:
    """Five investors put £20,000 each into five companies; the last raise."""
    found = [raised(amount=Money.pounds(900_000)) for _ in range(5)]
    for each in found:
        invested(each, issued_on=A_DAY, pounds=20_000)
    return found[-1]


def test_n50_the_letter_has_the_networks_figures_without_small_ones_and_goes_to_each_member_once(
    manager: ConformingClient, client: ConformingClient, cast: Cast
) -> None:
    found = five_companies()
    for _ in range(4):
        invested(found, issued_on=A_DAY, pounds=1_111, instrument="loan_note")
    ada, bea = member("Ada Reads"), member("Bea Stopped")
    client.sign_in(bea).post("/angels/mine/stop-emails")
    member("Cid Away", status="suspended")
    client.sign_in(cast.network_manager)

    page = previewed(client, "A good year.\nThank you.")
    assert "The angel network in 2025" in page
    assert "Equity completed: £100,000" in page
    assert "Loan notes completed: Not shown" in page
    assert "4,444" not in page
    assert "Has stopped the network’s emails" in page
    assert "Suspended" in page
    assert not rows(YearlyLetter)

    result = send(client, page, "A good year.\nThank you.")
    assert "Ada Reads" in result
    assert "Bea Stopped" not in result
    (letter,) = [each for each in letters("network_year") if each.to_address == ada.email]
    assert "- Equity completed: £100,000" not in str(letter.context["opening"])
    assert "Equity completed: £100,000" in letter.context["lines"]
    assert reason_not_to_ask(letter) is None


def test_the_figures_stay_as_they_were_when_a_late_report_comes_and_a_new_member_gets_the_same_letter(
    manager: ConformingClient, cast: Cast
) -> None:
    found = five_companies()
    member("Ada First")
    send(manager, previewed(manager, "Hello."), "Hello.")
    copies = len(rows(YearlyCopy))

    invested(found, issued_on=A_DAY, pounds=20_000)
    member("Bea Joined")
    page = previewed(manager, "Other words.")
    assert "1 member gets it" in page
    assert "had it already" in page
    assert "Hello." in page
    assert "Equity completed: £100,000" in page
    send(manager, page, "Hello.")
    assert len(rows(YearlyLetter)) == 1
    assert len(rows(YearlyCopy)) == copies + 1 == len(letters("network_year"))
    assert "Every member who takes this letter has had it." in previewed(manager)


def test_a_letter_that_was_previewed_before_its_figures_changed_is_read_again_first(
    manager: ConformingClient,
) -> None:
    found = five_companies()
    member("Ada Reads")
    old = SEEN.search(previewed(manager))
    assert old
    invested(found, issued_on=A_DAY, pounds=20_000)
    answer = manager.post(SEND, data={"opening": "", "seen": old[1]})
    assert answer.status_code == 409
    assert "£120,000" in answer.text
    assert not letters("network_year")


def test_each_year_has_a_letter_of_its_own_once_it_has_ended(
    manager: ConformingClient, cast: Cast, clock: Clock
) -> None:
    owner = member("Ada Reads", paid=600, signed=-10)
    empty = manager.post(PREVIEW, data={"opening": "Typed with care"})
    assert empty.status_code == 409
    assert "The network has no figures for 2025" in empty.text
    assert "Typed with care" in empty.text
    network.certification(owner, signed_on=A_DAY)
    send(manager, previewed(manager))
    clock.shift(timedelta(days=38))
    manager.sign_in(cast.network_manager)
    assert "The angel network in 2026" in previewed(manager)
    send(manager, previewed(manager))
    assert sorted(each.year for each in rows(YearlyLetter)) == [2025, 2026]


def test_nothing_typed_is_lost_where_an_opening_is_too_long(manager: ConformingClient) -> None:
    answer = manager.post(PREVIEW, data={"opening": "A long year. " * 400})
    assert answer.status_code == 422
    assert "The opening must be 3,000 characters or fewer" in answer.text
    assert "A long year. A long year." in answer.text
