"""Timed work and commands of the trail: sealing it, and checking that it is whole."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from crm.audit import service

audit_commands = AppGroup("audit", help="The audit trail.")


@audit_commands.command("verify")
def verify() -> None:
    """Check every entry and every seal; exit 1 and say what is wrong if the trail is not whole."""
    with current_app.extensions["database"].reading():
        faults = service.faults()
    for fault in faults:
        click.echo(fault, err=True)
    click.echo("The audit trail is whole." if not faults else f"{len(faults)} faults found.")
    raise SystemExit(1 if faults else 0)


def seal_trail() -> None:
    """Hourly: seal what was written since the last seal."""
    service.seal()
