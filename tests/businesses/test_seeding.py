"""Bulk invented businesses keep every rule that the verbs keep."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.businesses.jobs.seeding import sow
from crm.businesses.models import Business, BusinessName, BusinessWord, Person, WordGram, YearlyFigures
from crm.businesses.queries.facts import confidence_pct
from crm.businesses.rules.inventing import invent
from crm.businesses.rules.naming import match_name, sort_name
from crm.businesses.rules.searching import grams_of, words_of
from crm.businesses.rules.sectors import groups_of
from crm.kernel.clock import today
from crm.places.queries import known_sectors, locate
from tests.houses import Houses, run

COUNT = 400


def test_every_invented_business_is_as_the_verbs_would_have_made_it(
    app: Flask, reference: None, db: Session
) -> None:
    assert sow(COUNT, seed=1) == COUNT
    rows = db.scalars(select(Business)).all()
    names = {each.business_id: each.name for each in db.scalars(select(BusinessName))}
    words: dict[object, set[str]] = {}
    for owner, word in db.execute(select(BusinessWord.business_id, BusinessWord.word)):
        words.setdefault(owner, set()).add(word)
    for row in rows:
        found = locate(row.trading_postcode or "")
        assert (row.sort_name, row.match_name) == (sort_name(row.name), match_name(row.name))
        assert (row.authority, row.place_method, row.place_confidence) == (
            found.authority,
            str(found.method),
            confidence_pct(found),
        )
        assert row.dcms_groups == groups_of(row.sic_codes)
        further = (row.name, names[row.id]) if row.id in names else (row.name,)
        assert words[row.id] == words_of(further, number=row.company_number, outcode=row.trading_outcode)
    assert len({row.id for row in rows}) == len(rows) == COUNT


def test_the_grams_of_every_word_are_there(app: Flask, reference: None, db: Session) -> None:
    sow(50, seed=2)
    grams: dict[str, set[str]] = {}
    for word, gram in db.execute(select(WordGram.word, WordGram.gram)):
        grams.setdefault(word, set()).add(gram)
    assert grams
    assert all(found == grams_of(word) for word, found in grams.items())


def test_the_same_seed_invents_the_same_and_everybody_is_reached_nowhere(
    app: Flask, reference: None, db: Session
) -> None:
    sow(30, seed=3)
    first = sorted(db.scalars(select(Business.name)))
    assert all(each.endswith("@invented.example") for each in db.scalars(select(Person.email)) if each)
    assert db.scalar(select(func.count()).select_from(YearlyFigures))
    assert first == sorted(each.name for each in invent(30, known_sectors(), seed=3, on=today()))


def test_the_command_says_how_many_it_made(houses: Houses, engine_name: str) -> None:
    app = houses.copy(engine_name, of=houses.furnished(engine_name))
    assert "Invented 60 businesses" in run(app, "seed", "--businesses", "60")
    app.extensions["database"].engine.dispose()
