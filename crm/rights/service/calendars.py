"""A private address at which a calendar program reads the renewals of a business: sent by letter, ended by its reader."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crm.accounts.queries import account, actor_of
from crm.accounts.workflow import AccountStatus
from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.businesses.service.keeping import require_in_use
from crm.db.states import refuse_if
from crm.kernel.permissions import Actor
from crm.links.queries import dead, has_live_link, live_link
from crm.links.rules import Purpose
from crm.links.service import kill
from crm.notices.service import Extras, LinkWanted, Reader, queue
from crm.rights import queries
from crm.rights.models import Right
from crm.rights.policy import POLICY
from crm.rights.workflow import Act

NONE_TO_END = "You have no calendar address for this business."


@dataclass(frozen=True)
class Renewals:
    """The renewals of a business that are ahead or missed."""

    business: Business
    rights: Sequence[Right]


def subject_of(business_id: UUID, account_id: UUID) -> str:
    """Whose address it is, for which business: two ids in the room of a subject."""
    return ".".join(urlsafe_b64encode(each.bytes).decode().rstrip("=") for each in (business_id, account_id))


def _ids(subject: str) -> tuple[UUID, ...]:
    return tuple(UUID(bytes=urlsafe_b64decode(f"{each}==")) for each in subject.split("."))


def has_address(found: Business, actor: Actor) -> bool:
    """Whether a person has an address for the renewals of a business that still works."""
    if actor.account_id is None:
        return False
    return has_live_link(Purpose.RENEWALS, subject_of(found.id, actor.account_id))


def ask(found: Business, *, by: Actor) -> None:
    """Send a person their own address for the renewals of a business. One that they had before ends when it is sent."""
    POLICY.require(by, Act.ASK_CALENDAR, found)
    require_in_use(found)
    asks = account(by.account_id) if by.account_id else None
    assert asks is not None
    link = LinkWanted(Purpose.RENEWALS, subject_of(found.id, asks.id))
    reader = Reader(asks.email, asks.name, asks.id)
    queue("renewal_calendar", reader, having=Extras({"business_name": found.name}, link))
    audit.record(Act.ASK_CALENDAR, found, {}, by=by)


def end(found: Business, *, by: Actor) -> None:
    """End a person's own address: calendar programs read nothing there from now on."""
    POLICY.require(by, Act.END_CALENDAR, found)
    refuse_if(None if has_address(found, by) else NONE_TO_END)
    assert by.account_id is not None
    kill(subject_of(found.id, by.account_id))
    audit.record(Act.END_CALENDAR, found, {}, by=by)


def renewals_at(token: str) -> Renewals:
    """What a calendar program reads at an address. Raises `DeadLink` once its reader may not see the rights any more."""
    business_id, account_id = _ids(live_link(token, Purpose.RENEWALS).subject_id)
    found, reader = business(business_id), account(account_id)
    if found is None or found.is_archived or reader is None or reader.status is not AccountStatus.ACTIVE:
        raise dead(Purpose.RENEWALS)
    if not POLICY.allows(actor_of(reader), Act.VIEW, found):
        raise dead(Purpose.RENEWALS)
    return Renewals(found, [each for each in queries.rights_of(found.id) if each.is_due])
