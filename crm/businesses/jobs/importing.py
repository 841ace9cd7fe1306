"""The command that takes in a file of businesses."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from crm.businesses.rules.reading import WHY, BusinessRow, FileRefused, read_file
from crm.businesses.service.importing import Outcome, check_rows, take_in
from crm.db.session import session
from crm.kernel.permissions import SYSTEM

businesses_commands = AppGroup("businesses", help="Businesses.")


@businesses_commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and keep nothing.")
@click.option(
    "--unmatched",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write rows that fit several.",
)
def import_file(file: Path, dry_run: bool, unmatched: Path | None) -> None:
    """Take in FILE, in the columns of Companies House's bulk file or of our own template: all of it or nothing.

    Every fault is named with its line and column, on the error stream, and the exit code is 2. Rows that fit several
    businesses are written, with the reason, to a file that can be put right and fed again.
    """
    try:
        with current_app.extensions["database"].transaction():
            outcome = _take_in_all(read_file(file.read_bytes(), file.name))
            if dry_run:
                session().rollback()
    except FileRefused as refused:
        for fault in refused.faults:
            click.echo(f"{file}: {fault}", err=True)
        click.echo("Nothing was kept.", err=True)
        raise SystemExit(2) from refused
    _report(outcome, unmatched or file.with_suffix(".unmatched.csv"), dry_run=dry_run)


def _take_in_all(rows: Sequence[BusinessRow]) -> Outcome:
    check_rows(rows)
    outcome = Outcome()
    with click.progressbar(rows, label="Taking in", file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        for row in shown:
            take_in(row, outcome, by=SYSTEM)
    return outcome


def _report(outcome: Outcome, path: Path, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    click.echo(
        f"{outcome.added} {would}added, {outcome.filled} {would}filled, {outcome.unchanged} unchanged."
    )
    if not outcome.unmatched:
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [name for name in outcome.unmatched[0][0].cells if name != WHY] + [WHY])
        writer.writeheader()
        writer.writerows({**row.cells, WHY: why} for row, why in outcome.unmatched)
    click.echo(f"{len(outcome.unmatched)} left out, since they fit several businesses: see {path}")
