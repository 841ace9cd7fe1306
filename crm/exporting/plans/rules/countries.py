"""The countries of the world by their codes (ISO 3166-1), as they are spoken of."""

from __future__ import annotations

from functools import cache

import pycountry

from crm.kernel.folding import folded
from crm.kernel.text import series

HOME = "GB"
SPOKEN = {
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "CC": "Cocos (Keeling) Islands",
    "FK": "Falkland Islands",
    "FM": "Micronesia",
    "MF": "Saint Martin (French part)",
    "NL": "Netherlands",
    "PS": "Palestine",
    "RU": "Russia",
    "SX": "Sint Maarten (Dutch part)",
    "VA": "Vatican City",
    "VG": "British Virgin Islands",
    "VI": "United States Virgin Islands",
}
"""Where the list's own name is not how people say it."""
DEFINITE = (
    *("United ", "Netherlands", "Philippines", "Bahamas", "Maldives", "Gambia", "Comoros", "Seychelles"),
    *("Dominican Republic", "Central African Republic", "Democratic Republic", "Republic of", "British "),
)
"""How the names begin that have an article in a sentence."""
NO_COVER = frozenset({"Russia", "Belarus", "North Korea"})
"""Where UK trade sanctions leave nothing to insure: see gov.uk, "The UK sanctions list" and the cover policy by country."""
SANCTIONED = frozenset({"Iran", "Syria", "Myanmar"})
"""Where UK trade sanctions forbid some sales, so that each is checked first."""


@cache
def countries() -> dict[str, str]:
    """Every country by its code, in the order of the names."""
    named = {each.alpha_2: _name(each) for each in pycountry.countries}
    return dict(sorted(named.items(), key=lambda pair: folded(pair[1])))


def _name(found: object) -> str:
    code = str(getattr(found, "alpha_2", ""))
    return SPOKEN.get(code) or str(getattr(found, "common_name", None) or getattr(found, "name", code))


def in_sentence(name: str) -> str:
    """A country's name within a sentence: "the United States", "Canada"."""
    return f"the {name}" if name.startswith(DEFINITE) or name.endswith("Islands") else name


def abroad() -> dict[str, str]:
    """Where a business can export to: every country but this one."""
    return {code: name for code, name in countries().items() if code != HOME}


def country_name(code: str | None) -> str:
    """A country's name; its code where the list does not know it, and nothing for none."""
    return countries().get(code, code) if code else ""


def place_in_words(place: str, code: str | None) -> str:
    """A place with its country, which is not said twice."""
    country = country_name(code)
    if not place or not country or country.casefold() in place.casefold():
        return place or country
    return f"{place}, {country}"


def sanctioned_codes() -> list[str]:
    """The codes of the countries to which UK trade sanctions forbid sales, or may."""
    return [code for code, name in countries().items() if is_sanctioned(name)]


def sanctions_in_words() -> str:
    """A warning that stands where a country is chosen, before anybody has chosen one."""
    some, most = (series(sorted(each)) for each in (SANCTIONED, NO_COVER))
    return f"UK trade sanctions apply to {most}, and forbid some sales to {some}"


def is_sanctioned(country: str) -> bool:
    """Whether UK trade sanctions forbid sales to a country, or may."""
    return country in NO_COVER | SANCTIONED
