"""By what a cohort is balanced, and what a share is a share of."""

from __future__ import annotations

from enum import StrEnum


class Dimension(StrEnum):
    """By what a cohort is balanced."""

    AREA = "area"
    AUTHORITY = "authority"
    SUB_SECTOR = "sub_sector"
    STAGE = "stage"
    FIRST_TIME = "first_time"
    STRAND = "strand"


class Measure(StrEnum):
    """What a share is a share of: the money, or the number of awards."""

    MONEY = "money"
    AWARDS = "awards"
