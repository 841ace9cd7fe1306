"""What applications bring to the house."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES
from crm.db.ending import Ends
from crm.db.erasing import while_at_business, wholly
from crm.db.processing import PUBLIC_TASK, Processing
from crm.kernel.measures import counted
from crm.kernel.roles import Role
from crm.programme.applications.jobs.erasing import erase_daily
from crm.programme.applications.jobs.reminding import remind_daily
from crm.programme.applications.measures import FOR_REPORTS
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries.applications import came_to_nothing
from crm.programme.applications.rules.labels import APPLICATION_STATUSES, CLEARANCE_STATUSES, QUERY_STATUSES
from crm.programme.applications.service import telling
from crm.programme.applications.views import (
    applicant_queries,
    application_files,
    application_sections,
    applications,
    eligibility,
    repeating,
    rulings,
    showing,
    submissions,
)
from crm.programme.applications.workflow import (
    APPLICATIONS,
    CLEARANCES,
    QUERIES,
    Act,
    ApplicationStatus,
    ClearanceStatus,
    QueryStatus,
)
from crm.programme.rounds.policy import MANAGERS
from crm.programme.rounds.workflow import Act as RoundAct
from crm.web.feature import DAILY, Area, Feature, Follow, Home, NavigationItem, Panel, Tab, Timed, Waiting

FEATURE = Feature(
    name="applications",
    blueprints=tuple(
        each.blueprint
        for each in (
            eligibility,
            applications,
            application_sections,
            application_files,
            repeating,
            submissions,
            rulings,
            applicant_queries,
        )
    ),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(APPLICATIONS, CLEARANCES, QUERIES),
    navigation=(
        NavigationItem(
            "Applications",
            "applications.all_applications",
            Act.LIST_APPLICATIONS,
            Area.APPLICATIONS,
            order=26,
        ),
    ),
    timed=(
        Timed("erase applications that came to nothing", DAILY, erase_daily),
        Timed("remind of applications that are due", DAILY, remind_daily),
    ),
    waits=(
        Waiting(
            "Applications that wait for an eligibility decision",
            (*MANAGERS, *HUB_ROLES),
            Act.CLEAR,
            showing.applications_to_clear,
            (ClearanceStatus.WAITING,),
        ),
        Waiting(
            "Queries about an application",
            (Role.FOUNDER,),
            Act.ANSWER,
            showing.queries_to_answer,
            (QueryStatus.OPEN,),
            ("award",),
        ),
        Waiting(
            "Applications to submit",
            (Role.FOUNDER,),
            Act.FILL_IN,
            showing.applications_to_finish,
            (ApplicationStatus.DRAFT,),
        ),
    ),
    homes=(Home("Your applications", "programme/applications/_home.html", 14, showing.load_home),),
    panels=(
        Panel("Scale-up programme", "programme/applications/_panel.html", 45, showing.load_panel, Tab.MONEY),
    ),
    finder=showing.find,
    timeline=showing.timeline,
    links=showing.links,
    stories={"application": showing.story},
    follows=(
        Follow(RoundAct.POSTPONE, telling.tell_of_new_dates),
        Follow(RoundAct.CORRECT, telling.tell_of_correction),
        Follow(RoundAct.CLOSE_CRITERIA, telling.tell_of_criteria),
    ),
    pages={
        "application": ("applications.application", "application_id"),
        "applicant_query": ("applicant_queries.query", "query_id"),
    },
    words={
        "application.minutes_late": counted("minute"),
        "application.can_apply": CLEARANCE_STATUSES,
        "applicant_query": "question to an applicant",
        "application.status": APPLICATION_STATUSES,
        "clearance.status": CLEARANCE_STATUSES,
        "applicant_query.status": QUERY_STATUSES,
    },
    processing=Processing(
        "Applications to the scale-up programme",
        "to decide about applications for grants",
        "people at businesses that apply",
        PUBLIC_TASK,
        "assessors of the round",
    ),
    retention=(
        Ends(
            "applications",
            "Applications that came to nothing",
            "application",
            "programme.keep_days",
            "after the assessment of the round ended",
            "a decision can be questioned until then",
            stays="that there was one, and its sum",
            due=lambda before: came_to_nothing(before=before),
        ),
    ),
    erasure={
        **wholly(
            "Applications of a business",
            "a decision can be questioned, and the record of a grant has to be whole. Those that came to nothing have a period of their own",
            *("application", "section_answers", "queried_question", "applicant_query"),
        ),
    },
    hinders=(
        while_at_business(
            "application",
            states=("draft", "submitted"),
            words="A business that they act for is applying to the programme. Withdraw the application, or let it be decided, first.",
        ),
    ),
)
