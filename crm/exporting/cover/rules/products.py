"""The products of UK Export Finance and the ways on, as they come with the product: facts with their sources."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

WISHES = {
    "not_paid": "Insurance in case the buyer does not pay",
    "contract_cash": "Money to deliver this contract",
    "general_cash": "Working capital for exporting in general",
    "bond": "A bond that the buyer asks for",
    "advice": "One-to-one advice on a market",
}


@dataclass(frozen=True)
class Product:
    """One product: what it does, for which wishes, the directory's service by which one gets to it, and the source."""

    key: str
    name: str
    kind: str
    service: str
    does: str
    wishes: tuple[str, ...]
    url: str
    source: str
    as_of: str


@dataclass(frozen=True)
class WayOn:
    """What else a business can do, and for which wishes; ``service`` is "" where the directory has none."""

    service: str
    name: str
    why: str
    wishes: tuple[str, ...]


@cache
def _shipped() -> dict[str, Any]:
    text = files("crm.exporting.cover").joinpath("reference/products.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def products() -> tuple[Product, ...]:
    """Every product, those that insure first."""
    return tuple(Product(**{**row, "wishes": tuple(row["wishes"])}) for row in _shipped()["products"])


@cache
def ways_on() -> tuple[WayOn, ...]:
    """What is open to a business whatever its size."""
    return tuple(WayOn(**{**row, "wishes": tuple(row["wishes"])}) for row in _shipped()["ways_on"])


def services_for(wish: str) -> frozenset[str]:
    """The services of the directory that answer a wish: its products and its other ways on."""
    known: tuple[Product | WayOn, ...] = (*products(), *ways_on())
    return frozenset(each.service for each in known if each.service and wish in each.wishes)


def product(key: str) -> Product | None:
    """One product by its key."""
    return next((each for each in products() if each.key == key), None)
