"""What the directory brings to the house."""

from __future__ import annotations

from crm.db.ending import Ends
from crm.db.erasing import emptied, while_named
from crm.db.personal import WORK, Personal
from crm.db.processing import PUBLIC_TASK, Processing
from crm.directory import api
from crm.directory.jobs.demonstration import load_demo
from crm.directory.jobs.importing import directory_commands, load_shipped_services
from crm.directory.jobs.signposting import signpost_command
from crm.directory.measures import FOR_REPORTS
from crm.directory.policy import CHECKERS, KEEPERS, POLICY
from crm.directory.queries import provider_names, reports_to_anonymise
from crm.directory.rules.feed import ROOT
from crm.directory.rules.labels import NEEDS, PLAN_LINES, REPORT_STATUSES, STATUSES
from crm.directory.service.asking import ask_those_due
from crm.directory.service.checking import hand
from crm.directory.service.reporting import forget_reporters
from crm.directory.views import checking, directory, providers, reports
from crm.directory.workflow import MACHINE, REPORTS, Act, ReportStatus, ServiceStatus
from crm.kernel.measures import counted, percent
from crm.kernel.roles import Scope
from crm.web.feature import DAILY, Area, Caseload, Feature, NavigationItem, Timed, Waiting

FEATURE = Feature(
    name="directory",
    blueprints=(
        directory.blueprint,
        checking.blueprint,
        reports.blueprint,
        providers.blueprint,
        api.blueprint,
    ),
    open_paths=(ROOT,),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(MACHINE, REPORTS),
    navigation=(NavigationItem("Directory", "directory.directory", Act.VIEW, Area.DIRECTORY, order=20),),
    waits=(
        Waiting(
            "Services to check again",
            KEEPERS,
            Act.CONFIRM,
            checking.todos,
            (ServiceStatus.CHECK,),
        ),
        Waiting(
            "Reports that something is wrong with a service",
            CHECKERS,
            Act.SETTLE_REPORT,
            reports.todos,
            (ReportStatus.OPEN,),
        ),
    ),
    timed=(
        Timed("ask providers whether their services still run", DAILY, ask_those_due),
        Timed("forget who reported what was wrong with a service", DAILY, forget_reporters),
    ),
    caseloads=(Caseload("service", "Services of the directory", checking.in_hand, hand, is_watched=False),),
    scopes={Scope.PROVIDER: provider_names},
    commands=(directory_commands, signpost_command),
    reference=load_shipped_services,
    demo=load_demo,
    words={
        "service.needs": NEEDS,
        "service.plan_lines": PLAN_LINES,
        "service.min_trading_months": counted("month"),
        "service.max_trading_months": counted("month"),
        "service.min_export_share_pct": percent,
        "service.status": STATUSES,
        "service_report.status": REPORT_STATUSES,
        "service_report": "report about a service",
        "checking": "check of several services",
    },
    fields={"service.plan_lines": "Lines of Action 6 that it serves"},
    pages={
        "service": ("directory.one_service", "service_id"),
        "provider": ("directory.one_provider", "provider_id"),
        "service_report": ("service_reports.report", "report_id"),
    },
    processing=Processing(
        "Support directory",
        "to keep the directory right",
        "people who report a fault, and contacts of providers",
        PUBLIC_TASK,
        "anyone: the contact of a service is public",
        readers="who reported a fault is seen by the staff who look after the directory",
    ),
    personal={
        "service.owner_id": WORK,
        "service_report.email": Personal(
            "What you told us about services", "said name email reported_at answer settled_at"
        ),
    },
    retention=(
        Ends(
            "reporters",
            "Who reported a fault in the directory",
            "service_report",
            "retention.reporter_days",
            "after the report was dealt with",
            "to ask them again",
            stays="what was wrong and what was done",
            due=reports_to_anonymise,
        ),
    ),
    erasure={
        "service_report": emptied(
            "Who reported a fault in the directory", "what was wrong and what was done", name="", email=None
        ),
    },
    hinders=(
        while_named(
            "provider.contact_email",
            "They are the contact of a provider in the directory. Name another contact first.",
        ),
    ),
)
