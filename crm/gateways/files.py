"""Where files lie: a folder of ours, an S3-compatible store, or memory as a stand-in. All by one library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, S3Store


class FilesUnavailable(Exception):
    """The store could not be reached, or the file is not in it."""


class Files(Protocol):
    """Keeps bytes under a key, for as long as they are wanted. Raises `FilesUnavailable`."""

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key."""

    def get(self, key: str) -> bytes:
        """The bytes under a key."""

    def move(self, key: str, to: str) -> None:
        """Keep the bytes under another key."""

    def delete(self, key: str) -> None:
        """Delete the bytes under a key."""

    def listed(self, within: str) -> Iterator[tuple[str, datetime]]:
        """Every key within a folder of the store, with when its bytes were put there; nothing beside it."""


@dataclass(frozen=True)
class StoredFiles:
    """Any store that the library knows, with its faults as ours."""

    store: Any

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key."""
        with _faults():
            self.store.put(key, data)

    def get(self, key: str) -> bytes:
        """The bytes under a key."""
        with _faults():
            return bytes(self.store.get(key).bytes())

    def put_file(self, key: str, source: Path) -> None:
        """Keep the bytes of a file under a key, however large it is."""
        with _faults(), source.open("rb") as opened:
            self.store.put(key, opened)

    def get_file(self, key: str, to: Path) -> None:
        """Write the bytes under a key to a file, however many they are."""
        with _faults(), to.open("wb") as opened:
            for each in self.store.get(key).stream():
                opened.write(each)

    def move(self, key: str, to: str) -> None:
        """Keep the bytes under another key: copied first, so that there is always one of them."""
        with _faults():
            self.store.copy(key, to)
            self.store.delete(key)

    def delete(self, key: str) -> None:
        """Delete the bytes under a key."""
        with _faults():
            self.store.delete(key)

    def listed(self, within: str) -> Iterator[tuple[str, datetime]]:
        """Every key within a folder of the store, with when its bytes were put there; nothing beside it."""
        with _faults():
            for page in self.store.list(prefix=within):
                yield from ((each["path"], each["last_modified"]) for each in page)


@contextmanager
def _faults() -> Iterator[None]:
    """Turns the library's faults into ours."""
    try:
        yield
    except (BaseError, OSError) as fault:
        raise FilesUnavailable("The file cannot be reached just now.") from fault


def files_from_url(url: str, *, secret: str = "") -> StoredFiles:
    """The store that a setting names: ``folder:///path``, ``memory://``, or ``s3://KEY@endpoint-host/bucket``.

    ``secret`` is the secret key of an S3-compatible store, which is always spoken to over https.
    """
    parts = urlsplit(url)
    if parts.scheme == "folder":
        folder = Path(unquote(parts.path))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return StoredFiles(LocalStore(prefix=folder))
    if parts.scheme == "memory":
        return StoredFiles(MemoryStore())
    if parts.scheme == "s3" and parts.hostname:
        host = parts.hostname + (f":{parts.port}" if parts.port else "")
        bucket, key = parts.path.strip("/"), unquote(parts.username or "")
        store = S3Store(bucket, endpoint=f"https://{host}", access_key_id=key, secret_access_key=secret)
        return StoredFiles(store)
    raise ValueError("files are kept in folder://, s3:// or memory://")
