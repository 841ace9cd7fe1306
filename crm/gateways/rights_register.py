"""The registers of the Intellectual Property Office: asked for one right by its number, or a stand-in with invented ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from urllib.parse import quote

import requests

TIMEOUT = 5.0
OFFICE = "The register of the Intellectual Property Office"
STATUSES = ("applied_for", "registered", "lapsed")
NOT_SET_UP = f"{OFFICE} cannot be asked from here. Enter what it says yourself."


class RightsRegisterUnavailable(Exception):
    """The register could not be asked, or said not now; the message is for people."""


@dataclass(frozen=True)
class Entry:
    """What the register says of a right. ``status`` is one of `STATUSES`; what it leaves out is empty, and unknown."""

    number: str
    title: str
    owner: str
    status: str
    classes: str = ""
    filed_on: date | None = None
    registered_on: date | None = None
    renews_on: date | None = None


class RightsRegister(Protocol):
    """Finds a trade mark, design or patent by its number; None where there is none. Raises `RightsRegisterUnavailable`."""

    def entry(self, kind: str, number: str) -> Entry | None:
        """What the register of this kind says of this number."""


class AskedRegister:
    """A service that answers from the office's data, at an address and with a key of ours.

    The office published no interface of its own in 2026 (decision 0068): ours answers
    `GET <address>/<kind>/<number>` with the fields of `Entry` as JSON, days as ISO says, and 404 for what it does not know.
    """

    def __init__(self, address: str, *, key: str) -> None:
        self._address, self._key = address.rstrip("/"), key

    def entry(self, kind: str, number: str) -> Entry | None:
        """Ask for one right, once."""
        address = f"{self._address}/{kind}/{quote(number, safe='')}"
        try:
            answer = requests.get(address, headers={"Authorization": f"Bearer {self._key}"}, timeout=TIMEOUT)
            if answer.status_code == 404:
                return None
            answer.raise_for_status()
            return read_entry(answer.json())
        except requests.HTTPError as error:
            raise RightsRegisterUnavailable(_why(error.response.status_code)) from error
        except (requests.RequestException, ValueError, TypeError, AttributeError) as error:
            raise RightsRegisterUnavailable(f"{OFFICE} did not answer in a way that can be read.") from error


def _why(status: int) -> str:
    if status == 429:
        return f"{OFFICE} has been asked too often. Try again in five minutes."
    if status in (401, 403):
        return f"{OFFICE} does not accept our key. Tell an administrator."
    return f"{OFFICE} is not answering just now. Try again later."


def read_entry(told: Mapping[str, Any]) -> Entry:
    """An entry as the register words it. Raises ValueError where it lacks number, owner or a status that is known."""
    number, owner, status = told.get("number"), told.get("owner"), told.get("status")
    if not isinstance(number, str) or not isinstance(owner, str) or status not in STATUSES:
        raise ValueError("an entry without number, owner or status")
    days = {name: _day(told.get(name)) for name in ("filed_on", "registered_on", "renews_on")}
    return Entry(number, str(told.get("title") or ""), owner, status, str(told.get("classes") or ""), **days)


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


class InventedRegister:
    """A stand-in for the demonstration: it knows invented rights alone, and one number for which it does not answer."""

    SILENT = "UK00000000500"
    KNOWN: Mapping[tuple[str, str], Mapping[str, Any]] = {
        ("trade_mark", "UK00000000001"): {
            "number": "UK00000000001",
            "title": "OTTERLANTERN (invented)",
            "owner": "Lantern Otter Animation Ltd",
            "status": "registered",
            "classes": "9, 28, 41",
            "filed_on": "2017-02-14",
            "registered_on": "2017-05-12",
            "renews_on": "2027-02-14",
        },
        ("trade_mark", "UK00000000002"): {
            "number": "UK00000000002",
            "title": "LANTERNS (invented)",
            "owner": "Rosa Okafor (invented)",
            "status": "registered",
            "classes": "9, 28, 41",
            "filed_on": "2021-09-01",
            "registered_on": "2021-12-17",
            "renews_on": "2031-09-01",
        },
        ("trade_mark", "UK00000000003"): {
            "number": "UK00000000003",
            "title": "OTTER AND LANTERN (invented)",
            "owner": "Lantern Otter Animation Ltd",
            "status": "applied_for",
            "classes": "16, 25",
            "filed_on": "2026-09-21",
        },
        ("design", "6000001"): {
            "number": "6000001",
            "title": "Plush toy (invented)",
            "owner": "Lantern Otter Animation Ltd",
            "status": "registered",
            "filed_on": "2024-03-14",
            "registered_on": "2024-04-02",
            "renews_on": "2029-03-14",
        },
        ("patent", "GB2000001"): {
            "number": "GB2000001",
            "title": "Lamp that folds (invented)",
            "owner": "Lantern Otter Animation Ltd",
            "status": "lapsed",
            "filed_on": "2015-01-05",
            "registered_on": "2018-06-20",
        },
    }

    def entry(self, kind: str, number: str) -> Entry | None:
        """What was invented for this number."""
        if number == self.SILENT:
            raise RightsRegisterUnavailable(_why(503))
        found = self.KNOWN.get((kind, number))
        return read_entry(found) if found else None


class NoRegister:
    """Where no register is set up: it knows nothing, and never says that a number is unknown."""

    def entry(self, kind: str, number: str) -> Entry | None:  # noqa: ARG002 nothing is asked of anybody
        """Nothing can be asked here."""
        raise RightsRegisterUnavailable(NOT_SET_UP)


def rights_register(address: str, *, key: str, is_real: bool) -> RightsRegister:
    """The register where there is an address; else the stand-in, and none at all for real businesses."""
    if address:
        return AskedRegister(address, key=key)
    return NoRegister() if is_real else InventedRegister()
