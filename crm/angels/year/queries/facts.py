"""What the network's figures are worked out from, read in a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account
from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.workflow import PledgeStatus
from crm.angels.diligence.models import DiligenceItem
from crm.angels.introductions.models import Introduction
from crm.angels.investors.models import Angel, Certification
from crm.angels.investors.workflow import Act, AngelStatus, Ground
from crm.angels.pitches.models import Pitch, PitchVersion
from crm.angels.pitches.workflow import ClosedAs, PitchStatus
from crm.angels.year.queries.syndicates import places_in, syndicates_in
from crm.angels.year.rules.facts import NOT_SAID, DealFact, Facts, PledgeFact, RaiseFact, SignedFact, Stay
from crm.audit.queries import acts_on
from crm.businesses.rules.sectors import groups_of
from crm.db.remembering import remembered
from crm.db.session import session
from crm.kernel.clock import to_local
from crm.kernel.folding import same_name

MADE = (PledgeStatus.PLEDGED, PledgeStatus.COMMITTED)
"""Pledges that somebody made and that stand: a place that was only offered is no pledge yet."""
MOST = 20_000
ENDED = (PitchStatus.DECLINED, PitchStatus.CLOSED)


@remembered
def facts() -> Facts:
    """Every raise of a creative company with its investments and pledges, and every statement of a member."""
    every = _raises()
    raises = {each.pitch_id: each for each in every if each.sector}
    left_out = tuple(each for each in every if not each.sector)
    counted = tuple(raises.values()), tuple(_deals(raises)), tuple(_pledges(raises))
    joined = tuple(syndicates_in(raises)), tuple(places_in(raises))
    return Facts(*counted, tuple(_signed()), left_out, *joined)


def _day(moment: datetime | None) -> date | None:
    return to_local(moment).date() if moment else None


def groups_of_raise(found: Pitch) -> tuple[str, ...]:
    """The creative industries of a company: by its SIC codes where they are on record, else by what its pitch says."""
    codes = found.business.sic_codes
    return groups_of(codes) if codes else tuple(found.groups)


def _raises() -> Sequence[RaiseFact]:
    """Every raise, with the first of its company's creative industries; without any, the sub-sector is empty."""
    query = select(Pitch).options(joinedload(Pitch.business)).order_by(Pitch.begun_at, Pitch.id)
    applied, met, examined = _applied(), _met(), _examined()
    known = ((each, (*groups_of_raise(each), "")[0]) for each in session().scalars(query))
    return [
        _raise(each, sector, (applied.get(each.id), met.get(each.id)), is_examined=each.id in examined)
        for each, sector in known
    ]


def _raise(
    found: Pitch, sector: str, moments: tuple[datetime | None, datetime | None], *, is_examined: bool
) -> RaiseFact:
    is_met = found.closed_as is ClosedAs.FUNDED
    return RaiseFact(
        pitch_id=found.id,
        business=found.business.name,
        reference=found.reference,
        instrument=found.instrument,
        sector=sector,
        area=found.leps[0] if found.leps else NOT_SAID,
        amount=found.amount,
        applied_on=_day(moments[0]),
        presented_on=_day(found.published_at),
        examined=is_examined,
        met_on=_day(moments[1]),
        ended_on=_day(found.ended_at) if found.status in ENDED else None,
        unmet_for=None if is_met else found.declined_for,
    )


def _applied() -> dict[UUID, datetime]:
    """When each raise was first sent for screening."""
    query = select(PitchVersion.pitch_id, func.min(PitchVersion.kept_at)).group_by(PitchVersion.pitch_id)
    return dict(session().execute(query).all())


def _met() -> dict[UUID, datetime]:
    """When both sides first agreed to meet, of each raise."""
    query = select(Introduction.pitch_id, func.min(Introduction.met_at))
    query = query.where(Introduction.met_at.is_not(None)).group_by(Introduction.pitch_id)
    return {each: moment for each, moment in session().execute(query) if moment}


