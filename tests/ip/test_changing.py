"""A project changes while businesses are in it: each is told what changed, and the page says how many people before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.ip.testbed.service import leading, taking_part
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.notices.rules import word
from tests import factories
from tests.cast import OTHER_BUSINESS, Cast, Member
from tests.client import ConformingClient
from tests.ip import bed

sqlite = pytest.mark.engine("sqlite")
FORM = {"title": "Renamed", "budget": "1000.00"}


def said(client: ConformingClient, path: str) -> str:
    """A page in one line."""
    return " ".join(bed.page(client, path).split())


def texts(kind: str) -> dict[str, str]:
    """What each person reads in the letters of a kind."""
    known = {"base_url": "https://crm.example", "service_name": "The CRM"}
    return {
        each.to_address: word(kind, each.context | known | {"to_name": each.to_name}).text
        for each in bed.letters(kind)
    }


@sqlite
def test_businesses_are_told_what_changed_of_a_project_and_the_page_says_how_many_before_k16(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    found = bed.running()
    bed.taking(bed.owner(), found)
    factories.person(bed.owner(OTHER_BUSINESS), email="ann@made.example")
    bed.invited(bed.owner(OTHER_BUSINESS), found)
    client.sign_in(manager)
    where, later = f"/test-bed/{found.id}", today() + timedelta(days=9)
    assert "at 2 businesses that are invited or take part" in said(client, f"{where}/change")
    days = bed.days("starts_on", found.starts_on) | bed.days("ends_on", later)
    done = client.post(f"{where}/change", data=FORM | days | {"version": str(bed.again(found).version)})
    assert done.status_code == 303
    told = texts("test_bed_changed")
    for address in (cast.founder.email, "ann@made.example"):
        assert "The test-bed project A contract on two pages" in told[address], "the name they know"
        assert "Name now: Renamed" in told[address]
        assert f"Last day now: {day_in_words(later)}" in told[address]
        assert f"Last day before: {day_in_words(today() + timedelta(days=90))}" in told[address]
        assert "First day" not in told[address]
    assert "takes part, has changed" in told[cast.founder.email]
    assert "is invited, has changed" in told["ann@made.example"]


@sqlite
def test_businesses_are_told_of_a_partner_that_is_added_and_nobody_of_a_budget_k16(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    found = bed.running()
    bed.taking(bed.owner(), found)
    client.sign_in(manager)
    where = f"/test-bed/{found.id}"
    days = bed.days("starts_on", found.starts_on) | bed.days("ends_on", found.ends_on)
    sent = {"title": found.title, "budget": "2000.00", "version": str(bed.again(found).version)}
    assert client.post(f"{where}/change", data=sent | days).status_code == 303
    assert not bed.letters("test_bed_changed"), "a business was told no budget"
    adding = f"{where}/partners/add"
    assert "at 1 business that is invited or takes part" in said(client, adding)
    assert client.post(adding, data={"provider": "", "name": "The Hall", "brings": ""}).status_code == 303
    told = texts("test_bed_changed")[cast.founder.email]
    assert "Partners now: STEAMhouse, The Hall" in told
    assert "Partners before: STEAMhouse" in told


@sqlite
def test_businesses_are_told_that_a_project_has_started_k16(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    found = bed.proposed(starts_on=today() + timedelta(days=5))
    leading.agree(found, by=SYSTEM)
    part = taking_part.invite(bed.again(found), bed.owner(), does="Use it twice", by=SYSTEM)
    taking_part.take_part(part, by=SYSTEM)
    client.sign_in(manager)
    where = f"/test-bed/{found.id}"
    assert "When the project starts: We email" in said(client, where)
    assert client.post(f"{where}/start").status_code == 303
    told = texts("test_bed_started")[cast.founder.email]
    assert f"When: {day_in_words(today())}" in told
    assert "What you do: Use it twice" in told
    assert "When the trial ends: We email" in said(client, where)
