"""Which files are taken: known by their content, bounded, in one piece, and named without harm.

The list of kinds is our own: libraries that guess a kind guess, and what matters here is to refuse. A file has to be of
a kind on the list, once what stands around it is cut off; whatever could be read as two kinds at once is refused. It is
called as what it is, whatever it was called.
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
import zlib
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
MARKUP = re.compile(r"<\s*(!doctype|html|script|svg|\?xml)", re.IGNORECASE)
CONTENT_TYPES, LARGEST_TYPES = "[Content_Types].xml", 1024 * 1024
OFFICE = {
    "docx": "wordprocessingml.document.main+xml",
    "xlsx": "spreadsheetml.sheet.main+xml",
    "pptx": "presentationml.presentation.main+xml",
}
"""The kind of part that each office document has once, wherever it lies: Word on the web calls it otherwise."""
END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
TURNED = frozenset({"heic", "webp"})
"""Pictures of telephones and of the web that are turned into JPEG when they come."""


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
OTHER_ENDINGS = ("jfif", "jpe", "heic", "heif", "webp")
"""Endings of names that are taken too, and become the usual one."""
SAID = {
    "pdf": ("PDF",),
    "docx": ("Word",),
    "xlsx": ("Excel",),
    "pptx": ("PowerPoint",),
    "png": ("PNG",),
    "jpeg": ("JPEG", "HEIC", "WEBP"),
    "csv": ("CSV",),
    "txt": ("plain text",),
}
"""How each kind is called in a line of what is taken, with the pictures that become one."""


@dataclass(frozen=True)
class Taking:
    """What a place takes: its kinds, and how its refusal begins. The hint, the list of endings and the refusal all say it."""

    kinds: frozenset[str] = frozenset(KINDS)
    refusal: str = "The file must be"

    @property
    def words(self) -> str:
        """What is taken, for a hint: "PDF, PNG or JPEG, of up to 10 MB"."""
        *first, last = (each for kind, names in SAID.items() if kind in self.kinds for each in names)
        return f"{', '.join(first)} or {last}, of up to 10 MB"

    @property
    def accept(self) -> str:
        """The endings that are offered when a file is chosen."""
        own = [each for name, kind in KINDS.items() if name in self.kinds for each in kind.endings]
        return ",".join(f".{each}" for each in (*own, *(OTHER_ENDINGS if "jpeg" in self.kinds else ())))

    @property
    def not_taken(self) -> str:
        """The refusal of another kind of file."""
        return f"{self.refusal} {self.words}"

    def require(self, kind: str) -> None:
        """Refuse a file of a kind that is not taken here. Raises `BadInput` with words for the field."""
        if kind not in self.kinds:
            raise BadInput(self.not_taken)


EVERYTHING = Taking()
TAKEN, ACCEPT = EVERYTHING.words, EVERYTHING.accept
INSTEAD = "Save it as a PDF or a JPEG and choose that"
ARCHIVE = "This is an archive, or an office file that cannot be opened here. Choose the files in it one by one, or a PDF"
WITH_MACROS = (
    "This office file has macros in it, or is damaged. Save it without macros, or as a PDF, and choose that"
)
STARTS = {
    b"GIF8": "This is a GIF picture.",
    b"II*\x00": "This is a TIFF picture.",
    b"MM\x00*": "This is a TIFF picture.",
    b"BM": "This is a BMP picture.",
    b"\xd0\xcf\x11\xe0": "This is an office file of the old kind, from before 2007.",
    b"{\\rtf": "This is an RTF document.",
}
"""How files begin that people often have and that are not taken, and what each is."""
CUT_OFF = {b"\xff\xd8\xff": "JPEG picture", b"\x89PNG": "PNG picture", b"%PDF-": "PDF"}
"""How files begin that are taken when they are whole."""


@dataclass(frozen=True)
class Read:
    """What a file turned out to be: its kind, of `KINDS` or `TURNED`, and its bytes without what stood around them."""

    kind: str
    data: bytes


def read(name: str, data: bytes, *, taking: Taking = EVERYTHING) -> Read:
    """A file by its content; only text goes by its name. Raises `BadInput` with words for the field: those of its place.

    What stands before its beginning or after its end is cut off, as telephones, scanners and mail programs leave it.
    """
    if not data:
        raise BadInput("The file is empty")
    if len(data) > LARGEST:
        raise BadInput("The file must be smaller than 10 MB")
    found = _by_content(data)
    if found is None and _text_of(data) is not None:
        ending = _ending(name)
        found = Read(ending, data) if ending in ("csv", "txt") else None
    if found is None:
        raise BadInput(_what_to_do(name, data) or taking.not_taken)
    taking.require(_kept_as(found))
    return found


def kind_of(name: str, data: bytes, *, taking: Taking = EVERYTHING) -> str:
    """The kind as which a file is kept. Raises `BadInput` with words for the field."""
    return _kept_as(read(name, data, taking=taking))


def _kept_as(found: Read) -> str:
    return "jpeg" if found.kind in TURNED else found.kind


def _ending(name: str) -> str:
    return PurePosixPath(name.casefold()).suffix.lstrip(".")


def _by_content(data: bytes) -> Read | None:
    """What a file is from its first byte to its last; None where it is nothing that we take, or two things at once."""
    if data.startswith(b"PK\x03\x04"):
        kind = _office(data)
        return Read(kind, data) if kind else None
    for kind, piece_of in (("pdf", _pdf), ("png", _png), ("jpeg", _jpeg)):
        piece = piece_of(data)
        if piece is not None:
            return None if zipfile.is_zipfile(io.BytesIO(piece)) else Read(kind, piece)
    if data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS:
        return Read("heic", data)
    return Read("webp", data) if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _pdf(data: bytes) -> bytes | None:
    """From the header, which may come a little late, to the last end mark."""
    begins, ends = data.find(b"%PDF-", 0, 1024), data.rfind(b"%%EOF")
    return data[begins : ends + 5] + b"\n" if 0 <= begins < ends else None


def _png(data: bytes) -> bytes | None:
    """From the signature to the chunk that ends the picture."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    at = 8
    while at + 12 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        if name == b"IEND":
            return data[:at]
    return None


