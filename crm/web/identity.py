"""Who is it: the actor behind the request, as Flask-Login finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Flask
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from crm.kernel.permissions import VISITOR, Actor

Facts = Callable[[Actor], Mapping[str, Any]]
Recognise = Callable[[str], Actor | None]
KEYS, MOST_KEYS = "keys", 20


class SignedIn(UserMixin):
    """Somebody with a live session. ``token`` is the session's secret, kept in the signed cookie alone."""

    def __init__(self, token: str, actor: Actor) -> None:
        self.token = token
        self.actor = actor

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie."""
        return self.token


def current_actor() -> Actor:
    """The actor of this request, with the keys in their cookie; a visitor where nobody is signed in."""
    user = current_user._get_current_object()  # noqa: SLF001 werkzeug's own way to the object behind its proxy
    known = user.actor if isinstance(user, SignedIn) else VISITOR
    return replace(known, keys=frozenset(cookie[KEYS])) if cookie.get(KEYS) else known


def give_key(kind: str, thing_id: UUID) -> None:
    """Open one thing to this browser, until its session ends: the last so many keys are kept."""
    kept = [key for key in cookie.get(KEYS, []) if key != f"{kind}:{thing_id}"]
    cookie[KEYS] = [*kept, f"{kind}:{thing_id}"][-MOST_KEYS:]


def current_token() -> str | None:
    """The secret of this request's session, if somebody is signed in."""
    return current_user.token if isinstance(current_user._get_current_object(), SignedIn) else None  # noqa: SLF001


def begin_session(token: str, actor: Actor) -> None:
    """Sign somebody in with a fresh cookie: whatever an earlier visitor's cookie held is dropped."""
    cookie.clear()
    login_user(SignedIn(token, actor))


def end_session() -> None:
    """Sign out and drop the cookie's contents."""
    logout_user()
    cookie.clear()


def informed(actor: Actor, sources: Iterable[Facts]) -> Actor:
    """The same actor with what the rooms say of them now."""
    facts = {name: value for source in sources for name, value in source(actor).items()}
    return replace(actor, facts=facts)


def install(app: Flask, recognise: Recognise, *, sources: Sequence[Facts] = ()) -> None:
    """Let Flask-Login ask ``recognise`` whose session a token is, and each room what is true of them."""
    manager = LoginManager(app)
    manager.session_protection = None  # sessions are rows: they end by being ended, not by a changed address

    @manager.user_loader  # type: ignore[untyped-decorator]
    def _load(token: str) -> SignedIn | None:
        actor = recognise(token)
        return SignedIn(token, informed(actor, sources)) if actor else None
