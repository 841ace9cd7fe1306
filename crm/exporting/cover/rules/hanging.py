"""Where the products of a check stand on its page, and what was asked, prepared or sent from there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

ROOM = "/export-cover"


def path_of(cover_id: UUID, product_key: str) -> str:
    """The place of a product on the check of a contract."""
    return f"{ROOM}/{cover_id}#{product_key}"


def check_at(path: str) -> UUID | None:
    """The check on whose page a place is; None where it is on another page."""
    page, _, place = path.partition("#")
    room, _, cover_id = page.rpartition("/")
    return UUID(cover_id) if place and room == ROOM else None


def page_of_check(path: str) -> str:
    """The page of the check on which a place is."""
    return path.partition("#")[0]


@dataclass(frozen=True)
class Hanging:
    """What came of a check: asked for from it, prepared from it and not sent, and sent. Only the last goes on without it."""

    asked: tuple[Any, ...]
    prepared: tuple[Any, ...]
    sent: tuple[Any, ...]

    def asked_at(self, path: str) -> Any | None:
        """What was asked from one place of the check, also where its service has closed since."""
        return next((each for each in self.asked if each.path == path), None)


def hanging_on(paths: Collection[str], *, asked: Iterable[Any], referrals: Iterable[Any]) -> Hanging:
    """What of the requests and the referrals of a business came from the places of a check."""
    own = [each for each in referrals if each.path in paths]
    return Hanging(
        asked=tuple(each for each in asked if each.path in paths),
        prepared=tuple(each for each in own if each.is_open and each.sent_at is None),
        sent=tuple(each for each in own if each.sent_at is not None),
    )
