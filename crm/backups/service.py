"""Making a backup of everything while people go on working, and filling an empty place from one."""

from __future__ import annotations

import hashlib
import io
import shutil
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from crm.backups.queries import Kept, files_kept, rows_by_table
from crm.backups.rules import (
    DUMP,
    FILES,
    KNOWN,
    MANIFEST,
    Manifest,
    Part,
    Unsound,
    differences,
    faults_in,
    read_manifest,
)
from crm.db.migrating import is_known_revision, revision_of
from crm.gateways import dumps
from crm.gateways.files import Files, FilesUnavailable
from crm.kernel.clock import now


@dataclass(frozen=True)
class Place:
    """One installation: its database and its store."""

    engine: Engine
    files: Files

    @property
    def kind(self) -> str:
        """Which kind of database it is."""
        return self.engine.dialect.name


@dataclass(frozen=True)
class Seen:
    """What the copy of a database holds: its revision, the rows of its tables, and the files that they speak of."""

    revision: str
    tables: Mapping[str, int]
    kept: Sequence[Kept]


def make(place: Place, *, archive: Path, workshop: Path) -> Manifest:
    """Write a backup to a file. ``workshop`` is an empty folder for what is made on the way. Raises `Unsound`, `DumpFailed`."""
    dump = workshop / DUMP
    with dumps.dumped(place.engine, dump) as seeing:
        seen = _seen(seeing)
    told: dict[str, Any] = {"revision": seen.revision, "engine": place.kind, "tables": seen.tables}
    with tarfile.open(archive, "w") as tar:
        tar.add(dump, DUMP)
        found, lacking = _add_files(tar, seen.kept, place.files)
        told |= {"made_at": now().isoformat(), "database": part_of(dump)}
        manifest = Manifest(**told, files=found, lacking=lacking)
        _add(tar, MANIFEST, manifest.as_json().encode())
    return manifest


def _seen(connection: Connection) -> Seen:
    revision = revision_of(connection)
    if revision is None:
        raise Unsound("There is no database to back up: it has no tables yet.")
    return Seen(revision, rows_by_table(connection), files_kept(connection))


def _add_files(
    tar: tarfile.TarFile, kept: Iterable[Kept], files: Files
) -> tuple[dict[str, Part], tuple[str, ...]]:
    """Add the bytes of every file that the store has as its row says; the keys of those that it has not."""
    found, lacking = {}, []
    for each in kept:
        data = _bytes_of(each, files)
        if data is None:
            lacking.append(each.key)
        else:
            _add(tar, FILES + each.key, data)
            found[each.key] = Part(len(data), each.sha256)
    return found, tuple(lacking)


def _bytes_of(found: Kept, files: Files) -> bytes | None:
    try:
        data = files.get(found.key)
    except FilesUnavailable:
        return None
    return data if hashlib.sha256(data).hexdigest() == found.sha256 else None


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = len(data), 0o600, int(now().timestamp())
    tar.addfile(member, io.BytesIO(data))


def part_of(path: Path) -> Part:
    """The size and the digest of a file."""
    with path.open("rb") as opened:
        return Part(path.stat().st_size, hashlib.file_digest(opened, "sha256").hexdigest())


def unpack(archive: Path, *, into: Path) -> Manifest:
    """Unpack a backup, once every part of it is known to be what its manifest says. Raises `Unsound`."""
    try:
        with tarfile.open(archive, "r:") as tar:
            for member in tar:
                _take_out(tar, member, into)
    except (tarfile.TarError, EOFError) as fault:
        raise Unsound("This is no backup, or it is not whole.") from fault
    kept = into / MANIFEST
    if not kept.is_file():
        raise Unsound("The backup is not whole: it has no manifest.")
    manifest = read_manifest(kept.read_text(encoding="utf-8"))
    parts = {path.relative_to(into).as_posix(): part_of(path) for path in into.rglob("*") if path.is_file()}
    parts.pop(MANIFEST)
    faults = faults_in(parts, manifest)
    if faults:
        raise Unsound("The backup is not whole: " + "; ".join(faults[:10]) + ".")
    return manifest


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    """Write one part of an archive to its place, if it is called as ours are: so none can lie outside the folder."""
    if not member.isfile() or not KNOWN.fullmatch(member.name):
        raise Unsound(f"“{member.name[:100]}” is no part of a backup of ours.")
    to, data = into / member.name, tar.extractfile(member)
    assert data is not None
    to.parent.mkdir(parents=True, exist_ok=True)
    with to.open("xb") as opened:
        shutil.copyfileobj(data, opened)


def why_not_restore(manifest: Manifest, place: Place) -> str:
    """Why a backup must not be restored here; "" where it can: into an empty place alone, of the same kind of database."""
    if manifest.engine != place.kind:
        return f"The backup is of {manifest.engine}, and DATABASE_URL names {place.kind}."
    if not is_known_revision(manifest.revision):
        return f"The backup is at revision {manifest.revision}, which this version does not know: install the version that made it, or a newer one."
    if not dumps.is_empty(place.engine):
        return "The database has tables already: a backup is restored into an empty one alone."
    if next(place.files.listed(""), None) is not None:
        return "The file store is not empty: a backup is restored into an empty one alone."
    return ""


def restore(manifest: Manifest, place: Place, *, unpacked: Path) -> None:
    """Fill an empty place: the files first, so that no row is ever there without its file. Raises `Unsound`, `DumpFailed`."""
    why_not = why_not_restore(manifest, place)
    if why_not:
        raise Unsound(why_not)
    for key in manifest.files:
        place.files.put(key, (unpacked / FILES / key).read_bytes())
    dumps.load(place.engine, unpacked / DUMP)


def faults_after(manifest: Manifest, connection: Connection, *, files: Files) -> list[str]:
    """How a restored place differs from its backup: row by row counted, and every file read again."""
    damaged = [
        f"{key} is not in the store as it was"
        for key, part in manifest.files.items()
        if hashlib.sha256(files.get(key)).hexdigest() != part.sha256
    ]
    return [*differences(manifest.tables, rows_by_table(connection)), *damaged]
