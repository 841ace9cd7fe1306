"""A private address at which a calendar program reads an investor's nights: it ends when the gate closes to them (N55)."""

from __future__ import annotations

from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.accounts.workflow import AccountStatus
from crm.angels.events.policy import POLICY
from crm.angels.events.queries.places import places_of
from crm.angels.events.service.telling import entry_of
from crm.angels.events.workflow import Act, NightStatus, PlaceStatus
from crm.angels.investors.models import Angel
from crm.angels.investors.queries.gate import admission_of
from crm.angels.investors.rules.gate import why_closed
from crm.angels.investors.rules.labels import CLOSED, REMEDIES
from crm.audit import service as audit
from crm.db.states import refuse_if
from crm.kernel.clock import today
from crm.kernel.events import Event
from crm.kernel.permissions import Actor
from crm.links.queries import dead, has_live_link, live_link
from crm.links.rules import Purpose
from crm.links.service import kill
from crm.notices.service import Extras, LinkWanted, Reader, queue

NONE_TO_END = "You have no calendar address for pitch nights."


def subject_of(account_id: UUID) -> str:
    """Whose address it is."""
    return f"nights.{account_id}"


def _id_of(subject: str) -> UUID:
    return UUID(subject.removeprefix("nights."))


def has_address(actor: Actor) -> bool:
    """Whether a person has an address that still works."""
    own = actor.account_id
    return own is not None and has_live_link(Purpose.NIGHT_CALENDAR, subject_of(own))


def why_no_address(account_id: UUID) -> str | None:
    """Why an investor is given no address today: the gate is closed to them; None where it is open."""
    closed = why_closed(admission_of(account_id, on=today()), on=today())
    return f"{CLOSED[closed]} {REMEDIES[closed]}" if closed else None


def ask_for_calendar(*, by: Actor) -> None:
    """Send an investor their own address for a calendar program. One that they had before ends when it is sent."""
    POLICY.require(by, Act.ASK_CALENDAR)
    own = _own(by)
    refuse_if(why_no_address(own.id))
    link = LinkWanted(Purpose.NIGHT_CALENDAR, subject_of(own.id))
    queue("night_calendar", Reader(own.email, own.name, own.id), having=Extras({}, link))
    audit.record(Act.ASK_CALENDAR, own, {}, by=by)


def end_calendar(*, by: Actor) -> None:
    """End one's own address: calendar programs read nothing there from now on."""
    POLICY.require(by, Act.END_CALENDAR)
    refuse_if(None if has_address(by) else NONE_TO_END)
    own = _own(by)
    kill(subject_of(own.id))
    audit.record(Act.END_CALENDAR, own, {}, by=by)


def _own(actor: Actor) -> Account:
    own = account(actor.account_id) if actor.account_id else None
    assert own is not None
    return own


def end_address(found: Angel, *, by: Actor) -> None:
    """The calendar address of an investor who leaves the network ends."""
    if found.account_id is not None and has_live_link(Purpose.NIGHT_CALENDAR, subject_of(found.account_id)):
        kill(subject_of(found.account_id))
        audit.record(Act.END_CALENDAR, found, {}, by=by)


def end_if_closed(account_id: UUID) -> bool:
    """End the address of an investor to whom the gate is closed today; whether it was ended."""
    subject = subject_of(account_id)
    if not has_live_link(Purpose.NIGHT_CALENDAR, subject) or why_no_address(account_id) is None:
        return False
    kill(subject)
    return True


def nights_at(token: str) -> list[Event]:
    """What a calendar program reads at an address: nights with a place, and those that were cancelled.

    Raises `DeadLink` once the gate is closed to its reader: from then on the address is ended for good.
    """
    own = account(_id_of(live_link(token, Purpose.NIGHT_CALENDAR).subject_id))
    if own is None or own.status is not AccountStatus.ACTIVE or why_no_address(own.id):
        raise dead(Purpose.NIGHT_CALENDAR)
    kept = (PlaceStatus.COMING, PlaceStatus.ATTENDED)
    return [
        entry_of(each.night, each, is_cancelled=each.night.status is NightStatus.CANCELLED)
        for each in places_of(own.id)
        if each.status in kept
    ]
