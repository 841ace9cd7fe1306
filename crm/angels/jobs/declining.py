"""Pitches of the demonstration that came to nothing: one declined for each reason, drafts that wait for advice; all of it invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from crm.accounts.queries import acting, standing_in
from crm.angels.investors.workflow import Instrument
from crm.angels.jobs.acting import whole
from crm.angels.jobs.inventing import pitch_of
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.rules.labels import BARRIERS
from crm.angels.pitches.service import pitching, screening
from crm.angels.pitches.service.pitching import PitchDetails
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.changes import amend
from crm.db.session import session
from crm.evidence.workflow import UnmetReason
from crm.kernel.clock import earlier
from crm.kernel.permissions import SYSTEM, Actor

INVENTED = "Invented for the demonstration"
TOLD = {UnmetReason.COMMERCIAL_FOCUS, UnmetReason.COLLATERAL, UnmetReason.KEY_PERSON}
"""The reasons that other pitches of the demonstration ended for."""
ON_HOLD = {
    Instrument.REVENUE_SHARE: "a tenth of the takings for five years",
    Instrument.PRODUCTION: "a share in one production",
    Instrument.OTHER: "units in a partnership",
}
FIRST_NUMBER, SINCE = 40, timedelta(days=500)


def free_businesses(count: int) -> list[Business]:
    """Businesses that never raised money here."""
    raising = set(session().scalars(select(Pitch.business_id)))
    rows = businesses(Search(sort="newest"), SYSTEM).rows
    found = (business(each.id) for each in rows if each.id not in raising)
    return [each for each in found if each is not None][:count]


def load_declined(manager: Actor) -> None:
    """Declined a year and a half ago, one for each reason; and drafts of what cannot be shown before somebody took advice."""
    reasons = [UnmetReason(each) for each in BARRIERS if each not in TOLD]
    owners = iter(free_businesses(len(reasons) + len(ON_HOLD)))
    with earlier(SINCE):
        for number, (reason, owner) in enumerate(zip(reasons, owners, strict=False)):
            made = _begun(owner, pitch_of(owner, FIRST_NUMBER + number))
            pitching.submit(whole(made), by=_adviser())
            screening.refuse(whole(made), reason, note=INVENTED, by=manager)
    for (instrument, terms), owner in zip(ON_HOLD.items(), owners, strict=False):
        details = replace(pitch_of(owner, FIRST_NUMBER), instrument=instrument, terms=f"Invented: {terms}.")
        _begun(owner, details)


def _begun(owner: Business, details: PitchDetails) -> Pitch:
    amend(
        owner,
        company_number=owner.company_number or f"0997{owner.id.int % 10_000:04}",
        registered_address=owner.registered_address or "3 Invented Yard, Birmingham",
        registered_postcode=owner.registered_postcode or "B1 1AA",
    )
    return pitching.begin(owner, details, by=_adviser())


def _adviser() -> Actor:
    return standing_in(acting("adviser@demo.example"))
