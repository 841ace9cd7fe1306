"""What the words of asks are called on pages."""

from __future__ import annotations

INSTRUMENTS = {
    "grant": "a grant",
    "loan": "a loan",
    "equity": "investment for a share of the business",
    "other": "something else",
    "not_sure": "not sure which kind",
}
MEDIA = {
    "screen": "film, television or games: work for screens",
    "mixed_media": "mixed media: several forms at once",
    "other": "something else",
}
UNMET_REASONS = {
    "nothing_exists": "There is no such finance",
    "not_eligible": "There is, but not for this business",
    "turned_down": "It applied and was turned down",
    "too_small": "The sum is too small for those who offer it",
    "too_large": "The sum is too large for those who offer it",
    "too_early": "It is too early for those who offer it",
    "terms_not_acceptable": "The terms were not acceptable",
    "other": "Another reason",
}
STANDINGS = {"open": "Sought", "met": "Found", "unmet": "Not found", "dropped": "No longer sought"}
COLOURS = {"open": "blue", "met": "green", "unmet": "red", "dropped": "grey"}
