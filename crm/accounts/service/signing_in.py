"""Signing in with a password or by email, sessions, and setting a password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from crm.accounts import queries
from crm.accounts.models import Account, LoginSession
from crm.accounts.policy import POLICY
from crm.accounts.rules import (
    NewPassword,
    device_of,
    hash_of_token,
    new_session_token,
    require_strong,
)
from crm.accounts.service import trying
from crm.accounts.service.trying import Door, Judged
from crm.accounts.workflow import MACHINE, AccountStatus, Act
from crm.audit import service as audit
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.clock import now
from crm.kernel.errors import BadInput, Invalid
from crm.kernel.permissions import SYSTEM, Actor
from crm.links import service as links
from crm.links.queries import dead, live_link
from crm.links.rules import Purpose
from crm.notices.service import Extras, LinkWanted, Reader, queue

WRONG = "The email address or password is not right. Check both, or ask for a sign-in link by email."


def sign_in(tried: Judged, door: Door, *, by: Actor) -> tuple[str, Actor]:
    """Sign in with a password whose try was counted and judged: the session's secret and who it is.

    Refuses with the same words whatever is wrong.
    """
    POLICY.require(by, Act.SIGN_IN)
    found = queries.account(tried.proved) if tried.proved else None
    if found is None or not _is_active(found) or found.password_hash != tried.kept:
        raise Invalid(WRONG, field="password", trace=_failed(door, tried.about))
    trying.give_back(tried.email, door)
    found.password_hash = tried.refreshed or found.password_hash
    return enter(found, door)


def _is_active(account: Account) -> bool:
    return account.status is AccountStatus.ACTIVE


def _failed(door: Door, account_id: UUID | None) -> Callable[[], None]:
    """What a failed sign-in leaves where there is such an account: a line in its trail."""

    def leave() -> None:
        account = queries.account(account_id) if account_id else None
        if account is not None:
            audit.record("sign_in_failed", account, {"device": device_of(door.agent)}, by=SYSTEM)

    return leave


def enter(account: Account, door: Door) -> tuple[str, Actor]:
    """Begin a session for an account whose owner has proved who they are: its secret, and who they are."""
    token, moment = new_session_token(), now()
    begun = LoginSession(
        account_id=account.id,
        token_hash=hash_of_token(token),
        device=device_of(door.agent),
        began_at=moment,
        expires_at=moment + timedelta(seconds=door.lifetime),
    )
    session().add(begun)
    session().flush()
    loaded = queries.account(account.id)
    assert loaded is not None
    actor = queries.actor_of(loaded)
    audit.record(Act.SIGN_IN, account, {"device": (None, begun.device)}, by=actor)
    return token, actor


def send_sign_in_letter(email: str, door: Door, *, by: Actor) -> None:
    """Send a link to sign in with, if there is such an account; whoever asks cannot tell whether there is."""
    POLICY.require(by, Act.SIGN_IN)
    trying.count_letter(email, door)
    found = queries.account_of(email)
    if found is not None and found.status is not AccountStatus.DEACTIVATED:
        reader = Reader(found.email, found.name, found.id)
        queue("sign_in", reader, having=Extras(link=LinkWanted(Purpose.SIGN_IN, str(found.id))))
        audit.record("ask_for_sign_in_link", found, by=SYSTEM)


def sign_in_by_link(token: str, door: Door, *, by: Actor) -> tuple[str, Actor]:
    """Use a sign-in link up. An invited person accepts the invitation by it."""
    POLICY.require(by, Act.SIGN_IN)
    found = queries.account(UUID(links.use(token, Purpose.SIGN_IN)))
    if found is None or found.status is AccountStatus.DEACTIVATED:
        raise dead(Purpose.SIGN_IN)
    accept_invitation(found)
    return enter(found, door)


def set_password(token: str, new: NewPassword, *, door: Door, by: Actor) -> tuple[str, Actor]:
    """Set a password by a one-time link, end every older session, and sign in."""
    POLICY.require(by, Act.ACCEPT)
    found = queries.account(UUID(live_link(token, Purpose.SET_PASSWORD).subject_id))
    if found is None or found.status is AccountStatus.DEACTIVATED:
        raise dead(Purpose.SET_PASSWORD)
    _keep_password(found, new)
    links.use(token, Purpose.SET_PASSWORD)
    accept_invitation(found)
    end_sessions_of(found)
    audit.record(Act.CHANGE_OWN_PASSWORD, found, by=Actor(found.id, found.name))
    return enter(found, door)


def change_password(tried: Judged, new: NewPassword, *, door: Door, by: Actor) -> tuple[str, Actor]:
    """Change one's own password, knowing the old one; every session ends and a new one begins."""
    POLICY.require(by, Act.CHANGE_OWN_PASSWORD)
    found = queries.account(by.account_id) if by.account_id and tried.proved == by.account_id else None
    if found is None or found.password_hash != tried.kept:
        message = "This is not your password now"
        raise Invalid(message, field="password", trace=_failed(door, tried.about))
    _keep_password(found, new)
    trying.give_back(found.email, door)
    end_sessions_of(found)
    audit.record(Act.CHANGE_OWN_PASSWORD, found, by=by)
    return enter(found, door)


def _keep_password(account: Account, new: NewPassword) -> None:
    try:
        require_strong(new.words, personal=(account.email, account.name))
    except BadInput as error:
        raise Invalid(str(error), field="new_password") from error
    account.password_hash = new.hashed


def accept_invitation(account: Account) -> None:
    """Note that an invited person came; nothing changes for anyone else."""
    if account.status is AccountStatus.INVITED:
        changes = advance(MACHINE, account, Act.ACCEPT)
        audit.record(Act.ACCEPT, account, changes, by=Actor(account.id, account.name))


def sign_out(token: str, *, by: Actor) -> None:
    """End the session of this secret."""
    POLICY.require(by, Act.SIGN_OUT)
    session().execute(
        update(LoginSession)
        .where(LoginSession.token_hash == hash_of_token(token), LoginSession.ended_at.is_(None))
        .values(ended_at=now())
    )
    account = queries.account(by.account_id) if by.account_id else None
    if account is not None:
        audit.record(Act.SIGN_OUT, account, by=by)


def end_session(found: LoginSession, *, by: Actor) -> None:
    """End one of one's own sessions, on whatever device it is."""
    POLICY.require(by, Act.END_OWN_SESSION, found)
    found.ended_at = found.ended_at or now()
    audit.record(Act.END_OWN_SESSION, found, {"device": (found.device, None)}, by=by)


def end_sessions_of(account: Account) -> None:
    """End every session of an account: when its roles, its password or its standing change."""
    session().execute(
        update(LoginSession)
        .where(LoginSession.account_id == account.id, LoginSession.ended_at.is_(None))
        .values(ended_at=now())
    )
