"""One investor's own portfolio: what they pledged and hold, each instrument apart, with papers, updates and what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from crm.angels.deals.models import Investment, Pledge
from crm.angels.deals.workflow import COMPLETED, LIVE, InvestmentStatus, ShareRelief
from crm.angels.holdings.models import CompanyUpdate, ReliefCertificate, ReliefFiling
from crm.angels.holdings.queries import papers, updates
from crm.angels.holdings.rules.quarters import share_of
from crm.angels.holdings.rules.reliefs import Lengths, claim_by, tax_year_of
from crm.angels.holdings.workflow import UpdateStatus
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.businesses.models import Business
from crm.db.session import session
from crm.kernel.clock import is_past, today
from crm.kernel.money import NO_MONEY, Money

MOST = 1_000
QUARTERS_MISSED = 4
"""How many updates that were never sent are named to an investor."""


@dataclass(frozen=True)
class Holding:
    """One investment with all that belongs to it. ``updates`` are those of its company, the latest quarter first."""

    investment: Investment
    filing: ReliefFiling | None
    certificate: ReliefCertificate | None
    updates: tuple[CompanyUpdate, ...]
    lengths: Lengths

    @property
    def business(self) -> Business:
        """The company."""
        return self.investment.pitch.business

    @property
    def counts(self) -> bool:
        """Whether it is completed: both sides said the same, or the network settled it."""
        return self.investment.status in COMPLETED

    @property
    def is_reversed(self) -> bool:
        """Whether it was reversed: it is worth nothing to its investor, and no relief can be claimed for it."""
        return self.investment.status is InvestmentStatus.REVERSED

    @property
    def has_relief(self) -> bool:
        """Whether it was issued under SEIS or EIS."""
        return self.investment.relief is not ShareRelief.NONE

    @property
    def given(self) -> tuple[CompanyUpdate, ...]:
        """The updates that were sent."""
        return tuple(each for each in self.updates if each.status is UpdateStatus.GIVEN)

    @property
    def since(self) -> tuple[CompanyUpdate, ...]:
        """Those of quarters that ended once this was issued: an earlier one is no news of it."""
        return tuple(each for each in self.given if each.quarter_end >= self.investment.issued_on)

    @property
    def stated(self) -> CompanyUpdate | None:
        """The update with the latest valuation that states a number of shares: for shares alone, whether it covers these or not."""
        if (
            self.investment.instrument is not Instrument.EQUITY
            or not self.investment.shares
            or self.is_reversed
        ):
            return None
        with_value = [
            each for each in self.given if each.valuation and each.shares_in_issue and each.valued_on
        ]
        return max(with_value, key=lambda each: each.valued_on or date.min, default=None)

    @property
    def valued(self) -> CompanyUpdate | None:
        """The update with the latest valuation, where this holding can be worked out from it.

        It cannot where the valuation is from before these shares were issued, or counts fewer shares than these.
        """
        found, shares = self.stated, self.investment.shares or 0
        if found is None or found.valued_on is None or found.valued_on < self.investment.issued_on:
            return None
        return found if (found.shares_in_issue or 0) >= shares else None

    @property
    def value(self) -> Money | None:
        """What the company's latest stated valuation makes of these shares; None where it states none."""
        update = self.valued
        if update is None or update.valuation is None or not update.shares_in_issue:
            return None
        return share_of(update.valuation, self.investment.shares or 0, of=update.shares_in_issue)

    @property
    def claim_by(self) -> date | None:
        """The last day to claim the relief, where it can be claimed."""
        can_claim = self.has_relief and not self.is_reversed
        return claim_by(self.investment.issued_on, self.lengths) if can_claim else None

    @property
    def unsent(self) -> tuple[CompanyUpdate, ...]:
        """The updates that the company has not sent in time, the earliest quarter first: a later one does not make up for it.

        Of many, those of the last year: an update of long ago is not what an investor still waits for.
        """
        open_ = (UpdateStatus.ASKED, UpdateStatus.MISSED)
        found = [each for each in self.updates if each.status in open_ and is_past(each.due_on, on=today())]
        return tuple(reversed(found[:QUARTERS_MISSED]))


@dataclass(frozen=True)
class Group:
    """The holdings of one instrument. Sums count what is completed, and are never added to another instrument's."""

    instrument: Instrument
    rows: tuple[Holding, ...]

    @property
    def cost(self) -> Money:
        """What was paid."""
        return sum((each.investment.amount for each in self.rows if each.counts), NO_MONEY)

    @property
    def valued(self) -> tuple[Holding, ...]:
        """Those that count and whose company states a valuation."""
        return tuple(each for each in self.rows if each.counts and each.value is not None)

    @property
    def cost_of_valued(self) -> Money:
        """What was paid for these."""
        return sum((each.investment.amount for each in self.valued), NO_MONEY)

    @property
    def value(self) -> Money:
        """What these come to by the latest valuations."""
        return sum((each.value for each in self.valued if each.value is not None), NO_MONEY)


