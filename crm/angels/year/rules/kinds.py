"""What several people can be asked at once."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What several people are asked at once."""

    RENEW = "renew"
    WAKE = "wake"
    CHECK = "check"
    UPDATE = "update"
    CLOSE = "close"
