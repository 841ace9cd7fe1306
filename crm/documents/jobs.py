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
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def sweep(many: bool, dry_run: bool) -> None:
    """Do the daily sweep now."""
    verb = service.looked_through if dry_run else service.sweep
    with _database().reading() if dry_run else _database().transaction():
        done = verb(store(), place=_place(), with_many=many)
    would = "would be " if dry_run else ""
    counts = f"{done.thrown_away} {would}thrown away, {done.put_back} {would}put back, {done.deleted} {would}deleted"
    click.echo(done.fault or f"{done.found} files: {counts}.")
    raise SystemExit(1 if done.fault else 0)
