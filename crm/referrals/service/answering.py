"""Answering a referral: taken on, declined, brought to an end; and whether the business says that it helped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.service.keeping import share
from crm.casework.queries import read_again as read_conversation_again
from crm.casework.queries import team_hub_of
from crm.casework.rules import QUARTERS_A_DAY
from crm.casework.service import conversing
from crm.casework.service.conversing import ConversationDetails
from crm.db.changes import Changes, amend
from crm.db.states import advance, refuse_if
from crm.evidence.service.counting import count_once
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.errors import Invalid, says_something
from crm.kernel.measures import in_hours
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor, by_link
from crm.links.queries import dead, live_link
from crm.links.rules import Purpose
from crm.links.service import use
from crm.notices.service import Extras, LinkWanted, Reader, queue
from crm.referrals import queries
from crm.referrals.models import Referral
from crm.referrals.policy import POLICY
from crm.referrals.rules import OUTCOMES, joined
from crm.referrals.service.sending import holder_of, recipient_name, tell_business, tell_sender, to_provider
from crm.referrals.workflow import (
    OUTSTANDING,
    REFERRALS,
    Act,
    Outcome,
    ReferralStatus,
    why_not_say_helped,
)


@dataclass(frozen=True)
class Came:
    """What came of a referral. ``quarters`` are quarter-hours of help, ``value`` what the help was worth."""

    outcome: Outcome
    note_to_business: str = ""
    quarters: int | None = None
    value: Money | None = None


@dataclass(frozen=True)
class Help:
    """Whether a business says that it was helped, and its words."""

    helped: bool
    note: str = ""


def accept(referral: Referral, *, by: Actor) -> None:
    """Take a business on. A colleague's hub sees its record from then on."""
    POLICY.require(by, Act.ACCEPT, referral)
    _accept(referral, by=by)


def _accept(referral: Referral, *, by: Actor) -> None:
    _move(referral, Act.ACCEPT, {}, by=by)
    tell_sender(referral, "referral_taken_on")
    tell_business(referral, "referral_begins")
    if referral.recipient_id is not None:
        _share_with_hub_of(referral, referral.recipient_id)
        return
    context = {"business_name": referral.business.name, "subject": referral.subject}
    reader = Reader(referral.sent_to or "", referral.sent_to_name or "")
    queue("referral_accepted", reader, having=to_provider(referral, context))


def _share_with_hub_of(referral: Referral, account_id: UUID) -> None:
    """The recipient's hub sees the business from now on: they cannot help what they cannot see."""
    hub_id = team_hub_of(account_id, on=today())
    if hub_id is not None and str(hub_id) not in referral.business.hub_ids(on=today()):
        share(referral.business, hub_id, reason=f"Passed on: {referral.subject}"[:500], by=SYSTEM)


def start(referral: Referral, *, by: Actor) -> None:
    """Say that help is under way."""
    POLICY.require(by, Act.START, referral)
    _move(referral, Act.START, {}, by=by)


def decline(referral: Referral, *, reason: str, by: Actor) -> None:
    """Turn a business down, with the reason: whoever sent it is told, and finds it in their queue again."""
    POLICY.require(by, Act.DECLINE, referral)
    _decline(referral, reason, by=by)


def _decline(referral: Referral, reason: str, *, by: Actor) -> None:
    if not says_something(reason):
        raise Invalid("Say why: it helps to find something that fits", field="reason")
    had_accepted = "yes" if referral.status in (ReferralStatus.ACCEPTED, ReferralStatus.UNDER_WAY) else ""
    _move(referral, Act.DECLINE, {"reason": reason}, by=by)
    tell_sender(referral, "referral_declined", reason=reason, had_accepted=had_accepted)
    tell_business(referral, "referral_not_taken", had_accepted=had_accepted)


def _move(referral: Referral, act: Act, fields: Mapping[str, Any], *, by: Actor) -> None:
    changes: Changes = advance(REFERRALS, referral, act)
    changes |= amend(referral, **fields, answered_at=referral.answered_at or now())
    changes |= amend(referral, answered_by=by.name if by.account_id else provider_of(referral))
    audit.record(act, referral, changes, by=by)


def provider_of(referral: Referral) -> str:
    """Who answers by the link: its reader, for the provider."""
    provider = referral.service.provider.name if referral.service else ""
    return joined((referral.sent_to_name, provider))[:200] or "The provider"


def complete(referral: Referral, came: Came, *, by: Actor) -> None:
    """Say what came of it; the business is asked whether it was helped. Once, by whoever has the right."""
    POLICY.require(by, Act.COMPLETE, referral)
    if referral.recipient_id is not None:
        raise Invalid("A colleague completes it by the conversation that came of it")
    _complete(referral, came, by=by)


def _require_within_days(referral: Referral, quarters: int | None) -> None:
    """Refuse more hours of help than there were in the days since the referral was sent, today included."""
    REFERRALS.target(Act.COMPLETE, referral.status)  # only one that was sent has such a day
    assert referral.sent_at is not None
    days = (today() - day_of(referral.sent_at)).days + 1
    if quarters is not None and quarters > days * QUARTERS_A_DAY:
        since = day_in_words(day_of(referral.sent_at))
        raise Invalid(
            f"A day has 24 hours: since the referral was sent on {since}, it can be {days * 24} hours at most",
            field="quarters",
        )


