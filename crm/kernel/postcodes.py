"""Postcodes: read as loosely as people type them, refused politely, and said in one canonical form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from crm.kernel.errors import BadInput

MOST_TYPED_CHARACTERS = 20

_OUTWARD = r"GIR|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9](?:[0-9ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW])"
_INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"
_POSTCODE = re.compile(rf"(?:GIR0AA|(?!GIR)(?:{_OUTWARD}){_INWARD})")
_OUTCODE = re.compile(_OUTWARD)
_SWAPS = {"O": "O0", "0": "0O", "I": "I1", "1": "1I"}


@dataclass(frozen=True, order=True, slots=True)
class Postcode:
    """A full postcode of the right shape. Whether and where it exists is for the places room to say."""

    outcode: str
    inward: str

    @classmethod
    def parse(cls, text: str) -> Postcode:
        """Read a full postcode: case, spaces, O for 0 and I for 1 do not matter. Raises BadInput."""
        compact = _compact(text)
        right = compact if _POSTCODE.fullmatch(compact) else _unmistaken(compact, _POSTCODE)
        if right is not None:
            return cls(right[:-3], right[-3:])
        if _OUTCODE.fullmatch(compact):
            raise BadInput(f"{compact} is a postcode district. Give the full postcode, like B1 1AA")
        raise BadInput("This is not a full UK postcode. Give one like B1 1AA")

    @property
    def area(self) -> str:
        """The letters it begins with: "B", "CV"."""
        return self.outcode[:2] if self.outcode[1].isalpha() else self.outcode[0]

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
    compact = _compact(text)
    right = compact if _OUTCODE.fullmatch(compact) else _unmistaken(compact, _OUTCODE)
    if right is None:
        raise BadInput("This is not a postcode district. Give one like B74 or CV1")
    return right


def _compact(text: str) -> str:
    """Capitals without spaces; only plain letters and figures are let through, and few of them."""
    if len(text) > MOST_TYPED_CHARACTERS:
        raise BadInput("This is too long to be a postcode. Give one like B1 1AA")
    compact = "".join(text.split())
    if not compact:
        raise BadInput("Enter a postcode, like B1 1AA")
    if not compact.isascii():
        raise BadInput("Use ordinary letters and figures in the postcode, like B1 1AA")
    if not compact.isalnum():
        raise BadInput("A postcode has only letters and figures, like B1 1AA")
    return compact.upper()


def _unmistaken(compact: str, shape: re.Pattern[str]) -> str | None:
    """The one reading of the right shape once O and 0, I and 1 may be mistaken; None if none or several."""
    if len(compact) > 7:
        return None
    choices = [_SWAPS.get(sign, sign) for sign in compact]
    right = {word for signs in product(*choices) if shape.fullmatch(word := "".join(signs))}
    return right.pop() if len(right) == 1 else None
