"""Editing a draft of a readiness question set: its questions and their order, its results, and its rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.states import refuse_if, require_as_shown
from crm.diagnostics.models import ReadinessSet
from crm.diagnostics.policy import POLICY
from crm.diagnostics.rules.editing import (
    NEW_AREA,
    Fault,
    boost_fault,
    faults_in_bands,
    faults_in_new_area,
    faults_in_question,
    faults_in_rule,
    in_order_of,
    number,
    placed,
    points_fault,
    share_fault,
    weighing_faults,
    weight_fault,
    without_empty_areas,
    without_questions,
)
from crm.diagnostics.rules.readiness import EVERY, exact, read_set, wording_faults
from crm.diagnostics.rules.telling import told_of
from crm.diagnostics.workflow import Act, SetStatus
from crm.kernel.errors import Elsewhere, Invalid, refuse_all
from crm.kernel.folding import folded
from crm.kernel.permissions import Actor
from crm.kernel.text import is_blank


def why_not_edit(found: ReadinessSet) -> str | None:
    """Why a version cannot be edited: assessments may have been made with it, or it was discarded."""
    if found.status is SetStatus.DRAFT:
        return None
    if found.status is SetStatus.DISCARDED:
        return Elsewhere("This draft was discarded, so it cannot change.", found)
    words = "This version has been published, so it cannot change. Copy it to a new draft instead."
    return Elsewhere(words, found)


@dataclass(frozen=True)
class AnswerDetails:
    """One answer: its words, and its score, 0 to 3, or None where the question does not apply."""

    value: str
    label: str
    score: int | None


@dataclass(frozen=True)
class QuestionDetails:
    """A question of a draft. ``place`` counts from 1 in its part; ``empty`` names the first answer that was left empty.

    Where ``area`` is `NEW_AREA`, the question begins a new part of this name and weight.
    """

    area: str
    place: int
    text: str
    help: str
    weight: str
    is_critical: bool
    next_action: str
    answers: tuple[AnswerDetails, ...]
    applies_to: str
    groups: tuple[str, ...]
    is_screen: bool
    providers: tuple[str, ...]
    empty: str = "text"
    new_area: str = ""
    new_area_weight: str = "1"

    def faults(self, areas: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
        """Everything that is wrong with it, beside the parts that there are."""
        yield from faults_in_question(self._worded(), empty=self.empty)
        yield from weight_fault(self.weight)
        if self.area == NEW_AREA:
            yield from faults_in_new_area(list(areas), name=self.new_area, weight=self.new_area_weight)

    def _worded(self) -> dict[str, Any]:
        options = [{"value": each.value, "label": each.label, "score": each.score} for each in self.answers]
        told: dict[str, Any] = {"area": self.area, "text": self.text, "help": self.help, "options": options}
        return told | {"critical": self.is_critical, "next_action": self.next_action}

    def stored(self, key: str) -> dict[str, Any]:
        """As the set keeps it."""
        told = {"id": key, **self._worded()}
        told |= {"weight": number(self.weight.strip()), "applies_to": self.applies_to}
        told |= {"sectors_most": list(self.groups) or [EVERY], "screen_priority": self.is_screen}
        return told | {"typical_providers": list(self.providers)}


@dataclass(frozen=True)
class BandDetails:
    """One result in words, from ``least`` points out of 100 upwards, as typed."""

    key: str
    name: str
    least: str
    meaning: str
    offer: str

    def faults(self, of: str = "it") -> Iterable[Fault]:
        """What is wrong with the points it begins at; ``of`` says which result, where a page shows several."""
        return points_fault(self.least, field=f"least_{self.key}", of=of)

    def stored(self) -> dict[str, Any]:
        """As the set keeps it. Raises `Invalid`."""
        require_none(self.faults())
        told = {"id": self.key, "name": self.name, "min": number(self.least.strip())}
        return told | {"meaning": self.meaning, "offer": self.offer}


@dataclass(frozen=True)
class ResultDetails:
    """What can be changed of a draft beside its questions and rules, as typed.

    ``share`` is how many per cent of the questions have to be answered; the boosts are how many times a question counts
    where the sector of a business, or its bid for screen funding, turns on it.
    """

    title: str
    intro: str
    bands: tuple[BandDetails, ...]
    share: str
    sector_boost: str
    screen_boost: str
    areas: tuple[tuple[str, str, str], ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Everything that is wrong: parts, results and how answers are weighed."""
        yield from share_fault(self.share, field="share")
        yield from boost_fault(self.sector_boost, field="sector_boost", where="in its sectors")
        yield from boost_fault(self.screen_boost, field="screen_boost", where="for a bid for screen funding")
        yield from self._faults_in_parts()
        bands = enumerate(self.bands, start=1)
        points = [fault for place, each in bands for fault in each.faults(f"result {place}")]
        yield from points or faults_in_bands([each.stored() for each in self.bands])

    def _faults_in_parts(self) -> Iterator[Fault]:
        called: set[str] = set()
        for place, (key, name, weight) in enumerate(self.areas, start=1):
            yield from weight_fault(weight, field=f"partweight_{key}", of=f"a weight for part {place}")
            if is_blank(name):
                yield f"partname_{key}", f"Enter the name of part {place}"
            if folded(name).strip() in called:
                yield f"partname_{key}", f"Part {place} has the name of another. Give each its own"
            called.add(folded(name).strip())

    def parts(self) -> list[dict[str, Any]]:
        """The parts with their names and weights, as the set keeps them."""
        return [
            {"id": key, "name": name.strip(), "weight": number(weight.strip())}
            for key, name, weight in self.areas
        ]

    def scoring(self) -> dict[str, Any]:
        """As the set keeps it."""
        share = exact(self.share.strip()) / 100
        boosts = {name: number(getattr(self, name).strip()) for name in ("sector_boost", "screen_boost")}
        return {"minimum_answered_share": f"{float(share):.3f}", **boosts}


