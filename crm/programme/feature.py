"""What the programme brings to the house."""

from __future__ import annotations

from crm.kernel.roles import STAFF, Scope
from crm.programme.jobs import load_demo
from crm.programme.jobs.erasing import erase_daily
from crm.programme.jobs.reminding import remind_daily
from crm.programme.policy import POLICY
from crm.programme.queries.rounds import programme_names, round_names
from crm.programme.views import (
    applications,
    assessing,
    composing,
    filling,
    leading,
    moderating,
    packing,
    paneling,
    preparing,
    querying,
    ranking,
    rounds,
    ruling,
    showing,
    starting,
    submitting,
    superseding,
    weighing,
)
from crm.programme.workflow import APPLICATIONS, ASSESSMENTS, CLEARANCES, QUERIES, ROUNDS, Act
from crm.web.feature import DAILY, Area, Feature, Home, NavigationItem, Panel, Tab, Timed

FEATURE = Feature(
    name="programme",
    blueprints=tuple(
        each.blueprint
        for each in (
            rounds,
            preparing,
            composing,
            weighing,
            starting,
            applications,
            filling,
            submitting,
            ruling,
            paneling,
            assessing,
            leading,
            moderating,
            ranking,
            superseding,
            querying,
            packing,
        )
    ),
    policy=POLICY,
    machines=(ROUNDS, APPLICATIONS, CLEARANCES, ASSESSMENTS, QUERIES),
    navigation=(
        NavigationItem(
            "Rounds",
            "programme.programme",
            Act.SEE_PROGRAMME,
            Area.PROGRAMME,
            order=23,
            roles=tuple(STAFF),
        ),
        NavigationItem(
            "Scale-up programme", "programme.programme", Act.SEE_PROGRAMME, Area.PROGRAMME, order=24
        ),
        NavigationItem(
            "Applications",
            "applications.all_applications",
            Act.LIST_APPLICATIONS,
            Area.APPLICATIONS,
            order=26,
        ),
        NavigationItem(
            "Assessments", "assessing.assessments", Act.LIST_ASSESSMENTS, Area.ASSESSMENT, order=28
        ),
    ),
    timed=(
        Timed("erase applications that came to nothing", DAILY, erase_daily),
        Timed("remind of applications that are due", DAILY, remind_daily),
    ),
    todos=showing.todos,
    homes=(Home("Your applications", "programme/_home.html", 14, showing.load_home),),
    panels=(Panel("Scale-up programme", "programme/_panel.html", 45, showing.load_panel, Tab.MONEY),),
    timeline=showing.timeline,
    scopes={Scope.ROUND: round_names, Scope.PROGRAMME: programme_names},
    demo=load_demo,
)
