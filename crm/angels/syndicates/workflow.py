"""An investor leads a raise by agreement of its business, records terms, and others join on a version of them."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class SyndicateStatus(StrEnum):
    """Where the syndicate of a raise stands: others can join in ``OPEN`` alone, on terms that are agreed."""

    FORMING = "forming"
    OPEN = "open"
    ENDED = "ended"


class LeadStatus(StrEnum):
    """Where the offer of an investor to lead stands. One leads a raise at a time."""

    OFFERED = "offered"
    LEADING = "leading"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    ENDED = "ended"


class TermsStatus(StrEnum):
    """Where one version of the terms stands. One is proposed and one agreed at a time."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class MemberStatus(StrEnum):
    """The status of an investor in a syndicate: joined on the terms that hold now, or on terms that have changed."""

    JOINED = "joined"
    UNCONFIRMED = "unconfirmed"
    LEFT = "left"
    ENDED = "ended"


class Naming(StrEnum):
    """To whom a member is named, by their own choice. The network's staff see every name."""

    NOBODY = "nobody"
    LEAD = "lead"
    MEMBERS = "members"


class Act(StrEnum):
    """What can be done with syndicates, their leads, terms and members."""

    LIST = "list_syndicates"
    VIEW = "view_syndicate"
    OFFER = "offer_to_lead"
    AGREE_LEAD = "agree_to_lead"
    DECLINE_LEAD = "turn_down_lead"
    WITHDRAW_LEAD = "stop_leading"
    REPLACE_LEAD = "replace_lead"
    END_LEAD = "end_lead"
    PROPOSE = "propose_terms"
    AGREE_TERMS = "agree_terms"
    DECLINE_TERMS = "turn_down_terms"
    WITHDRAW_TERMS = "withdraw_terms"
    REPLACE_TERMS = "replace_terms"
    JOIN = "join_syndicate"
    CONFIRM = "confirm_place_in_syndicate"
    UNSETTLE = "ask_to_confirm_place_in_syndicate"
    NAME = "change_naming_in_syndicate"
    LEAVE = "leave_syndicate"
    END_MEMBER = "end_place_in_syndicate"
    OPEN = "open_syndicate"
    VACATE = "close_syndicate_to_joining"
    END = "end_syndicate"
    REMIND = "remind_of_syndicate"


S, L, T, M = SyndicateStatus, LeadStatus, TermsStatus, MemberStatus
SYNDICATES = Machine(
    "syndicate",
    start=S.FORMING,
    moves=[
        move(Act.OPEN, S.FORMING, S.OPEN),
        move(Act.VACATE, S.OPEN, S.FORMING),
        move(Act.END, (S.FORMING, S.OPEN), S.ENDED),
    ],
)
LEADS = Machine(
    "offer to lead",
    start=L.OFFERED,
    moves=[
        move(Act.AGREE_LEAD, L.OFFERED, L.LEADING),
        move(Act.DECLINE_LEAD, (L.OFFERED, L.LEADING), L.DECLINED),
        move(Act.WITHDRAW_LEAD, (L.OFFERED, L.LEADING), L.WITHDRAWN),
        move(Act.REPLACE_LEAD, L.LEADING, L.REPLACED),
        move(Act.END_LEAD, (L.OFFERED, L.LEADING), L.ENDED),
    ],
)
TERMS = Machine(
    "version of terms",
    start=T.PROPOSED,
    moves=[
        move(Act.AGREE_TERMS, T.PROPOSED, T.AGREED),
        move(Act.DECLINE_TERMS, T.PROPOSED, T.DECLINED),
        move(Act.WITHDRAW_TERMS, T.PROPOSED, T.WITHDRAWN),
        move(Act.REPLACE_TERMS, (T.PROPOSED, T.AGREED), T.REPLACED),
    ],
)
MEMBERS = Machine(
    "place in a syndicate",
    start=M.JOINED,
    moves=[
        move(Act.UNSETTLE, M.JOINED, M.UNCONFIRMED),
        move(Act.CONFIRM, M.UNCONFIRMED, M.JOINED),
        move(Act.LEAVE, (M.JOINED, M.UNCONFIRMED), M.LEFT),
        move(Act.END_MEMBER, (M.JOINED, M.UNCONFIRMED), M.ENDED),
    ],
)
LIVE_LEADS = (L.OFFERED, L.LEADING)
"""Offers to lead that go on."""
LIVE_MEMBERS = (M.JOINED, M.UNCONFIRMED)
"""Members who have not left and whose syndicate goes on."""
