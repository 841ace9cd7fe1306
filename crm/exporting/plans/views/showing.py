"""What export plans and the calendar show elsewhere: on a business's page, on desks and in the search."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import url_for

from crm.businesses.models import Business
from crm.businesses.queries.seeing import own_ids
from crm.exporting.plans import queries
from crm.exporting.plans.models import ExportTask, MarketVisit
from crm.exporting.plans.policy import POLICY
from crm.exporting.plans.queries import MarketsWanted
from crm.exporting.plans.rules import labels
from crm.exporting.plans.rules.countries import country_name, sanctioned_codes
from crm.exporting.plans.rules.reporting import visit_state
from crm.exporting.plans.workflow import Act, VisitStatus
from crm.kernel.clock import day_of, is_past, today
from crm.kernel.permissions import Actor
from crm.web.feature import Case, Held, Hit, Todo
from crm.web.finding import first_of

SOON = timedelta(days=7)
MOST_HITS = 5


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The countries, barriers and markets of a business for its page."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    can_add = not found.is_archived and POLICY.allows(actor, Act.ADD_COUNTRY, found)
    rows, barriers = queries.plan_of(found.id, with_tasks=False), queries.barriers_of(found.id)
    if not rows and not barriers and not can_add:
        return None
    open_barriers = [each for each in barriers if each.removed_on is None]
    shown: dict[str, Any] = {"labels": labels, "country_name": country_name, "can_add": can_add}
    return shown | {"business": found, "rows": rows, "barriers": open_barriers}


def tasks_due(actor: Actor) -> tuple[Todo, ...]:
    """The tasks of this person, and of their own business, that are due within a week."""
    rows = queries.tasks_due(account_id=actor.account_id, business_ids=own_ids(actor), until=today() + SOON)
    return tuple(_to_do(each) for each in rows if POLICY.allows(actor, Act.FINISH_TASK, each))


def _to_do(each: ExportTask) -> Todo:
    label = f"{country_name(each.country.country)}: {each.title}"
    href = url_for("export_plans.plan", business_id=each.country.business_id)
    owner = each.country.business.name
    return Todo(label, None, href, is_overdue=is_past(each.due_on, on=today()), about=owner, due=each.due_on)


def sanctioned_to_check(actor: Actor) -> tuple[Todo, ...]:
    """The countries under UK trade sanctions in plans, until one of our staff has a task there: to find out what is allowed."""
    return tuple(
        Todo(
            f"UK trade sanctions, {country_name(each.country)}: add a task to check the sale",
            None,
            url_for("export_tasks.add_task", country_id=each.id),
            about=each.business.name,
            since=day_of(each.added_at),
            things=(each.business_id,),
        )
        for each in queries.sanctioned_untended(actor, sanctioned_codes())
    )


def tasks_in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """The tasks that some of our staff have still to do."""
    for each in queries.tasks_held_by(account_ids):
        assert each.account_id is not None
        title = f"{each.business.name}, {country_name(each.country.country)}: {each.title}"
        href = url_for("export_plans.plan", business_id=each.business.id)
        yield (
            each.account_id,
            Case(each.id, title, href, each.business.hub_ids(on=today()), each.due_on),
        )


def visits_to_record(actor: Actor) -> tuple[Todo, ...]:
    """The markets that the founder's own business meant to go to and that are over, or were cancelled."""
    own = own_ids(actor)
    planned = queries.visits_of(*own) if own else ()
    return tuple(_over(each) for each in planned if _is_to_settle(each) and not each.business.is_archived)


def visits_to_ask(actor: Actor) -> tuple[Todo, ...]:
    """The visits whose market is over or was cancelled, for whoever noted them.

    Where they can no longer record it, since another hub cares for the business now, those who care for it have them.
    """
    own = set(own_ids(actor))
    found = [each for each in queries.visits_to_settle(actor, on=today()) if each.business_id not in own]
    others = {each.added_by_id for each in found if each.added_by_id} - {actor.account_id}
    noters = queries.actors_of(others)
    return tuple(_to_ask(each) for each in found if _is_for(actor, each, noters))


def _is_for(actor: Actor, each: MarketVisit, noters: Mapping[UUID, Actor]) -> bool:
    if each.business.is_archived or not POLICY.allows(actor, Act.MISS, each):
        return False
    noter = noters.get(each.added_by_id) if each.added_by_id else None
    return noter is None or not POLICY.allows(noter, Act.MISS, each)


def _to_ask(each: MarketVisit) -> Todo:
    href = url_for("export_plans.plan", business_id=each.business_id)
    if visit_state(each) == "off":
        label = f"{each.edition.name} was cancelled: record that the business is not going"
        return Todo(label, None, href, about=each.business.name)
    label = f"Ask whether it went to {each.edition.name}, and record it"
    return Todo(label, None, href, about=each.business.name, since=each.edition.ends_on)


def _is_to_settle(each: MarketVisit) -> bool:
    """Whether a market is over or was cancelled, and nobody has said whether the business went."""
    ends_on = each.edition.ends_on
    is_over = ends_on is not None and is_past(ends_on, on=today())
    return each.status is VisitStatus.GOING and (is_over or visit_state(each) == "off")


def _over(each: MarketVisit) -> Todo:
    href = url_for("export_plans.plan", business_id=each.business_id)
    if visit_state(each) == "off":
        label = f"{each.edition.name} was cancelled: record that you are not going"
        return Todo(label, None, href, about=each.business.name)
    label, since = f"Say whether you went to {each.edition.name}", each.edition.ends_on
    return Todo(label, None, href, about=each.business.name, since=since)


def find(_actor: Actor, text: str) -> list[Hit]:
    """The markets whose name, place or type has these words."""
    hits = [
        Hit(
            each.name,
            "Markets and festivals",
            url_for("markets.market", market_id=each.id),
            f"{each.place}, {labels.months_in_words(each.months)}",
        )
        for each in queries.markets(MarketsWanted(text=text))[: MOST_HITS + 1]
    ]
    return first_of(hits, MOST_HITS, every=url_for("markets.markets", q=text))
