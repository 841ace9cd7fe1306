"""Enquiries with what belongs to the queue, and action plans."""

from crm.signposting.models.enquiry import Absence, Capacity, Enquiry, EnquiryDraft, EnquiryNote
from crm.signposting.models.plan import ActionPlan, PlanRuledOut, PlanSignpost, PlanStep

__all__ = [
    "Absence",
    "ActionPlan",
    "Capacity",
    "Enquiry",
    "EnquiryDraft",
    "EnquiryNote",
    "PlanRuledOut",
    "PlanSignpost",
    "PlanStep",
]
