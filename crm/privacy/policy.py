"""Who may see how long personal data is kept, handle what people ask about theirs, and erase a person."""

from __future__ import annotations

from crm.accounts.policy import was_proposed_by_another, was_proposed_by_them
from crm.kernel.permissions import Policy, rule
from crm.kernel.roles import Role
from crm.privacy.workflow import Act

HANDLERS = (Role.ADMINISTRATOR,)
READERS = (*HANDLERS, Role.AUDITOR)

POLICY = Policy(
    [
        rule(Act.VIEW_RETENTION, *READERS),
        rule(Act.VIEW_PROCESSING, *READERS),
        rule(Act.LIST, *READERS),
        rule(Act.VIEW, *READERS),
        rule(Act.RECORD, *HANDLERS),
        rule(Act.EXTEND, *HANDLERS),
        rule(Act.ANSWER, *HANDLERS),
        rule(Act.REFUSE, *HANDLERS),
        rule(Act.MAKE_COPY, *HANDLERS),
        rule(Act.PROPOSE, *HANDLERS),
        rule(Act.VIEW_ERASURE, *READERS),
        rule(Act.CONFIRM, *HANDLERS, when=was_proposed_by_another),
        rule(Act.REFUSE_ERASURE, *HANDLERS, when=was_proposed_by_another),
        rule(Act.WITHDRAW, *HANDLERS, when=was_proposed_by_them),
        rule(Act.READ, *HANDLERS),
    ],
    view=Act.VIEW,
)
