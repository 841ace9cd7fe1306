"""Two advisers, or a business in two tabs, at the same moment: one is first, and the other is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from crm.accounts import queries as accounts
from crm.audit import queries as trail
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.businesses.service import keeping
from crm.db.session import session
from crm.kernel.permissions import VISITOR
from crm.kernel.roles import Role
from crm.notices.models import Letter
from crm.notices.service import Reader
from crm.signposting.models import ActionPlan, Enquiry, EnquiryDraft
from crm.signposting.queries import planning as plans
from crm.signposting.queries.enquiring import enquiry
from crm.signposting.service import enquiring, planning, queueing
from crm.signposting.workflow import EnquiryStatus
from crm.throttles.rules import Source
from tests import factories
from tests.faults.test_two_at_once import found, put
from tests.faults.together import browser, in_threads, meet_in, overlapping
from tests.houses import database

HERE = Source("192.0.2.1", "secret")


def asked(app: Flask) -> UUID:
    """An enquiry that waits, committed."""
    with database(app).transaction():
        made: Enquiry = factories.enquiry()
        return made.id


def entries(app: Flask, thing: type[Any], thing_id: UUID) -> list[str]:
    with database(app).reading():
        row = session().get(thing, thing_id)
        assert row is not None
        return [entry.act for entry in trail.entries_about(row)]


def test_of_two_advisers_who_claim_one_enquiry_at_once_one_has_it_and_the_other_is_told(
    furnished: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    enquiry_id, advisers = asked(furnished), [put(furnished, Role.ADVISER) for _ in range(2)]
    pages = [browser(furnished, each) for each in advisers]
    meet_in(monkeypatch, queueing, "claim")
    answers = in_threads(*((lambda page=page: page.send(f"/enquiries/{enquiry_id}/claim")) for page in pages))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert "<h1" in loser.text
    with database(furnished).reading():
        kept = enquiry(enquiry_id)
        assert kept is not None
        winner = next(place for place, answer in enumerate(answers) if answer.status_code == 303)
        assert (kept.status, kept.claimed_by_id) == (EnquiryStatus.CLAIMED, advisers[winner])
    assert entries(furnished, Enquiry, enquiry_id) == ["claim_enquiry"]


def test_a_claim_and_a_close_at_once_do_not_undo_each_other(
    furnished: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    enquiry_id, one, two = asked(furnished), *(put(furnished, Role.ADVISER) for _ in range(2))
    claiming, closing = browser(furnished, one), browser(furnished, two)
    meet_in(monkeypatch, queueing, "claim", "close")
    reason = {"close_reason": "spam", "close_note": "An advertisement"}
    answers = in_threads(
        lambda: claiming.send(f"/enquiries/{enquiry_id}/claim"),
        lambda: closing.send(f"/enquiries/{enquiry_id}/close", reason),
    )
    codes = [answer.status_code for answer in answers]
    assert codes.count(303) >= 1
    assert set(codes) <= {303, 409}
    with database(furnished).reading():
        kept = enquiry(enquiry_id)
        assert kept is not None
        is_closed = codes[1] == 303
        assert (kept.status is EnquiryStatus.CLOSED) is is_closed
    # Each that was told it was done left its line, and nobody else did.
    wanted = [act for act, code in zip(("claim_enquiry", "close_enquiry"), codes, strict=True) if code == 303]
    assert sorted(entries(furnished, Enquiry, enquiry_id)) == sorted(wanted)


def test_an_enquiry_sent_in_two_windows_at_once_is_one_enquiry(furnished: Flask) -> None:
    with database(furnished).transaction():
        draft_id = factories.draft().id

    def send() -> Enquiry:
        begun = session().get(EnquiryDraft, draft_id)
        assert begun is not None
        told = enquiring.Told("One", "Ann", "ann@people.example", None, postcode="B1 1AA")
        return enquiring.send(begun, told, source=HERE, by=holder(draft_id))

    first, second = overlapping(furnished, send, send)
    assert isinstance(first, Enquiry)
    assert isinstance(second, Exception)
    with database(furnished).reading():
        assert session().scalar(select(func.count()).select_from(Enquiry)) == 1
        assert session().scalar(select(func.count()).select_from(Letter)) == 1


def holder(draft_id: UUID) -> Any:
    """A visitor with the key of a draft."""
    return replace(VISITOR, keys=frozenset({f"enquiry_draft:{draft_id}"}))


@pytest.fixture
def drafted(committing_app: Flask) -> tuple[UUID, UUID]:
    """A business and a plan that is being made for it, committed; their ids."""
    with database(committing_app).transaction():
        owner = factories.business()
        plan = factories.plan(owner)
        factories.step(plan)
        return owner.id, plan.id


def test_a_plan_sent_twice_at_once_leaves_once(committing_app: Flask, drafted: tuple[UUID, UUID]) -> None:
    adviser = put(committing_app, Role.ADVISER)

    def send(to: str) -> None:
        plan = plans.plan(drafted[1])
        assert plan is not None
        planning.send_plan(plan, Reader(to, to), by=accounts.actor_of(found(adviser)))

    first, second = overlapping(
        committing_app, lambda: send("one@people.example"), lambda: send("two@people.example")
    )
    assert first is None
    assert isinstance(second, Exception)
    with database(committing_app).reading():
        kept = plans.sent_to(drafted[0])
        assert kept is not None
        assert kept.sent_to == "one@people.example"
        assert session().scalar(select(func.count()).select_from(Letter)) == 1


def test_a_plan_begun_by_two_at_once_is_one_plan(
    committing_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database(committing_app).transaction():
        business_id = factories.business().id
    pages = [browser(committing_app, put(committing_app, Role.ADVISER)) for _ in range(2)]
    meet_in(monkeypatch, planning, "draft_plan")
    answers = in_threads(
        *((lambda page=page: page.send(f"/businesses/{business_id}/plans/draft")) for page in pages)
    )
    # Where the second waits for the first, it goes on with the same draft; else it is told.
    assert [answer.status_code for answer in answers].count(303) >= 1
    assert {answer.status_code for answer in answers} <= {303, 409}
    with database(committing_app).reading():
        assert session().scalar(select(func.count()).select_from(ActionPlan)) == 1


def test_two_who_change_one_plan_at_once_do_not_undo_each_other(
    committing_app: Flask, drafted: tuple[UUID, UUID]
) -> None:
    adviser = put(committing_app, Role.ADVISER)

    def write(words: str) -> None:
        plan = plans.plan(drafted[1])
        assert plan is not None
        planning.write_opening(plan, words, version=1, by=accounts.actor_of(found(adviser)))

    first, second = overlapping(committing_app, lambda: write("First."), lambda: write("Second."))
    assert first is None
    assert isinstance(second, Exception)
    with database(committing_app).reading():
        kept = plans.plan(drafted[1])
        assert kept is not None
        assert kept.opening == "First."


def test_two_who_edit_one_business_at_once_do_not_undo_each_other(committing_app: Flask) -> None:
    with database(committing_app).transaction():
        business_id = factories.business(name="As it was").id
    administrator = put(committing_app, Role.ADMINISTRATOR)

    def archive(reason: str) -> None:
        owner = business(business_id)
        assert owner is not None
        keeping.archive(owner, reason=reason, by=accounts.actor_of(found(administrator)))

    first, second = overlapping(committing_app, lambda: archive("Closed"), lambda: archive("Moved"))
    assert first is None
    assert isinstance(second, Exception)
    assert entries(committing_app, Business, business_id) == ["archive_business"]
