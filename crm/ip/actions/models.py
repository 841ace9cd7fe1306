"""Which next action of a readiness assessment is done by whom, and by when."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business, Person
from crm.db.base import Base, Identified, Versioned
from crm.db.states import Stateful
from crm.db.types import UtcDateTime
from crm.diagnostics.models import ReadinessCheck
from crm.ip.actions.workflow import ActionStatus


class ReadinessAction(Identified, Versioned, Stateful[ActionStatus], Base, start=ActionStatus.TO_DO):
    """One next action of a finished assessment with its owner and its day. Each action of an assessment once.

    ``reason`` says why it was dropped; ``reminded_for`` is the day for which its owner was last reminded.
    """

    __tablename__ = "readiness_action"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (account_id IS NULL)", name="one_owner"),
        CheckConstraint("(status = 'to_do') = (ended_at IS NULL)", name="ended_if_not_to_do"),
        CheckConstraint("(status = 'dropped') = (reason <> '')", name="dropped_with_reason"),
        Index("uq_readiness_action_once", "readiness_id", "question_key", unique=True),
        Index("ix_readiness_action_account", "account_id", "due_on"),
        Index("ix_readiness_action_due", "status", "due_on"),
    )

    readiness_id: Mapped[UUID] = mapped_column(ForeignKey("readiness_check.id"))
    question_key: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    due_on: Mapped[date]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500), default="")
    reminded_for: Mapped[date | None]

    check: Mapped[ReadinessCheck] = relationship(lazy="raise", viewonly=True)
    person: Mapped[Person | None] = relationship(lazy="raise", viewonly=True)
    account: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)

    @property
    def stands_on(self) -> ReadinessCheck:
        """On whose page it is shown."""
        return self.check

    @property
    def business(self) -> Business:
        """Whose assessment it comes from, for the policy."""
        return self.check.business

    @property
    def owner(self) -> str:
        """Who does it, by name."""
        return self.person.name if self.person else self.account.name if self.account else ""
