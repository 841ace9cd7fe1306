"""Who is named to whom in a syndicate, and when its sums may be shown."""

from __future__ import annotations

TO_LEAD, TO_MEMBERS = "lead", "members"
LEAST_FOR_SUMS = 3
"""With fewer investors, one of them could work out what another pledged."""


def is_named_to(side: str, naming: str, *, is_met: bool = False) -> bool:
    """Whether a member is named to a reader: staff, business, lead, member, or another investor."""
    if side == "staff":
        return True
    if side == "business":
        return is_met or naming in (TO_LEAD, TO_MEMBERS)
    if side == "lead":
        return naming in (TO_LEAD, TO_MEMBERS)
    return side == "member" and naming == TO_MEMBERS


def has_sums(side: str, investors: int) -> bool:
    """Whether a reader may see what the investors of a syndicate pledged, committed and invested together."""
    return side == "staff" or investors >= LEAST_FOR_SUMS
