"""Company numbers: read as people type them, and what legal form a number tells for certain."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm.kernel.errors import BadInput
from crm.kernel.text import unwrapped

MOST_TYPED_CHARACTERS = 20

_NUMBER = re.compile(
    r"[0-9]{8}|(?:AC|BR|CE|CS|EN|ES|FC|FE|GE|GN|GS|IC|IP|LP|NA|NC|NF|NI|NL|NO|NP|NR|NV|NZ|OC|OE|PC|RC|SA|SC|SE|SF|SG"
    r"|SI|SL|SO|SP|SR|SZ|ZC)[0-9A-Z]{6}|R[0-9]{7}|RS[0-9A-Z]{6}"
)
_COMPANY = frozenset({"company", "cic", "plc"})
"""A community interest company and a public company have ordinary numbers: the number does not tell them apart."""
_FORMS_BY_PREFIX = {
    "SC": _COMPANY,
    "NI": _COMPANY,
    "R0": _COMPANY,
    "OC": frozenset({"llp"}),
    "SO": frozenset({"llp"}),
    "NC": frozenset({"llp"}),
    "LP": frozenset({"partnership"}),
    "SL": frozenset({"partnership"}),
    "NL": frozenset({"partnership"}),
    "CE": frozenset({"cio"}),
    "CS": frozenset({"cio"}),
    "RS": frozenset({"society"}),
    "IP": frozenset({"society"}),
    "SP": frozenset({"society"}),
}
IMPLIED_FORMS: tuple[frozenset[str] | None, ...] = (None, *dict.fromkeys(_FORMS_BY_PREFIX.values()))
"""Every answer that ``CompanyNumber.implied_forms`` can give."""


@dataclass(frozen=True, order=True, slots=True)
class CompanyNumber:
    """A number on the companies register: eight figures, or letters and figures."""

    value: str

    @classmethod
    def parse(cls, text: str) -> CompanyNumber:
        """Read a number: case, spaces and quotes around it do not matter, six or seven figures are padded. Raises BadInput."""
        if len(text) > MOST_TYPED_CHARACTERS:
            raise BadInput("This is too long to be a company number. It has 8 characters, like 01234567")
        compact = "".join(unwrapped(text).split())
        if not compact:
            raise BadInput("Enter a company number, like 01234567 or SC421617")
        if not compact.isascii() or not compact.isalnum():
            raise BadInput("A company number has only letters and figures, like 01234567 or SC421617")
        number = compact.upper()
        if number.isdigit() and len(number) in {6, 7}:
            number = number.zfill(8)
        if not _NUMBER.fullmatch(number):
            raise BadInput(
                "This is not a company number. It has 8 figures, or 2 letters and 6 figures, like SC421617"
            )
        return cls(number)

    @property
    def may_be_scottish_charity(self) -> bool:
        """SC0 and five figures may be a number of the Scottish charity register instead: ask which."""
        return re.fullmatch(r"SC0[0-9]{5}", self.value) is not None

    @property
    def implied_forms(self) -> frozenset[str] | None:
        """The legal forms it can stand for, or None where the number alone does not tell."""
        if self.value.isdigit():
            return _COMPANY
        if self.may_be_scottish_charity:
            return None
        return _FORMS_BY_PREFIX.get(self.value[:2])

    def __str__(self) -> str:
        return self.value
