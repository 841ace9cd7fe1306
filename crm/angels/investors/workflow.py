"""An investor joins the network; on which grounds they may be shown what kinds of investment."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class AngelStatus(StrEnum):
    """The status of an investor in the network. Whether they may see pitches is worked out, not stored."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUSPENDED = "suspended"
    LEFT = "left"


class CheckOutcome(StrEnum):
    """What came of checking who an angel is."""

    NOT_CHECKED = "not_checked"
    PASSED = "passed"
    FAILED = "failed"
    NOT_REQUIRED = "not_required"


class Ground(StrEnum):
    """The ground on which a promotion may be shown to a person: articles of the Financial Promotion Order 2005."""

    HIGH_NET_WORTH = "high_net_worth"
    SELF_CERTIFIED = "self_certified"
    CERTIFIED = "certified"


class Basis(StrEnum):
    """What lets the network arrange introductions at all."""

    ENTERPRISE_EXEMPTION = "enterprise_exemption"
    APPOINTED_REPRESENTATIVE = "appointed_representative"
    AUTHORISED = "authorised"


class Instrument(StrEnum):
    """In what form money is sought. Only what is plainly a share or a debenture of an unlisted company can be shown."""

    EQUITY = "equity"
    LOAN_NOTE = "loan_note"
    CONVERTIBLE = "convertible"
    LOAN = "loan"
    REVENUE_SHARE = "revenue_share"
    PRODUCTION = "production"
    OTHER = "other"


class Act(StrEnum):
    """What can be done about investors and what the network rests on."""

    SEE_NETWORK = "see_network"
    JOIN = "join_network"
    LIST_ANGELS = "list_angels"
    VIEW = "view_angel"
    VIEW_OWN = "view_own_standing"
    VIEW_AS = "view_as_angel"
    STOP_VIEWING = "stop_viewing_as_angel"
    ACCEPT = "accept_angel"
    DECLINE = "decline_angel"
    SUSPEND = "suspend_angel"
    READMIT = "readmit_angel"
    LEAVE = "leave_network"
    CHECK_ANGEL = "check_angel"
    ERASE = "erase_investor"
    PREFER = "set_preferences"
    ACCEPT_CONDUCT = "accept_conduct"
    CERTIFY = "certify"
    VIEW_CERTIFICATION = "view_certification"
    ATTACH_CERTIFICATE = "attach_certificate"
    REVOKE = "revoke_certification"
    CONFIRM = "confirm_certificate"
    KEEP_PAPER = "keep_statement_on_paper"
    LIST_WORDINGS = "list_wordings"
    APPROVE_WORDING = "approve_wording"
    RECORD_BASIS = "record_regulatory_basis"


A = AngelStatus
ANGELS = Machine(
    "angel",
    start=A.APPLIED,
    moves=[
        move(Act.ACCEPT, A.APPLIED, A.ACCEPTED),
        move(Act.DECLINE, A.APPLIED, A.DECLINED),
        move(Act.SUSPEND, A.ACCEPTED, A.SUSPENDED),
        move(Act.READMIT, A.SUSPENDED, A.ACCEPTED),
        move(Act.LEAVE, (A.ACCEPTED, A.SUSPENDED), A.LEFT),
    ],
)
