"""Every link in a letter leads to a page."""

from __future__ import annotations

import pytest

from crm.app import create_app
from crm.config import Settings
from crm.links.rules import Purpose, new_token, path_of

APP = create_app(Settings.from_environment({"CRM_ENV": "test", "DATABASE_URL": "sqlite://"}))


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_of_every_purpose_leads_to_a_door(purpose: Purpose, method: str) -> None:
    endpoint, values = APP.url_map.bind("localhost").match(path_of(purpose, new_token()), method=method)

    assert set(values) == {"token"}
    assert endpoint != "static"
