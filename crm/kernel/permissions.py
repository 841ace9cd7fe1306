"""Who may do what, as tables: a policy lists its rules, and what no rule allows is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from crm.kernel.errors import NotAllowed
from crm.kernel.roles import IMPLIED, STAFF, Grant, Role, Scope, Standing


class Audience(StrEnum):
    """Whom a page is made for. Promotions are lawful only for some; internal pages are for staff."""

    PUBLIC = "public"
    MEMBER = "member"
    PROMOTION = "promotion"
    INTERNAL = "internal"


@dataclass(frozen=True)
class Actor:
    """Whoever acts: an account with the grants that hold today, a visitor (no account), or the system itself.

    ``keys`` name, as "kind:id", the single things that were opened to them by a link. ``facts`` are what rooms say of
    them anew at every request, such as until when they may see pitches: so that a policy needs no session to ask.
    ``seen_by`` is who looks through their eyes: such an actor reads, does nothing, and leaves nothing in their name.
    """

    account_id: UUID | None = None
    name: str = "Visitor"
    grants: tuple[Grant, ...] = ()
    is_system: bool = False
    keys: frozenset[str] = frozenset()
    facts: Mapping[str, Any] = field(default_factory=dict, compare=False)
    seen_by: UUID | None = None

    @cached_property
    def roles(self) -> frozenset[Role]:
        """Every role held now, with those that everybody or every signed-in person has. A page asks hundreds of times."""
        implied = IMPLIED if self.account_id else frozenset({Role.ANYONE})
        by_link = frozenset({Role.KEY_HOLDER}) if self.keys else frozenset()
        return frozenset(grant.role for grant in self.grants) | implied | by_link

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds one of these roles, for whatever scope."""
        return bool(self.roles.intersection(roles))

    def scoped_to(self, scope: Scope, *roles: Role) -> frozenset[str]:
        """The ids of the hubs, rounds, businesses … for which the actor holds one of these roles."""
        return frozenset(
            grant.scope_id
            for grant in self.grants
            if grant.scope is scope and grant.role in roles and grant.scope_id
        )

    def holds_for(self, thing_id: UUID | str, *roles: Role) -> bool:
        """Whether one of these roles is held for just this thing, or everywhere."""
        wanted = str(thing_id)
        return any(
            grant.role in roles and (grant.scope is Scope.EVERYWHERE or grant.scope_id == wanted)
            for grant in self.grants
        )

    def owns(self, business_id: UUID | str) -> bool:
        """Whether they are an owner of this business, not only a contributor."""
        wanted = str(business_id)
        return any(
            grant.role is Role.FOUNDER and grant.scope_id == wanted and grant.standing is Standing.OWNER
            for grant in self.grants
        )

    def holds_key(self, kind: str, thing_id: UUID | str) -> bool:
        """Whether a link opened just this thing to them."""
        return f"{kind}:{thing_id}" in self.keys


NO_PERMISSION = "You do not have permission to do this."
ONLY_LOOKING = "You are viewing as someone else. You cannot make changes."
VISITOR = Actor()
SYSTEM = Actor(name="The system", is_system=True)


def by_link(name: str) -> Actor:
    """Who answers by the link in a letter: the link is their permission, and the audit log tells their name."""
    return Actor(name=name, is_system=True)


Relation = Callable[[Actor, Any], bool]


@dataclass(frozen=True)
class Rule:
    """``roles`` may do ``act``, if the relation between actor and thing holds.

    The relation's docstring is its name in the help pages: write it to follow "who may, if …".
    """

    act: StrEnum
    roles: frozenset[Role]
    when: Relation | None = None

    @property
    def condition(self) -> str:
        """The relation in words, empty where there is none."""
        return ((self.when.__doc__ or "").strip().rstrip(".") if self.when else "") or ""


def rule(act: StrEnum, *roles: Role, when: Relation | None = None) -> Rule:
    """A rule, written as it is spoken: ``rule(Act.EDIT, Role.ADVISER, when=is_theirs)``."""
    return Rule(act, frozenset(roles), when)


