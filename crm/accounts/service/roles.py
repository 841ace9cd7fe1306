"""Ending a role and giving it back within a day, and what a colleague may do at a business."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from crm.accounts import queries
from crm.accounts.models import Account, RoleGrant
from crm.accounts.policy import POLICY
from crm.accounts.service.signing_in import end_sessions_of
from crm.accounts.workflow import Act
from crm.audit import service as audit
from crm.db.changes import Changes, amend
from crm.db.following import follow
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import moment_in_words, now, today
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role, Standing
from crm.notices.service import Extras, Reader, queue

LAST_ONE = "This is the last administrator. Make another person an administrator first."
ONLY_OWNER = "This is the only owner here. Make someone else an owner first."
UNDO_WITHIN = timedelta(days=1)
NOT_NOW = "A role can be given back within a day of its end, and only where it is not held again already."


def end_grant(found: RoleGrant, *, held_for: str = "the whole service", by: Actor) -> None:
    """End a role now, or before it begins, and tell its holder. Sessions end with it. ``held_for`` is its scope in words."""
    POLICY.require(by, Act.END_GRANT, found)
    queries.administrators_on(today())
    reason = why_not_end(found)
    if reason:
        raise Conflict(reason)
    account, what = _ended(found)
    told = {"role": found.role.label, "held_for": held_for, "by_name": by.name}
    _tell("role_ended", account, **told, ended=moment_in_words(now()))
    audit.record(Act.END_GRANT, account, {"role": (found.role, None), **what}, by=by)
    follow(Act.END_GRANT, account, by=by)


def why_not_end(found: RoleGrant) -> str | None:
    """Why a role cannot be ended: it is over, or nobody would be left who can grant roles."""
    if found.is_over(on=today()):
        when = moment_in_words(found.ended_at) if found.ended_at else day_in_words(found.valid_to or today())
        return f"This role ended on {when} already."
    if found.role is Role.ADMINISTRATOR and found.as_grant().holds_on(today()):
        return _why_last(found.account_id)
    return None


def _why_last(account_id: UUID) -> str | None:
    return LAST_ONE if queries.administrators_on(today(), locked=False) == {account_id} else None


def require_another(account_id: UUID) -> None:
    """Refuse where nobody else would be left who can grant roles. Raises `Conflict`."""
    if queries.administrators_on(today()) == {account_id}:
        raise Conflict(LAST_ONE)


def confirmed(clashes: Sequence[str]) -> Changes:
    """What an administrator confirmed that a role clashes with, for the history."""
    return {"clashes": (None, "; ".join(clashes))} if clashes else {}


def restore_grant(
    found: RoleGrant, *, held_for: str = "the whole service", clashes: Sequence[str] = (), by: Actor
) -> None:
    """Give back a role that was ended within the last day, as it was, and tell its holder. Raises `Conflict`.

    ``clashes`` are what the administrator confirmed that it clashes with now.
    """
    POLICY.require(by, Act.RESTORE_GRANT, found)
    account, what = _given_back(found, among=queries.grants_of(found.account_id))
    _tell("role_restored", account, role=found.role.label, held_for=held_for, by_name=by.name)
    audit.record(
        Act.RESTORE_GRANT, account, {"role": (None, found.role), **what, **confirmed(clashes)}, by=by
    )


def why_not_restore(found: RoleGrant) -> str | None:
    """Why a role cannot be given back: its day is over, or it is held again."""
    return None if can_be_restored(found, among=queries.grants_of(found.account_id)) else NOT_NOW


def can_be_restored(found: RoleGrant, *, among: Sequence[RoleGrant]) -> bool:
    """Whether a role was ended less than a day ago, and none of ``among`` has taken its place since."""
    wanted = (found.account_id, found.role, found.scope_id)
    holds_anew = any(
        (each.account_id, each.role, each.scope_id) == wanted and not each.is_over(on=today())
        for each in among
    )
    return found.ended_at is not None and now() < found.ended_at + UNDO_WITHIN and not holds_anew


def restorable(grants: Sequence[RoleGrant]) -> set[UUID]:
    """Those of a person's grants that can be given back now, by id."""
    return {each.id for each in grants if can_be_restored(each, among=grants)}


