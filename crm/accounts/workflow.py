"""The way of an account, and every act there is on accounts, roles, sessions and hubs."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class AccountStatus(StrEnum):
    """Whether somebody can sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class Act(StrEnum):
    """What can be done with accounts, roles, sessions and hubs."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    VIEW_OWN_ACCOUNT = "view_own_account"
    END_OWN_SESSION = "end_own_session"
    CHANGE_OWN_PASSWORD = "change_own_password"  # noqa: S105 an act, no password
    COPY_DATA = "copy_personal_data"
    VIEW_PEOPLE = "view_people"
    INVITE = "invite"
    INVITE_AGAIN = "invite_again"
    CORRECT = "correct_account"
    GRANT = "grant_role"
    END_GRANT = "end_role"
    RESTORE_GRANT = "restore_role"
    ADMIT = "admit_to_business"
    DISMISS = "dismiss_from_business"
    READMIT = "readmit_to_business"
    CHANGE_STANDING = "change_standing"
    ADMIT_ANGEL = "admit_angel"
    ERASE = "erase_account"
    ACCEPT = "accept_invitation"
    DEACTIVATE = "deactivate"
    REACTIVATE = "reactivate"
    HAND_OVER_CASELOAD = "hand_over_caseload"
    VIEW_HANDOVER = "view_handover"
    UNDO_HANDOVER = "undo_handover"
    VIEW_HUBS = "view_hubs"
    ADD_HUB = "add_hub"
    CORRECT_HUB = "correct_hub"
    ADD_AREA = "add_area"
    END_AREA = "end_area"


S = AccountStatus
MACHINE = Machine(
    "account",
    start=S.INVITED,
    moves=[
        move(Act.ACCEPT, S.INVITED, S.ACTIVE),
        move(Act.DEACTIVATE, (S.INVITED, S.ACTIVE), S.DEACTIVATED),
        move(Act.REACTIVATE, S.DEACTIVATED, S.ACTIVE),
    ],
)
