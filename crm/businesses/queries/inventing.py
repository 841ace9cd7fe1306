"""Invented businesses as the rows that they are kept as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from crm.businesses.queries.facts import confidence_pct
from crm.businesses.rules.inventing import Invented
from crm.businesses.rules.labels import current_version
from crm.businesses.rules.naming import match_name, sort_name
from crm.businesses.rules.searching import words_of
from crm.businesses.workflow import BusinessStatus, ConsentPurpose, HeadcountMeasure, NameKind
from crm.places.queries import locate

INVENTED = "invented"


def _own(each: Invented, what: str) -> UUID:
    return uuid5(each.id, what)


def business(each: Invented, hubs: Mapping[str, UUID], *, at: datetime) -> dict[str, Any]:
    """The row of the business itself, with where it lies."""
    found = locate(each.postcode)
    return {
        "id": each.id,
        "name": each.name,
        "sort_name": sort_name(each.name),
        "match_name": match_name(each.name),
        "company_number": each.company_number,
        "legal_form": each.legal_form,
        "description": "",
        "stage": each.stage,
        "trading_since": each.trading_since,
        "dcms_groups": (each.group,),
        "sic_codes": (each.sic_code,),
        "registered_address": "",
        "trading_address": "",
        "trading_postcode": each.postcode,
        "trading_outcode": each.postcode.split(" ")[0],
        "hides_address": each.legal_form == "freelancer",
        "authority": found.authority,
        "leps": found.leps,
        "place_method": str(found.method),
        "place_confidence": confidence_pct(found),
        "hub_id": hubs.get(found.authority or ""),
        "status": BusinessStatus.ACTIVE,
        "source": INVENTED,
        "created_at": at,
        "version": 1,
    }


def names(each: Invented) -> Sequence[dict[str, Any]]:
    """The names it trades under."""
    if each.trading_name is None:
        return ()
    name = {"name": each.trading_name, "kind": NameKind.TRADING}
    return ({"id": _own(each, "name"), "business_id": each.id, **name},)


def figures(each: Invented) -> Iterator[dict[str, Any]]:
    """Its yearly figures."""
    for year in each.years:
        yield {
            "id": _own(each, str(year.year_end)),
            "business_id": each.id,
            "year_end": year.year_end,
            "months": 12,
            "turnover": year.turnover,
            "employees": year.employees,
            "measure": HeadcountMeasure.HEADCOUNT,
            "export_turnover": year.exported,
            "source": INVENTED,
        }


def person(each: Invented) -> dict[str, Any]:
    """Whoever leads it."""
    told = {"name": each.person, "role": "Founder", "email": each.email}
    return {"id": _own(each, "person"), "business_id": each.id, **told, "version": 1}


def consent(each: Invented, *, at: datetime) -> dict[str, Any]:
    """That it may be kept in touch with."""
    purpose = ConsentPurpose.KEEP_IN_TOUCH
    return {
        "id": _own(each, "consent"),
        "business_id": each.id,
        "purpose": purpose,
        "wording_version": current_version(purpose),
        "given_at": at,
        "given_by": each.person,
        "way": INVENTED,
    }


def words_kept(each: Invented, found: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The rows of the words by which it is found."""
    owned = {"business_id": each.id, "sort_name": sort_name(each.name)}
    for word in sorted(found):
        yield {"word": word, **owned}


def words(each: Invented) -> frozenset[str]:
    """The words by which it is found."""
    names = (each.name, each.trading_name) if each.trading_name else (each.name,)
    return words_of(names, number=each.company_number, outcode=each.postcode.split(" ")[0])
