"""Which figures the product looks up, in which unit, and how a value of each unit is written."""

from __future__ import annotations

from crm.figures.rules.catalogue import CATALOGUE, LABELS, definition, say_value
from crm.figures.rules.units import SUBJECTS, Definition, Unit, read_value, shown, value_of

__all__ = [
    "CATALOGUE",
    "LABELS",
    "SUBJECTS",
    "Definition",
    "Unit",
    "definition",
    "read_value",
    "say_value",
    "shown",
    "value_of",
]
