"""Who can lead the work with a business; and when two tags are one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from crm.kernel.folding import plain_words
from crm.kernel.roles import Grant, Role, Scope


def can_lead(grants: Iterable[Grant], hubs: Collection[str], *, roles: Collection[Role], on: date) -> bool:
    """Whether a person with these grants works for one of the hubs (ids) that look after a business, on a day.

    Where no hub looks after it, anybody who works for any hub can lead it.
    """
    live = [each for each in grants if each.role in roles and each.holds_on(on)]
    return any(not hubs or each.scope is Scope.EVERYWHERE or each.scope_id in hubs for each in live)


LONGEST_TAG, MOST_TAGS = 40, 200


def one_name(typed: str) -> tuple[str, str]:
    """A tag as it is shown, and what two tags are compared by: "Net-Zero" and "net zero" are one."""
    return " ".join(typed.split()), " ".join(plain_words(typed))
