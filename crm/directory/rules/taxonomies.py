"""The lists of words that the open directory describes services by: needs, kinds of support, stages and sectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from uuid import UUID, uuid5

from crm.directory.rules.labels import NEEDS
from crm.kernel.eligibility import DCMS_GROUPS, STAGES

SPACE = UUID("6f1d6a53-5d0e-5b0c-9a7d-0b7f4c1f8e21")
"""Ids of what has no row of its own are worked out within this space, so that they are the same every time."""

ADVICE = "expertise-and-advice"
SUPPORT_TYPES = {
    "finance": "Finance",
    "equity": "Equity",
    "grant": "Grant",
    "loan": "Loan",
    ADVICE: "Expertise and advice",
}
"""Types of support as the business finance and support finder of GOV.UK words them, without awards: we list none."""
SUPPORT_OF_NEED = {
    "grant": "grant",
    "loan": "loan",
    "equity": "equity",
    "angels": "equity",
    "finance": "finance",
    "tax": "finance",
    "insurance": "finance",
}
"""Which type of support meets a need; every other need is met by expertise and advice."""


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """One list of words. ``column`` is the column of a service that holds them; a type of support is worked out of needs."""

    code: str
    name: str
    description: str
    column: str
    words: Mapping[str, str]

    @cached_property
    def id(self) -> UUID:
        return uuid5(SPACE, self.code)


@dataclass(frozen=True)
class Term:
    """One word of a list."""

    taxonomy: Taxonomy
    code: str
    name: str

    @cached_property
    def id(self) -> UUID:
        return uuid5(self.taxonomy.id, self.code)


NEED = Taxonomy("need", "Needs", "What a creative business wants help with.", "needs", NEEDS)
SUPPORT = Taxonomy(
    "support_type",
    "Types of support",
    "How a service helps, in the words of the finance and support finder on GOV.UK.",
    "needs",
    SUPPORT_TYPES,
)
STAGE = Taxonomy("stage", "Business stages", "How far on in its life a business is.", "stages", STAGES)
SECTOR = Taxonomy(
    "sector",
    "Creative sectors",
    "The nine creative industries of the Department for Culture, Media and Sport.",
    "dcms_groups",
    DCMS_GROUPS,
)
TAXONOMIES = (NEED, SUPPORT, STAGE, SECTOR)


@cache
def terms() -> tuple[Term, ...]:
    """Every word of every list, in their order."""
    return tuple(Term(each, code, name) for each in TAXONOMIES for code, name in each.words.items())


def taxonomy_of(taxonomy_id: UUID) -> Taxonomy | None:
    """The list of this id."""
    return next((each for each in TAXONOMIES if each.id == taxonomy_id), None)


def term_of(term_id: UUID) -> Term | None:
    """The word of this id."""
    return next((each for each in terms() if each.id == term_id), None)


def support_types(needs: Iterable[str]) -> tuple[str, ...]:
    """The types of support that meet these needs, in the order of the list."""
    met = {SUPPORT_OF_NEED.get(need, ADVICE) for need in needs}
    return tuple(each for each in SUPPORT_TYPES if each in met)


def words_of_term(term: Term) -> tuple[str, ...]:
    """What a service's column holds where the term describes it: the word itself, or a need that this support meets."""
    if term.taxonomy is not SUPPORT:
        return (term.code,)
    return tuple(need for need in NEEDS if SUPPORT_OF_NEED.get(need, ADVICE) == term.code)


def terms_of(
    needs: tuple[str, ...], *, stages: tuple[str, ...], sectors: tuple[str, ...]
) -> tuple[Term, ...]:
    """Every term that describes a service, list by list."""
    said = {NEED: needs, SUPPORT: support_types(needs), STAGE: stages, SECTOR: sectors}
    known = _terms_by_word()
    found = (known.get((each.code, word)) for each in TAXONOMIES for word in said[each])
    return tuple(each for each in found if each is not None)


@cache
def _terms_by_word() -> Mapping[tuple[str, str], Term]:
    return {(each.taxonomy.code, each.code): each for each in terms()}
