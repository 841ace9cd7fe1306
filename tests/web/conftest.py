"""An application with doors to try, where commits are real."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.doors import furnish


@pytest.fixture
def tried(committing_app: Flask) -> Flask:
    return furnish(committing_app)


@pytest.fixture
def visitor(tried: Flask) -> FlaskClient:
    return tried.test_client()
