"""Inviting people, granting roles, deactivating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm.accounts import queries
from crm.accounts.models import Account, RoleGrant
from crm.accounts.policy import POLICY
from crm.accounts.service.roles import confirmed, require_another
from crm.accounts.service.signing_in import end_sessions_of
from crm.accounts.workflow import MACHINE, AccountStatus, Act
from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, has_come, moment_in_words, now, require_ahead, today
from crm.kernel.emails import read_email
from crm.kernel.errors import BadInput, Conflict, Invalid, require_all
from crm.kernel.permissions import Actor
from crm.kernel.roles import GRANTABLE, SCOPES, STAFF, Role, Scope, Standing
from crm.links import service as links
from crm.links.rules import Purpose
from crm.notices.service import Extras, LinkWanted, Reader, queue, readdress

ERASED = "This person was erased, so nobody uses this account again. Invite them to a new account."
_WHAT = {Scope.EVERYWHERE: "the whole service"}


@dataclass(frozen=True)
class Invitation:
    """Whom to invite. No letter goes to whoever is handed their link in another way: a letter's would kill it."""

    email: str
    name: str
    is_staff: bool = True
    by_letter: bool = True


@dataclass(frozen=True)
class GrantWanted:
    """A role for a scope, from a first day to a last day, if one is known."""

    role: Role
    valid_from: date
    scope: Scope = Scope.EVERYWHERE
    scope_id: str | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class Known:
    """What an administrator knows as they grant a role: its scope in words, and what they confirmed that it clashes with."""

    held_for: str = "the whole service"
    clashes: tuple[str, ...] = ()


def invite(invitation: Invitation, *, by: Actor) -> Account:
    """Make an account and send its owner a letter: staff to set a password, others to sign in."""
    POLICY.require(by, Act.INVITE)
    try:
        email = read_email(invitation.email)
    except BadInput as error:
        raise Invalid(str(error), field="email") from error
    if queries.account_of(email):
        raise Invalid("There is an account with this email address already", field="email")
    account = Account(email=email, name=invitation.name, created_at=now(), _status=MACHINE.start)
    session().add(account)
    session().flush()
    audit.record(Act.INVITE, account, created(email=email, name=invitation.name), by=by)
    if invitation.by_letter:
        _send_invitation(account, is_staff=invitation.is_staff, by=by)
    return account


def invite_again(account: Account, *, by: Actor) -> None:
    """Send the letter once more: to set a password anew, or to sign in. The older link dies."""
    POLICY.require(by, Act.INVITE_AGAIN, account)
    if account.status is AccountStatus.DEACTIVATED:
        raise Conflict("This account is deactivated. Reactivate it first.")
    has_staff_role = any(grant.role in STAFF for grant in account.grants)
    is_staff = (
        account.password_hash is not None or has_staff_role or queries.was_asked_for_password(account.id)
    )
    audit.record(Act.INVITE_AGAIN, account, by=by)
    _send_invitation(account, is_staff=is_staff, by=by)


def _send_invitation(account: Account, *, is_staff: bool, by: Actor) -> None:
    kind, purpose = ("set_password", Purpose.SET_PASSWORD) if is_staff else ("sign_in", Purpose.SIGN_IN)
    reader = Reader(account.email, account.name, account.id)
    having = Extras(context={"by_name": by.name}, link=LinkWanted(purpose, str(account.id)))
    queue(kind, reader, having=having)


def why_not_used_again(account: Account) -> str | None:
    """Why an account gets no name, role or way in again: its holder was erased, and nobody is to be known by it."""
    return ERASED if account.is_erased else None


def correct(account: Account, *, name: str, email: str, by: Actor) -> Changes:
    """Correct a name or an address. A changed address ends every session and every link sent to the old one."""
    POLICY.require(by, Act.CORRECT, account)
    refuse_if(why_not_used_again(account))
    try:
        address = read_email(email)
    except BadInput as error:
        raise Invalid(str(error), field="email") from error
    holder = queries.account_of(address)
    if holder is not None and holder.id != account.id:
        raise Invalid("There is an account with this email address already", field="email")
    before = (account.email, account.name)
    changes = amend(account, name=name, email=address)
    if "email" in changes:
        readdress(before[0], address, to_name=before[1])
        end_sessions_of(account)
        links.kill(str(account.id))
    audit.record(Act.CORRECT, account, changes, by=by)
    return changes


