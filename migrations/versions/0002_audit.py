"""Audit: the trail and its walls. Entries and seals are never changed or removed; values only with leave."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEVER = {
    "audit_entry": ("UPDATE", "DELETE"),
    "audit_seal": ("UPDATE", "DELETE"),
    "audit_erasure": ("UPDATE", "DELETE"),
    "audit_value": ("UPDATE",),
}
WITHOUT_LEAVE = "NOT EXISTS (SELECT 1 FROM audit_erasure WHERE audit_erasure.entry_id = OLD.entry_id)"


def build_walls() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation'; END $$"
        )
        for table, acts in NEVER.items():
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE {' OR '.join(acts)} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        op.execute(
            "CREATE FUNCTION refuse_without_leave() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {WITHOUT_LEAVE} THEN RAISE EXCEPTION 'audit_value is deleted only with leave' "
            "USING ERRCODE = 'check_violation'; END IF; RETURN OLD; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_value_with_leave BEFORE DELETE ON audit_value "
            "FOR EACH ROW EXECUTE FUNCTION refuse_without_leave()"
        )
        return
    for table, acts in NEVER.items():
        for act in acts:
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        f"CREATE TRIGGER audit_value_with_leave BEFORE DELETE ON audit_value WHEN {WITHOUT_LEAVE} "
        "BEGIN SELECT RAISE(ABORT, 'audit_value is deleted only with leave'); END"
    )


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("up_to_id", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("up_to_id", name=op.f("uq_audit_seal_up_to_id")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=80), nullable=False),
        sa.Column("thing_kind", sa.String(length=60), nullable=False),
        sa.Column("thing_id", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_audit_entry_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_actor_id"), "audit_entry", ["actor_id"], unique=False)
    op.create_index(op.f("ix_audit_entry_at"), "audit_entry", ["at"], unique=False)
    op.create_index("ix_audit_entry_thing", "audit_entry", ["thing_kind", "thing_id", "id"], unique=False)
    op.create_table(
        "audit_erasure",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_audit_erasure_actor_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_erasure_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_erasure")),
    )
    op.create_table(
        "audit_value",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column(
            "changes",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_value_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_value")),
    )
    build_walls()


def downgrade() -> None:
    op.drop_table("audit_value")
    op.drop_table("audit_erasure")
    op.drop_index("ix_audit_entry_thing", table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_at"), table_name="audit_entry")
    op.drop_index(op.f("ix_audit_entry_actor_id"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("audit_seal")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP FUNCTION refuse_without_leave()")
