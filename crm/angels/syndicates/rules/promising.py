"""What terms promise and their raise refuses: told beside the terms, and refused where they are recorded or agreed."""

from __future__ import annotations

from datetime import date

from crm.kernel.calendar import day_in_words
from crm.kernel.money import Money

MINIMUM, CLOSES_ON = "minimum", "closes_on"


def beyond_raise(
    minimum: Money, closes_on: date, *, sought: Money, least: Money, last_day: date | None
) -> dict[str, str]:
    """What the raise says otherwise, by the field of the terms that promises it; empty where it takes what they say.

    ``sought`` is what it seeks in all, ``least`` the least that one investor can put in, ``last_day`` its own last day.
    """
    said: dict[str, str] = {}
    if minimum > sought:
        said[MINIMUM] = f"The raise seeks {sought} in all"
    elif minimum < least:
        said[MINIMUM] = f"The raise takes no less than {least} from one investor"
    if last_day is not None and closes_on > last_day:
        said[CLOSES_ON] = f"The last day of the raise is {day_in_words(last_day)}"
    return said
