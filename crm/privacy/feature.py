"""What privacy brings to the house."""

from __future__ import annotations

from crm.db.ending import GONE, Emptied, Ends
from crm.db.erasing import Erasure
from crm.db.personal import Personal
from crm.db.processing import LEGAL_DUTY, Processing
from crm.kernel.measures import counted
from crm.kernel.roles import STAFF, Role
from crm.kernel.workflow import spoken
from crm.privacy.jobs.demonstration import load_demo
from crm.privacy.jobs.retention import end_planned, plan_daily, retention
from crm.privacy.policy import HANDLERS, POLICY
from crm.privacy.rules import KINDS_OF_REQUEST, STATUSES
from crm.privacy.views import copies, data_requests, erasures
from crm.privacy.views import retention as ends
from crm.privacy.workflow import ERASURES, MACHINE, Act, ErasureStatus, RequestStatus
from crm.web.feature import DAILY, Area, Feature, Job, NavigationItem, Timed, Waiting

NOBODY = Emptied({"said": GONE, "name": GONE, "email": None, "contact": GONE})

FEATURE = Feature(
    name="privacy",
    blueprints=(ends.blueprint, data_requests.blueprint, copies.blueprint, erasures.blueprint),
    policy=POLICY,
    machines=(MACHINE, ERASURES.machine),
    commands=(retention,),
    timed=(Timed("plan what to delete at the end of its retention period", DAILY, plan_daily),),
    jobs=(Job("delete what is past its retention period", end_planned),),
    numbers=data_requests.numbers,
    waits=(
        Waiting("Personal data that was not deleted", (Role.ADMINISTRATOR,), Act.VIEW_RETENTION, ends.todos),
        Waiting(
            "Requests about personal data to answer",
            HANDLERS,
            Act.ANSWER,
            data_requests.to_answer,
            (RequestStatus.OPEN,),
        ),
        Waiting("People to be erased", HANDLERS, Act.CONFIRM, erasures.to_decide, (ErasureStatus.PROPOSED,)),
        Waiting("What became of erasing a person", HANDLERS, Act.READ, erasures.to_read),
    ),
    navigation=(
        NavigationItem(
            "Retention", "privacy.retention", Act.VIEW_RETENTION, Area.FIGURES, order=88, roles=tuple(STAFF)
        ),
        NavigationItem(
            "Records of processing",
            "privacy.processing",
            Act.VIEW_PROCESSING,
            Area.FIGURES,
            order=89,
            roles=tuple(STAFF),
        ),
        NavigationItem(
            "Requests about personal data",
            "data_requests.data_requests",
            Act.LIST,
            Area.COMPLAINTS,
            order=60,
            also=("/erasures",),
        ),
    ),
    demo=load_demo,
    pages={
        "data_request": ("data_requests.data_request", "data_request_id"),
        "person_erasure": ("erasures.proposal", "erasure_id"),
    },
    words={
        "retention_run": "deletion at the end of a retention period",
        "retention_run.found": counted("row"),
        "retention_run.done": counted("row"),
        "data_request": "request about personal data",
        "data_request.kind": KINDS_OF_REQUEST,
        "data_request.status": STATUSES,
        "person_erasure": "erasure of a person",
        "person_erasure.status": spoken,
    },
    fields={
        "retention_run.kind": "What",
        "retention_run.done": "Rows",
        "data_request.kind": "What they ask for",
        "data_request.received_on": "Came on",
        "data_request.due_on": "To answer by",
        "data_request.copy_of": "Copy of the data of",
        "account.request": "For request",
        "person_erasure.is_unread": "Still to be read",
    },
    processing=Processing(
        "Requests about personal data",
        "to answer what people ask about their data",
        "people who ask",
        LEGAL_DUTY,
    ),
    personal={
        "data_request.email": Personal(
            "Your requests about personal data",
            "reference kind name email contact said received_on due_on extension_reason answer answered_at",
        ),
    },
    retention=(
        Ends(
            "data requests",
            "Requests about personal data",
            "data_request",
            "retention.request_months",
            "after the request was answered",
            "claims can be brought for six years",
            stays="what was asked for, its days and its answer",
            at="answered_at",
            then=NOBODY,
        ),
    ),
    erasure={
        "data_request": Erasure("Requests about personal data", NOBODY, "what was asked for, and its days"),
    },
)
