"""What leaves the programme as a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crm.casework.rules import hours_in_words
from crm.directory.rules.labels import NEEDS
from crm.kernel.clock import moment_in_words
from crm.kernel.text import ended
from crm.programme.applications.models import Application
from crm.programme.applications.rules.answering import answer_in_words
from crm.programme.applications.rules.labels import APPLICATION_STATUSES, CLEARANCE_STATUSES
from crm.programme.assessing.queries.packing import SHOWN, Pack
from crm.programme.assessing.queries.totals import PartMade, RankedApplication
from crm.programme.assessing.queries.versions import Past
from crm.web.filters import day
from crm.web.typesetting import set_paper

OUTDATED = "The scores changed after moderation, so the average counts."
SHEET = Path(__file__).parent / "reference" / "pack.typ"

RANKING_HEAD = (
    "rank",
    "reference",
    "business",
    "applied for",
    "total",
    "assessments in",
    "to moderate",
    "moderated",
    "moderations out of date",
    "below",
    "standing",
    "why this rank",
)


def ranking_cells(row: RankedApplication) -> tuple[Any, ...]:
    """One row of a ranking. What is incomplete has words in the place of a per cent."""
    place, standing = row.place, row.place.standing
    return (
        "" if place.rank is None else place.rank,
        row.reference,
        row.business_name,
        row.asked_for,
        standing.in_words,
        f"{standing.handed_in} of {standing.wanted}",
        standing.apart,
        standing.moderated,
        standing.outdated,
        standing.fails,
        APPLICATION_STATUSES[row.status],
        place.why,
    )


def pack_pdf(title: str, packs: Iterable[Pack], *, service_name: str) -> bytes:
    """The packs of some applications, each on pages of its own, as one tagged PDF (PDF/UA-1)."""
    told = {"title": title, "service_name": service_name, "packs": [pack_told(each) for each in packs]}
    return set_paper(SHEET, told)


def pack_told(pack: Pack) -> dict[str, Any]:
    """Everything that the pack says, as words."""
    found = pack.application
    return {
        "business": found.business.name,
        "reference": found.reference,
        "round": found.round.name,
        "handed_in": moment_in_words(found.submitted_at) if found.submitted_at else "",
        "asked_for": str(found.asked_for) if found.asked_for is not None else "",
        "standing": APPLICATION_STATUSES[found.status],
        "total": pack.standing.in_words if pack.standing else "Not in the ranking",
        "fails": list(pack.standing.fails) if pack.standing else [],
        "criteria": [
            {"title": each.title, "parts": [_part(one) for one in parts]} for each, parts in pack.criteria
        ],
        "overrides": [
            f"{each.assessor.name} recently helped the business. Allocated because: {each.override_reason}"
            for each in pack.assessments
            if each.override_reason
        ],
        "past": _past(pack),
        "sections": [{"title": each.title, "answers": _answers(pack, each)} for each in found.round.sections],
        "eligibility": eligibility_told(found),
        "support": _support(pack),
        "needs": _needs(pack),
    }


def _settled(made: PartMade) -> str:
    """What was moderated; where the scores changed since, that it does not count."""
    if made.settled:
        return f"Moderated to {made.settled.value}: {made.settled.reason}"
    was = made.outdated
    return f"{OUTDATED} It was moderated to {was.value}: {was.reason}" if was else ""


def _part(made: PartMade) -> dict[str, Any]:
    return {
        "title": made.part,
        "given": [f"{score.value} ({name}): {score.rationale}" for name, score in made.given],
        "settled": _settled(made),
        "adds": "Not scored" if made.adds is None else f"Adds {made.adds} of {made.most}%",
    }


def _past(pack: Pack) -> list[str]:
    """What was submitted before and does not count any more: who, when, what became of it, and every score then and now."""
    names = {each.id: each.assessor.name for each in pack.assessments}
    return [_past_version(each, names[each.assessment_id]) for each in pack.past]


def _past_version(each: Past, name: str) -> str:
    version = each.version
    by = f" by {version.returned_by.name}" if version.returned_by else ""
    returned = f"returned on {moment_in_words(version.returned_at)}{by}" if version.returned_at else ""
    became = f"{returned}: {version.return_reason}" if returned else each.became
    total = f" The total was {version.total} until then." if version.total else ""
    rows = "\n".join(f"{part}\nThis version: {then}\nNext version: {now}" for part, then, now in each.rows)
    return f"{name} submitted on {moment_in_words(version.submitted_at)}; {ended(became)}{total}\n{rows}"


def _answers(pack: Pack, section: Any) -> list[dict[str, str]]:
    told = []
    for each in pack.filled.asked_in(section):
        files = ", ".join(one.document.name for one in pack.filled.files.get(each.id, []))
        words = answer_in_words(each, pack.filled.answers.get(str(each.id)))
        told.append({"question": each.label, "answer": words or files or "Not answered"})
    return told


def eligibility_told(found: Application) -> list[str]:
    """How each rule read when it was begun, and what an adviser said."""
    said = {"met": "Met", "unknown": "Not answered", "not_met": "Not met"}
    told = [f"{said[each['outcome']]}: {each['words']}" for each in found.readings]
    if found.clearance is not None and found.clearance.reason:
        told.append(f"{CLEARANCE_STATUSES[found.clearance.status]}: {found.clearance.reason}")
    return told or ["Any creative business in the region can apply"]


def _support(pack: Pack) -> list[str]:
    if not pack.hours:
        return ["No support on record"]
    told = [f"{hours_in_words(pack.quarters)} hours in total"]
    return told + [f"{day(each.happened_on)}: {each.what}" for each in pack.hours[:SHOWN]]


def _needs(pack: Pack) -> list[str]:
    if pack.needs is None:
        return ["No diagnosis yet"]
    needs = sorted(pack.needs.needs.items(), key=lambda pair: (-pair[1], pair[0]))
    return [f"{NEEDS[name]} ({severity} of 3)" for name, severity in needs[:SHOWN]]
