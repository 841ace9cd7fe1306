"""The pages that compare the rooms with the ledger: as many statements for a long ledger as for a short one, and nothing left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from crm.db.session import session
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.rules import MOVES, Line, Movement, Subject
from crm.funding.envelopes.views import promises
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.programme.cohort.models import Decision
from tests import claimed, factories
from tests.cast import Cast
from tests.client import ConformingClient
from tests.funding.envelopes.money import envelope
from tests.statements import Statements

WAY = (Movement.COMMIT, Movement.CLAIM, Movement.PAY, Movement.RECOVER)
Count = Callable[[], AbstractContextManager[Statements]]


def older(*pounds: int, into: tuple[Any, Line]) -> list[Subject]:
    """Things that the ledger alone knows: of each, a sum that was committed, claimed, paid and paid back."""
    found, rows = [Subject("business", uuid4()) for _ in pounds], []
    fixed = {"envelope_id": into[0], "line": into[1], "subject_table": "business", "reason": "Older books"}
    for about, sum_ in zip(found, pounds, strict=True):
        for movement in WAY:
            source, target = MOVES[movement][-1]
            moves = {"movement": movement, "source": source, "target": target, "amount": Money.pounds(sum_)}
            rows.append({**fixed, **moves, "subject_id": about.id, "at": now()})
    session().execute(insert(LedgerEntry), rows)
    return found


@pytest.mark.engine("sqlite")
def test_pages_of_a_long_ledger_take_as_many_statements_as_those_of_a_short_one(
    client: ConformingClient, cast: Cast, db: Session, count_queries: Count
) -> None:
    client.sign_in(cast.auditor)
    made = claimed.award(due=-2)
    claimed.paid(made)
    pages = ("/reconciliation", f"/envelopes/{made.envelope_id}", "/envelopes/underspend")
    pages += tuple(f"/reconciliation?of={each}" for each in ("awards", "approved-claims", "payments"))
    counts = []
    for awards, others in ((2, 8), (5, 300)):
        for _ in range(awards):
            claimed.received(claimed.award(due=-2))
        older(*range(1, others), into=(made.envelope_id, Line.REVENUE))
        counts.append([])
        for page in pages:
            db.flush()
            db.expunge_all()
            with count_queries() as heard:
                assert client.get(page).status_code == 200
            assert heard.while_rendering == []
            counts[-1].append(len(heard))
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 19


def test_what_only_the_ledger_has_is_named_the_largest_first_and_a_link_lists_all_of_it(
    client: ConformingClient, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promises, "AT_ONCE", 2)
    found = older(30, 50, 10, 40, 20, into=(envelope(cast).id, Line.CAPITAL))
    client.sign_in(cast.auditor)
    page = " ".join(client.get("/reconciliation?of=payments").text.split())
    assert "Entries with no payment: £150.00" in page
    assert "These are the 2 largest. <a" in page
    assert re.findall(r"about=business:([0-9a-f-]+)", page) == [str(found[1].id), str(found[3].id)]
    opened = re.search(r'href="([^"]+)">See all 5</a>', page)
    assert opened
    seen, here = [], unescape(opened[1])
    while here:
        page = " ".join(client.get(here).text.split())
        assert "5 are recorded in the ledger only: £150.00 in all" in page
        seen += re.findall(r"about=business:([0-9a-f-]+)", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        here = unescape(following[1]) if following else ""
    assert seen == [str(found[place].id) for place in (1, 3, 0, 4, 2)]
    assert client.get("/reconciliation?of=payments&show=other").status_code == 422


def test_a_list_of_what_only_the_ledger_has_says_so_where_there_is_nothing(
    client: ConformingClient, cast: Cast
) -> None:
    page = client.sign_in(cast.auditor).get("/reconciliation?of=repayments&show=ledger-only").text
    assert "Nothing is recorded in the ledger only" in page


def named(page: str) -> list[str]:
    """The businesses of a table, in its order."""
    return re.findall(r">[^<>]*(Made Differs \d+)[^<>]*</a>", page)


def differing(*pence: int) -> list[str]:
    """Awards of which the ledger has so much less than they say; the name of each business."""
    names = []
    for each in pence:
        owner = factories.business(name=f"Made Differs {each}")
        made = claimed.award(owner.id)
        decided = session().get_one(Decision, made.decision_id)
        decided.amount = made.amount + Money(each)
        names.append(owner.name)
    session().flush()
    return names


def test_of_many_things_those_that_differ_come_first_and_every_page_of_them_is_there(
    client: ConformingClient, cast: Cast, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promises, "AT_ONCE", 2)
    names = differing(0, 1, 0, 300, 20)
    client.sign_in(cast.auditor)
    page = " ".join(client.get("/reconciliation").text.split())
    assert "3 awards do not agree with the ledger" in page
    assert "5 awards: " in page
    assert ("£40,003.21 awarded" in page, "The difference is £3.21" in page) == (True, True)
    assert named(page) == [names[3], names[4]], "the furthest, in the order of their references"
    opened = re.search(r'These 2 differ most. <a class="govuk-link" href="([^"]+)">See all 3</a>', page)
    assert opened
    seen, here = [], unescape(opened[1])
    while here:
        page = " ".join(client.get(here).text.split())
        seen.append(named(page))
        following = re.search(r'href="([^"]+)" rel="next"', page)
        here = unescape(following[1]) if following else ""
    assert seen[0] == [names[3], names[4]]
    assert seen[1][0] == names[1]
    assert sorted(each for rows in seen for each in rows) == sorted(names)


def test_things_that_fit_on_one_page_are_in_the_order_of_what_they_are_called(
    client: ConformingClient, cast: Cast
) -> None:
    names = differing(0, 300, 20)
    page = client.sign_in(cast.auditor).get("/reconciliation?of=awards").text
    assert named(page) == names, "as they were made, since each begins with its reference"
    assert "Those that differ come first" not in page
