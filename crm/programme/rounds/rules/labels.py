"""The words of rounds."""

from __future__ import annotations

from collections.abc import Iterable

ROUND_STATUSES = {"draft": "Being prepared", "published": "Published", "discarded": "Thrown away"}
ROUND_COLOURS = {"draft": "yellow", "published": "green", "discarded": "grey"}
STRANDS = {"ip": "Intellectual property", "sales": "Sales", "markets": "New markets"}
"""The three strands of line 6.2 of the plan."""


def strands_in_words(strands: Iterable[str]) -> str:
    """The strands of a round, as they are read."""
    return ", ".join(STRANDS[each] for each in strands)


KINDS = {
    "text": "A line of text",
    "long_text": "A longer text, with a limit of words",
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
    "trading_postcode": "The postcode where it works",
    "trading_since": "Since when it trades",
    "turnover": "Its turnover of the latest year",
    "employees": "How many people worked there in the latest year",
}
"""What a business may have told already, by the name under which it fills a question in."""
DECLARATION = (
    "What this application says is true and complete as far as I know. I may speak for the business. "
    "I will say so without delay if anything changes."
)
TIE_RULES = {
    "weightiest": "The one with the higher mark for the criterion of the greatest weight goes first, then that for the next. "
    "If all are equal, they stand side by side, and the panel decides and gives its reason.",
    "panel": "They stand side by side, and the panel decides and gives its reason.",
}