def dismiss(held: RoleGrant, *, business_name: str, by: Actor) -> None:
    """End a founder's access to a business and tell them; the owners who stay are told of one who leaves.

    An owner leaves only where another owner stays. Staff may remove the only owner.
    """
    POLICY.require(by, Act.DISMISS, held)
    queries.grants_at(_business_of(held))
    reason = why_not_dismiss(held, is_own=by.account_id == held.account_id)
    if reason:
        raise Conflict(reason)
    account, what = _ended(held)
    told = {"business_name": business_name, "by_name": by.name}
    if by.account_id != account.id:
        _tell("colleague_removed", account, **told, ended=moment_in_words(now()))
    else:
        for owner, grant in queries.people_of_business(_business_of(held)):
            if grant.standing is Standing.OWNER and owner.id != account.id:
                _tell("colleague_left", owner, **told, business_id=held.scope_id)
    audit.record(Act.DISMISS, account, what, by=by)


def why_not_dismiss(held: RoleGrant, *, is_own: bool) -> str | None:
    """Why access to a business cannot be ended now: it has ended, or an owner would leave it without an owner."""
    if held.is_over(on=today()):
        return "This person is no longer a colleague here."
    return ONLY_OWNER if is_own and _is_only_owner(held) else None


def _is_only_owner(held: RoleGrant) -> bool:
    live = [grant for _, grant in queries.people_of_business(_business_of(held))]
    return [each.id for each in live if each.standing is Standing.OWNER] == [held.id]


def readmit(held: RoleGrant, *, business_name: str, by: Actor) -> None:
    """Give back access to a business that ended within the last day, as it was, and tell the person. Raises `Conflict`."""
    POLICY.require(by, Act.READMIT, held)
    account, what = _given_back(held, among=queries.grants_at(_business_of(held)))
    _tell("colleague_restored", account, business_name=business_name, by_name=by.name)
    audit.record(Act.READMIT, account, what, by=by)


def change_standing(held: RoleGrant, standing: Standing, *, business_name: str, by: Actor) -> None:
    """Make a colleague an owner, or a contributor, and tell them. A business keeps one owner. Raises `Conflict`."""
    POLICY.require(by, Act.CHANGE_STANDING, held)
    queries.grants_at(_business_of(held))
    reason = why_not_change_standing(held)
    if reason:
        raise Conflict(reason)
    account = queries.account_again(held.account_id)
    changes = amend(held, standing=standing)
    if changes and by.account_id != account.id:
        told = {"business_name": business_name, "by_name": by.name, "is_owner": standing is Standing.OWNER}
        _tell("colleague_standing", account, **told)
    audit.record(Act.CHANGE_STANDING, account, {"scope_id": (held.scope_id, held.scope_id), **changes}, by=by)


def why_not_change_standing(held: RoleGrant) -> str | None:
    """Why what a colleague may do cannot be changed: they have left, or the business would be without an owner."""
    if held.is_over(on=today()):
        return "This person is no longer a colleague here."
    return ONLY_OWNER if _is_only_owner(held) else None


def _business_of(held: RoleGrant) -> UUID:
    return UUID(str(held.scope_id))


def _ended(held: RoleGrant) -> tuple[Account, Changes]:
    """End a grant at this moment, and the sessions of its holder."""
    account = queries.account_again(held.account_id)
    changes = amend(held, ended_at=now())
    end_sessions_of(account)
    return account, {"scope_id": (held.scope_id, None), **changes}


def _given_back(held: RoleGrant, *, among: Sequence[RoleGrant]) -> tuple[Account, Changes]:
    """Let a grant hold again. ``among`` are the grants that may have taken its place meanwhile."""
    if not can_be_restored(held, among=among):
        raise Conflict(NOT_NOW)
    changes = amend(held, ended_at=None)
    return queries.account_again(held.account_id), {"scope_id": (None, held.scope_id), **changes}


def _tell(kind: str, account: Account, **told: object) -> None:
    queue(kind, Reader(account.email, account.name, account.id), having=Extras(context=told))
