"""Commands and timed work for accounts and roles."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from crm.accounts import queries
from crm.accounts.papers import archive_of, copy_of
from crm.accounts.service import administering
from crm.accounts.service.copying import note_copied
from crm.kernel.clock import today
from crm.kernel.errors import Refusal
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import GRANTABLE, SCOPES, STAFF, Role, Scope
from crm.links import service as links
from crm.links.rules import Purpose

accounts_commands = AppGroup("accounts", help="Accounts and roles.")


@accounts_commands.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", type=click.Choice([role.value for role in GRANTABLE]), required=True)
def create(email: str, name: str, role: str) -> None:
    """Make an account with a role for the whole service, and print a link to set its password."""
    wanted = Role(role)
    if Scope.EVERYWHERE not in SCOPES[wanted]:
        raise click.ClickException(
            f"a {wanted.label} is scoped: let an administrator grant it on the person's page"
        )
    try:
        with current_app.extensions["database"].transaction():
            made = administering.invite(
                administering.Invitation(email, name, is_staff=wanted in STAFF, by_letter=False), by=SYSTEM
            )
            account = queries.account(made.id)
            assert account is not None
            administering.grant(account, administering.GrantWanted(wanted, today()), by=SYSTEM)
            token = links.mint(Purpose.SET_PASSWORD if wanted in STAFF else Purpose.SIGN_IN, str(account.id))
    except Refusal as refusal:
        raise click.ClickException(refusal.message) from refusal
    kind = "set-password" if wanted in STAFF else "sign-in"
    click.echo(f"{current_app.extensions['settings'].base_url}/links/{kind}/{token}")


@accounts_commands.command("copy")
@click.argument("email")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def copy(email: str, file: Path) -> None:
    """Write everything held about the person with this EMAIL to FILE, an archive that nobody else can read."""
    with current_app.extensions["database"].transaction():
        found = queries.account_of(email.strip().lower())
        if found is None:
            raise click.ClickException("there is no account with this email address")
        note_copied(found, by=SYSTEM)
        made = archive_of(copy_of(found))
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_bytes(made)
    click.echo(f"Wrote {len(made):,} bytes to {file}.")


@accounts_commands.command("roles")
def roles() -> None:
    """Print every role, what it can be held for, and how many hold it today."""
    with current_app.extensions["database"].reading():
        for role in GRANTABLE:
            held = len(queries.people(role=role).rows)
            count = f"{held}" if held < 25 else "25 or more"
            click.echo(
                f"{role.label:20} {', '.join(scope.value for scope in SCOPES[role]):24} held by {count}"
            )
