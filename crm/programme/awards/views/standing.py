"""Where awards stand for rooms below, the story of an award, and the account that a business has yet to give."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from flask import url_for

from crm.businesses.policy import is_theirs
from crm.businesses.queries.seeing import own_ids
from crm.funding.payments.policy import POLICY as PAYMENTS
from crm.funding.payments.queries.details import payees
from crm.funding.payments.queries.payments import failed
from crm.funding.payments.workflow import Act as PaymentAct
from crm.funding.subsidy.policy import POLICY as SUBSIDIES
from crm.funding.subsidy.workflow import Act as SubsidyAct
from crm.kernel.permissions import Actor
from crm.notices.rules import Written
from crm.notices.service import written_about
from crm.programme.awards.models import Award
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards
from crm.programme.awards.rules.labels import COLOURS, FOR_APPLICANTS
from crm.programme.awards.workflow import Act, AwardStatus
from crm.web.feature import Todo
from crm.web.telling import Happening, Stand

CHECK_ACCOUNT = "Check your bank details: the bank returned a payment"
GIVE_ACCOUNT = "Give the bank details to which we pay your grant"
ENDS = {
    AwardStatus.DECLINED: "Offer declined",
    AwardStatus.LAPSED: "Offer ended: not answered in time",
    AwardStatus.WITHDRAWN: "Award withdrawn",
    AwardStatus.ENDED: "Award ended early",
    AwardStatus.COMPLETED: "Award completed",
}


def standings(actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Stand]:
    """Where applications with an offer or award stand; to a founder with the page of the award."""
    return {
        each.application_id: Stand(
            FOR_APPLICANTS[each.status],
            COLOURS[each.status],
            url_for("awards.award", award_id=each.id) if is_theirs(actor, each) else "",
        )
        for each in awards.offered_for(ids)
    }


def story(actor: Actor, application_id: UUID) -> Sequence[Happening]:
    """When the grant was offered, answered and closed: each with the letter about it."""
    found = awards.award_told(application_id)
    return steps_of(actor, found) if found is not None else ()


def steps_of(actor: Actor, found: Award) -> Sequence[Happening]:
    """When one grant was offered, answered and closed, as far as this actor may see it."""
    if not POLICY.allows(actor, Act.VIEW, found) or found.offered_at is None:
        return ()
    letter = url_for("award_offers.letter", award_id=found.id) if found.letter_key else ""
    steps = [Happening(found.offered_at, f"Grant of {found.amount.in_full()} offered", href=letter)]
    if found.accepted_at is not None:
        steps.append(_step(found, found.accepted_at, "Offer accepted", by=found.accepted_name))
    if found.closed_at is not None and found.status in ENDS:
        steps.append(_step(found, found.closed_at, ENDS[found.status], text=found.closed_reason))
    return steps


def letters_about(actor: Actor, found: Award) -> list[Written]:
    """Every email to the business about its grant, from the application on, the newest first, as far as this actor may see what it is about."""
    about: list[tuple[str, UUID]] = [("application", found.application_id)]
    if PAYMENTS.allows(actor, PaymentAct.VIEW, found):
        about.append(("decision", found.decision_id))
    if found.subsidy is not None and SUBSIDIES.allows(actor, SubsidyAct.VIEW, found.subsidy):
        about.append(("subsidy", found.subsidy.id))
    return written_about(*about, reader=actor)


def _step(found: Award, at: datetime, title: str, *, by: str = "", text: str = "") -> Happening:
    """A step with the letter that was written then, on the page of the award."""
    kinds = (each["kind"] for each in found.letters if _gap(each["at"], at) < SAME)
    kind = next(kinds, "")
    href = url_for("awards.award", award_id=found.id, _anchor=f"letter-{kind}") if kind else ""
    return Happening(at, title, by=by, text=text, href=href)


def _gap(said: str, at: datetime) -> float:
    return abs((datetime.fromisoformat(said) - at).total_seconds())


SAME = 120
"""Seconds within which a letter belongs to a step: it is queued in the transaction of the step."""


def to_give_account(actor: Actor) -> tuple[Todo, ...]:
    """The businesses of this owner that are to be paid a grant and have given no bank details: one task for each."""
    mine = [
        each
        for each in awards.without_account(own_ids(actor))
        if PAYMENTS.allows(actor, PaymentAct.ENTER, each)
    ]
    asked = {each.business_id for each in failed({each.business_id for each in mine})}
    by_business: dict[UUID, list[Award]] = {}
    for each in mine:
        if each.business_id not in asked:  # its failed payment asks for other bank details already
            by_business.setdefault(each.business_id, []).append(each)
    return tuple(_account(rows) for rows in by_business.values())


def _account(rows: Sequence[Award]) -> Todo:
    about, ids = rows[0].business.name, tuple(each.id for each in rows)
    words, where = where_to_give(rows[0].business_id)
    return Todo(words, None, where, about=about, things=ids, is_first=True)


def where_to_give(business_id: UUID) -> tuple[str, str]:
    """What an owner does who has no account that can be paid to, and where: looks at the one that money came back from, or gives one."""
    bar = payees([business_id])[business_id].bar
    if bar is not None and bar.is_return:
        return CHECK_ACCOUNT, url_for("bank_details.bank_details", business_id=business_id)
    return GIVE_ACCOUNT, url_for("bank_details.enter", business_id=business_id)