@dataclass(frozen=True)
class RuleDetails:
    """What follows where one of some questions scores less than ``below``: words, and a highest result or none.

    ``holds`` are the questions whose actions wait until then; with ``holds_offer`` the support for the result waits too.
    """

    questions: tuple[str, ...]
    below: int
    cap: str
    only_screen: bool
    words: str
    holds: tuple[str, ...] = ()
    holds_offer: bool = False

    def stored(self) -> dict[str, Any]:
        """As the set keeps it. Raises `Invalid`."""
        told: dict[str, Any] = {"questions": list(self.questions), "below": self.below, "words": self.words}
        told |= {"holds": list(self.holds)} if self.holds else {}
        require_none(faults_in_rule(told))
        told |= {"cap": self.cap} if self.cap else {}
        told |= {"holds_offer": True} if self.holds_offer else {}
        return told | ({"only": "screen"} if self.only_screen else {})


def require_none(faults: Iterable[Fault]) -> None:
    """Refuse with everything that is wrong. Raises `Invalid`, which carries the others."""
    refuse_all(Invalid(words, field=field) for field, words in faults)


def require_draft(version: ReadinessSet, seen: int | None, *, by: Actor) -> None:
    POLICY.require(by, Act.EDIT_SET, version)
    refuse_if(why_not_edit(version))
    require_as_shown(version, seen)


def edit_question(
    version: ReadinessSet, key: str, *, details: QuestionDetails, seen: int | None = None, by: Actor
) -> None:
    """Change one question of a draft: its words, answers and weight, whom it is for, and where it stands."""
    require_draft(version, seen, by=by)
    if all(each["id"] != key for each in version.content["questions"]):
        raise Invalid("This draft has no such question.")
    _put(version, details, key, by=by)


def add_question(
    version: ReadinessSet, *, details: QuestionDetails, seen: int | None = None, by: Actor
) -> str:
    """Add a question to a draft; return its key."""
    require_draft(version, seen, by=by)
    taken = {each["id"] for each in version.content["questions"]}
    key = next(f"q{place}" for place in count(1) if f"q{place}" not in taken)
    _put(version, details, key, by=by)
    return key


