"""Timed work and commands of the trail: sealing it, telling each seal to a file, and checking that all of it is whole."""

from __future__ import annotations

import logging

import click
from flask import current_app
from flask.cli import AppGroup

from crm.audit import service
from crm.db.session import SEALS, session
from crm.gateways.anchors import SignedFile

log = logging.getLogger("crm.audit")
audit_commands = AppGroup("audit", help="The audit trail.")


@audit_commands.command("verify")
@click.option(
    "--seal", "told", multiple=True, help="A seal as an email told it: compare it with the database too."
)
def verify(told: tuple[str, ...]) -> None:
    """Check every entry, every seal, and each seal that was told outside of the database; exit 1 if the trail is not whole."""
    with current_app.extensions["database"].reading():
        faults, last, written = all_faults(*told), service.last_anchor(), anchors()
    for fault in faults:
        click.echo(fault, err=True)
    end = f"The last seal is {last}." if last else "It has no seal yet."
    click.echo(f"{len(faults)} faults found." if faults else f"The audit trail is whole. {end}")
    click.echo(f"{len(written.texts()):,} of its seals stand in {written.path}.")
    raise SystemExit(1 if faults else 0)


def all_faults(*told: str) -> list[str]:
    """Everything that is wrong with the trail, with what was told of it, or with what somebody has been told."""
    written = anchors()
    return [*service.faults(), *written.faults(), *service.faults_beside((*written.texts(), *told))]


def anchors() -> SignedFile:
    """The file that each seal is told to: beside the data, and signed with a key that is not in the database."""
    found: SignedFile = session().info[SEALS]
    return found


def seal_trail() -> None:
    """Hourly: seal what was written since the last seal."""
    service.seal()


def anchor_trail() -> None:
    """Hourly: tell each new seal to the file. What the file says otherwise than the database is logged as an alarm."""
    written = anchors()
    texts = written.texts()
    for fault in (*written.faults(), *service.faults_beside(texts)):
        log.error("the audit log was tampered with: %s", fault)
    last = max((int(each.split()[0]) for each in texts if each.split()[0].isdecimal()), default=0)
    written.add(map(str, service.anchors_after(last)))
