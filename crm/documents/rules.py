"""Which files are taken: known by their content, bounded, in one piece, and named without harm.

The list of kinds is our own: libraries that guess a kind guess, and what matters here is to refuse. A file has to be of
a kind on the list, wholly, and called like it; whatever could be read as two kinds at once is refused.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from uuid import UUID

from crm.kernel.errors import BadInput

LARGEST = 10 * 1024 * 1024
LONGEST_NAME = 150
MOST_PARTS, LARGEST_UNPACKED = 2_000, 200 * 1024 * 1024
UNSAFE = frozenset('/\\:*?"<>|')
MARKUP = re.compile(rb"<\s*(!doctype|html|script|svg|\?xml)", re.IGNORECASE)
OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: its name for people, its media type, and how its files are called."""

    label: str
    media_type: str
    endings: tuple[str, ...]


_OOXML = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, Kind] = {
    "pdf": Kind("PDF", "application/pdf", ("pdf",)),
    "png": Kind("PNG picture", "image/png", ("png",)),
    "jpeg": Kind("JPEG picture", "image/jpeg", ("jpg", "jpeg")),
    "docx": Kind("Word document", f"{_OOXML}wordprocessingml.document", ("docx",)),
    "xlsx": Kind("Excel workbook", f"{_OOXML}spreadsheetml.sheet", ("xlsx",)),
    "pptx": Kind("PowerPoint slides", f"{_OOXML}presentationml.presentation", ("pptx",)),
    "csv": Kind("CSV table", "text/csv", ("csv",)),
    "txt": Kind("plain text", "text/plain", ("txt",)),
}
TAKEN = "PDF, Word, Excel, PowerPoint, PNG, JPEG, CSV or plain text, of up to 10 MB"
ACCEPT = ",".join(f".{ending}" for kind in KINDS.values() for ending in kind.endings)
NOT_TAKEN = f"The file must be {TAKEN}"


def kind_of(name: str, data: bytes) -> str:
    """The kind of a file, by its content; its name has to agree. Raises `BadInput` with words for the field."""
    if not data:
        raise BadInput("The file is empty")
    if len(data) > LARGEST:
        raise BadInput("The file must be smaller than 10 MB")
    found = _by_content(data)
    ending = PurePosixPath(name.casefold()).suffix.lstrip(".")
    if found == "text":
        found = ending if ending in ("csv", "txt") else None
    if found is None:
        raise BadInput(NOT_TAKEN)
    if ending not in KINDS[found].endings:
        raise BadInput(
            f"The file is a {KINDS[found].label}, but is not called like one. Save it again as it is"
        )
    return found


def _by_content(data: bytes) -> str | None:
    """What a file is from its first byte to its last; None where it is nothing that we take, or two things at once."""
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith(b"%PDF-"):
        return "pdf" if b"%%EOF" in data[-1024:] and not _is_archive(data) else None
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png" if data.endswith(b"IEND\xaeB`\x82") and not _is_archive(data) else None
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg" if data.endswith(b"\xff\xd9") and not _is_archive(data) else None
    return "text" if _is_plain(data) else None


def _is_archive(data: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(data))


def _office(data: bytes) -> str | None:
    """Which office document an archive is: bounded, without macros, and nothing but one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        return None
    if "[Content_Types].xml" not in names or any("vbaproject" in name.casefold() for name in names):
        return None
    found = [kind for kind, part in OFFICE.items() if part in names]
    return found[0] if len(found) == 1 else None


def _is_plain(data: bytes) -> bool:
    """Whether it is text, and none that a browser would run."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    has_controls = any(ord(sign) < 32 and sign not in "\t\r\n\f" for sign in text)
    return not has_controls and not MARKUP.search(data)


def clean_name(name: str, kind: str) -> str:
    """A file's name without path, control signs and signs that turn the direction of reading; shortened in the middle.

    The ending is that of its kind as it was typed, so that it opens in the right program.
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(" " if _is_unsafe(sign) else sign for sign in last)
    plain = " ".join(plain.split()).strip(". ")
    stem, _, ending = plain.rpartition(".")
    if ending.casefold() not in KINDS[kind].endings:
        stem, ending = plain, KINDS[kind].endings[0]
    stem = stem.strip(". ")[: LONGEST_NAME - len(ending) - 1].strip(". ") or "file"
    return f"{stem}.{ending.casefold()}"


def _is_unsafe(sign: str) -> bool:
    """Whether no name should hold a sign: controls, what turns the direction of reading, and what file systems read."""
    return sign in UNSAFE or unicodedata.category(sign).startswith("C")


MARKER = "whose.txt"
"""In each shelf: the mark by which a database knows that the shelf is its own."""
FEW, SHARE = 5, 20
"""Of files without a row so many may go in one sweep, or one in so many of all on the shelf, whichever is more."""


def place_of(database_url: str) -> str:
    """Where a database lies, as a digest: its server, name and options, without the name and password used."""
    parts = urlsplit(database_url)
    where = f"{parts.scheme.partition('+')[0]}://{parts.netloc.rpartition('@')[2]}{parts.path}?{parts.query}"
    return hashlib.sha256(where.encode()).hexdigest()


def id_of(key: str, shelf: str) -> UUID | None:
    """The id in the key of a file on a shelf; None for every name that the product does not give."""
    found = re.fullmatch(rf"{re.escape(shelf)}/([0-9a-f]{{2}})/(\1[0-9a-f]{{30}})", key)
    return UUID(found[2]) if found else None


def trash_key(shelf: str, file_id: UUID, *, on: date) -> str:
    """Where a file lies in the trash of a shelf, by the day it was thrown away."""
    return f"{shelf}/trash/{on.isoformat()}/{file_id.hex}"


def thrown_away(key: str, shelf: str) -> tuple[UUID, date] | None:
    """The id and the day in the key of a file in the trash; None for every other name."""
    found = re.fullmatch(
        rf"{re.escape(shelf)}/trash/([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})/([0-9a-f]{{32}})", key
    )
    return (UUID(found[2]), date.fromisoformat(found[1])) if found else None


def too_many(strays: int, *, of: int) -> bool:
    """Whether so many files without a row are more than acts that were undone leave behind."""
    return strays > max(FEW, of // SHARE)


def size_in_words(size: int) -> str:
    """How large a file is: "340 KB"."""
    if size < 1024:
        return f"{size} bytes"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / (1024 * 1024):.1f} MB"
