"""Eligibility: one language of rules and one three-valued reading, for every offer to a business there is."""

from __future__ import annotations

from crm.kernel.eligibility.readings import FACTS_OF_RULE, SUBJECT_OF_RULE
from crm.kernel.eligibility.terms import Facts, Outcome, Place, Reading, Terms, Verdict
from crm.kernel.eligibility.timing import is_available, is_early, is_fresh, is_over
from crm.kernel.eligibility.vocabulary import DCMS_GROUPS, LEGAL_FORMS, LEPS, NO_RULE, STAGES, one_of
from crm.kernel.eligibility.weighing import FACTS, Atlas, Finding, rules_out, weigh

__all__ = [
    "DCMS_GROUPS",
    "FACTS",
    "FACTS_OF_RULE",
    "LEGAL_FORMS",
    "LEPS",
    "NO_RULE",
    "STAGES",
    "SUBJECT_OF_RULE",
    "Atlas",
    "Facts",
    "Finding",
    "Outcome",
    "Place",
    "Reading",
    "Terms",
    "Verdict",
    "is_available",
    "is_early",
    "is_fresh",
    "is_over",
    "one_of",
    "rules_out",
    "weigh",
]
