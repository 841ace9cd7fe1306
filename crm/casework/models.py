"""Conversations with who took part, the hours of help, next steps, e-mails, and the kinds of support there are."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.businesses.models import Business, Person
from crm.casework.workflow import Channel, ConversationStatus, HoursStatus
from crm.db.base import Base, Identified, Versioned, held_by_author
from crm.db.states import Stateful
from crm.db.types import UtcDateTime, WordsType, enum_type
from crm.directory.models import Service
from crm.kernel.marks import mark_of
from crm.notices.models import Letter


class SupportKind(Identified, Base):
    """One kind of support within an area: what a conversation was about. A retired one stays on old records."""

    __tablename__ = "support_kind"

    code: Mapped[str] = mapped_column(String(60), unique=True)
    area: Mapped[str] = mapped_column(String(40))
    area_label: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(200))
    retired_on: Mapped[date | None]


class Conversation(Identified, Versioned, Stateful[ConversationStatus], Base, start=ConversationStatus.DRAFT):
    """What was said with a business, on a day. ``quarters`` are the quarter-hours of help that it was given.

    ``holder_id`` is who completes a draft: who recorded it, or the colleague it was handed to.
    One that was voided is on file with its reason, and counts nowhere.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        CheckConstraint("quarters BETWEEN 1 AND 96", name="quarters_of_a_day"),
        CheckConstraint(
            "(status = 'complete') = (completed_at IS NOT NULL)", name="completed_at_if_complete"
        ),
        CheckConstraint("status <> 'complete' OR kind_code IS NOT NULL", name="complete_with_kind"),
        CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="voided_with_reason"),
        CheckConstraint("status <> 'complete' OR channel IS NOT NULL", name="complete_with_channel"),
        Index("ix_conversation_business", "business_id", "happened_on"),
        Index("ix_conversation_recorder", "recorded_by_id", "status"),
        Index("ix_conversation_holder", "holder_id", "status"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    happened_on: Mapped[date]
    channel: Mapped[Channel | None] = mapped_column(enum_type(Channel, name="channel"))
    kind_code: Mapped[str | None] = mapped_column(ForeignKey("support_kind.code"))
    subject: Mapped[str] = mapped_column(String(255))
    notes: Mapped[str] = mapped_column(Text, default="")
    quarters: Mapped[int | None]
    barrier_removed: Mapped[bool | None]
    barrier_types: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())
    barrier_notes: Mapped[str] = mapped_column(Text, default="")
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    holder_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("account.id"), default=held_by_author("recorded_by_id")
    )
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_reason: Mapped[str] = mapped_column(Text, default="")

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    kind: Mapped[SupportKind | None] = relationship(lazy="raise", viewonly=True)
    advisers: Mapped[list[ConversationAdviser]] = relationship(lazy="raise", viewonly=True)
    people: Mapped[list[ConversationPerson]] = relationship(lazy="raise", viewonly=True)
    services: Mapped[list[ConversationService]] = relationship(lazy="raise", viewonly=True)


class ConversationAdviser(Base):
    """That an adviser took part. ``team`` is what they belonged to that day, and stays when they move on."""

    __tablename__ = "conversation_adviser"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    team: Mapped[str] = mapped_column(String(200))

    account: Mapped[Account] = relationship(lazy="raise", viewonly=True)


class ConversationPerson(Base):
    """That somebody of the business took part."""

    __tablename__ = "conversation_person"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)

    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)


class ConversationService(Base):
    """That a service of the directory was spoken of."""

    __tablename__ = "conversation_service"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True, index=True)

    service: Mapped[Service] = relationship(lazy="raise", viewonly=True)


class SupportHours(Identified, Versioned, Stateful[HoursStatus], Base, start=HoursStatus.STATED):
    """Quarter-hours of help on a day, for the business and not for each of its people; it confirms them or not.

    ``asker_id`` is the person who asks the business about them and sees them confirmed.
    """

    __tablename__ = "support_hours"
    __table_args__ = (
        CheckConstraint("quarters BETWEEN 1 AND 96", name="quarters_of_a_day"),
        CheckConstraint("(status = 'stated') = (answered_at IS NULL)", name="answered_if_not_stated"),
        CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_by_somebody"),
        CheckConstraint("status <> 'disputed' OR dispute_note <> ''", name="disputed_with_note"),
        CheckConstraint("conversation_id IS NULL OR workshop_id IS NULL", name="from_one_source"),
        Index("ix_support_hours_business", "business_id", "happened_on"),
        Index("uq_support_hours_workshop", "workshop_id", "business_id", unique=True),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id"), unique=True)
    workshop_id: Mapped[UUID | None] = mapped_column(ForeignKey("workshop.id"))
    happened_on: Mapped[date]
    quarters: Mapped[int]
    what: Mapped[str] = mapped_column(String(255))
    asker_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[str | None] = mapped_column(String(200))
    dispute_note: Mapped[str] = mapped_column(Text, default="")
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)

    @property
    def mark(self) -> str:
        """The mark of what a business is asked about. Asking again or giving it to a colleague leaves it as it was."""
        return mark_of(self.happened_on, self.quarters, self.what)

    @property
    def is_unasked(self) -> bool:
        """Whether the business has neither answered for these hours nor been asked about them."""
        return self.status is HoursStatus.STATED and self.asked_at is None and self.voided_at is None


