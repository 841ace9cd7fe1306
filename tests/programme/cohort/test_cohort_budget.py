"""The page of a cohort asks the database as often for three hundred applications as for thirty (P53)."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests import cohorts
from tests.cast import Cast
from tests.client import ConformingClient
from tests.statements import recording

MOST = 14
MOST_OF_DRAFT = 17
"""With the limits of subsidies: who is linked, what each was given, what was decided, and the dated limit, less the money read once."""


@pytest.mark.engine("sqlite")
def test_P53_the_cohort_page_takes_fourteen_statements_at_most_and_as_many_for_300_as_for_30(
    app: Flask, client: ConformingClient, cast: Cast, db: Session
) -> None:
    counts = []
    client.sign_in(cast.programme_manager)
    for many in (30, 300):
        found = cohorts.cohort(cohorts.judged())
        rows = cohorts.ranked(found.round, *((90 * at // many) + 5 for at in range(many)))
        for _ in range(3):
            cohorts.draft(found, *rows[: many // 2])
        cohorts.target(found)
        db.expire_all()
        for where in (f"/cohorts/{found.id}", f"/cohort-drafts/{cohorts.draft(found, rows[0]).id}"):
            db.expire_all()
            with recording(app) as heard:
                assert client.get(where).status_code == 200
            counts.append(len(heard))
            assert heard.while_rendering == []

    few, many_ = counts[:2], counts[2:]
    assert few == many_
    assert (few[0] <= MOST, few[1] <= MOST_OF_DRAFT) == (True, True), few
