"""What diagnostics bring to the house."""

from __future__ import annotations

from functools import partial

from crm.db.erasing import wholly
from crm.db.processing import CONTACTS, PUBLIC_TASK, Processing
from crm.diagnostics.jobs import load_demo, load_reference
from crm.diagnostics.measures import FOR_REPORTS
from crm.diagnostics.policy import POLICY
from crm.diagnostics.rules.readiness import EXPORT, IP, SETS_IN_WORDS
from crm.diagnostics.rules.saying import ROUTES, said_areas, said_circumstances, said_needs, said_score
from crm.diagnostics.views import cohort, opened, readiness, sets, triage
from crm.diagnostics.workflow import MACHINE, READINESS, SETS, Act, ReadinessStatus
from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.roles import Role
from crm.kernel.workflow import spoken
from crm.web.feature import Area, Feature, NavigationItem, Panel, Tab, Waiting

READINESS_PANEL = "diagnostics/_readiness.html"

FEATURE = Feature(
    name="diagnostics",
    blueprints=(triage.blueprint, readiness.blueprint, opened.blueprint, cohort.blueprint, sets.blueprint),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(MACHINE, READINESS, SETS),
    navigation=(
        NavigationItem(
            "Readiness",
            "readiness.assessments",
            Act.LIST_READINESS,
            Area.MY_BUSINESS,
            order=60,
            roles=(Role.FOUNDER,),
        ),
        NavigationItem("Readiness", "readiness.assessments", Act.LIST_READINESS, Area.BUSINESSES, order=61),
        NavigationItem(
            "Cohort: readiness across businesses",
            "readiness_cohort.cohort",
            Act.VIEW_COHORT,
            Area.BUSINESSES,
            order=62,
            in_menu=False,
        ),
        NavigationItem(
            "Check your readiness", "open_readiness.start", Act.ANSWER_OPENLY, Area.FIND_SUPPORT, order=14
        ),
        NavigationItem(
            "Question sets", "diagnostics.question_sets", Act.VIEW_QUESTIONS, Area.QUESTIONS, order=84
        ),
    ),
    waits=(
        Waiting(
            "Readiness assessments to finish",
            (Role.FOUNDER,),
            Act.ANSWER_READINESS,
            readiness.assessments_to_finish,
            (ReadinessStatus.ANSWERING,),
        ),
    ),
    panels=(
        Panel("Needs", "diagnostics/_panel.html", 8, triage.load_panel, Tab.SUPPORT),
        Panel("IP readiness", READINESS_PANEL, 40, partial(readiness.load_panel, name=IP), Tab.IP),
        Panel(
            "Export readiness", READINESS_PANEL, 40, partial(readiness.load_panel, name=EXPORT), Tab.EXPORT
        ),
    ),
    timeline=readiness.timeline,
    finder=sets.find,
    reference=load_reference,
    demo=load_demo,
    pages={
        "diagnosis": ("diagnostics.diagnosis", "diagnosis_id"),
        "question_set": ("diagnostics.question_set", "set_id"),
        "readiness_check": ("readiness.assessment", "readiness_id"),
        "readiness_set": ("readiness_sets.readiness_set", "version_id"),
    },
    words={
        "readiness_check": "readiness assessment",
        "readiness_set": "readiness question set",
        "readiness_set.name": SETS_IN_WORDS,
        "readiness_check.set_name": SETS_IN_WORDS,
        "readiness_check.score": said_score,
        "readiness_check.band": lambda code: code.replace("_", " "),
        "readiness_check.areas": said_areas,
        "readiness_check.circumstances": said_circumstances,
        "readiness_check.sector": DCMS_GROUPS,
        "diagnosis.needs": said_needs,
        "diagnosis.route": ROUTES,
        **dict.fromkeys(
            (
                *("diagnosis.status", "diagnosis.answered_by"),
                *("readiness_check.status", "readiness_check.answered_by", "readiness_set.status"),
            ),
            spoken,
        ),
    },
    fields={
        "readiness_check.set_id": "Version of the questions",
        "readiness_check.band": "Result",
        "readiness_check.areas": "Score of each part",
        "readiness_check.circumstances": "Told at the start",
    },
    processing=Processing(
        "Diagnoses and readiness checks",
        "to find out what a business needs",
        CONTACTS,
        PUBLIC_TASK,
    ),
    erasure={
        **wholly(
            "Finished readiness checks",
            "a score can be worked out again from its answers, so these are never changed",
            *("readiness_check", "readiness_answer", "readiness_set"),
        ),
    },
)
