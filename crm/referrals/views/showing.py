"""What referrals show elsewhere: on the desk, on the page of a business, on its timeline."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import url_for

from crm.audit.models import AuditEntry
from crm.audit.queries import acts_on
from crm.businesses.models import Business, Consent
from crm.businesses.policy import HUB_ROLES, SEE_ALL
from crm.businesses.queries.seeing import own_ids, person_to_name
from crm.figures.queries import figure_on
from crm.kernel.clock import day_of, now, today
from crm.kernel.permissions import Actor
from crm.referrals import queries, rules
from crm.referrals.models import Referral
from crm.referrals.policy import POLICY
from crm.referrals.service import asking
from crm.referrals.service.ending import held_under
from crm.referrals.service.sending import SHARING, recipient_name
from crm.referrals.service.telling import still_asked
from crm.referrals.workflow import Act, ReferralStatus
from crm.web.feature import Case, Held, Todo, counted_todo
from crm.web.telling import Happening

TURNS = {
    "announce_referral": "Told about a referral to {to}",
    "object_to_referral": "The business asked us not to refer it to {to}",
    "send_referral": "Referred to {to}",
    "release_referral": "Referred to {to}",
    "agree_to_referral": "Agreed to, and referred to {to}",
    "accept_referral": "{to} accepted the referral",
    "start_referral": "{to} started to help",
    "complete_referral": "{to} recorded the outcome",
    "decline_referral": "{to} declined the referral",
    "lapse_referral": "The referral to {to} lapsed: no answer",
    "withdraw_referral": "The referral to {to} was withdrawn",
    "reopen_referral": "The referral to {to} was reopened",
    "close_referral": "The referral to {to} was closed",
}
TURNS_TOLD = TURNS | {
    "object_to_referral": "You said no to a referral to {to}",
    "agree_to_referral": "You said yes, and we referred you to {to}",
}
"""The same, for the business itself."""
BY_RECIPIENT = frozenset({"accept_referral", "start_referral", "complete_referral", "decline_referral"})
BY_BUSINESS = frozenset({"agree_to_referral", "object_to_referral"})
WAITING_IN_WORDS = {
    "for_me": ("referral is waiting for your answer", "referrals are waiting for your answer"),
    "my_late": (
        "answer to a referral you follow up is overdue",
        "answers to referrals you follow up are overdue",
    ),
    "my_back": ("referral you follow up was not taken up", "referrals you follow up were not taken up"),
    "my_drafts": ("draft of a referral is not sent", "drafts of referrals are not sent"),
}


def referrals_to_settle(actor: Actor) -> tuple[Todo, ...]:
    """What was sent to this person, what of theirs is late for an answer, what came back, and what is not sent."""
    counts = queries.count_for_desk(actor)
    return tuple(
        todo for show, words in WAITING_IN_WORDS.items() for todo in _waiting(counts[show], show, words)
    )


def _waiting(count: int, show: str, words: tuple[str, str]) -> tuple[Todo, ...]:
    href = url_for("referrals.referrals", show=show)
    return counted_todo(count, words, href=href, is_overdue=show == "my_late")


def referrals_gone_silent(actor: Actor) -> tuple[Todo, ...]:
    """Referrals of this person that were accepted and have had no outcome since."""
    silent = timedelta(days=int(figure_on("referral.silent_days", on=today())))
    return tuple(
        Todo(
            f"Ask {recipient_name(each)} what came of the referral",
            None,
            url_for("referrals.referral", referral_id=each.id),
            about=each.business.name,
            since=day_of(each.answered_at) if each.answered_at else None,
        )
        for each in queries.gone_silent(actor, before=now() - silent)
    )


def in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """The referrals that some people sent or received and have to see to an end."""
    for each in queries.in_hand_of(account_ids):
        title = f"{each.business.name}, to {recipient_name(each)}: {each.subject}"
        href = url_for("referrals.referral", referral_id=each.id)
        due = each.due_on if each.status is ReferralStatus.SENT else None
        case = Case(each.id, title, href, each.business.hub_ids(on=today()), due)
        for holder in {each.holder_id, each.recipient_id} & set(account_ids):
            if holder is not None:
                yield holder, case


def help_to_say(actor: Actor) -> tuple[Todo, ...]:
    """For founders: whether whom they were referred to has helped."""
    own = own_ids(actor)
    waiting = [each for each in (queries.referrals_from(own) if own else ()) if _is_asked(each)]
    return tuple(
        Todo(
            f"Say whether {recipient_name(each)} helped",
            None,
            url_for("reply.say_helped", referral_id=each.id),
        )
        for each in waiting
    )


def referrals_to_decide(actor: Actor) -> tuple[Todo, ...]:
    """For founders: the referrals that they were told of, can still stop, and that would be sent."""
    own = own_ids(actor)
    known = queries.referrals_from(own) if own else ()
    return tuple(_to_decide(each) for each in still_asked(known))


def _to_decide(found: Referral) -> Todo:
    return Todo(
        f"Say whether we can refer you to {recipient_name(found)}",
        None,
        url_for("reply.object_to", referral_id=found.id),
        about=found.business.name,
        due=found.objects_until,
    )


def _is_asked(found: Referral) -> bool:
    return found.completed_at is not None and found.helped is None


def links(kind: str, thing_id: UUID) -> list[tuple[str, str]]:
    """From a conversation to the referral that it completed."""
    found = queries.referral_with(thing_id) if kind == "conversation" else None
    if found is None:
        return []
    sender = found.sender.name if found.sender else "A colleague"
    return [
        (f"{sender} passed this on: {found.subject}", url_for("referrals.referral", referral_id=found.id))
    ]


def load_referrals(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """To whom a business was passed on: for staff with the way to each, for founders where each stands."""
    is_staff = actor.has(*HUB_ROLES, *SEE_ALL)
    rows = [each for each in queries.referrals_of(found.id) if is_staff or each.is_known]
    can_draft = not found.is_archived and POLICY.allows(actor, Act.DRAFT, found)
    requests = asking.requests_of(found)
    if not rows and not can_draft and not requests:
        return None
    told: dict[str, Any] = {"business": found, "is_staff": is_staff, "can_draft": can_draft}
    told |= {"requests": requests, "agrees": not requests or asking.may_be_passed_on(found)}
    told["lacks_person"] = can_draft and person_to_name(found.id) is None
    return told | _rows(rows)


def load_home(actor: Actor) -> Mapping[str, Any] | None:
    """To whom a founder's businesses were passed on."""
    own = own_ids(actor)
    rows = queries.referrals_from(own) if own else ()
    return {"is_staff": False, "can_draft": False, "lacks_person": False} | _rows(rows) if rows else None


