"""Reminders of pitch nights: the day before, and after 90 days."""

from __future__ import annotations

from crm.angels.events.models import PitchNight
from crm.angels.events.queries import nights as queries
from crm.angels.events.queries.places import gates_of, places_in
from crm.angels.events.service.telling import tell, tell_business, tell_manager
from crm.angels.events.workflow import IN_ORDER, PlaceStatus, SlotStatus
from crm.angels.investors.rules.labels import CLOSED, REMEDIES
from crm.db.changes import amend
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now

REMINDED = (PlaceStatus.COMING, PlaceStatus.MAYBE)


def remind(night: PitchNight) -> None:
    """The letters of the day before; who has to renew before the night is told so."""
    amend(night, reminded_at=now())
    rows = [each for each in places_in(night.id) if each.status in REMINDED]
    gates = gates_of(night, [each.account_id for each in rows])
    for each in rows:
        gate = gates[each.account_id]
        until = day_in_words(gate.renew_by) if gate.renew_by else ""
        why = f"{CLOSED[gate.closed]} {REMEDIES[gate.closed]}" if gate.closed else ""
        is_maybe = each.status is PlaceStatus.MAYBE
        about = {"is_maybe": is_maybe, "why": why, "until": until}
        tell(each, "night_reminder", night=night, had_seat=not is_maybe, **about)
    for slot in queries.slots_of(night.id):
        if slot.status in IN_ORDER:
            tell_business(slot, "night_turn_reminder", night=night, is_asked=slot.status is SlotStatus.ASKED)


def ask_for_review(night: PitchNight) -> None:
    """Ask whoever planned a night, once, what came of it."""
    amend(night, asked_at=now())
    tell_manager(night, "night_came_of")
