"""One syndicate for each raise: who offered to lead it, the versions of its terms, and who joined on which."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.investors.workflow import Instrument
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.workflow import OVER
from crm.angels.syndicates.rules.promising import beyond_raise
from crm.angels.syndicates.workflow import (
    LIVE_LEADS,
    LIVE_MEMBERS,
    LeadStatus,
    MemberStatus,
    Naming,
    SyndicateStatus,
    TermsStatus,
)
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import MoneyType, UtcDateTime, enum_type
from crm.kernel.money import Money

OVER_LEADS = "('declined', 'withdrawn', 'replaced', 'ended')"


class Syndicate(Identified, Versioned, Stateful[SyndicateStatus], Base, start=SyndicateStatus.FORMING):
    """The syndicate of one raise, from the first offer to lead it. It is no fund, and it holds no money."""

    __tablename__ = "syndicate"
    __table_args__ = (
        CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name="ended_at_if_ended"),
        Index("ix_syndicate_newest", "begun_at", "id"),
    )

    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"), unique=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    pitch: Mapped[Pitch] = relationship(lazy="raise", viewonly=True)
    leads: Mapped[list[SyndicateLead]] = relationship(
        lazy="raise", viewonly=True, order_by="(SyndicateLead.offered_at, SyndicateLead.id)"
    )
    terms: Mapped[list[SyndicateTerms]] = relationship(
        lazy="raise", viewonly=True, order_by="SyndicateTerms.number"
    )
    members: Mapped[list[SyndicateMember]] = relationship(
        lazy="raise", viewonly=True, order_by="(SyndicateMember.joined_at, SyndicateMember.id)"
    )

    @property
    def lead(self) -> SyndicateLead | None:
        """Who leads it now, if anyone does."""
        return next((each for each in self.leads if each.status is LeadStatus.LEADING), None)

    @property
    def agreed(self) -> SyndicateTerms | None:
        """The version of the terms that holds now, if one does."""
        return next((each for each in self.terms if each.status is TermsStatus.AGREED), None)

    @property
    def proposed(self) -> SyndicateTerms | None:
        """The version that waits for the business, if one does."""
        return next((each for each in self.terms if each.status is TermsStatus.PROPOSED), None)

    def ended_with_it(self, part: SyndicateLead | SyndicateMember) -> bool:
        """Whether a lead or a place ended with the syndicate itself, and not before it."""
        is_ended = part.status in (LeadStatus.ENDED, MemberStatus.ENDED)
        return is_ended and self.ended_at is not None and part.ended_at == self.ended_at

    def leads_or_led(self, part: SyndicateLead) -> bool:
        """Whether an offer is that of the lead: of the one now, or of the one with whom the syndicate ended."""
        was_lead = part.agreed_at is not None and self.ended_with_it(part)
        return part.status is LeadStatus.LEADING or was_lead

    def is_or_was_place(self, part: SyndicateMember) -> bool:
        """Whether a place is held now, or was until the syndicate ended."""
        return part.status in LIVE_MEMBERS or self.ended_with_it(part)

    def lead_of(self, account_id: UUID | None) -> SyndicateLead | None:
        """The live offer of an investor to lead, or their leading."""
        own = (each for each in self.leads if each.account_id == account_id and each.status in LIVE_LEADS)
        return next(own, None)

    def member_of(self, account_id: UUID | None) -> SyndicateMember | None:
        """The live place of an investor in it."""
        own = (each for each in self.members if each.account_id == account_id)
        return next((each for each in own if each.status in LIVE_MEMBERS), None)


class SyndicateLead(Identified, Versioned, Stateful[LeadStatus], Base, start=LeadStatus.OFFERED):
    """One offer of one investor to lead a raise, and what became of it. By making it they agree to be named."""

    __tablename__ = "syndicate_lead"
    __table_args__ = (
        CheckConstraint("message <> ''", name="message_there"),
        CheckConstraint(f"(status IN {OVER_LEADS}) = (ended_at IS NOT NULL)", name="ended_at_if_over"),
        CheckConstraint("status <> 'declined' OR reason <> ''", name="declined_with_reason"),
        CheckConstraint("status <> 'leading' OR agreed_at IS NOT NULL", name="agreed_at_if_leading"),
        one_where("uq_syndicate_lead_one", "syndicate_id", where="status = 'leading'"),
        one_where(
            "uq_syndicate_lead_live", "syndicate_id", "account_id", where="status IN ('offered', 'leading')"
        ),
        Index("ix_syndicate_lead_account", "account_id", "status"),
        Index("ix_syndicate_lead_status", "status", "offered_at"),
    )

    syndicate_id: Mapped[UUID] = mapped_column(ForeignKey("syndicate.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    message: Mapped[str] = mapped_column(Text)
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")

    syndicate: Mapped[Syndicate] = relationship(lazy="raise_on_sql", viewonly=True)
    account: Mapped[Account] = relationship(lazy="raise", viewonly=True)

    @property
    def pitch(self) -> Pitch:
        """The raise that it is about."""
        return self.syndicate.pitch


class SyndicateTerms(Identified, Versioned, Stateful[TermsStatus], Base, start=TermsStatus.PROPOSED):
    """One version of the terms, as the lead recorded it: never changed, another version follows it.

    ``instrument`` is that of the pitch when it was recorded. Shares have a valuation before the money, a convertible a cap, a
    discount in whole percent or both. ``minimum`` is the least for one investor. ``fee`` is what the lead takes of the others.
    """

    __tablename__ = "syndicate_terms"
    __table_args__ = (
        CheckConstraint("number > 0 AND minimum > 0", name="positive"),
        CheckConstraint("instrument IN ('equity', 'loan_note', 'convertible')", name="cleared"),
        CheckConstraint("(instrument = 'equity') = (pre_money IS NOT NULL)", name="valuation_of_shares"),
        CheckConstraint(
            "(instrument = 'convertible') = (cap IS NOT NULL OR discount IS NOT NULL)",
            name="cap_of_convertible",
        ),
        CheckConstraint("pre_money IS NULL OR pre_money > 0", name="valuation_positive"),
        CheckConstraint("cap IS NULL OR cap > 0", name="cap_positive"),
        CheckConstraint("discount IS NULL OR (discount > 0 AND discount < 100)", name="discount_in_percent"),
        CheckConstraint("rights <> ''", name="rights_there"),
        CheckConstraint("takes_fee = (fee <> '')", name="fee_declared"),
        CheckConstraint("status <> 'declined' OR reason <> ''", name="declined_with_reason"),
        CheckConstraint("status <> 'agreed' OR agreed_at IS NOT NULL", name="agreed_at_if_agreed"),
        Index("uq_syndicate_terms_number", "syndicate_id", "number", unique=True),
        one_where("uq_syndicate_terms_proposed", "syndicate_id", where="status = 'proposed'"),
        one_where("uq_syndicate_terms_agreed", "syndicate_id", where="status = 'agreed'"),
    )

    syndicate_id: Mapped[UUID] = mapped_column(ForeignKey("syndicate.id"))
    lead_id: Mapped[UUID] = mapped_column(ForeignKey("syndicate_lead.id"))
    number: Mapped[int]
    instrument: Mapped[Instrument] = mapped_column(enum_type(Instrument, name="instrument"))
    pre_money: Mapped[Money | None] = mapped_column(MoneyType)
    cap: Mapped[Money | None] = mapped_column(MoneyType)
    discount: Mapped[int | None]
    minimum: Mapped[Money] = mapped_column(MoneyType)
    closes_on: Mapped[date]
    rights: Mapped[str] = mapped_column(Text)
    takes_fee: Mapped[bool] = mapped_column(default=False)
    fee: Mapped[str] = mapped_column(Text, default="")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    syndicate: Mapped[Syndicate] = relationship(lazy="raise_on_sql", viewonly=True)

    @property
    def pitch(self) -> Pitch:
        """The raise that it is about."""
        return self.syndicate.pitch

    @property
    def beyond(self) -> dict[str, str]:
        """What the raise says otherwise now, by field, of terms that are proposed or agreed: it may have changed since."""
        is_read = self.status in (TermsStatus.PROPOSED, TermsStatus.AGREED) and self.pitch.status not in OVER
        return beyond_raise(self.minimum, self.closes_on, **limits_of(self.pitch)) if is_read else {}


def limits_of(found: Pitch) -> dict[str, Any]:
    """What a raise lets terms promise, as `beyond_raise` takes it."""
    return {"sought": found.amount, "least": found.min_ticket, "last_day": found.closes_on}


class SyndicateMember(Identified, Versioned, Stateful[MemberStatus], Base, start=MemberStatus.JOINED):
    """The place of one investor in a syndicate. ``terms_id`` is the version that they joined on or confirmed last."""

    __tablename__ = "syndicate_member"
    __table_args__ = (
        CheckConstraint("(status IN ('left', 'ended')) = (ended_at IS NOT NULL)", name="ended_at_if_over"),
        one_where(
            "uq_syndicate_member_live",
            "syndicate_id",
            "account_id",
            where="status IN ('joined', 'unconfirmed')",
        ),
        Index("ix_syndicate_member_account", "account_id", "status"),
        Index("ix_syndicate_member_status", "status", "confirmed_at"),
    )

    syndicate_id: Mapped[UUID] = mapped_column(ForeignKey("syndicate.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    terms_id: Mapped[UUID] = mapped_column(ForeignKey("syndicate_terms.id"))
    naming: Mapped[Naming] = mapped_column(enum_type(Naming, name="naming"))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")

    syndicate: Mapped[Syndicate] = relationship(lazy="raise_on_sql", viewonly=True)
    account: Mapped[Account] = relationship(lazy="raise", viewonly=True)
    terms: Mapped[SyndicateTerms] = relationship(lazy="raise", viewonly=True)

    @property
    def pitch(self) -> Pitch:
        """The raise that it is about."""
        return self.syndicate.pitch
