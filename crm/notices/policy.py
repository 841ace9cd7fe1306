"""Who may see the outbox and set it right. The worker acts as the system itself."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import STAFF, Role
from crm.notices.models import Letter
from crm.notices.workflow import Act

SEE_ALL = (Role.ADMINISTRATOR, Role.AUDITOR)
CAUSERS = tuple(sorted(STAFF - {Role.ASSESSOR, Role.FUNDER, *SEE_ALL}))
"""Staff who see the letters that they caused. An assessor does not learn whom their question went to."""


def caused_it(actor: Actor, letter: Letter | None) -> bool:
    """if they caused it"""
    return letter is not None and letter.caused_by_id is not None and letter.caused_by_id == actor.account_id


POLICY = Policy(
    [
        rule(Act.LIST, *SEE_ALL, *CAUSERS),
        rule(Act.VIEW, *SEE_ALL),
        rule(Act.VIEW, *CAUSERS, when=caused_it),
        rule(Act.SEND_AGAIN, Role.ADMINISTRATOR),
        rule(Act.SEND_AGAIN, *CAUSERS, when=caused_it),
        rule(Act.SEND_ALL_AGAIN, Role.ADMINISTRATOR),
        rule(Act.CANCEL, Role.ADMINISTRATOR),
        rule(Act.CANCEL, *CAUSERS, when=caused_it),
    ],
    view=Act.VIEW,
)


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The rules for VIEW again, as SQL over `Letter`."""
    if actor.is_system or actor.has(*SEE_ALL):
        return true()
    if not actor.has(*CAUSERS) or actor.account_id is None:
        return false()
    return Letter.caused_by_id == actor.account_id