def _jpeg(data: bytes) -> bytes | None:
    """From the start of the picture to its end, segment by segment: a preview within has an end of its own."""
    at = 2 if data.startswith(b"\xff\xd8\xff") else len(data)
    while at + 4 <= len(data) + 2 and data[at : at + 1] == b"\xff":
        marker = data[at + 1 : at + 2]
        if marker == b"\xd9":
            return data[: at + 2]
        if marker == b"\xff":
            at += 1
            continue
        at += 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
        if marker == b"\xda":
            scan = END_OF_SCAN.search(data, at)
            at = scan.end() - 2 if scan else len(data)
    return None


def _office(data: bytes) -> str | None:
    """Which office document an archive is, by the main part that it names: bounded, without macros, nothing but one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                return None
            types = archive.read(CONTENT_TYPES)[:LARGEST_TYPES].decode("utf-8", "replace")
    except (zipfile.BadZipFile, ValueError, NotImplementedError, KeyError, RuntimeError, zlib.error):
        return None
    if any("vbaproject" in part.filename.casefold() for part in parts):
        return None
    named = set(re.findall(r"ContentType\s*=\s*[\"']([^\"']+)[\"']", types))
    found = [kind for kind, main in OFFICE.items() if f"{_OOXML}{main}" in named]
    return found[0] if len(found) == 1 else None


def _text_of(data: bytes) -> str | None:
    """Text in UTF-8, in UTF-16 with its mark, or as Windows writes it in the West; none that a browser would run."""
    names = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for name in names:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        has_controls = any(ord(sign) < 32 and sign not in "\t\r\n\f" for sign in text)
        return None if has_controls or MARKUP.search(text) else text
    return None


def _what_to_do(name: str, data: bytes) -> str:
    """Why a file is not taken, by what it is where that is known, and what can be sent instead; empty where it is not known."""
    if data.startswith(b"PK\x03\x04"):
        is_office = _ending(name) in (*OFFICE, "docm", "xlsm", "pptm")
        return WITH_MACROS if is_office else ARCHIVE
    for start, said in STARTS.items():
        if data.startswith(start):
            return f"{said} {INSTEAD}"
    for start, kind in CUT_OFF.items():
        if data.startswith(start):
            return f"This {kind} is damaged, or not complete. Save or download it again and choose that"
    if data[4:8] == b"ftyp":
        return f"This is a film, or a kind of picture that cannot be opened here. {INSTEAD}"
    called = next((kind for kind in KINDS.values() if _ending(name) in kind.endings), None)
    if called is not None:
        return f"The content of this file is not a {called.label}. Open it, save it as a PDF or a JPEG and choose that"
    if _ending(name) in OTHER_ENDINGS:
        kind = _ending(name).upper()
        return f"The content of this file is not a {kind} picture. Open it, save it as a PDF or a JPEG and choose that"
    return ""


def clean_name(name: str, kind: str) -> str:
    """A file's name without path, control signs and signs that turn the direction of reading; shortened in the middle.

    The ending is that of its kind, so that it opens in the right program.
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(" " if _is_unsafe(sign) else sign for sign in last)
    plain = " ".join(plain.split()).strip(". ")
    stem, _, ending = plain.rpartition(".")
    if ending.casefold() not in KINDS[kind].endings:
        is_known = ending.casefold() in ACCEPT.replace(".", "").split(",")
        stem, ending = stem if is_known else plain, KINDS[kind].endings[0]
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


def key_of(file_id: UUID, shelf: str) -> str:
    """Where the bytes of a file lie in the store: on the shelf of its database, or, from before there were any, beside them."""
    where = f"{file_id.hex[:2]}/{file_id.hex}"
    return f"{shelf}/{where}" if shelf else where


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
