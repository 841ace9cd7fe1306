"""The demonstration's complaints: one to acknowledge in time, one late, one to answer, one answered."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from crm.accounts.queries import acting
from crm.complaints import service
from crm.complaints.models import Complaint
from crm.complaints.service import Told
from crm.complaints.workflow import Channel
from crm.db.session import session
from crm.kernel.clock import earlier, today
from crm.kernel.permissions import VISITOR
from crm.throttles.rules import Source

ADMINISTRATOR = "admin@demo.example"
ADDRESS = "4 Invented Row, Walsall"


def load_demo() -> dict[str, int]:
    """Invented complaints in each state, once."""
    if session().scalar(select(Complaint.id).limit(1)) is not None:
        return {"demo complaints": 0}
    _by_form()
    _by_email()
    _by_telephone()
    _by_letter()
    return {"demo complaints": 4}


def _by_form() -> None:
    told = Told(
        "Tamsin Orrell (invented)",
        "Your newsletter went to my old address although I gave you a new one in spring.",
        "Correct my address everywhere, and tell me who read the newsletter.",
        "tamsin.orrell@invented.example",
    )
    with earlier(timedelta(days=3)):
        service.complain(told, source=Source("192.0.2.8", "invented"), by=VISITOR)


def _by_email() -> None:
    told = Told(
        "Ferdi Quill (invented)",
        "I asked for a copy of what you hold about me and heard nothing for two months.",
        email="ferdi.quill@invented.example",
    )
    _recorded(told, Channel.EMAIL, days=22)


def _by_telephone() -> None:
    told = Told(
        "Ines Harrow (invented)",
        "An adviser read my notes aloud in an open office.",
        "Use a room with a door.",
        "ines.harrow@invented.example",
    )
    found = _recorded(told, Channel.TELEPHONE, days=12)
    with earlier(timedelta(days=11)):
        service.acknowledge(found, by=acting(ADMINISTRATOR))


def _by_letter() -> None:
    told = Told("Percy Vane (invented)", "My name is still on a list that I left last year.", contact=ADDRESS)
    found = _recorded(told, Channel.LETTER, days=40)
    with earlier(timedelta(days=38)):
        service.acknowledge(found, by=acting(ADMINISTRATOR))
    with earlier(timedelta(days=30)):
        words = "You were right. We deleted your name from the list and from its copies, and now check lists each month."
        service.answer(found, words, by=acting(ADMINISTRATOR))


def _recorded(told: Told, channel: Channel, *, days: int) -> Complaint:
    with earlier(timedelta(days=days)):
        return service.record(told, channel, received_on=today(), by=acting(ADMINISTRATOR))
