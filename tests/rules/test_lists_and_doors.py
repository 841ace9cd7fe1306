"""What a list shows somebody is just what they may open: no more, and nothing left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Account, Hub
from crm.accounts.policy import POLICY as ACCOUNTS
from crm.accounts.workflow import Act as AccountAct
from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.policy import POLICY as DEALS
from crm.angels.deals.queries.investments import investment
from crm.angels.deals.queries.pledges import pledge
from crm.angels.deals.workflow import Act as DealAct
from crm.angels.diligence.models import DiligenceItem
from crm.angels.diligence.policy import POLICY as DILIGENCE
from crm.angels.diligence.queries import item
from crm.angels.diligence.workflow import Act as DiligenceAct
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.policy import POLICY as INTRODUCTIONS
from crm.angels.introductions.queries import introduction
from crm.angels.introductions.workflow import Act as IntroductionAct
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import POLICY as PITCHES
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.pitches.workflow import Act as PitchAct
from crm.angels.pitches.workflow import PitchStatus
from crm.angels.syndicates.models import Syndicate
from crm.angels.syndicates.policy import POLICY as SYNDICATES
from crm.angels.syndicates.queries.syndicates import syndicate
from crm.angels.syndicates.workflow import Act as SyndicateAct
from crm.app import FEATURES
from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import business
from crm.businesses.workflow import Act as BusinessAct
from crm.db.session import session
from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.policy import POLICY as DIAGNOSTICS
from crm.diagnostics.queries.readiness import assessment
from crm.diagnostics.workflow import Act as DiagnosisAct
from crm.directory.models import Service
from crm.directory.policy import POLICY as DIRECTORY
from crm.directory.workflow import Act as DirectoryAct
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.policy import POLICY as COVER
from crm.exporting.cover.queries import cover_check
from crm.exporting.cover.workflow import Act as CoverAct
from crm.figures.models import DatedFigure
from crm.figures.policy import POLICY as FIGURES
from crm.figures.rules import CATALOGUE
from crm.figures.workflow import Act as FigureAct
from crm.kernel.permissions import Policy
from crm.notices.models import Letter
from crm.notices.policy import POLICY as NOTICES
from crm.notices.workflow import Act as NoticeAct
from crm.programme.applications.models import Application
from crm.programme.applications.policy import POLICY as PROGRAMME
from crm.programme.applications.queries.applications import application
from crm.programme.applications.workflow import Act as ProgrammeAct
from crm.programme.rounds.models import Round
from crm.referrals.models import Referral
from crm.referrals.policy import POLICY as REFERRALS
from crm.referrals.queries import referral
from crm.referrals.workflow import Act as ReferralAct
from crm.signposting.models import Enquiry
from crm.signposting.policy import POLICY as SIGNPOSTING
from crm.signposting.workflow import Act as EnquiryAct
from crm.web.menu import entries
from tests import assessments, covers, factories, held, network, rounds, syndicates
from tests.angels.deals import made as deals
from tests.cast import PARTS, Cast
from tests.client import ConformingClient

NEXT = re.compile(r'<a[^>]*href="([^"]*[?&;]page=[^"]*)"[^>]*rel="next"')
MORE_THAN_A_PAGE = 27


@dataclass(frozen=True)
class Listing:
    """A list page, the addresses on it that lead to its things, and who may view one of them."""

    path: str
    links: str
    policy: Policy
    view: StrEnum
    every: Callable[[], dict[str, Any]]
    opens: Callable[[str], str]
    more: Callable[[], Any] | None = None
    otherwise: str = ""  # where whoever may not open the list finds what is theirs


def _the_round() -> Round:
    """One round for all applications: to make many is slow."""
    return session().scalars(select(Round).limit(1)).first() or rounds.round_()


def by_id(kind: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {str(each.id): each for each in session().scalars(select(kind))}


LISTS = (
    Listing(
        "/people",
        r"/people/([0-9a-f-]{36})",
        ACCOUNTS,
        AccountAct.VIEW_PEOPLE,
        by_id(Account),
        "/people/{}".format,
        factories.account,
    ),
    Listing("/hubs", r"/hubs/([0-9a-f-]{36})", ACCOUNTS, AccountAct.VIEW_HUBS, by_id(Hub), "/hubs/{}".format),
    Listing(
        "/letters",
        r"/letters/([0-9a-f-]{36})",
        NOTICES,
        NoticeAct.VIEW,
        by_id(Letter),
        "/letters/{}".format,
        factories.letter,
    ),
    Listing(
        "/directory",
        r"/directory/services/([a-z0-9_-]+)",
        DIRECTORY,
        DirectoryAct.VIEW,
        lambda: {each.service_id: each for each in session().scalars(select(Service))},
        "/directory/services/{}".format,
    ),
    Listing(
        "/businesses",
        r"/businesses/([0-9a-f-]{36})",
        BUSINESSES,
        BusinessAct.VIEW,
        lambda: {str(each.id): business(each.id) for each in session().scalars(select(Business))},
        "/businesses/{}".format,
        factories.business,
        otherwise="/desk",
    ),
    Listing(
        "/enquiries?show=all",
        r"/enquiries/([0-9a-f-]{36})",
        SIGNPOSTING,
        EnquiryAct.VIEW,
        by_id(Enquiry),
        "/enquiries/{}".format,
        factories.enquiry,
    ),
    Listing(
        "/referrals?show=all",
        r"/referrals/([0-9a-f-]{36})",
        REFERRALS,
        ReferralAct.VIEW,
        lambda: {str(each): referral(each) for each in session().scalars(select(Referral.id))},
        "/referrals/{}".format,
        lambda: factories.sent_referral(factories.business()),
    ),
    Listing(
        "/export-cover",
        r"/export-cover/([0-9a-f-]{36})",
        COVER,
        CoverAct.VIEW,
        lambda: {str(each): cover_check(each) for each in session().scalars(select(CoverCheck.id))},
        "/export-cover/{}".format,
        lambda: covers.checked(factories.business()),
    ),
    Listing(
        "/readiness",
        r"/readiness/([0-9a-f-]{36})",
        DIAGNOSTICS,
        DiagnosisAct.VIEW,
        lambda: {str(each): assessment(each) for each in session().scalars(select(ReadinessCheck.id))},
        "/readiness/{}".format,
        lambda: assessments.readiness_check(factories.business(), is_finished=True),
    ),
    Listing(
        "/applications",
        r"/applications/([0-9a-f-]{36})",
        PROGRAMME,
        ProgrammeAct.VIEW,
        lambda: {str(each): application(each) for each in session().scalars(select(Application.id))},
        "/applications/{}".format,
        lambda: rounds.application(factories.business(), _the_round()),
        otherwise="/desk",
    ),
    Listing(
        "/raises",
        r"/raises/([0-9a-f-]{36})",
        PITCHES,
        PitchAct.VIEW,
        lambda: {str(each): pitch(each) for each in session().scalars(select(Pitch.id))},
        "/raises/{}".format,
        lambda: network.pitch(factories.business(), PitchStatus.PAUSED),
        otherwise="/desk",
    ),
    Listing(
        "/pitches",
        r"/pitches/([0-9a-f-]{36})",
        PITCHES,
        PitchAct.SEE_PITCH,
        lambda: {str(each): pitch(each) for each in session().scalars(select(Pitch.id))},
        "/pitches/{}".format,
        lambda: network.pitch(factories.business()),
    ),
    Listing(
        "/introductions",
        r"/introductions/([0-9a-f-]{36})",
        INTRODUCTIONS,
        IntroductionAct.VIEW,
        lambda: {str(each): introduction(each) for each in session().scalars(select(Introduction.id))},
        "/introductions/{}".format,
        lambda: network.introduction(network.pitch(factories.business())),
    ),
    Listing(
        "/due-diligence",
        r"/due-diligence/([0-9a-f-]{36})",
        DILIGENCE,
        DiligenceAct.VIEW,
        lambda: {str(each): item(each) for each in session().scalars(select(DiligenceItem.id))},
        "/due-diligence/{}".format,
        held.diligence_item,
    ),
    Listing(
        "/syndicates",
        r"/syndicates/([0-9a-f-]{36})",
        SYNDICATES,
        SyndicateAct.VIEW,
        lambda: {str(each): syndicate(each) for each in session().scalars(select(Syndicate.id))},
        "/syndicates/{}".format,
        syndicates.syndicate,
    ),
    Listing(
        "/pledges",
        r"/pledges/([0-9a-f-]{36})",
        DEALS,
        DealAct.VIEW,
        lambda: {str(each): pledge(each) for each in session().scalars(select(Pledge.id))},
        "/pledges/{}".format,
        lambda: deals.pledge(network.pitch(factories.business())),
    ),
    Listing(
        "/investments",
        r"/investments/([0-9a-f-]{36})",
        DEALS,
        DealAct.VIEW,
        lambda: {str(each): investment(each) for each in session().scalars(select(Investment.id))},
        "/investments/{}".format,
        lambda: deals.investment(network.pitch(factories.business())),
    ),
    Listing(
        "/figures",
        r"/figures/([a-z]+\.[a-z_]+)",
        FIGURES,
        FigureAct.VIEW,
        lambda: {name: DatedFigure(name=name) for name in CATALOGUE},
        "/figures/{}".format,
    ),
)


def shown(client: ConformingClient, listing: Listing) -> set[str] | None:
    """Every thing on every page of a list; None where the list itself is not for them."""
    found: set[str] = set()
    where: str | None = listing.path
    while where:
        answer = client.get(where)
        if answer.status_code != 200:
            return None
        found |= set(re.findall(rf'href="{listing.links}"', answer.text))
        onward = NEXT.search(answer.text)
        where = onward.group(1).replace("&amp;", "&") if onward else None
    return found


@pytest.mark.parametrize("listing", LISTS, ids=lambda each: each.path)
def test_a_list_shows_just_what_may_be_opened(
    client: ConformingClient, cast: Cast, db: Session, subtests: pytest.Subtests, listing: Listing
) -> None:
    if listing.more:
        for _ in range(MORE_THAN_A_PAGE):
            listing.more()
    things = listing.every()
    may = {
        member.part: {
            key for key, thing in things.items() if listing.policy.allows(member.actor, listing.view, thing)
        }
        for member in cast
    }
    for member in cast:
        with subtests.test(member.part):
            client.sign_in(member)
            found = shown(client, listing)
            if found is None and listing.otherwise:
                found = shown(client, replace(listing, path=listing.otherwise))
            assert (found or set()) == may[member.part]
            is_refused = client.get(listing.opens(one_of(found or things))).status_code in {303, 403, 404}
            assert is_refused == (not found)


def one_of(things: Collection[str]) -> str:
    """One of them, from the middle."""
    return sorted(things)[len(things) // 2]


def doors_of(page: str) -> set[str]:
    """What the menu of a page leads to: areas, the pages of the area one is in, and the search."""
    links = set(re.findall(r'<a class="app-nav__link[^"]*" href="([^"]+)"', page))
    return links | set(
        re.findall(r'<form class="app-find" role="search" method="get" action="([^"]+)"', page)
    )


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("part", PARTS)
def test_the_menu_offers_just_the_doors_that_open(client: ConformingClient, cast: Cast, part: str) -> None:
    client.sign_in(cast[part])
    may = {item.endpoint for item in entries(cast[part].actor, FEATURES)}
    assert may == {
        item.endpoint
        for room in FEATURES
        for item in room.navigation
        if item.in_menu and room.policy and room.policy.allows(cast[part].actor, item.act)
        if not item.roles or set(item.roles) & cast[part].actor.roles
    }

    pages = {where: client.get(where) for where in doors_of(client.get("/").text)}
    further = {door for page in pages.values() for door in doors_of(page.text)} - set(pages)
    pages |= {where: client.get(where) for where in further}

    endpoints = client.application.url_map.bind("localhost")
    assert {endpoints.match(where)[0] for where in pages} == may
    assert all(page.status_code == 200 for page in pages.values())
