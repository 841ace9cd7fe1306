"""Writing many rows at once, by COPY where the engine has it: for invented data alone, which no verb made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Table, insert

from crm.businesses.models import (
    Business,
    BusinessName,
    BusinessWord,
    Consent,
    Person,
    SearchWord,
    WordGram,
    YearlyFigures,
)
from crm.businesses.queries.facts import confidence_pct
from crm.businesses.rules.inventing import Invented
from crm.businesses.rules.labels import current_version
from crm.businesses.rules.naming import match_name, sort_name
from crm.businesses.rules.searching import grams_of, words_of
from crm.businesses.workflow import BusinessStatus, ConsentPurpose, HeadcountMeasure, NameKind
from crm.db.session import session
from crm.places.queries import locate

AT_ONCE = 10_000
SOURCE = "invented"
Rows = Iterable[Mapping[str, Any]]


def write_invented(invented: Iterable[Invented], hubs: Mapping[str, UUID], *, at: datetime) -> int:
    """Write invented businesses with everything that belongs to them; return how many. ``hubs`` are by authority."""
    written, known = (
        0,
        set(session().scalars(SearchWord.__table__.select().with_only_columns(SearchWord.word))),
    )
    source = iter(invented)
    while some := list(islice(source, AT_ONCE)):
        write(Business.__table__, (_business(each, hubs, at) for each in some))
        write(BusinessName.__table__, (row for each in some for row in _names(each)))
        write(YearlyFigures.__table__, (row for each in some for row in _figures(each)))
        write(Person.__table__, (_person(each) for each in some))
        write(Consent.__table__, (_consent(each, at) for each in some))
        words = {each.id: _words(each) for each in some}
        new = sorted(set().union(*words.values()) - known)
        known.update(new)
        write(SearchWord.__table__, ({"word": word} for word in new))
        write(
            WordGram.__table__,
            ({"gram": gram, "word": word} for word in new for gram in sorted(grams_of(word))),
        )
        pairs = ((word, owner) for owner, found in words.items() for word in sorted(found))
        write(BusinessWord.__table__, ({"word": word, "business_id": owner} for word, owner in pairs))
        written += len(some)
    return written


def write(table: Any, rows: Rows) -> None:
    """Write rows into a table: by COPY on PostgreSQL, in one statement for many elsewhere."""
    assert isinstance(table, Table)
    connection = session().connection()
    if connection.dialect.name == "postgresql":
        _copy(connection, table, rows)
        return
    source = iter(rows)
    while some := [dict(row) for row in islice(source, AT_ONCE)]:
        connection.execute(insert(table), some)


def _copy(connection: Any, table: Table, rows: Rows) -> None:
    source = iter(rows)
    first = next(source, None)
    if first is None:
        return
    columns = [table.c[name] for name in first]
    binders = [
        column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for column in columns
    ]
    names = ", ".join(f'"{column.name}"' for column in columns)
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy,
    ):
        for row in _chain(first, source):
            copy.write_row(
                [_bound(bind, row[column.key]) for bind, column in zip(binders, columns, strict=True)]
            )


def _chain(first: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    yield first
    yield from rest


def _bound(bind: Any, value: Any) -> Any:
    return bind(value) if bind else value


def _own(each: Invented, what: str) -> UUID:
    return uuid5(each.id, what)


def _business(each: Invented, hubs: Mapping[str, UUID], at: datetime) -> dict[str, Any]:
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
        "source": SOURCE,
        "created_at": at,
        "version": 1,
    }


def _names(each: Invented) -> Sequence[dict[str, Any]]:
    if each.trading_name is None:
        return ()
    name = {"name": each.trading_name, "kind": NameKind.TRADING}
    return ({"id": _own(each, "name"), "business_id": each.id, **name},)


def _figures(each: Invented) -> Iterator[dict[str, Any]]:
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
            "source": SOURCE,
        }


def _person(each: Invented) -> dict[str, Any]:
    told = {"name": each.person, "role": "Founder", "email": each.email}
    return {"id": _own(each, "person"), "business_id": each.id, **told, "version": 1}


def _consent(each: Invented, at: datetime) -> dict[str, Any]:
    purpose = ConsentPurpose.KEEP_IN_TOUCH
    return {
        "id": _own(each, "consent"),
        "business_id": each.id,
        "purpose": purpose,
        "wording_version": current_version(purpose),
        "given_at": at,
        "given_by": each.person,
        "way": SOURCE,
    }


def _words(each: Invented) -> frozenset[str]:
    names = (each.name, each.trading_name) if each.trading_name else (each.name,)
    return words_of(names, number=each.company_number, outcode=each.postcode.split(" ")[0])
