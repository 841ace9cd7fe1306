"""The figures by which requests about personal data are answered."""

from __future__ import annotations

from crm.figures.rules.units import Definition, Unit

OF_PRIVACY = {
    each.name: each
    for each in (
        Definition(
            "privacy.answer_months",
            "When a request about personal data must be answered",
            Unit.MONTHS,
            "So many months after the day on which the request came, on the same day of the month.",
        ),
        Definition(
            "privacy.extension_months",
            "By how long the time to answer such a request can be extended, once",
            Unit.MONTHS,
            "So many further months, where a request is complex. The person is told why within the first.",
        ),
    )
}
