"""What leaves as a paper: rows of an extract, and the action plan as a PDF that everybody can read."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

from crm.signposting.models import ActionPlan, Enquiry
from crm.signposting.rules.labels import OWNERS
from crm.web.filters import day

HERE = Path(__file__).parent.parent
SHEET, FONTS = HERE / "reference" / "plan.typ", HERE / "reference" / "fonts"

ENQUIRY_HEAD = (
    *("Reference", "Business", "Person", "Came", "Hub", "Standing", "Received", "Due", "Answered"),
    *("In the hands of", "Closed", "Why closed"),
)


def enquiry_row(enquiry: Enquiry) -> tuple[Any, ...]:
    """One line of the file, in the order of its head. What was told in confidence stays out of it."""
    return (
        enquiry.reference,
        enquiry.business_name,
        enquiry.person_name,
        enquiry.way,
        enquiry.hub.name if enquiry.hub else None,
        enquiry.status,
        enquiry.received_at,
        enquiry.due_on,
        enquiry.answered_at,
        enquiry.claimed_by.name if enquiry.claimed_by else None,
        enquiry.closed_at,
        enquiry.close_reason,
    )


def plan_pdf(plan: ActionPlan, *, service_name: str, contact: str) -> bytes:
    """The plan as tagged PDF (PDF/UA-1). Its words go in as data, so that nothing in them is taken for markup."""
    import typst  # a large library, loaded only where a plan is set

    told = {"service_name": service_name, "contact": contact, **_told(plan)}
    made = typst.compile(
        str(SHEET),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"plan": json.dumps(printable(told))},
    )
    assert isinstance(made, bytes)
    return made


@cache
def _shown() -> frozenset[str]:
    """Every sign that the typeface has, from the list beside it; and the end of a line."""
    ranges = (line.split("-") for line in (FONTS / "covered.txt").read_text().split())
    return frozenset("\n").union(
        chr(code) for low, high in ranges for code in range(int(low, 16), int(high, 16) + 1)
    )


def printable(told: Any) -> Any:
    """The same words without the signs that the typeface lacks: a paper for everybody must not have a gap in it."""
    if isinstance(told, str):
        return "".join(sign for sign in normalize("NFC", told) if sign in _shown())
    if isinstance(told, dict):
        return {name: printable(each) for name, each in told.items()}
    return [printable(each) for each in told] if isinstance(told, list) else told


def _told(plan: ActionPlan) -> dict[str, Any]:
    """Everything that the paper says."""
    steps = [
        {
            "title": each.title,
            "owner": OWNERS[each.owner],
            "due": day(each.due_on),
            "done": bool(each.done_at),
        }
        for each in plan.steps
    ]
    return {
        "business": plan.business.name,
        "number": plan.number,
        "made_by": plan.made_by,
        "sent": day(plan.sent_at.date()) if plan.sent_at else "",
        "opening": plan.opening,
        "steps": steps,
        "services": [_service(each) for each in plan.signposts],
        "ruled_out": [_service(each) for each in plan.ruled_out],
    }


def _service(row: Any) -> dict[str, str]:
    found = row.service
    return {"name": found.name, "provider": found.provider.name, "why": row.why, "url": found.url or ""}
