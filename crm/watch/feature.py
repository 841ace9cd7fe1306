"""What the watch brings to the house."""

from __future__ import annotations

from crm.kernel.roles import STAFF, Role
from crm.watch.jobs.checking import check_installation
from crm.watch.jobs.telling import WEEKLY, tell_auditors
from crm.watch.policy import POLICY, Act
from crm.watch.views import blueprint, todos
from crm.web.feature import Area, Feature, NavigationItem, Timed, Waiting

FEATURE = Feature(
    name="watch",
    blueprints=(blueprint,),
    policy=POLICY,
    commands=(check_installation,),
    timed=(Timed("send auditors the seal of the audit log", WEEKLY, tell_auditors),),
    waits=(
        Waiting(
            "What is wrong with the running of the service", (Role.ADMINISTRATOR,), Act.VIEW_RUNNING, todos
        ),
    ),
    navigation=(
        NavigationItem(
            "How the service is running",
            "watch.running",
            Act.VIEW_RUNNING,
            Area.DESK,
            order=7,
            roles=tuple(STAFF),
        ),
    ),
)
