"""Bank details of businesses, payments to them in runs, and the answers of the bank."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLES = ("bank_answer_line", "bank_answer", "payment_run_line", "payment", "payment_run", "bank_details")


def upgrade() -> None:
    op.create_table(
        "bank_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "uploaded",
                "recorded",
                "discarded",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["account.id"], name=op.f("fk_bank_answer_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_answer")),
    )
    with op.batch_alter_table("bank_answer", schema=None) as batch_op:
        batch_op.create_index("ix_bank_answer_uploaded", ["uploaded_at"], unique=False)
        batch_op.create_index(
            "uq_bank_answer_recorded",
            ["digest"],
            unique=True,
            sqlite_where=sa.text("status = 'recorded'"),
            postgresql_where=sa.text("status = 'recorded'"),
        )

    op.create_table(
        "payment_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=35), nullable=False),
        sa.Column("pay_on", sa.Date(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payer_name", sa.String(length=70), nullable=False),
        sa.Column("payer_sort_code", sa.String(length=6), nullable=False),
        sa.Column("payer_account", sa.String(length=8), nullable=False),
        sa.Column("released_by_id", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("discard_reason", sa.String(length=500), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "made",
                "released",
                "discarded",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'released') = (released_at IS NOT NULL)",
            name=op.f("ck_payment_run_released_at_if_released"),
        ),
        sa.CheckConstraint(
            "status <> 'released' OR (released_by_id IS NOT NULL AND released_by_id <> made_by_id AND digest <> '')",
            name=op.f("ck_payment_run_released_by_another"),
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_payment_run_made_by_id")),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["account.id"], name=op.f("fk_payment_run_released_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_run")),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_run_reference")),
    )
    op.create_table(
        "bank_details",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("account_name", sa.String(length=70), nullable=False),
        sa.Column("sort_code", sa.String(length=6), nullable=False),
        sa.Column("account_number", sa.String(length=8), nullable=False),
        sa.Column("entered_by_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "numbers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "readers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("called_by_id", sa.Uuid(), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_number", sa.String(length=40), nullable=False),
        sa.Column("spoke_to", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=500), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "entered",
                "confirmed",
                "refused",
                "withdrawn",
                "replaced",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status NOT IN ('confirmed', 'replaced') OR (called_by_id IS NOT NULL AND called_at IS NOT NULL AND spoke_to <> '' AND called_number <> '' AND called_by_id <> entered_by_id)",
            name=op.f("ck_bank_details_called_back_by_another"),
        ),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_bank_details_business_id")),
        sa.ForeignKeyConstraint(["called_by_id"], ["account.id"], name=op.f("fk_bank_details_called_by_id")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["account.id"], name=op.f("fk_bank_details_entered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_details")),
    )
    with op.batch_alter_table("bank_details", schema=None) as batch_op:
        batch_op.create_index("ix_bank_details_business", ["business_id", "entered_at"], unique=False)
        batch_op.create_index(
            "uq_bank_details_confirmed",
            ["business_id"],
            unique=True,
            sqlite_where=sa.text("status = 'confirmed'"),
            postgresql_where=sa.text("status = 'confirmed'"),
        )
        batch_op.create_index(
            "uq_bank_details_entered",
            ["business_id"],
            unique=True,
            sqlite_where=sa.text("status = 'entered'"),
            postgresql_where=sa.text("status = 'entered'"),
        )

    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("envelope_id", sa.Uuid(), nullable=False),
        sa.Column(
            "line",
            sa.Enum(
                "capital",
                "revenue",
                "in_kind",
                name="line",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("about_table", sa.String(length=60), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("cause_table", sa.String(length=60), nullable=False),
        sa.Column("cause_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fail_reason", sa.String(length=500), nullable=False),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "due",
                "in_run",
                "sent",
                "paid",
                "failed",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancel_reason <> '')", name=op.f("ck_payment_cancelled_with_reason")
        ),
        sa.CheckConstraint(
            "(status = 'paid') = (paid_at IS NOT NULL)", name=op.f("ck_payment_paid_at_if_paid")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_amount_positive")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["account.id"], name=op.f("fk_payment_approved_by_id")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_payment_business_id")),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelope.id"], name=op.f("fk_payment_envelope_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("cause_table", "cause_id", name=op.f("uq_payment_cause_table_cause_id")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index("ix_payment_about", ["about_table", "about_id"], unique=False)
        batch_op.create_index("ix_payment_business", ["business_id", "requested_at"], unique=False)
        batch_op.create_index("ix_payment_status", ["status", "requested_at"], unique=False)

    op.create_table(
        "payment_run_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("details_id", sa.Uuid(), nullable=False),
        sa.Column("end_to_end_id", sa.String(length=35), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("account_name", sa.String(length=70), nullable=False),
        sa.Column("sort_code", sa.String(length=6), nullable=False),
        sa.Column("account_number", sa.String(length=8), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_run_line_amount_positive")),
        sa.ForeignKeyConstraint(
            ["details_id"], ["bank_details.id"], name=op.f("fk_payment_run_line_details_id")
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_run_line_payment_id")),
        sa.ForeignKeyConstraint(["run_id"], ["payment_run.id"], name=op.f("fk_payment_run_line_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_run_line")),
        sa.UniqueConstraint("end_to_end_id", name=op.f("uq_payment_run_line_end_to_end_id")),
    )
    with op.batch_alter_table("payment_run_line", schema=None) as batch_op:
        batch_op.create_index("ix_payment_run_line_run", ["run_id"], unique=False)
        batch_op.create_index(
            "uq_payment_run_line_open",
            ["payment_id"],
            unique=True,
            sqlite_where=sa.text("is_open"),
            postgresql_where=sa.text("is_open"),
        )

    op.create_table(
        "bank_answer_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("end_to_end_id", sa.String(length=35), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("is_paid", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "paid",
                "rejected",
                "unknown",
                "partial",
                "repeated",
                "late",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("run_line_id", sa.Uuid(), nullable=True),
        sa.Column("resolved_by_id", sa.Uuid(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "resolved_at IS NULL OR resolution <> ''", name=op.f("ck_bank_answer_line_resolved_in_words")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["bank_answer.id"], name=op.f("fk_bank_answer_line_answer_id")
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["account.id"], name=op.f("fk_bank_answer_line_resolved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["run_line_id"], ["payment_run_line.id"], name=op.f("fk_bank_answer_line_run_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_answer_line")),
        sa.UniqueConstraint("answer_id", "position", name=op.f("uq_bank_answer_line_answer_id_position")),
    )
    with op.batch_alter_table("bank_answer_line", schema=None) as batch_op:
        batch_op.create_index(
            "uq_bank_answer_line_counted",
            ["run_line_id"],
            unique=True,
            sqlite_where=sa.text("verdict IN ('paid', 'rejected')"),
            postgresql_where=sa.text("verdict IN ('paid', 'rejected')"),
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
