"""Reads of incomes and of the rights that protect them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from crm.businesses.models import Business, YearlyFigures
from crm.db.session import session
from crm.ip.portfolio.models import IncomeLine, IncomeProtection
from crm.ip.portfolio.rules import Cover, Shield, cover_of, gap_in_words, sum_of
from crm.kernel.clock import is_past, today
from crm.rights.models import Right
from crm.rights.queries import with_gaps
from crm.rights.rules.gaps import is_secret

LINE, PROTECTION = IncomeLine.__table__.c, IncomeProtection.__table__.c
MOST = 200


def _lines() -> Select[IncomeLine]:
    return (
        select(IncomeLine)
        .where(LINE.removed_at.is_(None))
        .options(
            joinedload(IncomeLine.business).selectinload(Business.shares),
            *with_gaps(selectinload(IncomeLine.protections).joinedload(IncomeProtection.right)),
        )
    )


def line(line_id: UUID) -> IncomeLine | None:
    """One income with its business and the rights that protect it."""
    return session().scalar(_lines().where(LINE.id == line_id).execution_options(populate_existing=True))


def lines_of(business_id: UUID) -> Sequence[IncomeLine]:
    """The incomes of a business, the largest first."""
    query = _lines().where(LINE.business_id == business_id)
    return session().scalars(query.order_by(LINE.turnover.desc(), LINE.name, LINE.id).limit(MOST)).all()


def protection(protection_id: UUID) -> IncomeProtection | None:
    """One link of a right to an income, with both."""
    query = select(IncomeProtection).join(IncomeProtection.line).where(PROTECTION.id == protection_id)
    query = query.where(PROTECTION.removed_at.is_(None), LINE.removed_at.is_(None))
    to_line = contains_eager(IncomeProtection.line)
    owner = to_line.joinedload(IncomeLine.business).selectinload(Business.shares)
    return session().scalar(query.options(owner, joinedload(IncomeProtection.right)))


def links_of(right_id: UUID) -> Sequence[IncomeProtection]:
    """The incomes that a right protects, the largest first."""
    query = (
        select(IncomeProtection).join(IncomeProtection.line).options(contains_eager(IncomeProtection.line))
    )
    query = query.where(
        PROTECTION.right_id == right_id, PROTECTION.removed_at.is_(None), LINE.removed_at.is_(None)
    )
    return session().scalars(query.order_by(LINE.turnover.desc(), LINE.id).limit(MOST)).all()


@dataclass(frozen=True)
class Protects:
    """A right that is linked to an income: the link, what it does today, and whether its name may be shown."""

    link: IncomeProtection
    shield: Shield
    is_named: bool

    @property
    def title(self) -> str:
        """The name of the right; a trade secret has none for those who may not know it."""
        return self.link.right.title if self.is_named else "A trade secret"


@dataclass(frozen=True)
class Row:
    """One income with what protects it and what does not."""

    line: IncomeLine
    protects: tuple[Protects, ...]
    cover: Cover

    @property
    def gap(self) -> str:
        """What nothing protects, in words."""
        return gap_in_words(self.line.name, self.cover)


@dataclass(frozen=True)
class Portfolio:
    """The incomes of a business, their sum, the year's turnover on record, and the rights that protect none of them."""

    rows: tuple[Row, ...]
    whole: Cover
    year: YearlyFigures | None
    idle: tuple[Right, ...]

    @property
    def gaps(self) -> list[str]:
        """Every gap in words, the largest income first."""
        return [each.gap for each in self.rows if each.gap]

    @property
    def says_too_much(self) -> bool:
        """Whether the incomes add up to more than the year's turnover on record."""
        turnover = self.year.turnover if self.year is not None else None
        return turnover is not None and self.whole.turnover > turnover


def portfolio_of(business_id: UUID, rights: Sequence[Right]) -> Portfolio:
    """The portfolio of a business, as those see it who see these of its rights."""
    seen = {each.id for each in rights}
    rows = tuple(_row(each, seen) for each in lines_of(business_id))
    linked = {each.link.right_id for row in rows for each in row.protects}
    idle = tuple(each for each in rights if each.id not in linked)
    return Portfolio(rows, sum_of(each.cover for each in rows), _latest_year(business_id), idle)


def incomes_in_words(found: Portfolio) -> list[str]:
    """Each income with what nothing protects of it, in one sentence."""
    return [
        f"{each.line.name}: {each.line.turnover.in_full()} a year. {each.gap or 'All of it is protected'}"
        for each in found.rows
    ]


def _row(found: IncomeLine, seen: set[UUID]) -> Row:
    there = [each for each in found.protections if each.right.removed_at is None]
    protects = tuple(
        Protects(each, shield_of(each), not is_secret(each.right.kind) or each.right_id in seen)
        for each in there
    )
    return Row(found, protects, cover_of(found.turnover, [each.shield for each in protects]))


def shield_of(link: IncomeProtection) -> Shield:
    """A link as the rules read it."""
    right = link.right
    late = right.renews_on is not None and is_past(right.renews_on, on=today())
    return Shield(right.title, right.kind, right.status, link.share, is_overdue=late, gaps=right.gaps)


def _latest_year(business_id: UUID) -> YearlyFigures | None:
    columns = YearlyFigures.__table__.c
    query = select(YearlyFigures).where(columns.business_id == business_id)
    return session().scalar(query.order_by(columns.year_end.desc()).limit(1))
