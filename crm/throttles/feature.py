"""What throttles bring to the house: forgetting old counts."""

from __future__ import annotations

from crm.throttles.service import forget_old_counts
from crm.web.feature import HOURLY, Feature, Timed

FEATURE = Feature(name="throttles", timed=(Timed("forget old throttle counts", HOURLY, forget_old_counts),))
