"""Reads of tax-relief papers: what each issue of shares has to send and give, by which day, and the certificate of an investment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from crm.angels.deals.models import Investment
from crm.angels.deals.rules.matching import class_of
from crm.angels.deals.workflow import COMPLETED, InvestmentStatus, ShareRelief
from crm.angels.holdings.models import ReliefCertificate, ReliefFiling
from crm.angels.holdings.models.papers import CERTIFICATE_TABLE
from crm.angels.holdings.rules.reliefs import Lengths, can_be_sent_from, send_by
from crm.angels.holdings.workflow import FiledRelief
from crm.angels.pitches.models import Pitch
from crm.businesses.models import Business
from crm.db.session import session
from crm.documents.models import Document
from crm.documents.queries import document_about
from crm.figures.queries import figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import has_come, is_past, today

INVESTMENT = Investment.__table__.c
MOST = 1_000
Issue = tuple[UUID, FiledRelief, date, str]
"""An issue of shares: the raise, the relief, the day and the class. HMRC is told of each by a statement of its own."""


def whole() -> Select[Any]:
    """Investments with their pitch, business and investor."""
    return select(Investment).options(
        joinedload(Investment.pitch).joinedload(Pitch.business).undefer(Business.shared),
        joinedload(Investment.account),
    )


def investment(investment_id: UUID) -> Investment | None:
    """One investment with its pitch, business and investor."""
    found: Investment | None = session().scalar(whole().where(INVESTMENT.id == investment_id))
    return found


def lengths_now() -> Lengths:
    """The lengths that hold today."""
    names = ("relief.trading_months", "relief.filing_years", "relief.claim_years")
    return Lengths(*(int(figure_on(each, on=today())) for each in names))


@dataclass(frozen=True)
class Papers:
    """The papers of one issue of shares: its filing, if one was begun, and its investments with their certificates.

    ``reversed`` are those of its investments that were reversed after HMRC was told of them, or a certificate was given.
    ``began_trading`` is what the business recorded with other shares.
    """

    pitch: Pitch
    relief: FiledRelief
    filing: ReliefFiling | None
    rows: tuple[tuple[Investment, ReliefCertificate | None], ...]
    lengths: Lengths
    reversed: tuple[tuple[Investment, ReliefCertificate | None], ...] = ()
    began_trading: date | None = None

    @property
    def every(self) -> tuple[tuple[Investment, ReliefCertificate | None], ...]:
        """Its investments, those that were reversed last."""
        return (*self.rows, *self.reversed)

    @property
    def is_reversed(self) -> bool:
        """Whether all of it was reversed: nothing is to be sent or given for it any more."""
        return not self.rows

    @property
    def issue(self) -> Issue:
        """Which issue of shares they are of."""
        return issue_of(self.first)

    @property
    def first(self) -> Investment:
        """The first investment of the issue: their address names it."""
        return self.every[0][0]

    @property
    def issued_on(self) -> date:
        """The day on which the shares were issued."""
        return self.first.issued_on

    @property
    def issued(self) -> str:
        """That day in words, with the class where it was stated: "9 November 2025 (A ordinary)"."""
        stated = self.first.share_class
        return f"{day_in_words(self.issued_on)} ({stated})" if stated else day_in_words(self.issued_on)

    @property
    def sent_from(self) -> date | None:
        """The first day on which the statement can be sent, where that is known: not before the shares were issued."""
        spent_on = self.filing.spent_on if self.filing else None
        first = can_be_sent_from(self.trading_from, spent_on, lengths=self.lengths)
        return max(first, self.issued_on) if first is not None else None

    @property
    def send_by(self) -> date:
        """The last day to send the statement: the earlier one, until the start of trade is recorded with these shares."""
        own = self.filing.trading_from if self.filing else None
        return send_by(self.issued_on, own, lengths=self.lengths)

    @property
    def trading_from(self) -> date | None:
        """When the business began to trade: a fact of the business, recorded with these shares or with others."""
        return (self.filing.trading_from if self.filing else None) or self.began_trading

    @property
    def lacking(self) -> int:
        """How many certificates are still to be given, once HMRC has answered."""
        if self.filing is None or self.filing.authorised_on is None:
            return 0
        return sum(given is None for _, given in self.rows)

    @property
    def is_sent(self) -> bool:
        """Whether the statement was sent."""
        return self.filing is not None and self.filing.sent_on is not None

    def can_be_sent(self, *, on: date) -> bool:
        """Whether the statement can be sent by now and was not."""
        return (
            not (self.is_sent or self.is_reversed)
            and self.sent_from is not None
            and bool(has_come(self.sent_from, on=on))
        )

    def is_near(self, *, on: date, days: int) -> bool:
        """Whether the last day is so near, or past, and the statement was not sent."""
        return not (self.is_sent or self.is_reversed) and bool(
            has_come(self.send_by - timedelta(days=days), on=on)
        )

    def is_late(self, *, on: date) -> bool:
        """Whether the last day is past and the statement was not sent."""
        return not (self.is_sent or self.is_reversed) and bool(is_past(self.send_by, on=on))


def _with_relief() -> Select[Any]:
    was_completed = (INVESTMENT.status == InvestmentStatus.REVERSED) & INVESTMENT.completed_at.is_not(None)
    return whole().where(
        INVESTMENT.relief != ShareRelief.NONE, INVESTMENT.status.in_(COMPLETED) | was_completed
    )


def papers_of(pitch_id: UUID) -> list[Papers]:
    """The papers that a raise has to see to: one for each issue of shares, the first day first."""
    return _papers(_with_relief().where(INVESTMENT.pitch_id == pitch_id))


def papers_for(pitch_id: UUID, investment_id: UUID) -> Papers | None:
    """The papers of the issue of shares that an investment of a raise belongs to; None where it has no papers."""
    every = papers_of(pitch_id)
    return next((each for each in every if any(one.id == investment_id for one, _ in each.every)), None)


def papers_of_businesses(business_ids: Collection[UUID]) -> list[Papers]:
    """The same for the raises of some businesses."""
    pitches = select(Pitch.id).where(Pitch.business_id.in_(list(business_ids)))
    return _papers(_with_relief().where(INVESTMENT.pitch_id.in_(pitches))) if business_ids else []


def every_paper() -> list[Papers]:
    """The papers of every issue of shares with a relief."""
    return _papers(_with_relief())


class Show(StrEnum):
    """Which papers the network's list shows: all, those past their last day, near it, or with certificates to give."""

    LATE = "late"
    NEAR = "near"
    LACKING = "lacking"
    ALL = "all"


