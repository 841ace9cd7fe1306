"""What the reports bring to the house: their wings."""

from __future__ import annotations

from crm.reports.fundcase.feature import FEATURE as FUNDCASE
from crm.reports.scoreboard.feature import FEATURE as SCOREBOARD
from crm.web.feature import Feature

FEATURE = Feature(name="reports", wings=(FUNDCASE, SCOREBOARD))
