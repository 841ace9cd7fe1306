"""Who sees what of pledges and investments: a pitch only where it may be shown, a name only once both were introduced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.queries import pledges as queries
from crm.angels.deals.queries.holders import standing_in
from crm.angels.deals.workflow import LIVE
from crm.angels.investors.policy import READERS
from crm.angels.pitches.policy import may_be_shown
from crm.angels.pitches.views.reading import note_shown, warning
from crm.angels.pitches.workflow import Channel
from crm.kernel.money import Money
from crm.web.identity import current_actor

Deal = Pledge | Investment


@dataclass(frozen=True)
class Told:
    """What a page may say of one pledge or investment: which pitch, which business, which investor; empty where it may not.

    ``is_open`` is whether the pitch can be opened by this reader. ``reported`` is the investment reported for a pledge. ``below``
    is what its investor has in the raise in all, where that is less than its minimum.
    """

    side: str
    headline: str = ""
    business: str = ""
    investor: str = ""
    is_open: bool = False
    reported: Investment | None = None
    below: Money | None = None


def side_of(found: Deal) -> str:
    """The side that the current actor is on: investor, staff or business."""
    actor = current_actor()
    if found.account_id is not None and found.account_id == actor.account_id:
        return "investor"
    return "staff" if actor.has(*READERS) else "business"


def told_of(found: Sequence[Deal], *, names_pitches: bool = True) -> dict[UUID, Told]:
    """What may be said of each to the current actor: one question, however many; each pitch shown leaves its row."""
    accounts = {each.account_id for each in found if each.account_id}
    met = queries.introduced(accounts, {each.pitch.business_id for each in found}) if found else set()
    shown = _shown(found) if names_pitches else set()
    pledges = [each for each in found if isinstance(each, Pledge)]
    reported = queries.reported_of([each.id for each in pledges])
    told = {each.id: _told(each, (each.account_id, each.pitch.business_id) in met, shown) for each in found}
    below = _below(pledges)
    return {
        key: replace(each, reported=reported.get(key), below=below.get(key)) for key, each in told.items()
    }


def _below(found: Sequence[Pledge]) -> dict[UUID, Money]:
    """What the investors of some live pledges have in the raise in all, where that is less than its minimum."""
    live = [each for each in found if each.status in LIVE and each.pitch.min_ticket]
    sums = standing_in({each.pitch_id for each in live})
    has = {each.id: sums.get((each.pitch_id, each.account_id), each.amount) for each in live}
    return {each.id: has[each.id] for each in live if has[each.id] < each.pitch.min_ticket}


def warning_of(told: Iterable[Told]) -> str:
    """The warning that the law wants before what names a pitch to an investor; empty where nothing here does."""
    return warning() if any(each.side == "investor" and each.is_open for each in told) else ""


def _told(found: Deal, is_met: bool, shown: set[UUID]) -> Told:
    side, outside = side_of(found), getattr(found, "investor_name", "")
    name = outside or (found.account.name if found.account else "")
    if side != "investor":
        knows = is_met or side == "staff" or isinstance(found, Investment)
        return Told(
            side, found.pitch.headline, found.pitch.business.name, name if knows else "", is_open=True
        )
    is_open = found.pitch_id in shown
    is_known = is_met or isinstance(found, Investment) or is_open
    headline = found.pitch.headline if is_open else ""
    return Told(side, headline, found.pitch.business.name if is_known else "", name, is_open=is_open)


def _shown(found: Sequence[Deal]) -> set[UUID]:
    """The pitches of an investor's own that may be shown to them now: each leaves its row of the ledger."""
    actor = current_actor()
    own = [each for each in found if each.account_id is not None and each.account_id == actor.account_id]
    open_ = {each.pitch_id: each.pitch for each in own if may_be_shown(actor, each.pitch)}
    if open_:
        note_shown(list(open_.values()), Channel.LIST)
    return set(open_)