def grant(account: Account, wanted: GrantWanted, *, known: Known | None = None, by: Actor) -> RoleGrant:
    """Grant a role to somebody else, dated and scoped, and tell them. Where it begins today, their sessions end."""
    POLICY.require(by, Act.GRANT, account)
    refuse_if(why_not_used_again(account))
    require_grantable(account, wanted)
    fields = {
        "role": wanted.role,
        "scope": wanted.scope,
        "scope_id": wanted.scope_id,
        "valid_from": wanted.valid_from,
        "valid_to": wanted.valid_to,
        "standing": Standing.OWNER if wanted.role is Role.FOUNDER else None,
    }
    made = RoleGrant(account_id=account.id, **fields, granted_by_id=by.account_id, granted_at=now())
    session().add(made)
    if has_come(wanted.valid_from, on=today()):
        end_sessions_of(account)
    known = known or Known()
    _tell_granted(account, wanted, known, by=by)
    audit.record(Act.GRANT, account, created(**fields) | confirmed(known.clashes), by=by)
    return made


def _tell_granted(account: Account, wanted: GrantWanted, known: Known, *, by: Actor) -> None:
    """A letter to who was granted a role by a person, unless their account is closed."""
    if by.account_id is None or account.status is AccountStatus.DEACTIVATED:
        return
    begins = "" if has_come(wanted.valid_from, on=today()) else day_in_words(wanted.valid_from)
    ends = day_in_words(wanted.valid_to) if wanted.valid_to else ""
    told = {"role": wanted.role.label, "held_for": known.held_for, "begins": begins, "ends": ends}
    _tell("role_granted", account, by_name=by.name, **told)


def require_grantable(account: Account, wanted: GrantWanted) -> None:
    """Refuse a role that cannot be granted, with everything that is wrong. Raises `Invalid`."""
    require_all(
        lambda: _require_scope(wanted),
        lambda: _require_after_account(account, wanted),
        lambda: _require_order(wanted),
        lambda: _require_new(account, wanted),
    )


def _require_scope(wanted: GrantWanted) -> None:
    if wanted.role not in GRANTABLE or wanted.scope not in SCOPES[wanted.role]:
        offered = " or for ".join(_WHAT.get(scope, f"one {scope}") for scope in SCOPES.get(wanted.role, ()))
        raise Invalid(f"This role is held for {offered}: choose that", field="scope")
    if (wanted.scope is Scope.EVERYWHERE) != (wanted.scope_id is None):
        raise Invalid(f"Choose which {wanted.scope.value} the role is held for", field="scope_id")


def _require_order(wanted: GrantWanted) -> None:
    if wanted.valid_to is not None and wanted.valid_to < wanted.valid_from:
        raise Invalid("The last day must not be before the first", field="valid_to")
    require_ahead(wanted.valid_to, field="valid_to", named="The last day")


def _require_after_account(account: Account, wanted: GrantWanted) -> None:
    first = day_of(account.created_at)
    if wanted.valid_from < first:
        raise Invalid(
            f"The account exists since {day_in_words(first)}, so a role cannot begin before",
            field="valid_from",
        )


def _require_new(account: Account, wanted: GrantWanted) -> None:
    same = [
        each
        for each in queries.grants_of(account.id)
        if (each.role, each.scope, each.scope_id) == (wanted.role, wanted.scope, wanted.scope_id)
        and not each.is_over(on=max(wanted.valid_from, today()))
        and (wanted.valid_to is None or each.valid_from <= wanted.valid_to)
    ]
    if same:
        raise Invalid("They hold this role at that time already", field="role")


def deactivate(account: Account, *, by: Actor) -> None:
    """Stop an account signing in, end its sessions and links at once, and tell its holder. Nothing they did is lost."""
    POLICY.require(by, Act.DEACTIVATE, account)
    require_another(account.id)
    changes = advance(MACHINE, account, Act.DEACTIVATE)
    end_sessions_of(account)
    links.kill(str(account.id))
    _tell("account_deactivated", account, by_name=by.name, moment=moment_in_words(now()))
    audit.record(Act.DEACTIVATE, account, changes, by=by)
    follow(Act.DEACTIVATE, account, by=by)


def reactivate(account: Account, *, by: Actor) -> None:
    """Let somebody sign in again, with the roles that still hold, and tell them."""
    POLICY.require(by, Act.REACTIVATE, account)
    refuse_if(why_not_used_again(account))
    audit.record(Act.REACTIVATE, account, advance(MACHINE, account, Act.REACTIVATE), by=by)
    _tell("account_reactivated", account, by_name=by.name)


def _tell(kind: str, account: Account, **told: str) -> None:
    queue(kind, Reader(account.email, account.name, account.id), having=Extras(context=told))