def _examined() -> set[UUID]:
    """The raises about which an introduced investor asked for due diligence."""
    query = select(Introduction.pitch_id).join(
        DiligenceItem, DiligenceItem.introduction_id == Introduction.id
    )
    return set(session().scalars(query.distinct()))


def _deals(raises: dict[UUID, RaiseFact]) -> Sequence[DealFact]:
    query = select(Investment).options(joinedload(Investment.account))
    rows = session().scalars(query.order_by(Investment.issued_on, Investment.reference))
    return [_deal(each, raises[each.pitch_id]) for each in rows if each.pitch_id in raises]


def _deal(found: Investment, of: RaiseFact) -> DealFact:
    name = found.account.name if found.account else found.investor_name
    return DealFact(
        investment_id=found.id,
        pitch_id=found.pitch_id,
        investor=str(found.account_id) if found.account_id else f"outside {same_name(name)}",
        name=name,
        business=of.business,
        reference=of.reference,
        instrument=found.instrument,
        sector=of.sector,
        area=of.area,
        amount=found.amount,
        issued_on=found.issued_on,
        is_completed=found.is_completed or found.completed_at is not None,
        reversed_on=_day(found.reversed_at),
    )


def _pledges(raises: dict[UUID, RaiseFact]) -> Sequence[PledgeFact]:
    query = select(Pledge, Account.name).join(Account, Account.id == Pledge.account_id)
    query = query.where(Pledge.__table__.c.status.in_(MADE)).order_by(Pledge.pledged_at, Pledge.id)
    rows = session().execute(query)
    return [_pledge(each, name, raises[each.pitch_id]) for each, name in rows if each.pitch_id in raises]


def _pledge(found: Pledge, name: str, of: RaiseFact) -> PledgeFact:
    return PledgeFact(
        pledge_id=found.id,
        pitch_id=found.pitch_id,
        investor=str(found.account_id),
        name=name,
        business=of.business,
        reference=of.reference,
        sector=of.sector,
        area=of.area,
        amount=found.amount,
        pledged_on=to_local(found.pledged_at).date(),
        is_committed=found.status is PledgeStatus.COMMITTED,
    )


def _signed() -> Sequence[SignedFact]:
    """The statements of everybody who was ever accepted; a certificate counts once it was confirmed, one on paper never."""
    stays = _stays()
    query = select(Certification).where(Certification.account_id.in_(list(stays)))
    rows = session().scalars(query.options(joinedload(Certification.account)))
    return [
        SignedFact(
            each.account_id,
            each.account.name,
            each.signed_on,
            each.valid_until,
            _day(each.revoked_at),
            tuple(stays[each.account_id]),
        )
        for each in rows
        if not each.kept_at and (each.ground is not Ground.CERTIFIED or each.confirmed_at)
    ]


def _stays() -> dict[UUID, list[Stay]]:
    """When each investor was in the network. Who left on no day that is on record counts no longer at all.

    A first stay begins with the first statement: only members sign. A later one begins when they were accepted again.
    """
    column = Angel.__table__.c
    ever = (AngelStatus.ACCEPTED, AngelStatus.SUSPENDED, AngelStatus.LEFT)
    query = select(Angel).where(column.status.in_(ever), column.account_id.is_not(None))
    rows, found = session().scalars(query.order_by(Angel.applied_at)).all(), dict[UUID, list[Stay]]()
    days = _days_of(rows)
    for each in rows:
        if each.account_id is None:
            continue
        stays = found.setdefault(each.account_id, [])
        again = days.get((str(each.id), Act.ACCEPT)) or to_local(each.applied_at).date()
        first = again if stays else date.min
        left = days.get((str(each.id), Act.LEAVE), first)
        stays.append(Stay(first, left if each.status is AngelStatus.LEFT else None))
    return found


def _days_of(rows: Sequence[Angel]) -> dict[tuple[str, str], date]:
    """The day on which each investor was accepted and on which they left, where that is on record."""
    ids = [each.id for each in rows]
    entries = acts_on(Angel.__tablename__, ids, among=(Act.ACCEPT, Act.LEAVE), limit=MOST)
    return {(each.thing_id, each.act): to_local(each.at).date() for each in entries}
