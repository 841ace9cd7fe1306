"""The demonstration of the fund case: two years of invented asks, found, found in part, not found, still sought and given up."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from crm.accounts.queries import acting
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.evidence.models import Ask
from crm.evidence.service import asking
from crm.evidence.workflow import Instrument, Medium, UnmetReason
from crm.kernel.calendar import add_months
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import Actor

WHO, SOURCE = "admin@demo.example", "the demonstration of the fund case"
HOW_MANY = 60
PLACES = ("Birmingham", "Walsall", "Wolverhampton", "Dudley", "Coventry")
POUNDS = (35_000, 120_000, 18_000, 400_000, 250_000, 75_000, 900_000, 2_400_000, 48_000, 150_000)
WORK = (
    (Medium.SCREEN, "Invented: a pilot for an animated series"),
    (Medium.MIXED_MEDIA, "Invented: an installation with film, sound and live performance"),
    (Medium.SCREEN, "Invented: a game for two players, from prototype to launch"),
    (Medium.MIXED_MEDIA, "Invented: a touring show with augmented reality"),
    (Medium.OTHER, "Invented: a larger workshop"),
)
KINDS = (Instrument.EQUITY, Instrument.LOAN, Instrument.GRANT, Instrument.LOAN, Instrument.NOT_SURE)
REASONS = (
    *(UnmetReason.COLLATERAL, UnmetReason.INVESTOR_UNDERSTANDING, UnmetReason.COMMERCIAL_FOCUS),
    *(UnmetReason.KEY_PERSON, UnmetReason.NOTHING_EXISTS, UnmetReason.TOO_SMALL),
)


def load_demo() -> dict[str, int]:
    """Add the asks where they are not there yet."""
    if session().scalar(select(func.count()).select_from(Ask).where(Ask.source == SOURCE)):
        return {"demo asks of the fund case": 0}
    owners = _owners()
    for number in range(HOW_MANY if owners else 0):
        _ask(number, owners[number % len(owners)], by=acting(WHO))
    return {"demo asks of the fund case": HOW_MANY if owners else 0}


def _owners() -> list[UUID]:
    """Businesses of each place in turn, so that asks lie all over the map."""
    columns = Business.__table__.c
    found = [
        session().scalars(
            select(columns.id)
            .where(columns.authority == place)
            .order_by(columns.sort_name, columns.id)
            .limit(12)
        )
        for place in PLACES
    ]
    return [each for together in zip(*found, strict=False) for each in together]


def _ask(number: int, owner_id: UUID, *, by: Actor) -> None:
    owner = business(owner_id)
    assert owner is not None
    medium, purpose = WORK[number // 3 % len(WORK)]
    amount = None if number % 13 == 12 else Money.pounds(POUNDS[number * 3 % len(POUNDS)])
    asked_on = add_months(today(), -3 - (HOW_MANY - number) // 2) if number < HOW_MANY - 4 else today()
    kind = KINDS[number // 2 % len(KINDS)]
    made = asking.record(
        owner, asking.AskDetails(kind, purpose, medium, amount, asked_on=asked_on, source=SOURCE), by=by
    )
    _settle(made, number, by=by)


def _settle(made: Ask, number: int, *, by: Actor) -> None:
    """Most are not found, one in seven is, one in eleven in part; the last few are still sought."""
    found = asking.Found("An invented fund", today(), made.amount)
    if number % 20 == 19:
        asking.drop(made, by=by)
    elif number % 7 == 3:
        asking.meet(made, found, by=by)
    elif number < HOW_MANY - 4:
        half = None if made.amount is None or number % 11 else Money(made.amount.pence // 2)
        part = asking.Found("An invented trust", today(), half) if half else None
        reason = REASONS[number % len(REASONS)]
        asking.leave_unmet(made, reason, note="Invented for the demonstration.", part=part, by=by)
