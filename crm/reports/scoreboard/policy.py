"""Who sees what Action 6 came to, and who may open the rows behind a number."""

from __future__ import annotations

from typing import Any

from crm.businesses.policy import HUB_ROLES, SEE_ALL, whose
from crm.db.counting import DATA, Measure
from crm.kernel.permissions import Actor, Policy, rule
from crm.kernel.roles import Role, Scope
from crm.kernel.text import series
from crm.reports.scoreboard.workflow import Act

MANAGERS = (Role.HUB_MANAGER, Role.PROGRAMME_MANAGER, Role.NETWORK_MANAGER)
"""Those who answer for a part of Action 6."""
WORKERS = (Role.EXPORT_ADVISER, Role.TEST_BED_MANAGER)
"""Those whose own work makes up a line: they see how it is counted."""
KEEPERS = (Role.ADMINISTRATOR, Role.AUDITOR, *MANAGERS)
READERS = (*KEEPERS, *WORKERS)
"""Those who may open the rows behind a number, as far as the records themselves let them."""
LINE_OF = {"scale-up": "6.2"}
"""The line of Action 6 that a programme is."""


def lines_of(actor: Actor) -> set[str] | None:
    """The lines whose numbers a person outside is told of: those of their programmes. None is all lines."""
    if not is_outside(actor) or any(
        each.role is Role.FUNDER and each.scope is Scope.EVERYWHERE for each in actor.grants
    ):
        return None
    held = actor.scoped_to(Scope.PROGRAMME, Role.FUNDER)
    return {line for programme, line in LINE_OF.items() if programme in held}


def is_of_their_programme(actor: Actor, thing: Any) -> bool:
    """if they fund the programme that it belongs to"""
    lines = lines_of(actor)
    return getattr(thing, "line", DATA) != DATA if lines is None else getattr(thing, "line", None) in lines


POLICY = Policy(
    [
        rule(Act.VIEW, *READERS, Role.FUNDER),
        rule(Act.VIEW_MEASURE, *READERS),
        rule(Act.VIEW_MEASURE, Role.FUNDER, when=is_of_their_programme),
        rule(Act.OPEN_ROWS, *READERS),
        rule(Act.EXTRACT, *READERS),
        rule(Act.VIEW_QUALITY, *KEEPERS),
    ],
    view=Act.VIEW_MEASURE,
)


def opens_some(actor: Actor, measure: Measure) -> bool:
    """Whether this person may open any row of a measure: their role reads all, or they look after businesses."""
    return POLICY.allows(actor, Act.OPEN_ROWS) and actor.has(*measure.readers, *SEE_ALL, *HUB_ROLES)


def who_opens(measure: Measure) -> str:
    """Who can open the rows of a measure, for somebody who cannot: who reads all of them, and who those of their businesses."""
    every = sorted({each.label for each in (*SEE_ALL, *measure.readers) if each in READERS})
    own = sorted({each.label for each in HUB_ROLES if each in READERS} - set(every))
    words = f"The {series([f'{each}s' for each in every])} can open all of these records"
    theirs = f", the {series([f'{each}s' for each in own])} those of the businesses that they look after"
    return f"{words}{theirs if own else ''}."


def whose_numbers(actor: Actor, *, hub: str = "") -> str:
    """Of whom the numbers speak, in words, unless they are of one hub that was asked for; and which records open for who cares for some."""
    if hub or is_outside(actor):
        return ""
    opened = f" The records that open for you are those of {whose(actor)}." if actor.has(*HUB_ROLES) else ""
    return f"The numbers count the whole region, across all its hubs.{opened}"


def is_outside(actor: Actor) -> bool:
    """Whether an actor is told numbers without the rows behind them, and so no small ones: funders."""
    return not actor.is_system and not POLICY.allows(actor, Act.OPEN_ROWS)
