"""What a backup holds, and whether it holds what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

FORM = 1
"""The form of the archive: raised when an older product could not read a newer one."""
MANIFEST, DUMP, FILES = "manifest.json", "database", "files/"
KNOWN = re.compile(r"manifest\.json|database|files/(?:[a-z0-9-]{1,40}/)?[0-9a-f]{2}/[0-9a-f]{32}")
"""How every part of a backup is called: nothing else is unpacked."""
ENDING = ".tar"


class Unsound(Exception):
    """Something is no whole backup of ours; the message says why."""


@dataclass(frozen=True)
class Part:
    """One part of a backup: its size in bytes, and the SHA-256 digest of them in hex."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What was backed up: the revision of the database and the rows of each table, and every file by its key.

    ``lacking`` are files that a row speaks of and the store did not have.
    """

    made_at: str
    revision: str
    engine: str
    tables: Mapping[str, int]
    database: Part
    files: Mapping[str, Part]
    lacking: tuple[str, ...] = ()
    form: int = field(default=FORM)

    def as_json(self) -> str:
        """As the archive keeps it."""
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @property
    def parts(self) -> dict[str, Part]:
        """Every part by its name in the archive, but for the manifest."""
        return {DUMP: self.database} | {FILES + key: part for key, part in self.files.items()}


def read_manifest(text: str) -> Manifest:
    """A manifest as it was kept. Raises `Unsound`."""
    try:
        told: dict[str, Any] = json.loads(text)
        if told["form"] != FORM:
            raise Unsound(
                f"The backup has form {told['form']}, and this product reads form {FORM}: use the product that made it."
            )
        files = {key: Part(**part) for key, part in told.pop("files").items()}
        lacking = tuple(told.pop("lacking"))
        return Manifest(database=Part(**told.pop("database")), files=files, lacking=lacking, **told)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise Unsound("The manifest of the backup cannot be read.") from fault


def name_of(moment: datetime) -> str:
    """How a backup is called: in the order of their names is the order in which they were made."""
    return f"crm-{moment:%Y-%m-%dT%H%M%SZ}{ENDING}"


def faults_in(found: Mapping[str, Part], manifest: Manifest) -> list[str]:
    """How the parts of an archive differ from what its manifest says."""
    wanted = manifest.parts
    missing = [f"{name} is missing" for name in sorted(wanted.keys() - found.keys())]
    more = [f"{name} is not in the manifest" for name in sorted(found.keys() - wanted.keys())]
    both = sorted(wanted.keys() & found.keys())
    return [*missing, *more, *(f"{name} is damaged" for name in both if found[name] != wanted[name])]


def differences(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    """How many rows of each table there are that should not be, or are not that should."""
    names: Iterable[str] = sorted(before.keys() | after.keys())
    return [
        f"{name}: {after.get(name, 0):,} rows, and the backup has {before.get(name, 0):,}"
        for name in names
        if before.get(name, 0) != after.get(name, 0)
    ]
