"""What is asked again at the moment of sending: whether a member still takes the email."""

from __future__ import annotations

from typing import Any

from crm.angels.investors.queries.angels import inside
from crm.angels.year.queries.members import stopped_by


def reason_not_to_ask(letter: Any) -> str | None:
    """Why an email that a member can do without is not sent after all."""
    if letter.account_id is None or letter.account_id not in inside([letter.account_id]):
        return "No longer a member of the network"
    return "Has stopped the network’s emails" if stopped_by([letter.account_id]) else None
