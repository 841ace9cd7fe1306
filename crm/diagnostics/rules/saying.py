"""How the audit log says what diagnoses and readiness assessments store."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.diagnostics.rules.readiness import SELLS, Circumstances
from crm.diagnostics.rules.triage import SEVERITIES
from crm.kernel.eligibility import DCMS_GROUPS

ROUTES = {"light": "light route", "warm": "warm route"}


def said_score(tenths: int) -> str:
    """A score that is stored in tenths of a point: 504 is "50.4 out of 100"."""
    return f"{tenths // 10}.{tenths % 10} out of 100"


def said_areas(scores: Mapping[str, int]) -> str:
    """The score of each area of an assessment."""
    return "; ".join(f"{key.replace('_', ' ')}: {said_score(value)}" for key, value in scores.items())


def said_circumstances(stored: Mapping[str, Any]) -> str:
    """What was true of the business when it began."""
    found = Circumstances.read(stored)
    groups = [DCMS_GROUPS.get(each, each) for each in sorted(found.groups)]
    screen = ["bids for screen funding"] if found.is_screen else []
    return "; ".join([*groups, *screen, f"sells {SELLS.get(found.sells, found.sells).lower()}"])


def said_needs(needs: Mapping[str, int]) -> str:
    """Each need with how pressing it is."""
    said = (f"{_plain(key)}: {SEVERITIES[str(value)].lower()}" for key, value in needs.items())
    return "; ".join(said)


def _plain(key: str) -> str:
    words = ("IP" if each == "ip" else each for each in key.split("_"))
    return " ".join(words)
