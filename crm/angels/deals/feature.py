"""What the wing of deals brings to the house."""

from __future__ import annotations

from crm.angels.deals.models import Pledge
from crm.angels.deals.rules import labels
from crm.angels.investors.rules.labels import INSTRUMENTS
from crm.web.feature import Feature

FEATURE = Feature(
    name="deals",
    words={
        f"{Pledge.__tablename__}.status": labels.PLEDGE_STATUSES,
        "investment.status": labels.INVESTMENT_STATUSES,
        "investment.first_side": labels.SIDES,
        "investment.instrument": INSTRUMENTS,
        "investment.relief": labels.SHARE_RELIEFS,
        "investment_report": "report of an investment",
        "investment_report.side": labels.SIDES,
        "investment_report.instrument": INSTRUMENTS,
        "raise_exemption": "exemption of a raise",
        "raise_exemption.kinds": labels.EXEMPTIONS,
    },
    fields=labels.FIELDS,
)
