"""The walls of syndicates, each with a change that it refuses; and rows to change."""

from __future__ import annotations

from crm.angels.investors.workflow import Instrument
from crm.angels.syndicates.workflow import LeadStatus, TermsStatus
from crm.businesses.models import Business
from tests import network, syndicates

CHECKS = {
    "ck_syndicate_ended_at_if_ended": "UPDATE syndicate SET ended_at = begun_at",
    "ck_syndicate_lead_message_there": "UPDATE syndicate_lead SET message = ''",
    "ck_syndicate_lead_ended_at_if_over": "UPDATE syndicate_lead SET ended_at = offered_at WHERE status = 'leading'",
    "ck_syndicate_lead_declined_with_reason": "UPDATE syndicate_lead SET reason = '' WHERE status = 'declined'",
    "ck_syndicate_lead_agreed_at_if_leading": "UPDATE syndicate_lead SET agreed_at = NULL WHERE status = 'leading'",
    "ck_syndicate_terms_positive": "UPDATE syndicate_terms SET minimum = 0",
    "ck_syndicate_terms_cleared": "UPDATE syndicate_terms SET instrument = 'loan', pre_money = NULL, discount = NULL",
    "ck_syndicate_terms_valuation_of_shares": "UPDATE syndicate_terms SET pre_money = NULL",
    "ck_syndicate_terms_cap_of_convertible": "UPDATE syndicate_terms SET discount = 20 WHERE instrument = 'equity'",
    "ck_syndicate_terms_valuation_positive": "UPDATE syndicate_terms SET pre_money = 0 WHERE instrument = 'equity'",
    "ck_syndicate_terms_cap_positive": "UPDATE syndicate_terms SET cap = 0 WHERE instrument = 'convertible'",
    "ck_syndicate_terms_discount_in_percent": "UPDATE syndicate_terms SET discount = 100 WHERE instrument = 'convertible'",
    "ck_syndicate_terms_rights_there": "UPDATE syndicate_terms SET rights = ''",
    "ck_syndicate_terms_fee_declared": "UPDATE syndicate_terms SET fee = 'Made'",
    "ck_syndicate_terms_declined_with_reason": "UPDATE syndicate_terms SET reason = '' WHERE status = 'declined'",
    "ck_syndicate_terms_agreed_at_if_agreed": "UPDATE syndicate_terms SET agreed_at = NULL WHERE status = 'agreed'",
    "ck_syndicate_member_ended_at_if_over": "UPDATE syndicate_member SET ended_at = joined_at",
}

TRIGGERS = {"syndicate_terms_stay", "syndicate_terms_kept"}


def rows(made: Business) -> None:
    """At least one row in every table of these that has a wall."""
    about, lead, terms = syndicates.open_syndicate(network.pitch(made))
    syndicates.lead(about, status=LeadStatus.DECLINED)
    syndicates.member(about, terms)
    convertible = {"instrument": Instrument.CONVERTIBLE, "pre_money": None, "discount": 20}
    syndicates.terms(about, lead, TermsStatus.DECLINED, 2, **convertible)
