"""Assessments that are answered without an account: read from an address, and kept nowhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crm.diagnostics.models import ReadinessSet
from crm.diagnostics.queries.readiness import latest_set, similar_in, version_numbered
from crm.diagnostics.queries.results import NOTES, OWN_WORDING, read_once
from crm.diagnostics.rules.carrying import Sheet, number_in, sheet_of
from crm.diagnostics.rules.radar import radar
from crm.diagnostics.rules.readiness import Area, Asked, Circumstances, Question, answer_in_words
from crm.diagnostics.rules.scoring import NOT_KNOWN, Score, in_words, score, tenths


@dataclass(frozen=True)
class Opened:
    """One question set as a visitor answers it: the version, read, and the answers so far."""

    set: ReadinessSet
    asked: Asked
    sheet: Sheet
    is_damaged: bool = False

    @property
    def of(self) -> Circumstances:
        """What is true of the business."""
        return self.sheet.of

    @property
    def areas(self) -> tuple[Area, ...]:
        """The parts that such a business is asked."""
        return self.asked.areas_asked(self.of)

    @cached_property
    def result(self) -> Score:
        """What the answers come to."""
        return score(self.asked, self.sheet.answers, of=self.of)

    def questions(self, area_key: str) -> tuple[Question, ...]:
        """The questions of one part."""
        return tuple(each for each in self.asked.for_circumstances(self.of) if each.area == area_key)

    def code(self, sheet: Sheet | None = None) -> str:
        """The answers as an address carries them."""
        return (sheet or self.sheet).code(self.asked)


def opened(name: str, code: str) -> Opened | None:
    """A set with the answers in a code: in the version that the code names, else in the one asked today, or last.

    It is damaged where the code is not one that we wrote, so that answers may be missing.
    """
    number, given = number_in(code), code
    found = version_numbered(name, number) if number else None
    if found is None:
        found, code = latest_set(name), ""
    if found is None:
        return None
    asked = read_once(found)
    sheet = sheet_of(code, asked, name=name, number=found.number)
    is_damaged = bool(given) and sheet.code(asked).rstrip(".") != given.rstrip(".")
    return Opened(found, asked, sheet, is_damaged)


def opened_by(token: str) -> Opened | None:
    """The same for what an enquiry carries; None where it is not ours or holds no answer."""
    name, _, code = token.partition(".")
    found = opened(name, code)
    return found if found is not None and found.sheet.answers else None


def told_in_words(token: str) -> tuple[str, str, str]:
    """What an enquiry carries: the title of the set, how far it was answered, and the code for its address."""
    found = opened_by(token)
    if found is None:
        return "", "", ""
    result = found.result
    done = f"{result.answered} of {result.asked} questions answered"
    if result.band is not None and result.overall is not None:
        band = f"{result.band.name} ({NOT_KNOWN})" if result.open_critical else result.band.name
        done = f"{band}, {in_words(tenths(result.overall))} out of 100; {done}"
    return found.set.title, done, found.code()


def carried_in_words(tokens: Iterable[str]) -> dict[str, str]:
    """Assessments that an enquiry carries, each in a sentence; what is not ours is left out."""
    told = {each: told_in_words(each) for each in tokens}
    return {each: f"{title}: {done}" for each, (title, done, _code) in told.items() if title}


def open_result_shown(found: Opened) -> dict[str, Any]:
    """What the result of a visitor says."""
    result, areas = found.result, found.areas
    scores = [tenths(result.areas[each.key]) if each.key in result.areas else None for each in areas]
    sector = min(found.of.groups, default=None)
    return {
        "result": result,
        "score": tenths(result.overall) if result.overall is not None else None,
        "areas": list(zip(areas, scores, strict=True)),
        "chart": radar(scores),
        "similar": similar_in(found.set.name, sector, areas=[each.key for each in areas]),
        "told": [
            (each, answer_in_words(each, found.sheet.answers.get(each.key)))
            for each in found.asked.for_circumstances(found.of)
        ],
        "note": NOTES.get(found.set.name, OWN_WORDING),
        "in_words": in_words,
        "tenths": tenths,
    }
