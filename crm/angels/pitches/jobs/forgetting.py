"""The clock of evidence: what is no longer to be kept is deleted each day."""

from __future__ import annotations

from crm.angels.pitches.queries.ending import nothing_since
from crm.angels.pitches.service.ending import end_evidence
from crm.figures.queries import figure_on
from crm.kernel.calendar import add_months
from crm.kernel.clock import today
from crm.kernel.permissions import SYSTEM


def end_evidence_daily() -> None:
    """Delete the evidence about each investor to whom nothing was shown, and who signed nothing, for so many months."""
    if not nothing_since(today()):
        return  # nobody has any from before today: the figure need not be there yet
    months = int(figure_on("angel.evidence_months", on=today()))
    first_kept = add_months(today(), -months)
    for each in nothing_since(first_kept):
        end_evidence(each, by=SYSTEM)
