"""Who is it: the actor behind the request, as Flask-Login finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask
from flask import session as cookie
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from crm.kernel.clock import now
from crm.kernel.permissions import VISITOR, Actor

Facts = Callable[[Actor], Mapping[str, Any]]
Recognise = Callable[[str], Actor | None]
Eyes = Callable[[Actor, UUID], Actor | None]
"""Through whose eyes somebody may look, by the id of a thing that stands for them; None where they may not."""
KEYS, MOST_KEYS = "keys", 20
LOOK, LOOK_LASTS = "look", timedelta(minutes=30)


class SignedIn(UserMixin):
    """Somebody with a live session. ``token`` is the session's secret, kept in the signed cookie alone.

    ``actor`` is who they are to every page: themselves or, while they look through somebody's eyes, that person.
    """

    def __init__(self, token: str, actor: Actor, *, seen: Actor | None = None) -> None:
        self.token = token
        self.own = actor
        self.actor = seen or actor

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie."""
        return self.token


def current_actor() -> Actor:
    """The actor of this request, with the keys in their cookie; a visitor where nobody is signed in."""
    user = current_user._get_current_object()  # noqa: SLF001 werkzeug's own way to the object behind its proxy
    known = user.actor if isinstance(user, SignedIn) else VISITOR
    return replace(known, keys=frozenset(cookie[KEYS])) if cookie.get(KEYS) else known


def looker() -> Actor | None:
    """Who really is there, while they look through somebody else's eyes; else None."""
    user = current_user._get_current_object()  # noqa: SLF001 as above
    return user.own if isinstance(user, SignedIn) and user.actor is not user.own else None


def begin_look(thing_id: UUID) -> None:
    """Look through somebody's eyes from the next request on, for half an hour at most."""
    cookie[LOOK] = [str(thing_id), (now() + LOOK_LASTS).isoformat()]


def end_look() -> None:
    """Be oneself again."""
    cookie.pop(LOOK, None)


def _seen_by(own: Actor, eyes: Iterable[Eyes]) -> Actor | None:
    """Through whose eyes this request looks: asked anew each time, for the leave to look may have ended."""
    thing_id, until = cookie.get(LOOK, (None, None))
    if thing_id is None or datetime.fromisoformat(until) <= now():
        return None
    found = (each(own, UUID(thing_id)) for each in eyes)
    return next((each for each in found if each is not None), None)


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


class LateFacts(Mapping[str, Any]):
    """What the rooms say of an actor, asked once a policy wants to know it: most pages ask nothing of it."""

    def __init__(self, ask: Callable[[], Mapping[str, Any]]) -> None:
        self._ask = cache(ask)

    def __getitem__(self, name: str) -> Any:
        return self._ask()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ask())

    def __len__(self) -> int:
        return len(self._ask())


def informed(actor: Actor, sources: Iterable[Facts]) -> Actor:
    """The same actor with what the rooms say of them now."""
    kept = tuple(sources)
    return replace(
        actor,
        facts=LateFacts(lambda: {name: value for source in kept for name, value in source(actor).items()}),
    )


def install(
    app: Flask, recognise: Recognise, *, sources: Sequence[Facts] = (), eyes: Sequence[Eyes] = ()
) -> None:
    """Let Flask-Login ask ``recognise`` whose session a token is, and each room what is true of them.

    ``eyes`` say through whose eyes they may look, if their cookie says that they do.
    """
    manager = LoginManager(app)
    manager.session_protection = None  # sessions are rows: they end by being ended, not by a changed address

    @manager.user_loader  # type: ignore[untyped-decorator]
    def _load(token: str) -> SignedIn | None:
        actor = recognise(token)
        if actor is None:
            return None
        own = informed(actor, sources)
        seen = _seen_by(own, eyes)
        return SignedIn(token, own, seen=informed(seen, sources) if seen else None)
