"""An investor: who they are, their referees, their identity check and their preferences."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.investors.workflow import AngelStatus, CheckOutcome
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import JsonType, MoneyType, UtcDateTime, WordsType, enum_type
from crm.kernel.calendar import add_months
from crm.kernel.money import Money

MONTHS_OF_A_CHECK = 12
"""How long an identity check holds: our own rule, as long as a statement, so that both are renewed together."""
LIVE = "status NOT IN ('declined', 'left')"
ERASED_WHOLE = (
    "erased_at IS NULL OR (status IN ('declined', 'left')"
    " AND email = '' AND phone = '' AND about = '' AND check_note = '' AND references_note = '')"
)


class Angel(Identified, Versioned, Stateful[AngelStatus], Base, start=AngelStatus.APPLIED):
    """One person's place in the network: one that is live for an address, whether it has an account yet or not.

    ``referees`` are two people with how to reach them. ``checked_on`` and ``checked_by`` say when, and by whom, it was
    checked who they are. ``name`` is a pseudonym from ``erased_at`` on. What they look for (``groups`` to ``wants_eis``) filters what they ask for, and nothing else.
    """

    __tablename__ = "angel"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        CheckConstraint("status = 'applied' OR decided_at IS NOT NULL", name="decided_if_not_applied"),
        CheckConstraint(
            "status IN ('applied', 'declined') OR account_id IS NOT NULL", name="accepted_with_account"
        ),
        CheckConstraint(
            "status NOT IN ('declined', 'suspended') OR reason <> ''", name="kept_out_with_reason"
        ),
        CheckConstraint(
            "(check_outcome IN ('passed', 'failed')) = (checked_on IS NOT NULL)", name="checked_on_a_day"
        ),
        CheckConstraint("(checked_on IS NULL) = (checked_by = '')", name="checked_by_somebody"),
        CheckConstraint("min_ticket <= max_ticket", name="tickets_in_order"),
        CheckConstraint("min_ticket >= 0", name="ticket_not_negative"),
        CheckConstraint(ERASED_WHOLE, name="erased_whole"),
        one_where("uq_angel_email", "email", where=LIVE),
        one_where("uq_angel_account", "account_id", where=LIVE),
        Index("ix_angel_status", "status", "applied_at", "id"),
    )

    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(40), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    referees: Mapped[list[dict[str, Any]]] = mapped_column(JsonType)
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    conduct_version: Mapped[str] = mapped_column(String(20), default="")
    conduct_accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    check_outcome: Mapped[CheckOutcome] = mapped_column(
        enum_type(CheckOutcome, name="check_outcome"), default=CheckOutcome.NOT_CHECKED
    )
    checked_on: Mapped[date | None]
    checked_by: Mapped[str] = mapped_column(String(200), default="")
    check_note: Mapped[str] = mapped_column(Text, default="")
    references_note: Mapped[str] = mapped_column(Text, default="")
    groups: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    stages: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    instruments: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    leps: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    min_ticket: Mapped[Money | None] = mapped_column(MoneyType)
    max_ticket: Mapped[Money | None] = mapped_column(MoneyType)
    wants_seis: Mapped[bool] = mapped_column(default=False)
    wants_eis: Mapped[bool] = mapped_column(default=False)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    account: Mapped[Account | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[account_id])

    def is_known(self, *, on: date) -> bool:
        """Whether it is known on a day who they are: a check counts for so many months."""
        if self.check_outcome is not CheckOutcome.PASSED or self.checked_on is None:
            return False
        return on < add_months(self.checked_on, MONTHS_OF_A_CHECK)
