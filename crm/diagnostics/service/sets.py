"""Making versions of readiness question sets: draft, edit, publish, retire; and loading those that are shipped."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from crm.audit import service as audit
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_shown
from crm.diagnostics.models import ReadinessSet
from crm.diagnostics.policy import POLICY
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.rules.readiness import exact, read_set, wording_faults
from crm.diagnostics.workflow import SETS, Act, SetStatus
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor

WEIGHT = re.compile(r"[0-9]{1,2}(\.[0-9]{1,2})?")
POINTS = re.compile(r"[0-9]{1,3}(\.[0-9])?")
EVERYBODY = {
    "sectors_most": ["all"],
    "screen_priority": False,
    "applies_to": "both",
    "typical_providers": [],
}
NOT_CONTENT = ("name", "version", "title", "source")


def why_not_edit(found: ReadinessSet) -> str | None:
    """Why a version cannot be edited: assessments may have been made with it."""
    if found.status is SetStatus.DRAFT:
        return None
    return "This version has been published, so it cannot change. Copy it to a new draft instead."


@dataclass(frozen=True)
class QuestionDetails:
    """What can be changed of a question in a draft. ``options`` are the labels by value; ``scores`` the points."""

    text: str
    help: str
    weight: str
    is_critical: bool
    next_action: str
    options: Mapping[str, str]
    scores: Mapping[str, int | None]

    def stored(self) -> dict[str, Any]:
        """As the set keeps it."""
        options = [
            {"value": value, "label": label, "score": self.scores[value]}
            for value, label in self.options.items()
        ]
        told = {"text": self.text, "help": self.help, "weight": _weight(self.weight), "options": options}
        return told | {"critical": self.is_critical, "next_action": self.next_action}


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
        if not POINTS.fullmatch(self.least.strip()):
            raise Invalid("Enter points from 0 to 100, like 25 or 37.5", field=f"least_{self.key}")
        told = {"id": self.key, "name": self.name, "min": _number(self.least.strip())}
        return told | {"meaning": self.meaning, "offer": self.offer}


@dataclass(frozen=True)
class ResultDetails:
    """What can be changed of a draft beside its questions."""

    title: str
    intro: str
    bands: tuple[BandDetails, ...]


def draft(source: ReadinessSet, *, by: Actor) -> ReadinessSet:
    """Copy a version to a new draft. A set has one draft at most: that one is gone on with."""
    POLICY.require(by, Act.DRAFT_SET, source)
    rows = queries.versions_of(source.name)
    there = next((each for each in rows if each.status is SetStatus.DRAFT), None)
    if there is not None:
        return there
    number = max(each.number for each in rows) + 1
    fields = {"name": source.name, "number": number, "title": source.title}
    origin = f"Copied from version {source.number}. {source.source}"[:500]
    kept = {"content": source.content, "source": origin, "made_at": now(), "made_by_id": by.account_id}
    made = ReadinessSet(**fields, **kept, _status=SETS.start)
    session().add(made)
    session().flush()
    audit.record(Act.DRAFT_SET, made, created(**fields, source=origin), by=by)
    return made


def edit_question(
    version: ReadinessSet, key: str, *, details: QuestionDetails, seen: int | None = None, by: Actor
) -> None:
    """Change one question of a draft: its words, weight and answers."""
    _require_draft(version, seen, by=by)
    if all(each["id"] != key for each in version.content["questions"]):
        raise Invalid("This draft has no such question.")
    if details.options.keys() != details.scores.keys():
        raise Invalid("Give every answer its words and its score.")
    told = details.stored()
    _replace(version, key, lambda row: {**row, **told}, by=by)


def _weight(typed: str) -> int | str:
    """A weight as it is stored. Raises `Invalid`."""
    if not WEIGHT.fullmatch(typed.strip()):
        raise Invalid("Enter a weight, like 2 or 1.5", field="weight")
    return _number(typed.strip())


def _number(typed: str) -> int | str:
    """A number as the set keeps it: whole where it is whole, else as it is written."""
    found = exact(typed)
    return found.numerator if found.denominator == 1 else typed


def remove_question(version: ReadinessSet, key: str, *, seen: int | None = None, by: Actor) -> None:
    """Remove one question from a draft, and from the rules that name it."""
    _require_draft(version, seen, by=by)
    gates = [
        {**gate, "questions": left}
        for gate in version.content["gates"]
        if (left := [each for each in gate["questions"] if each != key])
    ]
    _replace(version, key, lambda _: None, by=by, gates=gates)


def _require_draft(version: ReadinessSet, seen: int | None, *, by: Actor) -> None:
    POLICY.require(by, Act.EDIT_SET, version)
    refuse_if(why_not_edit(version))
    require_as_shown(version, seen)


def add_question(
    version: ReadinessSet, area: str, *, details: QuestionDetails, seen: int | None = None, by: Actor
) -> str:
    """Add a question to an area of a draft, for every sector alike; return its key."""
    _require_draft(version, seen, by=by)
    if all(each["id"] != area for each in version.content["areas"]):
        raise Invalid("Choose a part of the assessment", field="area")
    taken = {each["id"] for each in version.content["questions"]}
    key = next(f"q{number}" for number in count(1) if f"q{number}" not in taken)
    row = {"id": key, "area": area, **EVERYBODY, **details.stored()}
    content = {**version.content, "questions": [*version.content["questions"], row]}
    _rewrite(version, content, {key: (None, row)}, by=by)
    return key


def edit_results(
    version: ReadinessSet, details: ResultDetails, *, seen: int | None = None, by: Actor
) -> None:
    """Change the title, the introduction and the bands of a draft."""
    _require_draft(version, seen, by=by)
    bands = [each.stored() for each in details.bands]
    before = {"title": version.title, "intro": version.content["intro"], "bands": version.content["bands"]}
    after = {"title": details.title, "intro": details.intro, "bands": bands}
    changes = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    _rewrite(version, {**version.content, "intro": details.intro, "bands": bands}, changes, by=by)
    amend(version, title=details.title)


def _replace(
    version: ReadinessSet,
    key: str,
    change: Callable[[Mapping[str, Any]], dict[str, Any] | None],
    *,
    by: Actor,
    **others: Any,
) -> None:
    """Put a changed question in the place of the old one."""
    before = next((each for each in version.content["questions"] if each["id"] == key), None)
    rows = [change(each) if each["id"] == key else each for each in version.content["questions"]]
    content = {**version.content, **others, "questions": [each for each in rows if each is not None]}
    after = next((each for each in content["questions"] if each["id"] == key), None)
    _rewrite(version, content, {key: (before, after)} if before != after else {}, by=by)


def _rewrite(version: ReadinessSet, content: Mapping[str, Any], changes: Changes, *, by: Actor) -> None:
    """Save a changed draft; refuse what could not be asked any longer."""
    _require_sound(content)
    if changes:
        amend(version, content=content)
        audit.record(Act.EDIT_SET, version, changes, by=by)


def _require_sound(content: Mapping[str, Any]) -> None:
    try:
        faults = wording_faults(read_set(content))
    except (ValueError, KeyError, ZeroDivisionError) as error:
        raise Invalid(f"This would leave questions that cannot be asked. {error}") from error
    if faults:
        raise Invalid(" ".join(faults))


def publish(version: ReadinessSet, *, by: Actor) -> ReadinessSet:
    """Ask a draft from now on. The version asked before is retired; assessments begun under it can be finished."""
    POLICY.require(by, Act.PUBLISH_SET, version)
    SETS.target(Act.PUBLISH_SET, version.status, thing=version)
    _require_sound(version.content)
    earlier = queries.published_set(version.name)
    if earlier is not None:
        retire(earlier, by=by)
        session().flush()
    changes = advance(SETS, version, Act.PUBLISH_SET) | amend(version, published_at=now())
    audit.record(Act.PUBLISH_SET, version, changes, by=by)
    return version


def retire(version: ReadinessSet, *, by: Actor) -> ReadinessSet:
    """Stop asking a version. Assessments begun under it can be finished."""
    POLICY.require(by, Act.RETIRE_SET, version)
    changes = advance(SETS, version, Act.RETIRE_SET) | amend(version, retired_at=now())
    audit.record(Act.RETIRE_SET, version, changes, by=by)
    return version


def load_shipped() -> dict[str, int]:
    """Publish the readiness sets that come with the product, where there is no version of them yet."""
    added = 0
    for name in queries.SHIPPED:
        wanted = queries.shipped_set(name)
        content = {key: value for key, value in wanted.items() if key not in NOT_CONTENT}
        read_set(content)
        there = {each.number: each for each in queries.versions_of(name)}
        known = there.get(wanted["version"])
        if known is not None and known.source == wanted["source"] and known.content != content:
            raise Conflict(f"The question set {name} was changed without a new version.")
        if not there:
            session().add(_published(wanted, content))
            added += 1
    return {"readiness question sets": added}


def _published(wanted: Mapping[str, Any], content: Mapping[str, Any]) -> ReadinessSet:
    told = {"name": wanted["name"], "number": wanted["version"], "title": wanted["title"]}
    return ReadinessSet(
        **told,
        content=dict(content),
        source=wanted["source"],
        made_at=now(),
        published_at=now(),
        _status=SetStatus.PUBLISHED,
    )
