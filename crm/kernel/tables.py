"""Tables that are taken in as files: CSV as spreadsheets write it, read strictly, every refusal with its line.

A file may be UTF-8 with or without a byte order mark, UTF-16, or Windows-1252 where that is the only reading. Commas,
semicolons and tabs part its cells. Headings are known by their letters and figures alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t")
MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
SAVE_AS = "save the file as “CSV UTF-8” and try again"
# Signs of Windows-1252 that English and its neighbours write; others hint at another encoding.
PLAIN_SIGNS = frozenset("£€©®™°·½¼¾²³–—‘’“”…•§«»¡¿ªº±µ¢¥\u00a0")
IN_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
SEPARATOR_LINE = re.compile(r"\A\"?sep=(.)\"?(?:\r\n|\r|\n)", re.IGNORECASE)
NOT_IN_HEADINGS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell, one line or (line 0) the whole file."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.column}" if self.column else "") if self.line else "the file"
        return f"{where}: {self.message}"


class TableRefused(ValueError):
    """A file that cannot be read as a table: every fault that was found, and the rows that are none."""

    def __init__(self, *faults: Fault, rows: Sequence[tuple[int, Mapping[str, str]]] = ()) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults, self.rows = list(faults), rows


@dataclass(frozen=True)
class Limits:
    """The most that a file may hold."""

    rows: int
    megabytes: int


@dataclass(frozen=True)
class Table:
    """The headings as they are known, and each row that holds anything with the line it begins on."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    line: int = 1


def read_table(source: bytes, *templates: Collection[str], limits: Limits) -> Table:
    """Read a file into rows of trimmed cells by heading, in the columns of whichever template fits best.

    A heading that is not known is kept as it is written. Raises `TableRefused` with the line: for an encoding that is not certain, a quote that never closes or closes in
    the wrong place, a row of another length, a heading that is there twice, and more than may be taken in.
    """
    if len(source) > limits.megabytes * 1_000_000:
        raise TableRefused(Fault(0, "", f"it is too large: the most is {limits.megabytes} megabytes"))
    text = decoded(source)
    declared = SEPARATOR_LINE.match(text)
    skipped = declared.group(0) if declared else ""
    text, first = text[len(skipped) :], 2 if skipped else 1
    delimiter, known = _ways_of(text, templates, declared=declared.group(1) if declared else "")
    records = _records(text, delimiter, first=first)
    line, head = next(records, (0, []))
    if not head:
        raise TableRefused(Fault(1, "", "the file is empty"))
    names = _names(head, known, line=line)
    rows, faults = list[tuple[int, Mapping[str, str]]](), list[Fault]()
    for number, (at, cells) in enumerate(records, start=1):
        if number > limits.rows:
            raise TableRefused(Fault(at, "", f"there are too many rows: the most is {limits.rows:,}"))
        try:
            rows.append((at, _row(cells, names, line=at)))
        except TableRefused as refused:
            faults += refused.faults
    if faults:
        raise TableRefused(*faults, rows=rows)
    return Table(tuple(name for name in names if name), tuple(rows), line)


def decoded(source: bytes) -> str:
    """The text of a file, if its encoding is certain. Raises `TableRefused` with the line that is not."""
    if source.startswith(WORKBOOKS):
        raise TableRefused(Fault(0, "", f"it is a workbook, not a CSV file: {SAVE_AS}"))
    for mark, encoding in MARKS:
        if source.startswith(mark):
            return _by(encoding, source[len(mark) :])
    zeros = (source[:200:2].count(0), source[1:200:2].count(0))
    if max(zeros) > 20 or (len(source) < 100 and max(zeros) * 4 > len(source)):
        return _by("utf-16-le" if zeros[1] > zeros[0] else "utf-16-be", source)
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as fault:
        return _in_windows_1252(source, at=fault.start)


def _by(encoding: str, source: bytes) -> str:
    try:
        return source.decode(encoding)
    except UnicodeDecodeError as fault:
        line = source[: fault.start].decode(encoding, "replace").count("\n") + 1
        raise TableRefused(Fault(line, "", f"this is not text: {SAVE_AS}")) from None


def _in_windows_1252(source: bytes, *, at: int) -> str:
    """Text of Windows in Western Europe, where nothing speaks against it; ``at`` is where it is no UTF-8."""
    message = f"this is not UTF-8 text, and its encoding is not certain: {SAVE_AS}"
    try:
        text = source.decode("cp1252")
    except UnicodeDecodeError as fault:
        raise TableRefused(Fault(_line_at(source, fault.start), "", message)) from None
    if IN_UTF_8.search(source):
        raise TableRefused(Fault(_line_at(source, at), "", message))
    # One byte is one sign, so that places in the text are places in the file.
    for found in re.finditer(r"[^\x00-\x7f]", text):
        if not _fits(text, found.start()):
            raise TableRefused(Fault(_line_at(source, found.start()), "", message))
    return text