def holdings_of(account_id: UUID) -> list[Holding]:
    """Every investment of one investor that was not reversed, the latest issued first."""
    column = Investment.__table__.c
    query = papers.with_papers().where(column.account_id == account_id)
    query = query.where(column.status != InvestmentStatus.REVERSED)
    return _with_all(query.order_by(column.issued_on.desc(), column.id).limit(MOST))


def count_reversed(account_id: UUID) -> int:
    """How many investments of one investor were reversed."""
    column = Investment.__table__.c
    query = select(func.count()).select_from(Investment).where(column.account_id == account_id)
    return session().scalar(query.where(column.status == InvestmentStatus.REVERSED)) or 0


def holding(found: Investment) -> Holding:
    """One investment with all that belongs to it."""
    return _with_all(papers.with_papers().where(Investment.id == found.id))[0]


def _with_all(query: Select[Any]) -> list[Holding]:
    found = session().execute(query).all()
    if not found:
        return []
    told = updates.of_businesses({bought.pitch.business_id for bought, _, _ in found})
    filed = {bought.id: filing for bought, filing, _ in found if papers.is_its_filing(bought, filing)}
    once, lengths = {bought.id: (bought, given) for bought, _, given in found}, papers.lengths_now()
    return [
        Holding(
            bought,
            filed.get(bought.id),
            given,
            _of_its_time(bought, told.get(bought.pitch.business_id, ())),
            lengths,
        )
        for bought, given in once.values()
    ]


def _of_its_time(bought: Investment, told: Iterable[CompanyUpdate]) -> tuple[CompanyUpdate, ...]:
    """The updates that an investment has: what was sent, and of what was not, the quarters since these shares were there."""
    return tuple(
        each for each in told if each.status is UpdateStatus.GIVEN or each.quarter_end >= bought.issued_on
    )


def grouped(rows: Iterable[Holding]) -> list[Group]:
    """Holdings by instrument: shares, loan notes and convertibles, those that there are."""
    kept = list(rows)
    groups = (
        Group(kind, tuple(each for each in kept if each.investment.instrument is kind))
        for kind in (Instrument.EQUITY, Instrument.LOAN_NOTE, Instrument.CONVERTIBLE)
    )
    return [each for each in groups if each.rows]


def dues_of(rows: Iterable[Holding]) -> list[tuple[Holding, str]]:
    """What is due about completed holdings: a certificate to come, relief to claim, and once a company its overdue update."""
    found: list[tuple[Holding, str]] = []
    told: set[UUID] = set()
    for each in (row for row in rows if row.counts):
        if each.has_relief:
            found.append((each, "claim" if each.certificate else "certificate"))
        if each.unsent and each.business.id not in told:
            told.add(each.business.id)
            found.append((each, "update"))
    return found


def news_of(rows: Iterable[Holding]) -> list[tuple[Holding, CompanyUpdate]]:
    """The latest update of each company, once, beside the holding that it is news of, the latest issued of those.

    Where every update is from before its investments were issued, it stands beside the latest of these.
    """
    counted = [each for each in rows if each.counts and each.given]
    found: dict[UUID, tuple[Holding, CompanyUpdate]] = {}
    for each in sorted(counted, key=lambda row: not row.since):
        found.setdefault(each.business.id, (each, (each.since or each.given)[0]))
    order = list(dict.fromkeys(each.business.id for each in counted))
    return [found[key] for key in order]


def pledges_of(account_id: UUID) -> Sequence[Pledge]:
    """The pledges of one investor that go on, the latest first."""
    column = Pledge.__table__.c
    query = select(Pledge).options(joinedload(Pledge.pitch).joinedload(Pitch.business))
    query = query.where(column.account_id == account_id, column.status.in_(LIVE))
    return session().scalars(query.order_by(column.pledged_at.desc(), column.id).limit(MOST)).all()


def tax_years(rows: Iterable[Holding]) -> list[int]:
    """The tax years in which somebody's investments were issued, the latest first."""
    return sorted({tax_year_of(each.investment.issued_on) for each in rows}, reverse=True)


def of_tax_year(rows: Iterable[Holding], year: int) -> list[Holding]:
    """The investments that were issued in one tax year, the first issued first, each with its status: some may not be agreed yet."""
    wanted = (each for each in rows if tax_year_of(each.investment.issued_on) == year)
    return sorted(wanted, key=lambda each: (each.investment.issued_on, each.investment.reference))
