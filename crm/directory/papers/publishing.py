"""A service, a provider and a list of words as the open directory gives them: Open Referral UK, version 3.

A field that says nothing is left out, as the standard asks. Notes, sources, contacts and who checked stay inside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from crm.directory.models import Provider, Service
from crm.directory.rules.labels import RULE_NAMES, UNCONFIRMED
from crm.directory.rules.matching import cost_in_words
from crm.directory.rules.taxonomies import TAXONOMIES, Taxonomy, Term, terms, terms_of
from crm.kernel.eligibility import LEPS, Facts
from crm.kernel.eligibility.readings import readings
from crm.kernel.money import Money
from crm.kernel.text import ended
from crm.places.queries import authorities

Fields = dict[str, Any]
SAID_ELSEWHERE = frozenset({"stages", "dcms_groups", "leps", "lad_names", "outcodes", "wmca_only"})
"""Rules that the feed tells as attributes or as areas rather than in words."""
STATISTICS = "http://statistics.data.gov.uk/id/statistical-geography/"
WMCA = "The seven metropolitan districts of the West Midlands Combined Authority"


@dataclass(frozen=True)
class Publisher:
    """Who publishes the feed, and the day on which it is read: what is open depends on it."""

    base_url: str
    email: str
    on: date

    def address(self, path: str) -> str:
        """An address of ours in full."""
        return f"{self.base_url}{path}"


def told(**fields: Any) -> Fields:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], ())}


def moment(at: datetime) -> str:
    """A moment as RFC 3339 writes it, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def minimal(service: Service) -> Fields:
    """Which service, and when it last changed: for programs that compare what they have."""
    return {
        "id": str(service.id),
        "modified_date": moment(service.changed_at),
        "last_modified": moment(service.changed_at),
    }


def brief(service: Service, publisher: Publisher) -> Fields:
    """A service with its organisation and without its lists, as a page of services gives it."""
    return told(
        id=str(service.id),
        organization_id=str(service.provider_id),
        name=service.name,
        description=service.description,
        url=service.url,
        status=standing(service, on=publisher.on),
        eligibility_description=eligibility(service),
        fees_description=cost(service),
        assured_date=service.checked_on.isoformat() if service.checked_on else None,
        assurer_email=publisher.email if service.checked_on else None,
        alert=f"{UNCONFIRMED}." if service.is_unconfirmed else None,
        last_modified=moment(service.changed_at),
        organization=organization(service.provider),
    )


def full(service: Service, publisher: Publisher) -> Fields:
    """A service with everything that is published of it."""
    lists = told(
        schedules=list(_schedules(service)),
        service_areas=list(_areas(service)),
        cost_options=list(_costs(service)),
        attributes=[_attribute(service, each) for each in _terms(service)],
    )
    return brief(service, publisher) | lists | _money_offered(service)


def standing(service: Service, *, on: date) -> str:
    """Where a service stands in the words of the standard: only what we offer today is active."""
    return "active" if service.is_available(on=on) else "inactive"


def cost(service: Service) -> str:
    """What a service costs a business, in words."""
    return service.cost_text or cost_in_words(service.cost_type)


def eligibility(service: Service) -> str:
    """Whom a service is for: its note, and the limits that it sets."""
    limits = [
        f"{RULE_NAMES[each.rule]}: {each.needed}."
        for each in readings(service.terms, Facts())
        if each.rule not in SAID_ELSEWHERE
    ]
    note = [ended(service.eligibility_note)] if service.eligibility_note else []
    return " ".join([*note, *limits])


def organization(provider: Provider) -> Fields:
    """A provider. The standard wants a description, and we have none of their own."""
    words = "Provides support that creative businesses in the West Midlands can use."
    return {"id": str(provider.id), "name": provider.name, "description": words}


def organization_with_services(provider: Provider, services: Sequence[Service], *, on: date) -> Fields:
    """A provider with its services, each told briefly."""
    named = [{"id": str(each.id), "name": each.name, "status": standing(each, on=on)} for each in services]
    return organization(provider) | told(services=named)


