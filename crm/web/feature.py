"""The manifest: everything one room brings to the house."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import click
from flask import Blueprint

from crm.db.counting import Measure
from crm.db.ending import Retention
from crm.db.erasing import Eraser, Erasures, Hinders
from crm.db.following import Verb
from crm.db.holding import Hold
from crm.db.personal import Manifest
from crm.db.processing import Processing
from crm.db.promising import Promises
from crm.db.session import Database
from crm.kernel.permissions import Actor, Policy
from crm.kernel.roles import Role, RoleWanted, Scope
from crm.kernel.workflow import Guard, Machine
from crm.web.beside import Beside, Planned
from crm.web.telling import Related, Standings, Story, Timeline

HOURLY, DAILY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Timed:
    """Work done once in every period, by whichever worker comes first; a missed period is caught up once.

    What takes long and changes nothing is a ``look``: it is over before anything is written, since SQLite has one
    writer at a time, and a person who saves would wait for it. ``run`` is given what it saw.
    """

    name: str
    every: timedelta
    run: Callable[..., None]
    look: Callable[[], Any] | None = None


@dataclass(frozen=True)
class Job:
    """Work that a person asked for and that a request is too short for: rows that wait, which the worker asks for in turn.

    ``run`` works on one of them, in transactions of its own, and returns whether there was one. Between two steps, and outside of
    any transaction, it calls what it is given: other work is done then, and True says that the worker is to end.
    """

    name: str
    run: Callable[[Database, Callable[[], bool]], bool]


class Area(StrEnum):
    """A part of the menu. `crm.web.menu` says whose menu shows which; an area of one page is called as that page is."""

    DESK = "Desk"
    FIND_SUPPORT = "Find support"
    BUSINESSES = "Businesses"
    MY_BUSINESS = "My business"
    ENQUIRIES = "Enquiries"
    REFERRALS = "Referrals"
    CALENDAR = "Calendar"
    EXPORTING = "Exporting"
    DIRECTORY = "Directory"
    PROGRAMME = "Scale-up programme"
    APPLICATIONS = "Applications"
    ASSESSMENT = "Assessment"
    COHORT = "Cohort"
    FUNDING = "Funding"
    NETWORK = "Angel network"
    RAISING = "Raising investment"
    PITCHES = "Pitches"
    INTRODUCTIONS = "Introductions"
    PORTFOLIO = "Portfolio"
    EVENTS = "Events"
    MEMBERSHIP = "Membership"
    INVESTORS = "Investors"
    LEDGER = "Ledger"
    REPORTS = "Reports"
    TEMPLATES = "Templates"
    QUESTIONS = "Question sets"
    PEOPLE = "People"
    HUBS = "Hubs"
    FIGURES = "Figures"
    LETTERS = "Emails"
    COMPLAINTS = "Complaints"
    AUDIT = "Audit log"
    SEARCH = "Search"


class Tab(StrEnum):
    """A tab of a business's page, each at its own address."""

    OVERVIEW = "Overview"
    ACTIVITY = "Activity"
    SUPPORT = "Support"
    MONEY = "Money"
    IP = "IP"
    EXPORT = "Export"
    DETAILS = "Details and people"


@dataclass(frozen=True)
class NavigationItem:
    """A page of the menu, shown to everyone whom the policy allows to open it; the lowest ``order`` of an area comes first.

    ``roles`` limits it further, so that one page can have another label and area for other people: of two items for one
    page, the first that is for a person counts. ``also`` names other addresses whose pages belong to this one (``*`` in one is any
    one part). One that is not ``in_menu`` is found by the search.
    """

    label: str
    endpoint: str
    act: StrEnum
    area: Area
    order: int = 50
    roles: tuple[Role, ...] = ()
    also: tuple[str, ...] = ()
    in_menu: bool = True