@dataclass(frozen=True)
class Apart:
    """``acts`` that nobody does as a member of staff to a thing that they have a stake in, whatever their roles.

    ``why`` says of an actor and a thing what the stake is, in words; it is empty where there is none. ``words`` say the
    same in the help pages, to follow "who may": write it as "unless …". What an outsider may do for their own is untouched.
    """

    acts: frozenset[StrEnum]
    why: Callable[[Actor, Any], str]
    words: str


class Policy:
    """The rules of one room; refused by default. The system itself may do everything a verb offers.

    ``view`` is the act without which a thing is not known to exist: whoever lacks it gets 404 rather than 403.
    ``is_seen_through`` is whether staff who look through somebody's eyes see this room too. ``explain`` says why an actor
    is refused a thing where it is not for lack of a role, and what to do; else it is empty. ``apart`` is what staff leave
    to others where they have a stake.
    """

    def __init__(
        self,
        rules: Iterable[Rule],
        *,
        view: StrEnum | None = None,
        is_seen_through: bool = False,
        explain: Callable[[Actor, Any], str] | None = None,
        apart: Apart | None = None,
    ) -> None:
        self.rules = tuple(rules)
        self.view = view
        self.is_seen_through = is_seen_through
        self.explain = explain
        self.apart = apart

    @property
    def acts(self) -> tuple[StrEnum, ...]:
        """Every act that some rule speaks of, in the order of the table."""
        return tuple(dict.fromkeys(each.act for each in self.rules))

    def is_open(self, act: StrEnum) -> bool:
        """Whether some rule lets a visitor do it, who has no account."""
        return any(each.act == act and Role.ANYONE in each.roles for each in self.rules)

    def allows(self, actor: Actor, act: StrEnum, thing: Any = None) -> bool:
        """Whether some rule lets this actor do this to this thing."""
        if actor.is_system:
            return True
        roles = actor.roles - STAFF if self._why_apart(actor, act, thing) else actor.roles
        return self._allows(roles, actor, act, thing)

    def _allows(self, roles: frozenset[Role], actor: Actor, act: StrEnum, thing: Any) -> bool:
        return any(
            each.act == act and roles & each.roles and (each.when is None or each.when(actor, thing))
            for each in self.rules
        )

    def _why_apart(self, actor: Actor, act: StrEnum, thing: Any) -> str:
        """The stake for which an actor leaves this to others; empty where they have none."""
        is_left = self.apart is not None and thing is not None and act in self.apart.acts
        return self.apart.why(actor, thing) if self.apart and is_left and actor.roles & STAFF else ""

    def knows(self, actor: Actor, thing: Any) -> bool:
        """Whether an actor may know that a thing exists: who leaves it to others for a stake in it is told so."""
        return self.view is None or actor.is_system or self._allows(actor.roles, actor, self.view, thing)

    def condition_of(self, found: Rule) -> str:
        """On what condition a rule allows its act, in words; with what staff leave to others."""
        is_left = self.apart is not None and found.act in self.apart.acts and found.roles & STAFF
        told = [found.condition, self.apart.words if self.apart and is_left else ""]
        return ", ".join(each for each in told if each)

    def require(self, actor: Actor, act: StrEnum, thing: Any = None) -> None:
        """Refuse with `NotAllowed` unless some rule allows it: the first beat of every verb.

        Nobody acts through the eyes of somebody else, whatever these would allow.
        """
        if actor.seen_by is not None:
            raise NotAllowed(ONLY_LOOKING)
        if not self.allows(actor, act, thing):
            raise NotAllowed(self.refusal(actor, thing))

    def refusal(self, actor: Actor, thing: Any = None) -> str:
        """Why this actor is refused, in words."""
        stake = self.apart.why(actor, thing) if self.apart and thing is not None else ""
        return stake or (self.explain(actor, thing) if self.explain else "") or NO_PERMISSION
