"""What can be done with the scoreboard of Action 6."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What can be done with the reports on Action 6."""

    VIEW = "view_reports"
    VIEW_MEASURE = "view_measure"
    OPEN_ROWS = "open_rows_of_measure"
    EXTRACT = "extract_rows_of_measure"
    VIEW_QUALITY = "view_data_quality"
