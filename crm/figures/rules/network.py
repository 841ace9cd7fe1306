"""The figures by which the manager of the angel network is shown who is silent and what stalls."""

from __future__ import annotations

from crm.figures.rules.units import Definition, Unit

OF_THE_NETWORK = {
    each.name: each
    for each in (
        Definition(
            "network.silent_days",
            "When a member of the network counts as silent",
            Unit.CALENDAR_DAYS,
            "A member who has opened no pitch and asked nothing for more than so many days is on the list of silent members.",
        ),
        Definition(
            "network.stall_days",
            "When a raise counts as stalled",
            Unit.CALENDAR_DAYS,
            "A published raise that no investor has opened or asked about for more than so many days is on the list of "
            "stalled raises.",
        ),
        Definition(
            "network.ending_days",
            "When a raise counts as ending soon",
            Unit.CALENDAR_DAYS,
            "A published raise whose last day is within so many days is on the list of raises that end soon.",
        ),
        Definition(
            "network.quiet_days",
            "How long the network waits before it asks the same again",
            Unit.CALENDAR_DAYS,
            "A person who was asked something from a list of the network is left out when the same is asked within so many days.",
        ),
    )
}