def _put(version: ReadinessSet, details: QuestionDetails, key: str, *, by: Actor) -> None:
    """Put a question where it belongs, in its part."""
    require_none(details.faults(version.content["areas"]))
    areas, area = _areas_with(version, details)
    row = {**details.stored(key), "area": area}
    before: Mapping[str, Any] = next((each for each in version.content["questions"] if each["id"] == key), {})
    row["typical_providers"] = in_order_of(before.get("typical_providers", ()), row["typical_providers"])
    after = placed(version.content["questions"], row, place=details.place)
    rewrite(version, without_empty_areas({**version.content, "areas": areas, "questions": after}), by=by)


def _areas_with(version: ReadinessSet, details: QuestionDetails) -> tuple[list[Any], str]:
    """The parts of a draft, with the new one that a question begins, and the key of the question's part."""
    areas = list(version.content["areas"])
    if details.area != NEW_AREA:
        if all(each["id"] != details.area for each in areas):
            raise Invalid("Choose a part of the assessment", field="area")
        return areas, details.area
    taken = {each["id"] for each in areas}
    key = next(f"part{place}" for place in count(1) if f"part{place}" not in taken)
    weight = number(details.new_area_weight.strip())
    return [*areas, {"id": key, "name": details.new_area.strip(), "weight": weight}], key


def remove_question(version: ReadinessSet, key: str, *, seen: int | None = None, by: Actor) -> None:
    """Remove one question from a draft, and from the rules that name it. A part goes with its last question."""
    require_draft(version, seen, by=by)
    rewrite(version, without_questions(version.content, {key}), by=by)


def edit_results(
    version: ReadinessSet, details: ResultDetails, *, seen: int | None = None, by: Actor
) -> None:
    """Change the title, the introduction, the bands and how answers are weighed in a draft."""
    require_draft(version, seen, by=by)
    require_none(details.faults())
    bands, scoring = [each.stored() for each in details.bands], _scoring(version, details)
    after = {"intro": details.intro, "bands": bands, "scoring": scoring}
    after |= {"areas": details.parts() or version.content["areas"]}
    rewrite(version, {**version.content, **after}, title=details.title, by=by)


def _scoring(version: ReadinessSet, details: ResultDetails) -> dict[str, Any]:
    """How answers are weighed; what is the same number stays as it is written."""
    before, after = version.content["scoring"], details.scoring()
    return {
        name: before[name] if exact(before[name]) == exact(value) else value for name, value in after.items()
    }


def save_rule(
    version: ReadinessSet, place: int | None, *, details: RuleDetails, seen: int | None = None, by: Actor
) -> None:
    """Change the rule at a place of a draft, counted from 1, or add one where there is no place."""
    require_draft(version, seen, by=by)
    gates, row = list(version.content["gates"]), details.stored()
    if place is None:
        gates.append(row)
    else:
        gates[place - 1] = row
    rewrite(version, {**version.content, "gates": gates}, by=by)


def remove_rule(version: ReadinessSet, place: int, *, seen: int | None = None, by: Actor) -> None:
    """Remove the rule at a place of a draft, counted from 1."""
    require_draft(version, seen, by=by)
    gates = [each for at, each in enumerate(version.content["gates"], start=1) if at != place]
    rewrite(version, {**version.content, "gates": gates}, by=by)


def rewrite(version: ReadinessSet, content: Mapping[str, Any], *, title: str = "", by: Actor) -> None:
    """Save a changed draft, and note in words what differs; refuse what could not be asked any longer."""
    require_sound(content)
    before, told = version.content, amend(version, content=content, title=title or version.title)
    if told:
        changes = {name: told[name] for name in ("title",) if name in told}
        audit.record(Act.EDIT_SET, version, {**changes, **told_of(before, content)}, by=by)


def require_sound(content: Mapping[str, Any]) -> None:
    """Refuse a content that could not be asked. Raises `Invalid`."""
    try:
        asked = read_set(content)
        faults = [*wording_faults(asked), *weighing_faults(asked)]
    except (ValueError, KeyError, ZeroDivisionError) as error:
        raise Invalid(f"This would leave questions that cannot be asked. {error}") from error
    if faults:
        raise Invalid(" ".join(faults))
