"""What follows for syndicates: from a raise that ends, an investor who leaves the network, and a pledge that ends."""

from __future__ import annotations

from datetime import datetime

from crm.accounts.queries import account
from crm.angels.deals.models import Pledge
from crm.angels.investors.models import Angel
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.workflow import OVER as OVER_PITCHES
from crm.angels.syndicates.models import Syndicate
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.service.moving import hold, move, vacate
from crm.angels.syndicates.service.telling import tell_all, tell_investor, tell_lead, tell_owner
from crm.angels.syndicates.workflow import LIVE_LEADS, LIVE_MEMBERS, Act, LeadStatus
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM, Actor

OVER, GONE, NO_GROUND = (
    "The raise has ended",
    "The investor left the network",
    "The investor has neither a pledge nor an introduction",
)


def end_of_pitch(found: Pitch, *, by: Actor) -> None:  # noqa: ARG001 the system ends it
    """The syndicate of a raise that ended ends, and its lead and members are told. Agreed terms stay on record."""
    about = queries.syndicate_of_pitch(found.id)
    if about is None:
        return
    queries.read_again(about)
    readers = [each.account for each in about.leads if each.status in LIVE_LEADS]
    readers += [each.account for each in about.members if each.status in LIVE_MEMBERS]
    _end_all(about, now())
    tell_all(about, "syndicate_ended", to=readers)


def _end_all(found: Syndicate, moment: datetime) -> None:
    """End all parts at one moment: by it, those who were in to the end are told from those who had gone before."""
    if found.proposed is not None:
        move(found.proposed, Act.REPLACE_TERMS, by=SYSTEM)
    for lead in found.leads:
        if lead.status in LIVE_LEADS:
            move(lead, Act.END_LEAD, by=SYSTEM, ended_at=moment, reason=OVER)
    for member in found.members:
        if member.status in LIVE_MEMBERS:
            move(member, Act.END_MEMBER, by=SYSTEM, ended_at=moment, asked_at=None, reason=OVER)
    move(found, Act.END, by=SYSTEM, ended_at=moment)


def end_of_investor(found: Angel, *, by: Actor) -> None:  # noqa: ARG001 the system ends them
    """The places of an investor who leaves the network end, and those whom it concerns are told."""
    for about in queries.of_account(found.account_id) if found.account_id else ():
        hold(about)
        end_part(about, found.account_id, why=GONE)


def end_without_ground(found: Pledge, *, by: Actor) -> None:  # noqa: ARG001 the system ends it
    """An investor whose pledge ended is no longer in the syndicate of its raise, unless another pledge or an introduction
    remains.
    """
    about = queries.syndicate_of_pitch(found.pitch_id)
    if about is None or about.ended_at is not None or found.pitch.status in OVER_PITCHES:
        return
    queries.read_again(about)
    if queries.has_ground(found.account_id, found.pitch):
        return
    if end_part(about, found.account_id, why=NO_GROUND):
        tell_investor(about, "syndicate_place_ended", to=account(found.account_id))


def end_part(found: Syndicate, account_id: object, *, why: str) -> bool:
    """End the place of one investor, and their offer to lead or leading. Returns whether they had any."""
    lead = next(
        (each for each in found.leads if each.account_id == account_id and each.status in LIVE_LEADS), None
    )
    member = next(
        (each for each in found.members if each.account_id == account_id and each.status in LIVE_MEMBERS),
        None,
    )
    if lead is not None:
        was_leading = lead.status is LeadStatus.LEADING
        move(lead, Act.END_LEAD, by=SYSTEM, ended_at=now(), reason=why)
        tell_owner(found, "lead_gone" if was_leading else "lead_withdrawn", investor=lead.account.name)
        waiting = vacate(found) if was_leading else []
        tell_all(found, "syndicate_without_lead", to=[each.account for each in waiting])
    if member is not None:
        move(member, Act.END_MEMBER, by=SYSTEM, ended_at=now(), asked_at=None, reason=why)
        tell_lead(found, "syndicate_left", investor="An investor", number=None)
    return lead is not None or member is not None
