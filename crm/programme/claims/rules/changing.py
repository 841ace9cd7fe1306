"""What of an award's terms can be changed, and what the terms were and are to be, side by side. No database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from crm.kernel.calendar import day_in_words
from crm.kernel.errors import Invalid
from crm.kernel.money import NO_MONEY, Money
from crm.programme.awards.rules.offering import why_past_fund

TIME, SCOPE, MONEY = "time", "scope", "money"
"""What kind of change it is: of days, of words, or of what the milestones pay."""


@dataclass(frozen=True)
class MilestoneTerms:
    """One milestone as the terms have it. ``is_capital`` says so where the award is paid from capital and revenue."""

    id: UUID
    title: str
    due_on: date
    evidence: str
    amount: Money
    is_capital: bool = False


@dataclass(frozen=True)
class AwardTerms:
    """What a change can touch: what the grant is for, its last day, and its milestones."""

    purpose: str
    ends_on: date
    milestones: tuple[MilestoneTerms, ...]

    @property
    def total(self) -> Money:
        """What the milestones pay together."""
        return sum((each.amount for each in self.milestones), start=NO_MONEY)


@dataclass(frozen=True)
class Bounds:
    """What a change must stay within: the award's first day and sum, and what is fixed.

    ``fixed`` are milestones that cannot change any more; ``taken`` is what was claimed of each; ``met`` are those that are
    met. ``latest`` is the last day of the fund that pays; a dry run has none.
    """

    starts_on: date
    amount: Money
    fixed: Collection[UUID]
    taken: Mapping[UUID, Money]
    latest: date | None = None
    met: Collection[UUID] = ()


def terms_of_award(award: Any) -> AwardTerms:
    """The terms of an award as they are now."""
    is_both = award.line is None
    rows = (
        MilestoneTerms(
            each.id, each.title, each.due_on, each.evidence_wanted, each.amount, is_both and each.is_capital
        )
        for each in award.milestones
    )
    return AwardTerms(award.purpose, award.ends_on, tuple(rows))


def stored(terms: AwardTerms) -> dict[str, Any]:
    """Terms as a row stores them, to be read for as long as the award is."""
    rows = [
        {
            "id": str(each.id),
            "title": each.title,
            "due_on": each.due_on.isoformat(),
            "evidence": each.evidence,
            "pence": each.amount.pence,
            "is_capital": each.is_capital,
        }
        for each in terms.milestones
    ]
    return {"purpose": terms.purpose, "ends_on": terms.ends_on.isoformat(), "milestones": rows}


def read(kept: Mapping[str, Any]) -> AwardTerms:
    """Terms as a row stored them."""
    rows = (
        MilestoneTerms(
            UUID(each["id"]),
            each["title"],
            date.fromisoformat(each["due_on"]),
            each["evidence"],
            Money(each["pence"]),
            each["is_capital"],
        )
        for each in kept["milestones"]
    )
    return AwardTerms(kept["purpose"], date.fromisoformat(kept["ends_on"]), tuple(rows))


def only(before: AwardTerms, after: AwardTerms, *, kind: str) -> AwardTerms:
    """What a change of one kind makes of the terms: whatever else is in ``after`` stays as it was."""
    pairs = list(zip(before.milestones, after.milestones, strict=True))
    if kind == TIME:
        rows = [replace(old, due_on=new.due_on) for old, new in pairs]
        return replace(before, ends_on=after.ends_on, milestones=tuple(rows))
    if kind == SCOPE:
        rows = [replace(old, title=new.title, evidence=new.evidence) for old, new in pairs]
        return replace(before, purpose=after.purpose, milestones=tuple(rows))
    return replace(before, milestones=tuple(replace(old, amount=new.amount) for old, new in pairs))


FIELDS = {TIME: "ends_on", SCOPE: "purpose", MONEY: "reason"}
NOTHING = {
    TIME: "Change the end date, or the date of a milestone",
    SCOPE: "Change what the grant is for, or the words of a milestone",
    MONEY: "Change what the milestones pay",
}
PARTS = {TIME: "due", SCOPE: "title", MONEY: "amount"}


def require_change(before: AwardTerms, after: AwardTerms, *, kind: str, within: Bounds, on: date) -> None:
    """Refuse a change of nothing, of what is fixed, or to terms that an award cannot have. Raises `Invalid` at its field."""
    changed = [(old, new) for old, new in zip(before.milestones, after.milestones, strict=True) if old != new]
    if before == after:
        field = _first_sum(before, within) if kind == MONEY else FIELDS[kind]
        raise Invalid(NOTHING[kind], field=field)
    for old, new in changed:
        if old.id in within.fixed:
            raise Invalid(why_fixed(old, within, kind=kind), field=_field(kind, old.id))
        if kind == MONEY and not new.amount and old.id not in within.met:
            raise Invalid(
                f"“{old.title}” is not met yet, so it must pay more than £0", field=_field(kind, old.id)
            )
    if kind == TIME:
        _require_days(before, after, within.starts_on, on=on)
        _require_in_fund(before, after, within.latest)
    if kind == MONEY:
        _require_sums(after, within)
        _require_lines(before, after, within)


def why_fixed(found: MilestoneTerms, within: Bounds, *, kind: str) -> str:
    """Why a milestone cannot change: all of its money was claimed, it is met, or a claim for it was approved."""
    if kind == MONEY:
        gone = within.taken.get(found.id, found.amount).in_full()
        return f"{gone} was claimed for “{found.title}”, which is all that it pays, so its amount cannot be changed"
    did = "is met" if found.id in within.met else "was claimed for"
    return f"“{found.title}” {did}, so its {'date' if kind == TIME else 'words'} cannot be changed"


def _field(kind: str, milestone_id: UUID) -> str:
    return f"{PARTS[kind]}_{milestone_id.hex}"


def _require_days(before: AwardTerms, after: AwardTerms, starts_on: date, *, on: date) -> None:
    least = max(on, starts_on)
    if after.ends_on != before.ends_on and after.ends_on < least:
        raise Invalid("The end date must be today or later", field="ends_on")
    for old, new in zip(before.milestones, after.milestones, strict=True):
        if new.due_on != old.due_on and new.due_on < least:
            raise Invalid("The due date must be today or later", field=_field(TIME, new.id))
        if new.due_on > after.ends_on:
            words = f"The due date must be {day_in_words(after.ends_on)} or earlier, when the award ends"
            field = _field(TIME, new.id) if new.due_on != old.due_on else "ends_on"
            raise Invalid(words if field != "ends_on" else _late(new), field=field)


def _require_in_fund(before: AwardTerms, after: AwardTerms, latest: date | None) -> None:
    """An award does not run longer than the money that pays it."""
    words = why_past_fund(after.ends_on, latest)
    if words and before.ends_on != after.ends_on:
        raise Invalid(words, field="ends_on")


def _late(found: MilestoneTerms) -> str:
    return f"The end date must be {day_in_words(found.due_on)} or later, when “{found.title}” is due"


def _require_sums(after: AwardTerms, within: Bounds) -> None:
    """The milestones must pay exactly the award, and each at least what was claimed of it."""
    for each in after.milestones:
        least = within.taken.get(each.id, NO_MONEY)
        if each.amount < least:
            words = f"{least.in_full()} was claimed for “{each.title}”, so it must pay at least as much"
            raise Invalid(words, field=_field(MONEY, each.id))
    if after.total == within.amount:
        return
    gap = max(after.total, within.amount) - min(after.total, within.amount)
    way = "less" if after.total < within.amount else "more"
    words = (
        f"The milestones come to {after.total.in_full()}, {gap.in_full()} {way} than the award of "
        f"{within.amount.in_full()}. They must come to exactly the award"
    )
    raise Invalid(words, field=_first_sum(after, within))


def _first_sum(terms: AwardTerms, within: Bounds) -> str:
    """The first box for a sum that the form of a change has: those of milestones that are fixed are left out."""
    free = (each.id for each in terms.milestones if each.id not in within.fixed)
    return _field(MONEY, next(free, terms.milestones[0].id))


def _require_lines(before: AwardTerms, after: AwardTerms, within: Bounds) -> None:
    """Money stays in its line: the milestones of capital pay together what they paid before."""
    was, is_now = (_capital_of(each) for each in (before, after))
    if was == is_now:
        return
    words = (
        f"The milestones of capital must come to {was.in_full()}: capital cannot be moved to revenue, or back"
    )
    of_capital = (each.id for each in after.milestones if each.is_capital and each.id not in within.fixed)
    first = next(of_capital, None)
    raise Invalid(words, field=_field(MONEY, first) if first else _first_sum(after, within))


def _capital_of(terms: AwardTerms) -> Money:
    return sum((each.amount for each in terms.milestones if each.is_capital), start=NO_MONEY)


@dataclass(frozen=True)
class Difference:
    """One thing that changes: what it is, what it was, and what it is to be."""

    what: str
    before: str
    after: str


def differences(before: AwardTerms, after: AwardTerms) -> list[Difference]:
    """Everything that two sets of terms say differently, in words."""
    found = [
        Difference("What the grant is for", before.purpose, after.purpose),
        Difference("End date", day_in_words(before.ends_on), day_in_words(after.ends_on)),
    ]
    for number, (old, new) in enumerate(zip(before.milestones, after.milestones, strict=True), 1):
        name = f"“{old.title}”"
        found += [
            Difference(f"Milestone {number}", old.title, new.title),
            Difference(f"{name}, due date", day_in_words(old.due_on), day_in_words(new.due_on)),
            Difference(f"{name}, evidence wanted", old.evidence, new.evidence),
            Difference(f"{name}, instalment", old.amount.in_full(), new.amount.in_full()),
        ]
    return [each for each in found if each.before != each.after]


def in_sentences(before: AwardTerms, after: AwardTerms) -> list[str]:
    """The same for a letter, one line each: "End date: 3 May 2027 (was 3 March 2027)"."""
    return [f"{each.what}: {each.after} (was {each.before})" for each in differences(before, after)]
