"""Action plans: the services chosen and why, the steps, and what was ruled out and why."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business
from crm.db.base import Base, Identified, Versioned, held_by_author, one_where
from crm.db.states import Stateful
from crm.db.types import JsonType, UtcDateTime, enum_type
from crm.directory.models import Service
from crm.signposting.workflow import PlanStatus, StepOwner

IS_SENT, IS_DRAFT = "status = 'sent'", "status = 'draft'"


class ActionPlan(Identified, Versioned, Stateful[PlanStatus], Base, start=PlanStatus.DRAFT):
    """What a business takes away. ``number`` counts its plans; a sent one is never changed, but superseded.

    ``holder_id`` is who looks after it: who made it, or the colleague it was handed to.
    ``unmet_needs`` are the urgent needs that nothing open helped with when it was sent: name and words of each.
    """

    __tablename__ = "action_plan"
    __table_args__ = (
        Index("ix_action_plan_holder", "holder_id", "status"),
        CheckConstraint("number > 0", name="number_counted"),
        CheckConstraint("(status IN ('draft', 'discarded')) = (sent_at IS NULL)", name="sent_at_if_sent"),
        CheckConstraint(
            "(status = 'superseded') = (superseded_by_id IS NOT NULL)", name="superseded_by_another"
        ),
        CheckConstraint("opened_at IS NULL OR sent_at IS NOT NULL", name="opened_once_sent"),
        Index("uq_action_plan_number", "business_id", "number", unique=True),
        one_where("uq_action_plan_sent", "business_id", where=IS_SENT),
        one_where("uq_action_plan_draft", "business_id", where=IS_DRAFT),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    enquiry_id: Mapped[UUID | None] = mapped_column(ForeignKey("enquiry.id"), index=True)
    diagnosis_id: Mapped[UUID | None] = mapped_column(ForeignKey("diagnosis.id"))
    number: Mapped[int]
    opening: Mapped[str] = mapped_column(Text, default="")
    unmet_needs: Mapped[list[dict[str, str]]] = mapped_column(JsonType, default=list)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    made_by: Mapped[str] = mapped_column(String(200))
    holder_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("account.id"), default=held_by_author("made_by_id")
    )
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_to: Mapped[str | None] = mapped_column(String(254))
    sent_to_name: Mapped[str | None] = mapped_column(String(200))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    superseded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("action_plan.id"))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    holder: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys="ActionPlan.holder_id"
    )
    signposts: Mapped[list[PlanSignpost]] = relationship(
        lazy="raise", viewonly=True, order_by="PlanSignpost.position"
    )
    steps: Mapped[list[PlanStep]] = relationship(lazy="raise", viewonly=True, order_by="PlanStep.position")
    ruled_out: Mapped[list[PlanRuledOut]] = relationship(
        lazy="raise", viewonly=True, order_by="PlanRuledOut.position"
    )


class PlanSignpost(Identified, Base):
    """A service chosen for a business, and why. ``opened_at`` is when the business first followed it."""

    __tablename__ = "plan_signpost"
    __table_args__ = (Index("uq_plan_signpost_service", "plan_id", "service_id", unique=True),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("action_plan.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    why: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    service: Mapped[Service] = relationship(lazy="raise", viewonly=True)
    plan: Mapped[ActionPlan] = relationship(lazy="raise", viewonly=True)


class PlanStep(Identified, Base):
    """Something to do, whose it is, until when, and whether it is done."""

    __tablename__ = "plan_step"
    __table_args__ = (
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        Index("ix_plan_step_plan", "plan_id", "position"),
    )

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("action_plan.id"))
    title: Mapped[str] = mapped_column(String(300))
    owner: Mapped[StepOwner] = mapped_column(enum_type(StepOwner, name="owner"))
    due_on: Mapped[date | None]
    position: Mapped[int]
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(String(200))

    plan: Mapped[ActionPlan] = relationship(lazy="raise", viewonly=True)


class PlanRuledOut(Identified, Base):
    """A service that was considered and not chosen, and why not."""

    __tablename__ = "plan_ruled_out"
    __table_args__ = (Index("uq_plan_ruled_out_service", "plan_id", "service_id", unique=True),)

    plan_id: Mapped[UUID] = mapped_column(ForeignKey("action_plan.id"))
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    why: Mapped[str] = mapped_column(Text)
    position: Mapped[int]

    service: Mapped[Service] = relationship(lazy="raise", viewonly=True)
    plan: Mapped[ActionPlan] = relationship(lazy="raise", viewonly=True)
