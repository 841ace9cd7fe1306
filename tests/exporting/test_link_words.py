"""Links and buttons of exporting as they are read aloud: what is hidden from sight follows in a sentence, or after a colon."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import crm

PAGES = sorted((Path(crm.__file__).parent / "templates" / "exporting").rglob("*.html"))
HIDDEN = re.compile(
    r"""(?:</?[a-z]*>|[\w"}])\s*<span\s+class="govuk-visually-hidden">(.+?)</span>|hidden_text=("[^"]*"|[\w.]+)""",
    re.DOTALL,
)
GOES_ON = re.compile(
    r"^\s*(: |, |\{\{ [\"\w ]+ if |for |of |on |to |before |to be |who |has |have |\{\{ words|\{\{ rules|\{\{ labels)"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_is_read_out_behind_a_link_goes_on_from_its_words_k25(page: Path) -> None:
    """ "Set aside: Japan" and "Add a task for Japan", never "Selling there now Japan"."""
    for span, text in HIDDEN.findall(page.read_text()):
        said = text.strip('"') if text else span
        assert GOES_ON.match(said), f"{said!r} in {page.name}"
