"""What outcomes bring to the house."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES
from crm.db.erasing import wholly
from crm.db.processing import PUBLIC_TASK, Processing
from crm.kernel.measures import counted, in_hundredths
from crm.kernel.roles import Role
from crm.programme.awards.workflow import Act as AwardAct
from crm.programme.cohort.workflow import Act as CohortAct
from crm.programme.outcomes.jobs import ask_daily
from crm.programme.outcomes.measures import FOR_REPORTS
from crm.programme.outcomes.policy import CALLERS, POLICY
from crm.programme.outcomes.rules.labels import BY_NAME, STATUSES, WAYS
from crm.programme.outcomes.service import asking
from crm.programme.outcomes.views import outcome_reports, outcome_trends, showing
from crm.programme.outcomes.workflow import REPORTS, Act, ReportStatus
from crm.web.feature import DAILY, Area, Feature, Follow, NavigationItem, Panel, Part, Tab, Timed, Waiting

SAID = {f"outcome_report.{name}": each.say for name, each in BY_NAME.items()}

AWARD = ("award",)
FEATURE = Feature(
    name="outcomes",
    blueprints=(outcome_reports.blueprint, outcome_trends.blueprint),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(REPORTS,),
    navigation=(
        NavigationItem("Outcomes", "outcome_reports.reports", Act.LIST, Area.COHORT, order=60),
        NavigationItem("Outcomes by round", "outcome_trends.cohorts", Act.SEE_TRENDS, Area.COHORT, order=61),
        NavigationItem("Map of awards", "outcome_trends.funded_map", Act.SEE_TRENDS, Area.COHORT, order=62),
    ),
    timed=(Timed("ask for outcomes", DAILY, ask_daily),),
    waits=(
        Waiting(
            "Figures to send",
            (Role.FOUNDER,),
            Act.GIVE,
            showing.figures_to_give,
            (ReportStatus.ASKED,),
            AWARD,
        ),
        Waiting(
            "Businesses to ring for figures",
            (*CALLERS, *HUB_ROLES),
            Act.RECORD,
            showing.businesses_to_ring,
            pages=AWARD,
        ),
        Waiting(
            "Figures to confirm",
            CALLERS,
            Act.CONFIRM,
            showing.figures_to_confirm,
            (ReportStatus.GIVEN,),
            AWARD,
        ),
    ),
    panels=(
        Panel("Outcomes and growth", "programme/outcomes/_panel.html", 49, showing.load_panel, Tab.MONEY),
    ),
    parts=(
        Part("applications.application", "programme/outcomes/_reports.html", showing.load_of_application),
        Part("awards.award", "programme/outcomes/_of_award.html", showing.load_of_award, is_aside=True),
    ),
    links=showing.links,
    stories={"application": showing.story},
    follows=(
        Follow(AwardAct.ACCEPT, asking.plan_with_award),
        Follow(AwardAct.END, asking.cancel_with_award),
        Follow(CohortAct.WITHDRAW_AWARD, asking.cancel_with_award),
    ),
    plans=showing.plans,
    numbers=showing.numbers,
    pages={"outcome_report": ("outcome_reports.report", "report_id")},
    walls={
        "uq_outcome_report_once": ("", "This business is asked for its outcomes already."),
        "uq_outcome_figures_number": ("", "These figures were saved meanwhile. Open the page again."),
    },
    words={
        "outcome_report": "outcome report",
        "outcome_report.status": STATUSES,
        "outcome_report.months": counted("month"),
        "outcome_figures.way": WAYS,
        "outcome_figures.fte_hundredths": in_hundredths,
        **SAID,
    },
    processing=Processing(
        "Outcomes of awards",
        "to find out what became of grants",
        "people at businesses with an award",
        PUBLIC_TASK,
    ),
    erasure={
        **wholly(
            "Figures of outcomes",
            "the rules on subsidies and the grant agreement ask for the whole record of a grant, for ten years",
            *("outcome_report", "outcome_figures"),
        ),
    },
)
