"""Letters about claims, evidence, changes and recoveries to everybody at the business who has an account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.accounts.queries import people_at
from crm.kernel.permissions import Actor
from crm.notices.rules import Wording
from crm.notices.service import as_sent
from crm.programme.applications.service.telling import context_of, tell
from crm.programme.awards.models import Award


def tell_business(found: Award, kind: str, *, path: str, by: Actor, **facts: Any) -> int:
    """Queue a letter about an award that leads to ``path``; return how many people get it."""
    return tell(found.application, kind, actor=by, path=path, **facts)


def as_told(found: Award, kind: str, **facts: Any) -> Wording:
    """The same letter as its first reader would get it now."""
    name = next(iter(_people(found)), found.business.name)
    return as_sent(kind, {**context_of(found.application), **facts, "to_name": name})


def is_unreached(found: Award) -> bool:
    """Whether nobody at the business has an account, so that no letter reaches it."""
    return not _people(found)


def _people(found: Award) -> Sequence[str]:
    """Who has an account at the business, by name."""
    return [each.name for each in people_at([found.business_id]).get(found.business_id, [])]
