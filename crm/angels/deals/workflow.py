"""A raise fills: investors pledge, commit and invest, each apart; what both sides report becomes one investment."""

from __future__ import annotations

from enum import StrEnum


class PledgeStatus(StrEnum):
    """The status of a pledge. It binds nobody; from ``OFFERED`` to ``COMMITTED`` it takes room in the raise."""

    WAITING = "waiting"
    OFFERED = "offered"
    PLEDGED = "pledged"
    COMMITTED = "committed"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    LAPSED = "lapsed"
    ENDED = "ended"


class InvestmentStatus(StrEnum):
    """The status of an investment: reported by one side, by both alike, by both differently, settled by the network."""

    REPORTED = "reported"
    DIFFERS = "differs"
    MATCHED = "matched"
    CONFIRMED = "confirmed"
    REVERSED = "reversed"


class Side(StrEnum):
    """Who reports an investment."""

    COMPANY = "company"
    INVESTOR = "investor"


class ShareRelief(StrEnum):
    """Under which tax relief the company issues shares, as it says itself."""

    NONE = "none"
    SEIS = "seis"
    EIS = "eis"


class Exemption(StrEnum):
    """What lets shares or loan notes be offered without a prospectus: alternatives (POATRs 2024, schedule 1)."""

    TOTAL = "total"
    PEOPLE = "people"
    QUALIFIED = "qualified"


P, I = PledgeStatus, InvestmentStatus  # noqa: E741 said beside P, as nowhere else
TAKING_ROOM = (P.OFFERED, P.PLEDGED, P.COMMITTED)
"""Pledges that count against the maximum of a raise."""
LIVE = (P.WAITING, *TAKING_ROOM)
"""Pledges that go on."""
COMPLETED = (I.MATCHED, I.CONFIRMED)
"""Investments that count as completed: both sides said the same, or the network settled what they said."""
STANDING = (I.REPORTED, I.DIFFERS, *COMPLETED)
"""Investments that were not reversed: they count against the maximum of a raise."""