@dataclass(frozen=True)
class Todo:
    """What waits on a desk and where to do it.

    One thing is named itself: ``count`` is None, ``about`` says whose it is, and ``since`` or ``due`` is its day.
    Several things of a kind have a count, and ``href`` opens exactly these. ``things`` are the ids of what it is about, such as an
    award, its application or its business: their own pages list it too. ``is_first`` holds up money or an offer: do it first.
    """

    label: str
    count: int | None
    href: str
    is_overdue: bool = False
    about: str = ""
    since: date | None = None
    due: date | None = None
    things: tuple[UUID, ...] = ()
    is_first: bool = False


def counted_todo(
    count: int, words: tuple[str, str], *, href: str, is_overdue: bool = False
) -> tuple[Todo, ...]:
    """So many things of a kind, in the words for one or for several; nothing where there are none."""
    return (Todo(words[count != 1], count, href, is_overdue),) if count else ()


@dataclass(frozen=True)
class Number:
    """A number on a desk; ``href`` opens the rows that it counts."""

    label: str
    value: str | int
    href: str


@dataclass(frozen=True)
class Hit:
    """One thing that a search found: what it is called, what kind of thing it is, and where its page is."""

    title: str
    kind: str
    href: str
    text: str = ""


@dataclass(frozen=True)
class Panel:
    """One room's part of a business's page, on one of its tabs.

    ``load`` is given the actor and the business and returns what ``template`` shows as ``panel``; None shows nothing.
    """

    title: str
    template: str
    order: int
    load: Callable[[Actor, Any], Mapping[str, Any] | None]
    tab: Tab


@dataclass(frozen=True)
class Home:
    """One room's part of the desk of whoever signed in; as `Panel`, but about the actor alone."""

    title: str
    template: str
    order: int
    load: Callable[[Actor], Mapping[str, Any] | None]


Links = Callable[[str, UUID], Sequence[tuple[str, str]]]
"""What leads from a thing of a lower room, by its kind and id, to one of this room: words and addresses."""
ScopeNames = Callable[[], Mapping[str, str]]
Absences = Callable[[Collection[UUID]], Mapping[UUID, str]]
ActorFacts = Callable[[Actor], Mapping[str, Any]]
Eyes = Callable[[Actor, UUID], Actor | None]
Todos = Callable[[Actor], tuple[Todo, ...]]
Numbers = Callable[[Actor], tuple[Number, ...]]


@dataclass(frozen=True)
class Waiting:
    """A state in which things wait for people: which ones, whose desk they are on, and what these can do about it.

    ``act`` is one that the room's policy allows each of ``roles``. ``states`` are those of the room's machines that it is about.
    ``find`` is asked only for people who hold one of the roles. ``pages`` are the tables whose own pages list what waits too.
    """

    what: str
    roles: tuple[Role, ...]
    act: StrEnum
    find: Todos
    states: tuple[StrEnum, ...] = ()
    pages: tuple[str, ...] = ()


Finder = Callable[[Actor, str], Sequence[Hit]]
"""What a room has under these words that this actor may see: a few, the likeliest first."""
Seed = Callable[[], Mapping[str, int]]


@dataclass(frozen=True)
class Among:
    """How a stored value is said that means something only among the other values of its entry."""

    say: Callable[[Any, Mapping[str, Any]], str]


Words = str | Mapping[Any, str] | Callable[[Any], str] | Among
"""How a stored value is said: the words of each code, or a function of the value; and what a kind of thing is called."""


@dataclass(frozen=True)
class Follow:
    """``verb`` is done to a thing after a lower room's ``act`` on it, in the same transaction (`crm.db.following`)."""

    act: StrEnum
    verb: Verb


@dataclass(frozen=True)
class Case:
    """One thing that a person has in hand: what it is, where its page is, which hubs look after it (ids), and its day."""

    id: UUID
    title: str
    href: str
    hubs: frozenset[str] = frozenset()
    due: date | None = None


Held = tuple[UUID, Case]
"""A person (account id) and one thing that they have in hand."""


