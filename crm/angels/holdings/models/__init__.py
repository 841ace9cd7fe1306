"""Tax-relief papers of raises, certificates of investments, and the updates of companies."""

from crm.angels.holdings.models.papers import ReliefCertificate, ReliefFiling
from crm.angels.holdings.models.updates import CompanyUpdate, UpdateCorrection

__all__ = ["CompanyUpdate", "ReliefCertificate", "ReliefFiling", "UpdateCorrection"]
