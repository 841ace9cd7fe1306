"""The clocks of due diligence: a business is reminded, and an investor is told of what was settled."""

from __future__ import annotations

from itertools import groupby

from crm.angels.diligence import queries
from crm.angels.diligence.service.asking import nudge
from crm.angels.diligence.service.telling import tell_settled
from crm.kernel.clock import today


def tend_daily() -> None:
    """Remind businesses of what waits too long, and tell investors what was settled since they were told last."""
    waiting = sorted(queries.to_nudge(today()), key=lambda each: str(each.introduction_id))
    for _, some in groupby(waiting, key=lambda each: each.introduction_id):
        nudge(list(some))
    tell_settled(queries.to_tell())
