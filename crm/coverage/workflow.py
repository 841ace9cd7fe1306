"""What can be done with coverage."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """What can be done with the map of support."""

    VIEW = "view_coverage"
    IMAGINE = "imagine_service"
    LIST_FIGURES = "list_district_figures"
    BRING_FIGURES = "bring_district_figures"
    USE_FIGURES = "use_district_figures"
    REMOVE_FIGURES = "remove_district_figures"
    LIST_SHUT_OUTS = "list_all_shut_outs"
    EXTRACT_SHUT_OUTS = "extract_shut_outs"
