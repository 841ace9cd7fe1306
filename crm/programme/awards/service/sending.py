"""Sending a grant offer: by another person than the one who prepared it, as its preview showed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.accounts.models import Account
from crm.accounts.queries import account, people_of_business
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_previewed, require_as_shown
from crm.documents import service as documents
from crm.documents.service import Stored, Subject
from crm.figures.queries import figure_on
from crm.funding.subsidy.queries import Wanted, fit_of
from crm.funding.subsidy.rules import NOT_NOW, Past
from crm.funding.subsidy.service import giving
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, is_past, now, today
from crm.kernel.errors import Invalid
from crm.kernel.marks import mark_of
from crm.kernel.permissions import Actor
from crm.kernel.roles import Standing
from crm.notices.rules import Wording
from crm.notices.service import Extras, Reader, as_sent, queue
from crm.programme.awards.models import Award
from crm.programme.awards.policy import POLICY
from crm.programme.awards.queries import awards
from crm.programme.awards.queries.checks import Known, known
from crm.programme.awards.rules.offering import due_before_answer, said_of, told_of, why_past_fund
from crm.programme.awards.workflow import MACHINE, Act, AwardStatus
from crm.programme.cohort.queries import cohorts

DO = (
    "So you cannot accept this offer now. Look at what is counted on your page of subsidies. If something there is wrong, cancel it or "
    "declare it again; if all of it is right, write to us by the last day to accept."
)
OURS = (
    "We have to put this right: it is not about what you declared, and you have nothing to do now. If the last day to accept is near, "
    "write to us."
)
MOVE, END = "change the start date to {day} or later", "propose to withdraw this award"
ASK = "ask the business whether what it declared is right, propose to withdraw the award"
ENDING = "It is proposed to withdraw this award, so no offer of it is prepared or sent before another person decides on that."


@dataclass(frozen=True)
class Paper:
    """The letter as it leaves: its PDF in the store, and the mark of the preview that was read."""

    kept: Stored
    seen: str | None = None


def name_of_letter(found: Award) -> str:
    """How the file of a grant offer letter is called."""
    return f"Grant offer {found.application.reference}.pdf"


def preview_of(found: Award) -> str:
    """The mark of what the preview of an offer shows."""
    newest = known(found)
    return mark_of(told_of(found), newest.status if newest else "")


def why_not_checked(newest: Known | None) -> str | None:
    """Why the company is not in order for an offer by its newest check: none, too long ago, or not active."""
    return _why_unsound(newest, "no offer can be sent to it", days="offer.check_days")


def why_not_payable(found: Award) -> str | None:
    """Why nothing is paid to the company now: not checked, checked too long ago, or not active."""
    return _why_unsound(known(found), "nothing can be paid to it", days="offer.payment_check_days")


def _why_unsound(newest: Known | None, so: str, *, days: str) -> str | None:
    if newest is None:
        return "Check the company first."
    if not newest.is_sound:
        return f"The company is {said_of(newest.status)}, so {so}."
    most = int(figure_on(days, on=today()))
    if (today() - day_of(newest.at)).days > most:
        return f"The company was checked more than {most} days ago. Check it again."
    return None


def why_not_sent(found: Award, account_id: Any) -> str | None:
    """Why this person cannot send an offer now: first what keeps everybody from it, for then no other person can either."""
    why = _why_not_sent_by_any(found, account_id)
    if why is None and account_id is not None and account_id == found.prepared_by_id:
        return "You prepared this offer, so another manager or an approver sends it."
    return why or why_not_checked(known(found))


def _why_not_sent_by_any(found: Award, account_id: Any) -> str | None:
    if why_ending(found):
        return ENDING
    if is_past(found.offer_expires_on, on=today()):
        return "The last day to accept has passed. Change it before the offer is sent."
    if found.envelope is not None and why_past_fund(found.ends_on, found.envelope.ends_on):
        return "The grant would run longer than the fund that pays it. Change its end date before the offer is sent."
    if is_past(found.starts_on, on=today()):
        return "The start date has passed. Change it before the offer is sent."
    early = due_before_answer(found)
    if early is not None:
        return f"“{early.title}” is due before the last day to accept. Change one of the two days before the offer is sent."
    if account_id is not None and not owners_of(found, account_id):
        return "Nobody who owns the business has an account, so nobody could accept. Invite the owner first."
    return why_no_room(found)


def wanted_of(found: Award) -> Wanted:
    """What an offer is to give, on its start date or today where that is past, by the papers that it has."""
    day = max(today(), found.starts_on)
    return Wanted(found.business_id, found.amount, day, papers_id=found.subsidy_id)


def why_no_room(found: Award) -> str | None:
    """The same as `past_room` in a refusal."""
    past = past_room(found)
    return str(past) if past else None


def past_room(found: Award) -> Past | None:
    """Why an offer cannot be sent, or accepted once it is: with it, the enterprise of the business would pass the limit of subsidies."""
    fit = fit_of(wanted_of(found)) if found.subsidy_id is not None else None
    if fit is None or fit.over is None:
        return None
    until = found.envelope.ends_on if found.envelope else None
    is_sent = found.status is not AwardStatus.PREPARED
    do = fit.to_do(later="" if is_sent else MOVE, own=ASK if is_sent else END, until=until)
    can = "accepted" if is_sent else "sent"
    return Past(
        f"The offer cannot be {can}: it passes the limit of subsidies by {fit.over.in_full()}.", fit, do
    )


def why_not_accepted(found: Award) -> str | None:
    """The same to the business, with what it can do now."""
    fit = fit_of(wanted_of(found)) if found.subsidy_id is not None else None
    if fit is None or not fit.why_told:
        return None
    return f"{fit.why_told} {OURS if fit.why_told == NOT_NOW else DO}"


def why_ending(found: Award) -> str | None:
    """An offer whose award may be withdrawn is not sent, or sent again, meanwhile."""
    return ENDING if found.decision.withdrawal_proposed_at is not None else None


def owners_of(found: Award, sender_id: Any) -> list[Account]:
    """Who gets letters about an award: the founders who own the business; in a dry run only the person who sends (P54)."""
    if found.round.is_dry_run:
        own = account(sender_id) if sender_id else None
        return [own] if own else []
    return [each for each, held in people_of_business(found.business_id) if held.standing is Standing.OWNER]


def facts_of(found: Award) -> dict[str, Any]:
    """What every letter about an award says of it."""
    return {
        "business": found.business.name,
        "round": found.round.name,
        "reference": found.application.reference,
        "amount": found.amount.in_full(),
        "until": day_in_words(found.offer_expires_on),
        "path": f"/awards/{found.id}",
    }


def letter_of(found: Award, kind: str, **more: Any) -> Wording:
    """A letter about an award as its first reader would get it."""
    owners = owners_of(found, None)
    return as_sent(
        kind, {**facts_of(found), **more, "to_name": owners[0].name if owners else found.business.name}
    )


def tell_owners(found: Award, kind: str, *, by: Actor, **more: Any) -> int:
    """Queue a letter for the owners of the business, keep its exact text, and return how many get it."""
    readers = owners_of(found, by.account_id)
    for each in readers:
        context = {**facts_of(found), **more}
        having = Extras(context, about=("application", found.application_id))
        queue(kind, Reader(each.email, each.name, each.id), having=having)
    text = letter_of(found, kind, **more).text
    found.letters = [
        *found.letters,
        {"at": now().isoformat(), "kind": kind, "text": text, "is_sent": bool(readers)},
    ]
    return len(readers)


def offer(found: Award, paper: Paper, *, by: Actor) -> None:
    """Send the grant offer letter to the owners of the business. Its subsidy is notified in it (section 37(1))."""
    POLICY.require(by, Act.OFFER, found)
    cohorts.hold(found.decision.cohort)
    awards.hold(found)
    MACHINE.target(Act.OFFER, found.status, thing=found)
    require_as_previewed(paper.seen, preview_of(found))
    refuse_if(why_not_sent(found, by.account_id))
    kept = documents.keep(paper.kept, Subject("award", found.id), by=by)
    changes = advance(MACHINE, found, Act.OFFER)
    changes |= amend(found, offered_at=now(), offered_by_id=by.account_id, letter_key=str(kept.id))
    if found.subsidy is not None:
        giving.notify(found.subsidy, by=by)
    tell_owners(found, "award_offer", by=by)
    session().flush()
    audit.record(Act.OFFER, found, changes | {"amount": (None, found.amount)}, by=by)


def send_again(found: Award, until: date, *, version: int | None = None, by: Actor) -> None:
    """Write to the owners about an offer once more, with the same or a later last day to accept.

    Everything else in the grant offer letter stays as it was sent. A later day is reminded of anew.
    """
    POLICY.require(by, Act.SEND_AGAIN, found)
    cohorts.hold(found.decision.cohort)
    awards.hold(found)
    require_as_shown(found, version)
    refuse_if(why_ending(found))
    changes = advance(MACHINE, found, Act.SEND_AGAIN)
    before = found.offer_expires_on
    _require_later(found, until)
    changes |= amend(found, offer_expires_on=until)
    if until > before:
        amend(found, reminded_on=None)
    session().flush()
    readers = tell_owners(
        found, "award_offer_again", by=by, before=day_in_words(before) if until > before else ""
    )
    audit.record(Act.SEND_AGAIN, found, changes | {"letters": (None, readers)}, by=by)


def _require_later(found: Award, until: date) -> None:
    if until < found.offer_expires_on:
        words = f"The last day to accept must be {day_in_words(found.offer_expires_on)} or later: the business was told so"
        raise Invalid(words, field="offer_expires_on")
    if until > found.ends_on:
        words = (
            f"The last day to accept must be on or before {day_in_words(found.ends_on)}, when the grant ends"
        )
        raise Invalid(words, field="offer_expires_on")
    first = min((each.due_on for each in found.milestones), default=until)
    if found.offer_expires_on < until > first:
        words = f"The last day to accept must be on or before {day_in_words(first)}, when the first milestone is due"
        raise Invalid(words, field="offer_expires_on")
