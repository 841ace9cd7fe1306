"""Commands about the whole: reference data, the demonstration, the drawings."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from crm.accounts.rules import DEMO_PEOPLE
from crm.backups.jobs import back_up
from crm.businesses.service.indexing import rebuild
from crm.db.migrating import ROOT, is_known_revision, migrate, newest_revision, revision_of
from crm.db.session import Database
from crm.desk.papers import drawings
from crm.watch.jobs.checking import is_right
from crm.web.feature import Feature, Seed

reference_commands = AppGroup("reference", help="The data that every installation needs.")
demo_commands = AppGroup("demo", help="The demonstration with invented people and businesses.")
docs_commands = AppGroup("docs", help="The drawings in docs/drawn/.")
STILL_WRONG = "The database is at this version. Mend what is wrong above, then start the web processes and the worker again."


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
    _load_reference()


def _load_reference() -> None:
    for room in _rooms():
        _sow(room.reference)


@demo_commands.command("load")
def load_demo() -> None:
    """Add the reference data and the invented demo, where they are missing. Refused outside the demo."""
    if not current_app.extensions["settings"].is_demo:
        raise click.ClickException("the demo's data are loaded only where CRM_ENV is demo")
    _load_reference()
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


@click.command("upgrade")
@click.option("--backup", "place", default="", help="Where the backup goes: as for `backup`.")
@click.option("--no-backup", is_flag=True, help="Make none: one was made just before.")
@with_appcontext
def upgrade(place: str, no_backup: bool) -> None:
    """Bring the database to this version: back up, migrate, load what comes with the product, check. Safe to run again.

    Stop the worker and the web processes first, and start them again afterwards.
    """
    before, expected = _revision(), newest_revision()
    if before is not None and not is_known_revision(before):
        raise click.ClickException(
            f"the database is at revision {before}, which this version does not know: it was used by a newer one"
        )
    is_older = before not in (None, expected)
    click.echo(f"The database is at revision {before or 'none'}; this version needs {expected}.")
    if is_older and not no_backup:
        _back_up(place)
    migrate(current_app.extensions["database"])
    if is_older:
        _say_folded()
    _load_reference()
    is_sound = is_right(to="")
    click.echo("Start the web processes and the worker again." if is_sound else STILL_WRONG)
    raise SystemExit(0 if is_sound else 1)


def _revision() -> str | None:
    with _database().reading() as opened:
        return revision_of(opened.connection())


def _back_up(place: str) -> None:
    """A backup with everything in it, before anything is changed: without one nothing is."""
    if not place:
        raise click.UsageError(
            "say where the backup goes with --backup, or that there is one with --no-backup"
        )
    if not back_up(place):
        raise click.ClickException(
            "the backup lacks files, so nothing was changed. If they are known to be lost, run this again with --no-backup"
        )


def _say_folded() -> None:
    """Names are folded as this version does it: a search compares them with what is typed."""
    with _database().transaction():
        count = rebuild()
    click.echo(f"Folded the names of {count:,} {'business' if count == 1 else 'businesses'} anew.")
