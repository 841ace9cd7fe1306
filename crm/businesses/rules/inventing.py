"""Invented businesses, for the demonstration and for measuring: the same seed always invents the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

from crm.kernel.money import Money

FIRST = (
    *(
        "Copper",
        "Silver",
        "Amber",
        "Cobalt",
        "Scarlet",
        "Velvet",
        "Paper",
        "Glass",
        "Iron",
        "Willow",
        "Harbour",
    ),
    *(
        "Canal",
        "Lantern",
        "Meadow",
        "Orchard",
        "Thistle",
        "Juniper",
        "Marble",
        "Quiet",
        "Bright",
        "Little",
        "Seven",
    ),
    *(
        "Northern",
        "Midland",
        "Riverside",
        "Hidden",
        "Open",
        "Second",
        "Wandering",
        "Patient",
        "Bold",
        "Gentle",
    ),
    *(
        "Clockwork",
        "Electric",
        "Woven",
        "Folded",
        "Painted",
        "Feathered",
        "Hollow",
        "Rolling",
        "Early",
        "Late",
    ),
)
SECOND = (
    *(
        "Heron",
        "Otter",
        "Magpie",
        "Fox",
        "Ox",
        "Hare",
        "Kestrel",
        "Badger",
        "Moth",
        "Swift",
        "Robin",
        "Finch",
    ),
    *("Kiln", "Loom", "Anvil", "Compass", "Bobbin", "Chisel", "Easel", "Needle", "Lathe", "Press", "Bellows"),
    *(
        "Bridge",
        "Tower",
        "Yard",
        "Lane",
        "Gate",
        "Wharf",
        "Attic",
        "Corner",
        "Arch",
        "Stair",
        "Mill",
        "Forge",
    ),
    *(
        "Harmony",
        "Echo",
        "Signal",
        "Pattern",
        "Story",
        "Shadow",
        "Spark",
        "Thread",
        "Voice",
        "Frame",
        "Scene",
    ),
)
TRADES: dict[str, tuple[str, ...]] = {
    "advertising": ("Communications", "Brand Studio", "Campaigns"),
    "architecture": ("Architects", "Spaces", "Building Design"),
    "crafts": ("Ceramics", "Jewellery", "Glass Studio", "Furniture Makers"),
    "design_fashion": ("Design", "Fashion", "Studio", "Graphics"),
    "film_tv_radio_photo": ("Pictures", "Films", "Productions", "Animation", "Photography"),
    "it_software": ("Games", "Interactive", "Software", "Apps"),
    "museums_libraries": ("Gallery", "Archive", "Museum Projects"),
    "music_performing_visual": ("Music", "Theatre", "Dance", "Records", "Arts"),
    "publishing": ("Press", "Books", "Comics", "Publishing"),
}
SIC = {
    "advertising": "73110",
    "architecture": "71111",
    "crafts": "32120",
    "design_fashion": "74100",
    "film_tv_radio_photo": "59112",
    "it_software": "62011",
    "museums_libraries": "91020",
    "music_performing_visual": "90030",
    "publishing": "58110",
}
FORMS = ("company", "company", "company", "sole_trader", "sole_trader", "freelancer", "partnership", "cic")
REGISTERED = frozenset({"company", "cic"})
STAGES = ("start-up", "early", "growth", "growth", "established", "scale-up")
GIVEN = (
    "Amina",
    "Ben",
    "Chidi",
    "Dara",
    "Elin",
    "Femi",
    "Grace",
    "Hana",
    "Imran",
    "Jo",
    "Kasia",
    "Leo",
    "Maya",
    "Nia",
)
FAMILY = (
    "Demo-Archer",
    "Demo-Bell",
    "Demo-Carver",
    "Demo-Dyer",
    "Demo-Fletcher",
    "Demo-Glover",
    "Demo-Mason",
)
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
FIRST_NUMBER = 90_000_001
"""No company has such a number, nor will for a long time."""


@dataclass(frozen=True)
class InventedYear:
    """One invented year."""

    year_end: date
    turnover: Money
    employees: int
    exported: Money


@dataclass(frozen=True)
class Invented:
    """One invented business, with the person who leads it."""

    id: UUID
    name: str
    trading_name: str | None
    company_number: str | None
    legal_form: str
    stage: str
    group: str
    postcode: str
    trading_since: date
    person: str
    email: str
    years: tuple[InventedYear, ...]

    @property
    def sic_code(self) -> str:
        """The code of its trade."""
        return SIC[self.group]


def invent(count: int, sectors: Sequence[str], *, seed: int, on: date) -> Iterator[Invented]:
    """So many invented businesses in these postcode sectors, as they are on a day."""
    chance, groups = Random(seed), tuple(TRADES)  # noqa: S311 the same each time is what is wanted
    for number in range(count):
        group, form = chance.choice(groups), chance.choice(FORMS)
        base = f"{chance.choice(FIRST)} {chance.choice(SECOND)} {chance.choice(TRADES[group])}"
        numbered = f"{base} {number // 10_000 + 1}" if number >= 10_000 else base
        since = on - timedelta(days=chance.randrange(60, 365 * 15))
        yield Invented(
            id=UUID(int=chance.getrandbits(128), version=4),
            name=f"{numbered} Ltd"
            if form == "company"
            else (f"{numbered} CIC" if form == "cic" else numbered),
            trading_name=f"{chance.choice(SECOND)} & {chance.choice(SECOND)}" if number % 9 == 0 else None,
            company_number=f"{FIRST_NUMBER + number:08}" if form in REGISTERED else None,
            legal_form=form,
            stage=chance.choice(STAGES),
            group=group,
            postcode=f"{chance.choice(sectors)}{chance.choice(LETTERS)}{chance.choice(LETTERS)}",
            trading_since=since,
            person=f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}",
            email=f"person{number}@invented.example",
            years=tuple(_years(chance, since=since, on=on)),
        )


def _years(chance: Random, *, since: date, on: date) -> Iterator[InventedYear]:
    """Up to two years' figures; none for the newest, whose figures nobody knows yet."""
    turnover = chance.choice((18_000, 42_000, 85_000, 160_000, 420_000, 1_200_000, 5_400_000))
    for back in range(chance.randrange(3)):
        end = date(on.year - back, 3, 31)
        if end <= since or end > on:
            continue
        sold = Money.pounds(turnover * chance.randrange(80, 130) // (100 + 12 * back))
        exported = Money(sold.pence * chance.choice((0, 0, 5, 20)) // 100)
        yield InventedYear(end, sold, max(1, turnover // 55_000 + chance.randrange(3)), exported)
