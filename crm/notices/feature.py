"""What the outbox brings to the house."""

from __future__ import annotations

from crm.db.personal import Personal
from crm.kernel.roles import Role
from crm.kernel.workflow import spoken
from crm.notices.jobs import forget_old_runs, run_worker
from crm.notices.policy import CAUSERS, POLICY
from crm.notices.views import blueprint, todos
from crm.notices.workflow import MACHINE, Act, LetterStatus
from crm.web.feature import DAILY, Area, Feature, NavigationItem, Timed, Waiting

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
    personal={
        "letter.account_id": Personal("Emails to you", "kind to_address queued_at sent_at status kept_text"),
    },
)
