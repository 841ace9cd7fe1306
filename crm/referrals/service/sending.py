"""Sending a referral, chasing, withdrawing and reopening it: what its sender does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import colleagues
from crm.accounts.workflow import AccountStatus
from crm.audit import service as audit
from crm.businesses.queries.seeing import holding_consent
from crm.businesses.service.keeping import require_in_use
from crm.businesses.workflow import ConsentPurpose
from crm.db.changes import amend
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_previewed
from crm.figures.queries import due_after, figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid
from crm.kernel.marks import mark_of
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.roles import Role
from crm.links.rules import Purpose
from crm.notices.service import Extras, LinkWanted, Reader, queue
from crm.referrals import queries
from crm.referrals.models import Referral
from crm.referrals.policy import POLICY
from crm.referrals.rules import Source
from crm.referrals.service.preparing import pack_of, require_open
from crm.referrals.workflow import REFERRALS, Act, Look, why_not_send

SHARING = ConsentPurpose.SHARE_WITH_PROVIDERS
NO_CONSENT = "The business has not agreed to be referred. Ask it, and record its consent first"
NO_ANSWER = "There was no answer, though it was asked for again."
OF_ONE_SENDING = (
    *("told_at", "told_to", "told_to_name", "objects_until", "sent_at", "sent_to", "sent_to_name"),
    *("due_on", "answered_at", "answered_by"),
)
"""What belongs to one sending of a referral, and not to the draft that it was."""


def send(referral: Referral, *, seen: str | None = None, by: Actor) -> None:
    """Send a referral to a colleague, with the pack as it is now. One to a provider leaves once the business was told.

    ``seen`` is the mark of what the preview showed; None where there was none.
    """
    POLICY.require(by, Act.SEND, referral)
    require_in_use(referral.business)
    refuse_if(why_not_send(referral))
    refuse_if(why_source_gone(referral))
    require_as_previewed(seen, preview_of(referral))
    reader = referral.recipient
    assert reader is not None
    referral.pack = pack_of(referral)
    leave(referral, Act.SEND, by=by, sent_to=reader.email, sent_to_name=reader.name)


def leave(referral: Referral, act: Act, *, by: Actor, **fields: Any) -> None:
    """Let a referral out, by email: an answer is due from now on."""
    fields |= {"sent_at": now(), "due_on": _due()}
    changes = advance(REFERRALS, referral, act) | amend(referral, **fields)
    session().flush()
    _write_letter(referral, "referral_sent", by_name=referral.holder.name if referral.holder else by.name)
    audit.record(act, referral, changes, by=by)


def require_may_go(referral: Referral) -> None:
    """A provider's door has to be open, the business has to have agreed, and what it was drafted from has to hold."""
    if referral.service_id is None:
        return
    refuse_if(why_source_gone(referral))
    require_open(referral.service_id)
    if not has_agreed(referral.business_id):
        raise Invalid(NO_CONSENT)


def has_agreed(business_id: UUID) -> bool:
    """Whether a business has agreed to be referred to other organisations, and still does."""
    return holding_consent(business_id, SHARING) is not None


def why_source_gone(referral: Referral) -> str | None:
    """Why a referral cannot go on or start again: what it was drafted from was withdrawn. A room above says so."""
    if not referral.path:
        return None
    source = Source(referral)
    follow(Look.SOURCE, source, by=SYSTEM)
    return source.gone


def why_not_agreed(referral: Referral) -> str | None:
    """Why a draft to a provider cannot be told of yet; a colleague is no other organisation."""
    return None if referral.service_id is None or has_agreed(referral.business_id) else f"{NO_CONSENT}."


def _due() -> date:
    return due_after(today(), int(figure_on("referral.chase_days", on=today())))


def _write_letter(referral: Referral, kind: str, *, by_name: str) -> None:
    """A letter to whoever it was sent to: a colleague signs in; a provider answers by link, the newest alone works."""
    reader = Reader(referral.sent_to or "", referral.sent_to_name or "", referral.recipient_id)
    context = {"business_name": referral.business.name, "subject": referral.subject, "by_name": by_name}
    context |= {"due": day_in_words(referral.due_on or today()), "path": path_of(referral)}
    context["service"] = referral.service.name if referral.service else ""
    if referral.recipient_id is not None:
        queue("referral_to_colleague", reader, having=Extras(context))
        return
    queue(kind, reader, having=to_provider(referral, context))


