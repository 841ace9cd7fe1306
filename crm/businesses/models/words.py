"""The index that businesses are found by: the words of each, and the trigrams of every word there is."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.db.base import Base

# Compared sign by sign on both engines, so that all words with one beginning stand side by side.
WORD = String(60).with_variant(String(60, collation="C"), "postgresql")
SORTED = String(200).with_variant(String(200, collation="C"), "postgresql")
GRAM = String(3).with_variant(String(3, collation="C"), "postgresql")


class SearchWord(Base):
    """One word that some business has in a name, a number or a postcode district."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(WORD, primary_key=True)


class WordGram(Base):
    """One trigram of a word: a mistyped word is found by those that it still shares."""

    __tablename__ = "word_gram"

    gram: Mapped[str] = mapped_column(GRAM, primary_key=True)
    word: Mapped[str] = mapped_column(WORD, ForeignKey("search_word.word"), primary_key=True)


class BusinessWord(Base):
    """That a business has a word. The same on both engines, so that both find the same in the same order.

    It keeps what the business is sorted by as well: a search for a word that thousands have is put in order within
    the index, before any of the businesses themselves is read.
    """

    __tablename__ = "business_word"
    __table_args__ = (Index("ix_business_word_word", "word", "sort_name", "business_id"),)

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"), primary_key=True)
    word: Mapped[str] = mapped_column(WORD, ForeignKey("search_word.word"), primary_key=True)
    sort_name: Mapped[str] = mapped_column(SORTED)
