"""What Action 6 is to reach in a financial year. The plan sets no such numbers: without a decision there is no target."""

from __future__ import annotations

from crm.figures.rules.units import Definition, Unit

BY_THE_YEAR = (
    "Shown on the scoreboard of Action 6 beside the number of a financial year that begins while it holds."
)
TARGETS = {
    each.name: each
    for each in (
        Definition("target.enquiries", "Enquiries to receive in a financial year", Unit.COUNT, BY_THE_YEAR),
        Definition(
            "target.businesses_spoken_with",
            "Businesses that advisers speak with in a financial year",
            Unit.COUNT,
            BY_THE_YEAR,
        ),
        Definition(
            "target.hours_confirmed",
            "Hours of support that businesses confirm in a financial year",
            Unit.COUNT,
            BY_THE_YEAR,
        ),
        Definition(
            "target.referrals_helped",
            "Referrals that lead to help in a financial year",
            Unit.COUNT,
            BY_THE_YEAR,
        ),
        Definition(
            "target.market_visits",
            "Visits to festivals and markets in a financial year",
            Unit.COUNT,
            BY_THE_YEAR,
        ),
    )
}
