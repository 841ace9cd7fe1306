"""Businesses, what is known of them, and the index by which they are found."""

from crm.businesses.models.business import YEAR, Business, BusinessName, BusinessShare, YearlyFigures
from crm.businesses.models.invitation import Invitation
from crm.businesses.models.people import Claim, Connection, Consent, Person, ShownInterest
from crm.businesses.models.words import BusinessWord, SearchWord, WordGram

__all__ = [
    "YEAR",
    "Business",
    "BusinessName",
    "BusinessShare",
    "BusinessWord",
    "Claim",
    "Connection",
    "Consent",
    "Invitation",
    "Person",
    "SearchWord",
    "ShownInterest",
    "WordGram",
    "YearlyFigures",
]
