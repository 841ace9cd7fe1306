"""What a check of a contract found, in words."""

from __future__ import annotations

from enum import StrEnum


class Result(StrEnum):
    """What a check found of the products that were asked for: one fits, none yet but some may, or none does."""

    FITS = "fits"
    MAY_FIT = "may_fit"
    NONE = "none"


RESULTS = {
    "fits": "Something fits",
    "may_fit": "More to find out",
    "none": "Nothing fits",
}
COLOURS = {"fits": "green", "may_fit": "yellow", "none": "grey"}

STARTS = {"met": "Fits: ", "not_met": "Does not fit, because ", "unknown": "To find out first: "}
"""How a finding begins, before its reasons."""
