"""What the calendar and the export plans bring to the house."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES
from crm.db.ending import Stays
from crm.db.erasing import kept
from crm.db.personal import Personal
from crm.db.processing import PUBLIC_TASK, Processing
from crm.exporting.plans.measures import FOR_REPORTS
from crm.exporting.plans.policy import POLICY
from crm.exporting.plans.queries import worked_with
from crm.exporting.plans.rules.countries import country_name
from crm.exporting.plans.rules.labels import (
    BARRIERS,
    COUNTRY_STATUSES,
    EDITION_STATUSES,
    ROUTES,
    SURENESS,
    VISIT_STATUSES,
    months_in_words,
)
from crm.exporting.plans.service.markets import load_shipped
from crm.exporting.plans.service.planning import hand_task
from crm.exporting.plans.views import export_plans, export_reports, export_tasks, markets, showing
from crm.exporting.plans.workflow import COUNTRIES, EDITIONS, VISITS, Act, VisitStatus
from crm.kernel.eligibility.vocabulary import DCMS_GROUPS
from crm.kernel.roles import Role
from crm.web.feature import Area, Caseload, Feature, NavigationItem, Panel, Tab, Waiting

OF_A_PLAN = ("/businesses/*/export-plan", "/export-countries", "/export-tasks", "/export-barriers")
"""Where the pages of one plan are: its way back leads to the list of plans, so the menu marks that list."""

FEATURE = Feature(
    name="plans",
    blueprints=(markets.blueprint, export_plans.blueprint, export_tasks.blueprint, export_reports.blueprint),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(EDITIONS, VISITS, COUNTRIES),
    navigation=(
        NavigationItem(
            "Markets and festivals",
            "markets.markets",
            Act.LIST_MARKETS,
            Area.EXPORTING,
            order=24,
            also=("/market-editions",),
            roles=(Role.EXPORT_ADVISER,),
        ),
        NavigationItem(
            "Export plans",
            "export_plans.plans",
            Act.LIST,
            Area.EXPORTING,
            order=40,
            also=OF_A_PLAN,
            roles=(Role.EXPORT_ADVISER,),
        ),
        NavigationItem(
            "Markets and festivals",
            "markets.markets",
            Act.LIST_MARKETS,
            Area.CALENDAR,
            order=24,
            also=("/market-editions",),
        ),
        NavigationItem(
            "Export plans", "export_plans.plans", Act.LIST, Area.BUSINESSES, order=40, also=OF_A_PLAN
        ),
    ),
    waits=(
        Waiting("Export tasks", (*HUB_ROLES, Role.FOUNDER), Act.FINISH_TASK, showing.tasks_due),
        Waiting(
            "Markets that are over",
            (Role.FOUNDER,),
            Act.ATTEND,
            showing.visits_to_record,
            (VisitStatus.GOING,),
        ),
        Waiting("Countries under UK sanctions", HUB_ROLES, Act.ADD_TASK, showing.sanctioned_to_check),
        Waiting("Visits to ask about", HUB_ROLES, Act.MISS, showing.visits_to_ask, (VisitStatus.GOING,)),
    ),
    panels=(Panel("Export plan", "exporting/plans/_panel.html", 44, showing.load_panel, Tab.EXPORT),),
    works_with=worked_with,
    caseloads=(Caseload("export_task", "Export tasks", showing.tasks_in_hand, hand_task),),
    finder=showing.find,
    reference=load_shipped,
    pages={
        "market": ("markets.market", "market_id"),
        "market_edition": ("markets.edition", "edition_id"),
        "market_visit": ("export_plans.visit", "visit_id"),
        "export_country": ("export_plans.country", "country_id"),
    },
    walls={
        "uq_export_country_once": ("country", "This country is in this export plan already. Change it there"),
        "uq_market_edition_title": ("title", "There is an edition called that already"),
        "uq_market_visit_once": ("edition", "This is recorded already"),
    },
    words={
        "market": "market or festival",
        "market.country": country_name,
        "market.months": months_in_words,
        "market.sectors": DCMS_GROUPS,
        "market.sureness": SURENESS,
        "market_edition": "edition of a market",
        "market_edition.status": EDITION_STATUSES,
        "market_edition.sureness": SURENESS,
        "market_visit": "visit to a market",
        "market_visit.status": VISIT_STATUSES,
        "export_country": "country of an export plan",
        "export_country.country": country_name,
        "export_country.route": ROUTES,
        "export_country.status": COUNTRY_STATUSES,
        "export_task": "export task",
        "export_barrier": "barrier to exporting",
        "export_barrier.kind": BARRIERS,
    },
    fields={
        "export_barrier.words": "What is in the way",
        "export_country.win_on": "First sale expected",
        "export_country.won_on": "Day of the first sale",
        "export_barrier.how": "How it was removed",
        "market.months": "Usual months",
        "market.sureness": "How sure the date is",
        "market_edition.sureness": "How sure the date is",
    },
    processing=Processing(
        "Export plans",
        "to help a business sell abroad",
        "people at businesses, and advisers",
        PUBLIC_TASK,
    ),
    personal={
        "export_task.person_id": Personal("Your tasks in export plans", "title due_on done_at"),
        "export_task.account_id": Personal("Your tasks in export plans", "title due_on done_at"),
    },
    retention=(
        Stays(
            "Tasks in export plans",
            ("export_task",),
            "as long as the record of the business",
            "they are the plan of the business",
        ),
    ),
    erasure={
        "export_task": kept("Tasks in export plans", "they are the plan of the business"),
    },
)
