"""Where files lie: a folder of ours, an S3-compatible store, or memory as a stand-in. All by one library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

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


@dataclass(frozen=True)
class Reach:
    """How an S3-compatible store is reached, always over https: its secret key, its region, a file with the certificates
    of a private authority, and after how many seconds somebody who waits is told that it cannot be.
    """

    secret: str = field(default="", repr=False)
    region: str = "us-east-1"
    ca_file: str = ""
    seconds: int = 10


def files_from_url(url: str, reach: Reach | None = None) -> StoredFiles:
    """The store that a setting names: ``folder:///path``, ``memory://``, or ``s3://KEY@endpoint-host/bucket``."""
    parts = urlsplit(url)
    if parts.scheme == "folder":
        folder = Path(unquote(parts.path))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return StoredFiles(LocalStore(prefix=folder))
    if parts.scheme == "memory":
        return StoredFiles(MemoryStore())
    if parts.scheme == "s3" and parts.hostname:
        return StoredFiles(_s3(parts, reach or Reach()))
    raise ValueError("files are kept in folder://, s3:// or memory://")


def _s3(parts: SplitResult, reach: Reach) -> S3Store:
    """Tried again for half of the time: what is begun then may take the other half."""
    half = timedelta(seconds=reach.seconds / 2)
    options: dict[str, Any] = {"timeout": half, "connect_timeout": half}
    if reach.ca_file:
        options["root_certificate"] = Path(reach.ca_file).read_bytes()
    return S3Store(
        parts.path.strip("/"),
        endpoint=f"https://{parts.hostname}" + (f":{parts.port}" if parts.port else ""),
        access_key_id=unquote(parts.username or ""),
        secret_access_key=reach.secret,
        region=reach.region,
        client_options=options,  # type: ignore[arg-type]
        retry_config={"max_retries": 2, "retry_timeout": half},
    )
