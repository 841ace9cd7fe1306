"""Where a postcode lies: by its unit, else its sector, else its district, and how sure that makes us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from crm.kernel.eligibility import LEPS, Place, one_of
from crm.kernel.postcodes import Postcode

UNIT_CONFIDENCE = 0.99
"""The unit itself was surveyed; one in a hundred is left for moved and reused postcodes since 2014."""
SECTOR_CONFIDENCE = 0.95
"""Times the largest share: the sector was surveyed, the unit is newer than 2014."""
OUTCODE_CONFIDENCE = 0.9
"""Times the largest share: even the sector is newer than 2014, or was not given."""
MOST_OUTSIDE_SHARE = 0.5
"""A district with more of it outside the region is not taken for an authority on its own."""

REGION_AREAS = frozenset({"B", "CV", "DY", "WS", "WV"})
"""The postcode areas that lie mostly in the region: a district of theirs that we do not know may be inside."""
OUTSIDE_OUTCODES = frozenset({"WS6", "WV5", "WV7", "WV15", "WV16", "CV13"})
"""Districts of those areas that lie outside; of CV13 only PO boxes lay inside."""
PLACELESS_AREAS = {
    "BF": "is a British Forces address",
    "BX": "is used by banks and other large organisations wherever they are",
    "GI": "was a bank’s own postcode",
}
"""Areas that say nothing of where anybody is, with why."""

ATTRIBUTION = (
    "Contains OS data © Crown copyright and database right 2014. "
    "Contains Royal Mail data © Royal Mail copyright and database right 2014. "
    "Contains National Statistics data © Crown copyright and database right 2014."
)

REGION_IN_WORDS = (
    "the areas of Greater Birmingham and Solihull, Coventry and Warwickshire, and the Black Country"
)


class Method(StrEnum):
    UNIT = "unit"
    SECTOR = "sector"
    OUTCODE = "outcode"
    NONE = "none"


METHODS = {
    Method.UNIT: "from the whole postcode",
    Method.SECTOR: "from most of the postcode",
    Method.OUTCODE: "from the first half of the postcode",
    Method.NONE: "not known",
}
"""How a location was worked out."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority of the region, with its LEP of 2017 and the other LEP that it also belonged to, if any."""

    code: str
    name: str
    lep: str
    overlap_lep: str | None
    is_wmca: bool
    latitude: float
    longitude: float

    @property
    def leps(self) -> tuple[str, ...]:
        return (self.lep, self.overlap_lep) if self.overlap_lep else (self.lep,)


@dataclass(frozen=True, slots=True)
class Possibility:
    """One authority in which a postcode may lie, with its share of the unit postcodes, 0 to 1."""

    authority: str
    share: float
    leps: tuple[str, ...]
    is_wmca: bool
    in_region: bool


@dataclass(frozen=True, slots=True)
class Patch:
    """A sector or a district: the authorities that it touches, largest first."""

    name: str
    outcode: str
    is_geographic: bool
    possibilities: tuple[Possibility, ...]

    @property
    def outside_share(self) -> float:
        return round(sum(each.share for each in self.possibilities if not each.in_region), 4)

    @property
    def in_region(self) -> bool | None:
        """True if wholly inside, False if wholly outside, None where it straddles."""
        sides = {each.in_region for each in self.possibilities}
        return sides.pop() if len(sides) == 1 else None

    @property
    def leps(self) -> tuple[str, ...]:
        """Every LEP area that it touches, the larger share first."""
        return tuple(dict.fromkeys(lep for each in self.possibilities for lep in each.leps))

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(_place(self.outcode, each) for each in self.possibilities)


@dataclass(frozen=True, slots=True)
class District(Patch):
    """A postcode district for lists and maps. ``straddle`` is the reference file's word for how it lies."""

    straddle: str
    wmca_share: float
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Location:
    """Where a postcode lies. ``confidence`` (0 to 1) is for the authority, or else for the LEP areas named.

    ``places`` are what eligibility weighs: one or several possibilities, or None where nothing can be told.
    ``is_placeless`` is true of a PO box and its like, which no list of districts will ever tell more of.
    """

    postcode: str | None
    valid: bool
    method: Method
    confidence: float
    authority: str | None
    leps: tuple[str, ...]
    in_region: bool | None
    words: str
    possibilities: tuple[Possibility, ...] = ()
    places: tuple[Place, ...] | None = None
    is_placeless: bool = False

    def as_json(self) -> dict[str, object]:
        """The answer of ``places locate``."""
        return {
            "postcode": self.postcode,
            "valid": self.valid,
            "method": str(self.method),
            "confidence": self.confidence,
            "authority": self.authority,
            "leps": list(self.leps),
            "in_region": self.in_region,
            "words": self.words,
        }