def holder_of(referral: Referral) -> Account | None:
    """Who sees a referral through now: its sender or the colleague it was handed to, else a manager of the hub."""
    holder = referral.holder
    if holder is not None and holder.status is AccountStatus.ACTIVE:
        return holder
    hub_id = referral.business.hub_id
    managers = colleagues(hub_id, roles=(Role.HUB_MANAGER,)) if hub_id else ()
    return managers[0] if managers else None


def to_provider(referral: Referral, context: Mapping[str, Any]) -> Extras:
    """What a letter to a provider has: its link, and the colleague of ours whom its reader can ask now."""
    holder = holder_of(referral)
    named = {
        "by_name": holder.name if holder else "Your Growth Hub",
        "by_email": holder.email if holder else "",
    }
    link = LinkWanted(Purpose.REPLY, str(referral.id))
    return Extras({**context, **named}, link, reply_to=holder.email if holder else None)


def path_of(referral: Referral) -> str:
    """The address of a referral's page, for a letter to staff."""
    return f"/referrals/{referral.id}"


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
    _write_letter(found, "referral_chased", by_name=found.holder.name if found.holder else "Your Growth Hub")
    audit.record(Act.CHASE, found, changes, by=SYSTEM)


def _lapse(found: Referral) -> None:
    changes = advance(REFERRALS, found, Act.LAPSE) | amend(found, reason=NO_ANSWER)
    tell_sender(found, "referral_lapsed")
    audit.record(Act.LAPSE, found, changes, by=SYSTEM)


def tell_sender(referral: Referral, kind: str, **told: str) -> None:
    """A letter to the adviser who passed the business on, or who has it now: it came back, or came to something."""
    holder = holder_of(referral)
    if holder is None:
        return
    context = {
        "business_name": referral.business.name,
        "subject": referral.subject,
        "to": recipient_name(referral),
        "path": path_of(referral),
    }
    queue(kind, Reader(holder.email, holder.name, holder.id), having=Extras(context | told))


def tell_business(referral: Referral, kind: str, **told: str) -> None:
    """A letter to the person at the business who was told of the referral: what the provider answered."""
    person, holder = referral.person, holder_of(referral)
    if person.email is None or referral.service_id is None:
        return
    context = {"business_name": referral.business.name, "subject": referral.subject}
    context |= {"to": recipient_name(referral), "by_name": holder.name if holder else ""}
    having = Extras(context | told, reply_to=holder.email if holder else None)
    queue(kind, Reader(person.email, person.name), having=having)


def recipient_name(referral: Referral) -> str:
    """To whom it goes, in words."""
    if referral.service is not None:
        provider, name = referral.service.provider.name, referral.service.name
        return name if name.startswith(f"{provider} ") else f"{provider}: {name}"
    return referral.recipient.name if referral.recipient else ""


def shown_of(referral: Referral) -> dict[str, Any]:
    """What the preview of a draft shows: to whom it goes, every word of it, and how many days the business can object."""
    days = figure_on("referral.objection_days", on=today())
    return {"to": recipient_name(referral), "pack": pack_of(referral), "days": days}


def preview_of(referral: Referral) -> str:
    """The mark of what the preview of a draft shows."""
    return mark_of(referral.service_id, referral.recipient_id, shown_of(referral))


def withdraw(referral: Referral, *, reason: str, by: Actor) -> None:
    """Withdraw a referral, with the reason; its links no longer open anything."""
    POLICY.require(by, Act.WITHDRAW, referral)
    changes = advance(REFERRALS, referral, Act.WITHDRAW)
    changes |= amend(referral, reason=reason, answered_by=by.name)
    audit.record(Act.WITHDRAW, referral, changes, by=by)


def reopen(referral: Referral, *, note: str, by: Actor) -> None:
    """Make a referral that was declined, withdrawn or not answered a draft again, with a note. Nothing leaves.

    One whose source was withdrawn stays closed: it would say what the business took back. Else it is previewed and sent as any draft is,
    so the business is told again before a provider is.
    """
    POLICY.require(by, Act.REOPEN, referral)
    require_in_use(referral.business)
    refuse_if(why_source_gone(referral))
    changes = advance(REFERRALS, referral, Act.REOPEN)
    changes |= amend(referral, reason="", chases=0, **dict.fromkeys(OF_ONE_SENDING))
    referral.pack = None
    changes["note"] = (None, note)
    audit.record(Act.REOPEN, referral, changes, by=by)


def close(referral: Referral, *, by: Actor) -> None:
    """Put a referral that came back to rest: it asks nothing of its sender any longer. Its reason stays."""
    POLICY.require(by, Act.CLOSE, referral)
    audit.record(Act.CLOSE, referral, advance(REFERRALS, referral, Act.CLOSE), by=by)
