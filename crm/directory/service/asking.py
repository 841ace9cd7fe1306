"""Asking providers, every so many days, whether their services still run as the directory says, and keeping the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance
from crm.directory import queries
from crm.directory.models import Provider, Service
from crm.directory.policy import POLICY
from crm.directory.rules.labels import Said
from crm.directory.workflow import MACHINE, Act
from crm.figures.queries import figure_on
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import SYSTEM, Actor, by_link
from crm.links.queries import dead, live_link
from crm.links.rules import Purpose
from crm.links.service import use
from crm.notices.service import Extras, LinkWanted, Reader, queue

NOBODY = "Add a contact for this provider first"
NOTHING = "None of their services is one to ask about."
ACT_OF = {Said.OPEN: Act.CONFIRM, Said.CHANGED: Act.DOUBT, Said.CLOSED: Act.CLOSE}


@dataclass(frozen=True)
class Contact:
    """Who answers for a provider's services."""

    name: str
    email: str


@dataclass(frozen=True)
class Answer:
    """What a provider says of one service, and what has changed."""

    said: Said
    note: str = ""


def set_contact(provider: Provider, contact: Contact, *, by: Actor) -> None:
    """Set the contact of a provider, who is asked from now on."""
    POLICY.require(by, Act.EDIT_PROVIDER, provider)
    changes = amend(provider, contact_name=contact.name, contact_email=contact.email)
    if changes:
        audit.record(Act.EDIT_PROVIDER, provider, changes, by=by)


def ask(provider: Provider, *, by: Actor) -> None:
    """Ask a provider by email about all its services that can be asked about."""
    POLICY.require(by, Act.ASK_PROVIDER, provider)
    if provider.contact_email is None:
        raise Conflict(NOBODY)
    if not queries.to_ask_about(provider.id):
        raise Conflict(NOTHING)
    _ask(provider, by=by)


def _ask(provider: Provider, *, by: Actor) -> None:
    reader = Reader(provider.contact_email or "", provider.contact_name)
    link = LinkWanted(Purpose.SERVICES, str(provider.id))
    queue("services_asked", reader, having=Extras({"provider_name": provider.name}, link))
    audit.record(Act.ASK_PROVIDER, provider, amend(provider, asked_on=today()), by=by)


def ask_those_due() -> None:
    """Daily: ask each provider that was not asked, and has a service that was not checked, for so many days.

    What counts is the day of the last asking, so a second run asks nobody and a skipped day is caught up.
    """
    if not queries.is_anybody_kept_to_ask():
        return
    days = int(figure_on("directory.confirm_days", on=today()))
    for provider in queries.providers_to_ask(today(), days=days):
        _ask(provider, by=SYSTEM)


def asked_by(token: str) -> Provider:
    """The provider that a link asks, without using the link up. Raises `NotFound`."""
    return _provider(live_link(token, Purpose.SERVICES).subject_id)


def _provider(provider_id: str) -> Provider:
    found = queries.provider(UUID(provider_id))
    if found is None:
        raise dead(Purpose.SERVICES)
    return found


def answer_by_link(token: str, answers: Mapping[str, Answer], *, name: str) -> None:
    """Record what a provider says of its services, by their short names; its link works once.

    What still runs is checked as of today; what changed waits to be checked; what closed is closed.
    """
    provider = _provider(use(token, Purpose.SERVICES))
    by = by_link(f"{name}, {provider.name}")
    asked = {each.service_id: each for each in queries.to_ask_about(provider.id)}
    for service_id, service in asked.items():
        told = answers.get(service_id)
        if told is None:
            raise Invalid("Say of each whether it still runs as it says here")
        _keep(service, told, source=f"{name}, {provider.name}", by=by)
    audit.record(Act.ANSWER_FOR_SERVICES, provider, created(services=len(asked), answered_by=name), by=by)


def _keep(service: Service, told: Answer, *, source: str, by: Actor) -> None:
    act = ACT_OF[told.said]
    changes = advance(MACHINE, service, act) if act in MACHINE.possible(service.status) else {}
    fields: dict[str, Any] = {"status_note": told.note, "source": source, "checked_note": ""}
    if told.said is not Said.CHANGED:
        fields["checked_on"] = today()
    changes |= amend(service, **fields)
    service.changed_at = now()
    session().flush()
    audit.record(act, service, changes, by=by)
