"""Letting founders in to their own business, and no further."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm.accounts import queries
from crm.accounts.models import Account, RoleGrant
from crm.accounts.policy import POLICY
from crm.accounts.service.signing_in import accept_invitation
from crm.accounts.workflow import MACHINE, AccountStatus, Act
from crm.audit import service as audit
from crm.db.changes import created
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.emails import read_email
from crm.kernel.errors import BadInput, Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role, Scope, Standing
from crm.links.rules import Purpose
from crm.notices.service import Extras, LinkWanted, Reader, queue


@dataclass(frozen=True)
class Admission:
    """Whom to let in to which business, and how they stand there."""

    email: str
    name: str
    business_id: UUID
    standing: Standing = Standing.OWNER


def admit(admission: Admission, *, by: Actor) -> Account:
    """Let somebody in to a business: with the account they have, or with a new one and a letter to sign in."""
    POLICY.require(by, Act.ADMIT, admission)
    account = _account_for(admission.email, admission.name, else_new=_invited, by=by)
    if queries.live_grant_at(account.id, admission.business_id):
        raise Invalid("They have access to this business already", field="email")
    _grant(account, admission, by=by)
    return account


def admit_invited(admission: Admission, *, by: Actor) -> Account:
    """Let in someone who accepted an invitation. ``by`` is who sent it, and must still be allowed to.

    Their address is proved: they opened the link in its letter. Raises `Conflict` where their account is closed.
    """
    POLICY.require(by, Act.ADMIT, admission)
    account = queries.account_of(admission.email) or _added(admission.email, admission.name, by=by)
    if account.status is AccountStatus.DEACTIVATED:
        raise Conflict("The account of this email address is closed. Contact us to have it opened again.")
    accept_invitation(account)
    if queries.live_grant_at(account.id, admission.business_id) is None:
        _grant(account, admission, by=by)
    return account


def admit_angel(email: str, name: str, *, by: Actor) -> Account:
    """Let an investor in: with the account they have, or with a new one. The network's own letter says how to sign in."""
    POLICY.require(by, Act.ADMIT_ANGEL)
    account = _account_for(email, name, else_new=_added, by=by)
    if account.id == by.account_id:
        raise Conflict("You cannot admit yourself. Ask a colleague.")
    if not any(
        each.role is Role.ANGEL and each.as_grant().holds_on(today())
        for each in queries.grants_of(account.id)
    ):
        _keep_grant(account, {"role": Role.ANGEL, "scope": Scope.EVERYWHERE, "valid_from": today()}, by=by)
        audit.record(Act.ADMIT_ANGEL, account, created(role=Role.ANGEL), by=by)
    return account


def _account_for(email: str, name: str, *, else_new: Callable[..., Account], by: Actor) -> Account:
    """The account of an address, or a new one. Raises `Invalid` for one that was closed."""
    try:
        address = read_email(email)
    except BadInput as error:
        raise Invalid(str(error), field="email") from error
    account = queries.account_of(address) or else_new(address, name, by=by)
    if account.status is AccountStatus.DEACTIVATED:
        raise Invalid("This person's account was closed. Ask an administrator.", field="email")
    return account


def _added(email: str, name: str, *, by: Actor) -> Account:
    account = Account(email=email, name=name, created_at=now(), _status=MACHINE.start)
    session().add(account)
    session().flush()
    audit.record(Act.INVITE, account, created(email=email, name=name), by=by)
    return account


def _invited(email: str, name: str, *, by: Actor) -> Account:
    account = _added(email, name, by=by)
    having = Extras(context={"by_name": by.name}, link=LinkWanted(Purpose.SIGN_IN, str(account.id)))
    queue("sign_in", Reader(email, name, account.id), having=having)
    return account


def _grant(account: Account, admission: Admission, *, by: Actor) -> None:
    fields = {
        "role": Role.FOUNDER,
        "scope": Scope.BUSINESS,
        "scope_id": str(admission.business_id),
        "standing": admission.standing,
        "valid_from": today(),
    }
    _keep_grant(account, fields, by=by)
    audit.record(Act.ADMIT, account, created(**fields), by=by)


def _keep_grant(account: Account, fields: dict[str, Any], *, by: Actor) -> None:
    """Keep a role. Nobody is signed out: a role holds from the next request on, in every session."""
    session().add(RoleGrant(account_id=account.id, **fields, granted_by_id=by.account_id, granted_at=now()))
