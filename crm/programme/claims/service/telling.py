"""Letters about claims, evidence, changes and recoveries to everybody at the business who has an account."""

from __future__ import annotations

from typing import Any

from crm.kernel.permissions import Actor
from crm.programme.applications.service.telling import tell
from crm.programme.awards.models import Award


def tell_business(found: Award, kind: str, *, path: str, by: Actor, **facts: Any) -> int:
    """Queue a letter about an award that leads to ``path``; return how many people get it."""
    return tell(found.application, kind, actor=by, path=path, **facts)
