"""Kinds of right, where each stands, and what can be done with the register."""

from __future__ import annotations

from enum import StrEnum


class RightKind(StrEnum):
    """What is owned."""

    PATENT = "patent"
    TRADE_MARK = "trade_mark"
    DESIGN = "design"
    COPYRIGHT = "copyright"
    DATABASE = "database"
    KNOW_HOW = "know_how"


class RightStatus(StrEnum):
    """How far it is protected. Copyright and know-how are not registered in the United Kingdom."""

    UNREGISTERED = "unregistered"
    APPLIED_FOR = "applied_for"
    REGISTERED = "registered"
    LAPSED = "lapsed"


class Act(StrEnum):
    """What can be done with rights."""

    VIEW = "view_rights"
    ADD = "add_right"
    CORRECT = "correct_right"
    REMOVE = "remove_right"
