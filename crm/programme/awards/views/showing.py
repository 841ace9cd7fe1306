"""What awards show elsewhere: on desks, on the pages of applications, decisions, cohorts and businesses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import url_for

from crm.businesses.models import Business
from crm.businesses.policy import is_theirs
from crm.businesses.queries.seeing import own_ids
from crm.figures.queries import figure_on
from crm.funding.subsidy.queries import fits_of
from crm.funding.subsidy.rules import Fit
from crm.kernel.clock import day_of, has_come, is_past, now, today
from crm.kernel.money import Money
from crm.kernel.permissions import Actor
from crm.programme.applications.models import Application
from crm.programme.awards.models import Award
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards, checks
from crm.programme.awards.queries.checks import Known
from crm.programme.awards.rules import labels
from crm.programme.awards.rules.offering import said_of
from crm.programme.awards.service.preparing import why_not_prepared
from crm.programme.awards.service.sending import wanted_of, why_ending, why_not_checked
from crm.programme.awards.workflow import Act, AwardStatus, why_not_answered
from crm.programme.cohort.models import Decision
from crm.programme.cohort.queries.changing import changes_that_wait
from crm.programme.cohort.queries.decisions import decision
from crm.programme.cohort.queries.headroom import unfit
from crm.programme.cohort.queries.sending import offer_promised
from crm.web.feature import Todo
from crm.web.identity import current_actor

NAMED = 3
"""So many offers to prepare for one cohort are named on a desk; more are counted."""
TURNED_DOWN = {AwardStatus.DECLINED: "declined", AwardStatus.LAPSED: "did not answer"}


def to_prepare(actor: Actor) -> tuple[Todo, ...]:
    """Successful decisions that were sent and have no offer yet: a few one by one, the many of one cohort together.

    Those of which no offer can be made today come first, each by itself.
    """
    left = {each.decision_id for each in changes_that_wait()}
    rows = [
        each
        for each in awards.decisions_without_award()
        if each.id not in left and each.withdrawal_proposed_at is None
    ]
    mine = [each for each in rows if POLICY.allows(actor, Act.PREPARE, each)]
    fits = unfit(mine)
    stuck = [_past_room(each, fits[each.id]) for each in mine if each.id in fits]
    return (*stuck, *_by_cohort([each for each in mine if each.id not in fits]))


def _by_cohort(rows: Sequence[Decision]) -> list[Todo]:
    found: dict[UUID, list[Decision]] = {}
    for each in rows:
        found.setdefault(each.cohort_id, []).append(each)
    return [todo for some in found.values() for todo in _to_prepare(some)]


def over_in_words(fit: Fit) -> str:
    """That an award is to be seen to before an offer of it is made, by how much that would pass the limit of subsidies."""
    over = fit.over.in_full() if fit.over else ""
    return f"See to the award: an offer passes the limit of subsidies by {over}"


def _past_room(found: Decision, fit: Fit) -> Todo:
    """An award of which no offer can be made today: its page says why, and what to do."""
    href = url_for("decisions.decision", decision_id=found.id)
    about = f"{found.application.business.name}, {found.application.reference}"
    return _by(Todo(over_in_words(fit), None, href, about=about), offer_promised(found))


def _to_prepare(rows: Sequence[Decision]) -> list[Todo]:
    """What is to be prepared for one cohort, of which the decision that was sent first comes first."""
    if len(rows) > NAMED:
        href = url_for("awards.of_cohort", cohort_id=rows[0].cohort_id, _anchor="without-an-offer")
        due = min((day for each in rows if (day := offer_promised(each))), default=None)
        return [_by(Todo("Prepare the grant offers", len(rows), href, about=rows[0].round.name), due)]
    return [_one_to_prepare(each) for each in rows]


def _one_to_prepare(found: Decision) -> Todo:
    href = url_for("award_offers.prepare", decision_id=found.id)
    about = f"{found.application.business.name}, {found.application.reference}"
    return _by(Todo("Prepare the grant offer", None, href, about=about), offer_promised(found))


def _by(found: Todo, due: date | None) -> Todo:
    """What is to be done by the day that a letter promised."""
    return replace(found, due=due, is_overdue=due is not None and is_past(due, on=today()))


def _that_are(*statuses: AwardStatus, of: frozenset[UUID] | None = None) -> list[Award]:
    """The awards on desks in some states, of all businesses or of these."""
    return [each for each in awards.on_desks(of) if each.status in statuses]


def _about(found: Award) -> str:
    return f"{found.business.name}, {found.application.reference}"


def to_send(actor: Actor) -> tuple[Todo, ...]:
    """Offers that were prepared: another person than the one who prepared them sends them; a company is checked first."""
    rows = [
        each
        for each in _that_are(AwardStatus.PREPARED)
        if not why_ending(each)
        and POLICY.allows(actor, Act.OFFER, each)
        and each.prepared_by_id != actor.account_id
    ]
    known = checks.known_of(frozenset(each.business_id for each in rows)) if rows else {}
    return tuple(_to_send(each, known.get(each.business_id)) for each in rows)


def not_in_order(actor: Actor) -> tuple[Todo, ...]:
    """Awards of companies that are dissolved, in liquidation or the like: nothing is paid, and a manager ends or withdraws each."""
    rows = [each for each in checks.not_in_order() if POLICY.allows(actor, Act.WITHDRAW, each)]
    newest = checks.known_of(frozenset(each.business_id for each in rows)) if rows else {}
    return tuple(_not_in_order(each, newest[each.business_id]) for each in rows)


def _not_in_order(found: Award, known: Known) -> Todo:
    words = f"Decide on this award: the company is {said_of(known.status)}"
    href = url_for("awards.award", award_id=found.id)
    return Todo(words, None, href, about=_about(found), since=day_of(known.at), things=(found.id,))


def _to_send(found: Award, known: Known | None) -> Todo:
    words = "Check the company before the grant offer" if why_not_checked(known) else "Send the grant offer"
    href = url_for("awards.award", award_id=found.id)
    made = Todo(words, None, href, about=_about(found), things=(found.id,))
    return _by(made, offer_promised(found.decision))


def expiring(actor: Actor) -> tuple[Todo, ...]:
    """Offers that nobody answered and that end within the days of the reminder."""
    soon = today() + timedelta(days=int(figure_on("offer.remind_days", on=today())))
    offered = _that_are(AwardStatus.OFFERED)
    rows = [each for each in offered if has_come(each.offer_expires_on, on=soon)]
    words = "Ask about the grant offer that ends soon"
    return tuple(_to_be_answered(each, words) for each in rows if POLICY.allows(actor, Act.WITHDRAW, each))


def turned_down(actor: Actor) -> tuple[Todo, ...]:
    """Offers that were declined or not answered lately, until someone marks them as read: the business may want to hear from us."""
    rows = sorted(_that_are(*TURNED_DOWN), key=lambda each: str(each.id))
    rows.sort(key=lambda each: each.closed_at or now(), reverse=True)
    return tuple(_turned_down(each) for each in rows if POLICY.allows(actor, Act.VIEW, each))


def _turned_down(found: Award) -> Todo:
    words = f"Read why: {found.business.name} {TURNED_DOWN[found.status]} the grant offer"
    back = f", {found.amount.in_full()} went back to the envelope" if found.envelope_id else ""
    about = f"{found.application.reference}{back}"
    since = day_of(found.closed_at) if found.closed_at else None
    where = url_for("decisions.decision", decision_id=found.decision_id)
    return Todo(words, None, where, about=about, since=since)


def past_limit(actor: Actor) -> tuple[Todo, ...]:
    """Offers prepared or sent that could not be accepted, since the enterprise of the business passed the limit of subsidies."""
    waiting = _that_are(AwardStatus.PREPARED, AwardStatus.OFFERED)
    rows = [each for each in waiting if each.subsidy_id and POLICY.allows(actor, Act.WITHDRAW, each)]
    fits = fits_of([wanted_of(each) for each in rows]) if rows else []
    return tuple(
        _past_limit(each, fit.over) for each, fit in zip(rows, fits, strict=True) if fit.over is not None
    )


def _past_limit(found: Award, over: Money) -> Todo:
    href = url_for("awards.award", award_id=found.id)
    words = f"See to the grant offer: it passes the limit of subsidies by {over.in_full()}"
    return Todo(
        words, None, href, about=_about(found), due=found.offer_expires_on, things=(found.id,), is_first=True
    )


def _to_be_answered(found: Award, words: str, *, is_first: bool = False) -> Todo:
    href, due = url_for("awards.award", award_id=found.id), found.offer_expires_on
    return Todo(words, None, href, about=_about(found), due=due, things=(found.id,), is_first=is_first)


def to_answer(actor: Actor) -> tuple[Todo, ...]:
    """Offers that this founder can accept or decline."""
    rows = _that_are(AwardStatus.OFFERED, of=frozenset(own_ids(actor)))
    return tuple(
        _to_be_answered(each, f"Answer your grant offer of {each.amount.in_full()}", is_first=True)
        for each in rows
        if not why_not_answered(each) and POLICY.allows(actor, Act.ACCEPT, each)
    )


def links(kind: str, thing_id: UUID) -> list[tuple[str, str]]:
    """From an application or decision to its award or to preparing one; from a cohort to its awards."""
    actor = current_actor()
    if kind == "cohort":
        may = POLICY.allows(actor, Act.LIST_AWARDS)
        return [("Awards", url_for("awards.of_cohort", cohort_id=thing_id))] if may else []
    if kind == "decision":
        made = awards.award_of_decision(thing_id)
        return _to(made, actor) if made else _to_preparing(thing_id, actor)
    made = awards.award_about(thing_id) if kind == "application" else None
    return _to(made, actor) if made else []


def _to(made: Award, actor: Actor) -> list[tuple[str, str]]:
    may = POLICY.allows(actor, Act.VIEW, made)
    return [("Award", url_for("awards.award", award_id=made.id))] if may else []


def _to_preparing(decision_id: UUID, actor: Actor) -> list[tuple[str, str]]:
    found = decision(decision_id)
    may = found is not None and POLICY.allows(actor, Act.PREPARE, found) and not why_not_prepared(found)
    return [("Prepare the offer", url_for("award_offers.prepare", decision_id=decision_id))] if may else []


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The awards of a business that this actor may see."""
    rows = [each for each in awards.awards_of_business(found.id) if POLICY.allows(actor, Act.VIEW, each)]
    return {"rows": rows, "labels": labels} if rows else None


def load_part(actor: Actor, found: Application) -> Mapping[str, Any] | None:
    """From an applicant's own page of an application to its award."""
    made = awards.award_about(found.id)
    if made is None or not is_theirs(actor, found) or not POLICY.allows(actor, Act.VIEW, made):
        return None
    return {"award": made, "labels": labels, "ended": why_not_answered(made)}
