"""The demonstration's requests about personal data in each state, and erasures: done, proposed, refused and withdrawn."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from crm.accounts.queries import acting
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.businesses.service.people import PersonDetails, add_person
from crm.db.session import session
from crm.kernel.clock import earlier, today
from crm.privacy.models import DataRequest, PersonErasure
from crm.privacy.queries.erasing import subject_at
from crm.privacy.queries.requests import erasure
from crm.privacy.service import erasures, requests
from crm.privacy.service.requests import Asked
from crm.privacy.workflow import RequestKind

ADMINISTRATOR, SECOND = "admin@demo.example", "second.admin@demo.example"
WHY = "They asked for it, and showed who they are"
DELETE = "Please delete everything that you hold about me."
NOT_SURE = "We could not make sure that it is you who asks. Send us a copy of a letter that shows your name and address."


def load_demo() -> dict[str, int]:
    """Invented requests in each state, once."""
    if session().scalar(select(DataRequest.id).limit(1)) is not None:
        return {"demo requests about personal data": 0}
    _of_other_kinds()
    _erased("Zadie Vanished (invented)", days=20)
    _proposed("Zora Umber (invented)", days=6)
    _withdrawn("Zuri Yarrow (invented)", days=4)
    refused = _proposed("Zita Younger (invented)", days=15)
    with earlier(timedelta(days=9)):
        erasures.refuse(refused, reason="It was not they who asked. I called them.", by=acting(SECOND))
        requests.refuse(refused.request, NOT_SURE, by=acting(SECOND))
    return {"demo requests about personal data": 8}


def _of_other_kinds() -> None:
    copy = _recorded(
        RequestKind.ACCESS, "Zack Hollis (invented)", "Send me a copy of what you hold about me.", days=40
    )
    with earlier(timedelta(days=31)):
        requests.answer(copy, "The copy is on its way to you by post.", by=acting(ADMINISTRATOR))
    _recorded(RequestKind.CORRECTION, "Zena Marlow (invented)", "My surname is Marlow, not Marlowe.", days=33)
    long = _recorded(
        RequestKind.ACCESS, "Zeb Norris (invented)", "I want a copy of every email that names me.", days=25
    )
    with earlier(timedelta(days=12)):
        why = "You were in touch with four hubs over six years, and we read each email before we send it."
        requests.extend(long, reason=why, by=acting(ADMINISTRATOR))
    _recorded(RequestKind.OBJECTION, "Zoe Purcell (invented)", "Do not use my data for figures.", days=2)


def _recorded(kind: RequestKind, name: str, said: str, *, days: int) -> DataRequest:
    address = f"{name.split(maxsplit=1)[0].lower()}@invented.example"
    with earlier(timedelta(days=days)):
        asked = Asked(kind, name, said, today(), address)
        return requests.record(asked, by=acting(ADMINISTRATOR))


def _proposed(name: str, *, days: int) -> PersonErasure:
    """Somebody at a business asks to be erased, and an administrator proposes it."""
    row = Business.__table__.c
    at = business(session().scalars(select(row.id).order_by(row.sort_name.desc(), row.id).limit(1)).one())
    assert at is not None
    details = PersonDetails(name, "Invented contact", f"{name.split(maxsplit=1)[0].lower()}@invented.example")
    with earlier(timedelta(days=days + 30)):
        known = add_person(at, details, by=acting(ADMINISTRATOR))
    found = _recorded(RequestKind.ERASURE, name, DELETE, days=days)
    about = subject_at("person", known.id)
    assert about is not None
    with earlier(timedelta(days=days - 1)):
        row_of = ("person", known.id)
        made = erasures.propose(found, about, row=row_of, reason=WHY, seen=None, by=acting(ADMINISTRATOR))
    whole = erasure(made.id)
    assert whole is not None
    return whole


def _erased(name: str, *, days: int) -> None:
    made = _proposed(name, days=days)
    with earlier(timedelta(days=days - 3)):
        erasures.confirm(made, by=acting(SECOND))


def _withdrawn(name: str, *, days: int) -> None:
    made = _proposed(name, days=days)
    with earlier(timedelta(days=days - 2)):
        erasures.withdraw(made, by=acting(ADMINISTRATOR))
