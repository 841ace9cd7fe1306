"""Load, permit, act: every door says which act it is, for which audience, and what it opens on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial, wraps
from typing import Any

from flask import Flask, g, make_response
from flask.typing import ResponseReturnValue

from crm.kernel.errors import NotAllowed, NotFound
from crm.kernel.permissions import ONLY_LOOKING, Actor, Audience, Policy
from crm.kernel.roles import Role
from crm.web.identity import current_actor
from crm.web.transaction import conclude, is_reading

View = Callable[..., ResponseReturnValue]
UNGUARDED = frozenset({"static"})
NOTHING = "There is nothing here."


class SignInNeeded(Exception):
    """Nobody is signed in, and this door is not for everybody."""


class UnguardedDoor(RuntimeError):
    """A route without a permit: the application does not start with one."""


@dataclass(frozen=True)
class Door:
    """What a route declares. ``leaves_trace`` says in words what a look or a refusal leaves behind;
    ``records`` is False for a POST that keeps nothing and so has nothing to put in the trail. ``takes_files`` lets larger requests in.
    ``ends_look`` is for the one door by which whoever looks through somebody's eyes stops doing so.
    """

    act: StrEnum
    audience: Audience
    policy: Policy
    load: Callable[..., Any] | None = None
    leaves_trace: str | None = None
    records: bool = True
    takes_files: bool = False
    ends_look: bool = False


def permits(policy: Policy) -> Callable[..., Callable[[View], View]]:
    """The ``permit`` decorator of one room, reading that room's policy."""

    def permit(act: StrEnum, *, audience: Audience, **options: Any) -> Callable[[View], View]:
        return _guard(Door(act=act, audience=audience, policy=policy, **options))

    return permit


def _guard(door: Door) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**url: Any) -> ResponseReturnValue:
            g.door = door
            actor = current_actor()
            _require_only_looks(door, actor)
            if not actor.account_id and not is_open_to(door, actor):
                raise _stopped(door)
            if door.load is None:
                require(door, actor)
                return conclude(make_response(view(**url)))
            g.load_again = partial(door.load, **url)
            thing = g.load_again()
            require(door, actor, thing=thing)
            return conclude(make_response(view(thing)))

        guarded.door = door  # type: ignore[attr-defined]
        return guarded

    return decorate


def _require_only_looks(door: Door, actor: Actor) -> None:
    """Whoever looks through somebody's eyes reads, where the room allows it or everybody may, and does nothing else."""
    if actor.seen_by is None or door.ends_look:
        return
    if not is_reading():
        raise NotAllowed(ONLY_LOOKING)
    if not door.policy.is_seen_through and door.audience is not Audience.PUBLIC:
        raise NotAllowed("This is not what you look at through their eyes. Stop looking first.")


def _stopped(door: Door) -> Exception:
    """A visitor is asked to sign in; but of a promotion not even that: that would say that there is one."""
    return NotFound(NOTHING) if door.audience is Audience.PROMOTION else SignInNeeded()


def is_open_to_visitors(door: Door) -> bool:
    """Whether some rule of this act speaks of everybody."""
    return any(Role.ANYONE in each.roles for each in door.policy.rules if each.act == door.act)


def is_open_to(door: Door, visitor: Actor) -> bool:
    """Whether somebody without an account may come as far as the table: everybody may, or holders of keys."""
    return any(each.act == door.act and each.roles & visitor.roles for each in door.policy.rules)


def require(door: Door, actor: Actor, *, thing: Any = None) -> None:
    """Refuse whoever the table does not allow: with 404 where they may not even know that the thing exists.

    A promotion answers whoever may not see it, byte for byte, as what does not exist: FSMA 2000 s.21.
    """
    if door.load is not None and thing is None:
        raise NotFound(NOTHING)
    if door.policy.allows(actor, door.act, thing):
        return
    if door.audience is Audience.PROMOTION:
        raise NotFound(NOTHING)
    view = door.policy.view
    if thing is not None and view is not None and not door.policy.allows(actor, view, thing):
        raise NotFound(NOTHING)
    raise NotAllowed("You do not have permission to do this.")


def door_of(app: Flask, endpoint: str) -> Door | None:
    """What the route of this endpoint declared."""
    return getattr(app.view_functions[endpoint], "door", None)


def check_doors(app: Flask) -> None:
    """Refuse to start with a route that declares no act and no audience."""
    bare = [rule.endpoint for rule in app.url_map.iter_rules() if door_of(app, rule.endpoint) is None]
    unguarded = sorted(set(bare) - UNGUARDED)
    if unguarded:
        raise UnguardedDoor(f"these routes declare no permit: {', '.join(unguarded)}")
