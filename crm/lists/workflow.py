"""What can be done with the lists of businesses."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What can be done here."""

    LIST = "list_caseload"
    SAVE_VIEW = "save_view"
    DELETE_VIEW = "delete_view"
    EXTRACT = "extract_caseload"
    CHANGE_MANY = "change_many_businesses"
    VIEW_CHANGE = "view_change_of_many_businesses"


class Deed(StrEnum):
    """What is done to the rows that were ticked."""

    LEAD = "lead"
    TAG = "tag"
    UNTAG = "untag"
    EMAIL = "email"
    INVITE = "invite"
