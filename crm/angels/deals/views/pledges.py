"""Pledges: recorded by an investor behind the gate, taken up, committed to, withdrawn; turned down by a business."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.deals.forms import PledgeForm
from crm.angels.deals.models import Pledge
from crm.angels.deals.policy import POLICY
from crm.angels.deals.queries import pledges as queries
from crm.angels.deals.queries.became import steps_of
from crm.angels.deals.rules import labels
from crm.angels.deals.service import pledging as service
from crm.angels.deals.service.following import LEFT
from crm.angels.deals.service.placing import place_of_next
from crm.angels.deals.service.reporting import why_not_reported_own
from crm.angels.deals.views.showing import Told, told_of, warning_of
from crm.angels.deals.workflow import LIVE, PLEDGES, Act, PledgeStatus
from crm.angels.introductions.queries import live_one
from crm.angels.investors.forms.joining import ReasonForm
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.pitches.views.reading import LEDGER, not_shown_page, note_shown, private_id, warning
from crm.angels.pitches.workflow import Channel
from crm.kernel.permissions import Audience
from crm.web.filtering import chosen, chosen_id
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits

blueprint = Blueprint("pledges", __name__)
permit = permits(POLICY)
PAGE = "pledges.pledge"


@blueprint.get("/pledges")
@permit(Act.LIST, audience=Audience.MEMBER, leaves_trace=LEDGER)
def all_pledges() -> ResponseReturnValue:
    """One's own pledges, those to one's raises, or for staff all of them, with their sums."""
    actor, status, pitch_id = current_actor(), chosen("status", set(PledgeStatus)), chosen_id("pitch")
    page = page_of(queries.pledges(actor, status=status, pitch_id=pitch_id, cursor=cursor()))
    shown: dict[str, Any] = {"told": told_of(page.rows), "status": status, "labels": labels}
    shown |= {"totals": queries.totals(actor, pitch_id=pitch_id), "pitch_id": pitch_id}
    shown["reported"] = queries.reported_beside(actor, pitch_id=pitch_id)
    shown["warning"] = warning_of(shown["told"].values())
    return render_template("angels/deals/all_pledges.html", page=page, **shown)


@blueprint.get("/pledges/<uuid:pledge_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.pledge, leaves_trace=LEDGER)
def pledge(found: Pledge) -> ResponseReturnValue:
    """Where a pledge stands, and what can be done."""
    return _page(found)


def _page(found: Pledge, *, form: Form | None = None) -> str:
    acts = open_acts(found, policy=POLICY, machine=PLEDGES)
    shown: dict[str, Any] = {"acts": acts, "Act": Act, "labels": labels, "form": form}
    shown["told"] = told = told_of([found])[found.id]
    shown |= {"warning": warning_of([told]), "reason": _reason(found, told)}
    shown |= _why_not_on(found, told, acts)
    stays = service.why_not_ended(found) is not None
    shown["became"] = steps_of(found)
    shown["acts"] = acts - {Act.COMMIT, Act.WITHDRAW, Act.DECLINE} if stays else acts
    return render_template("angels/deals/pledge.html", pledge=found, **shown, **_way_on(found))


def _why_not_on(found: Pledge, told: Told, acts: Collection[Any]) -> dict[str, Any]:
    """Why a pledge cannot go on now: its investor may not be shown the pitch, or one act is not possible."""
    is_own_live = told.side == "investor" and found.status in LIVE
    reasons = {Act.COMMIT: service.why_not_committed, Act.TAKE_UP: service.why_not_taken_up}
    return {
        "closed": service.why_closed_to_owner(found) if is_own_live else None,
        "why_not": {act: why(found) if act in acts else None for act, why in reasons.items()},
    }


def _reason(found: Pledge, told: Told) -> str:
    """Why it ended. That an investor left the network is nothing for a business that does not know who they are."""
    is_told = told.side == "investor" or told.investor or found.end_reason != LEFT
    return found.end_reason if is_told else ""


def _way_on(found: Pledge) -> dict[str, Any]:
    """What a pledge has led to: the introduction, the request about this raise, and the page on which to record more."""
    request = live_one(found.pitch_id, found.account_id)
    can_report = request is not None and POLICY.allows(current_actor(), Act.REPORT_OWN, request)
    can_report = can_report and request is not None and why_not_reported_own(request) is None
    line = queries.line_of(found.pitch_id) if found.status is PledgeStatus.WAITING else ()
    return {
        "ahead": sum(each.pledged_at < found.pledged_at for each in line),
        "meeting": queries.meeting_of(found.account_id, found.pitch.business_id),
        "request": request,
        "can_report": can_report,
    }


def _why_not(found: Pitch) -> str | None:
    return service.why_not_pledged(found) or service.why_not_theirs(found, by=current_actor())


@blueprint.route("/pitches/<uuid:pitch_id>/pledge", methods=["GET", "POST"])
@permit(Act.PLEDGE, audience=Audience.PROMOTION, load=pitch, leaves_trace=LEDGER, unless=_why_not)
def record(found: Pitch) -> ResponseReturnValue:
    """Pledge to a raise."""
    form = PledgeForm.of_request()
    return answer(
        form,
        page=lambda: not_shown_page(form, found) or _record_page(form, found),
        act=lambda: service.record(
            found, form.amount.data, is_further=form.is_further.data, by=current_actor()
        ),
        then=lambda made: saved(_words(made), PAGE, pledge_id=made[0].id),
    )


def _record_page(form: Form, found: Pitch) -> str:
    note_shown([found], Channel.PAGE)
    shown: dict[str, Any] = {"sums": queries.sums_of(found), "warning": warning(found)}
    shown["own"] = queries.own_of_pitch(found.id, private_id())
    shown |= {"place": place_of_next(found, private_id()), "labels": labels}
    return render_template("angels/deals/record.html", form=form, pitch=found, **shown)


def _words(made: Sequence[Pledge]) -> str:
    """What became of a pledge: a place in the raise, the waiting list, or a part of each."""
    if made[0].status is not PledgeStatus.PLEDGED:
        return f"Your {made[0].amount} is on the waiting list. We email you when a place becomes free."
    if len(made) == 1:
        return f"Pledge recorded: {made[0].amount}."
    return f"{made[0].amount} pledged. The other {made[1].amount} is on the waiting list."


def _moved(found: Pledge, verb: Any, words: str) -> ResponseReturnValue:
    form = Form.of_request()
    return answer(
        form,
        page=lambda: _page(found, form=form),
        act=lambda: verb(found, by=current_actor()),
        then=lambda _: saved(words, PAGE, pledge_id=found.id),
    )


@blueprint.post("/pledges/<uuid:pledge_id>/take-up")
@permit(Act.TAKE_UP, audience=Audience.MEMBER, load=queries.pledge, leaves_trace=LEDGER)
def take_up(found: Pledge) -> ResponseReturnValue:
    """Take a place that became free."""
    return _moved(found, service.take_up, "Place taken. Your pledge is recorded.")


@blueprint.post("/pledges/<uuid:pledge_id>/commit")
@permit(Act.COMMIT, audience=Audience.MEMBER, load=queries.pledge, leaves_trace=LEDGER)
def commit(found: Pledge) -> ResponseReturnValue:
    """Commit to one's pledge."""
    return _moved(found, service.commit, "Commitment recorded. We have told the business.")


