"""What forms that were sent bring to the house: the ledger that lets each act once, and forgetting the old ones."""

from __future__ import annotations

from crm.db.ending import Ends
from crm.db.erasing import deleted
from crm.db.personal import Personal
from crm.db.processing import PUBLIC_TASK, Processing
from crm.submissions.service import (
    KEEP_TYPING,
    forget,
    forget_old_submissions,
    forget_typing,
    keep_typing,
    receive,
    sent_lately,
    settle,
    typing_of,
)
from crm.web.feature import DAILY, Feature, Timed
from crm.web.once import Ledger

SENT_FORMS = Ledger(
    receive=receive,
    sent_lately=sent_lately,
    settle=settle,
    forget=forget,
    keep_typing=keep_typing,
    typing_of=typing_of,
    forget_typing=forget_typing,
)
FEATURE = Feature(
    name="submissions",
    timed=(Timed("forget old submissions", DAILY, forget_old_submissions),),
    processing=Processing(
        "Forms that were not sent",
        "to give back what somebody typed when their session ended",
        "people with an account",
        PUBLIC_TASK,
    ),
    personal={
        "unsent_typing.account_id": Personal("What you typed before a session ended", "path fields at"),
    },
    retention=(
        Ends(
            "typing",
            "What you typed before a session ended",
            "unsent_typing",
            KEEP_TYPING,
            "after you were signed out",
            "so that you can go on with it",
        ),
    ),
    erasure={
        "unsent_typing": deleted("What they typed before a session ended"),
    },
)
