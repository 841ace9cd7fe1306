"""A sample of every kind of thing of envelopes and their ledger that an address can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from crm.funding.envelopes.rules import Line
from crm.funding.envelopes.service import changing, posting
from crm.funding.envelopes.service.changing import Limits
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests.cast import Cast
from tests.funding.envelopes.money import REASON, an_award, envelope, whole

Values = Mapping[str, Any]


def _changes(cast: Cast, values: Values) -> tuple[Any, ...]:
    """One that waits for an approver, proposed by the programme manager of the cast."""
    limits, by = Limits(capital=Money.pounds(7)), cast.programme_manager.actor
    return (changing.propose(whole(values["envelope_id"]), limits, reason=REASON, by=by).id,)


def _entries(cast: Cast, values: Values) -> tuple[Any, ...]:
    """One of the system, and one that the finance officer of the cast recorded."""
    where = (values["envelope_id"], Line.CAPITAL)
    about = {"amount": Money(5), "about": an_award(), "reason": REASON}
    return tuple(posting.reserve(*where, **about, by=by)[0].id for by in (SYSTEM, cast.finance_officer.actor))


def others(cast: Cast) -> dict[str, Callable[[], UUID]]:
    """Another of what an address names."""
    return {"envelope_id": lambda: envelope(cast).id}


SAMPLES: dict[str, Callable[[Cast, Values], tuple[Any, ...]]] = {
    "envelope_id": lambda cast, _values: (envelope(cast).id,),
    "change_id": _changes,
    "entry_id": _entries,
}
