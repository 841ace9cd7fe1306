"""The angel network: membership, rights, statements, pitches, introductions, and the ledger of promotions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BARRIERS = "'commercial_focus', 'investor_understanding', 'collateral', 'key_person'"
REASONS = "'nothing_exists', 'not_eligible', 'turned_down', 'too_small', 'too_large', 'too_early', 'terms_not_acceptable'"
BEFORE = f"unmet_reason IN ({REASONS}, 'other')"
AFTER = f"unmet_reason IN ({REASONS}, {BARRIERS}, 'other')"
SIGNED = ("account_id", "wording_id", "signed_at", "signed_on", "valid_until", "text", "sha256")
CHANGED = " OR ".join(f"NEW.{name} <> OLD.{name}" for name in SIGNED)
REVOKED = (
    "EXISTS (SELECT 1 FROM certification WHERE id = NEW.certification_id"
    " AND revoked_at IS NOT NULL AND revoked_at <= NEW.shown_at)"
)


def upgrade() -> None:
    _change_reasons(BEFORE, AFTER)
    op.create_table(
        "gate_visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("faults", JSON, nullable=False),
        sa.CheckConstraint("tried >= 0", name=op.f("ck_gate_visit_tried_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_visit")),
    )
    op.create_table(
        "angel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("referees", JSON, nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "applied",
                "accepted",
                "declined",
                "suspended",
                "left",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("conduct_version", sa.String(length=20), nullable=False),
        sa.Column("conduct_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "check_outcome",
            sa.Enum(
                "not_checked",
                "passed",
                "failed",
                "not_required",
                name="check_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.String(length=200), nullable=False),
        sa.Column("check_note", sa.Text(), nullable=False),
        sa.Column("references_note", sa.Text(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("stages", sa.Text(), nullable=False),
        sa.Column("instruments", sa.Text(), nullable=False),
        sa.Column("leps", sa.Text(), nullable=False),
        sa.Column("min_ticket", sa.BigInteger(), nullable=True),
        sa.Column("max_ticket", sa.BigInteger(), nullable=True),
        sa.Column("wants_seis", sa.Boolean(), nullable=False),
        sa.Column("wants_eis", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(check_outcome IN ('passed', 'failed')) = (checked_on IS NOT NULL)",
            name=op.f("ck_angel_checked_on_a_day"),
        ),
        sa.CheckConstraint(
            "(checked_on IS NULL) = (checked_by = '')", name=op.f("ck_angel_checked_by_somebody")
        ),
        sa.CheckConstraint(
            "status = 'applied' OR decided_at IS NOT NULL", name=op.f("ck_angel_decided_if_not_applied")
        ),
        sa.CheckConstraint(
            "status IN ('applied', 'declined') OR account_id IS NOT NULL",
            name=op.f("ck_angel_accepted_with_account"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('declined', 'suspended') OR reason <> ''",
            name=op.f("ck_angel_kept_out_with_reason"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_angel_email_in_lower_case")),
        sa.CheckConstraint("min_ticket <= max_ticket", name=op.f("ck_angel_tickets_in_order")),
        sa.CheckConstraint("min_ticket >= 0", name=op.f("ck_angel_ticket_not_negative")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_angel_account_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_angel_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_angel")),
    )
    op.create_index("ix_angel_status", "angel", ["status", "applied_at", "id"], unique=False)
    op.create_index(
        "uq_angel_account",
        "angel",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("status NOT IN ('declined', 'left')"),
        postgresql_where=sa.text("status NOT IN ('declined', 'left')"),
    )
    op.create_index(
        "uq_angel_email",
        "angel",
        ["email"],
        unique=True,
        sqlite_where=sa.text("status NOT IN ('declined', 'left')"),
        postgresql_where=sa.text("status NOT IN ('declined', 'left')"),
    )
    op.create_table(
        "blocked_promotion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_blocked_promotion_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocked_promotion")),
    )
    op.create_index(
        "ix_blocked_promotion_account", "blocked_promotion", ["account_id", "blocked_at"], unique=False
    )
    op.create_table(
        "certification_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "high_net_worth",
                "self_certified",
                "certified",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("particulars", JSON, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_certification_attempt_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification_attempt")),
    )
    op.create_index(
        "ix_certification_attempt_account", "certification_attempt", ["account_id", "tried_at"], unique=False
    )
    op.create_table(
        "membership_period",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "invoice",
                "transfer",
                "waiver",
                name="way",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by_id", sa.Uuid(), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (void_reason = '')", name=op.f("ck_membership_period_voided_with_reason")
        ),
        sa.CheckConstraint(
            "(way = 'waiver') = (amount = 0)", name=op.f("ck_membership_period_paid_or_waived")
        ),
        sa.CheckConstraint(
            "way <> 'waiver' OR reason <> ''", name=op.f("ck_membership_period_waived_with_reason")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_membership_period_amount_not_negative")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_membership_period_dates_in_order")),
        sa.CheckConstraint(
            "recorded_by_id IS NULL OR recorded_by_id <> account_id",
            name=op.f("ck_membership_period_recorded_by_another"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_period_account_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_membership_period_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["voided_by_id"], ["account.id"], name=op.f("fk_membership_period_voided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_period")),
    )
    op.create_index(
        "ix_membership_period_account", "membership_period", ["account_id", "starts_on"], unique=False
    )
    op.create_table(
        "regulatory_basis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "enterprise_exemption",
                "appointed_representative",
                "authorised",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("firm", sa.String(length=200), nullable=False),
        sa.Column("frn", sa.String(length=7), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "basis = 'enterprise_exemption' OR (firm <> '' AND frn <> '')",
            name=op.f("ck_regulatory_basis_firm_named"),
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_regulatory_basis_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_regulatory_basis_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulatory_basis")),
    )
    op.create_index(
        "ix_regulatory_basis_from", "regulatory_basis", ["valid_from", "recorded_at"], unique=False
    )
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("criteria", JSON, nullable=False),
        sa.Column("has_alerts", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alerted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_saved_search_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
    )
    op.create_index("ix_saved_search_account", "saved_search", ["account_id", "made_at"], unique=False)
    op.create_index("ix_saved_search_alerts", "saved_search", ["has_alerts", "id"], unique=False)
    op.create_table(
        "statement_wording",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "high_net_worth",
                "self_certified",
                "certified",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version_name", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("signed_until", sa.Date(), nullable=True),
        sa.Column("counts_until", sa.Date(), nullable=True),
        sa.Column("body", JSON, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("approved_by", sa.String(length=200), nullable=False),
        sa.Column("approved_reference", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(approved_on IS NULL) = (approved_by = '') AND (approved_on IS NULL) = (approved_reference = '')",
            name=op.f("ck_statement_wording_approved_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_statement_wording_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_wording")),
    )
    op.create_index(
        "uq_statement_wording_version", "statement_wording", ["ground", "version_name"], unique=True
    )
    op.create_table(
        "certification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "high_net_worth",
                "self_certified",
                "certified",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("wording_id", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("signed_name", sa.String(length=200), nullable=False),
        sa.Column("particulars", JSON, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("rests_on_membership", sa.Boolean(), nullable=False),
        sa.Column("firm", sa.String(length=200), nullable=False),
        sa.Column("frn", sa.String(length=7), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Uuid(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ground = 'certified') = (firm <> '') AND (firm <> '') = (frn <> '') AND (firm <> '') = (issued_on IS NOT NULL) AND (firm <> '') = (kinds <> '')",
            name=op.f("ck_certification_certificate_whole"),
        ),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_reason = '')", name=op.f("ck_certification_revoked_with_reason")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR ground = 'certified'",
            name=op.f("ck_certification_confirmed_certificate"),
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> account_id",
            name=op.f("ck_certification_confirmed_by_another"),
        ),
        sa.CheckConstraint("valid_until > signed_on", name=op.f("ck_certification_holds_for_a_day")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_certification_account_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_certification_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_certification_document_id")),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["account.id"], name=op.f("fk_certification_revoked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["wording_id"], ["statement_wording.id"], name=op.f("fk_certification_wording_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification")),
        sa.UniqueConstraint("id", "account_id", "signed_on", "valid_until", name="uq_certification_days"),
    )
    op.create_index("ix_certification_account", "certification", ["account_id", "signed_at"], unique=False)
    op.create_table(
        "ip_right",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "patent",
                "trade_mark",
                "design",
                "copyright",
                "database",
                "know_how",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("territory", sa.String(length=200), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "unregistered",
                "applied_for",
                "registered",
                "lapsed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind NOT IN ('copyright', 'database', 'know_how') OR status NOT IN ('registered', 'applied_for')",
            name=op.f("ck_ip_right_register_there_is"),
        ),
        sa.CheckConstraint(
            "status <> 'registered' OR number <> ''", name=op.f("ck_ip_right_registered_with_number")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["account.id"], name=op.f("fk_ip_right_added_by_id")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_ip_right_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ip_right")),
    )
    op.create_index("ix_ip_right_business", "ip_right", ["business_id", "title"], unique=False)
    op.create_table(
        "pitch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "screening",
                "published",
                "paused",
                "declined",
                "withdrawn",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("headline", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column(
            "instrument",
            sa.Enum(
                "equity",
                "loan_note",
                "convertible",
                "loan",
                "revenue_share",
                "production",
                "other",
                name="instrument",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("min_ticket", sa.BigInteger(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("use_of_funds", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("market", sa.Text(), nullable=False),
        sa.Column("slate", sa.Text(), nullable=False),
        sa.Column("video_url", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=254), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column(
            "seis",
            sa.Enum(
                "no", "intended", "assured", name="seis", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "eis",
            sa.Enum(
                "no", "intended", "assured", name="eis", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("seis_raised", sa.BigInteger(), nullable=False),
        sa.Column("eis_raised", sa.BigInteger(), nullable=False),
        sa.Column("eis_year", sa.BigInteger(), nullable=False),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("leps", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.Uuid(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "declined_for",
            sa.Enum(
                "nothing_exists",
                "not_eligible",
                "turned_down",
                "too_small",
                "too_large",
                "too_early",
                "terms_not_acceptable",
                "commercial_focus",
                "investor_understanding",
                "collateral",
                "key_person",
                "other",
                name="declined_for",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "closed_as",
            sa.Enum(
                "funded",
                "part_funded",
                "unfunded",
                name="closed_as",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("raised", sa.BigInteger(), nullable=False),
        sa.Column("ask_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(closed_as IN ('funded', 'part_funded')) = (raised > 0)", name=op.f("ck_pitch_raised_if_funded")
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_as IS NOT NULL)", name=op.f("ck_pitch_closed_with_outcome")
        ),
        sa.CheckConstraint(
            "closed_as IS NULL OR closed_as = 'funded' OR declined_for IS NOT NULL",
            name=op.f("ck_pitch_unmet_with_reason"),
        ),
        sa.CheckConstraint(
            "status <> 'declined' OR declined_for IS NOT NULL", name=op.f("ck_pitch_declined_with_reason")
        ),
        sa.CheckConstraint(
            "status NOT IN ('published', 'paused') OR instrument IN ('equity', 'loan_note', 'convertible')",
            name=op.f("ck_pitch_shown_if_cleared"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('published', 'paused', 'closed') OR published_at IS NOT NULL",
            name=op.f("ck_pitch_published_at_if_published"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_pitch_amount_positive")),
        sa.CheckConstraint("min_ticket <= amount", name=op.f("ck_pitch_ticket_within_amount")),
        sa.CheckConstraint("min_ticket >= 0", name=op.f("ck_pitch_ticket_not_negative")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_pitch_number_not_negative")),
        sa.CheckConstraint("raised <= amount", name=op.f("ck_pitch_raised_within_amount")),
        sa.CheckConstraint(
            "seis_raised >= 0 AND eis_raised >= 0 AND eis_year >= 0",
            name=op.f("ck_pitch_raised_not_negative"),
        ),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_pitch_ask_id")),
        sa.ForeignKeyConstraint(["begun_by_id"], ["account.id"], name=op.f("fk_pitch_begun_by_id")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_pitch_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch")),
        sa.UniqueConstraint("reference", name=op.f("uq_pitch_reference")),
    )
    op.create_index("ix_pitch_business", "pitch", ["business_id", "begun_at"], unique=False)
    op.create_index("ix_pitch_published", "pitch", ["status", "published_at", "id"], unique=False)
    op.create_table(
        "introduction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "held",
                "agreed",
                "declined",
                "lapsed",
                "cancelled",
                "taken_back",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nudge_on", sa.Date(), nullable=False),
        sa.Column("task_on", sa.Date(), nullable=False),
        sa.Column("lapse_on", sa.Date(), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column(
            "refusal",
            sa.Enum(
                "not_now",
                "raised",
                "ticket",
                "fit",
                "other",
                name="refusal",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("refusal_note", sa.Text(), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'agreed') = (met_at IS NOT NULL)", name=op.f("ck_introduction_met_if_agreed")
        ),
        sa.CheckConstraint(
            "(status = 'declined') = (refusal IS NOT NULL)", name=op.f("ck_introduction_declined_with_reason")
        ),
        sa.CheckConstraint(
            "nudge_on < task_on AND task_on < lapse_on", name=op.f("ck_introduction_days_in_order")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_introduction_account_id")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_introduction_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_introduction_pitch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introduction")),
        sa.UniqueConstraint("reference", name=op.f("uq_introduction_reference")),
    )
    op.create_index("ix_introduction_account", "introduction", ["account_id", "requested_at"], unique=False)
    op.create_index("ix_introduction_status", "introduction", ["status", "nudge_on"], unique=False)
    op.create_index(
        "uq_introduction_live",
        "introduction",
        ["pitch_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("status IN ('requested', 'held', 'agreed')"),
        postgresql_where=sa.text("status IN ('requested', 'held', 'agreed')"),
    )
    op.create_table(
        "pitch_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("is_followed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_pitch_mark_account_id")),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_pitch_mark_pitch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_mark")),
    )
    op.create_index("uq_pitch_mark_once", "pitch_mark", ["account_id", "pitch_id"], unique=True)
    op.create_table(
        "pitch_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer = '')", name=op.f("ck_pitch_question_answered_with_words")
        ),
        sa.CheckConstraint("question <> ''", name=op.f("ck_pitch_question_question_there")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_pitch_question_account_id")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_pitch_question_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_pitch_question_pitch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_question")),
    )
    op.create_index("ix_pitch_question_account", "pitch_question", ["account_id"], unique=False)
    op.create_index("ix_pitch_question_pitch", "pitch_question", ["pitch_id", "asked_at"], unique=False)
    op.create_table(
        "pitch_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "for",
                "against",
                "interest",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_pitch_review_reviewed_with_reason")),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_pitch_review_pitch_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["account.id"], name=op.f("fk_pitch_review_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_review")),
    )
    op.create_index(
        "uq_pitch_review_once", "pitch_review", ["pitch_id", "number", "reviewer_id"], unique=True
    )
    op.create_table(
        "pitch_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["kept_by_id"], ["account.id"], name=op.f("fk_pitch_version_kept_by_id")),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_pitch_version_pitch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_version")),
    )
    op.create_index("uq_pitch_version_number", "pitch_version", ["pitch_id", "number"], unique=True)
    op.create_table(
        "promotion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("pitch_id", sa.Uuid(), nullable=False),
        sa.Column("pitch_version", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "list",
                "page",
                "file",
                "comparison",
                "letter",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=False),
        sa.Column("certification_id", sa.Uuid(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("basis_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "shown_on >= signed_on AND shown_on < valid_until", name=op.f("ck_promotion_within_the_statement")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_promotion_account_id")),
        sa.ForeignKeyConstraint(["basis_id"], ["regulatory_basis.id"], name=op.f("fk_promotion_basis_id")),
        sa.ForeignKeyConstraint(
            ["certification_id", "account_id", "signed_on", "valid_until"],
            [
                "certification.id",
                "certification.account_id",
                "certification.signed_on",
                "certification.valid_until",
            ],
            name="fk_promotion_statement",
        ),
        sa.ForeignKeyConstraint(["pitch_id"], ["pitch.id"], name=op.f("fk_promotion_pitch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion")),
    )
    op.create_index("ix_promotion_account", "promotion", ["account_id", "shown_at"], unique=False)
    op.create_index("ix_promotion_pitch", "promotion", ["pitch_id", "shown_at"], unique=False)
    _build_walls()


def downgrade() -> None:

    op.drop_index("ix_promotion_pitch", table_name="promotion")
    op.drop_index("ix_promotion_account", table_name="promotion")
    op.drop_table("promotion")
    op.drop_index("uq_pitch_version_number", table_name="pitch_version")
    op.drop_table("pitch_version")
    op.drop_index("uq_pitch_review_once", table_name="pitch_review")
    op.drop_table("pitch_review")
    op.drop_index("ix_pitch_question_pitch", table_name="pitch_question")
    op.drop_index("ix_pitch_question_account", table_name="pitch_question")
    op.drop_table("pitch_question")
    op.drop_index("uq_pitch_mark_once", table_name="pitch_mark")
    op.drop_table("pitch_mark")
    op.drop_index(
        "uq_introduction_live",
        table_name="introduction",
        sqlite_where=sa.text("status IN ('requested', 'held', 'agreed')"),
        postgresql_where=sa.text("status IN ('requested', 'held', 'agreed')"),
    )
    op.drop_index("ix_introduction_status", table_name="introduction")
    op.drop_index("ix_introduction_account", table_name="introduction")
    op.drop_table("introduction")
    op.drop_index("ix_pitch_published", table_name="pitch")
    op.drop_index("ix_pitch_business", table_name="pitch")
    op.drop_table("pitch")
    op.drop_index("ix_ip_right_business", table_name="ip_right")
    op.drop_table("ip_right")
    op.drop_index("ix_certification_account", table_name="certification")
    op.drop_table("certification")
    op.drop_index("uq_statement_wording_version", table_name="statement_wording")
    op.drop_table("statement_wording")
    op.drop_index("ix_saved_search_alerts", table_name="saved_search")
    op.drop_index("ix_saved_search_account", table_name="saved_search")
    op.drop_table("saved_search")
    op.drop_index("ix_regulatory_basis_from", table_name="regulatory_basis")
    op.drop_table("regulatory_basis")
    op.drop_index("ix_membership_period_account", table_name="membership_period")
    op.drop_table("membership_period")
    op.drop_index("ix_certification_attempt_account", table_name="certification_attempt")
    op.drop_table("certification_attempt")
    op.drop_index("ix_blocked_promotion_account", table_name="blocked_promotion")
    op.drop_table("blocked_promotion")
    op.drop_index(
        "uq_angel_email",
        table_name="angel",
        sqlite_where=sa.text("status NOT IN ('declined', 'left')"),
        postgresql_where=sa.text("status NOT IN ('declined', 'left')"),
    )
    op.drop_index(
        "uq_angel_account",
        table_name="angel",
        sqlite_where=sa.text("status NOT IN ('declined', 'left')"),
        postgresql_where=sa.text("status NOT IN ('declined', 'left')"),
    )
    op.drop_index("ix_angel_status", table_name="angel")
    op.drop_table("angel")
    op.drop_table("gate_visit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_other_words()")
        op.execute("DROP FUNCTION refuse_revoked()")
    _change_reasons(AFTER, BEFORE)


def _build_walls() -> None:
    """The ledger is only added to and rests on nothing revoked; what was signed stays as it was signed."""
    if op.get_bind().dialect.name == "postgresql":
        _build_walls_on_postgresql()
        return
    for table, act in (("promotion", "update"), ("promotion", "delete"), ("certification", "delete")):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    op.execute(
        f"CREATE TRIGGER certification_words_stay BEFORE UPDATE ON certification WHEN {CHANGED} "
        "BEGIN SELECT RAISE(ABORT, 'what was signed stays as it was signed'); END"
    )
    op.execute(
        f"CREATE TRIGGER promotion_not_revoked BEFORE INSERT ON promotion WHEN {REVOKED} "
        "BEGIN SELECT RAISE(ABORT, 'the statement was revoked'); END"
    )


def _build_walls_on_postgresql() -> None:
    for table, acts in (("promotion", "UPDATE OR DELETE"), ("certification", "DELETE")):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE {acts} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for name, table, act, condition, words in (
        ("refuse_other_words", "certification", "UPDATE", CHANGED, "what was signed stays as it was signed"),
        ("refuse_revoked", "promotion", "INSERT", REVOKED, "the statement was revoked"),
    ):
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {condition} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; "
            "END IF; RETURN NEW; END $$"
        )
        wall = "words_stay" if act == "UPDATE" else "not_revoked"
        op.execute(
            f"CREATE TRIGGER {table}_{wall} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def _change_reasons(before: str, after: str) -> None:
    """Change why an ask can be unmet. SQLite changes no CHECK in place: there the table is made again."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_ask_unmet_reason"), "ask", type_="check")
        op.create_check_constraint(op.f("ck_ask_unmet_reason"), "ask", after)
        return
    query = sa.text(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'ask' AND type = :kind AND sql IS NOT NULL"
    )
    (words,), indexes = (bind.execute(query, {"kind": kind}).scalars().all() for kind in ("table", "index"))
    assert before in words
    bind.exec_driver_sql("PRAGMA legacy_alter_table=ON")
    bind.exec_driver_sql("ALTER TABLE ask RENAME TO ask_before")
    for index in indexes:
        bind.exec_driver_sql(f"DROP INDEX {index.split(' ON ')[0].split()[-1]}")
    bind.exec_driver_sql(words.replace(before, after))
    bind.exec_driver_sql("INSERT INTO ask SELECT * FROM ask_before")
    bind.exec_driver_sql("DROP TABLE ask_before")
    bind.exec_driver_sql("PRAGMA legacy_alter_table=OFF")
    for index in indexes:
        bind.exec_driver_sql(index)
