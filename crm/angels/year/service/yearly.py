"""The yearly letter: previewed, its figures fixed when it is first sent, and sent to each member once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.angels.year.models import YearlyCopy, YearlyLetter
from crm.angels.year.policy import POLICY
from crm.angels.year.queries import yearly as queries
from crm.angels.year.queries.facts import facts
from crm.angels.year.queries.mailings import accounts_of
from crm.angels.year.queries.members import members
from crm.angels.year.rules.mailing import Weighed
from crm.angels.year.rules.members import Member
from crm.angels.year.rules.yearly import figures_for, is_empty, weigh_copies, year_of
from crm.angels.year.workflow import Act
from crm.audit import service as audit
from crm.db.changes import created
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.errors import PREVIEWED, Changed, Conflict
from crm.kernel.marks import mark_of
from crm.kernel.permissions import Actor
from crm.kernel.small_numbers import HIDDEN
from crm.notices.service import Extras, Reader, as_sent, queue

KIND = "network_year"
ALL_HAD_IT = "Every member who takes this letter has had it."


@dataclass(frozen=True)
class Draft:
    """The letter as it would be sent now. ``first`` is the one that was sent to others already: then its words stay."""

    year: int
    opening: str
    figures: list[list[str]]
    weighed: Weighed[Member]
    first: YearlyLetter | None
    subject: str
    text: str
    mark: str


def draft(opening: str, *, by: Actor) -> Draft:
    """The letter about the last year that ended, with who gets it. Nothing is written."""
    POLICY.require(by, Act.SEND_YEARLY)
    period = year_of(today())
    first = queries.letter_of(int(period.key))
    words = first.opening if first else opening.strip()
    figures = first.figures if first else figures_for(facts(), period)
    if is_empty(figures):
        raise Conflict(f"The network has no figures for {period.key}, so there is no letter about it.")
    weighed = weigh_copies(members(today()), queries.had(first.id) if first else ())
    example = as_sent(KIND, {**context_of(int(period.key), words, figures=figures), "to_name": by.name})
    mark = mark_of(words, figures, [each.angel_id for each in weighed.to])
    return Draft(int(period.key), words, figures, weighed, first, example.subject, example.text, mark)


def context_of(year: int, opening: str, *, figures: list[list[str]]) -> dict[str, Any]:
    """What the letter says."""
    lines = [f"{words}: {value}" for words, value in figures]
    has_hidden = any(value == HIDDEN for _, value in figures)
    return {
        "year": str(year),
        "opening": opening,
        "lines": lines,
        "has_hidden": has_hidden,
        "path": "/angels/mine",
    }


def send(opening: str, *, seen: str, by: Actor) -> YearlyLetter:
    """Send what was previewed to each member who has not had it. Raises `Changed` where it would be another letter now."""
    found = draft(opening, by=by)
    if not found.weighed.to:
        raise Conflict(ALL_HAD_IT)
    if found.mark != seen:
        raise Changed(PREVIEWED)
    made = found.first or _fixed(found, by=by)
    people = accounts_of([each.account_id for each in found.weighed.to])
    _post(made, people, by=by)
    audit.record(Act.SEND_YEARLY, made, created(year=made.year, asked=len(people)), by=by)
    return made


def _fixed(found: Draft, *, by: Actor) -> YearlyLetter:
    """The letter with its figures as they are now: they change no more."""
    assert by.account_id is not None
    about = {"year": found.year, "opening": found.opening, "figures": found.figures}
    made = YearlyLetter(**about, sent_at=now(), sent_by_id=by.account_id)
    session().add(made)
    session().flush()
    return made


def _post(made: YearlyLetter, people: dict[UUID, Account], *, by: Actor) -> None:
    sender = account(by.account_id) if by.account_id else None
    context = context_of(made.year, made.opening, figures=made.figures)
    having = Extras(context, reply_to=sender.email if sender else None)
    for each in people.values():
        session().add(YearlyCopy(letter_id=made.id, account_id=each.id, sent_at=now()))
        queue(KIND, Reader(each.email, each.name, each.id), having=having)
    session().flush()
