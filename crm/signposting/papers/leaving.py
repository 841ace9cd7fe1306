"""What leaves as a paper: rows of an extract, and the action plan as a PDF that everybody can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crm.kernel.clock import day_of
from crm.kernel.text import capital
from crm.signposting.models import ActionPlan, Enquiry
from crm.signposting.rules.labels import CLOSE_REASONS, OWNERS, STATUSES, WAYS
from crm.web.filters import day
from crm.web.typesetting import set_paper

SHEET = Path(__file__).parent.parent / "reference" / "plan.typ"

ENQUIRY_HEAD = (
    *("Reference", "Business", "Person", "Came", "Hub", "Standing", "Received", "Due", "Answered"),
    *("Assigned to", "Closed", "Why closed"),
)


def enquiry_row(enquiry: Enquiry) -> tuple[Any, ...]:
    """One line of the file, in the order of its head. What was told in confidence stays out of it."""
    return (
        enquiry.reference,
        enquiry.business_name,
        enquiry.person_name,
        capital(WAYS[enquiry.way]),
        enquiry.hub.name if enquiry.hub else None,
        STATUSES[enquiry.status],
        enquiry.received_at,
        enquiry.due_on,
        enquiry.answered_at,
        enquiry.claimed_by.name if enquiry.claimed_by else None,
        enquiry.closed_at,
        CLOSE_REASONS[enquiry.close_reason] if enquiry.close_reason else None,
    )


def plan_pdf(plan: ActionPlan, *, service_name: str, contact: str) -> bytes:
    """The plan as tagged PDF (PDF/UA-1)."""
    return set_paper(SHEET, {"service_name": service_name, "contact": contact, **_told(plan)})


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
        "sent": day(day_of(plan.sent_at)) if plan.sent_at else "",
        "opening": plan.opening,
        "steps": steps,
        "services": [_service(each) for each in plan.signposts],
        "unmet": [each["words"] for each in plan.unmet_needs],
        "ruled_out": [_service(each) for each in plan.ruled_out],
    }


def _service(row: Any) -> dict[str, str]:
    found = row.service
    return {"name": found.name, "provider": found.provider.name, "why": row.why, "url": found.url or ""}
