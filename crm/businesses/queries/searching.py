"""Running a search on either engine: the businesses that have a word for each term, best first.

What a search costs does not grow with the number of businesses. The words that have the weightiest term as their
beginning stand side by side in the index, already in the order of the ranking, and no more of them are read than are
shown; who meets the other terms is gathered once, from the index alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from crm.businesses.models import Business, BusinessWord, WordGram
from crm.businesses.rules.searching import (
    Tier,
    by_weight,
    grams_of,
    has_figure,
    is_fuzzy,
    is_unfinished_number,
    least_shared,
    terms_of,
    tier_of,
)
from crm.db.session import session

BUSINESS = Business.__table__.c
WORDS = BusinessWord.__table__.c
OTHER = BusinessWord.__table__.alias("other")
LAST_SIGN = "\U0010ffff"
MOST_LIKE_IT = 60
MOST_LOOKED_AT = 1_000
MOST_GATHERED = 12_000


@dataclass(frozen=True)
class Meant:
    """What a term may stand for: itself, what it begins, and the words that hold it or are near it."""

    term: str
    within: tuple[str, ...]
    nearly: tuple[str, ...]

    def begins(self, word: ColumnElement[str]) -> ColumnElement[bool]:
        """That a word is the term, or begins with it where it may be unfinished."""
        if has_figure(self.term) and not is_unfinished_number(self.term):
            return word == self.term
        return and_(word >= self.term, word < self.term + LAST_SIGN)

    def ways(self, word: ColumnElement[str]) -> tuple[ColumnElement[bool], ...]:
        """The ways in which a word meets the term: each a stretch of the index."""
        alike = (*self.within, *self.nearly)
        return (self.begins(word), word.in_(alike)) if alike else (self.begins(word),)


def matches(text: str, *conditions: ColumnElement[bool], most: int | None = None) -> Subquery | None:
    """The businesses that meet every term of a search and the conditions; None where nothing is searched.

    Each once, with its ``business_id``, the ``tier`` and the ``word`` by which it meets the weightiest term, and its
    ``sort_name``: this is the order of the ranking. No more than the ``most`` best; ``count`` is how many they are.
    """
    terms = by_weight(terms_of(text))
    if not terms:
        return None
    first, *others = (_meant(term) for term in terms)
    conditions += tuple(_has_word_for(other) for other in others)
    parts = [select(part.limit(most).subquery()) for part in _ways(first, conditions)]
    found = union_all(*parts).subquery()
    best = select(found).order_by(*ranking(found)).limit(most).subquery()
    return select(best, func.count().over().label("count")).subquery("matches")


def ranking(found: Subquery) -> tuple[ColumnElement[Any], ...]:
    """What matches are sorted by: the best first."""
    return found.c.tier, found.c.word, found.c.sort_name, found.c.business_id


def _ways(meant: Meant, conditions: tuple[ColumnElement[bool], ...]) -> Iterator[Select[Any]]:
    """Who meets a term, way by way. Nobody is met twice: whoever has a better word is left out."""
    word, other = WORDS.word, OTHER.c.word
    tier = case((word == meant.term, literal(int(Tier.EXACT))), else_=literal(int(Tier.BEGINS)))
    better = meant.begins(other)
    yield _met(meant.begins(word), tier, conditions, unless=and_(better, other < word))
    for found, way in ((meant.within, Tier.WITHIN), (meant.nearly, Tier.NEARLY)):
        if found:
            unless = or_(better, and_(other.in_(found), other < word))
            yield _met(word.in_(found), literal(int(way)), conditions, unless=unless)
            better = or_(better, other.in_(found))


def _met(
    way: ColumnElement[bool],
    tier: ColumnElement[int],
    conditions: Iterable[ColumnElement[bool]],
    *,
    unless: ColumnElement[bool],
) -> Select[Any]:
    """Who has a word that meets a term in one way and no better one, in the order of the index."""
    in_order = (WORDS.word, WORDS.sort_name, WORDS.business_id)
    sought = select(WORDS.business_id, tier.label("tier"), WORDS.word, WORDS.sort_name)
    sought = sought.join(Business.__table__, BUSINESS.id == WORDS.business_id)
    return sought.where(way, *conditions, _lacks(unless)).order_by(*in_order)


def _lacks(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    # Not `IS NULL`: PostgreSQL would take that to be rare, and read and sort everything rather than the first few.
    return func.coalesce(_looked_up(condition), 0) != 1


def _has_word_for(meant: Meant) -> ColumnElement[bool]:
    """That a business meets another term: whoever does is gathered once, from the index alone.

    Where so many do that gathering takes longer than looking, it is looked up for each business that comes by: it will
    not be long until the page is full. (Within a CASE neither is done in vain, and PostgreSQL makes no join of it.)
    """
    ways = meant.ways(OTHER.c.word)
    having = union_all(*(select(OTHER.c.business_id).where(way) for way in ways))
    few = having.limit(MOST_GATHERED + 1).subquery()
    is_common = select(func.count() > MOST_GATHERED).select_from(few).scalar_subquery()
    return case((is_common, _looked_up(or_(*ways)).is_not(None)), else_=WORDS.business_id.in_(having))


def _looked_up(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    """1 if the business has another such word, else null: looked up for each, not by reading all that have it."""
    other: Select[Any] = select(literal_column("1")).where(
        OTHER.c.business_id == WORDS.business_id, condition
    )
    return other.limit(1).correlate(BusinessWord.__table__).scalar_subquery()


def _meant(term: str) -> Meant:
    alike = _like_it(term) if is_fuzzy(term) else {}
    within, nearly = (
        tuple(w for w, tier in alike.items() if tier is way) for way in (Tier.WITHIN, Tier.NEARLY)
    )
    return Meant(term, within, nearly)


def _like_it(term: str) -> dict[str, Tier]:
    """The words that hold a term or are near it, best first, with how they meet it."""
    shared = func.count()
    gram = WordGram.__table__.c
    query = (
        select(gram.word)
        .where(gram.gram.in_(sorted(grams_of(term))))
        .group_by(gram.word)
        .having(shared >= least_shared(term))
        .order_by(shared.desc(), gram.word)
        .limit(MOST_LOOKED_AT)
    )
    tiers = {word: tier_of(term, word) for word in session().scalars(query)}
    alike = [(tier, word) for word, tier in tiers.items() if tier in (Tier.WITHIN, Tier.NEARLY)]
    return {word: tier for tier, word in sorted(alike)[:MOST_LIKE_IT]}