@dataclass(frozen=True)
class Caseload:
    """One kind of thing that a room's people have in hand. ``hand`` is a verb: it moves one case from a person to another.

    It says whether it did: what somebody else has meanwhile stays with them. ``kind`` is what a handover calls it.
    ``held_by`` reads what several people have, by their account ids, each thing once for each who has it.
    ``roles`` can work on it: only people who hold one are offered, and a person whose role ended has left it.
    ``notice`` says who else is written to when a case changes hands. ``standing`` says what some people hold or that they are
    away, in words; ``why_not`` why a person cannot be given so many more: None where they can. ``is_watched`` is False where
    late ones are on a manager's desk already.
    """

    kind: str
    label: str
    held_by: Callable[[Collection[UUID]], Iterable[Held]]
    hand: Callable[..., bool]
    roles: tuple[Role, ...] = (Role.HUB_MANAGER, Role.ADVISER, Role.EXPORT_ADVISER)
    notice: str = ""
    standing: Callable[[Collection[UUID]], Mapping[UUID, str]] = lambda _: {}
    why_not: Callable[[UUID, int], str | None] = lambda _who, _count: None
    is_watched: bool = True


Clashes = Callable[[Actor, RoleWanted], Sequence[str]]
"""What a person does already that a further role would clash with, in sentences that speak of the role and not of them."""


Veil = Callable[[Actor, Mapping[str, Collection[UUID]]], Mapping[UUID, str]]
"""Of some rows (ids by the name of their table), those of which the audit log must not show this reader the values now,
each with the reason in words."""
PageOf = tuple[str, str]
"""Where the page of a thing is: its endpoint, and the name of the thing's id in the address."""


@dataclass(frozen=True)
class Part:
    """An upper room's part of a lower room's page, which is named by its endpoint.

    ``load`` is given the actor and the thing and returns what ``template`` shows as ``part``; None shows nothing.
    ``is_aside`` stands beside the page's own contents, where the page has two columns.
    """

    page: str
    template: str
    load: Callable[[Actor, Any], Mapping[str, Any] | None]
    is_aside: bool = False


