"""The command `places locate` prints JSON whatever it is given."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from crm.places.jobs import places

KEYS = ["postcode", "valid", "method", "confidence", "authority", "leps", "in_region", "words"]


@pytest.mark.parametrize(
    ("typed", "valid"),
    [
        ("B74 4AA", True),
        ("b11aa", True),
        ("B74", False),
        ("B１ 1AA", False),
        ("", False),
        ("-5", False),
        ("--x", False),
    ],
)
def test_json_is_printed_whatever_is_typed(typed: str, valid: bool) -> None:
    ran = CliRunner().invoke(places, ["locate", typed])
    assert ran.exit_code == 0
    told = json.loads(ran.output)
    assert list(told) == KEYS
    assert told["valid"] is valid


def test_a_postcode_without_quotation_marks_is_one_postcode() -> None:
    assert json.loads(CliRunner().invoke(places, ["locate", "B74", "4AA"]).output)["postcode"] == "B74 4AA"
