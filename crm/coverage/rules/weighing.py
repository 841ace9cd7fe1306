"""How many creative businesses there are in each district, from a file with a published count: a district and a number a line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from crm.kernel.errors import BadInput
from crm.kernel.postcodes import parse_outcode
from crm.kernel.tables import Limits, TableRefused, read_table

COLUMNS = ("district", "businesses")
LIMITS = Limits(rows=5_000, megabytes=1)
MOST_BUSINESSES, MOST_FAULTS = 100_000, 10
MOST_DIGITS = 9


@dataclass(frozen=True)
class PublishedCount:
    """What a file says: the businesses of each district of the region, and how many districts of it lie outside."""

    businesses: Mapping[str, int]
    outside: int

    @property
    def total(self) -> int:
        """How many there are in the region."""
        return sum(self.businesses.values())


def read_counts(data: bytes, region: Collection[str]) -> PublishedCount:
    """Read a file of counts; districts outside the region are passed over. Raises `BadInput` that names each line with a fault."""
    try:
        table = read_table(data, COLUMNS, limits=LIMITS)
    except TableRefused as refused:
        raise BadInput(_listed([str(each) for each in refused.faults])) from None
    missing = [each for each in COLUMNS if each not in table.columns]
    if missing:
        raise BadInput(f"The first row must name the columns. Missing: {', '.join(missing)}")
    found, lines, faults = dict[str, int](), dict[str, int](), list[str]()
    for line, cells in table.rows:
        try:
            outcode, businesses = _read(cells)
            if outcode in lines:
                raise BadInput(f"{outcode} is in line {lines[outcode]} already")
        except BadInput as error:
            faults.append(f"line {line}: {error}")
            continue
        lines[outcode], found[outcode] = line, businesses
    if faults:
        raise BadInput(_listed(faults))
    inside = {outcode: businesses for outcode, businesses in sorted(found.items()) if outcode in region}
    if not any(inside.values()):
        raise BadInput("The file counts no business in any district of the region")
    return PublishedCount(inside, len(found) - len(inside))


def _read(cells: Mapping[str, str]) -> tuple[str, int]:
    typed = cells["businesses"].replace(",", "")
    if not typed:
        raise BadInput("businesses is empty. Give a whole number, and 0 where there is none")
    if not (typed.isascii() and typed.isdigit()) or len(typed) > MOST_DIGITS:
        raise BadInput(f"“{cells['businesses'][:20]}” is not a whole number of businesses")
    if int(typed) > MOST_BUSINESSES:
        raise BadInput(f"a district has at most {MOST_BUSINESSES:,} businesses")
    try:
        return parse_outcode(cells["district"]), int(typed)
    except BadInput as error:
        raise BadInput(f"“{cells['district'][:20]}”: {error}") from None


def _listed(faults: Sequence[str]) -> str:
    more = f"; and {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
    return "; ".join(each[:1].upper() + each[1:] for each in faults[:MOST_FAULTS]) + more


@dataclass(frozen=True)
class Compared:
    """One district: the businesses that a file counts, and those that we know. ``counted`` is None where it is not in the file."""

    outcode: str
    counted: int | None
    known: int


def compared(
    counts: Mapping[str, int], *, known: Mapping[str, int], region: Collection[str]
) -> Sequence[Compared]:
    """Every district of the region, those with the most businesses first."""
    rows = [Compared(each, counts.get(each), known.get(each, 0)) for each in region]
    return sorted(rows, key=lambda row: (-(row.counted or 0), row.outcode))
