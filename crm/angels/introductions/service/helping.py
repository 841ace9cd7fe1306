"""The network's manager helps where a request waits too long: reminds the business, or ends it with a reason."""

from __future__ import annotations

from crm.angels.introductions.models import Introduction
from crm.angels.introductions.policy import POLICY
from crm.angels.introductions.service.telling import named_in, tell_investor
from crm.angels.introductions.workflow import INTRODUCTIONS, Act, IntroductionStatus
from crm.angels.investors.queries.angels import identity_of
from crm.angels.investors.rules.identity import said_in
from crm.angels.pitches.service.telling import tell_business
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.states import advance, refuse_if
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.errors import Invalid, says_something
from crm.kernel.permissions import Actor


def why_not_reminded(found: Introduction) -> str | None:
    """Why a business is not reminded now: the request waits no longer, or it was reminded today."""
    if found.status is not IntroductionStatus.REQUESTED:
        return "This request is no longer waiting for the business."
    if found.nudged_at is not None and day_of(found.nudged_at) == today():
        return (
            "You have already reminded the business today. Contact it yourself, or remind it again tomorrow."
        )
    return None


def remind(found: Introduction, *, by: Actor) -> None:
    """Remind the business of a request, once a day at most."""
    POLICY.require(by, Act.REMIND, found)
    refuse_if(why_not_reminded(found))
    audit.record(Act.REMIND, found, amend(found, nudged_at=now()), by=by)
    lapse = day_in_words(found.lapse_on)
    tell_business(found.pitch, "introduction_nudged", lapse=lapse, **named_in(found))


def end(found: Introduction, *, reason: str, by: Actor) -> None:
    """End a request that the business does not answer. Both sides are told why, and neither learns who the other is."""
    POLICY.require(by, Act.END, found)
    if not says_something(reason):
        raise Invalid("Enter a reason for the investor and the business", field="reason")
    if said_in(reason, identity_of(found.account_id)):
        raise Invalid("Leave out who the investor is: the business reads this", field="reason")
    changes = amend(found, end_reason=reason, ended_at=now()) | advance(INTRODUCTIONS, found, Act.END)
    audit.record(Act.END, found, changes, by=by)
    tell_investor(found, "introduction_ended", reason=reason)
    tell_business(found.pitch, "introduction_closed", reason=reason, **named_in(found))
