"""What follows for introductions: from an investor who certifies again or leaves, and from a pitch that ends."""

from __future__ import annotations

from crm.angels.introductions import queries
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.service.introducing import release
from crm.angels.introductions.service.telling import tell_investor, tell_of_withdrawal
from crm.angels.introductions.workflow import INTRODUCTIONS, Act
from crm.angels.investors.models import Angel, Certification
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.pitches import followers_of
from crm.angels.pitches.service.telling import tell_business, tell_readers
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM, Actor


def release_held(found: Certification, *, by: Actor) -> None:  # noqa: ARG001 the system introduces them
    """Introductions that were held until this investor certified again take place."""
    session().flush()
    for each in queries.held_of(found.account_id):
        release(each)


def take_back_waiting(found: Angel, *, by: Actor) -> None:
    """The open requests of an investor who leaves are withdrawn; businesses they were introduced to are told."""
    for each in queries.waiting_of(found.account_id) if found.account_id else ():
        changes = advance(INTRODUCTIONS, each, Act.TAKE_BACK) | amend(each, ended_at=now())
        audit.record(Act.TAKE_BACK, each, changes, by=by)
        tell_of_withdrawal(each)
    for each in queries.met_by(found.account_id) if found.account_id else ():
        more = {"investor": found.name, "path": f"/introductions/{each.id}"}
        tell_business(each.pitch, "introduction_left", people=queries.told_of(each), **more)


def cancel_waiting(found: Pitch, *, by: Actor) -> None:  # noqa: ARG001 the system cancels them
    """Requests for a pitch that ended are cancelled, and their investors told, without a word about why."""
    for each in queries.waiting_for(found.id):
        cancel(each)


def tell_of_change(found: Pitch, *, by: Actor) -> None:  # noqa: ARG001 the same whoever publishes it
    """Investors who asked to meet the business are told that its pitch has changed, unless they follow it and were told."""
    if found.number > 1:
        followers = {each.id for each in followers_of(found.id)}
        open_ = [each.account for each in queries.waiting_for(found.id) if each.account_id not in followers]
        tell_readers(found, "pitch_changed", readers=open_)


def cancel(found: Introduction) -> None:
    """End a request because the pitch ended."""
    changes = advance(INTRODUCTIONS, found, Act.CANCEL) | amend(found, ended_at=now())
    audit.record(Act.CANCEL, found, changes, by=SYSTEM)
    tell_investor(found, "introduction_cancelled")
