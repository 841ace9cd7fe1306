"""Businesses: names, figures, people, consents, connections, claims, and the words they are found by."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WORD = sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql")
GRAM = sa.String(3).with_variant(sa.String(3, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "business",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("match_name", sa.String(length=200), nullable=False),
        sa.Column("company_number", sa.String(length=8), nullable=True),
        sa.Column("legal_form", sa.String(length=40), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("website_domain", sa.String(length=253), nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=True),
        sa.Column(
            "ambition",
            sa.Enum(
                "steady",
                "grow",
                "scale",
                name="ambition",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("trading_since", sa.Date(), nullable=True),
        sa.Column("dcms_groups", sa.Text(), nullable=False),
        sa.Column("sic_codes", sa.Text(), nullable=False),
        sa.Column("registered_address", sa.Text(), nullable=False),
        sa.Column("registered_postcode", sa.String(length=8), nullable=True),
        sa.Column("trading_address", sa.Text(), nullable=False),
        sa.Column("trading_postcode", sa.String(length=8), nullable=True),
        sa.Column("trading_outcode", sa.String(length=4), nullable=True),
        sa.Column("hides_address", sa.Boolean(), nullable=False),
        sa.Column("authority", sa.String(length=60), nullable=True),
        sa.Column("leps", sa.Text(), nullable=False),
        sa.Column("place_method", sa.String(length=20), nullable=False),
        sa.Column("place_confidence", sa.Integer(), nullable=False),
        sa.Column("place_reason", sa.String(length=500), nullable=True),
        sa.Column("hub_id", sa.Uuid(), nullable=True),
        sa.Column("register_status", sa.String(length=60), nullable=True),
        sa.Column("register_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "active", "archived", name="status", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("archived_reason", sa.String(length=500), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'archived') = (archived_reason IS NOT NULL)",
            name=op.f("ck_business_archived_with_reason"),
        ),
        sa.CheckConstraint(
            "place_method <> 'adviser' OR place_reason IS NOT NULL",
            name=op.f("ck_business_override_has_reason"),
        ),
        sa.CheckConstraint(
            "place_confidence BETWEEN 0 AND 100", name=op.f("ck_business_confidence_is_percent")
        ),
        sa.CheckConstraint(
            "trading_postcode IS NULL OR trading_outcode IS NOT NULL",
            name=op.f("ck_business_postcode_has_outcode"),
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_business_created_by_id")),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_business_hub_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business")),
        sa.UniqueConstraint("company_number", name=op.f("uq_business_company_number")),
    )
    op.create_index("ix_business_created_at_id", "business", ["created_at", "id"], unique=False)
    op.create_index("ix_business_hub", "business", ["hub_id", "sort_name", "id"], unique=False)
    op.create_index("ix_business_name_place", "business", ["match_name", "trading_outcode"], unique=False)
    op.create_index("ix_business_outcode", "business", ["trading_outcode", "sort_name", "id"], unique=False)
    op.create_index("ix_business_sort_name_id", "business", ["sort_name", "id"], unique=False)
    op.create_index(op.f("ix_business_website_domain"), "business", ["website_domain"], unique=False)
    op.create_table(
        "business_name",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("trading", "previous", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_business_name_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_name")),
    )
    op.create_index("uq_business_name_once", "business_name", ["business_id", "name"], unique=True)
    op.create_table(
        "business_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_business_share_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_business_share_business_id")),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_business_share_hub_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business_share")),
    )
    op.create_index("ix_business_share_hub", "business_share", ["hub_id", "business_id"], unique=False)
    op.create_index(
        "uq_business_share_beginning", "business_share", ["business_id", "hub_id", "valid_from"], unique=True
    )
    op.create_table(
        "yearly_figures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("year_end", sa.Date(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("turnover", sa.BigInteger(), nullable=True),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.Column(
            "measure",
            sa.Enum(
                "headcount",
                "full_time_equivalent",
                name="measure",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("export_turnover", sa.BigInteger(), nullable=True),
        sa.Column("research_spend", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.CheckConstraint("employees >= 0", name=op.f("ck_yearly_figures_employees_not_negative")),
        sa.CheckConstraint(
            "export_turnover <= turnover", name=op.f("ck_yearly_figures_export_within_turnover")
        ),
        sa.CheckConstraint("export_turnover >= 0", name=op.f("ck_yearly_figures_export_not_negative")),
        sa.CheckConstraint("months BETWEEN 1 AND 24", name=op.f("ck_yearly_figures_months_of_a_period")),
        sa.CheckConstraint("research_spend >= 0", name=op.f("ck_yearly_figures_research_not_negative")),
        sa.CheckConstraint("turnover >= 0", name=op.f("ck_yearly_figures_turnover_not_negative")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_yearly_figures_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_yearly_figures")),
    )
    op.create_index("uq_yearly_figures_year", "yearly_figures", ["business_id", "year_end"], unique=True)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_in_lower_case")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_person_account_id")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_person_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_account_id"), "person", ["account_id"], unique=False)
    op.create_index(op.f("ix_person_business_id"), "person", ["business_id"], unique=False)
    op.create_index("ix_person_email", "person", ["email"], unique=False)
    op.create_index("uq_person_email", "person", ["business_id", "email"], unique=True)
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "keep_in_touch",
                "share_with_providers",
                "evaluation",
                "news",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("wording_version", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.String(length=200), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= given_at", name=op.f("ck_consent_withdrawn_later")
        ),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_consent_business_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_consent_recorded_by_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["account.id"], name=op.f("fk_consent_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_business_id"), "consent", ["business_id"], unique=False)
    op.create_index(
        "uq_consent_holding",
        "consent",
        ["business_id", "purpose"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "connection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "director",
                "adviser",
                "investor",
                "assessor_interest",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("who", sa.String(length=200), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "account_id IS NOT NULL OR who IS NOT NULL", name=op.f("ck_connection_somebody_named")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_connection_dates_in_order")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_connection_account_id")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_connection_business_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection")),
    )
    op.create_index("ix_connection_account", "connection", ["account_id", "business_id"], unique=False)
    op.create_index("ix_connection_business", "connection", ["business_id", "kind"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "confirmed",
                "refused",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL)", name=op.f("ck_claim_decided_if_not_waiting")
        ),
        sa.CheckConstraint(
            "status <> 'refused' OR reason IS NOT NULL", name=op.f("ck_claim_refused_with_reason")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_claim_email_in_lower_case")),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_claim_business_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_claim_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_business_id"), "claim", ["business_id"], unique=False)
    op.create_index("ix_claim_status", "claim", ["status", "made_at"], unique=False)
    op.create_table(
        "search_word",
        sa.Column("word", WORD, nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )
    op.create_table(
        "word_gram",
        sa.Column("gram", GRAM, nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.ForeignKeyConstraint(["word"], ["search_word.word"], name=op.f("fk_word_gram_word")),
        sa.PrimaryKeyConstraint("gram", "word", name=op.f("pk_word_gram")),
    )
    op.create_table(
        "business_word",
        sa.Column("word", WORD, nullable=False),
        sa.Column("business_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["business_id"], ["business.id"], name=op.f("fk_business_word_business_id")),
        sa.ForeignKeyConstraint(["word"], ["search_word.word"], name=op.f("fk_business_word_word")),
        sa.PrimaryKeyConstraint("word", "business_id", name=op.f("pk_business_word")),
    )
    op.create_index("ix_business_word_business", "business_word", ["business_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_business_word_business", table_name="business_word")
    op.drop_table("business_word")
    op.drop_table("word_gram")
    op.drop_table("search_word")
    op.drop_index("ix_claim_status", table_name="claim")
    op.drop_index(op.f("ix_claim_business_id"), table_name="claim")
    op.drop_table("claim")
    op.drop_index("ix_connection_business", table_name="connection")
    op.drop_index("ix_connection_account", table_name="connection")
    op.drop_table("connection")
    op.drop_index("uq_consent_holding", table_name="consent")
    op.drop_index(op.f("ix_consent_business_id"), table_name="consent")
    op.drop_table("consent")
    op.drop_index("uq_person_email", table_name="person")
    op.drop_index("ix_person_email", table_name="person")
    op.drop_index(op.f("ix_person_business_id"), table_name="person")
    op.drop_index(op.f("ix_person_account_id"), table_name="person")
    op.drop_table("person")
    op.drop_index("uq_yearly_figures_year", table_name="yearly_figures")
    op.drop_table("yearly_figures")
    op.drop_index("uq_business_share_beginning", table_name="business_share")
    op.drop_index("ix_business_share_hub", table_name="business_share")
    op.drop_table("business_share")
    op.drop_index("uq_business_name_once", table_name="business_name")
    op.drop_table("business_name")
    op.drop_index(op.f("ix_business_website_domain"), table_name="business")
    op.drop_index("ix_business_sort_name_id", table_name="business")
    op.drop_index("ix_business_outcode", table_name="business")
    op.drop_index("ix_business_name_place", table_name="business")
    op.drop_index("ix_business_hub", table_name="business")
    op.drop_index("ix_business_created_at_id", table_name="business")
    op.drop_table("business")
