"""What the actions of a readiness assessment bring to the house."""

from __future__ import annotations

from functools import partial

from crm.businesses.policy import HUB_ROLES
from crm.db.ending import Stays
from crm.db.erasing import kept
from crm.db.personal import Personal
from crm.db.processing import CONTACTS, PUBLIC_TASK, Processing
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.ip.actions.jobs import load_demo
from crm.ip.actions.policy import POLICY
from crm.ip.actions.rules import STATUSES
from crm.ip.actions.service import hand, remind
from crm.ip.actions.views import actions_due, blueprint, in_hand, load_actions, load_open_actions, load_panel
from crm.ip.actions.workflow import ACTIONS, Act, ActionStatus
from crm.kernel.roles import Role
from crm.web.feature import DAILY, Caseload, Feature, Panel, Part, Tab, Timed, Waiting

PANEL = "ip/actions/_panel.html"

FEATURE = Feature(
    name="actions",
    blueprints=(blueprint,),
    policy=POLICY,
    machines=(ACTIONS,),
    timed=(Timed("remind of actions from assessments", DAILY, remind),),
    waits=(
        Waiting(
            "Actions from assessments",
            (*HUB_ROLES, Role.FOUNDER),
            Act.FINISH,
            actions_due,
            (ActionStatus.TO_DO,),
        ),
    ),
    caseloads=(Caseload("readiness_action", "Actions from assessments", in_hand, hand),),
    panels=(
        Panel("Actions from the IP assessment", PANEL, 42, partial(load_panel, name=IP), Tab.IP),
        Panel("Actions from the export assessment", PANEL, 42, partial(load_panel, name=EXPORT), Tab.EXPORT),
    ),
    demo=load_demo,
    walls={"uq_readiness_action_once": ("owner", "This action has an owner and a day already")},
    words={
        "readiness_action": "action from an assessment",
        "readiness_action.status": STATUSES,
    },
    fields={
        "readiness_action.due_on": "By when",
        "readiness_action.person_id": "Who does it",
        "readiness_action.account_id": "Who does it",
    },
    parts=(
        Part("readiness.assessment", "ip/actions/_actions.html", load_actions),
        Part("open_readiness.result", "ip/actions/_actions.html", load_open_actions),
    ),
    processing=Processing(
        "Actions from readiness checks",
        "to act on what a readiness check shows",
        CONTACTS,
        PUBLIC_TASK,
    ),
    personal={
        "readiness_action.person_id": Personal(
            "Your actions from readiness checks", "title due_on ended_at status"
        ),
        "readiness_action.account_id": Personal(
            "Your actions from readiness checks", "title due_on ended_at status"
        ),
    },
    retention=(
        Stays(
            "Actions from readiness checks",
            ("readiness_action",),
            "as long as the record of the business",
            "they are the plan of the business",
        ),
    ),
    erasure={
        "readiness_action": kept("Actions from readiness checks", "they are the plan of the business"),
    },
)
