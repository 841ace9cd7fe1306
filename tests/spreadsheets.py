"""Workbooks worked out afresh: reads the formulas of an XLSX file and evaluates the few functions that ours use.

It knows nothing of the values that are written beside the formulas, so that a test can compare the two.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from xml.etree import ElementTree as ET

from crm.kernel.calendar import add_months

XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BEGINNING = date(1899, 12, 30)
TOKEN = re.compile(
    r'(?P<text>"(?:[^"]|"")*")|(?P<name>[A-Z]+)(?=\()|(?:(?P<sheet>\w+)!)?(?P<first>\$?[A-Z]{1,3}\$?[0-9]+)'
    r"(?::(?P<last>\$?[A-Z]{1,3}\$?[0-9]+))?|(?P<number>[0-9.]+)|(?P<sign><>|<=|>=|[-+*/&=<>(),])"
)
SIGNS = {"=": "==", "<>": "!="}


class Text(str):
    """A text in a formula; joined to a value it is a test of other cells, such as "<=" & 46000."""

    __slots__ = ()

    def __and__(self, other: object) -> Text:
        return Text(f"{self}{other}")


class Nothing(float):
    """An empty cell: nought where it is added up, and equal to an empty text."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return other == "" or (isinstance(other, float) and float(other) == 0)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return 0


class Book:
    """The cells of a workbook by sheet and place. ``book["Sheet", "A1"]`` works one out from the formulas alone."""

    def __init__(self, source: bytes) -> None:
        self.formulas: dict[tuple[str, str], str] = {}
        self.written: dict[tuple[str, str], Any] = {}
        self.found: dict[tuple[str, str], Any] = {}
        with zipfile.ZipFile(io.BytesIO(source)) as packed:
            texts = _texts(packed)
            for number, name in enumerate(_names(packed), start=1):
                self._read(name, _root(packed, f"xl/worksheets/sheet{number}.xml"), texts)

    def _read(self, name: str, root: Any, texts: Sequence[str]) -> None:
        for cell in root.iter(f"{XML}c"):
            at = (name, str(cell.get("r")))
            formula, value = cell.find(f"{XML}f"), cell.find(f"{XML}v")
            if formula is not None:
                self.formulas[at] = str(formula.text)
            if value is not None:
                self.written[at] = _value(value.text or "", str(cell.get("t")), texts)

    def __getitem__(self, at: tuple[str, str]) -> Any:
        if at not in self.found:
            formula = self.formulas.get(at)
            self.found[at] = (
                self.written.get(at, Nothing()) if formula is None else self._evaluated(formula, at[0])
            )
        return self.found[at]

    def _evaluated(self, formula: str, sheet: str) -> Any:
        return eval(_in_python(formula, sheet), {**FUNCTIONS, "Text": Text, "book": self})  # noqa: S307 our own formulas

    def area(self, sheet: str, first: str, last: str) -> list[Any]:
        """The cells of one column from a first to a last."""
        column, start, end = _column(first), _row(first), _row(last)
        return [self[sheet, f"{column}{row}"] for row in range(start, end + 1)]


def _value(said: str, kind: str, texts: Sequence[str]) -> Any:
    """What is written in a cell: a text of the workbook's list, a text of its own, or a number."""
    if kind == "s":
        return texts[int(said)]
    return said if kind == "str" or not said else float(said)


def _root(packed: zipfile.ZipFile, name: str) -> Any:
    return ET.fromstring(packed.read(name))  # noqa: S314 a file of ours


def _names(packed: zipfile.ZipFile) -> list[str]:
    return [str(each.get("name")) for each in _root(packed, "xl/workbook.xml").iter(f"{XML}sheet")]


def _texts(packed: zipfile.ZipFile) -> list[str]:
    return ["".join(each.itertext()) for each in _root(packed, "xl/sharedStrings.xml").iter(f"{XML}si")]


def _column(place: str) -> str:
    return re.sub("[^A-Z]", "", place)


def _row(place: str) -> int:
    return int(re.sub("[^0-9]", "", place))


def _in_python(formula: str, sheet: str) -> str:
    return "".join(_translated(each, sheet) for each in _tokens(formula))


def _tokens(formula: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(formula):
        found = TOKEN.match(formula, at)
        assert found is not None, formula[at:]
        yield found
        at = found.end()


def _translated(token: re.Match[str], sheet: str) -> str:
    if token["text"]:
        return f"Text({token['text'][1:-1].replace(chr(34) * 2, chr(34))!r})"
    if token["first"]:
        where, places = (
            token["sheet"] or sheet,
            [each.replace("$", "") for each in (token["first"], token["last"] or "")],
        )
        return f"book.area({where!r}, *{places!r})" if places[1] else f"book[{where!r}, {places[0]!r}]"
    return token["name"] or token["number"] or SIGNS.get(token["sign"], token["sign"])


def _numbers(cells: Sequence[Any]) -> list[float]:
    return [each for each in cells if isinstance(each, int | float)]


def _meets(value: Any, test: Any) -> bool:
    """Whether a cell meets a test: the same value, or one that compares as the test says."""
    found = re.fullmatch(r"(<=|>)(-?[0-9.]+)", test) if isinstance(test, str) else None
    if found:
        is_number = isinstance(value, int | float) and not isinstance(value, Nothing)
        return is_number and (value <= float(found[2]) if found[1] == "<=" else value > float(found[2]))
    return not isinstance(value, Nothing) and type(value) is not bool and value == test


def _those(tests: Sequence[Any]) -> list[bool]:
    pairs = list(zip(tests[::2], tests[1::2], strict=True))
    return [all(_meets(area[number], test) for area, test in pairs) for number in range(len(pairs[0][0]))]


def _sumifs(area: Sequence[Any], *tests: Any) -> float:
    return math.fsum(_numbers([each for each, is_met in zip(area, _those(tests), strict=True) if is_met]))


def _rounded(value: float, places: int) -> float:
    return float(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP))


def _later(serial: float, months: float) -> float:
    return float((add_months(BEGINNING + timedelta(days=int(serial)), int(months)) - BEGINNING).days)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "SUM": lambda area: math.fsum(_numbers(area)),
    "SUMIFS": _sumifs,
    "COUNTIFS": lambda *tests: sum(_those(tests)),
    "IF": lambda test, then, otherwise: then if test else otherwise,
    "OR": lambda *tests: any(tests),
    "INT": math.floor,
    "ROUND": _rounded,
    "EDATE": _later,
}
