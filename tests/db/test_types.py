"""Values come back from the database as they went in, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, literal_column, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from crm.db.types import has_word
from crm.kernel.money import Money
from tests.db.beads import Bead, Colour, kept, thread

ON_ROWS = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
PENCE = st.integers(-(2**53), 2**53)
# Hypothesis wants its bounds without a zone, and puts one to each moment itself.
FIRST, LAST = datetime(1900, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001
MOMENTS = st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.timezones())
WORDS = st.lists(st.from_regex(r"[a-z0-9_%]{1,12}", fullmatch=True), unique=True, max_size=6).map(tuple)


@pytest.fixture
def beads(db: Session) -> Session:
    thread(db)
    return db


@ON_ROWS
@given(pence=PENCE)
def test_money_is_exact_to_the_penny(beads: Session, pence: int) -> None:
    assert kept(beads, Bead(price=Money(pence))).price == Money(pence)


def test_money_lies_in_whole_pence_and_adds_up_as_money(beads: Session) -> None:
    for pence in (10, 20):
        kept(beads, Bead(price=Money(pence)))

    assert sorted(beads.scalars(text("SELECT price FROM bead"))) == [10, 20]
    assert beads.scalar(select(func.sum(Bead.price))) == Money(30)


def test_no_money_is_none_and_not_nought(beads: Session) -> None:
    assert kept(beads, Bead()).price is None
    assert kept(beads, Bead(price=Money(0))).price == Money(0)


@ON_ROWS
@given(moment=MOMENTS)
def test_a_moment_comes_back_aware_and_in_utc(beads: Session, moment: datetime) -> None:
    found = kept(beads, Bead(at=moment)).at

    assert found is not None
    assert found == moment.astimezone(UTC)
    assert found.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(beads: Session) -> None:
    beads.add(Bead(at=datetime(2026, 11, 24, 10, 0)))  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"):
        beads.flush()


def test_moments_of_different_zones_are_compared_as_moments(beads: Session) -> None:
    noon_in_rome = datetime(2026, 11, 24, 12, 0, tzinfo=timezone(timedelta(hours=1)))
    kept(beads, Bead(at=noon_in_rome))

    assert beads.scalar(select(Bead.id).where(Bead.at == datetime(2026, 11, 24, 11, 0, tzinfo=UTC)))


@ON_ROWS
@given(words=WORDS)
def test_words_keep_their_order(beads: Session, words: tuple[str, ...]) -> None:
    assert kept(beads, Bead(words=words)).words == words


def test_a_word_is_found_whole(beads: Session) -> None:
    kept(beads, Bead(name="both", words=("ip_audit", "grant")))
    kept(beads, Bead(name="longer", words=("ip_auditing",)))
    kept(beads, Bead(name="like", words=("ipxaudit",)))
    kept(beads, Bead(name="none"))

    found = beads.scalars(select(Bead.name).where(has_word(Bead.__table__.c.words, "ip_audit")))
    assert list(found) == ["both"]


def test_an_enum_lies_as_its_word_and_refuses_another(beads: Session) -> None:
    assert kept(beads, Bead(colour=Colour.DARK_BLUE)).colour is Colour.DARK_BLUE
    assert list(beads.scalars(select(literal_column("colour")).select_from(Bead))) == ["dark_blue"]
    point = beads.begin_nested()
    with pytest.raises(IntegrityError):
        beads.execute(text("UPDATE bead SET colour = 'green'"))
    point.rollback()
