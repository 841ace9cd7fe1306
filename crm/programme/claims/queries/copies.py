"""Where else a file of a claim is attached: the same bytes at another cost, of this claim or of any other."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from crm.businesses.models import Business
from crm.db.session import session
from crm.documents.models import Document
from crm.kernel.permissions import Actor
from crm.programme.awards.models import Award
from crm.programme.claims.models import AwardClaim, AwardCost
from crm.programme.claims.policy import readable_to
from crm.programme.claims.queries.claims import COST, MOST, STATUS, TAKEN, files_of
from crm.programme.claims.workflow import ClaimStatus


@dataclass(frozen=True)
class Copy:
    """Another cost with the same file: in which claim, of which business, at which place of its costs, and from whom.

    ``is_taken`` says that its claim was submitted, approved or paid: the same money would be asked for twice.
    """

    claim_id: UUID
    number: int
    business: str
    place: int
    supplier: str
    what: str
    is_taken: bool


def copies_of(files: dict[UUID, list[Document]], *, actor: Actor) -> dict[UUID, list[Copy]]:
    """By file of a claim: the other costs that this actor may see and that have the same file. One query."""
    mine = [each for rows in files.values() for each in rows]
    order = (AwardCost.paid_on, AwardCost.id)
    place = func.row_number().over(partition_by=AwardCost.claim_id, order_by=order)
    places = select(AwardCost.id, place.label("place")).subquery()
    query = (
        select(
            Document.sha256,
            AwardCost.id,
            AwardClaim.id,
            AwardClaim.number,
            Business.name,
            places.c.place,
            AwardCost.supplier,
            AwardCost.what,
            STATUS,
        )
        .join(AwardCost, AwardCost.id == Document.about_id)
        .join(places, places.c.id == AwardCost.id)
        .join(AwardClaim, AwardClaim.id == AwardCost.claim_id)
        .join(Award, Award.id == AwardClaim.award_id)
        .join(Business, Business.id == Award.business_id)
        .where(Document.about_kind == COST, Document.removed_at.is_(None))
        .where(Document.sha256.in_({each.sha256 for each in mine}), STATUS != ClaimStatus.DISCARDED)
        .where(readable_to(actor))
    )
    rows = (
        session().execute(query.order_by(Business.name, AwardClaim.number, places.c.place).limit(MOST)).all()
    )
    found: dict[UUID, list[Copy]] = {each.id: [] for each in mine}
    for each in mine:
        for digest, cost_id, claim_id, number, business, place_, supplier, what, status in rows:
            made = Copy(claim_id, number, business, place_, supplier, what, status in TAKEN)
            if digest == each.sha256 and cost_id != each.about_id and made not in found[each.id]:
                found[each.id].append(made)
    return found


def claimed_elsewhere(found: AwardClaim, *, actor: Actor) -> set[UUID]:
    """The costs of a claim with a file that another claim has too, which was submitted, approved or paid. Two queries."""
    files = files_of(found)
    copies = copies_of(files, actor=actor)
    return {
        cost_id
        for cost_id, rows in files.items()
        if any(each.is_taken and each.claim_id != found.id for kept in rows for each in copies[kept.id])
    }
