"""What one-time links bring to the house: forgetting the old ones."""

from __future__ import annotations

from crm.links.service import forget_old_links
from crm.web.feature import DAILY, Feature, Timed

FEATURE = Feature(name="links", timed=(Timed("forget old links", DAILY, forget_old_links),))
