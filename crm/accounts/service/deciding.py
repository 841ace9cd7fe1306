"""Deciding what another person made: proposed, asked for or handed in."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from crm.db.changes import Changes, amend
from crm.db.session import session
from crm.db.states import Stateful, advance
from crm.kernel.clock import now
from crm.kernel.permissions import Actor
from crm.kernel.workflow import Machine


def decide(machine: Machine[Any], found: Stateful[Any], act: StrEnum, *, by: Actor, **words: Any) -> Changes:
    """Move what was made by ``act``, and keep who decided it, when and in what words. Return what changed.

    That nobody decides what they made themselves is for the policy of its room; the line in the log is the caller's.
    """
    changes = advance(machine, found, act)
    changes |= amend(found, decided_at=now(), decided_by_id=by.account_id, **words)
    session().flush()
    return changes
