"""The figures by which complaints about personal data are acknowledged."""

from __future__ import annotations

from crm.figures.rules.units import Definition, Unit

OF_COMPLAINTS = {
    each.name: each
    for each in (
        Definition(
            "complaint.acknowledge_days",
            "When a complaint about personal data must be acknowledged",
            Unit.CALENDAR_DAYS,
            "The person must hear from us within so many days. The day on which the complaint came is the first of them.",
        ),
        Definition(
            "complaint.alert_days",
            "When administrators are alerted to a complaint that was not acknowledged",
            Unit.CALENDAR_DAYS,
            "On this day of a complaint, the day on which it came being the first, administrators get one email.",
        ),
    )
}