def papers_to(show: Show, *, on: date) -> list[Papers]:
    """The papers that a list of the network shows, the first last day first."""
    days = int(figure_on("relief.remind_days", on=on))
    ways: dict[Show, Callable[[Papers], bool]] = {
        Show.LATE: lambda each: each.is_late(on=on),
        Show.NEAR: lambda each: each.is_near(on=on, days=days) and not each.is_late(on=on),
        Show.LACKING: lambda each: each.lacking > 0,
        Show.ALL: lambda _each: True,
    }
    found = [each for each in every_paper() if ways[show](each)]
    return sorted(
        found, key=lambda each: (each.send_by, each.pitch.business.name, each.relief, each.issue[2:])
    )


def _papers(query: Select[Any]) -> list[Papers]:
    found = session().scalars(query.order_by(INVESTMENT.issued_on, INVESTMENT.id).limit(MOST)).all()
    groups: dict[Issue, list[Investment]] = {}
    for each in found:
        groups.setdefault(issue_of(each), []).append(each)
    filings = filings_of({issue[0] for issue in groups})
    firms = {each.pitch_id: each.pitch.business_id for each in found}
    began = {firms[each.pitch_id]: each.trading_from for each in filings.values() if each.trading_from}
    given, lengths = certificates_of([each.id for each in found]), lengths_now() if found else None
    every = (
        replace(_of_issue(some, filings.get(issue), given, lengths), began_trading=began.get(firms[issue[0]]))
        for issue, some in groups.items()
        if lengths is not None
    )
    return [each for each in every if each.every]


def _of_issue(
    some: Sequence[Investment],
    filing: ReliefFiling | None,
    given: Mapping[UUID, ReliefCertificate],
    lengths: Lengths,
) -> Papers:
    """One issue. An investment that was reversed stays with it once HMRC was told of it, or its investor has a certificate."""
    standing = tuple((each, given.get(each.id)) for each in some if each.is_completed)
    is_told = filing is not None and filing.sent_on is not None
    gone = ((each, given.get(each.id)) for each in some if not each.is_completed)
    kept = tuple((each, paper) for each, paper in gone if is_told or paper is not None)
    return Papers(some[0].pitch, FiledRelief(some[0].relief.value), filing, standing, lengths, kept)


