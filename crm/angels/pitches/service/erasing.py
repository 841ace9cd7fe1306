"""What follows for pitches from an investor who is erased."""

from __future__ import annotations

from crm.angels.investors.models import Angel
from crm.angels.investors.queries.erasing import rows_of
from crm.angels.investors.rules.erasing import GONE
from crm.angels.pitches.models import PitchMark, PitchQuestion, SavedSearch
from crm.audit import service as audit
from crm.db.session import session
from crm.kernel.permissions import Actor


def erase_of_investor(found: Angel, *, by: Actor) -> None:
    """The saved searches, notes and private questions of an investor who is erased go; the record of showings stays."""
    for search in rows_of(SavedSearch, found.account_id):
        audit.erase_all_values(search, reason=GONE, by=by)
        session().delete(search)
    for mark in rows_of(PitchMark, found.account_id):
        mark.note = ""
        audit.erase_all_values(mark, reason=GONE, by=by)
    for asked in rows_of(PitchQuestion, found.account_id):
        asked.question = asked.question if asked.is_public else GONE
        audit.erase_all_values(asked, reason=GONE, by=by)
