"""A business, its further names, its yearly figures, and the hubs that its record is shared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    case,
    cast,
    column,
    exists,
    func,
    select,
    table,
)
from sqlalchemy.orm import (
    Mapped,
    column_property,
    declared_attr,
    mapped_column,
    query_expression,
    relationship,
)

from crm.accounts.models import Hub
from crm.businesses.models.words import SORTED
from crm.businesses.workflow import Ambition, BusinessStatus, ConsentPurpose, HeadcountMeasure, NameKind
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import MoneyType, UtcDateTime, WordsType, enum_type
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import has_come, is_past
from crm.kernel.money import Money


class BusinessShare(Identified, Base):
    """A further hub that may see and help a business, from a first day to a last day."""

    __tablename__ = "business_share"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        Index("uq_business_share_beginning", "business_id", "hub_id", "valid_from", unique=True),
        Index("ix_business_share_hub", "hub_id", "business_id"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    hub_id: Mapped[UUID] = mapped_column(ForeignKey("hub.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(500))


@dataclass(frozen=True)
class Share:
    """One hub that may see and help a business, and its first and last day."""

    hub_id: UUID
    valid_from: date
    valid_to: date | None

    def holds(self, *, on: date) -> bool:
        """Whether it is shared on a day; the first and the last day both count."""
        return has_come(self.valid_from, on=on) and (
            self.valid_to is None or not is_past(self.valid_to, on=on)
        )


class Shared:
    """The hubs that a row's business is shared with, read with the row itself instead of by another statement."""

    @declared_attr
    def shared(cls) -> Mapped[str | None]:  # noqa: N805 SQLAlchemy gives it the class
        """Each hub with its first and last day, as text; only in queries that ask for it by ``undefer``."""
        share = BusinessShare
        until = func.coalesce(cast(share.valid_to, Text), "")
        said = cast(share.hub_id, Text) + " " + cast(share.valid_from, Text) + " " + until
        rows = select(func.aggregate_strings(said, ",")).where(share.business_id == cls.id)  # type: ignore[attr-defined]
        rows = rows.correlate_except(share)
        return column_property(rows.scalar_subquery(), deferred=True, raiseload=True, expire_on_flush=False)

    @property
    def shares(self) -> list[Share]:
        """The hubs it is or was shared with. It must be loaded by ``undefer``."""
        return [_share(*each.split(" ")) for each in (self.shared or "").split(",") if each]


def _share(hub: str, first: str, last: str) -> Share:
    return Share(UUID(hub), date.fromisoformat(first), date.fromisoformat(last) if last else None)


class Named:
    """Whether a business has somebody whom a letter or a referral can name, read with the row itself."""

    @declared_attr
    def has_person(cls) -> Mapped[bool]:  # noqa: N805 SQLAlchemy gives it the class
        """Whether one of its people has not left; only in queries that ask for it by ``undefer``."""
        person = table("person", column("business_id"), column("left_on"))
        is_theirs = (person.c.business_id == cls.id, person.c.left_on.is_(None))  # type: ignore[attr-defined]
        known = exists().select_from(person).where(*is_theirs).correlate_except(person)
        return column_property(known, deferred=True, raiseload=True, expire_on_flush=False)


class Agreed:
    """Whether a business agrees that it is passed on to providers, read with the row itself."""

    @declared_attr
    def passed_on(cls) -> Mapped[int | None]:  # noqa: N805 SQLAlchemy gives it the class
        """1 where it agrees now, 0 where it withdrew that, None where it never did; only where asked for by ``undefer``."""
        given = table("consent", column("business_id"), column("purpose"), column("withdrawn_at"))
        is_it = given.c.purpose == ConsentPurpose.SHARE_WITH_PROVIDERS.value
        holds = func.max(case((given.c.withdrawn_at.is_(None), 1), else_=0))
        rows = select(holds).where(given.c.business_id == cls.id, is_it)  # type: ignore[attr-defined]
        rows = rows.correlate_except(given)
        return column_property(rows.scalar_subquery(), deferred=True, raiseload=True, expire_on_flush=False)


