"""A test-bed manager, for the tests of intellectual property."""

from __future__ import annotations

import pytest

from crm.accounts.queries import actor_of
from tests.cast import Cast, Member
from tests.ip import bed


@pytest.fixture
def manager(cast: Cast) -> Member:
    made = bed.manager()
    return Member("test-bed manager", actor_of(made), made.email)
