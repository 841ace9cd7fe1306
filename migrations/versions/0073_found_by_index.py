"""What desks and lists read is found by an index: no list reads a table that grows from end to end."""

from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_role_grant_role", "role_grant", ["role", "scope_id"]),
    ("ix_cohort_draft_status", "cohort_draft", ["status", "proposed_at"]),
    ("ix_decision_status", "decision", ["status", "outcome"]),
    ("ix_subsidy_status", "subsidy", ["status", "given_on"]),
    ("ix_subsidy_to_publish", "subsidy", ["published_on", "publish_by"]),
    ("ix_right_part_unassigned", "right_part", ["assigned_at", "right_id"]),
    ("ix_export_task_open", "export_task", ["done_at", "due_on"]),
    ("ix_action_plan_maker", "action_plan", ["made_by_id", "status"]),
    ("ix_test_bed_lesson_status", "test_bed_lesson", ["status", "written_at"]),
    ("ix_test_bed_project_status", "test_bed_project", ["status", "ends_on"]),
    ("ix_award_application", "award", ["application_id"]),
    ("ix_award_newest", "award", ["prepared_at", "id"]),
    ("ix_award_claim_newest", "award_claim", ["begun_at", "id"]),
    ("ix_introduction_newest", "introduction", ["requested_at", "id"]),
    ("ix_payment_run_newest", "payment_run", ["made_at", "id"]),
    ("ix_milestone_evidence_status", "milestone_evidence", ["status", "handed_in_at"]),
    ("ix_moderation_person", "moderation", ["moderated_by_id"]),
    ("ix_payment_cause", "payment", ["cause_table", "cause_id"]),
    ("ix_payment_run_status", "payment_run", ["status", "pay_on"]),
)


def upgrade() -> None:
    """Add the indexes."""
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Remove them."""
    for name, table, _ in INDEXES:
        op.drop_index(name, table_name=table)
