"""The text of a statement as its signer saw it: rendered once, stored with its digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

CONDUCT_VERSION = "2026-1"
CONDUCT = (
    "I invest my own money, and say so if I act for somebody else.",
    "I keep what I read here to myself and to those who advise me, and use it for nothing but deciding whether to invest.",
    "I sell no services to the businesses that I meet here, unless they ask for them in writing.",
    "I say at once if I have an interest in a business that I look at, or in one that competes with it.",
    "I answer within ten working days, and say no plainly when I mean no.",
    "I treat founders as I would want to be treated, whoever they are.",
)
"""The network's code of conduct. A change of a word makes another version: what was accepted is stored by version."""


def rendered(body: Mapping[str, Any], conditions: Iterable[str], *, particulars: Mapping[str, str]) -> str:
    """The whole text: heading, lead, the conditions claimed with their details, declaration, warning."""
    claimed = [
        f"{letter}. {body['conditions'][letter].format_map(particulars)}"
        for letter in conditions
        if letter in body["conditions"]
    ]
    parts = [body["title"], body["lead"], *claimed, body["declaration"], body["warning"]]
    signed = f"Signed by {particulars['signed_name']} on {particulars['signed_on']}."
    return "\n\n".join([*parts, signed]) + "\n"


def digest(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_body(body: Mapping[str, Any]) -> str:
    """SHA-256 of a wording, however its keys are ordered."""
    return digest(json.dumps(body, sort_keys=True, ensure_ascii=False))


BLANKS = {
    "threshold_income": "[lowest income]",
    "threshold_assets": "[lowest net assets]",
    "threshold_turnover": "[lowest turnover]",
    "income": "[income]",
    "income_step": "[nearest amount]",
    "assets": "[net assets]",
    "assets_step": "[nearest amount]",
    "organisation": "[organisation]",
    "company": "[company]",
    "company_number": "[company number]",
    "investments": "[number of investments]",
    "network": "[network]",
    "network_months": "[number of]",
    "firm": "[firm]",
    "frn": "[FCA reference number]",
    "issued_on": "[date of the certificate]",
    "kinds": "[kinds of investment]",
}
"""What stands on the page of a wording where a statement has its signer's own particulars."""


def with_blanks(conditions: Mapping[str, str]) -> dict[str, str]:
    """The conditions of a wording to be read before anybody signs it: each blank says what goes there."""
    return {letter: text.format_map(BLANKS) for letter, text in conditions.items()}
