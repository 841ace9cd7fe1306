"""What complaints bring to the house."""

from __future__ import annotations

from crm.complaints.jobs import load_demo
from crm.complaints.policy import HANDLERS, POLICY
from crm.complaints.rules import CHANNELS, STATUSES
from crm.complaints.service import alert
from crm.complaints.views import blueprint, to_acknowledge, to_answer
from crm.complaints.workflow import MACHINE, Act, ComplaintStatus
from crm.db.ending import GONE, Emptied, Ends
from crm.db.erasing import while_in, whole
from crm.db.personal import Personal
from crm.db.processing import LEGAL_DUTY, Processing
from crm.web.feature import DAILY, Area, Feature, NavigationItem, Timed, Waiting

FEATURE = Feature(
    name="complaints",
    blueprints=(blueprint,),
    policy=POLICY,
    machines=(MACHINE,),
    navigation=(NavigationItem("Complaints", "complaints.complaints", Act.LIST, Area.COMPLAINTS),),
    timed=(Timed("alert administrators to complaints to acknowledge", DAILY, alert),),
    waits=(
        Waiting(
            "Complaints to acknowledge", HANDLERS, Act.ACKNOWLEDGE, to_acknowledge, (ComplaintStatus.OPEN,)
        ),
        Waiting("Complaints to answer", HANDLERS, Act.ANSWER, to_answer, (ComplaintStatus.ACKNOWLEDGED,)),
    ),
    demo=load_demo,
    pages={"complaint": ("complaints.complaint", "complaint_id")},
    words={
        "complaint": "complaint about personal data",
        "complaint.channel": CHANNELS,
        "complaint.status": STATUSES,
    },
    fields={
        "complaint.channel": "How it came",
        "complaint.received_on": "Came on",
        "complaint.due_on": "To acknowledge by",
        "complaint.alerted_at": "Administrators alerted",
    },
    processing=Processing(
        "Complaints about personal data",
        "to answer complaints",
        "people who complain",
        LEGAL_DUTY,
    ),
    personal={
        "complaint.email": Personal(
            "Your complaints about personal data",
            "reference name email contact said wanted received_on due_on acknowledged_at answer answered_at",
        ),
    },
    retention=(
        Ends(
            "complaints",
            "Complaints about personal data",
            "complaint",
            "retention.complaint_months",
            "after the complaint was answered",
            "claims can be brought for six years",
            stays="its reference, days and state",
            at="answered_at",
            then=Emptied(
                {"said": GONE, "name": GONE, "email": None, "contact": GONE, "wanted": "", "answer": GONE}
            ),
        ),
    ),
    erasure={
        "complaint": whole(
            "Complaints about personal data",
            "claims can be brought for six years. They have a period of their own",
        ),
    },
    hinders=(
        while_in(
            "complaint",
            states=("open", "acknowledged"),
            words="A complaint of theirs about personal data is not answered. Answer it first.",
        ),
    ),
)
