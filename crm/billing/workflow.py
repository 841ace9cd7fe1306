"""How a membership was paid for, and what can be done about it."""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """How a period came to be."""

    INVOICE = "invoice"
    TRANSFER = "transfer"
    WAIVER = "waiver"


class Act(StrEnum):
    """What can be done about memberships."""

    VIEW_OWN = "view_own_membership"
    LIST = "list_memberships"
    VIEW = "view_membership"
    RECORD = "record_membership"
    VOID = "void_membership"