def possibility(name: str, share: float, *, authorities: Mapping[str, Authority]) -> Possibility:
    """An authority by its name, inside the region or out of it."""
    inside = authorities.get(name)
    if inside is None:
        return Possibility(name, share, (), is_wmca=False, in_region=False)
    return Possibility(name, share, inside.leps, is_wmca=inside.is_wmca, in_region=True)


def not_recognised(why: str) -> Location:
    """What is not a full postcode lies nowhere; ``why`` is said."""
    return Location(None, False, Method.NONE, 0.0, None, (), None, why)


def unit_of(sector: Patch, *, authority: str | None) -> Possibility | None:
    """A surveyed unit in its sector, or None for a PO box.

    Shares leave out units stacked on one point, so an authority that the sector does not touch has only those.
    """
    found = (each for each in sector.possibilities if each.authority == authority)
    return next((replace(each, share=1.0) for each in found), None)


def from_unit(postcode: Postcode, found: Possibility) -> Location:
    patch = Patch(str(postcode), postcode.outcode, True, (found,))
    return _located(str(postcode), patch, method=Method.UNIT, most=UNIT_CONFIDENCE)


def from_sector(postcode: Postcode, sector: Patch) -> Location:
    return _located(str(postcode), sector, method=Method.SECTOR, most=SECTOR_CONFIDENCE)


def from_outcode(postcode: Postcode | None, district: Patch) -> Location:
    """By the district alone; where most of it lies outside, no authority is named and more is asked."""
    said = str(postcode) if postcode else None
    if district.outside_share <= MOST_OUTSIDE_SHARE:
        return _located(said, district, method=Method.OUTCODE, most=OUTCODE_CONFIDENCE)
    inside = max((each.share for each in district.possibilities if each.in_region), default=0.0)
    words = (
        f"Most of {district.name} lies outside {REGION_IN_WORDS}. "
        "Give the full postcode of your trading address, or tell us your council area."
    )
    return Location(
        said, postcode is not None, Method.OUTCODE, round(OUTCODE_CONFIDENCE * inside, 4), None,
        district.leps, district.in_region, words, district.possibilities, district.places,
    )  # fmt: skip


def placeless(postcode: Postcode | None, *, outcode: str) -> Location:
    """PO boxes and large users' postcodes never give a place: the trading address is asked for."""
    said = str(postcode) if postcode else None
    area = outcode[:2] if outcode[1].isalpha() else outcode[0]
    what = PLACELESS_AREAS.get(area, "is a PO box or a large organisation’s own postcode")
    words = f"{said or outcode} {what}, so it does not say where the work is done. Give the postcode of the trading address."
    return Location(said, postcode is not None, Method.NONE, 0.0, None, (), None, words, is_placeless=True)


def unlisted(postcode: Postcode | None, *, outcode: str, area: str) -> Location:
    """A district that is not among those of the region: outside it, unless its area is one of the region's."""
    said = str(postcode) if postcode else None
    if area in PLACELESS_AREAS:
        return placeless(postcode, outcode=outcode)
    if area in REGION_AREAS and outcode not in OUTSIDE_OUTCODES:
        words = f"We do not know the postcode district {outcode}. Check it, or tell us your council area."
        return Location(said, postcode is not None, Method.NONE, 0.0, None, (), None, words)
    words = f"{said or outcode} lies outside {REGION_IN_WORDS}."
    places = (Place(outcode),)
    return Location(said, postcode is not None, Method.NONE, 0.0, None, (), False, words, (), places)


def _located(said: str | None, patch: Patch, *, method: Method, most: float) -> Location:
    likeliest = patch.possibilities[0]
    confidence = round(most * likeliest.share, 4)
    return Location(
        said, said is not None, method, confidence, likeliest.authority, patch.leps, patch.in_region,
        _words(said or patch.name, patch, method=method), patch.possibilities, patch.places,
    )  # fmt: skip


def _words(said: str, patch: Patch, *, method: Method) -> str:
    likeliest = patch.possibilities[0]
    areas = ", and also ".join(LEPS.get(lep, lep) for lep in likeliest.leps)
    where = (
        f"{likeliest.authority} ({areas})" if areas else f"{likeliest.authority}, outside {REGION_IN_WORDS}"
    )
    if method is Method.UNIT:
        return f"{said} lies in {where}."
    by = f"its sector {patch.name}" if method is Method.SECTOR else f"its district {patch.outcode}"
    if len(patch.possibilities) == 1:
        return f"{said} lies in {where}: estimated from {by}."
    others = one_of(each.authority for each in patch.possibilities[1:])
    share = f"{likeliest.share:.0%}" if likeliest.share < 0.995 else "almost all"
    return (
        f"{said} probably lies in {where}: {share} of {by} does; it may be in {others} instead (estimated)."
    )


def _place(outcode: str, found: Possibility) -> Place:
    return Place(outcode, found.authority, frozenset(found.leps), found.is_wmca)
