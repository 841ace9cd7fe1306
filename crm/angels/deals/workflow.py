"""A raise fills: investors pledge, commit and invest, each apart; what both sides report becomes one investment."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


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


class Act(StrEnum):
    """What can be done with pledges, investments and the exemption of a raise."""

    LIST = "list_pledges"
    EXTRACT = "extract_investments"
    VIEW = "view_pledge"
    PLEDGE = "pledge"
    PLACE = "place_pledge"
    OFFER = "offer_place_in_raise"
    TAKE_UP = "take_up_place_in_raise"
    LET_LAPSE = "let_place_in_raise_lapse"
    COMMIT = "commit_pledge"
    WITHDRAW = "withdraw_pledge"
    DECLINE = "turn_down_pledge"
    ASK_AGAIN = "ask_to_commit_again"
    COMPLETE = "complete_pledge"
    RESTORE = "restore_pledge"
    END = "end_pledge"
    REPORT = "report_investment"
    REPORT_OWN = "report_own_investment"
    AGREE = "agree_with_investment"
    DIFFER = "report_investment_differently"
    SETTLE = "settle_investment"
    REVERSE = "reverse_investment"
    REMIND = "remind_of_investment"
    RECORD_EXEMPTION = "record_exemption"


P, I = PledgeStatus, InvestmentStatus  # noqa: E741 said beside P, as nowhere else
TAKING_ROOM = (P.OFFERED, P.PLEDGED, P.COMMITTED)
"""Pledges that count against the maximum of a raise."""
LIVE = (P.WAITING, *TAKING_ROOM)
"""Pledges that go on."""
COMPLETED = (I.MATCHED, I.CONFIRMED)
"""Investments that count as completed: both sides said the same, or the network settled what they said."""
STANDING = (I.REPORTED, I.DIFFERS, *COMPLETED)
"""Investments that were not reversed: they count against the maximum of a raise."""
PLEDGES = Machine(
    "pledge",
    start=P.WAITING,
    moves=[
        move(Act.PLACE, P.WAITING, P.PLEDGED),
        move(Act.OFFER, P.WAITING, P.OFFERED),
        move(Act.TAKE_UP, P.OFFERED, P.PLEDGED),
        move(Act.LET_LAPSE, P.OFFERED, P.LAPSED),
        move(Act.COMMIT, P.PLEDGED, P.COMMITTED),
        move(Act.WITHDRAW, LIVE, P.WITHDRAWN),
        move(Act.DECLINE, (P.WAITING, P.OFFERED, P.PLEDGED), P.DECLINED),
        move(Act.ASK_AGAIN, P.COMMITTED, P.PLEDGED),
        move(Act.COMPLETE, (P.PLEDGED, P.COMMITTED), P.COMPLETED),
        move(Act.RESTORE, P.COMPLETED, P.COMMITTED),
        move(Act.END, (*LIVE, P.COMPLETED), P.ENDED),
    ],
)
INVESTMENTS = Machine(
    "investment",
    start=I.REPORTED,
    moves=[
        move(Act.AGREE, (I.REPORTED, I.DIFFERS), I.MATCHED),
        move(Act.DIFFER, (I.REPORTED, I.DIFFERS), I.DIFFERS),
        move(Act.SETTLE, (I.REPORTED, I.DIFFERS), I.CONFIRMED),
        move(Act.REVERSE, STANDING, I.REVERSED),
    ],
)
