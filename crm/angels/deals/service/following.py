"""What follows for pledges: from a raise that changes or ends, and from an investor who leaves."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from crm.angels.deals.models import Pledge
from crm.angels.deals.queries import investments as queries
from crm.angels.deals.queries import pledges as pledge_queries
from crm.angels.deals.queries.reliefs import recorded_before
from crm.angels.deals.service.placing import fill, move
from crm.angels.deals.service.pledging import end
from crm.angels.deals.service.telling import tell_pledger
from crm.angels.deals.workflow import Act, PledgeStatus
from crm.angels.introductions.queries import waiting_for
from crm.angels.investors.models import Angel
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches as pitch_queries
from crm.angels.pitches.service.telling import tell_readers
from crm.angels.pitches.workflow import ClosedAs
from crm.db.session import session
from crm.kernel.errors import Conflict, Invalid, refuse_all
from crm.kernel.permissions import SYSTEM, Actor

OVER, CLOSED, LEFT = "The pitch has ended", "The raise has closed", "The investor left the network"


def require_amount(found: Pitch, *, by: Actor) -> None:  # noqa: ARG001 the same whoever writes it
    """A raise does not seek less than was pledged and invested already."""
    with session().no_autoflush:  # asked before it is written: the database has a wall of its own
        taken = pledge_queries.taken_of([found.id]).get(found.id)
    if taken is not None and taken > found.amount:
        raise Invalid(
            f"{taken} is pledged or invested already, so the raise cannot seek less. Turn down pledges first",
            field="amount",
        )


RELIEFS = {"seis_raised": "SEIS", "eis_raised": "EIS", "eis_year": "EIS in the last twelve months"}


def require_raised_before(found: Pitch, *, by: Actor) -> None:  # noqa: ARG001 the same whoever writes it
    """A pitch that offers SEIS or EIS states at least what the business is recorded to have raised under them in other raises."""
    if not found.reliefs:
        return
    with session().no_autoflush:
        recorded = recorded_before(found)
    refuse_all(
        Invalid(
            f"Investments recorded here come to {least} under {RELIEFS[field]}. Enter {least} or more",
            field=field,
        )
        for field, least in recorded.items()
        if getattr(found, field) < least
    )


def open_room(found: Pitch, *, by: Actor) -> None:  # noqa: ARG001 the same whoever publishes it
    """Investors who pledged are told that the pitch has changed, unless they were told already; room there is is offered."""
    if found.number > 1:
        asked = _ask_again(found)
        told = asked | {each.id for each in pitch_queries.followers_of(found.id)}
        told |= {each.account_id for each in waiting_for(found.id)}
        readers = {each.account_id: each.account for each in pledge_queries.of_pitch(found.id)}
        open_ = [reader for key, reader in readers.items() if key not in told]
        tell_readers(found, "pitch_changed", readers=open_)
    fill(found)


AGREED_ON = ("instrument", "terms", "min_ticket", "seis", "eis")
"""What an investor commits to: where a pitch says otherwise in one of these, they are asked to commit again."""


def _ask_again(found: Pitch) -> set[UUID]:
    """Commitments to what the pitch no longer says are pledges again, and their investors told; who they are."""
    said = {each.number: each.content for each in pitch_queries.versions_of(found.id)}
    now_said, asked = said.get(found.number, {}), set()
    for each in _without_report(pledge_queries.of_pitch(found.id)):
        then_said = said.get(each.pitch_version, {})
        changed = [name for name in AGREED_ON if then_said.get(name) != now_said.get(name)]
        if each.status is PledgeStatus.COMMITTED and changed:
            move(each, Act.ASK_AGAIN, by=SYSTEM, committed_at=None)
            tell_pledger(each, "pledge_asked_again")
            asked.add(each.account_id)
    return asked


def end_pledges(found: Pitch, *, by: Actor) -> None:  # noqa: ARG001 the system ends them
    """Pledges to a pitch that ended are ended, and their investors told; what was invested is closed with a result instead."""
    if queries.of_pitch(found.id):
        raise Conflict(
            "Investments in this raise are recorded, so it cannot end without a result. Close the raise instead."
        )
    _end_all(found, OVER)


def _end_all(found: Pitch, why: str) -> None:
    for each in _without_report(pledge_queries.of_pitch(found.id)):
        end(each, why=why, by=SYSTEM)


def _without_report(found: Sequence[Pledge]) -> list[Pledge]:
    """Those of some pledges for which no investment is reported: the others end when that is confirmed or reversed."""
    reported = pledge_queries.reported_of([each.id for each in found])
    return [each for each in found if each.id not in reported]


def settle_raise(found: Pitch, *, by: Actor) -> None:  # noqa: ARG001 the system ends them
    """A raise closes with what the investments in it add up to; its open pledges end."""
    invested = queries.invested_sum(found.id)
    if invested != found.raised:
        field = "raised" if found.closed_as is ClosedAs.PART_FUNDED else "closed_as"
        raise Invalid(
            f"You said that {found.raised} was raised, and the investments recorded come to {invested}. "
            "Record who invested how much first, or choose the result that fits",
            field=field,
        )
    _end_all(found, CLOSED)


def end_of_investor(found: Angel, *, by: Actor) -> None:
    """The pledges of an investor who leaves end, and their places are offered to those who wait; investments stay."""
    own = pledge_queries.of_account(found.account_id) if found.account_id else ()
    for each in _without_report(own):
        end(each, why=LEFT, by=by)
    for raised in {each.pitch_id: each.pitch for each in own}.values():
        fill(raised)