def _complete(referral: Referral, came: Came, *, by: Actor) -> None:
    _require_within_days(referral, came.quarters)
    who = by.name if by.account_id else provider_of(referral)
    fields: dict[str, Any] = {"outcome": came.outcome, "note_to_business": came.note_to_business}
    fields |= {"quarters": came.quarters, "value": came.value}
    fields |= {"completed_at": now(), "completed_by": who, "completed_by_id": by.account_id}
    _move(referral, Act.COMPLETE, fields, by=by)
    _tell_what_came(referral, by=by)


def _tell_what_came(referral: Referral, *, by: Actor) -> None:
    """Tell the sender, and ask the business whether it helped. Where one of our staff recorded it, the letters name them."""
    recorded_by = by.name if by.account_id else ""
    holder = holder_of(referral)
    if holder is None or holder.id != by.account_id:
        tell_sender(referral, "referral_completed", recorded_by=recorded_by)
    _ask_whether_helped(referral, recorded_by=recorded_by)


def _ask_whether_helped(referral: Referral, *, recorded_by: str) -> None:
    person = referral.person
    if person.email is None:
        return
    context = {
        "business_name": referral.business.name,
        "to": recipient_name(referral),
        "note": referral.note_to_business,
        "came": _recorded(referral),
        "recorded_by": "" if referral.recipient_id else recorded_by,
    }
    having = Extras(context, LinkWanted(Purpose.HELPED, str(referral.id)))
    queue("referral_helped", Reader(person.email, person.name), having=having)


def _recorded(referral: Referral) -> str:
    """What was recorded of a referral, in a line: "The business was given money: 6 hours of help, worth £2,250"."""
    hours = f"{in_hours(referral.quarters)} of help" if referral.quarters else ""
    told = [hours, f"worth {referral.value}" if referral.value else ""]
    words = OUTCOMES[referral.outcome] if referral.outcome else ""
    return ": ".join(filter(None, (words, ", ".join(filter(None, told)))))


def complete_with_conversation(referral: Referral, details: ConversationDetails, *, by: Actor) -> None:
    """Complete what was sent to a colleague by the conversation that they had: one, on the business referred."""
    POLICY.require(by, Act.COMPLETE, referral)
    if referral.status not in OUTSTANDING:
        REFERRALS.target(Act.COMPLETE, referral.status)
    if referral.recipient_id is not None:
        _share_with_hub_of(referral, referral.recipient_id)
    made = conversing.record(referral.business, details, by=by)
    read_conversation_again(made)
    conversing.complete(made, by=by)
    fields: dict[str, Any] = {
        "outcome": Outcome.HELPED,
        "conversation_id": made.id,
        "quarters": details.quarters,
    }
    fields |= {"completed_at": now(), "completed_by": by.name, "completed_by_id": by.account_id}
    _move(referral, Act.COMPLETE, fields, by=by)
    _tell_what_came(referral, by=by)


def replied_to(token: str) -> Referral:
    """The referral that a provider's link is about, without using it up. Raises `NotFound`."""
    return _outstanding(live_link(token, Purpose.REPLY).subject_id)


def _outstanding(subject_id: str) -> Referral:
    found = queries.referral(UUID(subject_id))
    if found is None or found.status not in OUTSTANDING:
        raise dead(Purpose.REPLY)
    return found


def accept_by_link(token: str) -> Referral:
    """Take a business on by the link, which works once: a new one comes by email for what follows."""
    found = _outstanding(use(token, Purpose.REPLY))
    _accept(found, by=by_link(provider_of(found)))
    return found


def decline_by_link(token: str, reason: str) -> Referral:
    """Turn a business down by the link, with the reason."""
    found = _outstanding(use(token, Purpose.REPLY))
    _decline(found, reason, by=by_link(provider_of(found)))
    return found


def complete_by_link(token: str, came: Came) -> Referral:
    """Say by the link what came of it."""
    found = _outstanding(use(token, Purpose.REPLY))
    _complete(found, came, by=by_link(provider_of(found)))
    return found


def asked_whether_helped(token: str) -> Referral:
    """The referral that the business is asked about, without using the link up. Raises `NotFound`."""
    return _helped(live_link(token, Purpose.HELPED).subject_id)


def _helped(subject_id: str) -> Referral:
    found = queries.referral(UUID(subject_id))
    if found is None:
        raise dead(Purpose.HELPED)
    return found


def say_by_link(token: str, told: Help) -> Referral:
    """Keep whether the business was helped, by the link in its letter, which works once."""
    found = _helped(use(token, Purpose.HELPED))
    _say(found, told, by=by_link(found.told_to_name or found.person.name))
    return found


def say(referral: Referral, told: Help, *, by: Actor) -> None:
    """Keep whether the business was helped, as its founder says."""
    POLICY.require(by, Act.SAY_HELPED, referral)
    _say(referral, told, by=by)


def _say(referral: Referral, told: Help, *, by: Actor) -> None:
    """Once, and never again: what was said is told to the adviser."""
    refuse_if(why_not_say_helped(referral))
    changes = amend(referral, helped=told.helped, helped_at=now(), helped_note=told.note)
    audit.record(Act.SAY_HELPED, referral, changes, by=by)
    if told.helped:
        proof = f"{recipient_name(referral)}: the business says that it helped."
        count_once(referral.business, "referral_helped", proof=proof, by=SYSTEM)
    tell_sender(referral, "referral_answered", answer="yes" if told.helped else "no", words=told.note)
