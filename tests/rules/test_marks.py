"""What a preview shows is what its mark knows: nothing that was read can change before it is signed or sent."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import BigInteger, Column, Connection, Date, String, Text, select, type_coerce, update
from sqlalchemy.exc import DatabaseError

from crm.accounts.rules import DEMO_PEOPLE
from crm.app import FEATURES
from crm.db.base import Base
from crm.db.session import session
from crm.db.types import MoneyType
from crm.kernel.clock import now, today
from tests.client import ConformingClient
from tests.houses import database
from tests.rules.house import modules
from tests.rules.people import actor_of, client_of, said_by

pytestmark = pytest.mark.engine("sqlite")
CODES = {
    "award.terms_version",
    "award_closing.refusal",
    "decision_change.refusal",
    "money_proposal.refusal",
    "person_erasure.refusal",
}  # what code looks up; what is said once it is over
SEEN = re.compile(r'<input[^>]*name="seen"[^>]*>')
TABLES = FEATURES and Base.metadata.tables
# Each verb that asks for the mark of its preview: the page, what it is a page of, and the tables whose columns it shows.
PREVIEWS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "claims.submit": ("grant_claims.submit", "award_claim", ("award_cost", "award_milestone", "business")),
    "delegations.select": ("delegation_places.select", "delegation", ("delegation_place", "business")),
    "awards.confirm": (
        "award_closing.proposal",
        "award_closing",
        ("award_closing", "award", "business", "application", "programme_round"),
    ),
    "awards.offer": ("award_offers.offer", "award", ("award", "award_milestone", "business", "application")),
    "cohort.notify": ("decisions.decision", "decision", ("decision", "business", "feedback", "application")),
    "cohort.notify_all": ("decisions.decisions", "cohort", ("decision", "feedback")),
    "cohort.promote": ("decisions.waiting_list", "cohort", ("decision", "business")),
    "cohort.confirm": (
        "decision_changes.proposal",
        "decision_change",
        ("decision_change", "business", "application", "programme_round"),
    ),
    "claims.confirm": (
        "money_proposals.proposal",
        "money_proposal",
        ("money_proposal", "award", "business", "application", "programme_round"),
    ),
    "privacy.confirm": (
        "erasures.proposal",
        "person_erasure",
        ("person_erasure", "data_request", "person"),
    ),
    "cohort.delete_draft": ("cohort_drafts.delete_draft", "cohort_draft", ("draft_place",)),
    "cohort.fill": ("cohort_drafts.cohort_draft", "cohort_draft", ("draft_place", "application")),
    "cohort._as_shown": (
        "cohort_confirmations.confirm",
        "cohort_draft",
        ("cohort_draft", "draft_place", "business"),
    ),
    "referrals.send": ("referrals.send", "referral", ("referral", "business", "person", "conversation")),
    "referrals.announce": (
        "referrals.announce",
        "referral",
        ("referral", "business", "person", "conversation", "service", "provider"),
    ),
    "decisions.record": (
        "strategic_decisions.record",
        "business",
        ("business", "ip_right", "readiness_check", "yearly_figures", "income_line", "income_protection"),
    ),
    "testbed.ask": ("test_bed_texts.ask", "test_bed_lesson", ("test_bed_lesson", "business", "person")),
    "testbed.agree_naming": ("test_bed_parts.naming", "test_bed_naming", ("test_bed_lesson", "business")),
    "testbed.publish": ("test_bed_texts.text", "test_bed_lesson", ("test_bed_lesson", "business")),
    "signposting.send_plan": (
        "plans.send_plan",
        "action_plan",
        ("action_plan", "plan_signpost", "plan_step", "plan_ruled_out", "service", "provider", "business"),
    ),
}


# What the demonstration has no row for is made of rows that are nearly so.
AWARD, REFERRAL, ACCOUNT = (TABLES[name].c for name in ("award", "referral", "account"))
COLLEAGUE = select(ACCOUNT.id).where(ACCOUNT.email == "hub.manager@demo.example").scalar_subquery()
CHECKED = {"register_status": "active", "register_checked_at": now(), "prepared_by_id": None}
FIRST = {
    "awards.offer": update(TABLES["award"]).where(AWARD.status == "prepared").values(CHECKED),
    "referrals.send": update(TABLES["referral"])
    .where(REFERRAL.status == "draft")
    .values(service_id=None, recipient_id=COLLEAGUE),
}


# Whoever consents, or publishes by consent, does so to the words of a text, and not to the page around them; whoever joins a
# syndicate, to a version of its terms, which never changes: another version has another mark; whoever accepts a place in a
# delegation, to its days and its price. Of a syndicate a business agrees to a lead in place of the one that was named.
CONSENTS = {"testbed.ask", "testbed.agree_naming", "testbed.publish", "syndicates.join", "syndicates.confirm"}
# Whoever finishes an assessment, to its answers: those of finished ones never change, so that none can be changed here.
CONSENTS |= {"delegations.accept", "syndicates.agree", "diagnostics.finish"}
# Whoever finishes a test-bed project, to who takes part in it: its version says the rest.
CONSENTS |= {"testbed.finish"}
# Whoever proposes to erase a person, to the preview that whoever confirms it sees too: there it is tried.
CONSENTS |= {"privacy.propose"}
# Whoever makes a copy, to who asked beside whom they chose.
CONSENTS |= {"privacy.make_copy"}


def test_every_verb_that_asks_for_the_mark_of_a_preview_is_tried_here() -> None:
    asking = {
        f"{module.room}.{function.name}"
        for module in modules("crm")
        for function in module.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "require_as_previewed"
    }
    assert asking == set(PREVIEWS) | CONSENTS


def a_preview(demo: Flask, endpoint: str, table: str) -> tuple[ConformingClient, str]:
    """Somebody of the demonstration who can open such a preview, and where it is."""
    (rule,) = demo.url_map.iter_rules(endpoint)
    (name,) = rule.arguments
    for each in DEMO_PEOPLE:
        client = client_of(demo, actor_of(demo, each.email))
        for found in session().scalars(select(TABLES[table].c.id)):
            _, path = rule.build({name: found})  # type: ignore[misc]
            answer = client.get(path)
            if answer.status_code == 200 and SEEN.search(answer.text):
                return client, path
    raise AssertionError(f"the demonstration has no {endpoint} that anyone can open")


def another(column: Column[Any]) -> Any:
    """Another value for each row of a column; None for what no page shows as it is."""
    if isinstance(column.type, MoneyType):
        return type_coerce(column, BigInteger) + 1
    if isinstance(column.type, Date):
        return today() - timedelta(days=3)
    is_text = type(column.type) in (Text, String) and str(column) not in CODES
    return column.concat(" and more") if is_text else None


@contextmanager
def changed(demo: Flask, connection: Connection, column: Column[Any]) -> Iterator[bool]:
    """Change a column in each row for a moment; whether its table takes that."""
    point, opened = connection.begin_nested(), database(demo)
    try:
        connection.execute(update(column.table).values({column: another(column)}))
        with opened.using(opened.open()):
            yield True
    except DatabaseError:
        yield False
    finally:
        point.rollback()


@pytest.mark.parametrize("verb", PREVIEWS)
def test_what_changes_a_preview_changes_its_mark(demo: Flask, connection: Connection, verb: str) -> None:
    endpoint, table, tables = PREVIEWS[verb]
    if verb in FIRST:
        connection.execute(FIRST[verb])
    client, path = a_preview(demo, endpoint, table)
    before, shown, unmarked = client.get(path).text, [], []
    for column in (each for name in tables for each in TABLES[name].columns if another(each) is not None):
        with changed(demo, connection, column) as is_changed:
            answer = client.get(path) if is_changed else None
        if answer is None or answer.status_code != 200 or said_by(answer.text) == said_by(before):
            continue
        shown.append(str(column))
        if marks_of(answer.text) == marks_of(before):
            unmarked.append(str(column))

    assert shown, "a preview shows something"
    assert unmarked == []


def marks_of(page: str) -> list[str]:
    return SEEN.findall(page)
