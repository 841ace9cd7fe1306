"""What the help says of the tables, and in which order a desk is told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm.kernel.clock import is_past
from crm.kernel.eligibility import LEPS
from crm.kernel.permissions import Policy
from crm.kernel.roles import Role
from crm.kernel.workflow import Machine, spoken
from crm.places.rules import Authority
from crm.web.feature import Feature, Hit, Todo

PLAN_AREAS = ("BCLEP", "GBSLEP", "CWLEP")
"""The areas that the sector plan reports by, in the order in which the home page shows them."""
MOST_WORDS, WEEK = 100, timedelta(days=7)
TITLES = {
    "audit": "Audit log",
    "figures": "Dated figures",
    "notices": "Emails",
    "accounts": "Accounts, roles and hubs",
    "businesses": "Businesses",
    "caseload": "Lead advisers and tags",
    "directory": "Support directory",
    "diagnostics": "Diagnoses and readiness",
    "actions": "What readiness leads to",
    "evidence": "Outcomes, and finance sought",
    "referrals": "Passing a business on",
    "casework": "Conversations and hours of help",
    "meetings": "Appointments and workshops",
    "signposting": "Finding support, enquiries and action plans",
    "coverage": "Coverage of the region",
    "lists": "Lists of businesses",
    "feeds": "Feeds of other councils",
    "desk": "Public pages and desk",
    "watch": "How the service is running",
    "privacy": "Personal data: requests, erasure, retention and records",
}


MORE_TITLES = {
    "rights": "Rights, licences and renewals",
    "complaints": "Complaints about personal data",
    "billing": "Membership",
    "envelopes": "Public money",
    "subsidy": "Subsidy",
    "payments": "Payments and bank details",
    "rounds": "Rounds of the scale-up programme",
    "applications": "Applications",
    "assessing": "Assessing applications",
    "cohort": "Choosing a cohort",
    "awards": "Grant offers and awards",
    "claims": "Claims, evidence and changes to awards",
    "outcomes": "Outcomes of awards",
    "investors": "Investors and their statements",
    "pitches": "Pitches",
    "introductions": "Introductions",
    "events": "Pitch nights",
    "diligence": "Due diligence",
    "deals": "Pledges and investments",
    "syndicates": "Syndicates of investors",
    "holdings": "Portfolios, papers and updates",
    "year": "Members and figures of the angel network",
    "testbed": "Test bed",
    "portfolio": "Rights and the income they protect",
    "decisions": "Strategic decisions",
    "plans": "Markets, festivals and export plans",
    "delegations": "Delegations",
    "cover": "Export insurance and finance",
    "scoreboard": "Reports on Action 6",
    "fundcase": "The fund case",
}
EVERYDAY: dict[str, tuple[str, ...]] = {
    "cover.checks": (
        "exporting",
        "export insurance",
        "export finance",
        "credit insurance",
        "UKEF",
        "UK Export Finance",
    ),
    "cover.case": ("shut-outs", "shutouts", "turnover threshold", "UKEF"),
    "delegations.delegations": ("exporting", "trade missions"),
    "export_plans.plans": ("exporting", "barriers to exporting", "export countries"),
    "markets.markets": ("exporting", "trade fairs", "market visits"),
    "test_bed.projects": ("testbed", "test-bed projects"),
    "test_bed_lessons.lessons": ("testbed lessons",),
    "test_bed_parts.businesses": ("testbed businesses",),
    "readiness.assessments": ("IP readiness", "export readiness", "intellectual property readiness"),
    "readiness_cohort.cohort": ("IP readiness", "export readiness", "readiness report"),
    "strategic_decisions.decisions": ("strategic decisions", "IP decisions"),
    "portfolio.portfolios": ("IP portfolio", "income that rights protect"),
    "right_register.register": ("IP rights", "trade marks", "patents", "designs", "copyright"),
}
"""What people call a page beside its name in the menu, by its endpoint: the search finds it by these words too."""
SAID_ACTS = {
    "not select for delegation": "not select a business for a delegation",
    "record delegate went": "record that a delegate went",
    "record delegate missing": "record that a delegate did not go",
    "hold delegation": "record who went with a delegation",
    "agree with investment": "agree with what was reported of an investment",
    "report investment differently": "report an investment differently",
    "answer maybe to night": "answer that somebody may come to a pitch night",
    "stop leading": "stop leading a raise",
    "confirm several": "confirm several services",
    "report wrong": "report what is wrong with a service",
    "look after service": "look after a service",
    "read feed on": "read on in a feed",
    "read what was handed in": "read what was handed in",
    "send all failed emails again": "send all failed emails again",
    "ask cohort proposal": "ask for a proposed cohort",
    "recall test bed lesson": "take a test-bed lesson back from approval",
    "report test bed project": "end the trial of a test-bed project",
    "withdraw from test bed": "withdraw from a test-bed project",
    "decline test bed": "decline to take part in a test-bed project",
    "agree to be named in test bed lesson": "agree to be named in a test-bed lesson",
    "refuse to be named in test bed lesson": "refuse to be named in a test-bed lesson",
    "ask to name in test bed lesson": "ask to name a business in a test-bed lesson",
    "invite to test bed": "invite a business to a test-bed project",
    "take down enquiry": "record an enquiry",
    "view trail": "read the audit log",
    "export trail": "download the audit log",
    "export": "download",
    "admit to business": "give a person access to a business",
    "dismiss from business": "end a person’s access to a business",
    "readmit to business": "give a person access to a business again",
    "change standing": "make a person an owner or a contributor",
    "claim enquiry": "take on an enquiry",
    "attach enquiry": "link an enquiry to a business",
    "view reach": "see how many businesses advisers spoke with",
    "open rows of measure": "open the records behind a number",
    "extract rows of measure": "download the records behind a number",
    "view data quality": "see which records are missing, stale or overdue",
    "meet ask": "record that finance was found",
    "drop ask": "record that finance is no longer sought",
    "leave ask unmet": "record that finance was not found",
    "say helped": "say whether a referral helped",
    "doubt": "mark a service to be checked",
    "confirm open": "confirm that a service is open",
    "connect": "record a connection of a business",
    "disconnect": "end a connection of a business",
    "match place": "find where a business is",
    "override place": "set where a business is",
    "tick step": "tick off a step",
    "certify": "sign an investor statement",
    "revoke certification": "withdraw an investor statement",
    "triage": "start the diagnosis of an enquiry",
    "clear application": "confirm that an applicant may apply",
    "deny application": "decide that an applicant may not apply",
    "give figures": "send figures",
    "win export country": "record a first sale in a country",
    "promote reserve": "award a grant from the waiting list",
    "release reserve": "end a place on the waiting list",
    "lower award": "lower an award",
    "view": "see it",
    "view how service runs": "see how the service is running",
    "view as angel": "see the network as an investor does",
    "stop viewing as angel": "stop seeing the network as an investor does",
    "view directory": "see the support directory",
    "see programme": "see the scale-up programme",
    "see network": "see what the network is",
    "view needs checking": "see which services need checking",
    "view people": "see everyone’s accounts",
    "view assessing": "see how a round is being assessed",
    "note attended": "record that a person came",
    "open told": "open the link about a referral",
    "open reply": "open the link to answer a referral",
    "open helped": "open the link that asks whether a referral helped",
    "open hours": "open the link to confirm hours",
    "open figures link": "open the link to send figures",
    "open criteria": "reopen the criteria of a round",
    "close criteria": "close the criteria of a round",
    "take part in test bed": "take part in a test-bed project",
    "answer readiness without account": "answer a readiness assessment without an account",
    "return unpaid claim": "return a claim that was not paid",
    "remind of introduction": "remind a business of a request to meet",
    "record market visit missed": "record that a visit to a market did not happen",
    "write letter to department": "write a letter to a department",
    "invite": "invite a person",
    "invite again": "send an invitation again",
    "deactivate": "stop an account signing in",
    "reactivate": "let an account sign in again",
}
PARTICLES = frozenset({"in", "up", "down", "out", "over", "back", "off"})
BARE = frozenset({"again", "to", "for", "on", "as", "about", "from", "of", "through"})
MASS = frozenset(
    {
        "access",
        "coverage",
        "diligence",
        "evidence",
        "capacity",
        "conduct",
        "everything",
        "feedback",
        "growth",
        "health",
        "interest",
        "support",
    }
)


def act_in_words(act: str) -> str:
    """An act as it is said after "can": ``add_bank_holiday`` is "add a bank holiday"."""
    words = spoken(act)
    if words in SAID_ACTS:
        return SAID_ACTS[words]
    verb, _, rest = words.partition(" ")
    verb = {"view": "see", "list": "see the list of", "extract": "download"}.get(verb, verb)
    first = rest.split(" ")[0]
    if first in PARTICLES:
        verb, rest = f"{verb} {first}", rest[len(first) + 1 :]
        first = rest.split(" ")[0]
    if first == "own":
        return f"{verb} their {rest}"
    if not rest or first in BARE or not _is_one(rest):
        return f"{verb} {rest}".strip()
    return f"{verb} {'an' if rest[0] in 'aeio' else 'a'} {rest}"


def _is_one(noun: str) -> bool:
    """Whether a noun takes "a": one thing that can be counted."""
    head = re.split(r" (?:of|to|in|from|for|as|on) ", noun)[0].split(" ")[-1]
    return head not in MASS and (not head.endswith("s") or head.endswith("ss"))


@dataclass(frozen=True)
class RoomActs:
    """What one role can do in one room: each act in words, with its conditions; empty where there is none."""

    title: str
    acts: list[tuple[str, str]]


@dataclass(frozen=True)
class RoleTable:
    """What one role can do, room by room."""

    title: str
    rooms: list[RoomActs]

    @property
    def count(self) -> int:
        """How many acts these are."""
        return sum(len(each.acts) for each in self.rooms)


def title_of(room: Feature) -> str:
    """What a room is called on the page."""
    known = TITLES | MORE_TITLES
    return known.get(room.name) or room.name.replace("_", " ").capitalize()


def tables_by_role(rooms: Iterable[Feature]) -> list[RoleTable]:
    """What each role can do, in words, as the help shows it; roles that can do nothing of their own are left out."""
    found = [(title_of(room), room.policy) for room in rooms if room.policy is not None]
    tables = [RoleTable(f"{role.label[:1].upper()}{role.label[1:]}", _rooms_of(role, found)) for role in Role]
    return [each for each in tables if each.rooms]


def _rooms_of(role: Role, policies: Iterable[tuple[str, Policy]]) -> list[RoomActs]:
    acts = [RoomActs(title, _acts_of(role, policy)) for title, policy in policies]
    return [each for each in acts if each.acts]


def _acts_of(role: Role, policy: Policy) -> list[tuple[str, str]]:
    """The acts of a role, each once: with no condition where one rule asks for none."""
    found: dict[str, list[str]] = {}
    for each in policy.rules:
        if role in each.roles:
            found.setdefault(act_in_words(each.act), []).append(policy.condition_of(each))
    return [(act, "" if "" in told else ", or ".join(dict.fromkeys(told))) for act, told in found.items()]


@dataclass(frozen=True)
class Steps:
    """What may follow what for one kind of thing, in words."""

    title: str
    moves: list[tuple[str, str, str]]


def steps_of(rooms: Iterable[Feature]) -> list[Steps]:
    """The workflows of every room, by what they are about."""
    machines = (machine for room in rooms for machine in room.machines)
    made = [Steps(f"{each.name[:1].upper()}{each.name[1:]}", _moves(each)) for each in machines]
    return sorted(made, key=lambda each: each.title)


def _moves(machine: Machine[Any]) -> list[tuple[str, str, str]]:
    return [
        (
            act_in_words(each.act),
            " or ".join(sorted(spoken(source) for source in each.sources)),
            spoken(each.target),
        )
        for each in machine.moves
    ]


@dataclass(frozen=True)
class Area:
    """One of the plan's three areas, with the councils in it."""

    name: str
    councils: list[str]


