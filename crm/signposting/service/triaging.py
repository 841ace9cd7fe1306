"""Triage of an enquiry: what the business needs is asked once, beginning with what it has told already."""

from __future__ import annotations

from crm.audit import service as audit
from crm.businesses.queries.seeing import business
from crm.diagnostics.models import Diagnosis
from crm.diagnostics.service import triage as diagnostics
from crm.diagnostics.workflow import AnsweredBy
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Actor
from crm.signposting.models import Enquiry
from crm.signposting.policy import POLICY
from crm.signposting.rules.enquiring import seeks_finance
from crm.signposting.workflow import Act

TICKED = "2"
"""An area that was ticked in an enquiry matters this year, until somebody says otherwise."""


def triage(enquiry: Enquiry, *, by: Actor) -> Diagnosis:
    """Begin a diagnosis with what the enquiry told, or go on with the one that is open."""
    POLICY.require(by, Act.TRIAGE, enquiry)
    found = business(enquiry.business_id) if enquiry.business_id else None
    if found is None:
        raise Conflict("Choose the business first.")
    begun = diagnostics.begin(found, AnsweredBy.BUSINESS, by=by)
    if not begun.answers:
        told = dict.fromkeys(enquiry.answers.get("needs") or (), TICKED)
        seeks = seeks_finance(enquiry)
        if seeks is not None:
            told["seeks_finance"] = "yes" if seeks else "no"
        diagnostics.bring(begun, told, by=by)
    audit.record(Act.TRIAGE, enquiry, {"diagnosis": (None, begun.id)}, by=by)
    return begun
