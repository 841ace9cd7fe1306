"""Opening an envelope, and changing what it is called, when it runs and who owns it. Its limit is changed elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account, actor_of
from crm.audit import service as audit
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import require_as_shown
from crm.funding.envelopes.models import Envelope, EnvelopeLine
from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.rules import Line
from crm.funding.envelopes.service.changing import Limits, propose
from crm.funding.envelopes.workflow import Act
from crm.kernel.clock import now
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor


@dataclass(frozen=True)
class EnvelopeDetails:
    """What an envelope is called, which fund and grant its money comes from, its first and last day, and its owner."""

    name: str
    fund: str
    starts_on: date
    ends_on: date
    owner_id: UUID


def open_envelope(details: EnvelopeDetails, limits: Limits, *, by: Actor) -> Envelope:
    """Open an envelope with nothing in it, and propose its limits: there is money once another person approves them."""
    POLICY.require(by, Act.OPEN)
    _require_sound(details)
    fields = fields_of(details)
    made = Envelope(**fields, opened_at=now())
    session().add(made)
    session().flush()
    session().add_all(
        EnvelopeLine(envelope_id=made.id, line=line, position=place) for place, line in enumerate(Line)
    )
    session().flush()
    audit.record(Act.OPEN, made, created(**fields), by=by)
    propose(made, limits, reason="The envelope was opened", by=by)
    return made


def edit(found: Envelope, details: EnvelopeDetails, *, version: int | None = None, by: Actor) -> None:
    """Change what an envelope is called, when it runs or who owns it; ``version`` is what the page showed."""
    POLICY.require(by, Act.EDIT, found)
    require_as_shown(found, version)
    _require_sound(details, besides=found)
    changes = amend(found, **fields_of(details))
    if changes:
        audit.record(Act.EDIT, found, changes, by=by)


def _require_sound(details: EnvelopeDetails, *, besides: Envelope | None = None) -> None:
    if not details.name.strip():
        raise Invalid("Enter a name", field="name")
    if details.ends_on < details.starts_on:
        raise Invalid("The last day must not be before the first", field="ends_on")
    same = queries.envelope_named(details.name)
    if same is not None and same is not besides:
        raise Invalid("Another envelope has this name already", field="name")
    owner = account(details.owner_id)
    if owner is None or not may_own(owner):
        raise Invalid("Choose a programme manager as the owner", field="owner_id")


def may_own(found: Account) -> bool:
    """Whether this person can be the owner of an envelope: they may edit it."""
    return POLICY.allows(actor_of(found), Act.EDIT)
