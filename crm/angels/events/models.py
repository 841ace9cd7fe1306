"""Pitch nights: their running order, the investors invited, the guests, and what investors showed and said."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account
from crm.angels.events.workflow import NightStatus, PlaceStatus, SlotStatus, Way, Wish
from crm.angels.pitches.models import Pitch
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import UtcDateTime, enum_type


class PitchNight(Identified, Versioned, Stateful[NightStatus], Base, start=NightStatus.PLANNED):
    """An evening at which businesses pitch to investors, in a room, by video, or both.

    ``seats`` are places for investors. ``title`` and ``about`` go out in letters and calendars, so they name no business.
    ``released_at`` is when businesses were given their feedback, ``review`` what the manager wrote 90 days later.
    """

    __tablename__ = "pitch_night"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_later"),
        CheckConstraint("seats > 0", name="has_seats"),
        CheckConstraint("place <> '' OR video_url <> ''", name="is_somewhere"),
        CheckConstraint("(status = 'cancelled') = (reason <> '')", name="cancelled_with_reason"),
        CheckConstraint("(review <> '') = (reviewed_at IS NOT NULL)", name="reviewed_with_words"),
        CheckConstraint("status <> 'invited' OR invited_at IS NOT NULL", name="invited_at_a_time"),
        Index("ix_pitch_night_starts", "status", "starts_at"),
    )

    title: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(Text, default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(500), default="")
    video_url: Mapped[str] = mapped_column(String(500), default="")
    seats: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    invited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review: Mapped[str] = mapped_column(Text, default="")
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    created_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True)

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


class NightSlot(Identified, Versioned, Stateful[SlotStatus], Base, start=SlotStatus.ASKED):
    """One pitch's turn in the running order: the business is asked, and says yes or no.

    ``sequence`` grows with each calendar entry that the business is sent.
    """

    __tablename__ = "night_slot"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 120", name="minutes_of_a_turn"),
        one_where("uq_night_slot_pitch", "night_id", "pitch_id", where="status <> 'removed'"),
        Index("ix_night_slot_pitch", "pitch_id", "status"),
    )

    night_id: Mapped[UUID] = mapped_column(ForeignKey("pitch_night.id"))
    pitch_id: Mapped[UUID] = mapped_column(ForeignKey("pitch.id"))
    position: Mapped[int]
    minutes: Mapped[int]
    sequence: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    night: Mapped[PitchNight] = relationship(lazy="raise", viewonly=True)
    pitch: Mapped[Pitch] = relationship(lazy="raise", viewonly=True)


class NightGuest(Identified, Versioned, Base):
    """A person the network's staff bring, such as a speaker: listed apart, and no investor. ``role`` says why they come.

    With an address they are sent letters about the night, which name no business. ``sequence`` grows with each calendar entry.
    """

    __tablename__ = "night_guest"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        Index("ix_night_guest_night", "night_id", "name"),
    )

    night_id: Mapped[UUID] = mapped_column(ForeignKey("pitch_night.id"))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    night: Mapped[PitchNight] = relationship(lazy="raise", viewonly=True)


class NightPlace(Identified, Versioned, Stateful[PlaceStatus], Base, start=PlaceStatus.INVITED):
    """One investor's invitation to a night. ``code`` is what their code for the door holds; it opens nothing by itself.

    ``sequence`` grows with each calendar entry that they are sent, so that a later one replaces an earlier. ``had_place`` says
    of an investor who was checked in whether they held one of the places before: undone, the check-in leaves them that.
    """

    __tablename__ = "night_place"
    __table_args__ = (
        CheckConstraint("(status = 'waiting') = (waiting_since IS NOT NULL)", name="waiting_since"),
        CheckConstraint("(status = 'attended') = (checked_in_at IS NOT NULL)", name="checked_in_if_attended"),
        CheckConstraint("(checked_in_at IS NULL) = (way IS NULL)", name="checked_in_by_a_way"),
        Index("uq_night_place_account", "night_id", "account_id", unique=True),
        Index("ix_night_place_account", "account_id", "status"),
    )

    night_id: Mapped[UUID] = mapped_column(ForeignKey("pitch_night.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_in_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    way: Mapped[Way | None] = mapped_column(enum_type(Way, name="way"))
    had_place: Mapped[bool | None]

    night: Mapped[PitchNight] = relationship(lazy="raise", viewonly=True)
    account: Mapped[Account] = relationship(lazy="raise", viewonly=True, foreign_keys=[account_id])


class NightInterest(Identified, Versioned, Base):
    """What an investor who came showed for a pitch: changed or withdrawn until the end of that day."""

    __tablename__ = "night_interest"
    __table_args__ = (
        CheckConstraint("wish <> 'introduction' OR introduction_id IS NOT NULL", name="introduction_asked"),
        Index("uq_night_interest_slot", "place_id", "slot_id", unique=True),
        Index("ix_night_interest_slot", "slot_id", "wish"),
    )

    place_id: Mapped[UUID] = mapped_column(ForeignKey("night_place.id"))
    slot_id: Mapped[UUID] = mapped_column(ForeignKey("night_slot.id"))
    wish: Mapped[Wish] = mapped_column(enum_type(Wish, name="wish"))
    shown_at: Mapped[datetime] = mapped_column(UtcDateTime)
    introduction_id: Mapped[UUID | None] = mapped_column(ForeignKey("introduction.id"))


class NightFeedback(Identified, Versioned, Base):
    """What an investor who came thought of a pitch. The business reads it the next day, and never whose it is."""

    __tablename__ = "night_feedback"
    __table_args__ = (
        CheckConstraint("score BETWEEN 1 AND 5", name="score_of_five"),
        CheckConstraint("score IS NOT NULL OR words <> ''", name="says_something"),
        Index("uq_night_feedback_slot", "place_id", "slot_id", unique=True),
        Index("ix_night_feedback_slot", "slot_id"),
    )

    place_id: Mapped[UUID] = mapped_column(ForeignKey("night_place.id"))
    slot_id: Mapped[UUID] = mapped_column(ForeignKey("night_slot.id"))
    score: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, default="")
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
