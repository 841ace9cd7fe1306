"""How firm the funding line is: which names change if any one assessor is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from crm.programme.assessing.rules.ranking import Standing, fails, ranked
from crm.programme.assessing.rules.scoring import Key, Tally, total_of
from crm.programme.cohort.rules.choosing import Candidate
from crm.programme.cohort.rules.filling import filled_by_rank
from crm.programme.cohort.rules.money import Purse
from crm.programme.rounds.rules.weights import Weighed
from crm.programme.rounds.workflow import TieRule

Scores = Mapping[UUID, Mapping[UUID, Mapping[Key, int]]]
"""The scores that count: by application, by assessor, by part."""


@dataclass(frozen=True)
class Terms:
    """By what the applications of a round are ranked, and how much money there is."""

    criteria: Sequence[Weighed]
    rule: TieRule
    threshold: int
    least: Mapping[str, int | None]
    titles: Mapping[str, str]
    free: Purse


@dataclass(frozen=True)
class Change:
    """Without one assessor: who would come in, and who would fall out."""

    assessor_id: UUID
    comes_in: tuple[UUID, ...]
    falls_out: tuple[UUID, ...]

    @property
    def is_none(self) -> bool:
        """Whether the same names stay."""
        return not self.comes_in and not self.falls_out


def changes(
    scores: Scores, settled: Mapping[UUID, Mapping[Key, int]], *, rows: Mapping[UUID, Candidate], terms: Terms
) -> list[Change]:
    """What leaving out each assessor would change, one at a time. What was moderated stays as it is."""
    line = _line(_standings(scores, settled, None, terms), rows, terms)
    assessors = {each for given in scores.values() for each in given}
    found = []
    for each in sorted(assessors, key=str):
        without = _line(_standings(scores, settled, each, terms), rows, terms)
        found.append(
            Change(each, tuple(sorted(without - line, key=str)), tuple(sorted(line - without, key=str)))
        )
    return found


def _standings(
    scores: Scores, settled: Mapping[UUID, Mapping[Key, int]], left_out: UUID | None, terms: Terms
) -> list[Standing]:
    """Every application as it would stand: it counts as complete with one assessment fewer."""
    found = []
    for key, given in scores.items():
        kept = [each for account_id, each in given.items() if account_id != left_out]
        tallies = {part: Tally.of([each[part] for each in kept if part in each]) for part in _parts(kept)}
        total = total_of(terms.criteria, tallies, moderated=settled.get(key, {}))
        below = fails(
            total, terms.criteria, threshold=terms.threshold, least=terms.least, titles=terms.titles
        )
        found.append(Standing(key, total, len(kept), 0, fails=below))
    return found


def _parts(given: Sequence[Mapping[Key, int]]) -> set[Key]:
    return {part for each in given for part in each}


def _line(standings: Sequence[Standing], rows: Mapping[UUID, Candidate], terms: Terms) -> set[UUID]:
    """Who is funded by rank under these standings."""
    places = ranked(standings, terms.criteria, rule=terms.rule)
    candidates = [
        Candidate(
            each.standing.id,
            "",
            "",
            each.rank,
            None,
            rows[each.standing.id].asked_for,
            fails=each.standing.fails,
            asked_capital=rows[each.standing.id].asked_capital,
        )
        for each in places
        if each.standing.id in rows
    ]
    return {each.id for each in filled_by_rank(candidates, free=terms.free).chosen}
