"""Samples of what the open directory names by an id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from crm.db.session import session
from crm.directory.models import Checking, Service, ServiceReport
from crm.directory.queries import is_published
from crm.directory.rules.taxonomies import TAXONOMIES, terms
from crm.kernel.clock import now
from tests import factories
from tests.cast import Cast

Values = Mapping[str, Any]


def _published(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    return tuple(session().scalars(select(Service.id).where(is_published()).order_by(Service.name).limit(1)))


def _organizations(_cast: Cast, _values: Values) -> tuple[Any, ...]:
    found = select(Service.provider_id).where(is_published()).order_by(Service.name)
    return tuple(session().scalars(found.limit(1)))


def a_report(**fields: Any) -> ServiceReport:
    """A report that waits about a service."""
    given = {"service_id": factories.service().id, "said": "It closed in October", "reported_at": now()}
    made: ServiceReport = factories.kept(ServiceReport(**(given | fields)))
    return made


def _checks(cast: Cast, _values: Values) -> tuple[Any, ...]:
    """A check of the hub manager's: nobody else may undo it."""
    return (factories.kept(Checking(by_id=cast.hub_manager.id, at=now())).id,)


SAMPLES: dict[str, Callable[..., tuple[Any, ...]]] = {
    "checking_id": _checks,
    "report_id": lambda _cast, _values: (a_report().id,),
    "published_id": _published,
    "organization_id": _organizations,
    "taxonomy_id": lambda _cast, _values: (TAXONOMIES[0].id,),
    "term_id": lambda _cast, _values: (terms()[0].id,),
}
