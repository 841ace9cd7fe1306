"""An assessment as its pages ask it: area by area, and where each is answered."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from flask import url_for

from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.policy import POLICY
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.queries.results import asked_of
from crm.diagnostics.rules.readiness import DONE, Area, Question, how_far
from crm.diagnostics.rules.since import since_last
from crm.diagnostics.workflow import Act
from crm.web.identity import current_actor


def address(found: ReadinessCheck) -> str:
    """Where an assessment is seen as a whole."""
    return url_for("readiness.assessment", readiness_id=found.id)


def area_address(found: ReadinessCheck, area: Area) -> str:
    """Where one area of it is answered."""
    return url_for("readiness.answer_area", readiness_id=found.id, area_key=area.key)


class Asking:
    """An assessment as its pages ask it: its areas, and the questions of one of them."""

    def __init__(self, found: ReadinessCheck, area_key: str = "") -> None:
        self.check, self.business = found, found.business
        asked, of = asked_of(found)
        self.areas, self.all = asked.areas_asked(of), asked.for_circumstances(of)
        self.area = next((each for each in self.areas if each.key == area_key), None)
        self.questions = self.of(area_key)
        self.not_asked = {each.key: each.text for each in asked.questions if each not in self.all}

    def of(self, area_key: str) -> tuple[Question, ...]:
        """The questions of one area."""
        return tuple(each for each in self.all if each.area == area_key)

    @cached_property
    def changed(self) -> dict[str, str]:
        """What is new or was reworded since the business finished last, by the question: of what is not answered yet."""
        before = queries.latest_finished(self.business.id, self.check.set_name)
        if before is None or before.set_id == self.check.set_id:
            return {}
        (earlier, _), given = asked_of(before), self.check.given
        open_ones = [each for each in self.all if not given.get(each.key)]
        told = {each.key: since_last(each, earlier=earlier, given=before.given) for each in open_ones}
        return {key: words for key, words in told.items() if words}

    @property
    def place(self) -> int:
        """Which area this is, counted from 0."""
        assert self.area is not None
        return self.areas.index(self.area)

    def href_of(self, question: Question) -> str:
        """Where a question is answered."""
        area = next(each for each in self.areas if each.key == question.area)
        return f"{area_address(self.check, area)}#ask-{question.key}"

    @property
    def next_address(self) -> str:
        """The area after this one; after the last, the whole."""
        at = self.place + 1
        return area_address(self.check, self.areas[at]) if at < len(self.areas) else address(self.check)

    def open_parts(self) -> list[tuple[str, str]]:
        """Each area that is not wholly answered, with where it is."""
        rows = (each for each in self.rows() if each["status"] != DONE)
        return [(f"{each['title']}: {each['status']}", each.get("href", "")) for each in rows]

    def rows(self) -> list[dict[str, Any]]:
        """Each area with how far it is answered, for the list of tasks."""
        given, rows = self.check.given, []
        may = POLICY.allows(current_actor(), Act.ANSWER_READINESS, self)
        for each in self.areas:
            chosen = [given.get(question.key) for question in self.of(each.key)]
            told: dict[str, Any] = {"title": each.name, "status": how_far(chosen)}
            told |= {"href": area_address(self.check, each)} if may else {}
            rows.append(told | {"colour": "blue" if None in chosen else None})
        return rows


def area_asked(readiness_id: UUID, area_key: str) -> Asking | None:
    """One area of an assessment; None where the set has none of that name."""
    found = queries.assessment(readiness_id)
    asked = Asking(found, area_key) if found is not None else None
    return asked if asked is not None and asked.area is not None else None
