"""The commands: back everything up, and restore it into an empty place."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import click
from flask import current_app
from flask.cli import with_appcontext

from crm.audit.service import faults as faults_of_trail
from crm.backups import queries, service
from crm.backups.rules import ENDING, Manifest, Unsound, name_of
from crm.config import Settings
from crm.db.migrating import newest_revision
from crm.db.session import Database
from crm.documents.papers import store
from crm.gateways.dumps import DumpFailed
from crm.gateways.files import FilesUnavailable, Reach, StoredFiles, files_from_url
from crm.gateways.sealing import ENDING as SEALED
from crm.gateways.sealing import WrongKey, seal, unseal
from crm.kernel.clock import now

PLACE = "a folder, or s3://KEY-ID@host/bucket with the secret in CRM_BACKUP_SECRET"
PATIENCE_IN_SECONDS = 4 * 3600
"""Nobody waits for an archive, which is fetched whole in one answer."""


@click.command("backup")
@click.argument("place")
@with_appcontext
def backup(place: str) -> None:
    """Back up the database and the files to PLACE: a folder, or s3://KEY-ID@host/bucket (secret: CRM_BACKUP_SECRET).

    People can go on working. Where CRM_BACKUP_RECIPIENT is set the backup is encrypted for the holder of that key.
    """
    raise SystemExit(0 if back_up(place) else 1)


def back_up(place: str) -> bool:
    """Write a backup to a place and say what is in it. Whether all is; raises `ClickException` where there is none."""
    recipient = _settings().backup_recipient
    kept = _kept_at(place)
    with _told(), _workshop() as workshop:
        name = name_of(now())
        made = workshop / name
        manifest = service.make(_here(), archive=made, workshop=_new(workshop, "made"))
        if recipient:
            sealed = workshop / f"{name}{SEALED}"
            seal(made, sealed, recipient=recipient)
            made = sealed
        kept.put_file(made.name, made)
        _say_made(manifest, made)
    if not recipient:
        click.echo("It is not encrypted: CRM_BACKUP_RECIPIENT is not set.", err=True)
    for key in manifest.lacking:
        click.echo(f"The store does not have {key} as its row says.", err=True)
    return not manifest.lacking


def _held(manifest: Manifest) -> str:
    """What a backup holds, in words: "33,328 rows and 61 files"."""
    rows, files = sum(manifest.tables.values()), len(manifest.files)
    return f"{rows:,} rows and {files:,} {'file' if files == 1 else 'files'}"


def _say_made(manifest: Manifest, made: Path) -> None:
    click.echo(f"Backed up {_held(manifest)}: {made.name}, {made.stat().st_size:,} bytes.")


@click.command("restore")
@click.argument("place")
@click.argument("name", default="")
@click.option(
    "--key",
    type=click.Path(exists=True, path_type=Path),
    help="The file of the key, as age-keygen writes it.",
)
@with_appcontext
def restore(place: str, name: str, key: Path | None) -> None:
    """Restore a backup from PLACE into an empty database and an empty file store, and check every row and file.

    NAME is which, the newest where it is left out. Nothing is written before the whole backup is known to be sound.
    """
    kept = _kept_at(place)
    with _told(), _workshop() as workshop:
        chosen = name or _newest(kept)
        archive = _opened(kept, chosen, workshop, key=key)
        unpacked = _new(workshop, "unpacked")
        manifest = service.unpack(archive, into=unpacked)
        service.restore(manifest, _here(), unpacked=unpacked)
        click.echo(f"Restored {chosen}, made on {manifest.made_at}. Checking it.")
        _check(manifest)
    _say_next(manifest)


def _newest(kept: StoredFiles) -> str:
    """The name of the newest backup of a place. Raises `Unsound` where there is none."""
    names = [key for key, _ in kept.listed("") if "/" not in key and key.endswith((ENDING, ENDING + SEALED))]
    if not names:
        raise Unsound("There is no backup in this place.")
    return max(names)


def _opened(kept: StoredFiles, name: str, workshop: Path, *, key: Path | None) -> Path:
    """The archive, fetched and decrypted."""
    fetched = workshop / "fetched"
    kept.get_file(name, fetched)
    if not name.endswith(SEALED):
        return fetched
    if key is None:
        raise Unsound("The backup is encrypted: name the file of the key with --key.")
    plain = workshop / "plain"
    unseal(fetched, plain, identities=key.read_text(encoding="utf-8"))
    return plain


def _check(manifest: Manifest) -> None:
    """Compare what was restored with the manifest, and read the audit trail through. Raises `Unsound`."""
    with _database().reading() as opened:
        found = service.faults_after(manifest, opened.connection(), files=store())
        found += faults_of_trail() if manifest.revision == newest_revision() else []
    if found:
        raise Unsound("It is not what was backed up: " + "; ".join(found[:10]) + ".")
    click.echo(f"{_held(manifest)} are as they were backed up.")


def _say_next(manifest: Manifest) -> None:
    """What to do before anybody works with it."""
    with _database().reading() as opened:
        waiting = queries.letters_waiting(opened.connection())
    steps = [] if manifest.revision == newest_revision() else ["flask --app wsgi db upgrade"]
    steps += ["flask --app wsgi audit verify"] if steps else []
    steps += ["flask --app wsgi files bind", "flask --app wsgi check"]
    click.echo("Next:\n  " + "\n  ".join(steps))
    if waiting:
        click.echo(
            f"{waiting:,} {'letter was' if waiting == 1 else 'letters were'} waiting to be sent. A worker that is started here sends them, also those that were sent after the backup was made.",
            err=True,
        )


@contextmanager
def _told() -> Iterator[None]:
    """What went wrong in one line, without a traceback."""
    try:
        yield
    except (Unsound, DumpFailed, WrongKey, FilesUnavailable) as fault:
        raise click.ClickException(str(fault)) from fault


@contextmanager
def _workshop() -> Iterator[Path]:
    """A folder for what is made on the way, which nobody else can read, gone in the end."""
    with tempfile.TemporaryDirectory(prefix="crm-backup-") as folder:
        yield Path(folder)


def _new(workshop: Path, name: str) -> Path:
    made = workshop / name
    made.mkdir()
    return made


def _kept_at(place: str) -> StoredFiles:
    """Where backups are kept: the store of a URL, or a folder."""
    known = _settings()
    url = place if "://" in place else f"folder://{quote(str(Path(place).resolve()))}"
    try:
        return files_from_url(
            url, Reach(known.backup_secret, known.backup_region, known.ca_file, PATIENCE_IN_SECONDS)
        )
    except ValueError as fault:
        raise click.BadParameter(f"it must be {PLACE}", param_hint="PLACE") from fault


def _here() -> service.Place:
    return service.Place(_database().engine, store())


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def _database() -> Database:
    found: Database = current_app.extensions["database"]
    return found
