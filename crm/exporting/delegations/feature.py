"""What delegations bring to the house."""

from __future__ import annotations

from crm.db.ending import Stays
from crm.db.erasing import kept, while_in
from crm.db.personal import WORK, Personal
from crm.db.processing import CONTACTS, PUBLIC_TASK, Processing
from crm.exporting.delegations.jobs import ask_daily, close_and_lapse
from crm.exporting.delegations.measures import FOR_REPORTS
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import seeing
from crm.exporting.delegations.rules import DELEGATION_STATUSES, PLACE_STATUSES, SELLS, asked_at
from crm.exporting.delegations.service.handing import hand
from crm.exporting.delegations.service.papering import tell_lead
from crm.exporting.delegations.service.reviewing import review, review_again
from crm.exporting.delegations.views import delegation_places, delegations, place_papers, showing
from crm.exporting.delegations.workflow import DELEGATIONS, PLACES, Act, DelegationStatus, PlaceStatus
from crm.exporting.plans.workflow import Act as PlansAct
from crm.funding.subsidy.workflow import Act as SubsidyAct
from crm.kernel.measures import counted
from crm.kernel.roles import Role
from crm.web.feature import (
    DAILY,
    Area,
    Caseload,
    Feature,
    Follow,
    NavigationItem,
    Panel,
    Part,
    Tab,
    Timed,
    Waiting,
)

LEADS = (Role.HUB_MANAGER, Role.EXPORT_ADVISER)
D = DelegationStatus
TOLD_OF = (
    ("markets.change_edition", showing.load_told_of(PlansAct.CHANGE_EDITION)),
    ("markets.cancel_edition", showing.load_told_of(PlansAct.CANCEL_EDITION)),
    ("markets.restore_edition", showing.load_told_of(PlansAct.RESTORE_EDITION)),
)
"""The pages that do something to an edition of a market, and say before whom of its delegations is written to."""

FEATURE = Feature(
    name="delegations",
    blueprints=(delegations.blueprint, delegation_places.blueprint, place_papers.blueprint),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(DELEGATIONS, PLACES),
    navigation=(
        NavigationItem(
            "Delegations",
            "delegations.delegations",
            Act.LIST,
            Area.EXPORTING,
            order=20,
            also=("/delegation-places", "/delegation-returns"),
            roles=(Role.EXPORT_ADVISER,),
        ),
        NavigationItem(
            "Delegations",
            "delegations.delegations",
            Act.LIST,
            Area.CALENDAR,
            order=26,
            also=("/delegation-places", "/delegation-returns"),
        ),
    ),
    waits=(
        Waiting("Delegations to open", LEADS, Act.OPEN, showing.to_open, (D.DRAFT,)),
        Waiting("Delegations whose market changed", LEADS, Act.CHANGE, showing.to_review),
        Waiting("Places to offer", LEADS, Act.SELECT, showing.to_choose, (D.CLOSED, PlaceStatus.APPLIED)),
        Waiting("Places to fill", LEADS, Act.OFFER_AGAIN, showing.to_fill),
        Waiting("Papers of places to decide on", LEADS, Act.SETTLE, showing.papers_to_decide),
        Waiting("Delegations that are over", LEADS, Act.HOLD, showing.to_hold),
        Waiting("Results that were not told", LEADS, Act.RECORD, showing.unanswered),
        Waiting("Places offered", (Role.FOUNDER,), Act.ACCEPT, showing.offers, (PlaceStatus.OFFERED,)),
        Waiting("Results of delegations", (Role.FOUNDER,), Act.RECORD, showing.results),
    ),
    timed=(
        Timed("close delegations, remind of offers and let them lapse", DAILY, close_and_lapse),
        Timed("ask what came of delegations", DAILY, ask_daily),
    ),
    works_with=seeing.worked_with,
    caseloads=(Caseload("delegations", "Delegations", showing.in_hand, hand, roles=LEADS),),
    panels=(Panel("Delegations", "exporting/delegations/_panel.html", 46, showing.load_panel, Tab.EXPORT),),
    parts=(
        Part("markets.market", "exporting/delegations/_of_market.html", showing.load_of_market),
        *(Part(page, "exporting/delegations/_told_of_edition.html", load) for page, load in TOLD_OF),
    ),
    follows=(
        Follow(PlansAct.CHANGE_EDITION, review),
        Follow(PlansAct.CANCEL_EDITION, review),
        Follow(PlansAct.RESTORE_EDITION, review_again),
        Follow(SubsidyAct.CANCEL, tell_lead),
    ),
    related={"market": seeing.belonging_to},
    timeline=showing.timeline,
    finder=showing.find,
    pages={
        "delegation": ("delegations.delegation", "delegation_id"),
        "delegation_place": ("delegation_places.place", "place_id"),
    },
    walls={
        "uq_delegation_place_once": ("", "This business has applied for this delegation already"),
        "uq_delegation_place_seat": ("", "Another business was given this seat meanwhile. Try again"),
    },
    fields={
        "delegation_place.is_suitable": "Suitable",
        "delegation_place.legal_note": "Check of the subsidy for goods",
        "delegation_place.followed": "What it followed",
        "delegation.followed": "What it followed",
        "delegation_place.told": "Told by",
        "delegation_place.settled": "What was decided",
        "delegation_place.seat": "Place",
        "delegation_place.queue": "Place on the waiting list",
        "delegation_place.why": "Why they want to go",
        "delegation_return.months": "Results for",
        "delegation.answer_days": "Time to answer an offer",
        "delegation.covers": "What is covered",
        "delegation.lead_id": "Led by",
        "delegation.review": "To decide",
        "delegation.share": "What the business pays",
    },
    words={
        "delegation": "delegation",
        "delegation.status": DELEGATION_STATUSES,
        "delegation.answer_days": counted("day"),
        "delegation.seats": counted("place"),
        "delegation_place": "place in a delegation",
        "delegation_place.status": PLACE_STATUSES,
        "delegation_place.sells": SELLS,
        "delegation_return": "results of a delegation",
        "delegation_return.months": lambda months: asked_at(int(months)),
    },
    processing=Processing(
        "Delegations",
        "to take businesses to markets and festivals",
        CONTACTS,
        PUBLIC_TASK,
        "the people who lead a delegation",
    ),
    personal={
        "delegation.lead_id": WORK,
        "delegation_place.person_id": Personal(
            "Your places in delegations", "why sells applied_at answer_by status"
        ),
    },
    retention=(
        Stays(
            "Places in delegations",
            ("delegation_place",),
            "as long as the record of the business",
            "they show who was helped with public money, and what came of it",
        ),
    ),
    erasure={
        "delegation_place": kept("Places in delegations", "the money for a place has to be accounted for"),
    },
    hinders=(
        while_in(
            "delegation_place",
            states=("applied", "offered", "waiting", "accepted"),
            words="They have a place in a delegation, or asked for one. Withdraw it first, or wait until the delegation is back.",
        ),
    ),
)
