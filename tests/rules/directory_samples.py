"""Samples of what the open directory names by an id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from crm.db.session import session
from crm.directory.models import Service
from crm.directory.queries import is_published
from crm.directory.rules.taxonomies import TAXONOMIES, terms
from tests.cast import Cast

Values = Mapping[str, Any]


def _published(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(session().scalars(select(Service.id).where(is_published()).order_by(Service.name).limit(1)))


def _organizations(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    found = select(Service.provider_id).where(is_published()).order_by(Service.name)
    return tuple(session().scalars(found.limit(1)))


SAMPLES: dict[str, Callable[..., tuple[Any, ...]]] = {
    "published_id": _published,
    "organization_id": _organizations,
    "taxonomy_id": lambda _cast, _values: (TAXONOMIES[0].id,),
    "term_id": lambda _cast, _values: (terms()[0].id,),
}
