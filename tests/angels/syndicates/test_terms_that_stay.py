"""A version of the terms stays as it was recorded, whoever writes to the database."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.angels.syndicates.test_syndicates import opened
from tests.cast import Cast


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE syndicate_terms SET rights = 'others'",
        "UPDATE syndicate_terms SET minimum = minimum + 1",
        "UPDATE syndicate_terms SET pre_money = pre_money + 1",
        "UPDATE syndicate_terms SET takes_fee = (1 = 1), fee = 'a tenth'",
        "DELETE FROM syndicate_terms",
    ],
)
def test_the_database_keeps_a_version_as_it_was_recorded(cast: Cast, db: Session, change: str) -> None:
    opened(None, cast)  # type: ignore[arg-type]
    db.flush()
    with pytest.raises(DBAPIError, match="stays as it was recorded"), db.begin_nested():
        db.execute(text(change))
