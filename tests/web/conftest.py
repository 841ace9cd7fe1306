"""An application with doors to try, where commits are real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.houses import Houses, database
from tests.web.doors import furnish


@pytest.fixture
def tried(houses: Houses, engine_name: str) -> Iterator[Flask]:
    made = houses.renewed(engine_name, "tried", of=houses.on(engine_name), furnish=furnish)
    yield made
    database(made).engine.dispose()


@pytest.fixture
def visitor(tried: Flask) -> FlaskClient:
    return tried.test_client()
