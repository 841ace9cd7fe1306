"""Postcodes: read as loosely as people type them, refused politely, and said in one canonical form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate, product

from crm.kernel.errors import BadInput
from crm.kernel.text import unwrapped

MOST_TYPED_CHARACTERS = 20

_OUTWARD = r"GIR|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9](?:[0-9ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW])"
_INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"
_POSTCODE = re.compile(rf"(?:GIR0AA|(?!GIR)(?:{_OUTWARD}){_INWARD})")
_OUTCODE = re.compile(_OUTWARD)
_AREAS = frozenset(
    re.findall(
        "[A-Z]+",
        "GI AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT "
        "DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE "
        "LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM "
        "SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE ",
    )
)
"""The areas there are, with GI for GIR 0AA: no postcode begins otherwise, and no slip is corrected into one."""
_SWAPS = {"O": "O0", "0": "0O", "I": "I1", "1": "1I"}


@dataclass(frozen=True, order=True, slots=True)
class Postcode:
    """A full postcode of the right shape. Whether and where it exists is for the places room to say."""

    outcode: str
    inward: str

    @classmethod
    def parse(cls, text: str) -> Postcode:
        """Read a full postcode: case, O for 0 and I for 1 do not matter, nor curly quotes or a full stop behind it.

        A blank may be left out or stand behind the area, but not elsewhere: "DY1 2" is no DY12. Raises BadInput.
        """
        compact, blanks = _compact(text)
        right = compact if _POSTCODE.fullmatch(compact) else _unmistaken(compact, _POSTCODE)
        if right is not None and _parts(right, blanks, at=len(right) - 3):
            return cls(_in_an_area(right[:-3]), right[-3:])
        sector = _sector_in(compact, blanks)
        if sector:
            raise BadInput(
                f"{sector} is only the beginning of a postcode. Give the full postcode, like B1 1AA"
            )
        if _OUTCODE.fullmatch(compact):
            raise BadInput(f"{compact} is a postcode district. Give the full postcode, like B1 1AA")
        raise BadInput("This is not a full UK postcode. Give one like B1 1AA")

    @property
    def area(self) -> str:
        """The letters it begins with: "B", "CV"."""
        return _area_of(self.outcode)

    @property
    def sector(self) -> str:
        return f"{self.outcode} {self.inward[0]}"

    @property
    def compact(self) -> str:
        return self.outcode + self.inward

    def __str__(self) -> str:
        return f"{self.outcode} {self.inward}"


def parse_outcode(text: str) -> str:
    """Read a postcode district alone, "B74": for those who will only say that much. Raises BadInput."""
    compact, blanks = _compact(text)
    right = compact if _OUTCODE.fullmatch(compact) else _unmistaken(compact, _OUTCODE)
    sector = _sector_in(compact, blanks)
    if sector:
        district = sector.split(" ")[0]
        raise BadInput(f"{sector} is more than a district. Give {district} alone, or the full postcode")
    if right is None or not _parts(right, blanks, at=len(right)):
        raise BadInput("This is not a postcode district. Give one like B74 or CV1")
    return _in_an_area(right)


def _in_an_area(outcode: str) -> str:
    """The district, if its area exists. Raises BadInput."""
    if _area_of(outcode) not in _AREAS:
        raise BadInput(f"No UK postcode begins with {_area_of(outcode)}. Check it")
    return outcode


def _compact(text: str) -> tuple[str, frozenset[int]]:
    """Capitals without blanks, and before which of them a blank was typed; only plain letters and figures, and few."""
    if len(text) > MOST_TYPED_CHARACTERS:
        raise BadInput("This is too long to be a postcode. Give one like B1 1AA")
    words = unwrapped(unwrapped(text).rstrip(".,; ")).split()
    compact = "".join(words)
    if not compact:
        raise BadInput("Enter a postcode, like B1 1AA")
    if not compact.isascii():
        raise BadInput("Use ordinary letters and figures in the postcode, like B1 1AA")
    if not compact.isalnum():
        raise BadInput("A postcode has only letters and figures, like B1 1AA")
    return compact.upper(), frozenset(accumulate(len(word) for word in words[:-1]))


def _area_of(postcode: str) -> str:
    """The letters that a postcode or district begins with."""
    return postcode[:2] if postcode[1:2].isalpha() else postcode[:1]


def _parts(right: str, blanks: frozenset[int], *, at: int) -> bool:
    """Whether the blanks that were typed allow the outward part to end there: a blank behind the area says nothing."""
    return at in blanks or all(blank <= len(_area_of(right)) for blank in blanks)


def _sector_in(compact: str, blanks: frozenset[int]) -> str | None:
    """The sector that was typed as "DY1 2": a district, a blank, and the one figure after it."""
    at = len(compact) - 1
    district = compact[:at]
    if at not in blanks or not compact[-1].isdigit() or not _OUTCODE.fullmatch(district):
        return None
    return f"{district} {compact[-1]}"


def _unmistaken(compact: str, shape: re.Pattern[str]) -> str | None:
    """The one reading of the right shape once O and 0, I and 1 may be mistaken; None if none or several."""
    if len(compact) > 7:
        return None
    choices = [_SWAPS.get(sign, sign) for sign in compact]
    words = {word for signs in product(*choices) if shape.fullmatch(word := "".join(signs))}
    right = {word for word in words if _area_of(word) in _AREAS}
    return right.pop() if len(right) == 1 else None
