"""What a pitch needs before it can be shown, how much room the tax reliefs leave."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.kernel.money import Money
from crm.kernel.telephones import why_not_called

LEGAL = {
    "name": "the legal name of the business",
    "company_number": "its company number",
    "registered_address": "its registered office",
    "registered_postcode": "the postcode of its registered office",
}
"""What the law wants named in whatever reaches an investor: kept in the business's record."""
NEEDED = {
    "summary": "what the business does, and for whom",
    "use_of_funds": "what the money is for",
    "terms": "the terms",
    "team": "the team",
    "market": "the market",
    "contact": "contact details for investors",
}
"""What every pitch says: written in the pitch itself."""


def lacking(business: Any, pitch: Any) -> list[str]:
    """What is missing before a pitch can be screened, in words; empty where nothing is."""
    own = [words for name, words in NEEDED.items() if not getattr(pitch, name).strip()]
    unreachable = [UNREACHABLE] if pitch.contact.strip() and why_not_reached(pitch.contact) else []
    return lacking_of_business(business) + own + unreachable


REACHED_BY = re.compile(
    r"(?<![^\s@])[^\s@]+@[^\s@]+\.[^\s@]+|(?:https?://|www\.)\S{1,253}\.\S|(?<![\w-])[\w-]++\.[a-z]{2,}\b",
    re.IGNORECASE,
)
UNREACHABLE = "an email address, a phone number or a website in the contact details for investors"


def why_not_reached(contact: str) -> str | None:
    """Why investors could not get in touch with what a pitch gives as contact; None where there is a way to."""
    if REACHED_BY.search(contact) or why_not_called(contact) is None:
        return None
    return "Enter an email address, a phone number with its area code, or a website"


def lacking_of_business(business: Any) -> list[str]:
    """What the law wants named and the business's record does not hold, in words."""
    return [words for name, words in LEGAL.items() if not getattr(business, name)]


SHARES = frozenset({"equity"})
"""What SEIS and EIS are for: new shares, and neither debt nor debt that may become shares."""
NO_SHARES = "No. SEIS and EIS are only for new shares"


@dataclass(frozen=True)
class Limits:
    """What a company may raise under the reliefs, in force on the day the shares are issued; ``eis_assets`` is the most that
    it may own before the issue.
    """

    seis_company: Money
    eis_year: Money
    eis_lifetime: Money
    eis_assets: Money


@dataclass(frozen=True)
class LimitsOfDay:
    """The limits of one day: those of most companies, and those of a company that trades in goods or electricity in Northern
    Ireland, which kept the limits of EIS from before 6 April 2026 (Finance Act 2026, section 14).
    """

    usual: Limits
    in_ni: Limits


@dataclass(frozen=True)
class Headroom:
    """How much of a raise could fall under each relief at the most. It says nothing of whether the company qualifies."""

    seis: Money
    eis: Money


def headroom(
    amount: Money, limits: Limits, *, seis_raised: Money, eis_raised: Money, eis_year: Money
) -> Headroom:
    """The room that is left: under SEIS first, since its money has to come before; EIS takes what the limits leave.

    SEIS money counts towards the company's lifetime and yearly limits of EIS as well.
    """
    seis = _least(amount, _left(limits.seis_company, seis_raised))
    year = _left(limits.eis_year, eis_year + seis)
    lifetime = _left(limits.eis_lifetime, eis_raised + seis_raised + seis)
    return Headroom(seis, _least(amount - seis, year, lifetime))


def _left(limit: Money, used: Money) -> Money:
    return limit - used if used < limit else Money(0)


def _least(*sums: Money) -> Money:
    return min(sums)


TITLES: Mapping[str, str] = {
    "summary": "What it does",
    "use_of_funds": "What the money is for",
    "terms": "Terms",
    "team": "Team",
    "market": "Market",
    "slate": "Work in progress and planned",
}
"""The parts of a pitch in the order in which they are shown."""
