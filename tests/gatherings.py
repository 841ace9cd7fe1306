"""Appointments, workshops and places made as a test needs them, as `tests.factories` makes the rest."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from crm.businesses.models import Business
from crm.casework.workflow import Channel
from crm.kernel.clock import now
from crm.meetings.models import Appointment, Workshop, WorkshopPlace
from crm.meetings.workflow import WorkshopStatus
from tests import factories

_number = count(1)


def appointment(owner: Business, **fields: Any) -> Appointment:
    """In a day, for an hour, with an adviser of its own."""
    begins = now() + timedelta(days=1)
    given = {
        "subject": f"Made meeting {next(_number):03}",
        "starts_at": begins,
        "channel": Channel.VIDEO,
    } | fields
    given.setdefault("ends_at", given["starts_at"] + timedelta(hours=1))
    given = {"place": "A call", "arranged_at": now()} | given
    for name, make in (
        ("person_id", lambda: factories.person(owner).id),
        ("adviser_id", lambda: factories.account().id),
    ):
        if name not in given:
            given[name] = make()
    made: Appointment = factories.kept(Appointment(business_id=owner.id, **given))
    return made


def appointment_today(owner: Business) -> Appointment:
    """One that has begun: what was said can be recorded."""
    return appointment(owner, starts_at=now() - timedelta(minutes=5), ends_at=now() + timedelta(hours=1))


def workshop(status: WorkshopStatus = WorkshopStatus.OPEN, **fields: Any) -> Workshop:
    """In a day, for two hours, with twenty places."""
    given = {
        "title": f"Made workshop {next(_number):03}",
        "about": "Made",
        "starts_at": now() + timedelta(days=1),
    }
    given |= {"channel": Channel.IN_PERSON, "place": "The Made Hall", "seats": 20, "quarters": 6} | fields
    given.setdefault("ends_at", given["starts_at"] + timedelta(hours=2))
    if "kind_code" not in given:
        given["kind_code"] = factories.support_kind().code
    made: Workshop = factories.kept(Workshop(**given, created_at=now(), _status=status))
    return made


def place(owner: Workshop, **fields: Any) -> WorkshopPlace:
    number = next(_number)
    given = {"person_name": f"Made Visitor {number:03}", "email": f"visitor{number}@made.example"}
    given |= {"business_name": "Made Makers", "signed_up_at": now()} | fields
    made: WorkshopPlace = factories.kept(WorkshopPlace(workshop_id=owner.id, **given))
    return made
