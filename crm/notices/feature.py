"""What the outbox brings to the house."""

from __future__ import annotations

from crm.db.ending import Emptied, Ends
from crm.db.erasing import by_room
from crm.db.personal import Personal
from crm.db.processing import PUBLIC_TASK, Processing
from crm.kernel.roles import Role
from crm.kernel.workflow import spoken
from crm.notices.jobs import forget_old_runs, run_worker
from crm.notices.policy import CAUSERS, POLICY
from crm.notices.rules import PASSING
from crm.notices.service import ERASED_IN_TIME, NOWHERE, erase_person
from crm.notices.views import blueprint, todos
from crm.notices.workflow import MACHINE, OVER, Act, LetterStatus
from crm.web.feature import DAILY, Area, Feature, NavigationItem, Timed, Waiting

NO_WORDS = Emptied(
    {
        "to_address": NOWHERE,
        "to_name": "Reader",
        "reply_to": None,
        "calendar": None,
        "context": {},
        "kept_text": ERASED_IN_TIME,
    }
)

FEATURE = Feature(
    name="notices",
    blueprints=(blueprint,),
    policy=POLICY,
    waits=(
        Waiting(
            "Emails that failed",
            (Role.ADMINISTRATOR, *CAUSERS),
            Act.SEND_AGAIN,
            todos,
            (LetterStatus.FAILED,),
        ),
    ),
    machines=(MACHINE,),
    navigation=(NavigationItem("Emails", "notices.letters", Act.LIST, Area.LETTERS, order=90),),
    timed=(Timed("forget old timed runs", DAILY, forget_old_runs),),
    commands=(run_worker,),
    pages={
        "letter": ("notices.letter", "letter_id"),
    },
    words={
        "letter.status": spoken,
        "letter.link_purpose": spoken,
    },
    processing=Processing(
        "Emails",
        "to send emails about what people do here, and to show what was sent",
        "everybody who is written to from here",
        PUBLIC_TASK,
        "the mail server of the service",
    ),
    personal={
        "letter.account_id": Personal("Emails to you", "kind to_address queued_at sent_at status kept_text"),
    },
    retention=(
        Ends(
            "emails",
            "Emails about meetings, signing in and reminders",
            "letter",
            "retention.email_months",
            "after it was queued",
            "to answer questions about what was sent",
            stays="the kind of email and its days",
            at="queued_at",
            only={"status": OVER, "kind": PASSING},
            then=NO_WORDS,
        ),
        Ends(
            "record emails",
            "Other emails",
            "letter",
            "retention.record_email_months",
            "after it was queued",
            "they show what was decided, offered or agreed, and claims can be brought for six years",
            stays="the kind of email and its days",
            at="queued_at",
            only={"status": OVER},
            but={"kind": PASSING},
            then=NO_WORDS,
        ),
    ),
    erasure={
        "letter": by_room(
            "Emails to them",
            "that an email was sent, when and of which kind. Its words and address go",
            address="to_address",
        ),
    },
    eraser=erase_person,
)
