"""What the manager of a network does with its members in the course of a year."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What can be done with the network's lists, and with the emails that a member can stop."""

    LIST_MEMBERS = "list_members"
    EXTRACT_MEMBERS = "extract_members"
    WRITE_TO_MANY = "write_to_many"
    VIEW_MAILING = "view_mailing"
    SEND_YEARLY = "send_yearly_letter"
    VIEW_FIGURES = "view_network_figures"
    OPEN_FIGURES = "open_network_figures"
    EXTRACT_FIGURES = "extract_network_figures"
    STOP_EMAILS = "stop_network_emails"
    RESUME_EMAILS = "resume_network_emails"
