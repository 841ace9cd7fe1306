"""Load, permit, act: every door says which act it is, for which audience, and what it opens on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial, wraps
from typing import Any
from uuid import UUID

from flask import Flask, Response, current_app, g, make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from crm.db.session import ACTING, ANSWERABLE, session
from crm.kernel.errors import Conflict, NotAllowed, NotFound, conflict
from crm.kernel.permissions import ONLY_LOOKING, Actor, Audience, Policy
from crm.kernel.roles import STAFF, Role
from crm.kernel.workflow import Guard, Machine
from crm.web.again import led_to_the_first
from crm.web.identity import current_actor
from crm.web.landmarks import address_of_row
from crm.web.once import answer_again, settle
from crm.web.transaction import ERROR, conclude, is_reading

View = Callable[..., ResponseReturnValue]
UNGUARDED = frozenset({"static"})
NOTHING = "There is nothing here."
NOT_THERE_NOW = "What this form is about is not there now. Someone may have removed it after you opened the page, so nothing was saved."


class SignInNeeded(Exception):
    """Nobody is signed in, and this door is not for everybody."""


class UnguardedDoor(RuntimeError):
    """A route without a permit: the application does not start with one."""


@dataclass(frozen=True)
class Door:
    """What a route declares. ``leaves_trace`` says in words what a look or a refusal leaves behind;
    ``records`` is False for a POST that keeps nothing and so has nothing to put in the trail. ``takes_files`` lets larger requests in.
    ``ends_look`` is for the one door by which whoever looks through somebody's eyes stops doing so.
    ``machine`` and ``unless`` say beforehand, on GET too, that the act cannot be done now: by the thing's state, or by any
    other reason in words. ``repeats`` is for forms that act each time they are sent: signing in, saving while one types.
    ``makes_one`` is for a bare button that makes one more thing each time it is pressed: pressed anew within minutes, as
    after Back, it leads to what it made first.
    ``is_told`` is for a button whose view says a refusal on the page that the button is on, as `answer` does.
    ``is_signed`` is for what machines send and sign: it has no form's token, and at most ``most_bytes``.
    """

    act: StrEnum
    audience: Audience
    policy: Policy
    load: Callable[..., Any] | None = None
    leaves_trace: str | None = None
    records: bool = True
    takes_files: bool = False
    ends_look: bool = False
    machine: Machine[Any] | None = None
    unless: Guard | None = None
    repeats: bool = False
    makes_one: bool = False
    is_told: bool = False
    is_signed: bool = False
    most_bytes: int = 0


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
            session().info[ACTING], session().info[ANSWERABLE] = actor.account_id, actor.has(*STAFF)
            if not actor.account_id and not is_open_to(door, actor):
                raise _stopped(door)
            again = None if is_reading() or door.repeats or not door.records else answer_again()
            if again is not None:
                return again
            if door.load is None:
                require(door, actor)
                return _concluded(_made_before(door) or view(**url))
            g.load_again = partial(door.load, **url)
            thing = g.load_again()
            require(door, actor, thing=thing)
            g.thing = thing
            made = _made_before(door)
            if made is not None:
                return _concluded(made)
            _require_possible(door, thing)
            return _concluded(_unless_refused(view(thing)))

        guarded.door = door  # type: ignore[attr-defined]
        return guarded

    return decorate


def _made_before(door: Door) -> AnyResponse | None:
    """Where a button that makes one thing led a few minutes ago; None where it is to make another."""
    return led_to_the_first() if door.makes_one and not is_reading() else None


def _concluded(answer: ResponseReturnValue) -> Response:
    """End the request's transaction; an act that is to be kept notes where it led, in case it is sent again."""
    response = make_response(answer)
    if not is_reading() and response.status_code < ERROR:
        settle(response)
    return conclude(response)


