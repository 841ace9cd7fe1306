"""The command that takes in the words of statements that an operator's lawyer gave."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from crm.angels.investors.service.network import load_wordings

network_commands = AppGroup("network", help="The angel network.")


@network_commands.command("load-wordings")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load_file(file: Path) -> None:
    """Add the wordings of FILE, in the shape of reference/statements.json: all of it or nothing; none is ever changed.

    Nobody can sign one before it is recorded in the product who signed it off.
    """
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        with current_app.extensions["database"].transaction():
            added = load_wordings(rows)
    except (ValueError, KeyError, TypeError) as fault:
        click.echo(f"{file}: {type(fault).__name__}: {fault}. Nothing was kept.", err=True)
        raise SystemExit(2) from fault
    click.echo(f"Added {added} wording{'' if added == 1 else 's'}.")
