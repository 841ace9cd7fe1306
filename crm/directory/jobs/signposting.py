"""The command that matches one business with a file of services; it needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NoReturn

import click

from crm.directory.rules import cells
from crm.directory.rules.facts import FactsRefused
from crm.directory.rules.rows import ServicesRefused
from crm.directory.rules.signposting import signpost
from crm.figures.queries import shipped_figure_on
from crm.kernel import clock
from crm.kernel.errors import BadInput


@click.command("signpost")
@click.option("--services", required=True, metavar="FILE.csv", help="Services, in the directory's columns.")
@click.option("--facts", required=True, metavar="FILE.json", help="The facts of one business.")
@click.option("--on", "on_text", metavar="YYYY-MM-DD", help="The day asked about; today if left out.")
def signpost_command(*, services: str, facts: str, on_text: str | None) -> None:
    """Print as JSON each service with its verdict for one business: by rank, and then the ineligible.

    What is wrong is said on the error stream, one line each, and the exit code is 2.
    """
    try:
        on = _day(on_text)
        months = int(shipped_figure_on("directory.fresh_months", on=on))
        answers = signpost(_held(services), _held(facts), on=on, fresh_months=months)
    except BadInput as why:
        _refuse([f"--on: {why}"])
    except ServicesRefused as why:
        _refuse(f"{services}: {line}" for line in why.lines())
    except FactsRefused as why:
        _refuse(f"{facts}: {line}" for line in why.messages)
    except OSError as why:
        _refuse([f"{why.filename}: {why.strerror}"])
    click.echo(json.dumps(answers, ensure_ascii=False, indent=1))


def _day(text: str | None) -> date:
    return clock.today() if text is None else cells.day(text.strip())


def _held(path: str) -> bytes:
    return Path(path).read_bytes()


def _refuse(lines: Iterable[str]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(2)
