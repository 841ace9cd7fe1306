"""A business withdraws its agreement to be referred: who holds what we shared is told once, and asked to delete it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.businesses.models import Consent
from crm.businesses.queries.seeing import consents_of
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, today
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue
from crm.referrals import queries
from crm.referrals.models import Referral
from crm.referrals.service.sending import SHARING, holder_of, recipient_name, tell_sender
from crm.referrals.service.telling import withdraw_for
from crm.referrals.workflow import ReferralStatus

ENDED = "The business withdrew its agreement to be referred. We told the provider."


def held_under(consent: Consent) -> dict[str, list[Referral]]:
    """By the address of each provider, what was shared with it under this consent: who was told of an earlier end is not again."""
    if consent.purpose is not SHARING:
        return {}
    ends = [
        each.withdrawn_at
        for each in consents_of(consent.business_id)
        if each.purpose is SHARING and each.id != consent.id and each.withdrawn_at
    ]
    found: dict[str, list[Referral]] = {}
    for each in queries.sent_to_providers(consent.business_id, after=max(ends, default=None)):
        if each.sent_to:
            found.setdefault(each.sent_to, []).append(each)
    return found


def tell_holders(consent: Consent, *, by: Actor) -> None:
    """Tell each provider that holds what we shared that the agreement has ended, and what we ask; unanswered referrals end."""
    for address, shared in held_under(consent).items():
        _tell_provider(address, shared, by=by)
        for each in shared:
            if each.status is ReferralStatus.SENT:
                withdraw_for(each, ENDED)
            if each.is_outstanding or each.reason == ENDED:
                tell_sender(each, "referral_consent_withdrawn", day=day_in_words(today()))


def _tell_provider(address: str, shared: Sequence[Referral], *, by: Actor) -> None:
    last = shared[-1]
    holder = holder_of(last)
    context: dict[str, Any] = {"business_name": last.business.name, "day": day_in_words(today())}
    context["shared"] = [
        {"subject": each.subject, "day": day_in_words(day_of(each.sent_at)) if each.sent_at else ""}
        for each in shared
    ]
    context |= {"by_name": holder.name if holder else by.name, "by_email": holder.email if holder else ""}
    told = Extras(context, reply_to=holder.email if holder else None, about=("referral", last.id))
    queue("referral_consent_ended", Reader(address, last.sent_to_name or recipient_name(last)), having=told)
