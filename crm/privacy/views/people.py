"""Finding the person whom a request is about, by name or address, wherever they are known."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request

from crm.db.personal import Subject
from crm.privacy.queries.erasing import find_people, subject_at

LONGEST, CHOOSE = 100, "Choose the person first."


def chosen_row() -> tuple[str, UUID] | None:
    """The row by which the person was found, as the address or the form names it."""
    table, _, row_id = request.values.get("person", "").partition(":")
    try:
        return (table, UUID(row_id))
    except ValueError:
        return None


def chosen_person() -> Subject | None:
    """The person whom the address or the form names; None where it names nobody who is still here."""
    row = chosen_row()
    return subject_at(*row) if row else None


def find_person_page(purpose: str, **shown: Any) -> str:
    """The page on which a person is searched, to erase them or to make their copy."""
    words = request.args.get("q", "").strip()[:LONGEST]
    hits = find_people(words) if any(sign.isalnum() for sign in words) else []
    return render_template(
        "privacy/find_person.html", purpose=purpose, hits=hits, words=words, choose=CHOOSE, **shown
    )
