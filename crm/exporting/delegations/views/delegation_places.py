"""Places in delegations: applied for, assessed, offered, accepted, declined, given up; and what came of each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about_any
from crm.businesses.queries.seeing import people_of
from crm.businesses.service.extracting import noting
from crm.businesses.service.keeping import why_archived
from crm.businesses.views.business_changes import person_first_page
from crm.diagnostics.rules.scoring import in_words
from crm.exporting.delegations import rules
from crm.exporting.delegations.forms import (
    AnswerForm,
    ApplyForm,
    InviteForm,
    OfferAgainForm,
    ResultsForm,
    SelectionForm,
    TermsForm,
    assess_form,
    results_values,
)
from crm.exporting.delegations.models import Delegation, DelegationPlace, DelegationReturn
from crm.exporting.delegations.papers import places_head, state_of, told_by
from crm.exporting.delegations.policy import POLICY
from crm.exporting.delegations.queries import counting, fitting, seating, seeing
from crm.exporting.delegations.queries.fitting import Applying
from crm.exporting.delegations.service import answering, choosing, inviting, leading, returning
from crm.exporting.delegations.service.telling import copied, emailed
from crm.exporting.delegations.views import showing
from crm.exporting.delegations.workflow import (
    IN_HAND,
    PLACES,
    Act,
    why_ended,
    why_not_answer,
    why_not_assess,
    why_not_offer_again,
    why_not_select,
    why_over,
    why_waiting,
)
from crm.kernel.clock import today
from crm.kernel.permissions import Audience
from crm.kernel.roles import Role
from crm.kernel.workflow import first_reason
from crm.web.extracts import csv_response
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import open_acts, permits
from crm.web.transaction import after

blueprint = Blueprint("delegation_places", __name__)
permit = permits(POLICY)
SAID = {
    each.value
    for each in (Act.ACCEPT, Act.DECLINE, Act.LAPSE, Act.GIVE_UP, Act.WITHDRAW, Act.ATTEND, Act.MISS)
}
"""What was answered, or recorded of who went: the page says who did it last, and when."""

FREES = (Act.DECLINE, Act.GIVE_UP)


def _why_not_apply(found: Applying) -> str | None:
    reason = why_archived(found) or answering.why_not_apply(found.delegation)
    return reason or answering.why_applied(found.delegation, found.business)


@blueprint.route("/delegations/<uuid:delegation_id>/apply/<uuid:business_id>", methods=["GET", "POST"])
@permit(Act.APPLY, audience=Audience.MEMBER, load=fitting.applying, unless=_why_not_apply)
def apply(found: Applying) -> ResponseReturnValue:
    """Apply for a place."""
    form = ApplyForm.of_request().offer(each for each in people_of(found.business.id) if not each.left_on)
    where, by = found.delegation, current_actor()
    return answer(
        form,
        page=lambda: _apply_page(form, found),
        act=lambda: answering.apply(where, form.details(), business=found.business, by=by),
        then=lambda made: _saved(f"Application sent. We have emailed a copy to {emailed(made)}.", made),
    )


def _apply_page(form: ApplyForm, found: Applying) -> str:
    if len(form.person.choices) == 1 and not form.was_sent:
        return person_first_page(found.business, "An application names the person who would go.")
    fit = fitting.fit_of(found.delegation, found.business)
    shown: dict[str, Any] = {"fit": fit, "in_words": in_words, "delegation": found.delegation}
    own = seating.beside(found.delegation, found.business.id)
    shown["also"] = [rules.also_away(each) for each in own if each.delegation_id != found.delegation.id]
    shown |= {"is_invited": isinstance(form, InviteForm), "copied": copied(found.business.id)}
    shown["is_own"] = current_actor().holds_for(found.business.id, Role.FOUNDER)
    return render_template("exporting/delegations/apply.html", form=form, business=found.business, **shown)


def _why_not_invite(found: Applying) -> str | None:
    where, owner = found.delegation, found.business
    return (
        why_archived(found)
        or inviting.why_not_invite_now(where)
        or answering.why_applied(where, owner)
        or inviting.why_unfit(where, owner)
    )


@blueprint.route("/delegations/<uuid:delegation_id>/invite/<uuid:business_id>", methods=["GET", "POST"])
@permit(Act.INVITE, audience=Audience.INTERNAL, load=fitting.applying, unless=_why_not_invite)
def invite(found: Applying) -> ResponseReturnValue:
    """Offer a free place to a business that did not apply."""
    form, by = InviteForm.of_request(), current_actor()
    form.offer(each for each in people_of(found.business.id) if not each.left_on)
    where = found.delegation
    return answer(
        form,
        page=lambda: _apply_page(form, found),
        act=lambda: inviting.invite(where, form.invitation(), business=found.business, by=by),
        then=lambda made: _saved(f"Place offered. We have emailed {emailed(made)}.", made),
    )


def _saved(words: str, found: DelegationPlace) -> str:
    return saved(words, "delegation_places.place", place_id=found.id)


@blueprint.get("/delegation-places/<uuid:place_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=seating.place)
def place(found: DelegationPlace) -> ResponseReturnValue:
    """One place: where it stands, what can be done, and what came of it."""
    is_staff = _is_staff(found)
    shown: dict[str, Any] = {"rules": rules, "Act": Act, "is_staff": is_staff, "today": today()}
    shown |= {"is_own": _is_own(found), **_told(found, is_staff=is_staff), **_open_to(found)}
    shown |= showing.money_on(found, current_actor())
    shown["number"] = (
        seating.number_in_line(found) if found.status == "waiting" and not why_over(found) else None
    )
    shown |= {"state": state_of(found), "on_hold": why_waiting(found.delegation)}
    shown |= {"ended": why_ended(found), "also": _also(found), **showing.terms_of(found)}
    return render_template("exporting/delegations/place.html", place=found, **shown)


def _also(found: DelegationPlace) -> list[str]:
    """What its business or its person has in other delegations on the same days, while this place is in hand."""
    if found.status not in IN_HAND or why_over(found):
        return []
    is_staff = _is_staff(found)
    return seating.also_away_of(found.delegation, [found], is_staff=is_staff)[found.id]


def _told(found: DelegationPlace, *, is_staff: bool) -> dict[str, Any]:
    """What came of a place, and its history: staff read all of it, the business what was answered last."""
    returns = counting.returns_of(found.id)
    trail = [each for each in entries_about_any((found, *returns)) if each.act != Act.ASK]
    last = next((each for each in trail if each.act in SAID), None)
    asked = counting.asked_now([each for each in returns if not each.answered_at], on=today())
    return {
        "returns": returns,
        "asked": asked,
        "trail": trail if is_staff else (),
        "last": last,
        "told_by": told_by(last),
    }


def _open_to(found: DelegationPlace) -> dict[str, Any]:
    """What this person can do about a place now."""
    actor, is_over = current_actor(), bool(why_over(found))
    acts = frozenset() if is_over else open_acts(found, machine=PLACES, policy=POLICY)
    hidden = {Act.ACCEPT} if why_not_answer(found) else set()
    if Act.OFFER_AGAIN in acts and (why_not_offer_again(found) or choosing.why_no_seat(found.delegation)):
        hidden.add(Act.OFFER_AGAIN)
    shown: dict[str, Any] = {"acts": acts - hidden, **showing.correcting(found, current_actor())}
    shown["can_assess"] = not why_not_assess(found) and POLICY.allows(actor, Act.ASSESS, found)
    shown["can_apply"] = Act.APPLY in acts and not answering.why_not_apply(found.delegation)
    shown["can_ask_again"] = not why_not_offer_again(found)
    return shown | {"can_record": POLICY.allows(actor, Act.RECORD, found)}


def _is_staff(found: DelegationPlace) -> bool:
    return POLICY.allows(current_actor(), Act.VIEW_PLACES, found.delegation)


def _is_own(found: DelegationPlace) -> bool:
    return current_actor().holds_for(found.business_id, Role.FOUNDER)


@blueprint.get("/delegations/<uuid:delegation_id>/places")
@permit(Act.VIEW_PLACES, audience=Audience.INTERNAL, load=seeing.delegation)
def places(found: Delegation) -> ResponseReturnValue:
    """Everybody who applied, in their order; or those who went, with what came of it."""
    every, show = seating.places_in(found.id), chosen("show", rules.SHOWN)
    told = counting.told_by(every)
    rows = rules.shown_of(show, every, told=told)
    shown: dict[str, Any] = {"rows": rows, "rules": rules, "show": show, "told": told}
    shown |= {"state_of": state_of, "numbers": rules.numbers_of(every)}
    is_next = bool(every) and not why_not_select(found) and POLICY.allows(current_actor(), Act.SELECT, found)
    shown["held_up"] = choosing.held_up(found, every) if is_next else None
    shown["can_select"] = is_next and not shown["held_up"]
    shown["can_assess"] = POLICY.allows(current_actor(), Act.ASSESS, found)
    shown |= {"why_not": answering.why_not_apply(found), "on_hold": why_waiting(found)}
    return render_template("exporting/delegations/places.html", delegation=found, **shown)


@blueprint.get("/delegations/<uuid:delegation_id>/places.csv")
@permit(
    Act.VIEW_PLACES,
    audience=Audience.INTERNAL,
    load=seeing.delegation,
    leaves_trace="who downloaded the places of a delegation, and how many rows",
)
def extract(found: Delegation) -> ResponseReturnValue:
    """The same rows as a file; who downloaded it is recorded."""
    places = seating.places_in(found.id)
    told, numbers, show = counting.told_by(places), rules.numbers_of(places), chosen("show", rules.SHOWN)
    wanted = rules.shown_of(show, places, told=told)
    rows = showing.place_rows(wanted, told, numbers=numbers)
    filters = {"delegation": [found.title]} | ({"show": [rules.SHOWN[show]]} if show else {})
    after(noting(Act.EXTRACT, filters, rows=len(rows), by=current_actor()))
    return csv_response("delegation-places.csv", places_head(found), rows=rows)


@blueprint.route("/delegation-places/<uuid:place_id>/assess", methods=["GET", "POST"])
@permit(Act.ASSESS, audience=Audience.INTERNAL, load=seating.place, unless=why_not_assess)
def assess(found: DelegationPlace) -> ResponseReturnValue:
    """Assess an application by the stated criteria."""
    form, words = assess_form(found), f"{found.business.name} assessed."
    return answer(
        form,
        page=lambda: _assess_page(form, found),
        act=lambda: choosing.assess(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: saved(words, "delegation_places.places", delegation_id=found.delegation_id),
    )


def _assess_page(form: Form, found: DelegationPlace) -> str:
    fit = fitting.fit_of(found.delegation, found.business)
    shown: dict[str, Any] = {"fit": fit, "in_words": in_words, "rules": rules}
    shown |= {"is_checked": choosing.needs_legal_note(found), "also": _also(found)}
    return render_template("exporting/delegations/assess.html", form=form, place=found, **shown)


@blueprint.route("/delegations/<uuid:delegation_id>/select", methods=["GET", "POST"])
@permit(Act.SELECT, audience=Audience.INTERNAL, load=seeing.delegation, unless=why_not_select)
def select(found: Delegation) -> ResponseReturnValue:
    """Show who would be offered a place and who waits, and offer the places."""
    form = SelectionForm.of_request(seen=choosing.mark(found, seating.places_in(found.id)))
    words = "Places offered. We have emailed everyone who applied."
    return answer(
        form,
        page=lambda: _select_page(form, found),
        act=lambda: choosing.select(found, seen=form.seen.data or None, by=current_actor()),
        then=lambda _: saved(words, "delegation_places.places", delegation_id=found.id),
    )


def _select_page(form: Form, found: Delegation) -> str:
    rows = seating.places_in(found.id)
    shown: dict[str, Any] = {"choice": choosing.choice_of(found, rows), "rules": rules}
    shown |= {"by_id": {each.id: each for each in rows}, "held_up": choosing.held_up(found, rows)}
    shown["also"] = seating.also_away_of(found, rows, is_staff=True)
    return render_template("exporting/delegations/select.html", form=form, delegation=found, **shown)


def _answered(
    found: DelegationPlace, act: Act, verb: Callable[..., list[str] | None], *, words: str
) -> ResponseReturnValue:
    """Ask once more before an answer is recorded; one of our staff says who told them."""
    form = AnswerForm.of_request().of_the_business(is_own=_is_own(found))
    return answer(
        form,
        page=lambda: _answer_page(form, found, act),
        act=lambda: verb(found, told=form.words(), by=current_actor()),
        then=lambda offered: _saved(words + _moved_up(found, act, offered), found),
    )


def _moved_up(found: DelegationPlace, act: Act, offered: list[str] | None) -> str:
    """What is said of a place that was freed."""
    return " " + rules.moved_up(offered or [], is_staff=_is_staff(found)) if act in FREES else ""


def _answer_page(form: Form, found: DelegationPlace, act: Act) -> str:
    by, is_staff = current_actor(), _is_staff(found)
    shown: dict[str, Any] = {"act": act, "Act": Act, "is_own": _is_own(found), "is_staff": is_staff}
    shown["emailed"] = emailed(found, kind="delegation_given_up" if act is Act.GIVE_UP else "", reader=by)
    shown["next_up"] = choosing.next_up(found) if act in FREES and is_staff else ()
    is_to_go = act in (Act.ACCEPT, Act.OFFER_AGAIN)
    also = seating.also_away_of(found.delegation, [found], is_staff=is_staff) if is_to_go else {}
    shown["also"] = also.get(found.id, [])
    return render_template("exporting/delegations/answer.html", form=form, place=found, **shown)


@blueprint.route("/delegation-places/<uuid:place_id>/accept", methods=["GET", "POST"])
@permit(Act.ACCEPT, audience=Audience.MEMBER, load=seating.place, machine=PLACES, unless=why_not_answer)
def accept(found: DelegationPlace) -> ResponseReturnValue:
    """Accept a place."""
    words = f"Place accepted. We have emailed {emailed(found)}."
    verb = partial(answering.accept, seen=TermsForm.of_request().seen.data or None)
    return _answered(found, Act.ACCEPT, verb, words=words)


@blueprint.route("/delegation-places/<uuid:place_id>/decline", methods=["GET", "POST"])
@permit(Act.DECLINE, audience=Audience.MEMBER, load=seating.place, machine=PLACES, unless=why_over)
def decline(found: DelegationPlace) -> ResponseReturnValue:
    """Decline a place."""
    return _answered(found, Act.DECLINE, answering.decline, words="Place declined.")


@blueprint.route("/delegation-places/<uuid:place_id>/give-up", methods=["GET", "POST"])
@permit(Act.GIVE_UP, audience=Audience.MEMBER, load=seating.place, machine=PLACES, unless=why_over)
def give_up(found: DelegationPlace) -> ResponseReturnValue:
    """Give up a place that was accepted."""
    words = f"{found.business.name} has given up its place in this delegation."
    return _answered(found, Act.GIVE_UP, answering.give_up, words=words)


@blueprint.route("/delegation-places/<uuid:place_id>/withdraw", methods=["GET", "POST"])
@permit(Act.WITHDRAW, audience=Audience.MEMBER, load=seating.place, machine=PLACES, unless=why_over)
def withdraw(found: DelegationPlace) -> ResponseReturnValue:
    """Withdraw an application."""
    return _answered(found, Act.WITHDRAW, answering.withdraw, words="Application withdrawn.")


@blueprint.route("/delegation-places/<uuid:place_id>/offer-again", methods=["GET", "POST"])
@permit(
    Act.OFFER_AGAIN,
    audience=Audience.INTERNAL,
    load=seating.place,
    machine=PLACES,
    unless=first_reason(why_not_offer_again, lambda found: choosing.why_no_seat(found.delegation)),
)
def offer_again(found: DelegationPlace) -> ResponseReturnValue:
    """Offer a free place to a business again."""
    form = OfferAgainForm.of_request()
    return answer(
        form,
        page=lambda: _answer_page(form, found, Act.OFFER_AGAIN),
        act=lambda: choosing.offer_again(found, by=current_actor()),
        then=lambda _: _saved(f"Place offered again. We have emailed {emailed(found)}.", found),
    )


@blueprint.post("/delegation-places/<uuid:place_id>/attend")
@permit(
    Act.ATTEND, audience=Audience.INTERNAL, load=seating.place, machine=PLACES, unless=leading.why_not_attend
)
def attend(found: DelegationPlace) -> ResponseReturnValue:
    """Correct that a business went after all."""
    leading.attend(found, by=current_actor())
    words = f"Corrected: {found.business.name} went. We have emailed {emailed(found)}, and ask for results by email."
    return done(_saved(words, found))


@blueprint.post("/delegation-places/<uuid:place_id>/miss")
@permit(Act.MISS, audience=Audience.INTERNAL, load=seating.place, machine=PLACES, unless=leading.why_not_miss)
def miss(found: DelegationPlace) -> ResponseReturnValue:
    """Correct that a business did not go."""
    leading.miss(found, by=current_actor())
    words = f"Corrected: {found.business.name} did not go. We have emailed {emailed(found)}, and do not ask for results."
    return done(_saved(words, found))


@blueprint.route("/delegation-returns/<uuid:return_id>/record", methods=["GET", "POST"])
@permit(
    Act.RECORD,
    audience=Audience.MEMBER,
    load=counting.return_,
    unless=first_reason(returning.why_not_record),
)
def record(found: DelegationReturn) -> ResponseReturnValue:
    """Record what came of a place so far."""
    is_own = _is_own(found.place)
    form = ResultsForm.of_request(**results_values(found)).of_the_business(is_own=is_own)
    told = "" if is_own else emailed(found.place)
    words = f"Results saved. We email {told} what changed." if told else "Results saved. Thank you."
    shown: dict[str, Any] = {"found": found, "asked_at": rules.asked_at, "emailed": told}
    return answer(
        form,
        page=lambda: render_template("exporting/delegations/record.html", form=form, **shown),
        act=lambda: _recorded(form, found),
        then=lambda _: _saved(words, found.place),
    )


def _recorded(form: ResultsForm, found: DelegationReturn) -> None:
    told = {"version": form.version.data, "nothing_known": bool(form.nothing_known.data)}
    told["is_checked"] = bool(form.is_checked.data)
    returning.record(found, form.details(), told=form.words(), **told, by=current_actor())
