"""Businesses recognised by whatever somebody gives: a name, a person, an address, a telephone number, a postcode."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, undefer

from crm.businesses.models import Business, Person
from crm.businesses.policy import visible_to
from crm.businesses.queries.listing import Search, businesses, lies_in
from crm.businesses.queries.matching import Signs, candidates_for
from crm.businesses.rules.naming import match_name, website_domain
from crm.businesses.rules.searching import Tier, terms_of
from crm.businesses.workflow import BusinessStatus
from crm.db.session import session
from crm.db.types import has_words, only_figures
from crm.kernel.errors import BadInput
from crm.kernel.folding import plain_words
from crm.kernel.permissions import Actor
from crm.kernel.telephones import figures_of, is_number

MOST = 20
MOST_ALIKE = 5
PERSON = Person.__table__.c
BUSINESS = Business.__table__.c
IS_IN_USE = BUSINESS.status == BusinessStatus.ACTIVE


@dataclass(frozen=True)
class Sender:
    """Who writes, and for which business, as they say."""

    signs: Signs
    email: str | None = None
    phone: str | None = None
    postcode: str | None = None


@dataclass(frozen=True)
class Recognised:
    """A business, and by what it was recognised, in words."""

    business: Business
    why: str


def likely(sender: Sender) -> list[Recognised]:
    """The businesses that a sender may write for, the likeliest first: whoever sees them is for the caller to say."""
    found = [
        *_by_address(sender),
        *_by_number(sender),
        *_by_telephone(sender),
        *_by_name(sender),
        *_by_place(sender),
    ]
    return _each_once(found)


def search(text: str, actor: Actor) -> list[Recognised]:
    """The businesses in use that an actor may see and that have this name, person, address, telephone or postcode."""
    if not any(sign.isalnum() for sign in text):
        return []
    called, like = _people_like(text, visible_to(actor))
    named = businesses(Search(text=text), actor).rows if terms_of(text) else ()
    well = [each for each in named if each.tier in (Tier.EXACT, Tier.BEGINS)]
    by_name = [Recognised(each, "") for each in well], [Recognised(each, "") for each in named[len(well) :]]
    return _each_once([*by_name[0], *called, *by_name[1], *like, *_in_place(text, actor)])


def alike(name: str, actor: Actor, *, person: str) -> list[Recognised]:
    """Businesses in use that an actor may see, of a similar name or with a person so called: suggestions, in any district."""
    named = businesses(Search(text=name), actor).rows[:MOST_ALIKE] if terms_of(name) else ()
    found = [Recognised(each, _alike_in_words(each, name)) for each in named]
    return _each_once([*found, *_people_called(person, actor)])


def _alike_in_words(found: Business, name: str) -> str:
    return "Same name" if found.match_name == match_name(name) else "Similar name"


def _people_called(name: str, actor: Actor) -> list[Recognised]:
    """Businesses with a person who has each of these names, as whole words: Scarlet is not called Carl."""
    people = _people(has_words(name, PERSON.name), visible_to(actor)) if plain_words(name) else ()
    called = [each for each in people if _is_called(each, name)]
    return [
        Recognised(each.business, f"{each.name} has left there" if each.left_on else f"{each.name} is there")
        for each in called[:MOST_ALIKE]
    ]


def _is_called(person: Person, name: str) -> bool:
    return set(plain_words(name)) <= set(plain_words(person.name))


def _each_once(found: Iterable[Recognised]) -> list[Recognised]:
    """Each business once, with every way in which it was recognised."""
    whys: dict[UUID, list[str]] = {}
    rows: dict[UUID, Business] = {}
    for each in found:
        rows.setdefault(each.business.id, each.business)
        whys.setdefault(each.business.id, []).append(each.why)
    return [Recognised(row, "; ".join(filter(None, dict.fromkeys(whys[key])))) for key, row in rows.items()][
        :MOST
    ]


def _people(*conditions: ColumnElement[bool]) -> Sequence[Person]:
    """People at businesses in use, those who left last."""
    query = select(Person).join(Business, Business.id == Person.business_id).where(IS_IN_USE, *conditions)
    loaded = joinedload(Person.business)
    options = (loaded.undefer(Business.shared), loaded.joinedload(Business.hub))
    order = (PERSON.left_on.is_not(None), PERSON.name, PERSON.id)
    return session().scalars(query.options(*options).order_by(*order).limit(MOST)).all()


def _by_address(sender: Sender) -> list[Recognised]:
    if not sender.email:
        return []
    people = _people(PERSON.email == sender.email)
    return [Recognised(each.business, f"{sender.email} is the address of {_who(each)}") for each in people]


def _by_telephone(sender: Sender) -> list[Recognised]:
    figures = figures_of(sender.phone or "")
    people = _people(only_figures(PERSON.phone).contains(figures)) if figures else ()
    return [
        Recognised(each.business, f"{sender.phone} is the telephone number of {_who(each)}")
        for each in people
    ]


def _who(person: Person) -> str:
    return f"{person.name}, who has left" if person.left_on else f"{person.name} there"


def _candidates(sender: Sender) -> Sequence[Business]:
    return [each for each in candidates_for(sender.signs) if not each.is_archived]


def _by_number(sender: Sender) -> list[Recognised]:
    number = sender.signs.number
    return [
        Recognised(each, f"Company number {number}")
        for each in _candidates(sender)
        if number and each.company_number == number
    ]


def _by_name(sender: Sender) -> list[Recognised]:
    """Of the same name, those in the same district first, or with the website of the sender's address."""
    domain = website_domain((sender.email or "").rpartition("@")[2])
    ways = [
        (each, "Same name")
        for each in _candidates(sender)
        if each.match_name == match_name(sender.signs.name)
    ]
    if domain:
        ways += [(each, f"Its website is {domain}") for each in _where(BUSINESS.website_domain == domain)]
    return [Recognised(each, why) for each, why in ways]


