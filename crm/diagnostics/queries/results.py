"""What a readiness assessment came to, as its page and its report say it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.diagnostics.models import ReadinessCheck, ReadinessSet
from crm.diagnostics.queries.readiness import (
    NO_SECTOR,
    beside,
    cohort_of,
    neighbours,
    similar_to,
)
from crm.diagnostics.rules.carrying import Sheet
from crm.diagnostics.rules.comparing import unlike, weighed_otherwise
from crm.diagnostics.rules.radar import radar
from crm.diagnostics.rules.readiness import (
    IP,
    Asked,
    Circumstances,
    Question,
    answer_in_words,
    read_set,
)
from crm.diagnostics.rules.scoring import NOT_KNOWN, Score, in_words, score, tenths
from crm.diagnostics.workflow import AnsweredBy, SetStatus
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of
from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.kernel.text import series

MOST_READ = 32
OWN_WORDING = "The questions and scores are our own."
NOTES = {IP: "The questions and scores are our own and are not legal advice."}
_read: dict[tuple[UUID, int], Asked] = {}
"""The versions that were read last, by id and version of the row: a published one never changes."""


def read_once(found: ReadinessSet) -> Asked:
    """A version of a question set, read; one that was published is remembered."""
    if found.status is SetStatus.DRAFT:
        return read_set(found.content)
    key = (found.id, found.version)
    asked = _read.get(key) or read_set(found.content)
    _read[key] = asked
    while len(_read) > MOST_READ:
        _read.pop(next(iter(_read)), None)
    return asked


def asked_of(check: ReadinessCheck) -> tuple[Asked, Circumstances]:
    """The question set of an assessment, read, and the circumstances of its business."""
    return read_once(check.question_set), Circumstances.read(check.circumstances)


def token_of(check: ReadinessCheck) -> str:
    """The answers of an assessment as an address carries them to an enquiry, so that they are not told again."""
    asked, of = asked_of(check)
    answers = {key: value for key, value in check.given.items() if value}
    return Sheet(check.set_name, check.question_set.number, of, answers).token(asked)


def result_of(check: ReadinessCheck) -> Score:
    """What the answers of an assessment come to, worked out anew. Its answers must be loaded."""
    asked, of = asked_of(check)
    return score(asked, check.given, of=of)


@dataclass(frozen=True)
class TakenParts:
    """The assessment of a set that a business finished last, and which questions of some of its parts have no answer in it."""

    check: ReadinessCheck
    lacking: tuple[Question, ...]

    @property
    def in_words(self) -> str:
        """When it was finished, with its result: "Finished on 30 November 2026: Exposed, 11.1 out of 100"."""
        assert self.check.finished_at is not None
        found = result_of(self.check)
        asked, _ = asked_of(self.check)
        band = next(each.name for each in asked.bands if each.key == self.check.band)
        band = f"{band} ({NOT_KNOWN})" if found.open_critical else band
        on = day_in_words(day_of(self.check.finished_at))
        return f"Finished on {on}: {band}, {in_words(self.check.score or 0)} out of 100"


def taken_of(found: ReadinessCheck, name: str, *, parts: Collection[str]) -> TakenParts | None:
    """How far some parts of another set are answered in the assessment of it that the business finished last; None without one."""
    check = next((each for each in beside(found) if each.set_name == name), None)
    if check is None:
        return None
    asked, of = asked_of(check)
    wanted = [each for each in asked.for_circumstances(of) if each.area in parts]
    return TakenParts(check, tuple(each for each in wanted if each.option(check.given.get(each.key)) is None))


def result_shown(found: ReadinessCheck) -> dict[str, Any]:
    """What a result says, on its page and on paper."""
    asked, of = asked_of(found)
    (before, newer), given = neighbours(found), found.given
    areas = asked.areas_asked(of)
    earlier = [(before.areas.get(each.key) if before else None) for each in areas]
    scores = [found.areas.get(each.key) for each in areas]
    return {
        "asked": asked,
        "result": score(asked, given, of=of),
        "band": next(each for each in asked.bands if each.key == found.band),
        "areas": list(zip(areas, scores, earlier, strict=True)),
        "chart": radar(scores, earlier),
        "before": before,
        "newer": newer,
        "unlike": _unlike(found, before) if before else "",
        "similar": similar_to(found),
        "told": [(each, answer_in_words(each, given.get(each.key))) for each in asked.for_circumstances(of)],
        "about": [of.in_words()[each] for each in asked.asks],
        "answered_by": who_answered(found),
        "note": NOTES.get(found.set_name, OWN_WORDING),
        "in_words": in_words,
        "tenths": tenths,
    }


def _unlike(found: ReadinessCheck, before: ReadinessCheck) -> str:
    """What keeps a score from comparing with the one before: parts that one of them lacks, and what was told otherwise."""
    asked, of = asked_of(found)
    rows = (
        (each.name, found.areas.get(each.key), before.areas.get(each.key)) for each in asked.areas_asked(of)
    )
    told = weighed_otherwise(asked.asks, now=of, before=Circumstances.read(before.circumstances))
    return " ".join(filter(None, (unlike(rows), told)))


def who_answered(found: ReadinessCheck) -> str:
    """Who gave the answers that stand: the business, an adviser or both together, with their names. Answers must be loaded."""
    givers = {each.by.id: each.by for each in found.answers if each.by is not None}
    people = {key: each.name for key, each in givers.items()}
    own = {key for key, each in givers.items() if _was_let_in(each, found.business_id)}
    told = [found.answered_name] if found.answered_name else []
    names = series(sorted([*people.values(), *told], key=str.casefold)) if people or told else ""
    is_mixed = bool(people.keys() & own or told) and bool(people.keys() - own)
    how = AnsweredBy.TOGETHER if is_mixed else found.answered_by
    words = {AnsweredBy.BUSINESS: "by the business", AnsweredBy.ADVISER: "by an adviser"}.get(how, "together")
    return f"{words} ({names})" if names else words


def _was_let_in(person: Account, business_id: UUID) -> bool:
    """Whether somebody was ever of a business: an answer stays the business's own when its giver leaves."""
    return any(each.role is Role.FOUNDER and each.scope_id == str(business_id) for each in person.grants)


def cohort_shown(actor: Actor, chosen: ReadinessSet) -> dict[str, Any]:
    """What the page across businesses says of one set: only what this person may see is in it."""
    found, asked = cohort_of(actor, chosen.name), read_once(chosen)
    areas = [(each, found.areas.get(each.key)) for each in asked.areas]
    known = [each.name for each in asked.bands]
    sectors = [
        (DCMS_GROUPS.get(key, "No sector recorded"), key or NO_SECTOR, *told)
        for key, told in found.sectors.items()
    ]
    return {
        "cohort": found,
        "bands": [(each, found.bands.get(each, 0)) for each in known],
        "older": sorted((name, count) for name, count in found.bands.items() if name not in known),
        "areas": areas,
        "chart": radar([score * 10 if score is not None else None for _, score in areas]),
        "sectors": sectors,
    }
