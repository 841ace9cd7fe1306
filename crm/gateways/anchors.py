"""A file of lines that are only added to, each signed with a key and hung on the one before: kept where the database cannot reach it."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

OWNER_ALONE = 0o600


@dataclass(frozen=True)
class SignedFile:
    """The file, and the key of whoever may write it. Each line is its text, a tab, and what signs it and the line before."""

    path: Path
    key: bytes = field(repr=False)

    def texts(self) -> list[str]:
        """What the lines say, the earliest first; whether they are signed is another question."""
        return [text for text, _ in self._lines()]

    def add(self, texts: Iterable[str]) -> None:
        """Add a line for each text, on the disk before this returns."""
        before = next((signed for _, signed in reversed(list(self._lines()))), "")
        made = []
        for text in texts:
            before = self._signature(before, text)
            made.append(f"{text}\t{before}\n")
        if not made:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ALONE), "a") as file:
            file.writelines(made)
            file.flush()
            os.fsync(file.fileno())

    def faults(self) -> list[str]:
        """Each line that was not written with this key after the one before it."""
        found, before = [], ""
        for number, (text, signed) in enumerate(self._lines(), start=1):
            if not hmac.compare_digest(self._signature(before, text), signed):
                found.append(
                    f"{self.path}, line {number}: it was not written by this service, or with another key"
                )
            before = signed
        return found

    def _lines(self) -> Iterator[tuple[str, str]]:
        if self.path.exists():
            for line in self.path.read_text().splitlines():
                text, _, signed = line.partition("\t")
                yield text, signed

    def _signature(self, before: str, text: str) -> str:
        return hmac.new(self.key, f"{before}\n{text}".encode(), "sha256").hexdigest()
