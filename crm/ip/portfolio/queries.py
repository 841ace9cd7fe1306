"""Reads of incomes and of the rights that protect them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from crm.businesses.models import Business, YearlyFigures
from crm.db.session import session
from crm.db.types import has_words
from crm.ip.portfolio.models import IncomeLine, IncomeProtection
from crm.ip.portfolio.policy import visible_to
from crm.ip.portfolio.rules import Cover, Shield, cover_of, gap_in_words, sum_of
from crm.kernel.clock import is_past, today
from crm.kernel.permissions import Actor
from crm.kernel.text import within
from crm.rights.models import Right
from crm.rights.queries import rights_at
from crm.rights.rules.gaps import is_secret

LINE, PROTECTION = IncomeLine.__table__.c, IncomeProtection.__table__.c
MOST, MOST_LISTED = 200, 1_000
"""How many incomes a business, and how many businesses a list or a file has at most; the page says so where there are more."""


@dataclass(frozen=True)
class Linked:
    """An income by its name, with the rights that are linked to it."""

    name: str
    shields: tuple[Shield, ...]

    @property
    def protects(self) -> list[str]:
        """The rights that protect it today, by name: the rule is that of the portfolio."""
        return [each.title for each in self.shields if each.holds]

    @property
    def protects_nothing(self) -> list[str]:
        """The rights that are linked to it and do not protect it, each with why, as a sentence."""
        return [f"{each.title}: {within(each.why_not)}" for each in self.shields if not each.holds]


def _lines() -> Select[IncomeLine]:
    return (
        select(IncomeLine)
        .where(LINE.removed_at.is_(None))
        .options(
            joinedload(IncomeLine.business).undefer(Business.shared),
            joinedload(IncomeLine.protections).joinedload(IncomeProtection.right),
        )
    )


def line(line_id: UUID) -> IncomeLine | None:
    """One income with its business and the rights that protect it."""
    query = _lines().where(LINE.id == line_id).execution_options(populate_existing=True)
    return session().scalars(query).unique().one_or_none()


def lines_of(business_id: UUID) -> Sequence[IncomeLine]:
    """The incomes of a business, the largest first."""
    query = _lines().where(LINE.business_id == business_id)
    query = query.order_by(LINE.turnover.desc(), LINE.name, LINE.id)
    return session().scalars(query.limit(MOST)).unique().all()


def linked_of(business_id: UUID) -> list[Linked]:
    """The incomes of a business, the largest first, each with the rights that are linked to it; no trade secret is named."""
    query = select(LINE.id, LINE.name, PROTECTION.share, Right.title, Right.kind, Right.status).outerjoin(
        IncomeProtection.__table__, (PROTECTION.line_id == LINE.id) & PROTECTION.removed_at.is_(None)
    )
    query = query.outerjoin(Right, (Right.id == PROTECTION.right_id) & Right.removed_at.is_(None))
    query = query.where(LINE.business_id == business_id, LINE.removed_at.is_(None))
    order = (LINE.turnover.desc(), LINE.name, LINE.id, PROTECTION.added_at, PROTECTION.id)
    found: dict[UUID, tuple[str, list[Shield]]] = {}
    for row in session().execute(query.order_by(*order).limit(MOST * 5)):
        shields = found.setdefault(row.id, (row.name, []))[1]
        if row.title is not None:
            title = "A trade secret" if is_secret(row.kind) else row.title
            shields.append(Shield(title, row.kind, row.status, row.share))
    return [Linked(name, tuple(shields)) for name, shields in found.values()]


def protection(protection_id: UUID) -> IncomeProtection | None:
    """One link of a right to an income, with both."""
    query = select(IncomeProtection).join(IncomeProtection.line).where(PROTECTION.id == protection_id)
    query = query.where(PROTECTION.removed_at.is_(None), LINE.removed_at.is_(None))
    to_line = contains_eager(IncomeProtection.line)
    owner = to_line.joinedload(IncomeLine.business).undefer(Business.shared)
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
        turnover = self.year.turnover_of_a_year if self.year is not None else None
        return turnover is not None and self.whole.turnover > turnover


def portfolio_of(owner: Business, *, with_secrets: bool) -> Portfolio:
    """The portfolio of a business, whose figures must be loaded. Trade secrets protect what they protect, and are named only if they are asked for."""
    rights = rights_at([owner.id])
    seen = [each for each in rights if with_secrets or not is_secret(each.kind)]
    rows = _rows(lines_of(owner.id), rights, named={each.id for each in seen})
    linked = {each.link.right_id for row in rows for each in row.protects}
    idle = tuple(each for each in seen if each.id not in linked)
    year = next(iter(owner.figures), None)
    return Portfolio(rows, sum_of(each.cover for each in rows), year, idle)


@dataclass(frozen=True)
class Listed:
    """One business in the list of portfolios, with its incomes, the largest first, and their sum."""

    business: Business
    rows: tuple[Row, ...]

    @property
    def whole(self) -> Cover:
        """Its incomes together, as its own page says."""
        return sum_of(each.cover for each in self.rows)


def with_incomes(actor: Actor, text: str = "") -> list[UUID]:
    """The businesses that an actor may see and that have an income on record, by name; one more than are listed."""
    has_line = select(LINE.business_id).where(LINE.removed_at.is_(None))
    query = select(Business.id).where(visible_to(actor), Business.id.in_(has_line))
    if text.strip():
        query = query.where(has_words(text, Business.__table__.c.name))
    return list(session().scalars(query.order_by(Business.sort_name, Business.id).limit(MOST_LISTED + 1)))


def listed(ids: Sequence[UUID]) -> list[Listed]:
    """Some businesses with their incomes, in the order in which they are named. No trade secret is named."""
    query = _lines().where(LINE.business_id.in_(list(ids)))
    lines = session().scalars(query.order_by(LINE.turnover.desc(), LINE.name, LINE.id)).unique().all()
    rights = rights_at(ids)
    named = {each.id for each in rights if not is_secret(each.kind)}
    found = {each: [line for line in lines if line.business_id == each] for each in ids}
    return [Listed(own[0].business, _rows(own, rights, named=named)) for own in found.values() if own]


def incomes_in_words(found: Portfolio) -> list[str]:
    """Each income with what nothing protects of it, in one sentence."""
    return [
        f"{each.line.name}: {each.line.turnover.in_full()} a year. {each.gap or 'All of it is protected'}"
        for each in found.rows
    ]


def _rows(lines: Iterable[IncomeLine], rights: Iterable[Right], *, named: set[UUID]) -> tuple[Row, ...]:
    """Each income with what protects it. A right that was removed protects nothing."""
    known = {each.id: each for each in rights}
    return tuple(_row(each, known, named) for each in lines)


def _row(found: IncomeLine, known: Mapping[UUID, Right], named: set[UUID]) -> Row:
    protects = tuple(
        Protects(each, shield_of(each, known[each.right_id]), each.right_id in named)
        for each in found.protections
        if each.right_id in known
    )
    return Row(found, protects, cover_of(found.turnover, [each.shield for each in protects]))


def shield_of(link: IncomeProtection, right: Right) -> Shield:
    """A link as the rules read it."""
    late = right.renews_on is not None and is_past(right.renews_on, on=today())
    return Shield(right.title, right.kind, right.status, link.share, is_overdue=late, gaps=right.gaps)
