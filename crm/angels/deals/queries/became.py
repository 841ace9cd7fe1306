"""What became of the sum of a pledge: pledged, committed, completed for as much or for less, and committed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.workflow import Act
from crm.audit.models import AuditEntry
from crm.audit.queries import entries_about
from crm.db.session import session
from crm.kernel.money import Money

ACTS = (Act.PLEDGE, Act.COMMIT, Act.COMPLETE, Act.RESTORE, Act.END)
INVESTMENT = Investment.__table__.c


@dataclass(frozen=True)
class Step:
    """What happened to the sum at a moment; ``words`` follow the reference of the investment that it was about, if any."""

    at: datetime
    words: str
    about: Investment | None = None


def steps_of(found: Pledge) -> list[Step]:
    """What became of the sum of a pledge that an investment completed, the first first; none where there was no such.

    The sum is that of the pledge now, followed back through what the audit log says changed it.
    """
    query = select(Investment).where(INVESTMENT.pledge_id == found.id, INVESTMENT.completed_at.is_not(None))
    made = session().scalars(query.order_by(INVESTMENT.completed_at, INVESTMENT.id)).all()
    steps: list[Step] = []
    amount = found.amount
    for each in entries_about(found, act=ACTS) if made else ():
        before = _before(each, amount)
        step = _step(each, made, before, amount)
        steps += [step] if step else []
        amount = before
    return steps[::-1]


def _before(entry: AuditEntry, amount: Money) -> Money:
    said = _sums(entry)
    return Money.parse(said[0]) if entry.act == Act.COMPLETE and said and said[0] else amount


def _sums(entry: AuditEntry) -> Sequence[Any]:
    changes = entry.values.changes if entry.values else {}
    return changes.get("amount") or ()


def _step(entry: AuditEntry, made: Sequence[Investment], before: Money, after: Money) -> Step | None:
    """One entry in words: of what was pledged at first, as much as it was then."""
    if entry.act == Act.PLEDGE:
        said = _sums(entry)
        return Step(entry.at, f"{said[1] if said else after} pledged")
    if entry.act == Act.COMMIT:
        return Step(entry.at, f"{after} committed")
    if entry.act == Act.COMPLETE:
        about = _last(made, "completed_at", entry.at)
        sum_ = about.amount if about else after
        freed = f". The other {before - after} became free for the next on the waiting list"
        return Step(entry.at, f"of {sum_} agreed or settled{freed if before > after else ''}", about)
    about = _last(made, "reversed_at", entry.at)
    if about is None:
        return None
    what = f"{after} is committed again" if entry.act == Act.RESTORE else "The pledge ended with it"
    return Step(entry.at, f"reversed. {what}", about)


def _last(made: Sequence[Investment], name: str, moment: datetime) -> Investment | None:
    """The investment of which something was said last, at a moment."""
    said = [each for each in made if getattr(each, name) is not None and getattr(each, name) <= moment]
    return max(said, key=lambda each: (getattr(each, name), each.id), default=None)
