"""What holdings add to the page of a raise and to desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from crm.angels.deals.models import Investment
from crm.angels.holdings.queries import papers, updates
from crm.angels.holdings.queries.papers import Papers
from crm.angels.holdings.rules import labels
from crm.angels.holdings.rules.labels import CERTIFICATES, STATEMENTS
from crm.angels.holdings.rules.quarters import quarter_in_words
from crm.angels.holdings.service.reversing import given_for
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.policy import POLICY as PITCHES
from crm.angels.pitches.policy import is_of_their_business
from crm.angels.pitches.workflow import Act as PitchAct
from crm.businesses.queries.seeing import own_ids
from crm.kernel.clock import is_past, today
from crm.kernel.permissions import Actor
from crm.web.feature import Todo, counted_todo


def late_updates(_actor: Actor) -> tuple[Todo, ...]:
    """Updates that companies owe, for managers."""
    words = ("company update overdue", "company updates overdue")
    href = url_for("company_updates.all_updates", status=updates.LATE)
    return counted_todo(updates.count_late(today()), words, href=href, is_overdue=True)


def late_papers(_actor: Actor) -> tuple[Todo, ...]:
    """Issues of shares whose statement was not sent to HMRC by its last day, for managers."""
    words = ("share issue with late tax-relief papers", "share issues with late tax-relief papers")
    found = papers.papers_to(papers.Show.LATE, on=today())
    return counted_todo(len(found), words, href=url_for("share_papers.all_papers"), is_overdue=True)


def updates_to_send(actor: Actor) -> tuple[Todo, ...]:
    """The quarterly updates that a founder's business is asked for, each with its day."""
    return tuple(
        Todo(
            f"Update to investors for {quarter_in_words(each.quarter_end)}",
            None,
            url_for("company_updates.give", update_id=each.id),
            is_overdue=bool(is_past(each.due_on, on=today())),
            about=each.business.name,
            due=each.due_on,
        )
        for each in updates.asked_of(own_ids(actor))
    )


def papers_to_see_to(actor: Actor) -> tuple[Todo, ...]:
    """The papers of tax reliefs that wait for a founder: a statement to send, certificates to give."""
    found = papers.papers_of_businesses(own_ids(actor))
    return tuple(_todo(each) for each in found if not each.is_sent or each.lacking)


def _todo(found: Papers) -> Todo:
    href = url_for("share_papers.of_raise", pitch_id=found.pitch.id, _anchor=f"issue-{found.first.id}")
    about = f"{found.pitch.business.name}, shares issued on {found.issued}"
    if found.is_sent:
        kind = CERTIFICATES[found.relief]
        count = f"{found.lacking} certificate{'' if found.lacking == 1 else 's'}"
        return Todo(f"Give investors {count} ({kind})", None, href, about=about)
    late = found.is_late(on=today())
    words = f"Send {STATEMENTS[found.relief]} to HMRC and record it"
    return Todo(words, None, href, is_overdue=late, about=about, due=found.send_by)


def load_reverse(_actor: Actor, found: Investment) -> Mapping[str, Any] | None:
    """What was sent to HMRC and given to the investor of an investment that is about to be reversed."""
    sent, given = given_for(found)
    return {"sent": sent, "given": given, "labels": labels} if sent or given else None


def load_raise(actor: Actor, found: Pitch) -> Mapping[str, Any] | None:
    """The way to the papers of a raise, for the business's people and the ledger's readers, where there are any."""
    may = is_of_their_business(actor, found) or PITCHES.allows(actor, PitchAct.VIEW_LEDGER, found)
    return {"papers": rows} if may and (rows := papers.papers_of(found.id)) else None
