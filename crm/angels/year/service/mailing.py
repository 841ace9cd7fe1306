"""Asking several members or founders at once: weighed for the preview, weighed again when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.angels.year.models import Asked, Mailing
from crm.angels.year.policy import POLICY
from crm.angels.year.queries import mailings
from crm.angels.year.queries.members import days_on, members
from crm.angels.year.queries.raises import owners_of, raises
from crm.angels.year.rules.kinds import Kind
from crm.angels.year.rules.mailing import (
    OF_MEMBERS,
    Standing,
    Weighed,
    needs,
    weigh_members,
    weigh_raises,
)
from crm.angels.year.rules.members import Member
from crm.angels.year.rules.raises import Raise
from crm.angels.year.workflow import Act
from crm.audit import service as audit
from crm.billing.rules import GoneBack
from crm.db.changes import created
from crm.db.session import session
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import PREVIEWED, Changed, Conflict
from crm.kernel.marks import mark_of
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, as_sent, queue

NONE_TO_ASK = "None of those you chose can be asked now. The reasons are below."


@dataclass(frozen=True)
class Wish:
    """What is to be asked of whom: members by the id of their place in the network, raises by that of their pitch."""

    kind: Kind
    ids: tuple[UUID, ...]
    note: str = ""


@dataclass(frozen=True)
class Example:
    """One email word for word: to whom it goes, and how many others get the same."""

    name: str
    others: int
    subject: str
    text: str


@dataclass(frozen=True)
class Preview:
    """Who gets an email and who does not and why; ``readers`` are the accounts behind each, ``examples`` one for each subject."""

    weighed: Weighed[Any]
    readers: Mapping[UUID, tuple[Account, ...]]
    examples: tuple[Example, ...]
    mark: str


def id_of(thing: Member | Raise) -> UUID:
    """The id by which a member or a raise is ticked."""
    return thing.angel_id if isinstance(thing, Member) else thing.pitch_id


def weigh(wish: Wish, *, by: Actor) -> Preview:
    """Who of those that were ticked gets an email as things are now. Nothing is written."""
    POLICY.require(by, Act.WRITE_TO_MANY)
    day, days = today(), days_on(today())
    asked = mailings.asked_before(wish.kind, on=day, quiet=days.quiet)
    known = Standing(day, days, asked, by.account_id)
    if wish.kind in OF_MEMBERS:
        found: Weighed[Any] = weigh_members(wish.kind, wish.ids, members=members(day), known=known)
        people = mailings.accounts_of([each.account_id for each in found.to])
        readers: dict[UUID, tuple[Account, ...]] = {
            each.angel_id: (people[each.account_id],) for each in found.to
        }
    else:
        rows = raises(day)
        owners = owners_of({each.business_id for each in rows if each.pitch_id in wish.ids})
        ids = {key: [each.id for each in people] for key, people in owners.items()}
        found = weigh_raises(wish.ids, rows, owners=ids, known=known)
        readers = {each.pitch_id: tuple(owners[each.business_id]) for each in found.to}
    return _preview(wish, found, readers)


def _preview(wish: Wish, found: Weighed[Any], readers: Mapping[UUID, tuple[Account, ...]]) -> Preview:
    out = [(each.id, each.why) for each in found.left_out]
    mark = mark_of(wish.kind, wish.note, [id_of(each) for each in found.to], out)
    return Preview(found, readers, _examples(wish, found, readers), mark)


def _examples(
    wish: Wish, found: Weighed[Any], readers: Mapping[UUID, tuple[Account, ...]]
) -> tuple[Example, ...]:
    """The first of the emails that say the same: but for names, days and sums, no other says anything else."""
    alike: dict[str, list[Example]] = {}
    for each in found.to:
        name, context = readers[id_of(each)][0].name, context_of(wish, each)
        sent = as_sent(letter_of(wish.kind), {**context, "to_name": name})
        bare = as_sent(letter_of(wish.kind), {**_without_words(context), "to_name": ""})
        alike.setdefault(bare.text, []).append(Example(name, 0, sent.subject, sent.text))
    return tuple(replace(same[0], others=len(same) - 1) for same in alike.values())


def _without_words(context: Mapping[str, Any]) -> dict[str, Any]:
    """What a letter is written from, with the same in place of each name, day and sum that there is."""
    return {key: "*" if isinstance(each, str) and each else each for key, each in context.items()}


def letter_of(kind: Kind) -> str:
    """The kind of letter by which something is asked."""
    return LETTERS[kind]


LETTERS = {
    Kind.RENEW: "member_renew",
    Kind.WAKE: "member_silent",
    Kind.CHECK: "member_check",
    Kind.UPDATE: "raise_update",
    Kind.CLOSE: "raise_ending",
}


def context_of(wish: Wish, thing: Member | Raise) -> dict[str, Any]:
    """What a letter says of one member or raise."""
    if isinstance(thing, Raise):
        last = day_in_words(thing.closes_on) if thing.closes_on else ""
        about = {"headline": thing.headline, "since": day_in_words(thing.published_on), "last": last}
        return about | {"note": wish.note, "path": f"/raises/{thing.pitch_id}"}
    return _of_member(wish.kind, thing) | {"note": wish.note}


def _of_member(kind: Kind, found: Member) -> dict[str, Any]:
    if kind is Kind.CHECK:
        return {"checked": day_in_words(found.checked_on) if found.checked_on else "", "path": "/angels/mine"}
    if kind is Kind.WAKE:
        since = day_in_words(found.quiet_since())
        return {"since": since, "is_never": found.seen_on is None, "path": "/angels/mine"}
    return {**_to_renew(found), "path": "/angels/mine"}


def _to_renew(found: Member) -> dict[str, Any]:
    """What a member has to pay for and to sign, in words."""
    due = needs(found, on=today(), days=days_on(today()))
    return {
        "paid": day_in_words(due.paid) if due.paid else "",
        "signed": day_in_words(due.signed) if due.signed else "",
        "is_paid_over": bool(due.paid and due.paid < today()),
        "grace_until": day_in_words(found.membership.last_day)
        if found.membership.is_in_grace and found.membership.last_day
        else "",
        "is_signed_over": bool(due.signed and due.signed < today()),
        "is_unpaid": due.is_unpaid,
        "is_refunded": found.gone_back is GoneBack.REFUNDED,
        "is_charged_back": found.gone_back is GoneBack.CHARGED_BACK,
        "is_unsigned": due.is_unsigned,
    }


def write(wish: Wish, *, seen: str, by: Actor) -> Mailing:
    """Send what was previewed: to just those, each once. Raises `Changed` where it would go to others now."""
    found = weigh(wish, by=by)
    if not found.weighed.to:
        raise Conflict(NONE_TO_ASK)
    if found.mark != seen:
        raise Changed(PREVIEWED)
    assert by.account_id is not None
    left_out = [{"id": str(each.id), "why": each.why} for each in found.weighed.left_out]
    made = Mailing(kind=wish.kind, note=wish.note, left_out=left_out, sent_at=now(), sent_by_id=by.account_id)
    session().add(made)
    session().flush()
    sender = account(by.account_id)
    for each in found.weighed.to:
        _ask(made, wish, each, found.readers[id_of(each)], sender.email if sender else None)
    session().flush()
    changes = created(kind=wish.kind, note=wish.note or None)
    audit.record(Act.WRITE_TO_MANY, made, changes | {"asked": (None, len(found.weighed.to))}, by=by)
    return made


def _ask(
    made: Mailing, wish: Wish, thing: Member | Raise, readers: tuple[Account, ...], reply_to: str | None
) -> None:
    key = "angel_id" if isinstance(thing, Member) else "pitch_id"
    ids = tuple(str(each.id) for each in readers)
    row = Asked(mailing_id=made.id, kind=wish.kind, reader_ids=ids, asked_on=today(), **{key: id_of(thing)})
    session().add(row)
    having = Extras(context_of(wish, thing), reply_to=reply_to)
    for each in readers:
        queue(letter_of(wish.kind), Reader(each.email, each.name, each.id), having=having)
