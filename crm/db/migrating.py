"""Bringing the database to the newest revision, and asking where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import Connection, Engine, inspect, text

from crm.db.session import Database

ROOT = Path(__file__).resolve().parent.parent.parent
HEAD = ROOT / "migrations" / ".head"
db_commands = AppGroup("db", help="The database's revisions.")


def newest_revision() -> str:
    """The revision that this version of the product expects: ``migrations/.head``, where two branches collide."""
    return HEAD.read_text().strip()


def is_known_revision(revision: str) -> bool:
    """Whether this version of the product can bring a database of a revision to the newest."""
    return any((ROOT / "migrations" / "versions").glob(f"{revision}_*.py"))


def revision_of(connection: Connection) -> str | None:
    """The revision the database is at; None where it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def configuration(engine: Engine) -> Any:
    """Alembic's configuration for this engine; ``migrations/env.py`` takes the engine from it."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["engine"] = engine
    return config


@db_commands.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database to a revision, by default the newest."""
    migrate(current_app.extensions["database"], revision)


def migrate(database: Database, revision: str = "head") -> None:
    """Bring a database to a revision, and say where it is."""
    from alembic import command

    engine = database.engine
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(configuration(engine), revision)
    with database.reading() as opened:
        click.echo(f"The database is at revision {revision_of(opened.connection())}.")


@db_commands.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the database back to a revision. What only newer revisions can hold is lost."""
    from alembic import command

    command.downgrade(configuration(current_app.extensions["database"].engine), revision)
