"""Running a search on either engine: the words that meet each term, and the businesses that have them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, literal, or_, select

from crm.businesses.models import BusinessWord, WordGram
from crm.businesses.rules.searching import (
    Tier,
    grams_of,
    has_figure,
    is_fuzzy,
    is_unfinished_number,
    least_shared,
    terms_of,
    tier_of,
)
from crm.db.session import session

WORDS = BusinessWord.__table__.c
LAST_SIGN = "\U0010ffff"
MOST_LIKE_IT = 60
MOST_LOOKED_AT = 1_000


def matches(text: str) -> Subquery | None:
    """The ids of the businesses that meet every term of a search, with their ``rank``; None where nothing is searched.

    One short query for each term that may be mistyped finds the words that it may mean; the rest is part of the
    query of the list.
    """
    found = [_meeting(term) for term in terms_of(text)]
    if not found:
        return None
    first, *others = found
    joined: Any = first
    rank: ColumnElement[int] = first.c.tier
    query = select(first.c.business_id)
    for other in others:
        joined = joined.join(other, other.c.business_id == first.c.business_id)
        rank = rank + other.c.tier
    return query.add_columns(rank.label("rank")).select_from(joined).subquery("matches")


def _meeting(term: str) -> Subquery:
    """The businesses with a word that meets a term, and the best way in which one does."""
    begins = and_(WORDS.word >= term, WORDS.word < term + LAST_SIGN)
    alike = like_it(term) if is_fuzzy(term) else {}
    within = [word for word, tier in alike.items() if tier is Tier.WITHIN]
    ways: list[ColumnElement[bool]] = [
        WORDS.word == term if has_figure(term) and not is_unfinished_number(term) else begins
    ]
    if alike:
        ways.append(WORDS.word.in_(alike))
    tier = case(
        (WORDS.word == term, literal(int(Tier.EXACT))),
        (begins, literal(int(Tier.BEGINS))),
        (WORDS.word.in_(within), literal(int(Tier.WITHIN))),
        else_=literal(int(Tier.NEARLY)),
    )
    best = func.min(tier).label("tier")
    return select(WORDS.business_id, best).where(or_(*ways)).group_by(WORDS.business_id).subquery()


def like_it(term: str) -> dict[str, Tier]:
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
