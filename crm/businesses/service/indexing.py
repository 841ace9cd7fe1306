"""Keeping the words by which a business is found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from crm.businesses.models import Business, BusinessWord, SearchWord, WordGram
from crm.businesses.rules.searching import grams_of, words_of
from crm.db.session import session


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


def _add(kind: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        is_postgresql = session().get_bind().dialect.name == "postgresql"
        insert = postgresql_insert if is_postgresql else sqlite_insert
        session().execute(insert(kind).on_conflict_do_nothing(), rows)
