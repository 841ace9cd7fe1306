"""Cohorts: their targets, drafts with the applications chosen, decisions, and feedback for applicants."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Account, Proposed, walls_of_proposals
from crm.db.base import Base, Identified, Versioned, one_where
from crm.db.states import Stateful
from crm.db.types import JsonType, MoneyType, UtcDateTime, enum_type
from crm.funding.envelopes.rules import Line
from crm.kernel.money import NO_MONEY, Money
from crm.programme.applications.models import Application
from crm.programme.cohort.rules.groups import Dimension, Measure
from crm.programme.cohort.workflow import (
    ChangeKind,
    ChangeStatus,
    DecisionStatus,
    DraftStatus,
    Outcome,
    ProposalStatus,
)
from crm.programme.rounds.models import Criterion, Round

TELLS_OF_AWARD, TELLS_OF_PLACE = "decision_successful", "decision_reserve"
"""The letters that tell of an award, and of a place on the waiting list."""


class Cohort(Identified, Versioned, Base):
    """The cohort of one round, funded from one line of an envelope, or from capital and revenue where ``line`` is None.

    That of a dry run is funded from none. ``allows_partial`` is whether a reserve may be offered less than it asked for. ``ranking``
    is the ranked list as it was when the cohort was confirmed, and ``limits`` what each of its applicants could then be given of subsidies:
    what was decided is read by them, whatever becomes of the applications.
    """

    __tablename__ = "cohort"

    round_id: Mapped[UUID] = mapped_column(ForeignKey("programme_round.id"), unique=True)
    envelope_id: Mapped[UUID | None] = mapped_column(ForeignKey("envelope.id"))
    line: Mapped[Line | None] = mapped_column(enum_type(Line, name="line"))
    allows_partial: Mapped[bool] = mapped_column(default=False)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ranking: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonType, deferred=True)
    limits: Mapped[list[dict[str, Any]] | None] = mapped_column(JsonType, deferred=True)

    round: Mapped[Round] = relationship(lazy="raise", viewonly=True)
    targets: Mapped[list[CohortTarget]] = relationship(
        lazy="raise", viewonly=True, order_by="(CohortTarget.set_at, CohortTarget.id)"
    )


class CohortTarget(Identified, Base):
    """The least share of the money or of the awards for one group, or with ``is_outside`` for everyone else.

    ``least`` is in hundredths of a per cent. Targets are fixed from the moment the round opens.
    """

    __tablename__ = "cohort_target"
    __table_args__ = (
        CheckConstraint("least BETWEEN 1 AND 10000", name="least_is_percent"),
        CheckConstraint("value <> ''", name="of_something"),
        Index(
            "uq_cohort_target_once", "cohort_id", "dimension", "value", "is_outside", "measure", unique=True
        ),
    )

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    dimension: Mapped[Dimension] = mapped_column(enum_type(Dimension, name="dimension"))
    value: Mapped[str] = mapped_column(String(100))
    is_outside: Mapped[bool] = mapped_column(default=False)
    measure: Mapped[Measure] = mapped_column(enum_type(Measure, name="measure"))
    least: Mapped[int]
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    cohort: Mapped[Cohort] = relationship(lazy="raise", viewonly=True)

    @property
    def round(self) -> Round:
        """The round of its cohort, which must be loaded."""
        return self.cohort.round


class CohortDraft(Identified, Versioned, Stateful[DraftStatus], Base, start=DraftStatus.OPEN):
    """A named draft of a cohort. One at most is proposed or confirmed; ``reserves`` is how many wait behind it.

    ``target_reason`` is why it is proposed although a target is not met, ``limit_reason`` although an enterprise is awarded more
    than it can be given of subsidies that day.
    """

    __tablename__ = "cohort_draft"
    __table_args__ = (
        Index("ix_cohort_draft_status", "status", "proposed_at"),
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("reserves BETWEEN 0 AND 500", name="reserves_counted"),
        CheckConstraint(
            "status NOT IN ('proposed', 'confirmed') OR proposed_at IS NOT NULL",
            name="proposed_at_if_proposed",
        ),
        CheckConstraint(
            "(status = 'confirmed') = (confirmed_at IS NOT NULL)", name="confirmed_at_if_confirmed"
        ),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name="confirmed_by_another"
        ),
        Index("ix_cohort_draft_cohort", "cohort_id", "made_at"),
        one_where(
            "uq_cohort_draft_one_put_forward", "cohort_id", where="status IN ('proposed', 'confirmed')"
        ),
        one_where("uq_cohort_draft_name", "cohort_id", "name", where="status <> 'deleted'"),
    )

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    name: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    reserves: Mapped[int] = mapped_column(default=0)
    target_reason: Mapped[str] = mapped_column(Text, default="")
    limit_reason: Mapped[str] = mapped_column(Text, default="")
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    sent_back_reason: Mapped[str] = mapped_column(Text, default="")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    cohort: Mapped[Cohort] = relationship(lazy="raise_on_sql", viewonly=True)
    places: Mapped[list[DraftPlace]] = relationship(lazy="raise", viewonly=True)
    made_by: Mapped[Account | None] = relationship(lazy="raise", viewonly=True, foreign_keys=[made_by_id])
    proposed_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[proposed_by_id]
    )
    confirmed_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[confirmed_by_id]
    )

    @property
    def round(self) -> Round:
        """The round of its cohort, which must be loaded."""
        return self.cohort.round

    @property
    def money(self) -> Money:
        """What its applications come to. Its places must be loaded."""
        return Money(sum(each.amount.pence for each in self.places))

    @property
    def capital(self) -> Money:
        """What of that is for capital, where its cohort is funded from capital and revenue."""
        return Money(sum(each.capital.pence for each in self.places))


class DraftPlace(Identified, Base):
    """An application chosen in a draft, with the sum it would be awarded.

    ``capital`` is the part of it for capital, where the cohort is funded from capital and revenue.
    ``reason`` is why it is chosen over one that ranks as high or higher; ``override_reason`` why it is chosen below a threshold;
    ``part_reason`` why it would be awarded less than it asks for.
    """

    __tablename__ = "draft_place"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("capital BETWEEN 0 AND amount", name="capital_of_amount"),
        CheckConstraint("(override_reason = '') = (overridden_by_id IS NULL)", name="overridden_by_somebody"),
        Index("uq_draft_place_once", "draft_id", "application_id", unique=True),
        Index("ix_draft_place_application", "application_id"),
    )

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("cohort_draft.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    amount: Mapped[Money] = mapped_column(MoneyType)
    capital: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)
    reason: Mapped[str] = mapped_column(Text, default="")
    override_reason: Mapped[str] = mapped_column(Text, default="")
    part_reason: Mapped[str] = mapped_column(Text, default="")
    overridden_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))


class Decision(Identified, Versioned, Stateful[DecisionStatus], Base, start=DecisionStatus.SAVED):
    """What was decided about an application. The applicant sees nothing of it before ``notified_at``.

    ``amount`` is the award or, on the waiting list, what is wanted, and ``capital`` the part of it for capital where the
    cohort is funded from capital and revenue, as it was decided; ``part_reason`` is why an award is less than was asked for,
    which the applicant reads; ``off_list_reason`` why it came off the waiting list, which the applicant reads too; ``released`` is what nobody had claimed of it when it ended, and is free again: what was decided
    stays as it was. ``place`` is the place on that list. ``signposts`` are
    the services named in a refusal; ``letter_text`` the exact text of the last letter, and ``letters`` every one with its time.
    ``withdrawal_reason`` is why one person proposes to withdraw an award that its applicant was told of, until another decides on it.
    ``is_end_unread`` says that the applicant gave the award up and none of the programme's team marked that as read yet.
    ``papers_id`` is the subsidy whose papers were begun for an award: until then the register of subsidies knows nothing of it.
    """

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_status", "status", "outcome"),
        CheckConstraint(
            "outcome <> 'successful' OR (amount IS NOT NULL AND amount > 0)", name="award_has_amount"
        ),
        CheckConstraint("capital >= 0", name="capital_not_negative"),
        CheckConstraint(
            "released >= 0 AND (released = 0 OR (amount IS NOT NULL AND released < amount))",
            name="released_of_amount",
        ),
        CheckConstraint("NOT is_end_unread OR status = 'withdrawn'", name="end_unread_if_withdrawn"),
        CheckConstraint("(outcome = 'reserve') = (place IS NOT NULL)", name="place_if_reserve"),
        CheckConstraint("status <> 'notified' OR notified_at IS NOT NULL", name="notified_at_if_notified"),
        CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_at_if_withdrawn"
        ),
        CheckConstraint("status <> 'withdrawn' OR withdrawn_reason <> ''", name="withdrawn_with_reason"),
        CheckConstraint(
            "(withdrawal_proposed_at IS NULL) = (withdrawal_reason = '')", name="withdrawal_with_reason"
        ),
        CheckConstraint(
            "withdrawn_by_id IS NULL OR notified_at IS NULL"
            " OR (withdrawal_proposed_by_id IS NOT NULL AND withdrawal_proposed_by_id <> withdrawn_by_id)",
            name="withdrawn_by_two",
        ),
        Index("ix_decision_cohort", "cohort_id", "outcome", "status"),
    )

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), unique=True)
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome, name="outcome"))
    amount: Mapped[Money | None] = mapped_column(MoneyType)
    capital: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)
    released: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)
    place: Mapped[int | None]
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    signposts: Mapped[list[dict[str, Any]]] = mapped_column(JsonType, default=list)
    notified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    letter_text: Mapped[str] = mapped_column(Text, default="")
    letters: Mapped[list[dict[str, Any]]] = mapped_column(JsonType, default=list)
    promoted_reason: Mapped[str] = mapped_column(Text, default="")
    part_reason: Mapped[str] = mapped_column(Text, default="")
    off_list_reason: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(Text, default="")
    withdrawn_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    is_end_unread: Mapped[bool] = mapped_column(default=False)
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")
    withdrawal_proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawal_proposed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    papers_id: Mapped[UUID | None]

    withdrawal_proposed_by: Mapped[Account | None] = relationship(
        lazy="raise", viewonly=True, foreign_keys=[withdrawal_proposed_by_id]
    )
    cohort: Mapped[Cohort] = relationship(lazy="raise", viewonly=True)
    application: Mapped[Application] = relationship(lazy="raise", viewonly=True)

    @property
    def business_id(self) -> UUID:
        """Whose application it is."""
        return self.application.business_id

    @property
    def round(self) -> Round:
        """The round of its cohort, which must be loaded."""
        return self.cohort.round

    @property
    def left(self) -> Money:
        """What is left of an award: what was decided, without what nobody claimed before it ended."""
        return (self.amount or NO_MONEY) - self.released

    @property
    def told_outcome(self) -> Outcome | None:
        """What the applicant was told last. What becomes of a place on the waiting list is known once its letter is sent."""
        if self.notified_at is None:
            return None
        if self.is_award_untold:
            return Outcome.WITHDREW
        return Outcome.RESERVE if self.status is DecisionStatus.SAVED else self.outcome

    @property
    def is_award_untold(self) -> bool:
        """Whether its applicant withdrew from the waiting list after an award was decided, and before anyone was told of that award."""
        if self.status is not DecisionStatus.WITHDRAWN or self.withdrawn_by_id is not None:
            return False
        kinds = {each.get("kind") for each in self.letters}
        return TELLS_OF_PLACE in kinds and TELLS_OF_AWARD not in kinds


class DecisionChange(Proposed, Stateful[ChangeStatus], Base, start=ChangeStatus.PROPOSED):
    """A proposal to lower an award, or to take an application off the waiting list, after its business was told (decision 0108).

    Its reason is what the applicant reads. ``before`` is what the decision said then, ``amount`` and ``capital`` what an award is
    lowered to.
    """

    __tablename__ = "decision_change"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="with_reason"),
        CheckConstraint("(kind = 'lower') = (amount IS NOT NULL)", name="sum_if_lowered"),
        CheckConstraint("amount IS NULL OR (amount > 0 AND amount < before)", name="lower_than_before"),
        CheckConstraint("capital >= 0 AND (amount IS NULL OR capital <= amount)", name="capital_of_amount"),
        *walls_of_proposals(),
        one_where("uq_decision_change_one_open", "decision_id", where="status = 'proposed'"),
        Index("ix_decision_change_status", "status", "proposed_at"),
        Index("ix_decision_change_decision", "decision_id"),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    kind: Mapped[ChangeKind] = mapped_column(enum_type(ChangeKind, name="kind"))
    before: Mapped[Money] = mapped_column(MoneyType)
    amount: Mapped[Money | None] = mapped_column(MoneyType)
    capital: Mapped[Money] = mapped_column(MoneyType, default=NO_MONEY)

    decision: Mapped[Decision] = relationship(lazy="raise", viewonly=True)

    @property
    def business_id(self) -> UUID:
        """Whose decision it is."""
        return self.decision.business_id

    @property
    def round(self) -> Round:
        """The round of its cohort, which must be loaded."""
        return self.decision.round

    @property
    def is_lowering(self) -> bool:
        """Whether an award is lowered, and no application comes off the waiting list."""
        return self.kind is ChangeKind.LOWER


class Feedback(Identified, Versioned, Base):
    """What the panel says about one criterion of an application. Only what ``is_shared`` goes into a letter."""

    __tablename__ = "feedback"
    __table_args__ = (
        CheckConstraint("words <> ''", name="not_empty"),
        Index("uq_feedback_once", "application_id", "criterion_id", unique=True),
    )

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("criterion.id"))
    words: Mapped[str] = mapped_column(Text)
    is_shared: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))

    criterion: Mapped[Criterion] = relationship(lazy="raise", viewonly=True)


class CohortProposal(Identified, Versioned, Stateful[ProposalStatus], Base, start=ProposalStatus.ASKED):
    """A cohort that the solver was asked for. ``question`` and ``answer`` stay as they were, for good.

    ``money`` is what there was to award. The worker counts its ``attempts``, is ``heard_at`` after each step, and has ``done``
    so many of ``steps``. One at most is open in a cohort.
    """

    __tablename__ = "cohort_proposal"
    __table_args__ = (
        CheckConstraint("money > 0", name="money_positive"),
        CheckConstraint("attempts >= 0 AND done >= 0 AND steps >= 0", name="steps_counted"),
        CheckConstraint("(status = 'answered') = (answer IS NOT NULL)", name="answer_if_answered"),
        CheckConstraint("status <> 'failed' OR fault <> ''", name="failed_with_fault"),
        CheckConstraint("(status IN ('asked', 'working')) = (ended_at IS NULL)", name="ended_at_if_ended"),
        CheckConstraint("status <> 'working' OR heard_at IS NOT NULL", name="heard_of_if_working"),
        Index("ix_cohort_proposal_waiting", "status", "asked_at"),
        one_where("uq_cohort_proposal_one_open", "cohort_id", where="status IN ('asked', 'working')"),
    )

    cohort_id: Mapped[UUID] = mapped_column(ForeignKey("cohort.id"))
    money: Mapped[Money] = mapped_column(MoneyType)
    question: Mapped[dict[str, Any]] = mapped_column(JsonType)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    attempts: Mapped[int] = mapped_column(default=0)
    heard_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JsonType)
    fault: Mapped[str] = mapped_column(String(200), default="")

    cohort: Mapped[Cohort] = relationship(lazy="raise", viewonly=True)
    asked_by: Mapped[Account] = relationship(lazy="raise", viewonly=True)

    @property
    def round(self) -> Round:
        """The round of its cohort, which must be loaded."""
        return self.cohort.round

    @property
    def is_open(self) -> bool:
        """Whether it is still to be worked out."""
        return self.status in (ProposalStatus.ASKED, ProposalStatus.WORKING)
