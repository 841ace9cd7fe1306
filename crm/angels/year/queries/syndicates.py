"""What the network's figures know of syndicates: which had terms agreed, and who led or joined them, without any sum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union_all

from crm.accounts.models import Account
from crm.angels.syndicates.models import Syndicate, SyndicateLead, SyndicateMember, SyndicateTerms
from crm.angels.year.rules.facts import PlaceFact, RaiseFact, SyndicateFact
from crm.db.session import session
from crm.kernel.clock import day_of

SYNDICATE, TERMS = Syndicate.__table__.c, SyndicateTerms.__table__.c
LEAD, MEMBER = SyndicateLead.__table__.c, SyndicateMember.__table__.c


def syndicates_in(raises: Mapping[UUID, RaiseFact]) -> Iterator[SyndicateFact]:
    """The syndicates of some raises whose terms were ever agreed, each from the first day."""
    first = func.min(SyndicateTerms.agreed_at)
    query = select(Syndicate.id, Syndicate.pitch_id, first).join(
        SyndicateTerms, TERMS.syndicate_id == SYNDICATE.id
    )
    query = query.where(TERMS.agreed_at.is_not(None)).group_by(SYNDICATE.id, SYNDICATE.pitch_id)
    for syndicate_id, pitch_id, agreed_at in session().execute(query.order_by(first, SYNDICATE.id)):
        if pitch_id in raises and agreed_at is not None:
            yield SyndicateFact(syndicate_id, **_of(raises[pitch_id]), agreed_on=day_of(agreed_at))


def places_in(raises: Mapping[UUID, RaiseFact]) -> Iterator[PlaceFact]:
    """Everybody who led a syndicate of some raises by agreement, or joined one."""
    led = select(SyndicateLead.syndicate_id, SyndicateLead.account_id, SyndicateLead.agreed_at.label("at"))
    led = led.where(LEAD.agreed_at.is_not(None))
    joined = select(SyndicateMember.syndicate_id, SyndicateMember.account_id, SyndicateMember.joined_at)
    every = union_all(led, joined).subquery()
    query = select(every.c.syndicate_id, Syndicate.pitch_id, every.c.account_id, Account.name, every.c.at)
    query = query.join(Syndicate, SYNDICATE.id == every.c.syndicate_id)
    query = query.join(Account, Account.id == every.c.account_id).order_by(every.c.at, every.c.account_id)
    for syndicate_id, pitch_id, account_id, name, moment in session().execute(query):
        if pitch_id in raises:
            yield PlaceFact(
                syndicate_id,
                **_of(raises[pitch_id]),
                investor=str(account_id),
                name=name,
                began_on=day_of(moment),
            )


def _of(found: RaiseFact) -> dict[str, Any]:
    names = ("pitch_id", "business", "reference", "sector", "area")
    return {name: getattr(found, name) for name in names}
