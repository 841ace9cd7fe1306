"""The commands that import a file of businesses and rebuild what they are found by."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from crm.businesses.rules.reading import WHY, BusinessRow, read_file
from crm.businesses.service.importing import Outcome, check_rows, take_in
from crm.businesses.service.indexing import rebuild
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM
from crm.kernel.tables import Fault, TableRefused

MOST_NAMED = 50

businesses_commands = AppGroup("businesses", help="Businesses.")


@businesses_commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--unmatched",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write rows that may be other businesses.",
)
def import_file(file: Path, dry_run: bool, unmatched: Path | None) -> None:
    """Import FILE, in the columns of Companies House's bulk file or of our own template: all of it or nothing.

    Every fault is named with its line and column, on the error stream, and the exit code is 2. A cell that cannot be
    read is left out and named. Rows that may be another business are written, with the reason, to a file that can be
    corrected and imported again.
    """
    try:
        with current_app.extensions["database"].transaction():
            rows = read_file(file.read_bytes(), file.name, on=today())
            outcome = _take_in_all(rows)
            if dry_run:
                session().rollback()
    except TableRefused as refused:
        for fault in refused.faults:
            click.echo(f"{file}: {fault}", err=True)
        click.echo("Nothing was imported.", err=True)
        raise SystemExit(2) from refused
    _say_left_out(file, [fault for row in rows for fault in row.left_out])
    _report(outcome, unmatched or file.with_suffix(".unmatched.csv"), dry_run=dry_run)


@businesses_commands.command("rebuild-search")
def rebuild_search() -> None:
    """Write anew the words that businesses are found and compared by. Needed once after an upgrade that says so."""
    with current_app.extensions["database"].transaction():
        count = rebuild()
    click.echo(f"Rebuilt the search words of {count:,} business{'' if count == 1 else 'es'}.")


def _say_left_out(file: Path, faults: Sequence[Fault]) -> None:
    """Name the cells that were left out, on the error stream: the first of them, and how many more."""
    for fault in faults[:MOST_NAMED]:
        click.echo(f"{file}: line {fault.line}, {fault.column}: left out: {fault.message}", err=True)
    if len(faults) > MOST_NAMED:
        click.echo(f"{file}: and {len(faults) - MOST_NAMED:,} more cells left out", err=True)


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
    columns = [name for name in outcome.unmatched[0][0].cells if name != WHY] + [WHY]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({**row.cells, WHY: why} for row, why in outcome.unmatched)
    rows = "1 row" if len(outcome.unmatched) == 1 else f"{len(outcome.unmatched)} rows"
    click.echo(f"{rows} left out, because they may be other businesses: see {path}")
    for row, why in outcome.unmatched[:MOST_NAMED]:
        click.echo(f"line {row.line}: {why}", err=True)
