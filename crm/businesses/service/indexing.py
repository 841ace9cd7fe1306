"""The words by which a business is found, written with its names and rebuilt when the rule of names changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import set_committed_value

from crm.businesses.models import Business, BusinessWord, SearchWord, WordGram
from crm.businesses.rules.naming import match_name, sort_name
from crm.businesses.rules.searching import grams_of, words_of
from crm.db.session import session

AT_ONCE = 500


def index(business: Business, further_names: Iterable[str] = ()) -> None:
    """Let a business be found by the words it has now, and by no others. Two at once add a word once."""
    names = (business.name, *further_names)
    words = words_of(names, number=business.company_number, outcode=business.trading_outcode)
    session().execute(delete(BusinessWord).where(BusinessWord.business_id == business.id))
    if not words:
        return
    known = set(session().scalars(select(SearchWord.word).where(SearchWord.word.in_(words))))
    new = sorted(words - known)
    _add(SearchWord, [{"word": word} for word in new])
    _add(WordGram, [{"gram": gram, "word": word} for word in new for gram in sorted(grams_of(word))])
    owned = {"business_id": business.id, "sort_name": business.sort_name}
    _add(BusinessWord, [{"word": word, **owned} for word in sorted(words)])


def rebuild() -> int:
    """Write anew what every business is found, sorted and compared by, from its names as they stand. Returns how many."""
    count = 0
    query = select(Business).options(selectinload(Business.names)).order_by(Business.id)
    for business in session().scalars(query.execution_options(yield_per=AT_ONCE)):
        derived = {"sort_name": sort_name(business.name), "match_name": match_name(business.name)}
        row = update(Business).where(Business.id == business.id).values(**derived)
        session().execute(row.execution_options(synchronize_session=False))
        set_committed_value(business, "sort_name", derived["sort_name"])
        index(business, [each.name for each in business.names])
        count += 1
    used = select(BusinessWord.word)
    session().execute(delete(WordGram).where(WordGram.word.not_in(used)))
    session().execute(delete(SearchWord).where(SearchWord.word.not_in(used)))
    return count


def _add(kind: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        is_postgresql = session().get_bind().dialect.name == "postgresql"
        insert = postgresql_insert if is_postgresql else sqlite_insert
        session().execute(insert(kind).on_conflict_do_nothing(), rows)
