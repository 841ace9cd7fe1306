"""Doing one thing to several businesses at once: weighed for the preview, weighed again when it is done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.audit import service as audit
from crm.businesses.models import Business
from crm.caseload.models import Tag
from crm.caseload.policy import POLICY as CASELOAD
from crm.caseload.policy import Led
from crm.caseload.queries import tags
from crm.caseload.service import leading, tagging
from crm.caseload.workflow import Act as CaseloadAct
from crm.caseload.workflow import why_not_take
from crm.db.changes import created
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.errors import PREVIEWED, Changed, Conflict, Invalid
from crm.kernel.marks import mark_of
from crm.kernel.permissions import Actor
from crm.lists.models import BulkChange
from crm.lists.policy import POLICY
from crm.lists.queries.rows import led_among
from crm.lists.workflow import Act, Deed

MOST_AT_ONCE = 500
NOBODY_LEFT = "None of the businesses you ticked can be changed. The reasons are below."
NOT_THEIRS = "Only its lead adviser or a manager of its hub can assign it"


@dataclass(frozen=True)
class Wish:
    """What is to be done to which businesses: ``target_id`` is the new lead adviser's account, or the tag."""

    deed: Deed
    ids: tuple[UUID, ...]
    target_id: UUID | None


@dataclass(frozen=True)
class LeftOut:
    """A business to which nothing is done, and why not."""

    business: Business
    why: str


@dataclass(frozen=True)
class Weighed:
    """What would be done now: ``what`` is the lead adviser or the tag by name, ``to`` each business with who leads it."""

    what: str
    to: tuple[Led, ...]
    left_out: tuple[LeftOut, ...]
    mark: str


def weigh(wish: Wish, *, by: Actor) -> Weighed:
    """What would be done to which of the businesses that were ticked, as things are now. Nothing is written."""
    POLICY.require(by, Act.CHANGE_MANY)
    if not wish.ids or len(wish.ids) > MOST_AT_ONCE:
        raise Invalid(f"Tick between 1 and {MOST_AT_ONCE} businesses", field="who")
    target = _target(wish)
    rows = led_among(wish.ids, by)
    tagged = tags.tagged_among(wish.ids, target.id)
    reasons = [(each, _why_not(each, target, deed=wish.deed, tagged=tagged, by=by)) for each in rows]
    to = tuple(each for each, why in reasons if why is None)
    out = tuple(LeftOut(each.business, why) for each, why in reasons if why is not None)
    told = [(each.business.id, each.lead.account_id if each.lead else None) for each in to]
    mark = mark_of(wish.deed, target.id, target.name, told, [(each.business.id, each.why) for each in out])
    return Weighed(target.name, to, out, mark)


def _target(wish: Wish) -> Account | Tag:
    """The new lead adviser, with their grants, or the tag. Raises `Invalid` where there is none."""
    is_lead = wish.deed is Deed.LEAD
    found: Account | Tag | None = None
    if wish.target_id is not None:
        found = account(wish.target_id) if is_lead else tags.tag(wish.target_id)
    if found is None:
        words = "Choose a lead adviser" if is_lead else "Choose a tag"
        raise Invalid(words, field="account_id" if is_lead else "tag_id")
    return found


def _why_not(
    led: Led, target: Account | Tag, *, deed: Deed, tagged: Collection[UUID], by: Actor
) -> str | None:
    """Why a business is left out; None where it is not."""
    if led.business.is_archived:
        return "Its record is archived"
    if isinstance(target, Account):
        return _why_not_lead(led, target, by=by)
    return _why_not_tag(led.business, target, deed=deed, has=led.business.id in tagged, by=by)


def _why_not_lead(led: Led, to: Account, *, by: Actor) -> str | None:
    reason = leading.why_not_lead(led, to)
    if reason or CASELOAD.allows(by, CaseloadAct.ASSIGN_LEAD, led):
        return reason
    if to.id != by.account_id or not CASELOAD.allows(by, CaseloadAct.TAKE_LEAD, led):
        return NOT_THEIRS
    return why_not_take(led)


def _why_not_tag(found: Business, tag: Tag, *, deed: Deed, has: bool, by: Actor) -> str | None:
    if not CASELOAD.allows(by, CaseloadAct.CHANGE_TAGS, found) or tag.hub_id not in tags.hubs_to_tag(
        found, by
    ):
        return f"{tag.hub.name}, whose tag it is, does not look after this business, or is not yours"
    if deed is Deed.TAG:
        return "It has this tag already" if has else None
    return None if has else "It does not have this tag"


def change(wish: Wish, *, seen: str | None, by: Actor) -> BulkChange:
    """Do what was previewed to just the businesses that were shown, and keep what was left out and why.

    Sent twice, the second finds everything done already and is refused with the reasons.
    """
    found = weigh(wish, by=by)
    if not found.to:
        raise Conflict(NOBODY_LEFT)
    if seen is not None and seen != found.mark:
        raise Changed(PREVIEWED)
    _act(wish, found, by=by)
    made = BulkChange(account_id=by.account_id, deed=wish.deed, what=found.what, at=now(), **_told(found))
    session().add(made)
    session().flush()
    counts = created(deed=wish.deed, what=found.what, done=len(found.to), left_out=len(found.left_out))
    audit.record(Act.CHANGE_MANY, made, counts, by=by)
    return made


def _told(found: Weighed) -> dict[str, list[dict[str, str]]]:
    """Which businesses are changed and which are left out, as a change keeps them."""
    done = [{"id": str(each.business.id), "name": each.business.name} for each in found.to]
    out = [
        {"id": str(each.business.id), "name": each.business.name, "why": each.why} for each in found.left_out
    ]
    return {"done": done, "left_out": out}


def _act(wish: Wish, found: Weighed, *, by: Actor) -> None:
    target = _target(wish)
    if isinstance(target, Account):
        _lead(found.to, target, by=by)
        return
    put = tagging.put_on if wish.deed is Deed.TAG else tagging.take_off
    for each in found.to:
        put(each.business, target, by=by)


def _lead(some: Collection[Led], to: Account, *, by: Actor) -> None:
    """Give several businesses to one lead adviser: one email to them, and one to each who led some of them until now."""
    former: dict[Account, list[str]] = {}
    act = CaseloadAct.TAKE_LEAD if to.id == by.account_id else CaseloadAct.ASSIGN_LEAD
    for each in some:
        before = leading.give(each, to, act=act, by=by)
        if before is not None:
            former.setdefault(before, []).append(each.business.name)
    leading.tell_new(to, [each.business for each in some], by=by)
    leading.tell_former(former, to, by=by)