def _rows(found: Sequence[Referral]) -> dict[str, Any]:
    """Referrals with their receivers, and which of them the business can still answer."""
    asked = {each.id for each in still_asked(found)}
    return {"rows": [(each, recipient_name(each)) for each in found], "asked": asked, "rules": rules}


def timeline(actor: Actor, business_id: UUID, _most: int) -> list[Happening]:
    """Every turn of a business's referrals: told, sent, answered, closed, completed, and whether it helped."""
    is_staff = actor.has(*HUB_ROLES, *SEE_ALL)
    rows = {str(each.id): each for each in queries.referrals_of(business_id) if is_staff or each.is_known}
    turns = acts_on("referral", [each.id for each in rows.values()]) if rows else ()
    found = [_turn(each, rows[each.thing_id], is_staff=is_staff) for each in turns if each.act in TURNS]
    return [
        *found,
        *(_helped(each, is_staff=is_staff) for each in rows.values() if each.helped_at is not None),
    ]


def _turn(entry: AuditEntry, found: Referral, *, is_staff: bool) -> Happening:
    """One turn. Whoever answers by the link in a letter has no account: it was the provider."""
    to = recipient_name(found)
    by = entry.actor_name or _by_link(entry.act, found, to)
    words = (TURNS if is_staff else TURNS_TOLD)[entry.act]
    return Happening(entry.at, words.format(to=to), by, _href(found, is_staff=is_staff))


def _by_link(act: str, found: Referral, to: str) -> str:
    if act in BY_BUSINESS:
        return found.told_to_name or ""
    return (found.answered_by or to) if act in BY_RECIPIENT else ""


def _helped(found: Referral, *, is_staff: bool) -> Happening:
    words = "helped" if found.helped else "did not help"
    title = f"{'The business' if is_staff else 'You'} said that {recipient_name(found)} {words}"
    return Happening(found.helped_at or now(), title, href=_href(found, is_staff=is_staff))


def _href(found: Referral, *, is_staff: bool) -> str:
    return url_for("referrals.referral", referral_id=found.id) if is_staff else ""


def load_consent_ends(actor: Actor, consent: Consent) -> dict[str, Any] | None:
    """Who is told that a business no longer agrees to be referred."""
    if consent.purpose is not SHARING:
        return None
    held = [
        {"name": recipient_name(each), "day": day_of(each.sent_at)}
        for shared in held_under(consent).values()
        for each in shared
        if each.sent_at
    ]
    return {"holders": held, "is_staff": actor.has(*SEE_ALL, *HUB_ROLES)}
