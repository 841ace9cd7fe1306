"""The figures of what comes after a pitch: due diligence, deals and what investors hold."""

from __future__ import annotations

from crm.figures.rules.units import Definition, Unit

_KNOWN = (
    Definition(
        "diligence.nudge_days",
        "When a business is reminded of a due-diligence question",
        Unit.DAYS,
        "After so many working days without an answer the business is reminded.",
    ),
    Definition(
        "diligence.task_days",
        "When the network looks after a due-diligence question",
        Unit.DAYS,
        "After so many working days without an answer the network's manager is asked to help.",
    ),
)
AFTER_PITCHES = tuple((each.name, each) for each in _KNOWN)
