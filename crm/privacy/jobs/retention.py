"""The timed work of retention, and the command that shows the report or lets many be deleted."""

from __future__ import annotations

from collections.abc import Callable

import click
from flask import current_app
from flask.cli import with_appcontext

from crm.db.ending import Ends
from crm.db.session import Database
from crm.privacy.queries.retention import lines_of
from crm.privacy.rules import kinds_in, report
from crm.privacy.service.retention import end_next, plan


def kinds() -> list[Ends]:
    """Every kind of row that ends, as the manifests of the rooms say."""
    return kinds_in(each.retention for each in current_app.extensions["features"])


def plan_daily() -> None:
    """Once a day: note what is due. The worker deletes it, some rows at a time."""
    plan(kinds())


def end_planned(database: Database, _pause: Callable[[], bool]) -> bool:
    """Delete some of what was planned; return whether there was something."""
    return end_next(database, kinds())


@click.command("retention")
@with_appcontext
@click.option(
    "--many", is_flag=True, help="Let the worker delete also kinds of which improbably many are due."
)
def retention(many: bool) -> None:
    """Show what is due to be deleted, kind by kind. Without --many nothing is changed."""
    database = current_app.extensions["database"]
    with database.reading():
        click.echo(report(lines_of(kinds())))
    if many:
        with database.transaction():
            plan(kinds(), with_many=True)
        click.echo("Planned. The worker deletes what is due, also of kinds that were held back.")
