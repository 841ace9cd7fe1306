"""Reads of cohorts, drafts and targets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from crm.db.remembering import remembered
from crm.db.session import session
from crm.programme.cohort.models import Cohort, CohortDraft, CohortTarget, Decision, DraftPlace
from crm.programme.cohort.workflow import DraftStatus, Outcome
from crm.programme.rounds.models import Round

MOST = 200
DRAFT = CohortDraft.__table__.c
ROUND = (joinedload(Cohort.round).selectinload(Round.criteria), selectinload(Cohort.targets))


def _cohorts() -> Select[Cohort]:
    return select(Cohort).options(*ROUND)


def cohort(cohort_id: UUID) -> Cohort | None:
    """One cohort with its targets, and its round with the criteria."""
    whole = (joinedload(Cohort.round).selectinload(Round.criteria), joinedload(Cohort.targets))
    query = select(Cohort).options(*whole).where(Cohort.id == cohort_id)
    return session().scalars(query).unique().one_or_none()


def cohort_of(round_id: UUID) -> Cohort | None:
    """The cohort of a round, if it was begun."""
    return session().scalar(_cohorts().where(Cohort.round_id == round_id))


def cohorts() -> Sequence[Cohort]:
    """Every cohort, the latest round first."""
    query = _cohorts().join(Round, Round.id == Cohort.round_id)
    return session().scalars(query.order_by(Round.opens_at.desc(), Cohort.id).limit(MOST)).all()


def hold(found: Cohort) -> None:
    """Let nobody else change this cohort or its drafts until this ends."""
    session().execute(select(Cohort.id).where(Cohort.id == found.id).with_for_update())


def target(target_id: UUID) -> CohortTarget | None:
    """One target with its cohort."""
    whole = joinedload(CohortTarget.cohort).joinedload(Cohort.round)
    return session().scalar(select(CohortTarget).options(whole).where(CohortTarget.id == target_id))


SIGNED = (
    selectinload(CohortDraft.places),
    joinedload(CohortDraft.proposed_by),
    joinedload(CohortDraft.confirmed_by),
)


def _drafts() -> Select[CohortDraft]:
    whole = joinedload(CohortDraft.cohort)
    apart = (whole.joinedload(Cohort.round).selectinload(Round.criteria), whole.selectinload(Cohort.targets))
    return select(CohortDraft).options(*SIGNED, *apart)


def _brief_drafts() -> Select[CohortDraft]:
    """Drafts with their cohort and its round, without the applications in them."""
    return select(CohortDraft).options(joinedload(CohortDraft.cohort).joinedload(Cohort.round))


def draft(cohort_draft_id: UUID) -> CohortDraft | None:
    """One draft with its applications, its cohort and its round: of one draft two questions to the database hold all of it."""
    whole = joinedload(CohortDraft.cohort)
    together = (whole.joinedload(Cohort.round).joinedload(Round.criteria), whole.joinedload(Cohort.targets))
    query = select(CohortDraft).options(*SIGNED, *together).where(CohortDraft.id == cohort_draft_id)
    return session().scalars(query).unique().one_or_none()


def read_again(found: CohortDraft) -> None:
    """Let a draft know what is chosen in it now."""
    session().flush()
    fresh = _drafts().where(CohortDraft.id == found.id).execution_options(populate_existing=True)
    session().scalar(fresh)


def drafts_of(cohort_id: UUID) -> Sequence[CohortDraft]:
    """The drafts of a cohort that were not deleted, the oldest first, with what is chosen in them."""
    query = (
        select(CohortDraft)
        .where(CohortDraft.cohort_id == cohort_id, DRAFT.status != DraftStatus.DELETED)
        .options(
            selectinload(CohortDraft.places),
            joinedload(CohortDraft.proposed_by),
        )
    )
    return session().scalars(query.order_by(CohortDraft.made_at, CohortDraft.id).limit(MOST)).all()


def open_drafts(cohort_ids: Collection[UUID]) -> Sequence[CohortDraft]:
    """The drafts of some cohorts that can still change or wait for an approver, without what is chosen in them: one query."""
    query = select(CohortDraft).where(CohortDraft.cohort_id.in_(list(cohort_ids)))
    query = query.where(DRAFT.status.in_((DraftStatus.OPEN, DraftStatus.PROPOSED)))
    return session().scalars(query.order_by(CohortDraft.made_at, CohortDraft.id)).all()


def proposed_beside(found: CohortDraft) -> CohortDraft | None:
    """Another draft of the same cohort that waits for an approver, without what is chosen in it."""
    query = select(CohortDraft).where(
        CohortDraft.cohort_id == found.cohort_id,
        CohortDraft.id != found.id,
        DRAFT.status == DraftStatus.PROPOSED,
    )
    return session().scalar(query)


def confirmed_draft(cohort_id: UUID) -> CohortDraft | None:
    """The draft of a cohort that was confirmed."""
    query = _drafts().where(CohortDraft.cohort_id == cohort_id, DRAFT.status == DraftStatus.CONFIRMED)
    return session().scalar(query)


def sent_back_drafts() -> Sequence[CohortDraft]:
    """The drafts that an approver has sent back to be changed, the oldest first."""
    query = (
        _brief_drafts()
        .join(Cohort, Cohort.id == CohortDraft.cohort_id)
        .where(
            DRAFT.status == DraftStatus.OPEN,
            CohortDraft.sent_back_reason != "",
            Cohort.confirmed_at.is_(None),
        )
    )
    return session().scalars(query.order_by(CohortDraft.proposed_at, CohortDraft.id).limit(MOST)).all()


def proposed_drafts() -> Sequence[CohortDraft]:
    """The drafts that wait for an approver, the oldest first."""
    query = _brief_drafts().where(DRAFT.status == DraftStatus.PROPOSED)
    return session().scalars(query.order_by(CohortDraft.proposed_at, CohortDraft.id).limit(MOST)).all()


def drafts_with(application_id: UUID) -> Sequence[CohortDraft]:
    """The drafts in which an application is chosen and that can still change: those not confirmed, out of date or deleted."""
    chosen = select(DraftPlace.draft_id).where(DraftPlace.application_id == application_id)
    over = (DraftStatus.CONFIRMED, DraftStatus.STALE, DraftStatus.DELETED)
    query = _drafts().where(CohortDraft.id.in_(chosen), DRAFT.status.not_in(over))
    return session().scalars(query.order_by(CohortDraft.made_at, CohortDraft.id).limit(MOST)).all()


def confirmed_cohorts() -> Sequence[Cohort]:
    """The cohorts that are decided."""
    query = select(Cohort).options(joinedload(Cohort.round)).where(Cohort.confirmed_at.is_not(None))
    return session().scalars(query.order_by(Cohort.confirmed_at.desc(), Cohort.id).limit(MOST)).all()


def cohorts_with_reserves() -> Sequence[Cohort]:
    """The cohorts in which somebody waits for an award."""
    waiting = select(Decision.cohort_id).where(Decision.outcome == Outcome.RESERVE)
    query = select(Cohort).options(joinedload(Cohort.round)).where(Cohort.id.in_(waiting))
    return session().scalars(query.order_by(Cohort.id).limit(MOST)).all()


@remembered
def proposers() -> dict[UUID, UUID | None]:
    """By each cohort that is confirmed: who proposed the draft that was."""
    query = select(CohortDraft.cohort_id, CohortDraft.proposed_by_id)
    return dict(session().execute(query.where(DRAFT.status == DraftStatus.CONFIRMED)).all())
