"""The words of rounds."""

from __future__ import annotations

from collections.abc import Iterable

ROUND_STATUSES = {"draft": "Draft", "published": "Published", "discarded": "Deleted"}
ROUND_COLOURS = {"draft": "yellow", "published": "green", "discarded": "grey"}
STRANDS = {"ip": "Intellectual property", "sales": "Sales", "markets": "New markets"}
"""The three strands of line 6.2 of the plan."""


def strands_in_words(strands: Iterable[str]) -> str:
    """The strands of a round, as they are read."""
    return ", ".join(STRANDS[each] for each in strands)


KINDS = {
    "text": "A line of text",
    "long_text": "A longer text, with a word limit",
    "money": "A sum of money",
    "number": "A whole number",
    "date": "A day",
    "choice": "One of several choices",
    "yes_no": "Yes or no",
    "file": "A file",
    "costs": "A table of costs",
}
MOST_WORDS, MOST_CHOICES, MOST_PARTS = 2_000, 30, 20

COMPARISONS = {"at_most": "at most", "at_least": "at least"}
KNOWN_AS = {
    "name": "The name of the business",
    "company_number": "Its company number",
    "legal_form": "Its legal form",
    "description": "What it does",
    "website": "Its website",
    "trading_postcode": "Its trading postcode",
    "trading_since": "When it started trading",
    "turnover": "Its turnover in the latest year",
    "employees": "How many people worked there in the latest year",
}
"""What a business may have told already, by the name under which it fills a question in."""
DECLARATION = (
    "To the best of my knowledge, this application is true and complete. I am authorised to apply for the business. "
    "I will tell you without delay if anything changes."
)
TIE_RULES = {
    "weightiest": "The higher score for the criterion with the greatest weight ranks first, then the next criterion. "
    "If all are equal, they share a rank. The panel decides and records its reason.",
    "panel": "They share a rank. The panel decides and records its reason.",
}