def _require_possible(door: Door, thing: Any) -> None:
    """Refuse what cannot be done now before anybody fills in its form. Raises `Conflict` with the reason.

    A form that was filled in meanwhile says so itself, above what was typed (`crm.web.forms.answer`); where a refusal
    leaves a trace, the verb refuses what is sent, since only it writes the trace.
    """
    if door.leaves_trace and _is_form_page() and not is_reading():
        return
    try:
        if door.machine is not None:
            door.machine.target(door.act, thing.status, thing=thing)
        reason = door.unless(thing) if door.unless else None
        if reason:
            raise conflict(reason)
    except Conflict as refusal:
        if is_reading() or not (door.is_told or _is_form_page()):
            raise
        g.refused = refusal


def _is_form_page() -> bool:
    """Whether the page that was posted to shows its form on a GET too."""
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())


def _unless_refused(answered: ResponseReturnValue) -> ResponseReturnValue:
    """What a view answered; a refusal that no form of it has told is raised."""
    refusal: Conflict | None = g.pop("refused", None)
    if refusal is not None:
        raise refusal
    return answered


def asked_by_actor(why_not: Callable[[Any, UUID | None], str | None]) -> Guard:
    """A rule that depends on who asks, such as that nobody decides what they made themselves, as the guard of a door."""

    def guard(thing: Any) -> str | None:
        return why_not(thing, current_actor().account_id)

    return guard


def open_acts(
    thing: Any, *, policy: Policy, machine: Machine[Any] | None = None, also: Iterable[StrEnum] = ()
) -> frozenset[StrEnum]:
    """What the current actor may do with a thing as it stands: the moves its state allows, and ``also`` these.

    Nothing while they look as another person: whoever only looks is offered no act.
    """
    actor, possible = current_actor(), machine.possible(thing.status) if machine else ()
    if actor.seen_by is not None:
        return frozenset()
    return frozenset(act for act in (*possible, *also) if policy.allows(actor, act, thing))


def _require_only_looks(door: Door, actor: Actor) -> None:
    """Whoever looks through somebody's eyes reads, where the room allows it or everybody may, and does nothing else."""
    if actor.seen_by is None or door.ends_look:
        return
    if not is_reading():
        raise NotAllowed(ONLY_LOOKING)
    if not door.policy.is_seen_through and door.audience is not Audience.PUBLIC:
        raise NotAllowed("You are viewing as someone else, so you cannot open this page. Stop viewing first.")


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
        raise NotFound(_nothing(door, actor))
    if door.policy.allows(actor, door.act, thing):
        return
    if door.audience is Audience.PROMOTION:
        raise NotFound(NOTHING)
    if thing is not None and not door.policy.knows(actor, thing):
        raise NotFound(_nothing(door, actor))
    raise NotAllowed(door.policy.refusal(actor, thing))


def _nothing(door: Door, actor: Actor) -> str:
    """The same words for what was removed and what may not be seen, so that they tell nobody which it is.

    What was posted by somebody signed in came from a page that they had open; of a promotion there are no words at all.
    """
    is_told = not is_reading() and actor.account_id is not None and door.audience is not Audience.PROMOTION
    return NOT_THERE_NOW if is_told else NOTHING


def door_of(app: Flask, endpoint: str) -> Door | None:
    """What the route of this endpoint declared."""
    return getattr(app.view_functions[endpoint], "door", None)


def open_address(table: str, thing_id: Any, *, to: Actor) -> str:
    """The page of the row of ``table`` with this id, for those who may open pages of its kind; else empty."""
    endpoint = current_app.extensions["pages"].get(table, ("",))[0]
    door = door_of(current_app, endpoint) if endpoint else None
    is_open = door is not None and door.policy.allows(to, door.act)
    return address_of_row(table, thing_id) if is_open else ""


def check_doors(app: Flask) -> None:
    """Refuse to start with a route that declares no act and no audience."""
    bare = [rule.endpoint for rule in app.url_map.iter_rules() if door_of(app, rule.endpoint) is None]
    unguarded = sorted(set(bare) - UNGUARDED)
    if unguarded:
        raise UnguardedDoor(f"these routes declare no permit: {', '.join(unguarded)}")
