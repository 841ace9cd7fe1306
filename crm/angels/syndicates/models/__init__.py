"""Syndicates, the offers to lead them, the versions of their terms, and their members."""

from crm.angels.syndicates.models.syndicates import Syndicate, SyndicateLead, SyndicateMember, SyndicateTerms

__all__ = ["Syndicate", "SyndicateLead", "SyndicateMember", "SyndicateTerms"]
