"""The worker keeps the summaries of the scoreboard; a command rebuilds them at any time."""

from __future__ import annotations

from functools import partial

import click
from flask import current_app
from flask.cli import AppGroup

from crm.db.counting import DATA, Measure
from crm.db.session import Database
from crm.reports.scoreboard.service import Counted, count_changed, keep
from crm.web.feature import DAILY, HOURLY, Timed
from crm.web.navigation import features

reports_commands = AppGroup("reports", help="The reports on Action 6.")


def _measures() -> list[Measure]:
    return [each for room in features() for each in room.measures if each.line != DATA]


def _count(*, all_again: bool = False) -> list[Counted]:
    return count_changed(_measures(), all_again=all_again)


def _keep(counted: list[Counted]) -> None:
    keep(counted)


TIMED = (
    Timed("count for the reports what changed", HOURLY, _keep, look=_count),
    Timed("count everything for the reports again", DAILY, _keep, look=partial(_count, all_again=True)),
)
"""The hourly count goes by the audit trail; the nightly one puts right what it may have missed."""


@reports_commands.command("recount")
def recount() -> None:
    """Count all summaries of the scoreboard again."""
    database: Database = current_app.extensions["database"]
    with database.reading():
        counted = _count(all_again=True)
    with database.transaction():
        differing = keep(counted)
    click.echo(f"{len(counted)} numbers counted again; {differing} parts of them differed.")
