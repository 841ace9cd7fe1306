"""An award on one page, from its offer on, for the business and for staff; and the awards of a cohort."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.policy import is_theirs
from crm.documents.queries import document_about
from crm.figures.queries import figure_on
from crm.funding.envelopes.rules import LINES
from crm.funding.payments.policy import POLICY as PAYMENTS
from crm.funding.payments.queries.details import waiting_details
from crm.funding.payments.workflow import Act as PaymentAct
from crm.funding.subsidy.queries import standing_of
from crm.kernel.clock import has_come, today
from crm.kernel.permissions import Actor, Audience
from crm.kernel.signing import require_signed
from crm.programme.awards.forms import AcceptForm, DeclineForm
from crm.programme.awards.models import Award
from crm.programme.awards.papers import told
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards as queries
from crm.programme.awards.queries.checks import checks_of, known
from crm.programme.awards.queries.closings import open_closing
from crm.programme.awards.rules import labels
from crm.programme.awards.rules.offering import said_of
from crm.programme.awards.service import answering
from crm.programme.awards.service.preparing import why_not_by_hand
from crm.programme.awards.service.sending import past_room, why_not_accepted, why_not_payable, why_not_sent
from crm.programme.awards.views.leading import ways_on
from crm.programme.awards.views.showing import over_in_words
from crm.programme.awards.views.standing import letters_about, where_to_give
from crm.programme.awards.workflow import CHECKED, MACHINE, Act, AwardStatus, why_not_answered
from crm.programme.cohort.models import Cohort
from crm.programme.cohort.policy import POLICY as COHORTS
from crm.programme.cohort.queries import cohorts
from crm.programme.cohort.queries.headroom import unfit
from crm.programme.cohort.service.deciding import why_ended_instead
from crm.programme.cohort.workflow import Act as CohortAct
from crm.web.feature import Todo
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.paging import numbered
from crm.web.parts import parts_on, story_of, todos_about
from crm.web.permit import open_acts, permits

blueprint = Blueprint("awards", __name__)
permit = permits(POLICY)
HERE = "/awards/<uuid:award_id>"
UNPAID = (AwardStatus.DECLINED, AwardStatus.LAPSED, AwardStatus.WITHDRAWN)
"""Where nothing is ever paid."""
SHOWN_FIRST = 2
"""How many of the newest steps of the story are shown at once; the earlier ones are folded."""


def to_award(words: str, found: Award) -> str:
    """The page of an award, on which to say what was done."""
    return saved(words, "awards.award", award_id=found.id)


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.award)
def award(found: Award) -> ResponseReturnValue:
    """Everything about one grant, from the application to the last claim: where it stands, what to do now, money and story."""
    shown: dict[str, Any] = {"told": told(found), "labels": labels, "Act": Act, "said_of": said_of}
    shown |= {"lines": LINES, "letters": letters_about(current_actor(), found)}
    shown |= _to_do(found) | {"story": story_of("application", found.application_id)}
    shown |= {"parts": parts_on("awards.award", found), "shown_first": SHOWN_FIRST}
    shown["ways"] = () if shown["is_own"] else ways_on(found, current_actor())
    shown |= (
        {"checks": (), "newest": None}
        if shown["is_own"]
        else {"checks": checks_of(found), "newest": known(found)}
    )
    return render_template("programme/awards/award.html", award=found, **shown)


def _to_do(found: Award) -> dict[str, Any]:
    """What this person can do about an award now, and what they wait for."""
    actor = current_actor()
    acts, is_own = open_acts(found, policy=POLICY, machine=MACHINE), is_theirs(actor, found)
    shown: dict[str, Any] = {"acts": acts, "is_own": is_own, "closing": open_closing(found.id)}
    shown |= _hindrances(found, actor, is_own=is_own)
    here = url_for("awards.award", award_id=found.id)
    waiting = todos_about("award", found.id, found.application_id, found.decision_id)
    shown["todos"] = [each for each in waiting if each.href != here and actor.seen_by is None]
    called = waiting_details(found.business_id) if is_own and found.status not in UNPAID else None
    account = _account_wanted(found, shown["todos"]) if is_own else ""
    shown |= {"called": called, "account": account, "reminds_on": _reminds_on(found)}
    return shown | {"ended": why_not_answered(found)}


def _hindrances(found: Award, actor: Actor, *, is_own: bool) -> dict[str, Any]:
    """Why this person does not send the offer, and why the award is ended rather than withdrawn."""
    is_prepared = found.status is AwardStatus.PREPARED
    is_paid = not is_prepared and found.status in CHECKED
    told: dict[str, Any] = {"why_not_payable": why_not_payable(found) if is_paid else None}
    told["why_not_sent"] = why_not_sent(found, actor.account_id) if is_prepared else None
    is_ahead = is_prepared or found.status is AwardStatus.OFFERED
    told["why_no_room"] = why_not_accepted(found) if is_own and is_ahead else None
    told["past_room"] = past_room(found) if is_ahead and not is_own else None
    told["why_not_by_hand"] = why_not_by_hand(found) if found.status in CHECKED else None
    return told | {"why_ended_instead": why_ended_instead(found.decision)}


def _account_wanted(found: Award, todos: Sequence[Todo]) -> str:
    """Where this owner enters bank details, where there are none that can be paid to and no to-do on the page asks for them."""
    if not PAYMENTS.allows(current_actor(), PaymentAct.ENTER, found):
        return ""
    _, where = where_to_give(found.business_id)
    if any(each.href == where for each in todos):
        return ""
    return where if any(each.id == found.id for each in queries.without_account([found.business_id])) else ""


def _reminds_on(found: Award) -> date | None:
    """The day on which the owners are reminded of an offer; None where they were, or where it ends too soon for it."""
    day = found.offer_expires_on - timedelta(days=int(figure_on("offer.remind_days", on=today())))
    return day if found.reminded_on is None and not has_come(day, on=today()) else None


@blueprint.get("/cohorts/<uuid:cohort_id>/awards")
@permit(Act.LIST_AWARDS, audience=Audience.INTERNAL, load=cohorts.cohort)
def of_cohort(found: Cohort) -> ResponseReturnValue:
    """The awards of a cohort with where each stands, and decisions that have no offer yet."""
    rows = queries.awards_of_cohort(found.id)
    waiting = queries.decisions_without_award([found.id])
    shown: dict[str, Any] = {"page": numbered(rows, size=100), "waiting": waiting, "labels": labels}
    shown["may_prepare"] = POLICY.allows(current_actor(), Act.PREPARE, found)
    shown["past_limit"] = {each: over_in_words(fit) for each, fit in unfit(waiting).items()}
    shown["sees_cohort"] = COHORTS.allows(current_actor(), CohortAct.VIEW, found)
    return render_template("programme/awards/of_cohort.html", cohort=found, **shown)


@blueprint.route(f"{HERE}/accept", methods=["GET", "POST"])
@permit(Act.ACCEPT, audience=Audience.MEMBER, load=queries.award, machine=MACHINE, unless=why_not_accepted)
def accept(found: Award) -> ResponseReturnValue:
    """Accept the offer by a signed name."""
    form = AcceptForm.of_request(version=found.version)
    form.states_limit = found.subsidy is not None
    form.also(lambda: require_signed(form.name.data or "", field="name", by=current_actor()), "name")
    return answer(
        form,
        page=lambda: _accept_page(form, found),
        act=lambda: answering.accept(found, form.details(), by=current_actor()),
        then=lambda _: to_award("You accepted the offer. The grant is yours to claim.", found),
    )


def _accept_page(form: Form, found: Award) -> str:
    shown: dict[str, Any] = {"told": told(found), "standing": None}
    if found.subsidy is not None:
        day = max(today(), found.subsidy.given_on)
        shown["standing"] = standing_of(found.business_id, on=day, is_told=True)
    return render_template("programme/awards/accept.html", form=form, award=found, **shown)


@blueprint.route(f"{HERE}/decline", methods=["GET", "POST"])
@permit(Act.DECLINE, audience=Audience.MEMBER, load=queries.award, machine=MACHINE)
def decline(found: Award) -> ResponseReturnValue:
    """Decline the offer with a reason."""
    form = DeclineForm.of_request(version=found.version)
    return answer(
        form,
        page=lambda: _decline_page(form, found),
        act=lambda: answering.decline(
            found, reason=form.reason.data, version=form.version.data, by=current_actor()
        ),
        then=lambda _: to_award(
            "You declined the offer. We have told the programme team, and written to you.", found
        ),
    )


def _decline_page(form: Form, found: Award) -> str:
    return render_template("programme/awards/decline.html", form=form, award=found)


def letter_of(award_id: UUID) -> Award | None:
    """An award whose letter was sent."""
    found = queries.award(award_id)
    return found if found is not None and found.letter_key else None


def stored_letter(found: Award) -> Any:
    """The document of its letter."""
    return document_about(UUID(found.letter_key), kind="award", thing_id=found.id)
