"""The parts and the results of a draft of a readiness question set: added and removed."""

from __future__ import annotations

from itertools import count

from crm.diagnostics.models import ReadinessSet
from crm.diagnostics.rules.editing import faults_in_bands, without_band, without_questions
from crm.diagnostics.rules.readiness import exact
from crm.diagnostics.service.editing import BandDetails, require_draft, require_none, rewrite
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor

FEWEST = 2


def remove_area(version: ReadinessSet, key: str, *, seen: int | None = None, by: Actor) -> None:
    """Remove a part from a draft, with all its questions."""
    require_draft(version, seen, by=by)
    content = version.content
    if len(content["areas"]) < FEWEST:
        raise Conflict("An assessment needs a part. Add another first.")
    after = without_questions(content, {each["id"] for each in content["questions"] if each["area"] == key})
    rewrite(version, after, by=by)


def add_band(version: ReadinessSet, details: BandDetails, *, seen: int | None = None, by: Actor) -> str:
    """Add a result to a draft, in its order; return its key."""
    require_draft(version, seen, by=by)
    bands = version.content["bands"]
    taken = {each["id"] for each in bands}
    key = next(f"result{place}" for place in count(1) if f"result{place}" not in taken)
    if not details.name.strip():
        raise Invalid("Enter its name", field="name_new")
    row = {**details.stored(), "id": key}
    after = sorted([*bands, row], key=lambda each: exact(each["min"]))
    require_none((f"{field.partition('_')[0]}_new", words) for field, words in faults_in_bands(after))
    rewrite(version, {**version.content, "bands": after}, by=by)
    return key


def remove_band(version: ReadinessSet, key: str, *, seen: int | None = None, by: Actor) -> None:
    """Remove a result from a draft. The lowest that is left begins at 0."""
    require_draft(version, seen, by=by)
    bands = version.content["bands"]
    if len(bands) <= FEWEST:
        raise Conflict(f"An assessment needs {FEWEST} results or more.")
    if any(each.get("cap") == key for each in version.content["gates"]):
        raise Conflict("A rule limits the result to this one. Change or remove that rule first.")
    after = without_band(bands, key)
    rewrite(version, {**version.content, "bands": after}, by=by)