def _by_place(sender: Sender) -> list[Recognised]:
    """At the same postcode, with one word of the name in common."""
    if not sender.postcode:
        return []
    words = set(match_name(sender.signs.name).split())
    return [
        Recognised(each, f"Trades from {sender.postcode} under a similar name")
        for each in _where(BUSINESS.trading_postcode == sender.postcode)
        if words & set(each.match_name.split())
    ]


def _where(*conditions: ColumnElement[bool]) -> Sequence[Business]:
    query = select(Business).where(IS_IN_USE, *conditions).order_by(BUSINESS.sort_name, BUSINESS.id)
    return (
        session().scalars(query.options(undefer(Business.shared), joinedload(Business.hub)).limit(MOST)).all()
    )


def _people_like(text: str, *conditions: ColumnElement[bool]) -> tuple[list[Recognised], list[Recognised]]:
    """Businesses with a person of this name, as whole words; and of a similar name, this address or telephone number."""
    figures = figures_of(text) if is_number(text) else ""
    way = (
        only_figures(PERSON.phone).contains(figures)
        if figures
        else has_words(text, PERSON.name, PERSON.email)
    )
    shown = "phone" if figures else "email"
    people = _people(way, *conditions) if text.strip() else ()
    found: tuple[list[Recognised], list[Recognised]] = ([], [])
    for each in people:
        row = Recognised(each.business, f"{each.name}, {getattr(each, shown) or 'no address'}")
        found[not _is_called(each, text)].append(row)
    return found


def _in_place(text: str, actor: Actor) -> list[Recognised]:
    """Businesses that trade at a postcode, or in a district or sector."""
    if not any(sign.isdigit() for sign in text):
        return []
    try:
        is_there = lies_in(text)
    except BadInput:
        return []
    return [
        Recognised(each, f"Trades from {each.trading_postcode or each.trading_outcode}")
        for each in _where(is_there, visible_to(actor))
    ]
