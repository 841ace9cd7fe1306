"""Inviting the people of several businesses to a workshop."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from crm.businesses.models import Person
from crm.businesses.rules.labels import PURPOSES
from crm.businesses.workflow import ConsentPurpose
from crm.caseload.policy import Led
from crm.casework.queries.emails import reason_not_to_send
from crm.casework.service.mailing import Mailing
from crm.casework.workflow import Channel
from crm.kernel.clock import moment_with_weekday, now
from crm.kernel.errors import Invalid
from crm.kernel.marks import mark_of
from crm.kernel.permissions import Actor
from crm.lists.service.deeds import Fate, Wish, left
from crm.lists.service.mailing import Writing
from crm.meetings import queries
from crm.meetings.models import Workshop
from crm.meetings.policy import POLICY
from crm.meetings.rules import PLACE_STATUSES
from crm.meetings.service.seating import why_too_late
from crm.meetings.workflow import Act, PlaceStatus
from crm.notices.models import Letter

KIND, PURPOSE = "workshop_invited", ConsentPurpose.NEWS


class Inviting(Writing):
    """An invitation with the way to book. Whoever has a place, or waits for one, is left out."""

    def __init__(self, wish: Wish, rows: Sequence[Led], by: Actor) -> None:
        found = queries.workshop(wish.target_id) if wish.target_id else None
        if found is None or not POLICY.allows(by, Act.SIGN_UP, found):
            raise Invalid("Choose a workshop", field="workshop_id")
        once = mark_of(KIND, found.id, found.starts_at)
        super().__init__(
            Mailing(KIND, _said(found, by.name), PURPOSE, PURPOSES[PURPOSE], once), wish, rows, by
        )
        self.what, self.shut = found.title, why_shut(found)
        places = [each for each in queries.places_in(found.id) if each.status is not PlaceStatus.GIVEN_UP]
        self.places = {each.email: PLACE_STATUSES[each.status] for each in places}

    def fate(self, led: Led) -> Fate:
        """Invited, unless the workshop takes nobody any more."""
        return left(led, self.shut) if self.shut else super().fate(led)

    def why_not_to(self, person: Person) -> str | None:
        """Besides what stops every email: a place."""
        place = self.places.get(person.email or "")
        return f"{place} already" if place else super().why_not_to(person)


def _said(found: Workshop, by_name: str) -> dict[str, str]:
    """What the letter says of a workshop; where one that is not in person takes place is told to those who book."""
    where = found.place if found.channel is Channel.IN_PERSON else ""
    when = moment_with_weekday(found.starts_at)
    about = {"workshop_id": str(found.id), "path": f"/workshops/{found.id}"}
    return {"title": found.title, "when": when, "where": where, "by_name": by_name} | about


def why_shut(found: Workshop) -> str | None:
    """Why nobody is invited to a workshop any more; None where they are."""
    late = why_too_late(found)
    if late:
        return late
    is_full = queries.seats_taken([found.id])[found.id] >= found.seats
    return "All places in this workshop are taken" if is_full else None


def open_to_invitations(actor: Actor) -> list[Workshop]:
    """The workshops that a person sees to which people can be invited now, the next first."""
    coming = [each for each in queries.workshops(actor, after=now()) if why_too_late(each) is None]
    taken = queries.seats_taken([each.id for each in coming])
    return [each for each in coming if taken[each.id] < each.seats]


def reason_not_to_invite(letter: Letter) -> str | None:
    """Asked when an invitation is about to leave: the workshop may have been cancelled meanwhile."""
    found = queries.workshop(UUID(letter.context["workshop_id"]))
    late = why_too_late(found) if found else "The workshop is gone."
    return late or reason_not_to_send(letter)
