"""What the network shows about investors on the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.angels.investors.policy import MANAGERS, own_admission
from crm.angels.investors.queries import angels
from crm.angels.investors.rules import labels
from crm.angels.investors.rules.gate import why_closed
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.web.feature import Todo


def todos(actor: Actor) -> tuple[Todo, ...]:
    """Who waits to be let in, for the network's manager."""
    waiting = angels.count_waiting() if actor.has(*MANAGERS) else 0
    href = url_for("angels.all_angels", status="applied")
    return (Todo("Angels who applied", waiting, href),) if waiting else ()


def load_home(actor: Actor) -> Mapping[str, Any] | None:
    """An angel's part of their desk: what is open to them, or what keeps it closed."""
    if not actor.has(Role.ANGEL):
        return None
    return {"closed": why_closed(own_admission(actor), on=today()), "labels": labels}
