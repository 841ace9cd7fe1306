"""The decisions of a cohort: previewed, sent, withdrawn; and the waiting list behind them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.funding.subsidy.rules import Past
from crm.kernel.measures import counted
from crm.kernel.permissions import Audience
from crm.kernel.text import series
from crm.kernel.workflow import first_reason
from crm.programme.cohort.forms.changing import ReleaseForm
from crm.programme.cohort.forms.confirming import SeenForm, WithdrawForm
from crm.programme.cohort.models import Cohort, Decision, Feedback
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts
from crm.programme.cohort.queries import decisions as queries
from crm.programme.cohort.queries.candidates import decided_or_now
from crm.programme.cohort.queries.headroom import room_of, sharings, unfit, why_no_offer
from crm.programme.cohort.queries.money import bar_of
from crm.programme.cohort.queries.sending import Unsent, lacking, unsent_of
from crm.programme.cohort.rules import labels
from crm.programme.cohort.rules.money import in_full, said_parts
from crm.programme.cohort.rules.sharing import linked_names
from crm.programme.cohort.service import deciding as service
from crm.programme.cohort.service import telling
from crm.programme.cohort.views.showing import decision_history, ledger_of, told_letters
from crm.programme.cohort.workflow import DECISIONS, Act, DecisionStatus
from crm.web.forms import Form, answer, beside, saved
from crm.web.identity import current_actor
from crm.web.navigation import links_from
from crm.web.paging import numbered
from crm.web.permit import asked_by_actor, open_acts, permits

blueprint = Blueprint("decisions", __name__)
permit = permits(POLICY)
DECIDED_BY = (Act.DECIDE, Act.PROMOTE, Act.RELEASE_RESERVE)
ON_A_PAGE, LETTERS = 100, 20
REFUSALS = counted("refusal")
LETTERS_LEAVING = counted("decision letter is", "decision letters are")


def why_undecided(found: Cohort) -> str | None:
    """Why a cohort has no decisions."""
    return None if found.confirmed_at else "This cohort is not confirmed yet, so nothing is decided."


@blueprint.get("/cohorts/<uuid:cohort_id>/decisions")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=cohorts.cohort, unless=why_undecided)
def decisions(found: Cohort) -> ResponseReturnValue:
    """Every decision, and which of them were sent."""
    rows = queries.decisions_of(found.id)
    waiting = sum(each.status is DecisionStatus.SAVED for each in rows)
    shown: dict[str, Any] = {"page": numbered(rows, size=ON_A_PAGE), "labels": labels, "waiting": waiting}
    shown |= {"bar": bar_of(found), "in_full": in_full, "ledger": ledger_of(found), "count": len(rows)}
    shown |= _sending(found, rows) | {"places": queries.places_today([found.id])}
    return render_template("programme/cohort/decisions.html", cohort=found, **shown)


def _sending(found: Cohort, rows: Sequence[Decision]) -> dict[str, Any]:
    """What the button sends, as its page shows it, and what is kept back: refusals without feedback, and no email."""
    waiting = [each for each in rows if each.status is DecisionStatus.SAVED]
    lacks, unreached = lacking(waiting), telling.unreached(waiting)
    may_send = POLICY.allows(current_actor(), Act.NOTIFY, found)
    shown: dict[str, Any] = {"unreached": unreached, "may_send": may_send, "at_once": telling.AT_ONCE}
    shown["silent"] = [(each, series(lacks[each.id])) for each in waiting if each.id in lacks]
    ready = [each for each in waiting if each.id not in unreached and each.id not in lacks]
    people = telling.readers(waiting, by=current_actor())
    emails = sum(len(people[each.id]) for each in ready[: telling.AT_ONCE])
    shown |= {"sendable": len(ready), "readers": people, "emails": emails}
    shown["past_limit"] = _past_limit(waiting)
    return shown | {"seen": telling.mark_of_letters(telling.next_to_send(found)) if may_send else ""}


def _past_limit(rows: Sequence[Decision]) -> list[tuple[Decision, Past]]:
    """Of some decisions those whose letter would promise an offer that cannot be made today, each with why and what to do."""
    fits = unfit(rows)
    return [(each, why_no_offer(each, fits[each.id])) for each in rows if each.id in fits]


@blueprint.get("/cohorts/<uuid:cohort_id>/letters")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=cohorts.cohort, unless=why_undecided)
def letters(found: Cohort) -> ResponseReturnValue:
    """The letters that wait to be sent, as they would be sent now."""
    return _letters_page(SeenForm(), found)


def _letters_page(form: Form, found: Cohort) -> str:
    waiting = queries.decisions_of(found.id, DecisionStatus.SAVED)
    page = numbered(waiting, size=LETTERS)
    said = queries.feedback_of([each.application_id for each in page.rows])
    names = telling.greeted(page.rows)
    told = [
        (each, telling.letter_of(each, said.get(each.application_id, []), to=names[each.id]))
        for each in page.rows
    ]
    shown: dict[str, Any] = {"page": page, "told": told, "labels": labels, "waiting": len(waiting)}
    shown |= _sending(found, waiting)
    return render_template("programme/cohort/letters.html", cohort=found, form=form, **shown)


@blueprint.post("/cohorts/<uuid:cohort_id>/decisions/notify-all")
@permit(Act.NOTIFY, audience=Audience.INTERNAL, load=cohorts.cohort, unless=telling.why_nothing_to_send)
def notify_all(found: Cohort) -> ResponseReturnValue:
    """Send the decisions that wait."""
    form = SeenForm.of_request()
    return answer(
        form,
        page=lambda: _letters_page(form, found),
        act=lambda: telling.notify_all(found, seen=form.seen.data or None, by=current_actor()),
        then=lambda sent: saved(_sent(found, sent), "decisions.decisions", cohort_id=found.id),
    )


def _sent(found: Cohort, sent: int) -> str:
    return beside(_untold(found), f"{LETTERS_LEAVING(sent)} on the way.")


def _untold(found: Cohort) -> str:
    """How many were not sent, and why."""
    left = unsent_of([found.id]).get(found.id, Unsent())
    none = f"{left.unreached} not told: nobody at the business has an account." if left.unreached else ""
    lacking = f"{REFUSALS(left.lacking)} not sent: feedback is missing." if left.lacking else ""
    return " ".join(filter(None, (none, lacking)))


@blueprint.get("/decisions/<uuid:decision_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.decision)
def decision(found: Decision) -> ResponseReturnValue:
    """One decision, with its letter as it was or would be sent."""
    return _decision_page(SeenForm(), found)


def _decision_page(form: Form, found: Decision) -> str:
    rows = queries.feedback_of([found.application_id]).get(found.application_id, [])
    shown: dict[str, Any] = {"labels": labels, "Act": Act, "feedback": rows}
    shown |= _to_be_told(found, rows) | _behind(found)
    shown |= {"letters": told_letters(found, current_actor()), "links": links_from("decision", found.id)}
    shown |= {"acts": open_acts(found, policy=POLICY, machine=DECISIONS)}
    shown["past_limit"] = next((why for _, why in _past_limit([found])), None)
    shown["place"] = queries.places_today([found.cohort_id]).get(found.id)
    return render_template("programme/cohort/decision.html", decision=found, form=form, **shown)


def _to_be_told(found: Decision, rows: Sequence[Feedback]) -> dict[str, Any]:
    """The letter as it would be sent now, and to whom; empty where it was sent."""
    if found.status is not DecisionStatus.SAVED:
        return {"unexplained": None, "letter": "", "seen": "", "readers": [], "is_unreached": False}
    readers = telling.readers([found], by=current_actor())[found.id]
    return {
        "unexplained": telling.why_unexplained(found),
        "letter": telling.letter_of(found, rows).text,
        "seen": telling.mark_of_letters([found]),
        "readers": readers,
        "is_unreached": not readers,
    }


def _behind(found: Decision) -> dict[str, Any]:
    """Who proposed, confirmed, decided and sent it, the newest first; and who decided last."""
    trail = sorted(
        decision_history(current_actor(), found.application), key=lambda each: each.id, reverse=True
    )
    deciders = [each.actor_name for each in trail if each.act in DECIDED_BY and each.actor_name]
    shown: dict[str, Any] = {"said_parts": said_parts, "why_ended_instead": service.why_ended_instead(found)}
    shown["may_keep"] = POLICY.allows(current_actor(), Act.KEEP_AWARD, found)
    shown["may_read"] = found.is_end_unread and POLICY.allows(current_actor(), Act.READ_END, found)
    shown["why_not_me"] = service.why_not_withdrawn_by(found, current_actor().account_id)
    return shown | {"trail": trail, "decided_by": deciders[0] if deciders else ""}


def to_decision(words: str, found: Decision) -> str:
    """The page of a decision, on which to say what was done."""
    return saved(words, "decisions.decision", decision_id=found.id)


@blueprint.post("/decisions/<uuid:decision_id>/notify")
@permit(Act.NOTIFY, audience=Audience.INTERNAL, load=queries.decision, machine=DECISIONS)
def notify(found: Decision) -> ResponseReturnValue:
    """Send this decision."""
    form = SeenForm.of_request()
    return answer(
        form,
        page=lambda: _decision_page(form, found),
        act=lambda: telling.notify(found, seen=form.seen.data or None, by=current_actor()),
        then=lambda _: to_decision(_told(found), found),
    )


def _told(found: Decision) -> str:
    is_sent = queries.letters_of(found)[-1][2]
    return (
        "The decision letter is on its way." if is_sent else "Marked as told another way. No email was sent."
    )


@blueprint.route("/decisions/<uuid:decision_id>/withdraw", methods=["GET", "POST"])
@permit(
    Act.WITHDRAW_AWARD,
    audience=Audience.INTERNAL,
    load=queries.decision,
    machine=DECISIONS,
    unless=first_reason(service.why_ended_instead, asked_by_actor(service.why_not_withdrawn_by)),
)
def withdraw_award(found: Decision) -> ResponseReturnValue:
    """Withdraw the award: alone where its applicant never knew of it, else as another person proposed."""
    form = WithdrawForm.of_request(version=found.version).of_proposal(found.withdrawal_reason)
    return answer(
        form,
        page=lambda: _withdraw_award_page(form, found),
        act=lambda: service.withdraw_award(found, **form.details(), by=current_actor()),
        then=lambda _: to_decision(_withdrawn(found), found),
    )


def _withdraw_award_page(form: WithdrawForm, found: Decision) -> str:
    shown: dict[str, Any] = {"form": form, "decision": found, "waits": queries.waiting_list(found.cohort)}
    shown["is_unreached"] = bool(telling.unreached([found]))
    return render_template("programme/cohort/withdraw_award.html", **shown)


def _withdrawn(found: Decision) -> str:
    if found.notified_at is None:
        return "Award withdrawn. The applicant was never told of it, so we have not written to them."
    if not queries.letters_of(found)[-1][2]:
        return "Award withdrawn. Nobody at the business has an account, so no email was sent: tell them another way."
    return "Award withdrawn. An email to the applicant is on its way."


@blueprint.get("/cohorts/<uuid:cohort_id>/waiting-list")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=cohorts.cohort, unless=why_undecided)
def waiting_list(found: Cohort) -> ResponseReturnValue:
    """Who waits, what is free, and who is next."""
    return _waiting_list_page(SeenForm(), found)


def _waiting_list_page(form: Form, found: Cohort) -> str:
    rows, step = queries.waiting_list(found), queries.next_reserve(found, room_of(found))
    shown: dict[str, Any] = {"rows": rows, "step": step, "until": telling.ends_on(found)}
    shown |= {"seen": service.mark_of_waiting(found, step), "said_parts": said_parts}
    shown |= {"bar": bar_of(found), "in_full": in_full, "ledger": ledger_of(found), "labels": labels}
    shown["confirmed"] = cohorts.confirmed_draft(found.id) if step.chosen else None
    shown |= _ranked(found, is_empty=not rows) | _may_award(found)
    return render_template("programme/cohort/waiting_list.html", cohort=found, form=form, **shown)


def _ranked(found: Cohort, *, is_empty: bool) -> dict[str, Any]:
    """How those who wait were ranked, and who of the applicants shares a limit of subsidies with whom, and what is left of it."""
    rows = [] if is_empty else decided_or_now(found)
    shared = sharings(found, rows, chosen={})
    rooms = {one.id: each.room for each in shared for one in each.members}
    return {"ranked": {each.id: each for each in rows}, "linked": linked_names(shared), "rooms": rooms}


def _may_award(found: Cohort) -> dict[str, Any]:
    """Whether the current actor makes awards from a waiting list, or takes applications off it."""
    actor, shown = current_actor(), dict[str, Any]()
    may = POLICY.allows(actor, Act.PROMOTE, found)
    shown["why_not_me"] = service.why_not_promoted_by(found, actor.account_id) if may else None
    shown["may_promote"] = may and not shown["why_not_me"]
    return shown | {"may_release": POLICY.allows(actor, Act.RELEASE_RESERVE, found)}


def _why_not_awarded(found: Decision) -> str | None:
    """Why it is not awarded from the waiting list by the current actor now."""
    reason = service.why_not_promoted_by(found.cohort, current_actor().account_id)
    return reason or service.why_not_next(found, room_of(found.cohort))


@blueprint.post("/decisions/<uuid:decision_id>/promote")
@permit(Act.PROMOTE, audience=Audience.INTERNAL, load=queries.decision, unless=_why_not_awarded)
def promote(found: Decision) -> ResponseReturnValue:
    """Award a reserve what is free."""
    form, headroom = SeenForm.of_request(), room_of(found.cohort)
    return answer(
        form,
        page=lambda: _waiting_list_page(form, found.cohort),
        act=lambda: service.promote(
            found, headroom=headroom, seen=form.seen.data or None, by=current_actor()
        ),
        then=lambda _: to_decision("Awarded. The applicant has not been told yet.", found),
    )


@blueprint.route("/decisions/<uuid:decision_id>/release", methods=["GET", "POST"])
@permit(
    Act.RELEASE_RESERVE,
    audience=Audience.INTERNAL,
    load=queries.decision,
    machine=DECISIONS,
    unless=service.why_told_of_place,
)
def release_reserve(found: Decision) -> ResponseReturnValue:
    """Take an application off the waiting list that was never told of it."""
    form, cohort_id = ReleaseForm.of_request(version=found.version), found.cohort_id
    words = f"{found.application.business.name} is off the waiting list. The applicant has not been told yet."
    return answer(
        form,
        page=lambda: render_template("programme/cohort/release_reserve.html", form=form, decision=found),
        act=lambda: service.release_reserve(found, **form.alone(), by=current_actor()),
        then=lambda _: saved(words, "decisions.waiting_list", cohort_id=cohort_id),
    )
