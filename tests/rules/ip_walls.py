"""The CHECKs of intellectual property, each with a change that it refuses; and rows to change."""

from __future__ import annotations

from crm.businesses.models import Business
from tests.ip import bed

APPEND_ONLY = ("strategic_decision", "strategic_decision_entry")
TRIGGERS = {"test_bed_spend_within_budget", "test_bed_spend_stays_within_budget"}
"""The first is tried by two connections in tests/faults/test_two_in_one_test_bed_at_once.py."""
DECISION = (
    "INSERT INTO strategic_decision (id, business_id, question, options, decided, why, decided_by, decided_on, review_on, "
    "known, known_besides, at) SELECT '00000000000000000000000000000001', business_id, {}, known_besides, at "
    "FROM strategic_decision LIMIT 1"
)
ENTRY = (
    "INSERT INTO strategic_decision_entry (id, decision_id, kind, words, review_on, at) "
    "SELECT '00000000000000000000000000000001', decision_id, {}, at FROM strategic_decision_entry LIMIT 1"
)
CHECKS = {
    "ck_income_line_named": "UPDATE income_line SET name = ''",
    "ck_income_line_turnover_positive": "UPDATE income_line SET turnover = 0",
    "ck_income_protection_share_is_percent": "UPDATE income_protection SET share = 101",
    "ck_strategic_decision_in_words": DECISION.format(
        "'', options, decided, why, decided_by, decided_on, review_on, known"
    ),
    "ck_strategic_decision_reviewed_later": DECISION.format(
        "question, options, decided, why, decided_by, decided_on, decided_on, known"
    ),
    "ck_strategic_decision_entry_in_words": ENTRY.format("kind, '', review_on"),
    "ck_strategic_decision_entry_review_of_an_outcome": ENTRY.format(
        "'correction', words, (SELECT review_on FROM strategic_decision LIMIT 1)"
    ),
    "ck_test_bed_project_in_words": "UPDATE test_bed_project SET question = ''",
    "ck_test_bed_project_spend_within_budget": "UPDATE test_bed_project SET spent = budget + 1",
    "ck_test_bed_project_days_in_order": "UPDATE test_bed_project SET ends_on = '1999-12-31'",
    "ck_test_bed_project_finished_with_result": "UPDATE test_bed_project SET status = 'finished'",
    "ck_test_bed_project_stopped_with_reason": "UPDATE test_bed_project SET status = 'stopped'",
    "ck_test_bed_project_agreed_what_is_public": "UPDATE test_bed_project SET may_publish = ''",
    "ck_test_bed_partner_named": "UPDATE test_bed_partner SET name = ''",
    "ck_test_bed_spend_amount_positive": "UPDATE test_bed_spend SET amount = 0",
    "ck_test_bed_spend_in_words": "UPDATE test_bed_spend SET what = ''",
    "ck_test_bed_spend_cancelled_with_reason": "UPDATE test_bed_spend SET cancelled_at = recorded_at",
    "ck_test_bed_part_in_words": "UPDATE test_bed_part SET does = ''",
    "ck_test_bed_part_answered_unless_invited": "UPDATE test_bed_part SET answered_at = NULL",
    "ck_test_bed_lesson_in_words": "UPDATE test_bed_lesson SET text = ''",
    "ck_test_bed_lesson_published_by_another": (
        "UPDATE test_bed_lesson SET written_by_id = (SELECT id FROM account LIMIT 1), "
        "published_by_id = (SELECT id FROM account LIMIT 1)"
    ),
    "ck_test_bed_lesson_published_at": "UPDATE test_bed_lesson SET status = 'published'",
    "ck_test_bed_lesson_published_as_approved": "UPDATE test_bed_lesson SET question = text",
    "ck_test_bed_lesson_taken_back_at": "UPDATE test_bed_lesson SET taken_back_at = written_at",
    "ck_test_bed_lesson_taken_back_with_reason": (
        "UPDATE test_bed_lesson SET status = 'taken_back', published_at = written_at, taken_back_at = written_at, "
        "question = text, tried_from = '2026-01-01', tried_to = '2026-01-01', partners = text"
    ),
    "ck_test_bed_naming_answered_unless_asked": "UPDATE test_bed_naming SET answered_at = asked_at",
}


def rows(made: Business) -> None:
    """At least one row in every table of intellectual property that has a wall."""
    asked = bed.asked(made)
    bed.added(bed.decided(made))
    bed.linked(made)
    bed.spent(bed.whole(asked.lesson.project_id))
