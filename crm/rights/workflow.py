"""Kinds of right, where each stands, who made its parts, and what can be done with the register."""

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
    TRADE_SECRET = "trade_secret"  # noqa: S105 a kind of right, no password
    DOMAIN = "domain"


class RightStatus(StrEnum):
    """How far it is protected. Copyright, know-how and trade secrets are not registered in the United Kingdom."""

    UNREGISTERED = "unregistered"
    APPLIED_FOR = "applied_for"
    REGISTERED = "registered"
    LAPSED = "lapsed"


class MakerKind(StrEnum):
    """As what a person made a part of a work: an employee's work belongs to the business, a freelancer's does not."""

    EMPLOYEE = "employee"
    FREELANCER = "freelancer"
    PARTNER = "partner"


class LicenceWay(StrEnum):
    """Whether the business lets another use the right, or is let use it."""

    OUT = "out"
    IN = "in"


class Act(StrEnum):
    """What can be done with rights."""

    VIEW = "view_rights"
    VIEW_SECRETS = "view_trade_secrets"
    LIST = "list_rights"
    EXTRACT = "download_rights"
    ADD = "add_right"
    CORRECT = "correct_right"
    REMOVE = "remove_right"
    ADD_PART = "add_part_of_right"
    CORRECT_PART = "correct_part_of_right"
    REMOVE_PART = "remove_part_of_right"
    ATTACH_ASSIGNMENT = "attach_assignment"
    REMOVE_ASSIGNMENT = "remove_assignment"
    ADD_LICENCE = "add_licence"
    CORRECT_LICENCE = "correct_licence"
    REMOVE_LICENCE = "remove_licence"
    LOOK_UP = "look_up_right"
    ASK_CALENDAR = "ask_for_renewal_calendar"
    END_CALENDAR = "end_renewal_calendar"
    READ_CALENDAR = "read_renewal_calendar"
    REMIND = "remind_of_renewal"
