"""Who is named to whom in a syndicate, and who sees its sums."""

from __future__ import annotations

TO_LEAD, TO_MEMBERS = "lead", "members"


def is_named_to(side: str, naming: str, *, is_met: bool = False) -> bool:
    """Whether a member is named to a reader: staff, business, lead, member, or another investor."""
    if side == "staff":
        return True
    if side == "business":
        return is_met or naming in (TO_LEAD, TO_MEMBERS)
    if side == "lead":
        return naming in (TO_LEAD, TO_MEMBERS)
    return side == "member" and naming == TO_MEMBERS


def has_sums(side: str) -> bool:
    """Whether a reader may see what the investors of a syndicate pledged, committed and invested together.

    The network's staff alone: between two looks, of which one is before somebody named joined, commits or leaves, the difference
    of any sum is what that person pledged.
    """
    return side == "staff"