def _fits(text: str, at: int) -> bool:
    """Whether a sign stands where Windows-1252 would have it: capitals not behind small letters, Œ only in words."""
    sign, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if not sign.isalpha() or sign in "ªºµ":
        return sign in PLAIN_SIGNS
    if sign.isupper() and before.islower():
        return False
    return sign not in "œŒƒˆ" or before.isalpha() or after.isalpha()


def _line_at(source: bytes, at: int) -> int:
    return source.count(b"\n", 0, at) + 1


def key_of(heading: str) -> str:
    """What a heading is known by: its letters and figures, whatever their case."""
    return NOT_IN_HEADINGS.sub("", heading).casefold()


def _ways_of(
    text: str, templates: Sequence[Collection[str]], *, declared: str
) -> tuple[str, Collection[str]]:
    """What parts the cells, and the template of the headings: whichever find most known ones, then most cells."""
    start = text[:20_000].lstrip()

    def found(way: tuple[str, Collection[str]]) -> tuple[int, int]:
        delimiter, known = way
        keys = {key_of(name) for name in known}
        head = next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), [])
        return sum(key_of(heading) in keys for heading in head), len(head)

    ways = [(delimiter, each) for delimiter in ([declared] if declared else DELIMITERS) for each in templates]
    try:
        return max(ways, key=found)
    except csv.Error:
        return ways[0]


def _records(text: str, delimiter: str, *, first: int) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the line it begins on. Raises `TableRefused` where a quote goes wrong."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins, width = first, 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise TableRefused(_quote_fault(text, delimiter, begins - first, first=first)) from None
        if row is None:
            return
        cells = [cell.strip() for cell in row]
        width = width or len(row)
        ends = reader.line_num + first - 1
        if ends > begins:
            _require_no_rows_within(row, delimiter, width=width, begins=begins, ends=ends)
        if any(cells):
            yield begins, cells
        begins = ends + 1


def _require_no_rows_within(row: list[str], delimiter: str, *, width: int, begins: int, ends: int) -> None:
    """Refuse a cell that swallowed whole rows: a line of it has as many cells as the headings, close together."""
    for cell in row:
        for line in re.split(r"\r\n|\r|\n", cell)[1:]:
            if width > 1 and len(_parting(delimiter).findall(line)) >= width - 1:
                message = (
                    f"a quote opens in this line and closes only in line {ends}, with whole rows between"
                )
                raise TableRefused(Fault(begins, "", message))


def _parting(delimiter: str) -> re.Pattern[str]:
    """A delimiter as it parts cells, not words or thousands: without a blank behind it, nor between figures."""
    return re.compile(rf"(?<![0-9]){delimiter}(?! )|{delimiter}(?![ 0-9])")


def _quote_fault(text: str, delimiter: str, skipped: int, *, first: int) -> Fault:
    """Where the quote opens that goes wrong in the row that begins after so many lines."""
    lines = io.StringIO(text, newline="").readlines()
    opened, is_open, is_start = 0, False, True
    for number, line in enumerate(lines[skipped:], start=skipped + first):
        at = 0
        while at < len(line):
            sign = line[at]
            if is_open and sign == '"':
                after = line[at + 1 : at + 2]
                if after == '"':
                    at += 1
                elif after and after not in f"{delimiter}\r\n":
                    message = "a quote opens in this line and closes before the cell ends: write a quote within a cell twice"
                    return Fault(opened, "", message)
                else:
                    is_open = False
            elif sign == '"' and is_start:
                is_open, opened = True, number
            is_start = not is_open and (sign in f"{delimiter}\r\n")
            at += 1
    if is_open:
        return Fault(opened, "", "this cannot be read as CSV: a quote opens in this line and never closes")
    return Fault(skipped + first, "", "this line cannot be read as CSV: one of its cells is far too long")


def _names(head: list[str], known: Collection[str], *, line: int) -> list[str]:
    """The headings as they are known; empty ones stay empty."""
    by_key = {key_of(name): name for name in known}
    names = [by_key.get(key_of(heading), heading) if heading else "" for heading in head]
    counts = Counter(name for name in names if name)
    twice = [
        Fault(line, name[:60], "this column is there twice") for name, times in counts.items() if times > 1
    ]
    if twice:
        raise TableRefused(*twice)
    return names


def _row(cells: list[str], names: list[str], *, line: int) -> dict[str, str]:
    """The cells of a row by heading. Empty cells beyond the headings do not count."""
    while len(cells) > len(names) and not cells[-1]:
        cells = cells[:-1]
    width = len(names)
    if len(cells) < width and not any(names[len(cells) :]):
        cells = cells + [""] * (width - len(cells))
    if len(cells) != width:
        said = f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
        raise TableRefused(Fault(line, "", f"this line has {said}; it should have {width}"))
    for number, (name, cell) in enumerate(zip(names, cells, strict=True), start=1):
        if cell and not name:
            raise TableRefused(Fault(line, f"column {number}", "this cell has no heading"))
    return {name: cell for name, cell in zip(names, cells, strict=True) if name}
