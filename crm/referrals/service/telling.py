"""Telling a business before its referral leaves: to whom, with what, and until when it can object."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from crm.audit import service as audit
from crm.audit.queries import entries_about
from crm.businesses.queries.seeing import consented, holding_consent
from crm.businesses.service.keeping import require_in_use
from crm.casework.service import stepping
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance, refuse_if, require_as_previewed
from crm.figures.queries import due_after, figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, moment_in_words, now, today
from crm.kernel.errors import Invalid
from crm.kernel.folding import same_name
from crm.kernel.permissions import SYSTEM, Actor, by_link
from crm.links.queries import dead, live_link
from crm.links.rules import Purpose
from crm.links.service import use
from crm.notices.service import Extras, LinkWanted, Reader, queue
from crm.referrals import queries
from crm.referrals.models import Referral
from crm.referrals.policy import POLICY
from crm.referrals.rules import STOPPED, STOPS_FOR_BUSINESS
from crm.referrals.service.asking import said_asked
from crm.referrals.service.preparing import pack_of
from crm.referrals.service.sending import (
    SHARING,
    has_agreed,
    holder_of,
    leave,
    preview_of,
    recipient_name,
    require_may_go,
    tell_sender,
)
from crm.referrals.workflow import REFERRALS, Act, ReferralStatus

NO_ADDRESS = "{name} has no email address, so we cannot tell them before this is sent. Add one, or choose another person"
OBJECTED = "The business asked us not to share it."


def announce(referral: Referral, to: Reader, *, seen: str | None = None, by: Actor) -> None:
    """Tell the business to whom it will be referred, with what, and until when it can object. Nothing leaves yet.

    ``to`` is who reads it at the provider, ``seen`` the mark of what the preview showed. The days to object are the figure ``referral.objection_days``.
    """
    POLICY.require(by, Act.ANNOUNCE, referral)
    require_in_use(referral.business)
    require_may_go(referral)
    require_as_previewed(seen, preview_of(referral))
    person = referral.person
    if person.email is None:
        raise Invalid(NO_ADDRESS.format(name=person.name))
    until, referral.pack = _last_day(), pack_of(referral)
    changes = advance(REFERRALS, referral, Act.ANNOUNCE)
    changes |= amend(referral, sent_to=to.address, sent_to_name=to.name, objects_until=until)
    changes |= amend(referral, told_at=now(), told_to=person.email, told_to_name=person.name)
    session().flush()
    _tell(referral, Reader(person.email, person.name), by=by)
    audit.record(Act.ANNOUNCE, referral, changes, by=by)
    if referral.service_id is not None:
        stepping.finish_asked(
            referral.business, referral.service_id, path=referral.path, answer=_settled_by(referral), by=by
        )


def _settled_by(referral: Referral) -> str:
    """What whoever asked for the same service elsewhere is told: one referral answers both."""
    until = day_in_words(referral.objects_until or today())
    return (
        f"We have prepared one referral to {recipient_name(referral)}, about {referral.subject}. It answers this request too. "
        f"We told {referral.told_to_name} what it says; your business can say yes or no until {until}."
    )


def _last_day() -> date:
    return due_after(today(), int(figure_on("referral.objection_days", on=today())))


def _tell(referral: Referral, reader: Reader, *, by: Actor) -> None:
    context = {"business_name": referral.business.name, "subject": referral.subject, "by_name": by.name}
    context |= {"to": recipient_name(referral), "until": day_in_words(referral.objects_until or today())}
    context |= {"asked": said_asked(referral), "agreed": _said_agreed(referral, reader)}
    holder, link = holder_of(referral), LinkWanted(Purpose.TOLD, str(referral.id))
    queue("referral_told", reader, having=Extras(context, link, reply_to=holder.email if holder else None))


def _said_agreed(referral: Referral, reader: Reader) -> str:
    """Who agreed that we share, as a sentence begins to whoever reads it: it need not have been them."""
    consent = holding_consent(referral.business_id, SHARING)
    if consent is None or same_name(consent.given_by) == same_name(reader.name):
        return "You agreed"
    return (
        f"{consent.given_by} agreed on {day_in_words(day_of(consent.given_at))} for {referral.business.name}"
    )


def release_or_stop() -> None:
    """Daily: send what no business objected to in time. What may not leave any more is withdrawn, and its sender told."""
    for found in queries.to_release(today()):
        stop = stop_of(found)
        if stop is None:
            leave(found, Act.RELEASE, by=SYSTEM)
        else:
            stop_it(found, STOPPED[stop])


def stop_of(found: Referral) -> str | None:
    """What stands in the way of a referral of which the business was told, as a key of `rules.STOPS`; else None."""
    return _stop_of(found, is_agreed=has_agreed(found.business_id))


def still_asked(found: Iterable[Referral]) -> list[Referral]:
    """Those of some referrals that wait for the word of the business: announced, with nothing in the way."""
    rows = [each for each in found if each.status is ReferralStatus.ANNOUNCED]
    agreed = consented(sorted({each.business_id for each in rows}), SHARING) if rows else set()
    return [each for each in rows if _stop_of(each, is_agreed=each.business_id in agreed) is None]


def _stop_of(found: Referral, *, is_agreed: bool) -> str | None:
    if found.business.is_archived:
        return "archived"
    if not is_agreed:
        return "consent"
    if found.service is None or not found.service.is_available(on=today()):
        return "closed"
    return None


def stop_it(found: Referral, reason: str) -> None:
    """Withdraw a referral that has not been sent, and tell its sender why."""
    tell_sender(found, "referral_stopped", reason=reason)
    withdraw_for(found, reason)


def withdraw_for(found: Referral, reason: str) -> None:
    """Withdraw a referral because of something else that happened."""
    changes = advance(REFERRALS, found, Act.WITHDRAW) | amend(found, reason=reason)
    audit.record(Act.WITHDRAW, found, changes, by=SYSTEM)


ANSWERS = {
    ReferralStatus.OBJECTED: (Act.OBJECT, "{who} said no on {when}, so nothing was sent."),
    ReferralStatus.WITHDRAWN: (Act.WITHDRAW, "This referral was withdrawn on {when}, so nothing is sent."),
}
SENT = (Act.AGREE, "{who} said yes on {when}, so it was sent to {to} then.")
RELEASED = (Act.RELEASE, "Nobody objected in time, so it was sent to {to} on {when}.")
ASK_ADVISER = "If that is not right, tell your adviser."


def why_not_answered(referral: Referral) -> str | None:
    """Why the business is no longer asked: who answered already, when, and what became of it."""
    if referral.status is ReferralStatus.ANNOUNCED:
        return None
    for act, words in (ANSWERS.get(referral.status, SENT), SENT, RELEASED):
        found = entries_about(referral, act=act, limit=1)
        if found:
            who, when = found[0].who or "Someone at your business", moment_in_words(found[0].at)
            return f"{words.format(who=who, when=when, to=recipient_name(referral))} {ASK_ADVISER}"
    return "This referral does not wait for your answer. Ask your adviser where it stands."


def told_by(token: str) -> Referral:
    """The referral that a business was told of, without using its link up. Raises `NotFound`."""
    return _announced(live_link(token, Purpose.TOLD).subject_id)


def _announced(subject_id: str) -> Referral:
    found = queries.referral(UUID(subject_id))
    if found is None or found.status is not ReferralStatus.ANNOUNCED:
        raise dead(Purpose.TOLD)
    return found


def agree(referral: Referral, *, by: Actor) -> None:
    """The business says yes, so the referral is sent at once."""
    POLICY.require(by, Act.AGREE, referral)
    _agree(referral, by=by)


def agree_by_link(token: str) -> None:
    """The business says yes by the link in its letter."""
    found = _announced(use(token, Purpose.TOLD))
    _agree(found, by=by_link(found.told_to_name or found.person.name))


def _agree(referral: Referral, *, by: Actor) -> None:
    REFERRALS.target(Act.AGREE, referral.status)
    refuse_if(STOPS_FOR_BUSINESS.get(stop_of(referral) or ""))
    leave(referral, Act.AGREE, by=by)


def object_to(referral: Referral, *, reason: str, by: Actor) -> None:
    """The business says no: nothing is sent, and the adviser is told."""
    POLICY.require(by, Act.OBJECT, referral)
    _object(referral, reason, by=by)


def object_by_link(token: str, reason: str) -> None:
    """The business says no by the link in its letter."""
    found = _announced(use(token, Purpose.TOLD))
    _object(found, reason, by=by_link(found.told_to_name or found.person.name))


def _object(referral: Referral, reason: str, *, by: Actor) -> None:
    who = by.name if by.account_id else referral.told_to_name
    changes = advance(REFERRALS, referral, Act.OBJECT)
    changes |= amend(referral, reason=reason.strip() or OBJECTED, answered_by=who)
    tell_sender(referral, "referral_objected", words=reason.strip())
    audit.record(Act.OBJECT, referral, changes, by=by)
