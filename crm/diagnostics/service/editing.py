"""Editing a draft of a readiness question set: its questions and their order, its results, and its rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from crm.audit import service as audit
from crm.db.changes import Changes, amend
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
from crm.diagnostics.workflow import Act, SetStatus
from crm.kernel.errors import Invalid
from crm.kernel.folding import folded
from crm.kernel.permissions import Actor
from crm.kernel.text import is_blank


def why_not_edit(found: ReadinessSet) -> str | None:
    """Why a version cannot be edited: assessments may have been made with it, or it was discarded."""
    if found.status is SetStatus.DRAFT:
        return None
    if found.status is SetStatus.DISCARDED:
        return "This draft was discarded, so it cannot change."
    return "This version has been published, so it cannot change. Copy it to a new draft instead."


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

    def stored(self, key: str) -> dict[str, Any]:
        """As the set keeps it. Raises `Invalid` at the first field that is wrong."""
        options = [{"value": each.value, "label": each.label, "score": each.score} for each in self.answers]
        told: dict[str, Any] = {
            "id": key,
            "area": self.area,
            "text": self.text,
            "help": self.help,
            "options": options,
        }
        told |= {"critical": self.is_critical, "next_action": self.next_action}
        require_none([*faults_in_question(told, empty=self.empty), *weight_fault(self.weight)])
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

    def stored(self) -> dict[str, Any]:
        """As the set keeps it. Raises `Invalid`."""
        require_none(points_fault(self.least, field=f"least_{self.key}"))
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

    def parts(self) -> list[dict[str, Any]]:
        """The parts with their names and weights, as the set keeps them. Raises `Invalid`."""
        called: set[str] = set()
        for key, name, weight in self.areas:
            require_none(weight_fault(weight, field=f"partweight_{key}"))
            if is_blank(name):
                raise Invalid("Enter the name of the part", field=f"partname_{key}")
            if folded(name).strip() in called:
                raise Invalid("Two parts have this name. Give each its own", field=f"partname_{key}")
            called.add(folded(name).strip())
        return [
            {"id": key, "name": name.strip(), "weight": number(weight.strip())}
            for key, name, weight in self.areas
        ]

    def scoring(self) -> dict[str, Any]:
        """As the set keeps it. Raises `Invalid`."""
        require_none(share_fault(self.share, field="share"))
        for name in ("sector_boost", "screen_boost"):
            require_none(boost_fault(getattr(self, name), field=name))
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
    for field, words in faults:
        raise Invalid(words, field=field)


def require_draft(version: ReadinessSet, seen: int | None, *, by: Actor) -> None:
    POLICY.require(by, Act.EDIT_SET, version)
    refuse_if(why_not_edit(version))
    require_as_shown(version, seen)


def edit_question(
    version: ReadinessSet, key: str, *, details: QuestionDetails, seen: int | None = None, by: Actor
) -> None:
    """Change one question of a draft: its words, answers and weight, whom it is for, and where it stands."""
    require_draft(version, seen, by=by)
    before = next((each for each in version.content["questions"] if each["id"] == key), None)
    if before is None:
        raise Invalid("This draft has no such question.")
    _put(version, before, details, key, by=by)


def add_question(
    version: ReadinessSet, *, details: QuestionDetails, seen: int | None = None, by: Actor
) -> str:
    """Add a question to a draft; return its key."""
    require_draft(version, seen, by=by)
    taken = {each["id"] for each in version.content["questions"]}
    key = next(f"q{place}" for place in count(1) if f"q{place}" not in taken)
    _put(version, None, details, key, by=by)
    return key


def _put(
    version: ReadinessSet, before: Mapping[str, Any] | None, details: QuestionDetails, key: str, *, by: Actor
) -> None:
    """Put a question where it belongs, and note what changed of it, of the order and of the parts."""
    areas, area = _areas_with(version, details)
    row, rows = {**details.stored(key), "area": area}, version.content["questions"]
    after = placed(rows, row, place=details.place)
    changes: Changes = {key: (before, row)} if before != row else {}
    if before is not None and [each["id"] for each in rows] != [each["id"] for each in after]:
        changes["order"] = (rows.index(before) + 1, after.index(row) + 1)
    content = without_empty_areas({**version.content, "areas": areas, "questions": after})
    if version.content["areas"] != content["areas"]:
        changes["areas"] = (version.content["areas"], content["areas"])
    rewrite(version, content, changes=changes, by=by)


def _areas_with(version: ReadinessSet, details: QuestionDetails) -> tuple[list[Any], str]:
    """The parts of a draft, with the new one that a question begins, and the key of the question's part."""
    areas = list(version.content["areas"])
    if details.area != NEW_AREA:
        if all(each["id"] != details.area for each in areas):
            raise Invalid("Choose a part of the assessment", field="area")
        return areas, details.area
    require_none(faults_in_new_area(areas, name=details.new_area, weight=details.new_area_weight))
    taken = {each["id"] for each in areas}
    key = next(f"part{place}" for place in count(1) if f"part{place}" not in taken)
    weight = number(details.new_area_weight.strip())
    return [*areas, {"id": key, "name": details.new_area.strip(), "weight": weight}], key


