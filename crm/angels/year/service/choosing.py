"""A member stops the emails that they can do without, or takes them again."""

from __future__ import annotations

from crm.angels.year.models import EmailChoice
from crm.angels.year.policy import POLICY
from crm.angels.year.queries.members import choice_of
from crm.angels.year.workflow import Act
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor


def stop_emails(*, by: Actor) -> EmailChoice:
    """Stop the emails that a member can do without."""
    return _choose(Act.STOP_EMAILS, is_stopped=True, by=by)


def resume_emails(*, by: Actor) -> EmailChoice:
    """Take them again."""
    return _choose(Act.RESUME_EMAILS, is_stopped=False, by=by)


def _choose(act: Act, *, is_stopped: bool, by: Actor) -> EmailChoice:
    POLICY.require(by, act)
    assert by.account_id is not None
    found = choice_of(by.account_id)
    if (found is not None and found.is_stopped) is is_stopped:
        raise Conflict("You have stopped these emails already." if is_stopped else "You get these emails.")
    if found is None:
        found = EmailChoice(account_id=by.account_id, is_stopped=False, chosen_at=now())
        session().add(found)
        session().flush()
    audit.record(act, found, amend(found, is_stopped=is_stopped, chosen_at=now()), by=by)
    return found
