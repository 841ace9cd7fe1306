"""What the network shows about investors on the desk."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for

from crm.accounts.models import Account
from crm.angels.investors.policy import POLICY, own_admission
from crm.angels.investors.queries import angels
from crm.angels.investors.rules import labels
from crm.angels.investors.rules.gate import Admission, Closed, why_closed
from crm.angels.investors.workflow import Act, AngelStatus
from crm.billing.queries import (
    in_grace,
    membership_of,
    payments_on_their_way,
    renewals_of,
    renewing_accounts,
)
from crm.billing.rules import Membership
from crm.billing.service.asking_back import may_ask_back
from crm.figures.queries import figure_on
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.kernel.roles import Role
from crm.web.feature import Hit, Todo, counted_todo
from crm.web.finding import first_of
from crm.web.telling import Stand

FOUND_AT_ONCE = 5
TO_CERTIFY = (Closed.NOT_CERTIFIED, Closed.EXPIRED, Closed.REVOKED)


def find(actor: Actor, words: str) -> list[Hit]:
    """The investors whose name, email or telephone has these words, for those who may list them."""
    rows = angels.called(words, most=FOUND_AT_ONCE + 1) if POLICY.allows(actor, Act.LIST_ANGELS) else ()
    hits = [
        Hit(each.name, "Investors", url_for("angels.angel", angel_id=each.id), each.email) for each in rows
    ]
    return first_of(hits, FOUND_AT_ONCE, every=url_for("angels.all_angels", q=words))


def applicants(_actor: Actor) -> tuple[Todo, ...]:
    """Applications that wait for a decision."""
    waiting = angels.count_waiting()
    href = url_for("angels.all_angels", status="applied")
    return counted_todo(waiting, ("investor application", "investor applications"), href=href)


def certificates_to_confirm(actor: Actor) -> tuple[Todo, ...]:
    """Certificates of an authorised person that are attached and not confirmed, but for this person's own."""
    found = (each for each in angels.certificates_waiting(today()) if each.account_id != actor.account_id)
    return tuple(
        Todo(
            "Confirm the certificate",
            None,
            url_for("certifications.certification", certification_id=each.id),
            about=each.account.name,
            since=each.signed_on,
        )
        for each in found
    )


def statements_to_renew(_actor: Actor) -> tuple[Todo, ...]:
    """Statements that end soon, each with its last day."""
    return tuple(
        Todo(
            "The investor statement ends",
            None,
            url_for("certifications.certification", certification_id=each.id),
            about=each.account.name,
            due=each.last_day,
        )
        for each in angels.statements_near_end(today(), within=_soon())
    )


def _soon() -> int:
    return int(figure_on("angel.remind_days", on=today()))


def checks_to_repeat(actor: Actor) -> tuple[Todo, ...]:
    """Members whose identity check is over a year old, or who were taken in without one."""
    return tuple(
        Todo(
            "Repeat the identity check" if each.checked_on else "Check who they are",
            None,
            url_for("angels.angel", angel_id=each.id),
            about=each.name,
            since=each.checked_on,
        )
        for each in angels.checks_over(today())
        if each.account_id != actor.account_id
    )


def own_steps(actor: Actor) -> tuple[Todo, ...]:
    """What an investor has to do to see pitches, or to go on seeing them."""
    admission, day = own_admission(actor), today()
    if actor.seen_by is not None or actor.account_id is None or not admission.is_accepted:
        return ()
    membership = membership_of(actor.account_id, on=day)
    return (*_steps_to_certify(admission, day), *_steps_to_pay(membership, day, actor.account_id))


def _steps_to_certify(admission: Admission, day: date) -> tuple[Todo, ...]:
    href, valid = url_for("certifications.certify"), admission.valid(on=day)
    if not valid:
        is_theirs = why_closed(admission, on=day) in TO_CERTIFY
        return (Todo("Certify what kind of investor you are", None, href),) if is_theirs else ()
    last = valid[0].last_day
    is_soon = (last - day).days <= _soon()
    return (Todo("Sign a new investor statement", None, href, due=last),) if is_soon else ()


def _steps_to_pay(membership: Membership, day: date, own: UUID) -> tuple[Todo, ...]:
    href, last = url_for("billing.membership"), membership.last_day
    if not membership.is_member or membership.until is None:
        is_coming = bool(payments_on_their_way([own]))
        return () if is_coming else (Todo("Pay for your membership", None, href),)
    renewal = renewals_of([own]).get(own)
    if renewal is not None and renewal.is_owed:
        return (Todo("Use another card to pay for your membership", None, href, due=last),)
    is_soon = (membership.until - day).days <= _soon() and (renewal is None or membership.is_in_grace)
    return (Todo("Renew your membership", None, href, due=last),) if is_soon else ()


def memberships_in_grace(actor: Actor) -> tuple[Todo, ...]:
    """Memberships of people in the network whose paid time is over, and those that renew though their member has left."""
    rows = [each for each in in_grace(today()) if each[0].id != actor.account_id]
    renewing = [each for each in renewing_accounts() if each.id != actor.account_id]
    ids = {account.id for account, _ in rows} | {each.id for each in renewing}
    here = angels.inside(ids) if ids else set()
    gone = tuple(_to_stop(each) for each in renewing if each.id not in here)
    asked = here - set(angels.outside(ids)) - payments_on_their_way(ids) if ids else here
    return (*gone, *(_to_renew(account, until) for account, until in rows if account.id in asked))


def _to_stop(account: Account) -> Todo:
    """Who has left the network goes on paying unless somebody stops it."""
    href = url_for("billing.one_membership", account_id=account.id)
    return Todo("Stop the renewal in Stripe: no longer in the network", None, href, about=account.name)


def _to_renew(account: Account, until: date) -> Todo:
    href = url_for("billing.one_membership", account_id=account.id)
    return Todo("Ask about renewing the membership", None, href, about=account.name, since=until)


def standings(_actor: Actor, account_ids: Collection[UUID]) -> Mapping[UUID, Stand]:
    """Which of some members left the network or are suspended there: a paid membership opens nothing to them."""
    words = {
        AngelStatus.LEFT: Stand("Left the network", "grey"),
        AngelStatus.SUSPENDED: Stand("Suspended", "red"),
    }
    return {each: words[status] for each, status in angels.outside(account_ids).items()}


def load_departure(actor: Actor, found: Account) -> Mapping[str, Any] | None:
    """That a member has left the network or is suspended there, for the page of their membership."""
    place = angels.latest_of(found.id)
    if place is None or place.status not in angels.OUTSIDE:
        return None
    left, suspended = angels.departure_of(found.id), angels.suspension_of(found.id)
    known = membership_of(found.id, on=today())
    shown = {"left": left, "suspended": suspended, "is_member": known.is_member, "name": found.name}
    shown |= {
        "is_over": known.is_in_grace or not known.is_member,
        "can_ask_back": bool(may_ask_back(found.id)),
    }
    return shown | {"is_own": found.id == actor.account_id}


def load_statement(actor: Actor, _found: Account) -> Mapping[str, Any] | None:
    """That paying alone opens no pitches, for the member's own pages of paying; None where a statement holds."""
    closed = why_closed(own_admission(actor), on=today())
    is_theirs = closed in (*TO_CERTIFY, Closed.UNCONFIRMED)
    return {"closed": closed, "labels": labels} if is_theirs else None


def load_home(actor: Actor) -> Mapping[str, Any] | None:
    """An angel's part of their desk: what is open to them, or what keeps it closed."""
    if not actor.has(Role.ANGEL):
        return None
    return {"closed": why_closed(own_admission(actor), on=today()), "labels": labels}