def remove_question(version: ReadinessSet, key: str, *, seen: int | None = None, by: Actor) -> None:
    """Remove one question from a draft, and from the rules that name it. A part goes with its last question."""
    require_draft(version, seen, by=by)
    before = next((each for each in version.content["questions"] if each["id"] == key), None)
    changes: Changes = {key: (before, None)} if before else {}
    rewrite(version, without_questions(version.content, {key}), changes=changes, by=by)


def edit_results(
    version: ReadinessSet, details: ResultDetails, *, seen: int | None = None, by: Actor
) -> None:
    """Change the title, the introduction, the bands and how answers are weighed in a draft."""
    require_draft(version, seen, by=by)
    bands, scoring = [each.stored() for each in details.bands], _scoring(version, details)
    require_none(faults_in_bands(bands))
    kept = {name: version.content[name] for name in ("intro", "bands", "scoring", "areas")}
    before = {"title": version.title, **kept}
    after = {"title": details.title, "intro": details.intro, "bands": bands, "scoring": scoring}
    after |= {"areas": details.parts() or version.content["areas"]}
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    content = {name: value for name, value in after.items() if name != "title"}
    rewrite(version, {**version.content, **content}, changes=changes, by=by)
    amend(version, title=details.title)


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
    _rewrite_rules(version, gates, by=by)


def remove_rule(version: ReadinessSet, place: int, *, seen: int | None = None, by: Actor) -> None:
    """Remove the rule at a place of a draft, counted from 1."""
    require_draft(version, seen, by=by)
    gates = [each for at, each in enumerate(version.content["gates"], start=1) if at != place]
    _rewrite_rules(version, gates, by=by)


def _rewrite_rules(version: ReadinessSet, gates: Sequence[Mapping[str, Any]], *, by: Actor) -> None:
    before = version.content["gates"]
    changes: Changes = {"rules": (before, list(gates))} if before != list(gates) else {}
    rewrite(version, {**version.content, "gates": list(gates)}, changes=changes, by=by)


def rewrite(version: ReadinessSet, content: Mapping[str, Any], *, changes: Changes, by: Actor) -> None:
    """Save a changed draft; refuse what could not be asked any longer."""
    require_sound(content)
    if changes:
        amend(version, content=content)
        audit.record(Act.EDIT_SET, version, changes, by=by)


def require_sound(content: Mapping[str, Any]) -> None:
    """Refuse a content that could not be asked. Raises `Invalid`."""
    try:
        asked = read_set(content)
        faults = [*wording_faults(asked), *weighing_faults(asked)]
    except (ValueError, KeyError, ZeroDivisionError) as error:
        raise Invalid(f"This would leave questions that cannot be asked. {error}") from error
    if faults:
        raise Invalid(" ".join(faults))