def issue_of(found: Investment) -> Issue:
    """Which issue of shares an investment under a relief belongs to."""
    return found.pitch_id, FiledRelief(found.relief.value), found.issued_on, class_of(found.share_class)


def issue_filed(found: ReliefFiling) -> Issue:
    """Which issue of shares a filing is of."""
    return found.pitch_id, found.relief, found.issued_on, found.share_class


def filings_of(pitch_ids: Collection[UUID]) -> dict[Issue, ReliefFiling]:
    """The filings of some raises, by issue of shares."""
    if not pitch_ids:
        return {}
    query = select(ReliefFiling).where(ReliefFiling.pitch_id.in_(list(pitch_ids)))
    return {issue_filed(each): each for each in session().scalars(query)}


def filings_of_business(business_id: UUID) -> Sequence[ReliefFiling]:
    """The papers of all raises of a business, those of its latest raise and latest shares first."""
    query = select(ReliefFiling).join(Pitch, Pitch.id == ReliefFiling.pitch_id)
    query = query.where(Pitch.business_id == business_id)
    latest = (Pitch.begun_at.desc(), ReliefFiling.issued_on.desc(), ReliefFiling.id)
    return session().scalars(query.order_by(*latest).limit(MOST)).all()


def other_filings(found: Papers) -> Sequence[ReliefFiling]:
    """The papers of every other issue of shares of the same business."""
    every = filings_of_business(found.pitch.business_id)
    return [each for each in every if issue_filed(each) != found.issue]


def certificates_of(investment_ids: Sequence[UUID]) -> dict[UUID, ReliefCertificate]:
    """The certificates of some investments that were not removed, by investment."""
    if not investment_ids:
        return {}
    query = select(ReliefCertificate).where(
        ReliefCertificate.investment_id.in_(investment_ids), ReliefCertificate.removed_at.is_(None)
    )
    return {each.investment_id: each for each in session().scalars(query)}


def certificates_ever_of(investment_ids: Sequence[UUID]) -> Sequence[ReliefCertificate]:
    """Every certificate of some investments, also those that were removed."""
    query = select(ReliefCertificate).where(ReliefCertificate.investment_id.in_(investment_ids))
    return session().scalars(query.order_by(ReliefCertificate.id)).all()


def with_papers() -> Select[Any]:
    """Investments as `whole`, each with the filings of its relief and day and the certificate that it has now, in one question.

    Where shares of several classes were issued on one day it comes once for each filing: `is_its_filing` says which is its own.
    """
    is_its = (ReliefFiling.pitch_id == INVESTMENT.pitch_id) & (ReliefFiling.relief == INVESTMENT.relief)
    is_its &= ReliefFiling.issued_on == INVESTMENT.issued_on
    is_live = ReliefCertificate.removed_at.is_(None) & (ReliefCertificate.investment_id == INVESTMENT.id)
    query = whole().outerjoin(ReliefFiling, is_its).outerjoin(ReliefCertificate, is_live)
    return query.add_columns(ReliefFiling, ReliefCertificate)


def is_its_filing(found: Investment, filing: ReliefFiling | None) -> bool:
    """Whether a filing is that of the issue of shares which an investment belongs to."""
    return filing is not None and issue_filed(filing) == issue_of(found)


@dataclass(frozen=True)
class CertificateFile:
    """The file of a certificate, with the investment that it is of."""

    investment: Investment
    certificate: ReliefCertificate
    file: Document

    @property
    def pitch(self) -> Pitch:
        """The raise that it is of."""
        return self.investment.pitch


def certificate_file(investment_id: UUID, document_id: UUID) -> CertificateFile | None:
    """The file of the certificate that an investment has now; None where there is none."""
    found, given = investment(investment_id), certificates_of([investment_id]).get(investment_id)
    file_ = document_about(document_id, kind=CERTIFICATE_TABLE, thing_id=given.id) if given else None
    return CertificateFile(found, given, file_) if found and given and file_ else None
