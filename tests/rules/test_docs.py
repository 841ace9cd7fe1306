"""What the documents name is there: a newcomer who follows them must not end at a file that has moved."""

from __future__ import annotations

import re

from tests.rules.house import ROOT, rooms, trades

DOCUMENTS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
]
PLACE = re.compile(r"`((?:crm|tests|migrations|tools|docs)/[\w/.-]+)`")
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def test_every_place_that_a_document_names_is_there() -> None:
    gone = {
        f"{document.name}: {place}"
        for document in DOCUMENTS
        for place in PLACE.findall(document.read_text(encoding="utf-8"))
        if not (ROOT / place).exists()
    }

    assert gone == set()


def test_the_floors_on_one_screen_name_every_room_and_every_wing() -> None:
    screen = (ROOT / "README.md").read_text(encoding="utf-8").partition("## The floors, on one screen")[2]
    lines = screen.partition("```")[2].partition("```")[0].splitlines()
    # A floor of several small rooms names them all, with marks between them; else the first word is the name.
    named = {
        name
        for line in lines
        if line.strip()
        for name in re.findall(r"[a-z_.]+", line)[: 9 if " | " in line else 1]
    }

    assert (rooms() | trades()) - named == set()


def test_every_link_between_documents_leads_somewhere() -> None:
    documents = [*DOCUMENTS, *sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    broken = {
        f"{document.name}: {link}"
        for document in documents
        for link in LINK.findall(document.read_text(encoding="utf-8"))
        if not (document.parent / link).exists()
    }

    assert broken == set()


def test_every_test_that_the_faults_name_is_there_and_each_fault_has_one() -> None:
    told = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)` `(test_\w+)`", told)
    gone = [name for file, name in named if f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")]

    assert gone == []
    assert re.findall(r"^\| (\d+) \|.*`test_", told, re.MULTILINE) == [str(number) for number in range(1, 41)]
