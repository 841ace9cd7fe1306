"""What the directory brings to the house."""

from __future__ import annotations

from crm.directory import api
from crm.directory.jobs.demonstration import load_demo
from crm.directory.jobs.importing import directory_commands, load_shipped_services
from crm.directory.jobs.signposting import signpost_command
from crm.directory.measures import FOR_REPORTS
from crm.directory.policy import KEEPERS, POLICY
from crm.directory.queries import provider_names
from crm.directory.rules.feed import ROOT
from crm.directory.rules.labels import NEEDS, STATUSES
from crm.directory.service.asking import ask_those_due
from crm.directory.views import directory, providers
from crm.directory.workflow import MACHINE, Act, ServiceStatus
from crm.kernel.measures import counted, percent
from crm.kernel.roles import Scope
from crm.web.feature import DAILY, Area, Feature, NavigationItem, Timed, Waiting

FEATURE = Feature(
    name="directory",
    blueprints=(directory.blueprint, providers.blueprint, api.blueprint),
    open_paths=(ROOT,),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(MACHINE,),
    navigation=(NavigationItem("Directory", "directory.directory", Act.VIEW, Area.DIRECTORY, order=20),),
    waits=(
        Waiting(
            "Services to check again",
            KEEPERS,
            Act.CONFIRM,
            directory.todos,
            (ServiceStatus.CHECK,),
        ),
    ),
    timed=(Timed("ask providers whether their services still run", DAILY, ask_those_due),),
    scopes={Scope.PROVIDER: provider_names},
    commands=(directory_commands, signpost_command),
    reference=load_shipped_services,
    demo=load_demo,
    words={
        "service.needs": NEEDS,
        "service.min_trading_months": counted("month"),
        "service.max_trading_months": counted("month"),
        "service.min_export_share_pct": percent,
        "service.status": STATUSES,
    },
    pages={
        "service": ("directory.one_service", "service_id"),
        "provider": ("directory.one_provider", "provider_id"),
    },
)
