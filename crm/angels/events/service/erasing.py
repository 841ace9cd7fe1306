"""What follows for pitch nights from an investor who is erased."""

from __future__ import annotations

from crm.angels.events.models import NightPlace
from crm.angels.events.queries.wishes import feedback_from
from crm.angels.investors.models import Angel
from crm.angels.investors.queries.erasing import rows_of
from crm.angels.investors.rules.erasing import GONE, gone
from crm.audit import service as audit
from crm.kernel.permissions import Actor


def erase_of_investor(found: Angel, *, by: Actor) -> None:
    """The words of feedback from an investor who is erased go; that they came, their scores and their interest stay."""
    places = rows_of(NightPlace, found.account_id)
    for place in places:
        audit.erase_all_values(place, reason=GONE, by=by)
    for said in feedback_from([each.id for each in places]):
        said.words = gone(said.words)
        audit.erase_all_values(said, reason=GONE, by=by)
