"""How revisions run: on the engine that the command hands over, foreign keys off on SQLite and checked after."""

from alembic import context
from sqlalchemy import Connection

from crm.app import FEATURES  # every room's tables are known once the rooms are
from crm.db.base import Base

assert FEATURES


def render_item(kind: str, item: object, _autogen: object) -> str | bool:
    """Write the product's own types as what they are in the database, so that a revision imports nothing of ours."""
    module = type(item).__module__
    if kind == "type" and module == "crm.db.types":
        plain = {
            "MoneyType": "sa.BigInteger()",
            "UtcDateTime": "sa.DateTime(timezone=True)",
            "WordsType": "sa.Text()",
        }
        return plain[type(item).__name__]
    return False


def run(connection: Connection) -> None:
    """Run the revisions in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
        # Who asks for it is told after each revision, inside the one transaction.
        on_version_apply=context.config.attributes.get("after_each", ()),
    )
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Take the engine, and on SQLite its foreign keys out of the way of tables being made again."""
    engine = context.config.attributes["engine"]
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            driver = connection.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
        run(connection)
        if is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            assert not broken, f"rows point at nothing: {broken}"
        connection.commit()
        if is_sqlite:
            driver.execute("PRAGMA foreign_keys=ON")


main()
