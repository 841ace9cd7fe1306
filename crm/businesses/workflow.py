"""The standing of a business's record and of a founder's claim to it, and what can be done with a business."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class BusinessStatus(StrEnum):
    """Whether a record is in use. An archived one is kept, and shown only where somebody asks for it."""

    ACTIVE = "active"
    ARCHIVED = "archived"


class ClaimStatus(StrEnum):
    """Where somebody's claim to speak for a business stands."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class InvitationStatus(StrEnum):
    """Where an invitation to a colleague stands. An open one ends by itself after its last day."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Ambition(StrEnum):
    """How much a business wants to grow in the next three years."""

    STEADY = "steady"
    GROW = "grow"
    SCALE = "scale"


class ConsentPurpose(StrEnum):
    """What a business can consent to; each apart, each to be taken back."""

    KEEP_IN_TOUCH = "keep_in_touch"
    SHARE_WITH_PROVIDERS = "share_with_providers"
    EVALUATION = "evaluation"
    NEWS = "news"


class NameKind(StrEnum):
    """What a further name of a business is."""

    TRADING = "trading"
    PREVIOUS = "previous"


class ConnectionKind(StrEnum):
    """How somebody stands to a business: read by every check for a conflict of interest."""

    DIRECTOR = "director"
    ADVISER = "adviser"
    INVESTOR = "investor"
    ASSESSOR_INTEREST = "assessor_interest"


class HeadcountMeasure(StrEnum):
    """How people were counted: the measure is kept with the number."""

    HEADCOUNT = "headcount"
    FULL_TIME_EQUIVALENT = "full_time_equivalent"


class Act(StrEnum):
    """What can be done with businesses and what belongs to them."""

    LIST = "list_businesses"
    VIEW = "view_business"
    VIEW_OWN = "view_own_business"
    EXTRACT = "extract_businesses"
    ADD = "add_business"
    IMPORT = "import_businesses"
    EDIT = "edit_business"
    OVERRIDE_PLACE = "override_place"
    LOOK_UP = "look_up_company"
    SHARE = "share_business"
    ARCHIVE = "archive_business"
    RESTORE = "restore_business"
    RECORD_FIGURES = "record_yearly_figures"
    ADD_PERSON = "add_person"
    CORRECT_PERSON = "correct_person"
    REMOVE_PERSON = "remove_person"
    CONSENT = "record_consent"
    WITHDRAW_CONSENT = "withdraw_consent"
    CONNECT = "connect"
    DISCONNECT = "disconnect"
    CLAIM = "claim_business"
    CONFIRM_CLAIM = "confirm_claim"
    REFUSE_CLAIM = "refuse_claim"
    INVITE_COLLEAGUE = "invite_colleague"
    WITHDRAW_INVITATION = "withdraw_invitation"
    JOIN_BUSINESS = "join_business"
    DECLINE_TO_JOIN = "decline_to_join"
    REMOVE_COLLEAGUE = "remove_colleague"
    RESTORE_COLLEAGUE = "restore_colleague"
    CHANGE_COLLEAGUE = "change_colleague"


MACHINE = Machine(
    "business",
    start=BusinessStatus.ACTIVE,
    moves=[
        move(Act.ARCHIVE, BusinessStatus.ACTIVE, BusinessStatus.ARCHIVED),
        move(Act.RESTORE, BusinessStatus.ARCHIVED, BusinessStatus.ACTIVE),
    ],
)

CLAIMS = Machine(
    "claim",
    start=ClaimStatus.WAITING,
    moves=[
        move(Act.CONFIRM_CLAIM, ClaimStatus.WAITING, ClaimStatus.CONFIRMED),
        move(Act.REFUSE_CLAIM, ClaimStatus.WAITING, ClaimStatus.REFUSED),
    ],
)

INVITATIONS = Machine(
    "invitation",
    start=InvitationStatus.OPEN,
    moves=[
        move(Act.JOIN_BUSINESS, InvitationStatus.OPEN, InvitationStatus.ACCEPTED),
        move(Act.DECLINE_TO_JOIN, InvitationStatus.OPEN, InvitationStatus.DECLINED),
        move(Act.WITHDRAW_INVITATION, InvitationStatus.OPEN, InvitationStatus.WITHDRAWN),
    ],
)
