"""What privacy brings to the house."""

from __future__ import annotations

from crm.kernel.measures import counted
from crm.kernel.roles import STAFF, Role
from crm.privacy.jobs import end_planned, plan_daily, retention
from crm.privacy.policy import POLICY, Act
from crm.privacy.views import blueprint, todos
from crm.web.feature import DAILY, Area, Feature, Job, NavigationItem, Timed, Waiting

FEATURE = Feature(
    name="privacy",
    blueprints=(blueprint,),
    policy=POLICY,
    commands=(retention,),
    timed=(Timed("plan what to delete at the end of its retention period", DAILY, plan_daily),),
    jobs=(Job("delete what is past its retention period", end_planned),),
    waits=(Waiting("Personal data that was not deleted", (Role.ADMINISTRATOR,), Act.VIEW_RETENTION, todos),),
    navigation=(
        NavigationItem(
            "Retention", "privacy.retention", Act.VIEW_RETENTION, Area.FIGURES, order=88, roles=tuple(STAFF)
        ),
    ),
    words={
        "retention_run": "deletion at the end of a retention period",
        "retention_run.found": counted("row"),
        "retention_run.done": counted("row"),
    },
    fields={"retention_run.kind": "What", "retention_run.done": "Rows"},
)
