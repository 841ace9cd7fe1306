"""What pages, desks and the search show of rights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import render_template, url_for

from crm.businesses.models import Business
from crm.kernel.clock import day_of, has_come, is_past, today
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.rights import queries
from crm.rights.models import Right, RightLicence
from crm.rights.policy import POLICY
from crm.rights.rules import labels
from crm.rights.rules.gaps import missing_assignments
from crm.rights.rules.registering import KINDS_ON_REGISTER
from crm.rights.rules.reminding import left_in_words
from crm.rights.service.looking_up import compared, why_not_look_up
from crm.rights.workflow import Act, LicenceWay, RightStatus
from crm.web.feature import Hit, Todo
from crm.web.finding import first_of
from crm.web.forms import Form
from crm.web.telling import Happening

CHANGES = (Act.CORRECT, Act.LOOK_UP, Act.REMOVE, Act.ADD_PART, Act.ADD_LICENCE)
AHEAD = 365


def of_business(found: Business, actor: Actor) -> dict[str, Any]:
    """The register of a business: its rows, renewals of a year ahead, cost and licence income a year, and gaps."""
    secrets = POLICY.allows(actor, Act.VIEW_SECRETS, found)
    rows = queries.rights_of(found.id, with_secrets=secrets)
    due = [each for each in rows if each.is_due and each.renews_on and _days(each) <= AHEAD]
    due.sort(key=lambda each: (_days(each), each.title.casefold()))
    shown: dict[str, Any] = {"business": found, "rights": rows, "rules": labels, "due": due}
    shown["left"] = {each.id: left_in_words(_days(each)) for each in due}
    costs, paying = _costs(rows), _paying(rows)
    shown |= {"costs": costs, "paying": paying, "gaps": sum(len(each.gaps) for each in rows)}
    shown["cost"] = sum((cost for _, cost in costs), Money(0))
    shown["income"] = sum((income for *_, income in paying), Money(0))
    return shown | {"can_add": not found.is_archived and POLICY.allows(actor, Act.ADD, found)}


def _days(found: Right) -> int:
    assert found.renews_on is not None
    return (found.renews_on - today()).days


def _costs(rows: Iterable[Right]) -> list[tuple[Right, Money]]:
    """What each right costs a year, where it does and has not lapsed."""
    return [
        (each, each.yearly_cost)
        for each in rows
        if each.yearly_cost and each.status is not RightStatus.LAPSED
    ]


def _paying(rows: Iterable[Right]) -> list[tuple[Right, RightLicence, Money]]:
    """The licences to others that hold today and pay something a year, each with its right."""
    day = today()
    return [
        (right, each, each.income)
        for right in rows
        for each in right.licences
        if each.income and each.way is LicenceWay.OUT and has_come(each.starts_on, on=day)
        if each.ends_on is None or not is_past(each.ends_on, on=day)
    ]


def can(found: Right, actor: Actor) -> dict[str, bool]:
    """What this person can do with a right."""
    is_open = not found.business.is_archived
    return {each.name.lower(): is_open and POLICY.allows(actor, each, found) for each in CHANGES}


def on_register(found: Right) -> dict[str, Any]:
    """What the register of the Intellectual Property Office said of a right, and where it differs from our entry."""
    why = why_not_look_up(found) if found.kind in KINDS_ON_REGISTER and found.number else None
    if why_not_look_up(found):
        return {"can_look_up": False, "told": None, "differences": (), "why_no_look_up": why}
    told = queries.register_answer(found.business_id, kind=found.kind, number=found.number)
    differences = compared(found, told) if told else ()
    return {"can_look_up": True, "told": told, "differences": differences, "why_no_look_up": None}


def removal_says(found: Right) -> list[str]:
    """What goes with a right that is removed."""
    told = ["It leaves your register, with its reminders. You would have to enter it again."]
    counts = [(len(found.parts), "part of the work", "parts of the work")]
    counts.append((len(found.licences), "licence", "licences"))
    gone = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    return told + ([f"{' and '.join(gone)} recorded with it will be removed too."] if gone else [])


def remove_page(form: Form, right: Right, *, what: str, says: Sequence[str]) -> str:
    """The page that asks before something of a right is removed, and says what that does."""
    back = url_for("rights.right", right_id=right.id)
    return render_template("rights/remove.html", form=form, right=right, what=what, says=says, back=back)


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The rights of a business for its page."""
    return of_business(found, actor) if POLICY.allows(actor, Act.VIEW, found) else None


TURNS = {
    "added": "Right added: {title}",
    "removed": "Right removed: {title}",
    "signed": "Signed assignment attached: {part} of {title}",
}


def timeline(_actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """What happened to the rights of a business."""
    return [_happening(each) for each in queries.turns_of(business_id, most=most)]


def _happening(turn: queries.Turn) -> Happening:
    href = "" if turn.kind == "removed" else url_for("rights.right", right_id=turn.right_id)
    return Happening(turn.at, TURNS[turn.kind].format(title=turn.title, part=turn.part), href=href)


def renewals(actor: Actor) -> tuple[Todo, ...]:
    """Each right whose renewal is near, or was missed."""
    rows = [each for each in _waiting(actor, Act.CORRECT) if each.is_due and each.renews_on]
    latest = max(queries.stages_on(today()))
    return tuple(
        _todo(each, f"Renew “{each.title}” and enter the new date", due=True)
        for each in rows
        if _days(each) <= latest
    )


def assignments(actor: Actor) -> tuple[Todo, ...]:
    """Each right with parts that have no signed assignment."""
    rows = _waiting(actor, Act.ATTACH_ASSIGNMENT)
    told = [(each, missing_assignments([part.made for part in each.parts])) for each in rows]
    return tuple(_todo(each, words[0]) for each, words in told if words)


def _waiting(actor: Actor, act: Act) -> list[Right]:
    return [each for each in queries.waiting(actor) if POLICY.allows(actor, act, each)]


def _todo(found: Right, words: str, *, due: bool = False) -> Todo:
    where, about = url_for("rights.right", right_id=found.id), f"{found.business.name}: {found.title}"
    if not due or found.renews_on is None:
        return Todo(words, None, where, about=about, since=day_of(found.added_at))
    return Todo(
        words, None, where, about=about, due=found.renews_on, is_overdue=is_past(found.renews_on, on=today())
    )


def find(actor: Actor, words: str) -> list[Hit]:
    """Rights that have these words in their title, number or the name of their business."""
    if not POLICY.allows(actor, Act.LIST):
        return []
    hits = [_hit(each) for each in queries.found_by(words, actor)]
    return first_of(hits, queries.MOST_HITS, every=url_for("right_register.register", q=words))


def _hit(found: Right) -> Hit:
    where = url_for("rights.right", right_id=found.id)
    return Hit(found.title, "Rights", where, f"{labels.KINDS[found.kind]}, {found.business.name}")
