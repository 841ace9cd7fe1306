"""Erasing an account: of a person, whose roles all end; or of an investor, of whom other roles stay with the name."""

from __future__ import annotations

from crm.accounts import queries
from crm.accounts.models import Account
from crm.accounts.policy import POLICY
from crm.accounts.service.signing_in import end_sessions_of
from crm.accounts.workflow import MACHINE, AccountStatus, Act
from crm.audit import service as audit
from crm.db.changes import Changes, amend
from crm.db.erasing import Hindrance
from crm.db.personal import Subject
from crm.db.states import advance
from crm.kernel.clock import now, today
from crm.kernel.permissions import Actor
from crm.kernel.roles import STAFF, Role
from crm.kernel.text import series
from crm.links import service as links

NO_MAIL = "erased.invalid"
"""A domain that no email ever reaches: an account has an address of its own, also once it is erased."""


def has_other_roles(account: Account) -> bool:
    """Whether an investor has, or had, another role here: then what they did in it stays under their name."""
    return any(each.role is not Role.ANGEL for each in queries.grants_of(account.id))


def erase_investor(account: Account, *, reference: str, known_as: str, by: Actor) -> None:
    """End the role of an investor; with no other role the account is closed, and known by a pseudonym."""
    POLICY.require(by, Act.ERASE, account)
    for each in queries.grants_of(account.id):
        if each.role is Role.ANGEL and not each.is_over(on=today()):
            each.ended_at = now()
    end_sessions_of(account)
    if has_other_roles(account):
        audit.record(Act.ERASE, account, {"role": (Role.ANGEL, None)}, by=by)
        return
    changes = _closed(account)
    amend(account, name=known_as, email=f"{reference.lower()}@{NO_MAIL}")
    amend(account, password_hash=None, second_factor_secret=None, second_factor_since=None)
    audit.erase_all_values(account, reason=known_as, by=by)
    audit.record(Act.ERASE, account, changes, by=by)


def hindering(about: Subject) -> list[Hindrance]:
    """Roles that they still hold as our staff: what they have in hand is handed over as these end."""
    held = queries.grants_of(about.account_id) if about.account_id else ()
    live = [each.role.label for each in held if each.role in STAFF and not each.is_over(on=today())]
    words = f"They still have the role of {series(sorted(set(live)))}. End it first, so that their work is handed over."
    return [Hindrance(words, "account", about.account_id)] if live else []


def erase_person(about: Subject, *, reference: str, known_as: str, by: Actor) -> None:
    """Close the account of a person who is erased, end its roles and forget its name, address and passwords."""
    account = queries.account(about.account_id) if about.account_id else None
    if account is None:
        return
    POLICY.require(by, Act.ERASE, account)
    for each in queries.grants_of(account.id):
        if not each.is_over(on=today()):
            each.ended_at = now()
    end_sessions_of(account)
    changes = _closed(account)
    amend(account, name=known_as, email=f"{reference.lower()}@{NO_MAIL}")
    amend(account, password_hash=None, second_factor_secret=None, second_factor_since=None)
    audit.erase_all_values(account, reason=known_as, by=by)
    audit.record(Act.ERASE, account, changes, by=by)


def _closed(account: Account) -> Changes:
    links.kill(str(account.id))
    is_closed = account.status is AccountStatus.DEACTIVATED
    return {} if is_closed else advance(MACHINE, account, Act.DEACTIVATE)
