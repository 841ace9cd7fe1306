"""What the trail brings to the house."""

from __future__ import annotations

from crm.audit.jobs import anchor_trail, audit_commands, seal_trail
from crm.audit.policy import POLICY, Act
from crm.audit.views import blueprint
from crm.db.erasing import wholly
from crm.db.personal import WORK, NotCopied
from crm.db.processing import PUBLIC_TASK, Processing
from crm.web.feature import HOURLY, Area, Feature, NavigationItem, Timed

FEATURE = Feature(
    name="audit",
    blueprints=(blueprint,),
    policy=POLICY,
    navigation=(NavigationItem("Audit log", "audit.trail", Act.VIEW_TRAIL, Area.AUDIT, order=95),),
    timed=(
        Timed("seal the audit trail", HOURLY, seal_trail),
        Timed("tell the seals of the audit trail to a file", HOURLY, anchor_trail),
    ),
    commands=(audit_commands,),
    processing=Processing(
        "Audit log",
        "to show who changed and decided what, where public money and other people’s details are involved",
        "staff, people at businesses and investors",
        PUBLIC_TASK,
    ),
    personal={
        "audit_entry.actor_id": NotCopied("the list of what you did is made of it"),
        "audit_erasure.actor_id": WORK,
    },
    erasure={
        **wholly(
            "What was done, in the audit log",
            "the log shows what was changed: names in it are deleted, and its entries stay under the pseudonym",
            *("audit_entry", "audit_value", "audit_seal", "audit_erasure"),
        ),
    },
)
