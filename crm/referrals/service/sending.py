"""Sending a referral, asking again, taking it back, opening it again: what whoever sent it does."""

from __future__ import annotations

from datetime import date

from crm.audit import service as audit
from crm.businesses.queries.seeing import holding_consent
from crm.businesses.service.keeping import require_in_use
from crm.businesses.workflow import ConsentPurpose
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance
from crm.figures.queries import due_after, figure_on
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import SYSTEM, Actor
from crm.links.rules import Purpose
from crm.notices.service import Extras, LinkWanted, Reader, queue
from crm.referrals import queries
from crm.referrals.models import Referral
from crm.referrals.policy import POLICY
from crm.referrals.service.preparing import pack_of, require_open
from crm.referrals.workflow import REFERRALS, Act

NO_CONSENT = "The business has not agreed to be passed on. Ask it, and keep its consent first"
NO_ANSWER = "There was no answer, though it was asked for again."


def send(referral: Referral, to: Reader | None, *, by: Actor) -> None:
    """Pass the business on: with its consent where it goes to a provider, with the pack as it is now, by letter.

    ``to`` is who reads it at the provider; a colleague reads it at their own address.
    """
    POLICY.require(by, Act.SEND, referral)
    require_in_use(referral.business)
    _require_may_go(referral)
    reader = _reader(referral, to)
    referral.pack, referral.due_on = pack_of(referral), _due()
    changes = advance(REFERRALS, referral, Act.SEND)
    changes |= amend(referral, sent_at=now(), sent_to=reader.address, sent_to_name=reader.name)
    session().flush()
    _write_letter(referral, "referral_sent", by_name=by.name)
    audit.record(Act.SEND, referral, changes, by=by)


def _require_may_go(referral: Referral) -> None:
    """A provider's door has to be open, and the business has to have agreed."""
    if referral.service_id is None:
        return
    require_open(referral.service_id)
    if holding_consent(referral.business_id, ConsentPurpose.SHARE_WITH_PROVIDERS) is None:
        raise Invalid(NO_CONSENT)


def _reader(referral: Referral, to: Reader | None) -> Reader:
    if referral.recipient is not None:
        return Reader(referral.recipient.email, referral.recipient.name, referral.recipient.id)
    if to is None:
        raise Invalid("Enter who reads it at the provider", field="email")
    return to


def _due() -> date:
    return due_after(today(), int(figure_on("referral.chase_days", on=today())))


def _write_letter(referral: Referral, kind: str, *, by_name: str) -> None:
    """A letter to whoever it was sent to: a colleague signs in; a provider answers by link, the newest alone works."""
    reader = Reader(referral.sent_to or "", referral.sent_to_name or "", referral.recipient_id)
    context = {"business_name": referral.business.name, "subject": referral.subject, "by_name": by_name}
    if referral.recipient_id is not None:
        queue("referral_to_colleague", reader, having=Extras(context))
        return
    queue(kind, reader, having=Extras(context, LinkWanted(Purpose.REPLY, str(referral.id))))


def chase_or_lapse() -> None:
    """Daily: ask again about each referral that was not answered in time, once for each time that it is late.

    Asked so often without an answer, it lapses and goes back to whoever sent it. A day on which nobody did this is
    caught up the next: what counts is the day on which an answer was due.
    """
    for found in queries.to_chase(today()):
        if queries.may_be_chased(found):
            _chase(found)
        else:
            _lapse(found)


def _chase(found: Referral) -> None:
    changes = amend(found, chases=found.chases + 1, due_on=_due())
    _write_letter(found, "referral_chased", by_name=found.sender.name if found.sender else "Your Growth Hub")
    audit.record(Act.CHASE, found, changes, by=SYSTEM)


def _lapse(found: Referral) -> None:
    changes = advance(REFERRALS, found, Act.LAPSE) | amend(found, reason=NO_ANSWER)
    tell_sender(found, "referral_lapsed")
    audit.record(Act.LAPSE, found, changes, by=SYSTEM)


def tell_sender(referral: Referral, kind: str, **told: str) -> None:
    """A letter to the adviser who passed the business on: it came back, or came to something."""
    sender = referral.sender
    if sender is None:
        return
    context = {
        "business_name": referral.business.name,
        "subject": referral.subject,
        "to": recipient_name(referral),
    }
    queue(kind, Reader(sender.email, sender.name, sender.id), having=Extras(context | told))


def recipient_name(referral: Referral) -> str:
    """To whom it goes, in words."""
    if referral.service is not None:
        return f"{referral.service.provider.name} ({referral.service.name})"
    return referral.recipient.name if referral.recipient else ""


def withdraw(referral: Referral, *, reason: str, by: Actor) -> None:
    """Take a referral back, with the reason; its link opens nothing any more."""
    POLICY.require(by, Act.WITHDRAW, referral)
    changes = advance(REFERRALS, referral, Act.WITHDRAW) | amend(referral, reason=reason)
    audit.record(Act.WITHDRAW, referral, changes, by=by)


def reopen(referral: Referral, *, note: str, by: Actor) -> None:
    """Open a referral that was declined, withdrawn or not answered, with a note, and ask for an answer again."""
    POLICY.require(by, Act.REOPEN, referral)
    require_in_use(referral.business)
    if referral.sent_at is None:
        raise Invalid("This was never sent. Prepare a new one")
    _require_may_go(referral)
    changes = advance(REFERRALS, referral, Act.REOPEN)
    changes |= amend(referral, reason="", chases=0, due_on=_due(), answered_at=None)
    changes["note"] = (None, note)
    _write_letter(referral, "referral_sent", by_name=by.name)
    audit.record(Act.REOPEN, referral, changes, by=by)
