"""What the angel network brings to the house."""

from __future__ import annotations

from crm.angels.jobs.alerting import alert_daily, reason_not_to_alert
from crm.angels.jobs.commands import network_commands
from crm.angels.jobs.demonstration import load_demo
from crm.angels.jobs.tending import end_daily, release_hourly, tend_daily
from crm.angels.jobs.visiting import visit_nightly
from crm.angels.policy import POLICY
from crm.angels.queries.gate import facts_of, seen_as
from crm.angels.service.network import load_reference
from crm.angels.views import (
    admitting,
    browsing,
    certifying,
    filing,
    founding,
    introducing,
    joining,
    ledger,
    looking,
    raising,
    screening,
    showing,
    taking,
)
from crm.angels.workflow import ANGELS, INTRODUCTIONS, PITCHES, Act
from crm.businesses.policy import HUB_ROLES
from crm.kernel.roles import Role
from crm.web.feature import DAILY, HOURLY, Area, Feature, Home, NavigationItem, Panel, Tab, Timed

FEATURE = Feature(
    name="angels",
    blueprints=tuple(
        each.blueprint
        for each in (
            joining,
            admitting,
            certifying,
            founding,
            raising,
            filing,
            screening,
            browsing,
            introducing,
            ledger,
            taking,
            looking,
        )
    ),
    policy=POLICY,
    landmarks={"stop_viewing": "looking.stop_viewing"},
    machines=(ANGELS, PITCHES, INTRODUCTIONS),
    navigation=(
        NavigationItem(
            "Raising investment",
            "raising.raises",
            Act.LIST_RAISES,
            Area.RAISING,
            order=30,
            roles=(Role.FOUNDER, *HUB_ROLES),
        ),
        NavigationItem("Raises", "raising.raises", Act.LIST_RAISES, Area.PITCHES, order=31),
        NavigationItem("Browse pitches", "browsing.pitches", Act.SEE_PITCHES, Area.PITCHES, order=15),
        NavigationItem("Following", "browsing.following", Act.SAVE_SEARCH, Area.PITCHES, order=16),
        NavigationItem("Angel network", "network.network", Act.SEE_NETWORK, Area.NETWORK, order=25),
        NavigationItem(
            "Introductions",
            "introducing.all_introductions",
            Act.LIST_INTRODUCTIONS,
            Area.RAISING,
            order=32,
            roles=(Role.FOUNDER,),
        ),
        NavigationItem(
            "Introductions",
            "introducing.all_introductions",
            Act.LIST_INTRODUCTIONS,
            Area.INTRODUCTIONS,
            order=33,
        ),
        NavigationItem("Investors", "admitting.all_angels", Act.LIST_ANGELS, Area.INVESTORS, order=36),
        NavigationItem("Your place in the network", "network.mine", Act.VIEW_OWN, Area.MEMBERSHIP, order=60),
        NavigationItem("Legal basis", "founding.law", Act.LIST_WORDINGS, Area.INVESTORS, order=64),
    ),
    actor_facts=facts_of,
    eyes=seen_as,
    send_gates={"pitch_alert": reason_not_to_alert},
    timed=(
        Timed("clocks of introductions", DAILY, tend_daily),
        Timed("raises and statements that end", DAILY, end_daily),
        Timed("introductions that were held", HOURLY, release_hourly),
        Timed("alerts of saved searches", DAILY, alert_daily),
        Timed("the visit of a stranger", DAILY, visit_nightly),
    ),
    todos=showing.todos,
    homes=(Home("The angel network", "angels/_home.html", 16, showing.load_home),),
    panels=(Panel("Raising money", "angels/_panel.html", 44, showing.load_panel, Tab.MONEY),),
    commands=(network_commands,),
    reference=load_reference,
    demo=load_demo,
)
