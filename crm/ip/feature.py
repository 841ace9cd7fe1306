"""What the trade of intellectual property brings to the house: its wings."""

from __future__ import annotations

from crm.ip.actions.feature import FEATURE as ACTIONS
from crm.ip.testbed.feature import FEATURE as TESTBED
from crm.web.feature import Feature

FEATURE = Feature(name="ip", wings=(ACTIONS, TESTBED))
