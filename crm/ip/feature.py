"""What the trade of intellectual property brings to the house: its wings."""

from __future__ import annotations

from crm.ip.actions.feature import FEATURE as ACTIONS
from crm.ip.decisions.feature import FEATURE as DECISIONS
from crm.ip.portfolio.feature import FEATURE as PORTFOLIO
from crm.ip.testbed.feature import FEATURE as TESTBED
from crm.web.feature import Feature

FEATURE = Feature(name="ip", wings=(ACTIONS, TESTBED, PORTFOLIO, DECISIONS))