@blueprint.route("/pledges/<uuid:pledge_id>/withdraw", methods=["GET", "POST"])
@permit(
    Act.WITHDRAW, audience=Audience.MEMBER, load=queries.pledge, machine=PLEDGES, unless=service.why_not_ended
)
def withdraw(found: Pledge) -> ResponseReturnValue:
    """Withdraw one's pledge, having read what is lost with it."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: _withdraw_page(form, found),
        act=lambda: service.withdraw(found, by=current_actor()),
        then=lambda _: saved("Pledge withdrawn.", PAGE, pledge_id=found.id),
    )


def _withdraw_page(form: Form, found: Pledge) -> str:
    """What is lost with a pledge, what ends with it, and what would be left below the minimum."""
    shown = {"ended": service.ended_with(found), "left": service.left_below(found)}
    return render_template("angels/deals/withdraw.html", form=form, pledge=found, **shown)


@blueprint.route("/pledges/<uuid:pledge_id>/decline", methods=["GET", "POST"])
@permit(
    Act.DECLINE, audience=Audience.MEMBER, load=queries.pledge, machine=PLEDGES, unless=service.why_not_ended
)
def decline(found: Pledge) -> ResponseReturnValue:
    """Turn a pledge down."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: render_template(
            "angels/deals/decline.html", form=form, pledge=found, also=service.also_declined(found)
        ),
        act=lambda: service.decline(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(
            "Pledge turned down. We have emailed the investor your reason.", PAGE, pledge_id=found.id
        ),
    )
