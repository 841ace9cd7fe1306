"""The command that takes in a file of services, and the directory that comes with the product."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from crm.db.session import session
from crm.directory.queries import Search, count_of
from crm.directory.rules.rows import MOST_ERRORS_SHOWN, RowError, ServicesRefused
from crm.directory.service.importing import Outcome, import_services
from crm.kernel.permissions import SYSTEM

directory_commands = AppGroup("directory", help="The support directory.")


@directory_commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def import_file(file: Path, dry_run: bool) -> None:
    """Import FILE, in the columns of the directory's file: all of it or nothing.

    Every fault is named with its line and column, on the error stream, and the exit code is 2. A cell that only
    informs, like a web address, is left out and named where it cannot be read.
    """
    is_demo = current_app.extensions["settings"].is_demo
    try:
        with current_app.extensions["database"].transaction():
            outcome = import_services(file.read_bytes(), with_illustrative=is_demo, by=SYSTEM)
            if dry_run:
                session().rollback()
    except ServicesRefused as refused:
        for line in refused.lines():
            click.echo(f"{file}: {line}", err=True)
        click.echo("Nothing was imported.", err=True)
        raise SystemExit(2) from refused
    say_left_out(file, outcome.left_out)
    report(outcome, dry_run=dry_run)


def say_left_out(file: Path, faults: Sequence[RowError]) -> None:
    """Name the cells that were left out, on the error stream: the first of them, and how many more."""
    for fault in faults[:MOST_ERRORS_SHOWN]:
        click.echo(f"{file}: line {fault.line}, {fault.column}: left out: {fault.message}", err=True)
    if len(faults) > MOST_ERRORS_SHOWN:
        click.echo(f"{file}: and {len(faults) - MOST_ERRORS_SHOWN:,} more cells left out", err=True)


def report(outcome: Outcome, *, dry_run: bool) -> None:
    """Say what an import did, or would do."""
    would = "would be " if dry_run else ""
    for service_id in outcome.added:
        click.echo(f"{would}added: {service_id}")
    for service_id, changes in outcome.changed.items():
        click.echo(f"{would}changed: {service_id} ({', '.join(sorted(changes))})")
    for service_id in outcome.newer_here:
        click.echo(f"left as it is, since it was checked here on a later day: {service_id}")
    for service_id in outcome.illustrative:
        click.echo(f"left out, since it is invented for the demo: {service_id}")
    added, changed = len(outcome.added), len(outcome.changed)
    click.echo(f"{added} {would}added, {changed} {would}changed, {outcome.unchanged} unchanged.")


def shipped_file() -> bytes:
    """The directory that comes with the product."""
    return files("crm.directory").joinpath("reference/support_services.csv").read_bytes()


def load_shipped_services() -> dict[str, int]:
    """Take in the shipped directory where the directory is empty; later it is kept by people and by imports."""
    if count_of(Search()):
        return {"services": 0}
    is_demo = current_app.extensions["settings"].is_demo
    outcome = import_services(shipped_file(), with_illustrative=is_demo, by=SYSTEM)
    return {"services": len(outcome.added)}
