"""Who stands at the door of a night: a member of the network, and no one else."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.angels.events.models import PitchNight
from crm.angels.events.queries.nights import night
from crm.angels.events.queries.places import place_of
from crm.angels.investors.queries.angels import angel_of, wording_on
from crm.angels.investors.workflow import Ground
from crm.kernel.clock import today


@dataclass(frozen=True)
class Caller:
    """An investor at the door of a night."""

    night: PitchNight
    investor: Account

    @property
    def night_id(self) -> UUID:
        """Which night it is."""
        return self.night.id


def caller(night_id: UUID, account_id: UUID) -> Caller | None:
    """A member of the network at the door, or someone who was invited as one; None for everyone else: no walk-in guest."""
    found, who = night(night_id), account(account_id)
    if found is None or who is None:
        return None
    is_known = angel_of(who.id) is not None or place_of(found.id, who.id) is not None
    return Caller(found, who) if is_known else None


def warnings_aloud() -> list[str]:
    """What the law wants said before the first pitch, by the wordings that can be signed today: one for each ground."""
    forms = (wording_on(ground, on=today()) for ground in Ground)
    return list(dict.fromkeys(str(each.body["warning"]) for each in forms if each is not None))
