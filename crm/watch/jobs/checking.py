"""`check`: what this installation is set to use, each tried."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from crm.config import Settings
from crm.documents.papers import store
from crm.notices.jobs import mail_of
from crm.watch.jobs.probes import PROBES, Installation


@click.command("check")
@click.option("--to", default="", help="To whom a letter is sent, CRM_CONTACT_EMAIL unless told.")
@click.option("--no-mail", is_flag=True, help="Send no letter.")
@with_appcontext
def check_installation(to: str, no_mail: bool) -> None:
    """Try what this installation is set to use: connect, write and read a file, send a letter; exit 1 with every fault."""
    settings: Settings = current_app.extensions["settings"]
    raise SystemExit(0 if is_right(to="" if no_mail else to or settings.contact_email) else 1)


def is_right(*, to: str) -> bool:
    """Try everything, and say of each what was found; send a letter where ``to`` says to whom. Whether nothing is wrong."""
    settings: Settings = current_app.extensions["settings"]
    database = current_app.extensions["database"]
    here = Installation(settings, database, store(), mail_of(settings), to)
    wrong = 0
    for probe in PROBES:
        told = probe(here)
        wrong += told.is_wrong
        click.echo(f"{'wrong' if told.is_wrong else 'ok':5}  {told.name:11}  {told.words}")
    click.echo(f"{wrong} {'fault' if wrong == 1 else 'faults'}." if wrong else "Nothing is wrong.")
    return not wrong
