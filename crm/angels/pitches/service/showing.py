"""The ledger: each showing of a pitch leaves a row that rests on a statement; so does what is held back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from crm.angels.investors.models import BlockedPromotion
from crm.angels.investors.queries.gate import basis_on
from crm.angels.investors.rules.gate import Admission, Statement, statement_for
from crm.angels.pitches.models import Pitch, Promotion
from crm.angels.pitches.workflow import Channel
from crm.db.session import session
from crm.kernel.clock import now, to_local
from crm.kernel.errors import NotFound, Trace


@dataclass(frozen=True)
class Shown:
    """What is shown: a version of a pitch, of this instrument; ``item`` names the part where it is not the whole."""

    pitch_id: UUID
    number: int
    instrument: str
    item: str = ""


def shown(found: Pitch, item: str = "") -> Shown:
    """A pitch as the ledger notes it."""
    return Shown(found.id, found.number, found.instrument, item)


def note(things: Iterable[Shown], channel: Channel, *, account_id: UUID, admission: Admission) -> Trace:
    """The trace of showing some pitches: written before the page leaves; where it cannot be, there is no page."""
    kept = list(things)

    def write() -> None:
        write_now(kept, channel, account_id=account_id, admission=admission)

    return write


def write_now(things: Iterable[Shown], channel: Channel, *, account_id: UUID, admission: Admission) -> None:
    """Write the rows. Each rests on the statement that holds at this instant; the table refuses any other."""
    moment, kept = now(), list(things)
    day = to_local(moment).date()
    basis = basis_on(day)
    statements = {each.instrument: statement_for(admission, each.instrument, on=day) for each in kept}
    if basis is None or None in statements.values():
        raise NotFound("There is nothing here.")
    common = {"account_id": account_id, "channel": channel, "shown_at": moment, "shown_on": day}
    common["basis_id"] = basis.id
    rows = [common | _row(each, statements[each.instrument]) for each in kept]
    if rows:
        session().execute(insert(Promotion), rows)


def _row(each: Shown, statement: Statement | None) -> dict[str, Any]:
    """What a row says of the pitch and of the statement that it rests on."""
    assert statement is not None
    return {
        "pitch_id": each.pitch_id,
        "pitch_version": each.number,
        "item": each.item[:200],
        "certification_id": statement.id,
        "signed_on": statement.signed_on,
        "valid_until": statement.until,
    }


def note_blocked(account_id: UUID, kind: str, *, reason: str) -> None:
    """Record that an email with promotions was not sent, and why."""
    made = BlockedPromotion(account_id=account_id, kind=kind, blocked_at=now(), reason=reason[:40])
    session().add(made)
