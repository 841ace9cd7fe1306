"""What a further role would clash with in the network: pitches of a business that the same person speaks for."""

from __future__ import annotations

from collections.abc import Sequence

from crm.kernel.permissions import Actor
from crm.kernel.roles import Role, RoleWanted

TIED = "A network manager who belongs to a business cannot screen its pitches or decide about them."


def clashes(actor: Actor, wanted: RoleWanted) -> Sequence[str]:
    """A network manager who joins a business, or a founder who becomes one, is tied to that business."""
    joins = wanted.role is Role.FOUNDER and actor.has(Role.NETWORK_MANAGER)
    manages = wanted.role is Role.NETWORK_MANAGER and actor.has(Role.FOUNDER)
    return (TIED,) if joins or manages else ()
