"""What the angel network brings to the house: its wings, and the demonstration of all of them."""

from __future__ import annotations

from crm.angels.deals.feature import FEATURE as DEALS
from crm.angels.diligence.feature import FEATURE as DILIGENCE
from crm.angels.events.feature import FEATURE as EVENTS
from crm.angels.holdings.feature import FEATURE as HOLDINGS
from crm.angels.introductions.feature import FEATURE as INTRODUCTIONS
from crm.angels.investors.feature import FEATURE as INVESTORS
from crm.angels.jobs.demonstration import load_demo
from crm.angels.pitches.feature import FEATURE as PITCHES
from crm.angels.syndicates.feature import FEATURE as SYNDICATES
from crm.angels.year.feature import FEATURE as YEAR
from crm.web.feature import Feature

FEATURE = Feature(
    name="angels",
    wings=(INVESTORS, PITCHES, INTRODUCTIONS, EVENTS, DEALS, SYNDICATES, DILIGENCE, HOLDINGS, YEAR),
    demo=load_demo,
)
