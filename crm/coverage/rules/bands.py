"""The sizes of business that coverage is counted for, each with the model business that stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from crm.kernel.eligibility import Facts
from crm.kernel.money import Money


class Band(StrEnum):
    """A size of business, by the number of people in it."""

    ALONE = "alone"
    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"


MODELS: Mapping[Band, Facts] = {
    Band.ALONE: Facts(employees=1, turnover=Money.pounds(30_000)),
    Band.MICRO: Facts(employees=5, turnover=Money.pounds(300_000)),
    Band.SMALL: Facts(employees=20, turnover=Money.pounds(1_500_000)),
    Band.MEDIUM: Facts(employees=80, turnover=Money.pounds(8_000_000)),
}
"""One business for each size: people and turnover are known, everything else is not, so only these two can rule it out."""

BANDS = {
    Band.ALONE: "1 person",
    Band.MICRO: "2 to 9 people",
    Band.SMALL: "10 to 49 people",
    Band.MEDIUM: "50 to 249 people",
}
USUAL = Band.MICRO
"""The size that is shown where none is chosen: most creative businesses with staff are of it."""


def model_in_words(band: Band) -> str:
    """The model business of a size, as pages say it."""
    model = MODELS[band]
    assert model.turnover is not None
    people = "1 person" if model.employees == 1 else f"{model.employees} people"
    return f"{people} and a turnover of {model.turnover}"
