"""Sweeping the store, once a day and by command."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from crm.db.session import Database
from crm.documents import service
from crm.documents.papers import store
from crm.documents.rules import place_of

files_commands = AppGroup("files", help="The store of the files that people hand in.")


def _place() -> str:
    return place_of(current_app.extensions["settings"].database_url)


def _database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


def sweep_store() -> None:
    """Daily: throw away the bytes that no row speaks of, and empty the trash of what lay there for long enough."""
    service.sweep(store(), place=_place())


@files_commands.command("bind")
def bind() -> None:
    """Say that this database is the one that the file store belongs to."""
    with _database().transaction():
        service.bind(store(), place=_place())
    click.echo("The file store is bound to this database.")


@files_commands.command("sweep")
@click.option("--many", is_flag=True, help="However many files have no row in this database.")
def sweep(many: bool) -> None:
    """Do the daily sweep now."""
    with _database().transaction():
        done = service.sweep(store(), place=_place(), with_many=many)
    click.echo(
        done.fault
        or f"{done.found} files: {done.thrown_away} thrown away, {done.put_back} put back, {done.deleted} deleted."
    )
    raise SystemExit(1 if done.fault else 0)
