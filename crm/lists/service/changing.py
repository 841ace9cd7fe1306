"""Doing one thing to several businesses at once: weighed for the preview, weighed again when it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from crm.accounts.models import Account
from crm.audit import service as audit
from crm.caseload.policy import Led
from crm.db.changes import created
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import PREVIEWED, Changed, Conflict, Invalid
from crm.kernel.marks import mark_of
from crm.kernel.permissions import Actor
from crm.lists.models import BulkChange
from crm.lists.policy import POLICY
from crm.lists.queries.rows import led_among
from crm.lists.service.deeds import Doing, LeftOut, Read, Weighed, Wish, left
from crm.lists.service.giving import Giving
from crm.lists.service.inviting import Inviting
from crm.lists.service.labelling import Labelling
from crm.lists.service.mailing import Emailing
from crm.lists.workflow import Act, Deed

MOST_AT_ONCE = 500
NOBODY_LEFT = "None of the businesses you ticked can be changed. The reasons are below."
DEEDS: Mapping[Deed, Read] = {
    Deed.LEAD: Giving,
    Deed.TAG: Labelling,
    Deed.UNTAG: Labelling,
    Deed.EMAIL: Emailing,
    Deed.INVITE: Inviting,
}


def weigh(wish: Wish, *, by: Actor) -> Weighed:
    """What would be done to which of the businesses that were ticked, as things are now. Nothing is written."""
    return _weighed(wish, *_read(wish, by=by))


def _read(wish: Wish, *, by: Actor) -> tuple[Doing, Sequence[Led]]:
    POLICY.require(by, Act.CHANGE_MANY)
    if not wish.ids or len(wish.ids) > MOST_AT_ONCE:
        raise Invalid(f"Tick between 1 and {MOST_AT_ONCE} businesses", field="who")
    rows = led_among(wish.ids, by)
    return DEEDS[wish.deed](wish, rows, by), rows


def _weighed(wish: Wish, doing: Doing, rows: Sequence[Led]) -> Weighed:
    fates = [
        left(each, "Its record is archived") if each.business.is_archived else doing.fate(each)
        for each in rows
    ]
    to = tuple(part for part, _ in fates if part is not None)
    out = tuple(each for _, some in fates for each in some)
    told = [(each.business.id, each.led.lead and each.led.lead.account_id, each.beside) for each in to]
    mark = mark_of(wish.deed, doing.marked, told, [_said_of(each) for each in out])
    return Weighed(doing.what, to, out, doing.letter_to(to), mark)


def change(wish: Wish, *, seen: str | None, by: Actor) -> BulkChange:
    """Do what was previewed to just the businesses that were shown, and keep what was left out and why.

    Sent twice, the second finds everything done already and is refused with the reasons.
    """
    _hold_back_oneself(by=by)
    doing, rows = _read(wish, by=by)
    found = _weighed(wish, doing, rows)
    if not found.to:
        raise Conflict(NOBODY_LEFT)
    if seen is not None and seen != found.mark:
        raise Changed(PREVIEWED)
    made = BulkChange(account_id=by.account_id, deed=wish.deed, what=found.what, at=now(), **_told(found))
    session().add(made)
    session().flush()
    doing.act(found.to, made)
    counts = created(deed=wish.deed, what=found.what, done=len(found.to), left_out=len(found.left_out))
    audit.record(Act.CHANGE_MANY, made, counts, by=by)
    return made


def _hold_back_oneself(*, by: Actor) -> None:
    """Let one person change many in one tab at a time: a second sees what the first did."""
    query = select(Account.id).where(Account.id == by.account_id)
    session().execute(query.with_for_update(key_share=True))


def _told(found: Weighed) -> dict[str, list[dict[str, str]]]:
    """Which businesses are changed and which are left out, as a change keeps them: people by their ids alone."""
    done = [{"id": str(each.business.id), "name": each.business.name} for each in found.to]
    return {"done": done, "left_out": [_said_of(each) for each in found.left_out]}


def _said_of(out: LeftOut) -> dict[str, Any]:
    said = {"id": str(out.business.id), "name": out.business.name, "why": out.why}
    return said | ({"person_id": str(out.person.id)} if out.person else {})
