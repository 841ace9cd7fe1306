"""Who is away, who covers, and what happens to the enquiries of people who are away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account, receivers_for
from crm.accounts.workflow import AccountStatus
from crm.audit import service as audit
from crm.db.changes import Changes, amend, created, fields_of
from crm.db.session import session
from crm.kernel.calendar import ONE_DAY, add_months
from crm.kernel.clock import is_past, require_ahead, today
from crm.kernel.errors import Invalid, require_all
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import Role
from crm.notices.service import Extras, Reader, queue
from crm.signposting.models import Absence, Enquiry
from crm.signposting.policy import POLICY
from crm.signposting.queries.enquiring import (
    absences_covered_by,
    absences_within,
    by_holder,
    came_to_cover,
    left_by_absent,
    load_of,
)
from crm.signposting.service.queueing import add_note, can_answer, give_to, release
from crm.signposting.workflow import Act

LONGEST_AWAY = 18
"""Months from today."""
Kept = Sequence[list[Any]]
"""Names of people, each with the cases that stay with them, in words."""


@dataclass(frozen=True)
class AwayWanted:
    """Days on which an adviser is away, both included, and who stands in."""

    account_id: UUID
    first_day: date
    last_day: date
    covered_by_id: UUID | None = None


def record_absence(wanted: AwayWanted, *, by: Actor) -> Absence:
    """Keep that an adviser will be away. Whoever is no manager records their own alone."""
    POLICY.require(by, Act.RECORD_ABSENCE)
    if wanted.account_id != by.account_id and not POLICY.allows(by, Act.SET_CAPACITY):
        raise Invalid("You can record your own absence. Ask a manager for others", field="account_id")
    require_sensible(wanted)
    found = account(wanted.account_id)
    assert found is not None
    fields = fields_of(wanted)
    made = Absence(**fields)
    session().add(made)
    session().flush()
    audit.record(Act.RECORD_ABSENCE, found, created(**fields), by=by)
    _begin(made, found, by=by)
    return made


def _begin(absence: Absence, found: Account, *, kept: Kept = (), by: Actor) -> None:
    """What an absence that holds today leaves unanswered moves at once; the person and who covers are told.

    ``kept`` are the cases that stay with people who covered before.
    """
    moved = _pass_on(left_by_absent(today(), of=absence)) if absence.holds(on=today()) else []
    told: dict[str, Any] = {
        "who": found.name,
        "days": _days_in_words(absence),
        "by_name": by.name,
        "path": "/enquiries/capacity",
        "kept": kept,
    }
    cover = account(absence.covered_by_id) if absence.covered_by_id else None
    told |= {"cover": cover.name if cover else "", "cases": [_gone(words, to, cover) for words, to in moved]}
    if found.id != by.account_id or moved:
        queue("absence_recorded", Reader(found.email, found.name, found.id), having=Extras(told))
    if cover is not None:
        _tell_cover(absence, cover, [words for words, to in moved if to == cover.id], kept=kept)


def _gone(words: str, to: UUID | None, cover: Account | None) -> str:
    """Where one enquiry of a person who is away has gone."""
    return f"{words}: now with {cover.name}" if cover and to == cover.id else f"{words}: back in the queue"


def _tell_cover(absence: Absence, cover: Account, cases: Sequence[str], *, kept: Kept = ()) -> None:
    """The person who covers is told for whom, when, which enquiries came to them, and which stay with others."""
    found = account(absence.account_id)
    told: dict[str, Any] = {
        "who": found.name if found else "",
        "days": _days_in_words(absence),
        "cases": list(cases),
    }
    told |= {"kept": list(kept), "path": "/enquiries?show=mine"}
    queue("absence_covered", Reader(cover.email, cover.name, cover.id), having=Extras(told))


def require_sensible(wanted: AwayWanted, *, but: Absence | None = None) -> None:
    """Refuse days and a stand-in that cannot be, with everything that is wrong. Raises `Invalid`."""
    require_all(
        lambda: _require_free(wanted, but=but),
        lambda: _require_days(wanted),
        lambda: _require_cover(wanted),
    )


def _require_days(wanted: AwayWanted) -> None:
    if wanted.last_day < wanted.first_day:
        raise Invalid("The last day must not be before the first", field="last_day")
    require_ahead(wanted.last_day, field="last_day", named="The last day")
    if wanted.last_day > add_months(today(), LONGEST_AWAY):
        raise Invalid(f"The last day must be within the next {LONGEST_AWAY} months", field="last_day")


def _require_cover(wanted: AwayWanted) -> None:
    if wanted.covered_by_id == wanted.account_id:
        raise Invalid("Choose another person to cover", field="covered_by_id")
    if wanted.covered_by_id and not can_answer(account(wanted.covered_by_id), None):
        raise Invalid("Choose a colleague who can answer enquiries", field="covered_by_id")
    cover = _away(wanted.covered_by_id, wanted) if wanted.covered_by_id else ()
    if cover:
        words = f"They are away themselves {_days_in_words(cover[0])}. Choose another person"
        raise Invalid(words, field="covered_by_id")


def _away(account_id: UUID, wanted: AwayWanted) -> Sequence[Absence]:
    return absences_within(account_id, first_day=wanted.first_day, last_day=wanted.last_day)


def _require_free(wanted: AwayWanted, *, but: Absence | None = None) -> None:
    """Refuse days on which the person is away already."""
    own = [each for each in _away(wanted.account_id, wanted) if each is not but]
    if own:
        raise Invalid(
            f"They are away already {_days_in_words(own[0])}. Change that absence", field="first_day"
        )


def _days_in_words(absence: Absence) -> str:
    first, last = absence.first_day, absence.last_day
    return f"from {first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def change_absence(absence: Absence, wanted: AwayWanted, *, by: Actor) -> None:
    """Change the days of an absence, or who stands in."""
    POLICY.require(by, Act.CHANGE_ABSENCE, absence)
    if wanted.account_id != absence.account_id:
        raise Invalid("Record an absence of its own for another person", field="account_id")
    require_sensible(wanted, but=absence)
    found, covered_by = account(absence.account_id), absence.covered_by_id
    assert found is not None
    changes = amend(absence, **fields_of(wanted))
    session().flush()
    audit.record(Act.CHANGE_ABSENCE, found, changes, by=by)
    if not changes:
        return
    left = [each for each in came_to_cover(absence) if each.claimed_by_id != absence.covered_by_id]
    _begin(absence, found, kept=_kept(left), by=by)
    if covered_by is not None and "covered_by_id" in changes:
        _tell_replaced(absence, covered_by, left, by=by)


def _kept(cases: Sequence[Enquiry]) -> Kept:
    """The names of those who hold some cases, each with theirs in words."""
    return [
        [holder.name, [_in_words(each) for each in theirs]] for holder, theirs in by_holder(cases).items()
    ]


def _tell_replaced(absence: Absence, covered_by: UUID, left: Sequence[Enquiry], *, by: Actor) -> None:
    """The person who covered is told that they no longer do, who does, and what stays with them."""
    before, away = account(covered_by), account(absence.account_id)
    if (
        before is None
        or away is None
        or before.id == by.account_id
        or before.status is not AccountStatus.ACTIVE
    ):
        return
    cover = account(absence.covered_by_id) if absence.covered_by_id else None
    told: dict[str, Any] = {
        "who": away.name,
        "days": _days_in_words(absence),
        "cover": cover.name if cover else "",
    }
    told |= {"by_name": by.name, "path": "/enquiries?show=mine"}
    told |= {"cases": [_in_words(each) for each in left if each.claimed_by_id == before.id]}
    queue("cover_changed", Reader(before.email, before.name, before.id), having=Extras(told))


def end_absence(absence: Absence, *, by: Actor) -> None:
    """End an absence: yesterday was its last day, or it never begins."""
    POLICY.require(by, Act.END_ABSENCE, absence)
    found = account(absence.account_id)
    assert found is not None
    cases = came_to_cover(absence)
    days: Changes = {"first_day": (absence.first_day, None), "last_day": (absence.last_day, None)}
    if not is_past(absence.first_day, on=today()):
        session().delete(absence)
    else:
        days = amend(absence, last_day=today() - ONE_DAY)
    audit.record(Act.END_ABSENCE, found, days, by=by)
    _tell_ended(absence, found, cases, by=by)


def _tell_ended(absence: Absence, found: Account, cases: Sequence[Enquiry], *, by: Actor) -> None:
    """The person, who covered, and who holds a case of theirs are told that an absence has ended, and who has what."""
    cover = account(absence.covered_by_id) if absence.covered_by_id else None
    told = {"who": found.name, "by_name": by.name, "path": "/enquiries?show=mine"}
    for each in {one.id: one for one in (found, cover, *by_holder(cases)) if one is not None}.values():
        if each.id != by.account_id and each.status is AccountStatus.ACTIVE:
            theirs = [case for case in cases if each.id in (found.id, case.claimed_by_id)]
            said = {"is_own": each.id == found.id, "is_cover": each is cover, "kept": _kept(theirs)}
            queue("absence_ended", Reader(each.email, each.name, each.id), having=Extras(told | said))


def end_cover(found: Account, *, by: Actor) -> None:
    """A person who can no longer answer enquiries covers for nobody; who is away and their managers are told."""
    if can_answer(found, None):
        return
    for absence in absences_covered_by(found.id):
        away = account(absence.account_id)
        assert away is not None
        audit.record(Act.CHANGE_ABSENCE, away, amend(absence, covered_by_id=None), by=by)
        told = {"cover": found.name, "who": away.name, "days": _days_in_words(absence)}
        told["path"] = f"/enquiries/absences/{absence.id}"
        for each in (away, *receivers_for(away, roles=(Role.HUB_MANAGER,))):
            is_own = each.id == away.id
            queue(
                "cover_ended",
                Reader(each.email, each.name, each.id),
                having=Extras(told | {"is_own": is_own}),
            )


def pass_on_from_absent() -> None:
    """Daily: what people who are away left unanswered goes to the person who covers if they have room, else to the queue."""
    rows = left_by_absent(today())
    moved = _pass_on(rows)
    for absence in {each.id: each for _, each in rows}.values():
        cover = account(absence.covered_by_id) if absence.covered_by_id else None
        theirs = [words for (_, each), (words, to) in zip(rows, moved, strict=True) if each is absence and to]
        if cover is not None and theirs:
            _tell_cover(absence, cover, theirs)


def _in_words(found: Enquiry) -> str:
    return f"{found.business_name}, {found.reference}"


def _pass_on(rows: Sequence[tuple[Enquiry, Absence]]) -> list[tuple[str, UUID | None]]:
    """Move enquiries of people who are away; return each in words, and to whom it went: None where back to the queue."""
    return [(_in_words(found), _pass_one_on(found, absence)) for found, absence in rows]


def _pass_one_on(found: Enquiry, absence: Absence) -> UUID | None:
    cover = load_of(absence.covered_by_id) if absence.covered_by_id else None
    if cover is not None and cover.can_take_more and can_answer(account(cover.account.id), None):
        give_to(found, cover.account.id, act=Act.ASSIGN, by=SYSTEM)
        add_note(found, f"Passed to {cover.account.name}, who covers for a colleague who is away.", by=SYSTEM)
        return cover.account.id
    release(found, by=SYSTEM)
    words = "Back in the queue: the adviser is away, and no colleague who covers has room."
    add_note(found, words, by=SYSTEM)
    return None
