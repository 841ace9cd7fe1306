"""What the register of rights brings to the house."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES
from crm.db.processing import PUBLIC_TASK, Processing
from crm.kernel.roles import Role
from crm.rights.jobs import load_demo
from crm.rights.measures import FOR_REPORTS
from crm.rights.policy import POLICY
from crm.rights.rules.labels import KINDS, MAKERS, STATUSES, WAYS, said_reminded
from crm.rights.rules.shares import in_words
from crm.rights.service.reminding import remind
from crm.rights.views import chain, register, register_lookups, renewal_calendars, rights, showing
from crm.rights.workflow import Act
from crm.web.feature import DAILY, Among, Area, Feature, NavigationItem, Panel, Tab, Timed, Waiting

FEATURE = Feature(
    name="rights",
    blueprints=tuple(
        each.blueprint for each in (rights, chain, register, register_lookups, renewal_calendars)
    ),
    policy=POLICY,
    measures=FOR_REPORTS,
    navigation=(NavigationItem("Rights", "right_register.register", Act.LIST, Area.BUSINESSES, order=60),),
    timed=(Timed("remind of rights to renew", DAILY, remind),),
    waits=(
        Waiting("Rights to renew", (*HUB_ROLES, Role.FOUNDER), Act.CORRECT, showing.renewals),
        Waiting(
            "Missing assignments", (*HUB_ROLES, Role.FOUNDER), Act.ATTACH_ASSIGNMENT, showing.assignments
        ),
    ),
    finder=showing.find,
    timeline=showing.timeline,
    panels=(Panel("Rights", "rights/_panel.html", 43, showing.load_panel, Tab.IP),),
    demo=load_demo,
    pages={"ip_right": ("rights.right", "right_id")},
    words={
        "ip_right": "right",
        "right_part": "part of a right",
        "right_licence": "licence",
        "register_answer": "look-up on the register of rights",
        "ip_right.kind": KINDS,
        "ip_right.status": STATUSES,
        "ip_right.reminded_days": said_reminded,
        "ip_right.shares": Among(lambda shares, _: in_words(shares)),
        "right_part.maker_kind": MAKERS,
        "right_licence.way": WAYS,
    },
    fields={
        "ip_right.kind": "Type of right",
        "ip_right.territory": "Where it applies",
        "ip_right.number": "Registration number",
        "ip_right.renews_on": "Renewal date",
        "ip_right.reminded_days": "Reminder sent",
        "ip_right.protects": "Note on the income it protects",
        "right_part.craft": "What they did",
        "right_part.maker": "Made by",
        "right_part.maker_kind": "How they worked",
        "right_licence.way": "Direction",
        "right_licence.income": "Paid a year",
        "register_answer.is_known": "The register knows it",
        "right_licence.is_exclusive": "Exclusive",
        "right_licence.party": "Other business or person",
    },
    processing=Processing(
        "Rights, licences and chain of title",
        "to help a business to know and protect what it owns",
        "people at businesses, and people who made or share a right",
        PUBLIC_TASK,
        tables=("ip_right", "right_part", "right_licence"),
    ),
)