@dataclass(frozen=True)
class Feature:
    """What `create_app`, the worker, the tests, the help pages and the drawings know of a room.

    ``send_gates`` are asked by the worker at the moment of sending a letter of their kind: a reason means "no".
    ``actor_facts`` says of an actor, at every request, what policies turn on; ``eyes`` whose eyes they may look through.
    ``waits`` says what waits, and for whom, ``numbers`` what their desk counts, and ``homes`` what it shows below. ``finder`` is the
    room's part of the search. ``panels`` and ``timeline`` are the room's part of a business's page, ``links`` lead there from things of
    lower rooms. ``scopes`` names, by id, what a role can be held for. ``open_paths`` are the addresses that programs of others read (`crm.web.openly`).
    ``reference`` loads what every installation needs, ``demo`` what only the demonstration does; both may run again.
    ``words`` says, by ``table.column``, how a stored value is said on the audit log and, by ``table``, what such a thing is called;
    ``fields`` what a ``table.column`` is called there, where its own name would not do; ``veil`` which values are not shown a reader now.
    ``clashes`` says, before a role is given, with what of the room it would clash, and ``leaves``, before one is ended, what stays open.
    ``wings`` are the rooms inside a trade. ``follows`` is what it does after acts of rooms below. ``pages`` says, by table, where the
    page of a thing is; ``landmarks``, by name, which of its pages the frame leads to; ``tabs`` where each tab of a business's page is. ``parts`` stand on pages of rooms below. ``walls`` says, by the name of a unique index, at which field and in which words a row is refused that is there already.
    ``holds`` says, by table, why the ledger entries about a row are changed on its own page only; ``beside`` is what its rows
    say of money beside the ledger, for the reconciliation; ``plans`` is what is to be paid by which day, for the forecast.
    ``promises`` is what it has decided to give before the register of subsidies knows of it. ``withholds`` says, by table, why a payment about a row, or asked for by it, may not be released now.
    ``standings`` say, by table, where rows of a lower room stand, ``stories`` tell, by table, its part of the story of one row, and
    ``related`` what was made under rows of a table, such as an award's claims: the audit log finds them under the same reference.
    ``shared`` says, by table, under which values the entries of what several such rows share name the one that they concern.
    ``recounts`` are, by table, what it did to a row of a lower room, as entries of the audit log for that row's history.
    ``works_with`` are the ids of the businesses that an account works with, as queries: those that they "work with" are all of these.
    ``measures`` are what it counts for the reports. ``caseloads`` are what its people have in hand, and how one case goes to another
    person; ``absences`` says of some accounts, in words, which are away now or soon. ``personal`` says, by ``table.column``, what of a
    row belongs to the person whom that column names: their copy of it is made from there. ``retention`` says how long its rows with
    personal data are kept, and what then happens to them. ``erasure`` says, by table, what becomes of the rows about a person who is
    erased, ``eraser`` is the verb for what a manifest cannot say, and ``hinders`` what stands against erasing somebody now.
    ``processing`` says what its personal data is for: with these manifests, its part of the records of processing.
    """

    name: str
    blueprints: tuple[Blueprint, ...] = ()
    policy: Policy | None = None
    machines: tuple[Machine[Any], ...] = ()
    navigation: tuple[NavigationItem, ...] = ()
    send_gates: Mapping[str, Guard] = field(default_factory=dict)
    timed: tuple[Timed, ...] = ()
    jobs: tuple[Job, ...] = ()
    actor_facts: ActorFacts | None = None
    eyes: Eyes | None = None
    waits: tuple[Waiting, ...] = ()
    numbers: Numbers | None = None
    finder: Finder | None = None
    homes: tuple[Home, ...] = ()
    works_with: Callable[[UUID], Sequence[Any]] | None = None
    caseloads: tuple[Caseload, ...] = ()
    absences: Absences | None = None
    panels: tuple[Panel, ...] = ()
    timeline: Timeline | None = None
    links: Links | None = None
    scopes: Mapping[Scope, ScopeNames] = field(default_factory=dict)
    commands: tuple[click.Command, ...] = ()
    reference: Seed | None = None
    demo: Seed | None = None
    words: Mapping[str, Words] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    wings: tuple[Feature, ...] = ()
    follows: tuple[Follow, ...] = ()
    pages: Mapping[str, PageOf] = field(default_factory=dict)
    tabs: Mapping[Tab, str] = field(default_factory=dict)
    landmarks: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    walls: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    clashes: Clashes | None = None
    leaves: Clashes | None = None
    veil: Veil | None = None
    holds: Mapping[str, Hold] = field(default_factory=dict)
    withholds: Mapping[str, Hold] = field(default_factory=dict)
    promises: Promises | None = None
    beside: tuple[Beside, ...] = ()
    plans: Callable[[], Sequence[Planned]] | None = None
    measures: tuple[Measure, ...] = ()
    standings: Mapping[str, Standings] = field(default_factory=dict)
    stories: Mapping[str, Story] = field(default_factory=dict)
    related: Mapping[str, Related] = field(default_factory=dict)
    shared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recounts: Mapping[str, Callable[[Actor, Any], Sequence[Any]]] = field(default_factory=dict)
    open_paths: tuple[str, ...] = ()
    processing: Processing | None = None
    personal: Manifest = field(default_factory=dict)
    retention: Retention = ()
    erasure: Erasures = field(default_factory=dict)
    eraser: Eraser | None = None
    hinders: tuple[Hinders, ...] = ()


def unfolded(features: Iterable[Feature]) -> tuple[Feature, ...]:
    """Every room from the ground up, the wings of a trade before the trade itself."""
    return tuple(room for each in features for room in (*unfolded(each.wings), each))
