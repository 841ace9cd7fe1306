"""Every link in a letter leads to a page."""

from __future__ import annotations

import pytest

from crm.links.rules import READ, Purpose, new_token, path_of
from tests.rules.test_doors import BLUEPRINT


@pytest.mark.parametrize(
    ("purpose", "method"),
    [(each, method) for each in Purpose for method in ("GET", "POST") if method == "GET" or each not in READ],
)
def test_a_link_of_every_purpose_leads_to_a_door(purpose: Purpose, method: str) -> None:
    endpoint, values = BLUEPRINT.url_map.bind("localhost").match(path_of(purpose, new_token()), method=method)

    assert set(values) == {"token"}
    assert endpoint != "static"