class NextStep(Identified, Versioned, Base):
    """Something to do, about a business or out of a conversation. ``reminded_for`` is the due day it was told about.

    A business that asks to be referred gives its adviser one: ``service_id`` is the service that it asks for, ``note``
    what it is about, ``path`` the place on a page from which it is referred, ``answer`` what it was told in the end.
    """

    __tablename__ = "next_step"
    __table_args__ = (
        CheckConstraint("(business_id IS NULL) <> (conversation_id IS NULL)", name="one_parent"),
        CheckConstraint("reminded_for IS NULL OR reminded_for = due_on", name="reminded_of_the_due_day"),
        CheckConstraint("dismissed_for IS NULL OR dismissed_for = due_on", name="dismissed_for_the_due_day"),
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_by_somebody"),
        Index("ix_next_step_business", "business_id", "due_on"),
        Index("ix_next_step_conversation", "conversation_id", "due_on"),
        Index("ix_next_step_due", "due_on", "done_at"),
        Index("ix_next_step_service", "service_id"),
    )

    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("business.id"))
    conversation_id: Mapped[UUID | None] = mapped_column(ForeignKey("conversation.id"))
    title: Mapped[str] = mapped_column(String(255))
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    path: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[date | None]
    reminded_for: Mapped[date | None]
    dismissed_for: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(String(200))
    answer: Mapped[str] = mapped_column(Text, default="")

    own_business: Mapped[Business | None] = relationship(lazy="raise", viewonly=True)
    conversation: Mapped[Conversation | None] = relationship(lazy="raise", viewonly=True)
    assignees: Mapped[list[NextStepAssignee]] = relationship(lazy="raise", viewonly=True)
    service: Mapped[Service | None] = relationship(lazy="raise", viewonly=True)

    @property
    def is_to_check(self) -> bool:
        """Whether nobody has confirmed yet that the service runs that was asked for."""
        return self.done_at is None and self.service is not None and self.service.is_unconfirmed

    @property
    def is_asked(self) -> bool:
        """Whether the business asked for it, and was told that it is answered."""
        return bool(self.service_id or self.path)

    @property
    def business(self) -> Business:
        """The business that it is about, or whose conversation it came out of."""
        found = self.own_business or (self.conversation.business if self.conversation else None)
        assert found is not None
        return found


class NextStepAssignee(Base):
    """That somebody is to do it."""

    __tablename__ = "next_step_assignee"

    next_step_id: Mapped[UUID] = mapped_column(ForeignKey("next_step.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)

    account: Mapped[Account] = relationship(lazy="raise", viewonly=True)


class ReminderChoice(Base):
    """Whether somebody wants reminders by email, and after how many quiet days; without a row, the usual."""

    __tablename__ = "reminder_choice"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    by_letter: Mapped[bool]
    quiet_days: Mapped[tuple[str, ...]] = mapped_column(WordsType, default=())


class QuietNotice(Base):
    """That somebody was told of a business that nobody had spoken with since a day, for so many days."""

    __tablename__ = "quiet_notice"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"), primary_key=True)
    last_on: Mapped[date] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)


class EmailTemplate(Identified, Versioned, Base):
    """The beginning of an e-mail, with places for names in braces. A retired one is offered no more."""

    __tablename__ = "email_template"

    name: Mapped[str] = mapped_column(String(100), unique=True)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    retired_on: Mapped[date | None]


class WrittenEmail(Identified, Base):
    """What an adviser wrote to somebody at a business. Its ``letter`` knows whether it went out.

    An email to many stands on the record of each business whose people got it: somebody who is at several got one ``letter``.
    ``once`` is the mark of what nobody is to get twice; an email to one person has none.
    """

    __tablename__ = "written_email"
    __table_args__ = (
        Index("ix_written_email_business", "business_id", "written_at"),
        Index("uq_written_email_once", "once", "person_id", unique=True),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("business.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    letter_id: Mapped[UUID] = mapped_column(ForeignKey("letter.id"), index=True)
    once: Mapped[str | None] = mapped_column(String(32))

    business: Mapped[Business] = relationship(lazy="raise", viewonly=True)
    person: Mapped[Person] = relationship(lazy="raise", viewonly=True)
    letter: Mapped[Letter] = relationship(lazy="raise", viewonly=True)
    written_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)
