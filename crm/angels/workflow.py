"""The ways of the angel network: an angel joins, a pitch is screened and shown, two sides agree to meet."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class AngelStatus(StrEnum):
    """Where somebody who wants to invest stands with the network. Whether they may see pitches is worked out, not kept."""

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
    """On what ground a promotion may reach somebody: articles of the Financial Promotion Order 2005."""

    HIGH_NET_WORTH = "high_net_worth"
    SELF_CERTIFIED = "self_certified"
    CERTIFIED = "certified"


class Basis(StrEnum):
    """What lets the network arrange introductions at all."""

    ENTERPRISE_EXEMPTION = "enterprise_exemption"
    APPOINTED_REPRESENTATIVE = "appointed_representative"
    AUTHORISED = "authorised"


class Channel(StrEnum):
    """On what way a pitch was shown to somebody."""

    LIST = "list"
    PAGE = "page"
    FILE = "file"
    COMPARISON = "comparison"
    LETTER = "letter"


class Instrument(StrEnum):
    """In what form money is sought. Only what is plainly a share or a debenture of an unlisted company can be shown."""

    EQUITY = "equity"
    LOAN_NOTE = "loan_note"
    CONVERTIBLE = "convertible"
    LOAN = "loan"
    REVENUE_SHARE = "revenue_share"
    PRODUCTION = "production"
    OTHER = "other"


class Relief(StrEnum):
    """How a business stands to a tax relief for investors, as it says itself."""

    NO = "no"
    INTENDED = "intended"
    ASSURED = "assured"


class PitchStatus(StrEnum):
    """Where a pitch stands. Only a published one is shown, and only to whoever may lawfully see it."""

    DRAFT = "draft"
    SCREENING = "screening"
    PUBLISHED = "published"
    PAUSED = "paused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class Verdict(StrEnum):
    """What somebody who screens a pitch makes of it; or that they have an interest, and so no say."""

    FOR = "for"
    AGAINST = "against"
    INTEREST = "interest"


class ClosedAs(StrEnum):
    """What a raise came to."""

    FUNDED = "funded"
    PART_FUNDED = "part_funded"
    UNFUNDED = "unfunded"


class IntroductionStatus(StrEnum):
    """Where a request of an investor to meet a business stands. Contacts are shown in ``AGREED`` alone."""

    REQUESTED = "requested"
    HELD = "held"
    AGREED = "agreed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    TAKEN_BACK = "taken_back"
    EXPIRED = "expired"


class Refusal(StrEnum):
    """Why a business does not want to meet an investor."""

    NOT_NOW = "not_now"
    RAISED = "raised"
    TICKET = "ticket"
    FIT = "fit"
    OTHER = "other"


class Act(StrEnum):
    """What can be done in the angel network."""

    SEE_NETWORK = "see_network"
    JOIN = "join_network"
    LIST_ANGELS = "list_angels"
    VIEW_ANGEL = "view_angel"
    VIEW_OWN = "view_own_standing"
    VIEW_AS = "view_as_angel"
    STOP_VIEWING = "stop_viewing_as_angel"
    ACCEPT = "accept_angel"
    DECLINE = "decline_angel"
    SUSPEND = "suspend_angel"
    READMIT = "readmit_angel"
    LEAVE = "leave_network"
    CHECK_ANGEL = "check_angel"
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
    VIEW_LEDGER = "view_promotions"
    VIEW_OWN_LEDGER = "view_own_promotions"
    EXTRACT_LEDGER = "extract_promotions"
    LIST_RAISES = "list_raises"
    VIEW = "view_raise"
    BEGIN = "begin_pitch"
    WRITE = "write_pitch"
    ATTACH = "attach_to_pitch"
    DETACH = "remove_from_pitch"
    SUBMIT = "submit_pitch"
    REVIEW = "review_pitch"
    SEND_BACK = "send_pitch_back"
    PUBLISH = "publish_pitch"
    REFUSE = "refuse_pitch"
    PAUSE = "pause_pitch"
    RESUME = "resume_pitch"
    REVISE = "revise_pitch"
    WITHDRAW = "withdraw_pitch"
    CLOSE = "close_pitch"
    SEE_PITCHES = "see_pitches"
    SEE_PITCH = "see_pitch"
    TAKE_PITCHES = "take_pitches"
    COMPARE = "compare_pitches"
    MARK = "mark_pitch"
    SAVE_SEARCH = "save_search"
    FORGET_SEARCH = "forget_search"
    ASK = "ask_about_pitch"
    ANSWER = "answer_question"
    REQUEST = "request_introduction"
    LIST_INTRODUCTIONS = "list_introductions"
    VIEW_INTRODUCTION = "view_introduction"
    AGREE = "agree_to_introduction"
    TURN_DOWN = "turn_down_introduction"
    HOLD = "hold_introduction"
    RELEASE = "release_introduction"
    LAPSE = "lapse_introduction"
    EXPIRE = "expire_introduction"
    CANCEL = "cancel_introduction"
    TAKE_BACK = "take_back_request"


A, P, M = AngelStatus, PitchStatus, IntroductionStatus
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

PITCHES = Machine(
    "pitch",
    start=P.DRAFT,
    moves=[
        move(Act.SUBMIT, P.DRAFT, P.SCREENING),
        move(Act.SEND_BACK, P.SCREENING, P.DRAFT),
        move(Act.PUBLISH, P.SCREENING, P.PUBLISHED),
        move(Act.REFUSE, P.SCREENING, P.DECLINED),
        move(Act.PAUSE, P.PUBLISHED, P.PAUSED),
        move(Act.RESUME, P.PAUSED, P.PUBLISHED),
        move(Act.REVISE, (P.PUBLISHED, P.PAUSED), P.DRAFT),
        move(Act.WITHDRAW, (P.DRAFT, P.SCREENING, P.PUBLISHED, P.PAUSED), P.WITHDRAWN),
        move(Act.CLOSE, (P.PUBLISHED, P.PAUSED), P.CLOSED),
    ],
)

OVER = (P.DECLINED, P.WITHDRAWN, P.CLOSED)
"""Where a pitch has ended: its business may begin another."""

INTRODUCTIONS = Machine(
    "introduction",
    start=M.REQUESTED,
    moves=[
        move(Act.AGREE, M.REQUESTED, M.AGREED),
        move(Act.HOLD, M.REQUESTED, M.HELD),
        move(Act.RELEASE, M.HELD, M.AGREED),
        move(Act.TURN_DOWN, M.REQUESTED, M.DECLINED),
        move(Act.LAPSE, M.REQUESTED, M.LAPSED),
        move(Act.EXPIRE, M.HELD, M.EXPIRED),
        move(Act.CANCEL, (M.REQUESTED, M.HELD), M.CANCELLED),
        move(Act.TAKE_BACK, (M.REQUESTED, M.HELD), M.TAKEN_BACK),
    ],
)
