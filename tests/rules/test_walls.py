"""What must never be, whoever writes: every trigger and CHECK there is, by name, on both engines, and each is tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Enum, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from crm.audit import service as audit
from crm.businesses.models import BusinessShare, Consent, YearlyFigures
from crm.businesses.workflow import ConsentPurpose
from crm.db.base import Base
from crm.figures.workflow import FigureStatus
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.links.rules import Purpose
from crm.links.service import mint
from crm.notices.models import Letter
from crm.signposting.models import Absence, Capacity
from tests import assessments, covers, factories, gatherings
from tests.cast import SINCE, Cast
from tests.rules import (
    deal_walls,
    directory_walls,
    exporting_walls,
    funding_walls,
    ip_walls,
    network_walls,
    programme_walls,
)

APPEND_ONLY = (
    "audit_entry",
    "audit_erasure",
    "audit_seal",
    "ledger_entry",
    "shut_out",
    *(*network_walls.APPEND_ONLY, *deal_walls.APPEND_ONLY, *ip_walls.APPEND_ONLY),
)
SIGNED_AND_SHOWN = {
    "sqlite": {"promotion_no_update", "promotion_no_delete", "certification_no_delete"},
    "postgresql": {
        f"{table}_{wall}"
        for table in ("promotion", "certification")
        for wall in ("append_only", "not_emptied")
    },
}
THAT_HOLD = {
    "certification_words_stay",
    "promotion_not_revoked",
    "ledger_entry_opposite",
    "ledger_entry_adds_up",
    *assessments.WALLS,
    *ip_walls.TRIGGERS,
    *programme_walls.TRIGGERS,
    *(deal_walls.TRIGGERS | network_walls.TRIGGERS),
}
TRIGGERS = {
    "sqlite": {
        *(f"{table}_no_{act}" for table in APPEND_ONLY for act in ("update", "delete")),
        "audit_value_no_update",
        "audit_value_with_leave",
        *SIGNED_AND_SHOWN["sqlite"],
        *THAT_HOLD,
    },
    "postgresql": {
        *(
            f"{table}_{wall}"
            for table in (*APPEND_ONLY, "audit_value")
            for wall in ("append_only", "not_emptied")
        ),
        "audit_value_with_leave",
        *SIGNED_AND_SHOWN["postgresql"],
        *THAT_HOLD,
    },
}
# Every CHECK by its table, with a change that it refuses. Those of word lists stand in test_machines.
CHECKS = {
    **directory_walls.CHECKS,
    **network_walls.CHECKS,
    **deal_walls.CHECKS,
    **funding_walls.CHECKS,
    **exporting_walls.CHECKS,
    **ip_walls.CHECKS,
    **programme_walls.CHECKS,
    "ck_account_email_in_lower_case": "UPDATE account SET email = 'ANN@made.example'",
    "ck_role_grant_dates_in_order": "UPDATE role_grant SET valid_to = '2025-12-31'",
    "ck_role_grant_scope_whole": "UPDATE role_grant SET scope_id = 'somewhere' WHERE scope = 'everywhere'",
    "ck_role_grant_granted_by_another": "UPDATE role_grant SET granted_by_id = account_id",
    "ck_role_grant_role_can_be_granted": "UPDATE role_grant SET role = 'anyone'",
    "ck_hub_dates_in_order": "UPDATE hub SET closed_on = '1999-12-31'",
    "ck_hub_area_dates_in_order": "UPDATE hub_area SET valid_to = '1999-12-31'",
    "ck_one_time_link_used_or_replaced": "UPDATE one_time_link SET used_at = created_at, replaced_at = created_at",
    "ck_one_time_link_expires_later": "UPDATE one_time_link SET expires_at = created_at",
    "ck_dated_figure_ends_after_it_begins": "UPDATE dated_figure SET valid_to = '1999-12-31'",
    "ck_dated_figure_decided_if_not_proposed": "UPDATE dated_figure SET decided_at = proposed_at WHERE status = 'proposed'",
    "ck_dated_figure_approved_by_another": "UPDATE dated_figure SET decided_by_id = proposed_by_id WHERE status = 'approved' AND proposed_by_id IS NOT NULL",
    "ck_letter_sent_at_if_sent": "UPDATE letter SET status = 'sent'",
    "ck_letter_link_whole": "UPDATE letter SET link_purpose = 'sign_in'",
    "ck_letter_attempts_counted": "UPDATE letter SET attempts = -1",
    "ck_letter_about_whole": "UPDATE letter SET about_table = 'made'",
    "ck_role_grant_founders_have_standing": "UPDATE role_grant SET standing = NULL WHERE role = 'founder'",
    "ck_business_archived_with_reason": "UPDATE business SET status = 'archived'",
    "ck_business_confidence_is_percent": "UPDATE business SET place_confidence = 101",
    "ck_business_override_has_reason": "UPDATE business SET place_method = 'adviser'",
    "ck_business_postcode_has_outcode": "UPDATE business SET trading_outcode = NULL",
    "ck_business_share_dates_in_order": "UPDATE business_share SET valid_to = '1999-12-31'",
    "ck_yearly_figures_months_of_a_period": "UPDATE yearly_figures SET months = 0",
    "ck_yearly_figures_turnover_not_negative": "UPDATE yearly_figures SET turnover = -1, export_turnover = NULL",
    "ck_yearly_figures_employees_not_negative": "UPDATE yearly_figures SET employees = -1",
    "ck_yearly_figures_export_not_negative": "UPDATE yearly_figures SET export_turnover = -1",
    "ck_yearly_figures_export_within_turnover": "UPDATE yearly_figures SET turnover = 1, export_turnover = 2",
    "ck_yearly_figures_research_not_negative": "UPDATE yearly_figures SET research_spend = -1",
    "ck_person_email_in_lower_case": "UPDATE person SET email = 'ANN@made.example'",
    "ck_consent_withdrawn_later": "UPDATE consent SET withdrawn_at = '1999-12-31 00:00:00+00:00'",
    "ck_connection_dates_in_order": "UPDATE connection SET valid_to = '1999-12-31'",
    "ck_connection_somebody_named": "UPDATE connection SET who = NULL, account_id = NULL",
    "ck_claim_email_in_lower_case": "UPDATE claim SET email = 'ANN@made.example'",
    "ck_claim_decided_if_not_waiting": "UPDATE claim SET decided_at = made_at",
    "ck_claim_refused_with_reason": "UPDATE claim SET status = 'refused', decided_at = made_at",
    "ck_question_set_version_counted": "UPDATE question_set SET version = 0",
    "ck_diagnosis_finished_at_if_finished": "UPDATE diagnosis SET finished_at = begun_at",
    "ck_diagnosis_route_if_finished": "UPDATE diagnosis SET route = 'warm'",
    "ck_readiness_set_number_counted": assessments.ANOTHER_SET.format("0, 'draft'"),
    "ck_readiness_set_published_at_unless_draft": assessments.ANOTHER_SET.format("9, 'published'"),
    "ck_readiness_set_retired_at_if_retired": "UPDATE readiness_set SET retired_at = made_at",
    "ck_readiness_check_finished_at_if_finished": "UPDATE readiness_check SET finished_at = begun_at",
    "ck_readiness_check_score_if_finished": "UPDATE readiness_check SET score = 1",
    "ck_readiness_check_band_if_finished": "UPDATE readiness_check SET band = 'basic'",
    "ck_readiness_check_score_in_tenths": (
        "UPDATE readiness_check SET status = 'finished', finished_at = begun_at, band = 'basic', score = 1001"
    ),
    "ck_cover_check_value_positive": "UPDATE cover_check SET value = 0",
    "ck_cover_check_withdrawn_with_reason": "UPDATE cover_check SET withdrawn_reason = 'because'",
    "ck_cover_check_payment_days_counted": "UPDATE cover_check SET payment_days = 3651",
    "ck_ask_amount_positive": "UPDATE ask SET amount = 0",
    "ck_ask_unmet_with_reason": "UPDATE ask SET unmet_reason = 'other'",
    "ck_ask_met_by_somebody": "UPDATE ask SET status = 'met', settled_on = asked_on",
    "ck_ask_settled_if_not_open": "UPDATE ask SET settled_on = asked_on",
    "ck_enquiry_can_be_reached": "UPDATE enquiry SET email = NULL, phone = NULL",
    "ck_enquiry_email_in_lower_case": "UPDATE enquiry SET email = 'ANN@made.example'",
    "ck_enquiry_waiting_for_anybody": "UPDATE enquiry SET claimed_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_enquiry_claimed_by_somebody": "UPDATE enquiry SET status = 'claimed'",
    "ck_enquiry_answered_at_a_moment": "UPDATE enquiry SET status = 'answered', claimed_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_enquiry_closed_at_if_closed": "UPDATE enquiry SET closed_at = received_at",
    "ck_enquiry_closed_with_reason": "UPDATE enquiry SET close_reason = 'spam'",
    "ck_capacity_most_open_in_bounds": "UPDATE capacity SET most_open = 501",
    "ck_absence_days_in_order": "UPDATE absence SET last_day = '1999-12-31'",
    "ck_absence_covered_by_another": "UPDATE absence SET covered_by_id = account_id",
    "ck_action_plan_number_counted": "UPDATE action_plan SET number = 0",
    "ck_action_plan_sent_at_if_sent": "UPDATE action_plan SET sent_at = made_at",
    "ck_action_plan_superseded_by_another": "UPDATE action_plan SET superseded_by_id = id",
    "ck_action_plan_opened_once_sent": "UPDATE action_plan SET opened_at = made_at",
    "ck_conversation_quarters_of_a_day": "UPDATE conversation SET quarters = 97",
    "ck_conversation_completed_at_if_complete": "UPDATE conversation SET completed_at = recorded_at",
    "ck_conversation_voided_with_reason": "UPDATE conversation SET voided_at = recorded_at",
    "ck_conversation_complete_with_kind": "UPDATE conversation SET status = 'complete', completed_at = recorded_at, "
    "channel = 'video'",
    "ck_conversation_complete_with_channel": "UPDATE conversation SET status = 'complete', completed_at = recorded_at, "
    "kind_code = (SELECT code FROM support_kind LIMIT 1)",
    "ck_support_hours_quarters_of_a_day": "UPDATE support_hours SET quarters = 0",
    "ck_support_hours_answered_if_not_stated": "UPDATE support_hours SET answered_at = '2026-11-24 10:00:00+00:00', "
    "answered_by = 'made'",
    "ck_support_hours_answered_by_somebody": "UPDATE support_hours SET answered_by = 'made'",
    "ck_support_hours_disputed_with_note": "UPDATE support_hours SET status = 'disputed', answered_by = 'made', "
    "answered_at = '2026-11-24 10:00:00+00:00'",
    "ck_support_hours_from_one_source": "UPDATE support_hours SET conversation_id = (SELECT id FROM conversation LIMIT 1), "
    "workshop_id = (SELECT id FROM workshop LIMIT 1)",
    "ck_appointment_ends_later": "UPDATE appointment SET ends_at = starts_at",
    "ck_appointment_held_with_conversation": "UPDATE appointment SET status = 'held'",
    "ck_appointment_cancelled_with_reason": "UPDATE appointment SET status = 'cancelled'",
    "ck_workshop_ends_later": "UPDATE workshop SET ends_at = starts_at",
    "ck_workshop_has_seats": "UPDATE workshop SET seats = 0",
    "ck_workshop_quarters_of_a_day": "UPDATE workshop SET quarters = 97",
    "ck_workshop_cancelled_with_reason": "UPDATE workshop SET status = 'cancelled'",
    "ck_workshop_place_email_in_lower_case": "UPDATE workshop_place SET email = 'ANN@made.example'",
    "ck_document_has_bytes": "UPDATE document SET size = 0",
    "ck_referral_to_one": "UPDATE referral SET service_id = NULL",
    "ck_referral_to_another": "UPDATE referral SET recipient_id = (SELECT id FROM account LIMIT 1), "
    "created_by_id = (SELECT id FROM account LIMIT 1), service_id = NULL",
    "ck_referral_sent_with_pack": "UPDATE referral SET status = 'sent'",
    "ck_referral_announced_with_pack": "UPDATE referral SET status = 'announced'",
    "ck_referral_closed_with_reason": "UPDATE referral SET status = 'withdrawn'",
    "ck_referral_completed_with_outcome": "UPDATE referral SET outcome = 'helped', completed_by = 'made', "
    "completed_at = created_at",
    "ck_referral_quarters_counted": "UPDATE referral SET quarters = 0",
    "ck_referral_value_not_negative": "UPDATE referral SET value = -1",
    "ck_referral_helped_at_a_moment": "UPDATE referral SET helped_at = created_at",
    "ck_referral_helped_once_completed": "UPDATE referral SET helped = true, helped_at = created_at",
    "ck_indicator_dates_in_order": "UPDATE indicator SET valid_to = '1999-12-31'",
    "ck_baseline_fte_not_negative": "UPDATE baseline SET fte_hundredths = -1",
    "ck_output_amount_positive": "UPDATE output SET amount = 0",
    "ck_output_claimed_with_proof": "UPDATE output SET status = 'claimed'",
    "ck_output_withdrawn_with_reason": "UPDATE output SET status = 'withdrawn'",
    "ck_next_step_one_parent": "UPDATE next_step SET business_id = NULL",
    "ck_next_step_reminded_of_the_due_day": "UPDATE next_step SET due_on = '2026-12-01', reminded_for = '2026-12-02'",
    "ck_next_step_dismissed_for_the_due_day": "UPDATE next_step SET due_on = '2026-12-01', "
    "dismissed_for = '2026-12-02'",
    "ck_next_step_done_by_somebody": "UPDATE next_step SET done_by = 'made'",
    "ck_plan_step_done_by_somebody": "UPDATE plan_step SET done_at = '2026-11-24 10:00:00+00:00'",
}
OF_A_BUSINESS = (
    *(factories.person, factories.connection, factories.claim, factories.diagnosis, factories.ask),
    *(assessments.readiness_check, covers.checked),
)
WORD_LISTS = {
    f"ck_{table.name}_{column.type.name}"
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, Enum)
}


@pytest.fixture
def rows(cast: Cast, db: Session) -> None:
    """At least one row in every table that has a wall."""
    factories.letter()
    mint(Purpose.PLAN, "somebody")
    factories.figure()
    decided = {"proposed_by_id": cast.administrator.id, "decided_by_id": cast.second_administrator.id}
    factories.figure(FigureStatus.APPROVED, **decided)
    made = factories.business()
    factories.conversation(made)
    factories.hours(made)
    gatherings.appointment(made)
    gatherings.place(gatherings.workshop())
    funding_walls.rows(cast)
    for each in (programme_walls, directory_walls, network_walls, exporting_walls, ip_walls, deal_walls):
        each.rows(made)
    factories.referral(made)
    factories.next_step(made)
    factories.document("output", factories.output(made).id)
    factories.baseline(made)
    factories.kept(
        BusinessShare(business_id=made.id, hub_id=factories.hub().id, valid_from=SINCE, reason="made")
    )
    factories.kept(
        YearlyFigures(business_id=made.id, year_end=SINCE, turnover=Money.pounds(1), source="made")
    )
    consent = {"wording_version": "2026-11", "given_at": now(), "given_by": "made", "way": "made"}
    factories.kept(Consent(business_id=made.id, purpose=ConsentPurpose.NEWS, **consent))
    for make in OF_A_BUSINESS:
        make(made)
    factories.enquiry()
    factories.kept(Capacity(account_id=cast.adviser.id, most_open=5))
    factories.kept(Absence(account_id=cast.adviser.id, first_day=SINCE, last_day=SINCE))
    factories.step(factories.plan(made))
    factories.entry(name=("before", "after"))
    erased = factories.entry(name=("before", "after"))
    db.flush()
    audit.erase_values(erased, reason="asked for by the person", by=SYSTEM)
    db.execute(
        text("INSERT INTO audit_seal (id, at, up_to_id, entries, digest) VALUES (1, :at, 1, 1, 'x')"),
        {"at": now()},
    )


def refusal_of(db: Session, change: str, **values: Any) -> str:
    """What the database says to a change; it must refuse it."""
    connection = db.connection()
    point = connection.begin_nested()
    try:
        with pytest.raises(DBAPIError) as caught:
            connection.execute(text(change), values)
        return str(caught.value.orig)
    finally:
        point.rollback()


def trigger_names(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return (str(each) for each in connection.execute(text(query)).scalars())


def test_every_trigger_is_known_here(db: Session) -> None:
    assert set(trigger_names(db.connection())) == TRIGGERS[db.connection().dialect.name]


def test_every_check_is_known_here(db: Session) -> None:
    seen = inspect(db.connection())
    there = {
        str(check["name"])
        for table in Base.metadata.sorted_tables
        for check in seen.get_check_constraints(table.name)
    }

    assert there - WORD_LISTS == set(CHECKS)
    assert there >= WORD_LISTS


def test_a_check_refuses_what_it_is_there_for(db: Session, rows: None, subtests: pytest.Subtests) -> None:
    for check, change in CHECKS.items():
        with subtests.test(check):
            assert check in refusal_of(db, change)


def test_what_is_only_added_to_is_never_changed_or_removed(
    db: Session, rows: None, subtests: pytest.Subtests
) -> None:
    for table in APPEND_ONLY:
        when = "ended_on" if table == "evidence_end" else "at"
        for change in (f"UPDATE {{}} SET {when} = {when}", "DELETE FROM {}"):  # noqa: S608 words of our own
            with subtests.test(change.format(table)):
                assert f"{table} is append-only" in refusal_of(db, change.format(table))


def test_the_values_of_the_trail_are_never_changed(db: Session, rows: None) -> None:
    assert "audit_value is append-only" in refusal_of(db, "UPDATE audit_value SET salt = 'another'")


def test_the_values_of_the_trail_are_removed_only_with_leave(db: Session, rows: None) -> None:
    kept, let_go = factories.entry(name=("a", "b")), factories.entry(name=("a", "b"))
    audit.erase_values(let_go, reason="asked for by the person", by=SYSTEM)

    left = db.execute(
        text("SELECT count(*) FROM audit_value WHERE entry_id = :id"), {"id": let_go.id}
    ).scalar()
    assert left == 0
    said = refusal_of(db, "DELETE FROM audit_value WHERE entry_id = :id", id=kept.id)
    assert "only with leave" in said


def test_a_finished_assessment_and_a_published_question_set_never_change(
    db: Session, cast: Cast, subtests: pytest.Subtests
) -> None:
    assessments.readiness_check(factories.business(), is_finished=True)
    for change, words in assessments.WALLS_TRIED:
        with subtests.test(change):
            assert words in refusal_of(db, change)


def test_what_was_spent_on_a_test_bed_project_is_never_changed_to_more_than_its_budget(
    db: Session, rows: None
) -> None:
    said = refusal_of(db, "UPDATE test_bed_spend SET amount = 100000000000")
    assert "a test-bed project never spends more than its budget" in said


@pytest.mark.engine("postgresql")
def test_what_is_only_added_to_is_never_emptied(db: Session, rows: None) -> None:
    for table in (*APPEND_ONLY, "audit_value"):
        assert "append-only" in refusal_of(db, f"TRUNCATE {table} CASCADE")


HELD_ONCE = (
    ("account", "email"),
    ("hub", "code"),
    ("service", "service_id"),
    ("provider", "name"),
    ("one_time_link", "token_hash"),
    ("login_session", "token_hash"),
    ("letter", "message_id"),
)


def test_a_name_is_held_once(db: Session) -> None:
    seen = inspect(db.connection())
    for table, column in HELD_ONCE:
        unique = [each["column_names"] for each in seen.get_unique_constraints(table)]
        unique += [each["column_names"] for each in seen.get_indexes(table) if each["unique"]]
        assert [column] in unique, table


def test_rows_point_only_at_what_is_there(db: Session, cast: Cast) -> None:
    orphan = Letter(account_id=cast.founder.id, **letter_fields())
    db.add(orphan)
    db.flush()

    said = refusal_of(db, "DELETE FROM account WHERE email = :email", email=cast.founder.email)
    assert "foreign key" in said.lower()


def letter_fields() -> dict[str, Any]:
    moment = now()
    return {
        "message_id": "<one@letters.crm>",
        "kind": "sign_in",
        "to_address": "a@made.example",
        "to_name": "A",
        "queued_at": moment,
        "not_before": moment + timedelta(days=1),
    }


def test_a_hub_begins_to_serve_an_authority_once_on_one_day(db: Session) -> None:
    owner = factories.hub()
    factories.area(owner, valid_from=date(2026, 1, 1))
    point = db.begin_nested()
    with pytest.raises(IntegrityError):
        factories.area(owner, valid_from=date(2026, 1, 1))
    point.rollback()
