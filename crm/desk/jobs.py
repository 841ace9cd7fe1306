"""Commands about the whole: reference data, the demonstration, the drawings."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from crm.accounts.rules import DEMO_PEOPLE
from crm.db.migrating import ROOT
from crm.db.session import Database
from crm.desk.papers import drawings
from crm.web.feature import Feature, Seed

reference_commands = AppGroup("reference", help="The data that every installation needs.")
demo_commands = AppGroup("demo", help="The demonstration with invented people and businesses.")
docs_commands = AppGroup("docs", help="The drawings in docs/drawn/.")


def _database() -> Database:
    found = current_app.extensions["database"]
    assert isinstance(found, Database)
    return found


def _rooms() -> tuple[Feature, ...]:
    return tuple(current_app.extensions["features"])


def _sow(seed: Seed | None) -> None:
    """Run one room's seed in a transaction of its own, and say what it added."""
    if seed is None:
        return
    with _database().transaction():
        added = seed()
    for what, count in added.items():
        if count:
            click.echo(f"Added {count} {what}.")


@reference_commands.command("load")
def load_reference() -> None:
    """Add the hubs, figures and services that come with the product, where they are missing."""
    for room in _rooms():
        _sow(room.reference)


@demo_commands.command("load")
def load_demo() -> None:
    """Add the reference data and the invented demo, where they are missing. Refused outside the demo."""
    if not current_app.extensions["settings"].is_demo:
        raise click.ClickException("the demo's data are loaded only where CRM_ENV is demo")
    for room in _rooms():
        _sow(room.reference)
    for room in _rooms():
        _sow(room.demo)


@demo_commands.command("sign-ins")
def sign_ins() -> None:
    """Print the demo's people, all invented, and how each signs in."""
    click.echo("Sign in as (everybody is invented):")
    for person in DEMO_PEOPLE:
        how = f"password: {person.password}" if person.password else "by email link (see the mailbox folder)"
        click.echo(f"  {person.role.label:18} {person.email:30} {how}")


@docs_commands.command("draw")
@click.option("--check", is_flag=True, help="Draw nothing; exit 1 if a drawing is not current.")
def draw(check: bool) -> None:
    """Draw the workflows, permissions, floors and tables."""
    folder = ROOT / "docs" / "drawn"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in drawings(_rooms()).items():
        path = folder / name
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if check:
            raise click.ClickException(f"docs/drawn/{name} is not current: run `make docs`")
        path.write_text(text, encoding="utf-8")
        click.echo(f"Drew docs/drawn/{name}.")
