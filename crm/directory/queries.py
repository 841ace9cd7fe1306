"""Reads of the directory: search, one service, everything to match, and what needs checking."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import holds_on
from crm.accounts.workflow import AccountStatus
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import has_word, has_words
from crm.directory.models import CheckedService, Checking, Provider, Service, ServiceReport
from crm.directory.policy import KEEPERS
from crm.directory.rules.feed import MOST_PER_PAGE, Wanted
from crm.directory.rules.reading import MOST_SERVICES
from crm.directory.rules.searching import is_met, shelf_of
from crm.directory.rules.taxonomies import TAXONOMIES, Term, term_of, words_of_term
from crm.directory.workflow import ReportStatus as R
from crm.directory.workflow import ServiceStatus as S
from crm.kernel.calendar import add_months
from crm.kernel.clock import today
from crm.kernel.eligibility import is_fresh

COLUMNS = Service.__table__.c
REPORTED = ServiceReport.__table__.c
OLDEST_REPORT = Order((REPORTED.reported_at, REPORTED.id), lambda report: (report.reported_at, report.id))
MOST_AT_ONCE = 500
BY_NAME = Order((COLUMNS.name, COLUMNS.id), lambda service: (service.name, service.id))
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Search:
    """What somebody looks for in the directory; empty parts ask nothing. Filters combine."""

    text: str = ""
    need: str = ""
    group: str = ""
    lep: str = ""
    status: str = ""
    checked_since: date | None = None


def service(service_id: str) -> Service | None:
    """One service with its provider, by its short name; or by the id of its row, which the audit log links to."""
    is_it = COLUMNS.service_id == service_id
    with suppress(ValueError):
        is_it |= COLUMNS.id == UUID(str(service_id))
    return session().scalar(select(Service).where(is_it).options(joinedload(Service.provider)))


def services(search: Search, cursor: str | None = None) -> Slice[Service]:
    """One page of services by name, with their providers."""
    return slice_of(_found(search), BY_NAME, cursor=cursor)


def count_of(search: Search) -> int:
    """How many services a search finds."""
    found = _found(search).with_only_columns(COLUMNS.id).subquery()
    return session().scalar(select(func.count()).select_from(found)) or 0


def _found(search: Search) -> Select[Service]:
    query = select(Service).join(Provider).options(joinedload(Service.provider))
    if search.text.strip():
        query = query.where(COLUMNS.id.in_(_ids_with(search.text[:LONGEST_SEARCH])))
    if search.need:
        query = query.where(has_word(COLUMNS.needs, search.need))
    if search.group:
        query = query.where(_has_or_any(COLUMNS.dcms_groups, search.group))
    if search.lep:
        query = query.where(_has_or_any(COLUMNS.leps, search.lep))
    if search.status:
        query = query.where(COLUMNS.status == search.status)
    if search.checked_since:
        query = query.where(COLUMNS.status == S.OPEN, COLUMNS.checked_on >= search.checked_since)
    return query


def _ids_with(text: str) -> list[UUID]:
    """The services that have every word of a text, in any form: a directory is small enough to be read through."""
    texts = (COLUMNS.description, COLUMNS.eligibility_note, Provider.name)
    query = select(COLUMNS.id, COLUMNS.name, COLUMNS.needs, COLUMNS.dcms_groups, COLUMNS.cost_type, *texts)
    rows = session().execute(query.join(Provider, Provider.id == COLUMNS.provider_id).limit(MOST_SERVICES))
    found = []
    for row in rows:
        kinds = (*row.dcms_groups, row.cost_type)
        shelf = shelf_of(row.name, (row.description, row[-2], row[-1]), needs=row.needs, kinds=kinds)
        if is_met(text, shelf):
            found.append(row.id)
    return found


def _has_or_any(column: ColumnElement[object], word: str) -> ColumnElement[bool]:
    """That a rule names this word, or asks nothing."""
    return or_(has_word(column, word), column == ())


def all_services() -> Sequence[Service]:
    """Every service with its provider, to be matched: one query."""
    query = select(Service).options(joinedload(Service.provider)).order_by(Service.service_id)
    return session().scalars(query.limit(MOST_SERVICES)).all()


def services_by_id() -> dict[str, Service]:
    """Every service by its short name."""
    return {each.service_id: each for each in all_services()}


def providers_by_name() -> dict[str, Provider]:
    """Every provider by name."""
    return {
        each.name: each
        for each in session().scalars(select(Provider).order_by(Provider.name).limit(MOST_SERVICES))
    }


def providers_listed() -> Sequence[tuple[Provider, int]]:
    """Every provider with services in the directory, by name, with how many."""
    counted = func.count(COLUMNS.id)
    query = select(Provider, counted).join(Service, COLUMNS.provider_id == Provider.id).group_by(Provider.id)
    rows = session().execute(query.order_by(Provider.name, Provider.id).limit(MOST_SERVICES))
    return [(each, count) for each, count in rows]


def provider(provider_id: UUID) -> Provider | None:
    """One provider."""
    return session().get(Provider, provider_id)


def provider_of(service_id: str) -> Provider | None:
    """Who provides a service, by its short name."""
    found = service(service_id)
    return found.provider if found else None


def provider_names() -> dict[str, str]:
    """The providers that a role can be held for: their names by id."""
    query = select(Provider.id, Provider.name).order_by(Provider.name).limit(MOST_SERVICES)
    return {str(provider_id): name for provider_id, name in session().execute(query)}


def services_of(provider_id: UUID) -> Sequence[Service]:
    """The services of one provider, by name."""
    query = select(Service).where(Service.provider_id == provider_id).options(joinedload(Service.provider))
    return session().scalars(query.order_by(Service.name).limit(500)).all()


def needs_checking(
    on: date, *, months: int, whose: str = "", owner_id: UUID | None = None
) -> Sequence[Service]:
    """What somebody should look into: doubted, or offered but not checked for so many months. Oldest first."""
    query = select(Service).where(is_to_check(on, months=months), *_of(whose, owner_id))
    query = query.options(joinedload(Service.provider))
    in_order = query.order_by(COLUMNS.checked_on.asc().nulls_first(), COLUMNS.name)
    return session().scalars(in_order.limit(MOST_AT_ONCE)).all()


def count_to_check(on: date, *, months: int) -> int:
    """How many services need checking."""
    wanted = is_to_check(on, months=months)
    return session().scalar(select(func.count()).select_from(Service).where(wanted)) or 0


def counts_to_check(on: date, *, months: int, owner_id: UUID | None) -> dict[str, int]:
    """How many services need checking, of somebody's own and of nobody's."""
    return _by_whose(select(*_counted(owner_id)).where(is_to_check(on, months=months)))


def _counted(owner_id: UUID | None) -> tuple[ColumnElement[int], ...]:
    """How many services are somebody's own, and how many nobody's: both in one statement."""
    return tuple(func.count().filter(*_of(whose, owner_id)) for whose in ("mine", "nobody"))


def _by_whose(query: Any) -> dict[str, int]:
    mine, nobody = session().execute(query).one()
    return {"mine": mine, "nobody": nobody}


def earliest_fresh(on: date, *, months: int) -> date:
    """The earliest day of checking that is still fresh on a day: the same as `is_fresh`, for SQL."""
    day = add_months(on, -months)
    while not is_fresh(day, on=on, months=months):
        day += timedelta(days=1)
    return day


def is_to_check(on: date, *, months: int) -> ColumnElement[bool]:
    """Whether a service is doubted, or offered but not checked for so many months."""
    is_stale = or_(COLUMNS.checked_on.is_(None), COLUMNS.checked_on < earliest_fresh(on, months=months))
    return or_(COLUMNS.status == S.CHECK, (COLUMNS.status == S.OPEN) & is_stale)


def to_ask_about(provider_id: UUID) -> list[Service]:
    """The services that a provider is asked about, by name: those that are offered, and those that are doubted."""
    return [each for each in services_of(provider_id) if each.status in (S.OPEN, S.CHECK)]


def is_anybody_kept_to_ask() -> bool:
    """Whether any provider has somebody who answers for its services."""
    return (
        session().scalar(select(Provider.id).where(Provider.contact_email.is_not(None)).limit(1)) is not None
    )


def providers_to_ask(on: date, *, days: int) -> Sequence[Provider]:
    """Who has somebody to ask, was not asked for so many days, and has a service not checked for as long."""
    last = on - timedelta(days=days)
    is_stale = or_(COLUMNS.checked_on.is_(None), COLUMNS.checked_on <= last)
    stale = select(COLUMNS.provider_id).where(COLUMNS.status.in_((S.OPEN, S.CHECK)), is_stale)
    was_not_asked = or_(Provider.asked_on.is_(None), Provider.asked_on <= last)
    query = select(Provider).where(Provider.contact_email.is_not(None), was_not_asked, Provider.id.in_(stale))
    return session().scalars(query.order_by(Provider.name, Provider.id).limit(MOST_SERVICES)).all()


def published(wanted: Wanted) -> tuple[list[Service], int]:
    """One page of the services of the open directory by name, with their providers, and how many there are in all."""
    found = _published(wanted)
    counted = select(func.count()).select_from(found.with_only_columns(COLUMNS.id).subquery())
    query = found.order_by(COLUMNS.name, COLUMNS.id).options(joinedload(Service.provider))
    page = query.limit(wanted.per_page).offset((wanted.page - 1) * wanted.per_page)
    return list(session().scalars(page)), session().scalar(counted) or 0


def all_published(wanted: Wanted) -> Iterator[Service]:
    """Every service that is asked for, by name, read a few hundred at a time."""
    cursor: str | None = None
    query = _published(wanted).options(joinedload(Service.provider))
    while True:
        found = slice_of(query, BY_NAME, cursor=cursor, size=MOST_PER_PAGE)
        yield from found.rows
        if found.after is None:
            return
        cursor = found.after


def _published(wanted: Wanted) -> Select[Service]:
    query = select(Service).where(is_published())
    if wanted.search:
        query = query.where(COLUMNS.id.in_(_ids_with(wanted.search)))
    if wanted.taxonomy_term_id:
        query = query.where(_is_described_by(term_of(wanted.taxonomy_term_id)))
    if wanted.taxonomy_id:
        columns = [COLUMNS[each.column] for each in TAXONOMIES if each.id == wanted.taxonomy_id]
        query = query.where(or_(false(), *(column != () for column in columns)))
    if wanted.organization_id:
        query = query.where(COLUMNS.provider_id == wanted.organization_id)
    if wanted.modified_after:
        query = query.where(COLUMNS.changed_at >= wanted.modified_after)
    return query


def _is_described_by(term: Term | None) -> ColumnElement[bool]:
    """That a service has a term; of a term that we do not use there is none."""
    if term is None:
        return false()
    column = COLUMNS[term.taxonomy.column]
    return or_(false(), *(has_word(column, word) for word in words_of_term(term)))


def is_published() -> ColumnElement[bool]:
    """That a service is in the open directory: it is real, it still exists, and somebody has checked it once."""
    is_known = (COLUMNS.status == S.CHECK) & COLUMNS.checked_on.is_not(None)
    return or_(COLUMNS.status.in_((S.OPEN, S.CLOSED)), is_known)


def published_service(published_id: UUID) -> Service | None:
    """One service of the open directory."""
    query = select(Service).where(COLUMNS.id == published_id, is_published())
    return session().scalar(query.options(joinedload(Service.provider)))


def published_providers(search: str) -> list[Provider]:
    """Every provider with a service in the open directory whose name has these words, by name."""
    owners = select(COLUMNS.provider_id).where(is_published())
    query = select(Provider).where(Provider.id.in_(owners))
    if search:
        query = query.where(has_words(search, Provider.__table__.c.name))
    return list(session().scalars(query.order_by(Provider.name, Provider.id).limit(MOST_SERVICES)))


def published_provider(organization_id: UUID) -> tuple[Provider, list[Service]] | None:
    """One provider with its services in the open directory; None where there are none."""
    found, _ = published(Wanted(organization_id=organization_id, per_page=MOST_PER_PAGE))
    return (found[0].provider, found) if found else None


@dataclass(frozen=True)
class Freshness:
    """How many of the services that we list as running or in doubt were checked lately and run."""

    checked: int
    listed: int

    @property
    def percent(self) -> int:
        """The share in whole per cent, cut off rather than rounded up."""
        return 100 * self.checked // self.listed if self.listed else 0


def freshness(on: date, *, months: int) -> Freshness:
    """The share of the directory that was checked within so many months, for lists and reports."""
    checked = func.count().filter(_is_checked_lately(on, months=months))
    listed = func.count().filter(COLUMNS.status.in_((S.OPEN, S.CHECK)))
    return Freshness(*session().execute(select(checked, listed).select_from(Service)).one())


def _is_checked_lately(on: date, *, months: int) -> ColumnElement[bool]:
    return (COLUMNS.status == S.OPEN) & (COLUMNS.checked_on >= earliest_fresh(on, months=months))


def services_with(service_ids: Collection[UUID]) -> Sequence[Service]:
    """The services with these ids, by name, with their providers."""
    query = select(Service).where(COLUMNS.id.in_(service_ids)).options(joinedload(Service.provider))
    return session().scalars(query.order_by(COLUMNS.name, COLUMNS.id).limit(MOST_AT_ONCE)).all()


def services_looked_after_by(account_ids: Collection[UUID]) -> Sequence[Service]:
    """What some people look after, by name."""
    query = select(Service).where(COLUMNS.owner_id.in_(account_ids))
    return session().scalars(query.order_by(COLUMNS.name, COLUMNS.id).limit(MOST_SERVICES)).all()


def keepers() -> list[Account]:
    """Everybody who keeps the directory now, by name."""
    held = select(RoleGrant.account_id).where(RoleGrant.role.in_(KEEPERS), holds_on(today()))
    query = select(Account).where(Account.id.in_(held), Account.__table__.c.status == AccountStatus.ACTIVE)
    return list(session().scalars(query.order_by(Account.name, Account.id).limit(MOST_AT_ONCE)))


def checking(checking_id: UUID) -> Checking | None:
    """One check of several services."""
    return session().get(Checking, checking_id)


def checked_in(checking_id: UUID) -> Sequence[CheckedService]:
    """What such a check changed, with each service as it is now."""
    query = select(CheckedService).where(CheckedService.checking_id == checking_id)
    query = query.options(joinedload(CheckedService.service)).limit(MOST_AT_ONCE)
    return session().scalars(query.order_by(CheckedService.id)).all()


def checks_since(moment: datetime, *, by_id: UUID | None) -> list[tuple[Checking, int]]:
    """Checks that somebody made since then and has not undone, the latest first, with how many services each."""
    query = select(Checking, func.count(CheckedService.id)).join(CheckedService).group_by(Checking.id)
    query = query.where(Checking.by_id == by_id, Checking.at >= moment, Checking.undone_at.is_(None))
    return [(each, count) for each, count in session().execute(query.order_by(Checking.at.desc()).limit(5))]


def report(report_id: UUID) -> ServiceReport | None:
    """One report with its service and provider."""
    whole = joinedload(ServiceReport.service).joinedload(Service.provider)
    return session().scalar(select(ServiceReport).where(ServiceReport.id == report_id).options(whole))


def reports(whose: str = "", *, owner_id: UUID | None, cursor: str | None = None) -> Slice[ServiceReport]:
    """Reports that wait, the oldest first, or with ``whose`` "settled" those dealt with."""
    query = _reports(whose, owner_id).options(joinedload(ServiceReport.service))
    return slice_of(query, OLDEST_REPORT, cursor=cursor)


def count_of_reports(whose: str = "", *, owner_id: UUID | None) -> int:
    """How many there are."""
    found = _reports(whose, owner_id).with_only_columns(ServiceReport.id).subquery()
    return session().scalar(select(func.count()).select_from(found)) or 0


def counts_of_reports(owner_id: UUID | None) -> dict[str, int]:
    """How many reports wait, about somebody's own services and about nobody's."""
    query = select(*_counted(owner_id)).select_from(ServiceReport).join(Service)
    return _by_whose(query.where(REPORTED.status == R.OPEN))


def _reports(whose: str, owner_id: UUID | None) -> Select[ServiceReport]:
    wanted = R.SETTLED if whose == "settled" else R.OPEN
    query = select(ServiceReport).join(Service).where(REPORTED.status == wanted)
    return query if whose == "settled" else query.where(*_of(whose, owner_id))


def _of(whose: str, owner_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    """Whose services: somebody's own, nobody's, or all."""
    kinds = {"mine": COLUMNS.owner_id == owner_id, "nobody": COLUMNS.owner_id.is_(None)}
    return (kinds[whose],) if whose in kinds else ()


def reports_to_anonymise(before: datetime) -> Sequence[ServiceReport]:
    """Reports dealt with before then that still say who made them."""
    is_named = or_(ServiceReport.email.is_not(None), ServiceReport.name != "")
    query = select(ServiceReport).where(ServiceReport.settled_at < before, is_named)
    return session().scalars(query.order_by(ServiceReport.id).limit(MOST_SERVICES)).all()
