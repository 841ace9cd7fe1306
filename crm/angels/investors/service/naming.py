"""Nothing that an investor writes to a business names them before the business agrees."""

from __future__ import annotations

from uuid import UUID

from crm.angels.investors.queries.angels import identity_of
from crm.angels.investors.rules.identity import said_in
from crm.kernel.errors import Invalid


def require_unnamed(text: str, account_id: UUID, *, field: str) -> None:
    """Refuse a text that says who the investor is. Raises `Invalid` at its field, with what to remove."""
    what = said_in(text, identity_of(account_id))
    if what:
        raise Invalid(
            f"Remove {what}. The business must not learn who you are unless it agrees to meet you",
            field=field,
        )
