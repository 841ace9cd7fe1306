"""The feeds of councils that do not exist, for tests and the demonstration: no network is needed to try one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from crm.gateways.feeds import AskedFeeds, Feeds, FeedUnreadable

PER_PAGE = 8
OFFERS = (
    (
        "Start a studio",
        "Twelve weeks of help to find, fit out and open a shared studio.",
        ("A place to work",),
    ),
    ("Portfolio surgery", "An hour with an editor who looks through your portfolio.", ("A mentor",)),
    ("Shopfront grant", "Half of what a new shopfront costs, up to £5,000.", ("A grant",)),
    ("Sell at the winter market", "A stall, a card reader and a lesson in pricing.", ("Growing fast",)),
    (
        "Music export clinic",
        "Fees, visas and contracts for a first tour abroad.",
        ("Licensing your work to others",),
    ),
    ("Books in order", "Bookkeeping for people who make things.", ("Starting a business",)),
    ("Swim for health", "Free swimming for people over 60.", ()),
    ("Apprentice match", "We find the apprentice and do the papers.", ("Finding the right people",)),
)


class PretendFeeds:
    """Answers for councils at ``.example``, as the standard says; asks `behind` for every other address."""

    def __init__(self, councils: Mapping[str, Sequence[Any]], *, behind: Feeds | None = None) -> None:
        self._councils, self._behind = councils, behind

    def page(self, address: str, **asked: Any) -> Any:
        """One page of a feed. Raises `FeedUnreadable` for a council that is not there."""
        host = urlsplit(address).hostname or ""
        if host in self._councils:
            return page_of(self._councils[host], int(asked.get("page", 1)))
        if self._behind is None or host.endswith(".example"):
            raise FeedUnreadable(f"There is no such server: {host}")
        return self._behind.page(address, **asked)


def page_of(services: Sequence[Any], number: int, *, size: int = PER_PAGE) -> dict[str, Any]:
    """One page of services, with the heading that the standard asks for."""
    pages = max(1, -(-len(services) // size))
    contents = list(services[(number - 1) * size : number * size])
    return {
        "total_items": len(services),
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def offered(place: str, *, number: int, **fields: Any) -> dict[str, Any]:
    """One service of an invented council."""
    name, said, needs = OFFERS[number % len(OFFERS)]
    return {
        "id": f"{place.lower()}-{number}",
        "name": f"{name}, {place}"
        if number < len(OFFERS)
        else f"{name}, {place}, round {number // len(OFFERS) + 1}",
        "status": "active",
        "description": said,
        "url": f"https://{place.lower()}.example/help/{number}",
        "organization": {
            "id": place,
            "name": f"{place} Council (invented)",
            "description": "An invented council",
        },
        "attributes": [{"taxonomy_term": {"name": each}} for each in needs],
    } | fields


def _midshire() -> list[Any]:
    """Two pages and a half: most of it new, one twice, one closed, one that nobody can read, one that is here."""
    made: list[Any] = [offered("Midshire", number=number) for number in range(17)]
    made.append(offered("Midshire", number=0, id="midshire-again"))
    made.append(offered("Midshire", number=17, status="temporarily closed"))
    made.append(offered("Midshire", number=18, status="Open"))
    return made


def _broken() -> list[Any]:
    """The second page begins with what the first had."""
    first = [offered("Northmere", number=number) for number in range(PER_PAGE)]
    return [*first, first[0]]


def _few(place: str) -> list[Any]:
    return [offered(place, number=number) for number in range(2)]


COUNCILS: Mapping[str, Callable[[], list[Any]]] = {
    "directory.midshire.example": _midshire,
    "directory.northmere.example": _broken,
    **{
        f"directory.{place}.example": partial(_few, place.title())
        for place in ("eastholm", "westford", "southwick", "elmstow", "highfield")
    },
}


def invented_feeds(*, behind: Feeds | None = None) -> PretendFeeds:
    """The invented councils of the demonstration."""
    return PretendFeeds({host: make() for host, make in COUNCILS.items()}, behind=behind)


def feeds_of(environment: str) -> Feeds:
    """Feeds as this installation asks for them: in production only over the public internet."""
    if environment == "production":
        return AskedFeeds()
    return invented_feeds(behind=AskedFeeds(may_be_private=True))
