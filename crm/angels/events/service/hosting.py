"""Guests of a night, who are no investors: listed by the network's staff, and written to where they gave an address."""

from __future__ import annotations

from datetime import timedelta

from crm.angels.events.models import NightGuest, PitchNight
from crm.angels.events.policy import POLICY
from crm.angels.events.queries import nights as queries
from crm.angels.events.rules.running import DAYS_OF_OUTCOMES, UNNAMED, named_in
from crm.angels.events.service.planning import why_settled
from crm.angels.events.service.telling import tell_guest
from crm.angels.events.workflow import Act
from crm.angels.investors.queries.angels import live_with
from crm.angels.pitches.queries.pitches import published
from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import SYSTEM, Actor

MOST_GUESTS = 50


def add_guest(night: PitchNight, *, name: str, role: str, email: str = "", by: Actor) -> NightGuest:
    """List a guest of the network's staff, who is no investor and is shown nothing as one; with an address, invite them."""
    POLICY.require(by, Act.ADD_GUEST, night)
    held = queries.hold(night.id)
    refuse_if(why_settled(held))
    _require_new(held, email.lower())
    _require_no_showing(role, email.lower())
    made = NightGuest(night_id=held.id, name=name, role=role, email=email.lower(), added_at=now())
    made.added_by_id, made.sequence = by.account_id, 0
    session().add(made)
    session().flush()
    audit.record(Act.ADD_GUEST, made, created(name=name, role=role, email=made.email), by=by)
    tell_guest(made, "night_guest_invited", night=held)
    return made


def _require_new(held: PitchNight, email: str) -> None:
    known = queries.guests_of(held.id)
    if email and any(each.email == email for each in known):
        raise Conflict("A guest with this email address is listed already.")
    if len(known) >= MOST_GUESTS:
        raise Conflict(f"A night can have up to {MOST_GUESTS} guests.")


def _require_no_showing(role: str, email: str) -> None:
    """A letter to a guest shows nobody a raise: it names no business that raises money, and no investor is a guest."""
    name = named_in(role, [each.business.name for each in published()])
    if name:
        raise Invalid(UNNAMED.format(name=name), field="role")
    if email and live_with(email) is not None:
        raise Invalid("This is an investor of the network. Invite them as an investor instead", field="email")


def remove_guest(guest: NightGuest, *, by: Actor) -> None:
    """Take a guest off the list, and tell them so where they were invited."""
    POLICY.require(by, Act.REMOVE_GUEST, guest)
    held = queries.hold(guest.night_id)
    refuse_if(why_settled(held))
    audit.record(Act.REMOVE_GUEST, guest, {"name": (guest.name, None), "email": (guest.email, None)}, by=by)
    tell_guest(guest, "night_guest_cancelled", night=held, is_cancelled=True)
    session().delete(guest)


def forget_addresses() -> None:
    """The addresses of guests are deleted ninety days after their night: nothing is left to tell them."""
    for each in queries.guests_to_forget(now() - timedelta(days=DAYS_OF_OUTCOMES)):
        audit.record(Act.FORGET_GUEST, each, amend(each, email=""), by=SYSTEM)
