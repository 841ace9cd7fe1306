"""Answers from the shipped reference files: they are read when first asked for, and then kept."""

from __future__ import annotations

import csv
import gzip
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from crm.kernel.eligibility import Atlas, Place
from crm.kernel.errors import BadInput
from crm.kernel.postcodes import Postcode, parse_outcode
from crm.places import rules
from crm.places.rules import Authority, District, Location, Patch, Possibility

REFERENCE = Path(__file__).parent / "reference"


def locate(text: str) -> Location:
    """Where a postcode lies, by unit, sector or district. Text that is no full postcode is answered, not raised."""
    try:
        postcode = Postcode.parse(text)
    except BadInput as why:
        return rules.not_recognised(str(why))
    district = districts_by_outcode().get(postcode.outcode)
    if district is None:
        return rules.unlisted(postcode, outcode=postcode.outcode, area=postcode.area)
    sector = _sectors().get(postcode.sector)
    if not district.is_geographic or (sector is not None and not sector.is_geographic):
        return rules.placeless(postcode, outcode=postcode.outcode)
    if sector is None:
        return rules.from_outcode(postcode, district)
    code = _authority_code(postcode)
    if code is None:
        return rules.from_sector(postcode, sector)
    unit = rules.unit_of(sector, authority=_names_by_code().get(code))
    return rules.from_unit(postcode, unit) if unit else rules.placeless(postcode, outcode=postcode.outcode)


def locate_outcode(text: str) -> Location:
    """Where a postcode district lies, for those who will say no more. ``postcode`` is None, ``valid`` False."""
    try:
        outcode = parse_outcode(text)
    except BadInput as why:
        return rules.not_recognised(str(why))
    district = districts_by_outcode().get(outcode)
    if district is None:
        area = outcode[:2] if outcode[1].isalpha() else outcode[0]
        return rules.unlisted(None, outcode=outcode, area=area)
    return (
        rules.from_outcode(None, district)
        if district.is_geographic
        else rules.placeless(None, outcode=outcode)
    )


def locate_either(text: str) -> Location:
    """Where a full postcode or a district lies: one written with its blank is a full postcode."""
    return locate(text) if " " in text else locate_outcode(text)


def require_a_place(text: str) -> None:
    """Refuse a postcode or district that never says where anybody works, like a PO box. Raises BadInput."""
    found = locate_either(text)
    if found.is_placeless:
        raise BadInput(found.words)


@cache
def authorities() -> tuple[Authority, ...]:
    """The 19 authorities of the region, by name."""
    rows = (
        Authority(
            row["lad_code"],
            row["lad_name"],
            row["lep"],
            row["overlap_lep_2017"] or None,
            row["wmca_constituent"] == "yes",
            float(row["latitude"]),
            float(row["longitude"]),
        )
        for row in _rows("lep_districts.csv")
    )
    return tuple(sorted(rows, key=lambda authority: authority.name))


def districts() -> tuple[District, ...]:
    """The 160 postcode districts that touch the region, in the order of the reference file."""
    return tuple(districts_by_outcode().values())


@cache
def districts_by_outcode() -> Mapping[str, District]:
    return {
        row["outcode"]: District(
            row["outcode"],
            row["outcode"],
            row["kind"] == "geographic",
            _possibilities(row),
            row["straddle_status"],
            float(row["wmca_constituent_share"]),
            float(row["latitude"]),
            float(row["longitude"]),
        )
        for row in _rows("postcode_districts.csv")
    }


@cache
def atlas() -> Atlas:
    """Every place that a postcode can turn out to mean: one authority, a straddling patch, or outside."""
    patches = [patch for patch in (*districts(), *_sectors().values()) if patch.is_geographic]
    certain = {(place,): None for patch in patches for place in patch.places}
    straddling = {patch.places: None for patch in patches}
    return Atlas((*certain, *straddling, (Place("SW1A"),)))


def known_sectors() -> tuple[str, ...]:
    """Every geographic postcode sector that lies in the region, wholly or in part: "B1 1"."""
    return tuple(
        name for name, patch in _sectors().items() if patch.is_geographic and patch.in_region is not False
    )


@cache
def _sectors() -> Mapping[str, Patch]:
    return {
        row["sector"]: Patch(row["sector"], row["outcode"], row["kind"] == "geographic", _possibilities(row))
        for row in _rows("postcode_sectors.csv")
    }


def _possibilities(row: Mapping[str, str]) -> tuple[Possibility, ...]:
    pairs = zip(row["lad_names"].split("|"), row["lad_shares"].split("|"), strict=True)
    by_name = _authorities_by_name()
    return tuple(rules.possibility(name, float(share), authorities=by_name) for name, share in pairs)


@cache
def _authorities_by_name() -> Mapping[str, Authority]:
    return {authority.name: authority for authority in authorities()}


@cache
def _names_by_code() -> Mapping[str, str]:
    return {
        code: name
        for row in _rows("postcode_districts.csv")
        for code, name in zip(row["lad_codes"].split("|"), row["lad_names"].split("|"), strict=True)
    }


def _authority_code(postcode: Postcode) -> str | None:
    """The code of the authority of a unit known in 2014. The lines are kept as they are, sorted, and searched by halving."""
    units, wanted = _units(), f"{postcode.compact},".encode("ascii")
    at = bisect_left(units, wanted)
    if at == len(units) or not units[at].startswith(wanted):
        return None
    return units[at].split(b",")[1].decode("ascii")


@cache
def _units() -> tuple[bytes, ...]:
    with gzip.open(REFERENCE / "postcode_units_2014.csv.gz") as stream:
        _header, *lines = stream.read().splitlines()
    return tuple(sorted(lines))


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)