def _terms(service: Service) -> tuple[Term, ...]:
    return terms_of(service.needs, stages=service.stages, sectors=service.dcms_groups)


def _attribute(service: Service, term: Term) -> Fields:
    return {
        "id": str(uuid5(service.id, str(term.id))),
        "link_id": str(service.id),
        "link_type": term.taxonomy.code,
        "link_entity": "service",
        "taxonomy_term_id": str(term.id),
        "taxonomy_term": taxonomy_term(term),
    }


def _areas(service: Service) -> Iterator[Fields]:
    for name in service.lad_names:
        yield _area(service, name, uri=_uri_of_authority(name))
    for lep in service.leps:
        yield _area(service, LEPS.get(lep, lep).removeprefix("the "))
    for outcode in service.outcodes:
        yield _area(service, f"Postcode district {outcode}")
    if service.wmca_only:
        yield _area(service, WMCA)


@cache
def _uri_of_authority(name: str) -> str | None:
    return next((f"{STATISTICS}{each.code}" for each in authorities() if each.name == name), None)


def _area(service: Service, name: str, *, uri: str | None = None) -> Fields:
    one = {"id": str(uuid5(service.id, f"area {name}")), "service_id": str(service.id), "name": name}
    return one | {"extent_type": "text", "extent": name} | told(uri=uri)


def _schedules(service: Service) -> Iterator[Fields]:
    if service.opens_on or service.closes_on:
        first, last = service.opens_on, service.closes_on
        yield told(
            id=str(uuid5(service.id, "schedule")),
            service_id=str(service.id),
            valid_from=first.isoformat() if first else None,
            valid_to=last.isoformat() if last else None,
        )


def _costs(service: Service) -> Iterator[Fields]:
    if cost(service) or service.cost_type:
        yield told(
            id=str(uuid5(service.id, "cost")),
            service_id=str(service.id),
            option=service.cost_type,
            amount=0 if service.cost_type.casefold() == "free" else None,
            amount_description=cost(service),
        )


def _money_offered(service: Service) -> Fields:
    """What a business can be given: a field of our own, since the standard knows only what it pays."""
    offered = told(minimum=_pounds(service.amount_min), maximum=_pounds(service.amount_max))
    return {"wm_amount_offered": offered | {"currency": "GBP"}} if offered else {}


def _pounds(sum_of: Money | None) -> str | None:
    """A sum to the penny, as text: a number of JSON could lose one."""
    return f"{sum_of.pence // 100}.{sum_of.pence % 100:02}" if sum_of else None


def taxonomy(found: Taxonomy) -> Fields:
    """A list of words."""
    return {"id": str(found.id), "name": found.name, "description": found.description, "version": "1"}


@cache
def taxonomy_term(found: Term) -> Fields:
    """A word of a list; the standard wants it both as a name and as a term."""
    own = {"id": str(found.id), "code": found.code, "name": found.name, "term": found.name}
    words = f"{found.taxonomy.name}: {found.name}"
    return own | {
        "description": words,
        "taxonomy": found.taxonomy.name,
        "taxonomy_id": str(found.taxonomy.id),
    }


def all_taxonomies() -> list[Fields]:
    """Every list of words."""
    return [taxonomy(each) for each in TAXONOMIES]


def all_terms(taxonomy_id: UUID | None = None) -> list[Fields]:
    """Every word, or those of one list."""
    return [taxonomy_term(each) for each in terms() if taxonomy_id in (None, each.taxonomy.id)]


def page(contents: Sequence[Fields], *, total: int, number: int, size: int) -> Fields:
    """One page with the heading that the standard wants: ``size`` is how many are on it."""
    pages = -(-total // size)
    heading: Mapping[str, Any] = {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
    }
    return {**heading, "contents": list(contents)}


def page_out_of(rows: Sequence[Fields], *, number: int, size: int) -> Fields:
    """The page of this number out of rows that are all here."""
    return page(rows[(number - 1) * size : number * size], total=len(rows), number=number, size=size)
