"""What the register says of a right, in words, and what makes an entry sound."""

from __future__ import annotations

KINDS = {
    "patent": "Patent",
    "trade_mark": "Trade mark",
    "design": "Design",
    "copyright": "Copyright",
    "database": "Database right",
    "know_how": "Know-how",
}
STATUSES = {
    "unregistered": "Not registered",
    "applied_for": "Applied for",
    "registered": "Registered",
    "lapsed": "Lapsed",
}
COLOURS = {
    "unregistered": "grey",
    "applied_for": "yellow",
    "registered": "green",
    "lapsed": "red",
}
WITHOUT_REGISTER = frozenset({"copyright", "database", "know_how"})
"""What comes to be without a register in the United Kingdom: it can be registered nowhere here."""


def fault_in(kind: str, status: str, *, number: str) -> tuple[str, str] | None:
    """What is wrong with an entry, as the field and the words; None where nothing is."""
    if kind in WITHOUT_REGISTER and status in {"registered", "applied_for"}:
        return (
            "status",
            f"{KINDS[kind]} arises automatically: there is no register for it in the United Kingdom",
        )
    if status == "registered" and not number.strip():
        return "number", "Enter its registration number"
    return None