class Business(
    Shared, Named, Agreed, Identified, Versioned, Stateful[BusinessStatus], Base, start=BusinessStatus.ACTIVE
):
    """An enterprise that is helped. What is unknown is None or empty, never nought and never "no".

    ``trading_postcode`` is where it works, on which eligibility turns; ``trading_outcode`` is its district, given
    alone by whoever will not say more. ``authority``, ``leps``, ``place_method`` and ``place_confidence`` (0 to 100,
    per cent) are where that lies, or where an adviser said that it does, with ``place_reason``.
    """

    __tablename__ = "business"
    __table_args__ = (
        CheckConstraint("(status = 'archived') = (archived_reason IS NOT NULL)", name="archived_with_reason"),
        CheckConstraint("place_confidence BETWEEN 0 AND 100", name="confidence_is_percent"),
        CheckConstraint(
            "trading_postcode IS NULL OR trading_outcode IS NOT NULL", name="postcode_has_outcode"
        ),
        CheckConstraint("place_method <> 'adviser' OR place_reason IS NOT NULL", name="override_has_reason"),
        Index("ix_business_sort_name_id", "sort_name", "id"),
        Index("ix_business_created_at_id", "created_at", "id"),
        Index("ix_business_hub", "hub_id", "sort_name", "id"),
        Index("ix_business_outcode", "trading_outcode", "sort_name", "id"),
        Index("ix_business_name_place", "match_name", "trading_outcode"),
    )

    name: Mapped[str] = mapped_column(String(200))
    sort_name: Mapped[str] = mapped_column(SORTED)
    match_name: Mapped[str] = mapped_column(String(200))
    company_number: Mapped[str | None] = mapped_column(String(8), unique=True)
    legal_form: Mapped[str | None] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str | None] = mapped_column(String(300))
    website_domain: Mapped[str | None] = mapped_column(String(253), index=True)
    stage: Mapped[str | None] = mapped_column(String(40))
    ambition: Mapped[Ambition | None] = mapped_column(enum_type(Ambition, name="ambition"))
    trading_since: Mapped[date | None]
    dcms_groups: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    sic_codes: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())

    registered_address: Mapped[str] = mapped_column(Text, default="")
    registered_postcode: Mapped[str | None] = mapped_column(String(8))
    trading_address: Mapped[str] = mapped_column(Text, default="")
    trading_postcode: Mapped[str | None] = mapped_column(String(8))
    trading_outcode: Mapped[str | None] = mapped_column(String(4))
    hides_address: Mapped[bool] = mapped_column(default=False)
    authority: Mapped[str | None] = mapped_column(String(60))
    leps: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    place_method: Mapped[str] = mapped_column(String(20), default="none")
    place_confidence: Mapped[int] = mapped_column(default=0)
    place_reason: Mapped[str | None] = mapped_column(String(500))

    hub_id: Mapped[UUID | None] = mapped_column(ForeignKey("hub.id"))
    register_status: Mapped[str | None] = mapped_column(String(60))
    register_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    archived_reason: Mapped[str | None] = mapped_column(String(500))
    source: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    # Where words are searched: how well the weightiest is met, by which word, and how many are found.
    tier: Mapped[int | None] = query_expression()
    met_by: Mapped[str | None] = query_expression()
    count: Mapped[int | None] = query_expression()

    hub: Mapped[Hub | None] = relationship(lazy="raise", viewonly=True)
    names: Mapped[list[BusinessName]] = relationship(
        lazy="raise", viewonly=True, order_by="BusinessName.name"
    )
    figures: Mapped[list[YearlyFigures]] = relationship(
        lazy="raise", viewonly=True, order_by="YearlyFigures.year_end.desc()"
    )

    @property
    def is_archived(self) -> bool:
        """Whether the record was put away."""
        return self._status is BusinessStatus.ARCHIVED

    def hub_ids(self, *, on: date) -> frozenset[str]:
        """The hubs that care for it on a day: its own, and those it is shared with. Its shares must be loaded."""
        shared = {str(each.hub_id) for each in self.shares if each.holds(on=on)}
        return frozenset(shared | ({str(self.hub_id)} if self.hub_id else set()))


class BusinessName(Identified, Base):
    """A further name of a business: one that it trades under, or one that it had before."""

    __tablename__ = "business_name"
    __table_args__ = (Index("uq_business_name_once", "business_id", "name", unique=True),)

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[NameKind] = mapped_column(enum_type(NameKind, name="kind"))


YEAR = 12
"""Months that figures are usually for."""


class YearlyFigures(Identified, Base):
    """What a business turned over and employed in the accounting period that ended on a day. None is unknown.

    ``months`` is the length of the period; a short or long one is annualised before growth is reckoned.
    """

    __tablename__ = "yearly_figures"
    __table_args__ = (
        CheckConstraint("months BETWEEN 1 AND 24", name="months_of_a_period"),
        CheckConstraint("turnover >= 0", name="turnover_not_negative"),
        CheckConstraint("employees >= 0", name="employees_not_negative"),
        CheckConstraint("export_turnover >= 0", name="export_not_negative"),
        CheckConstraint("export_turnover <= turnover", name="export_within_turnover"),
        CheckConstraint("research_spend >= 0", name="research_not_negative"),
        Index("uq_yearly_figures_year", "business_id", "year_end", unique=True),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    year_end: Mapped[date]
    months: Mapped[int] = mapped_column(default=12)
    turnover: Mapped[Money | None] = mapped_column(MoneyType)
    employees: Mapped[int | None]
    measure: Mapped[HeadcountMeasure] = mapped_column(
        enum_type(HeadcountMeasure, name="measure"), default=HeadcountMeasure.HEADCOUNT
    )
    export_turnover: Mapped[Money | None] = mapped_column(MoneyType)
    research_spend: Mapped[Money | None] = mapped_column(MoneyType)
    source: Mapped[str] = mapped_column(String(200))

    @property
    def turnover_of_a_year(self) -> Money | None:
        """The turnover where the period was a year: a longer or shorter one does not tell what a year's limit asks."""
        return self.turnover if self.months == YEAR else None

    @property
    def period(self) -> str:
        """The period in words: "the year to 31 March 2026", "the 6 months to 30 September 2026"."""
        length = "year" if self.months == YEAR else f"{self.months} months" if self.months > 1 else "month"
        return f"the {length} to {day_in_words(self.year_end)}"
