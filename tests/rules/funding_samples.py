"""A sample of every kind of thing of envelopes, their ledger and subsidies that an address can name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.funding.envelopes.models import EntryReversal
from crm.funding.envelopes.rules import Line
from crm.funding.envelopes.service import changing, posting
from crm.funding.envelopes.service.changing import Limits
from crm.funding.payments.queries import answers as answer_queries
from crm.funding.payments.service import reconciling
from crm.funding.subsidy.service import linking
from crm.kernel.clock import now
from crm.kernel.companies import CompanyNumber
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.funding.envelopes.money import REASON, an_award, envelope, whole
from tests.funding.payments.paying import due as payment_due
from tests.funding.payments.paying import payments_of, proposed
from tests.funding.subsidy.test_giving import prepared
from tests.rules import claim_samples

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


def _reversals(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One that the finance officer of the cast asked for, and one of another."""
    made, other = envelope(cast), factories.account()
    about = {"amount": Money(5), "about": an_award(), "reason": REASON}
    entries = [posting.reserve(made.id, Line.CAPITAL, **about, by=SYSTEM)[0] for _ in range(2)]
    asked_by = (cast.finance_officer.id, other.id)
    return tuple(
        factories.kept(EntryReversal(entry_id=entry.id, reason=REASON, asked_by_id=by, asked_at=now())).id
        for entry, by in zip(entries, asked_by, strict=True)
    )


def others(cast: Cast) -> dict[str, Callable[[], UUID]]:
    """Another of what an address names."""
    return {"envelope_id": lambda: envelope(cast).id} | claim_samples.others(cast)


def _whole(business_id: Any) -> Business:
    found = business(business_id)
    assert found is not None
    return found


def _subsidies(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    """One of each business of the cast."""
    return tuple(prepared(_whole(each), 5).id for each in (BUSINESS, OTHER_BUSINESS))


def _links(_cast: Cast, values: Values) -> tuple[Any, ...]:
    parent = CompanyNumber("09999990")
    return (linking.link(_whole(values["business_id"]), parent, source=REASON, by=SYSTEM).id,)


def _lines(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """A line of the bank's answer that is none of ours."""
    found = answer_queries.answer(payments_of(cast)[1].id)
    assert found is not None
    reconciling.record(found, by=cast.finance_officer.actor)
    return (found.lines[0].id,)


SAMPLES: dict[str, Callable[[Cast, Values], tuple[Any, ...]]] = {
    "envelope_id": lambda cast, _values: (envelope(cast).id,),
    "change_id": _changes,
    "entry_id": _entries,
    "reversal_id": _reversals,
    "subsidy_id": _subsidies,
    "link_id": _links,
    "payment_id": lambda cast, _values: (payment_due(cast).id,),
    "settlement_id": lambda cast, _values: (proposed(cast).id,),
    "run_id": lambda cast, _values: (payments_of(cast)[0].id,),
    "answer_id": lambda cast, _values: (payments_of(cast)[1].id,),
    "details_id": lambda cast, _values: (payments_of(cast)[2].id,),
    "line_id": _lines,
}