def areas_of(councils: Iterable[Authority]) -> list[Area]:
    """The plan's three areas. A council that belonged to two of them stands in both."""
    known = tuple(councils)
    return [
        Area(LEPS[lep].removeprefix("the "), [each.name for each in known if lep in each.leps])
        for lep in PLAN_AREAS
    ]


def by_urgency(todos: Iterable[Todo], *, on: date) -> list[tuple[str, list[Todo]]]:
    """What waits, in the order in which to do it: what holds up money or an offer, overdue, today, this week, and the rest.

    A group of none is left out. In each comes first what has a last day, the earliest first, then what waits longest.
    """
    groups: dict[str, list[Todo]] = {"First": [], "Overdue": [], "Today": [], "This week": [], "Waiting": []}
    for each in todos:
        groups[_urgency(each, on)].append(each)
    for of_group in groups.values():
        of_group.sort(key=_place)
    return [(title, of_group) for title, of_group in groups.items() if of_group]


def _place(todo: Todo) -> tuple[bool, date]:
    return todo.due is None, todo.due or todo.since or date.max


def _urgency(todo: Todo, on: date) -> str:
    if todo.is_first:
        return "First"
    if todo.is_overdue or (todo.due is not None and is_past(todo.due, on=on)):
        return "Overdue"
    if todo.due is None or todo.due > on + WEEK:
        return "Waiting"
    return "Today" if todo.due == on else "This week"


def by_kind(hits: Iterable[Hit]) -> dict[str, list[Hit]]:
    """What a search found, by the kind of thing, in the order of the rooms."""
    groups: dict[str, list[Hit]] = {}
    for each in hits:
        groups.setdefault(each.kind, []).append(each)
    return groups
