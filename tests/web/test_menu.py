"""The menu: six areas at most for everyone, one place marked, and every page that a person may open within reach."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from flask import Flask

from crm.app import FEATURES
from crm.kernel.permissions import VISITOR, Actor
from crm.kernel.roles import GRANTABLE, STAFF, Grant, Role
from crm.web.feature import Area
from crm.web.menu import MOST_AREAS, Menu, entries, menu_of
from tests.cast import BUSINESS, PARTS, Cast
from tests.client import ConformingClient

SEVERAL = (
    (Role.HUB_MANAGER, Role.PROGRAMME_MANAGER),
    (Role.ADVISER, Role.LEAD_ASSESSOR, Role.AUDITOR),
    (Role.FOUNDER, Role.ANGEL),
    tuple(GRANTABLE),
)
LABELS = {
    (): ["Find support", "Directory", "Calendar", "Scale-up programme", "Angel network"],
    (Role.FOUNDER,): [
        *("Home", "Find support", "Scale-up programme"),
        *("Raising investment", "Calendar", "My business"),
    ],
    (Role.ADVISER,): ["Desk", "Businesses", "Enquiries", "Referrals", "Calendar"],
    (Role.HUB_MANAGER,): ["Desk", "Businesses", "Enquiries", "Referrals", "Calendar", "Reports"],
    (Role.EXPORT_ADVISER,): ["Desk", "Businesses", "Enquiries", "Referrals", "Calendar", "Exporting"],
    (Role.PROGRAMME_MANAGER,): ["Desk", "Rounds", "Applications", "Cohort", "Funding"],
    (Role.ASSESSOR,): ["Desk", "Assessments", "Rounds"],
    (Role.ANGEL,): ["Home", "Browse pitches", "Introductions", "Portfolio", "Events", "Membership"],
    (Role.NETWORK_MANAGER,): ["Desk", "Pitches", "Investors", "Introductions", "Events"],
    (Role.ADMINISTRATOR,): ["Desk", "People", "Hubs", "Figures", "Emails", "Audit log"],
    (Role.PROVIDER,): ["Home", "Referrals", "Directory"],
}
"""What stands in the menu of each role today. What comes with later rooms has its place in `crm.web.menu.AREAS`."""


def holding(*roles: Role) -> Actor:
    """Somebody who holds these roles everywhere; nobody signed in where there are none."""
    return Actor(account_id=uuid4(), grants=tuple(Grant(role) for role in roles)) if roles else VISITOR


def menu(app: Flask, actor: Actor, path: str = "/nowhere") -> Menu:
    with app.test_request_context():
        return menu_of(actor, FEATURES, path=path)


@pytest.mark.parametrize("roles", [(), *((role,) for role in GRANTABLE), *SEVERAL])
def test_nobody_has_more_than_six_areas_and_every_page_is_in_the_menu_once(
    app: Flask, roles: tuple[Role, ...]
) -> None:
    actor = holding(*roles)
    found = menu(app, actor)
    shown = [*found.areas, *found.more]
    areas = {item.area for item in entries(actor, FEATURES)} - {Area.SEARCH}

    assert len(found.areas) <= MOST_AREAS
    assert len(shown) == len(areas)
    assert len({door.href for door in shown}) == len(shown)
    assert len({door.label for door in shown}) == len(shown)
    assert (found.search is not None) == bool(actor.roles & STAFF)


@pytest.mark.parametrize(("roles", "labels"), LABELS.items())
def test_each_role_has_the_areas_of_its_day(app: Flask, roles: tuple[Role, ...], labels: list[str]) -> None:
    assert [door.label for door in menu(app, holding(*roles)).areas] == labels


def test_of_several_roles_the_first_areas_of_each_come_first(app: Flask) -> None:
    both = menu(app, holding(Role.ADVISER, Role.PROGRAMME_MANAGER))

    assert [door.label for door in both.areas] == [
        *("Desk", "Businesses", "Rounds", "Enquiries", "Applications", "Referrals")
    ]
    assert "Calendar" in [door.label for door in both.more]


def test_the_pages_of_an_area_are_listed_where_one_is_in_it(app: Flask) -> None:
    found = menu(app, holding(Role.ADVISER), "/workshops/1")

    assert [(door.label, door.is_current) for door in found.pages] == [
        ("Workshops", True),
        ("Markets and festivals", False),
        ("Delegations", False),
        ("Reminders", False),
    ]
    assert [door.label for door in found.areas if door.is_here] == ["Calendar"]
    assert menu(app, holding(Role.ADVISER), "/desk").pages == ()


@pytest.mark.parametrize("part", PARTS)
def test_one_link_of_the_menu_is_marked_at_most_and_on_a_page_of_the_menu_one_is(
    client: ConformingClient, cast: Cast, part: str
) -> None:
    client.sign_in(cast[part])
    page = client.get("/directory").text
    nav = page[page.index('<nav class="app-nav"') : page.index("</nav>")]

    assert re.findall(r'href="([^"]+)"\s*aria-current="([a-z]+)"', nav) == [("/directory", "page")]


def test_below_a_page_of_the_menu_its_area_is_marked_as_such(client: ConformingClient, cast: Cast) -> None:
    page = client.sign_in(cast.adviser).get(f"/businesses/{BUSINESS}/money").text
    nav = page[page.index('<nav class="app-nav"') : page.index("</nav>")]

    assert re.findall(r'href="([^"]+)"\s*aria-current="([a-z]+)"', nav) == [("/businesses", "true")]


def test_a_founder_who_looks_at_their_business_is_in_my_business(
    client: ConformingClient, cast: Cast
) -> None:
    own = client.sign_in(cast.founder).get("/my-business")

    assert "Cast Pictures" in own.text
    for where in ("/my-business", f"/businesses/{BUSINESS}/support"):
        assert re.search(r'href="/my-business"\s*aria-current', client.get(where).text)
