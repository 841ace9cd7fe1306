"""Asking for a payment, by a room above."""

from __future__ import annotations

import pytest

from crm.db.holding import why_withheld
from crm.db.session import WITHHOLDS, session
from crm.funding.envelopes.rules import Subject
from crm.funding.payments import queries
from crm.funding.payments.service import requesting
from crm.kernel.errors import Conflict
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests.cast import Cast
from tests.funding.payments.paying import claimed, due


def test_a_payment_is_found_by_its_subject_and_is_never_more_than_was_claimed(cast: Cast) -> None:
    about, where = claimed(cast, Money.pounds(100))
    given = {**where, "about": about, "reason": "First claim", "by": SYSTEM}
    with pytest.raises(Conflict, match="or more"):
        requesting.request(**given, amount=Money(0))  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="more than is claimed"):
        requesting.request(**given, amount=Money(10_001))  # type: ignore[arg-type]
    first = requesting.request(**given, amount=Money.pounds(100))  # type: ignore[arg-type]
    assert list(queries.payments_about(about)) == [first]
    other = Subject("claim", first.id)
    with pytest.raises(Conflict, match="more than is claimed"):
        requesting.request(**given, amount=Money(1), cause=other)  # type: ignore[arg-type]


def test_a_room_above_says_why_a_payment_is_withheld(cast: Cast) -> None:
    found = due(cast)
    assert why_withheld(found.about_table, found.about_id) is None
    session().info[WITHHOLDS] = {"decision": lambda _id: "The first milestone is overdue."}
    assert why_withheld(found.about_table, found.about_id) == "The first milestone is overdue."
