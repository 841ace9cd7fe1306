"""Saying who leads the work with a business: taken, assigned, handed over, ended."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.accounts.workflow import AccountStatus
from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.caseload.models import Lead
from crm.caseload.policy import POLICY, Led, is_able
from crm.caseload.queries import leads as queries
from crm.caseload.workflow import Act, why_not_end, why_not_take
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.clock import now
from crm.kernel.errors import Changed, Invalid
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue

MOST_NAMED = 20
"""So many businesses are named in one email; of more it says how many."""


def lead_shown(led: Led) -> str:
    """Who leads a business, as the page on which another is chosen says it again: the id of the row; else "nobody"."""
    return str(led.lead.id) if led.lead else "nobody"


def take(led: Led, *, by: Actor) -> None:
    """Become the lead adviser of a business that nobody leads, or whose lead adviser has left."""
    POLICY.require(by, Act.TAKE_LEAD, led)
    require_in_use(led.business)
    refuse_if(why_not_take(led))
    found = account(by.account_id) if by.account_id else None
    if found is None or not is_able(found, led.business):
        raise Invalid("Only people who work for a hub that looks after this business can lead it")
    before = give(led, found, act=Act.TAKE_LEAD, by=by)
    tell_former({before: [led.business.name]} if before else {}, found, by=by)


def assign(led: Led, account_id: UUID, *, seen: str | None = None, by: Actor) -> None:
    """Make a colleague the lead adviser of a business, in place of who leads it now. Both are told by email.

    ``seen`` is who led it on the page, as `lead_shown` says it; None where no page was shown.
    """
    POLICY.require(by, Act.ASSIGN_LEAD, led)
    require_in_use(led.business)
    if seen is not None and seen != lead_shown(led):
        raise Changed
    found = account(account_id)
    reason = why_not_lead(led, found)
    if reason or found is None:
        raise Invalid(reason or "Choose a colleague from the list", field="account_id")
    before = give(led, found, act=Act.ASSIGN_LEAD, by=by)
    tell_new(found, [led.business], by=by)
    tell_former({before: [led.business.name]} if before else {}, found, by=by)


def why_not_lead(led: Led, found: Account | None) -> str | None:
    """Why a person cannot be made the lead adviser of a business; None where they can."""
    if found is None:
        return "Choose a colleague from the list"
    if led.lead is not None and led.lead.account_id == found.id:
        return f"{found.name} is the lead adviser already"
    if not is_able(found, led.business):
        return (
            f"{found.name} does not work for a hub that looks after this business. Choose another colleague"
        )
    return None


def give(led: Led, to: Account, *, act: Act, by: Actor) -> Account | None:
    """Write down who leads a business from now on; returns who led it before."""
    before = led.lead
    if before is not None:
        before.ended_at = now()
        session().flush()
    made = Lead(business_id=led.business.id, account_id=to.id, began_at=now(), given_by_id=by.account_id)
    session().add(made)
    session().flush()
    changes = {"lead_id": (before.account_id if before else None, to.id)}
    audit.record(act, led.business, changes, by=by)
    return before.account if before else None


def end(led: Led, *, by: Actor) -> None:
    """Leave a business without a lead adviser. Who led it is told, unless they did it themselves."""
    POLICY.require(by, Act.END_LEAD, led)
    require_in_use(led.business)
    refuse_if(why_not_end(led))
    assert led.lead is not None
    led.lead.ended_at = now()
    session().flush()
    audit.record(Act.END_LEAD, led.business, {"lead_id": (led.lead.account_id, None)}, by=by)
    tell_former({led.lead.account: [led.business.name]}, None, by=by)


def hand(business_id: UUID, from_id: UUID, *, to: UUID, by: Actor) -> bool:
    """Make a colleague the lead adviser of what a person leads, whom the handover tells; False if it moved on."""
    led = queries.led(business_id)
    if led is None or led.lead is None or led.lead.account_id != from_id or led.business.is_archived:
        return False
    POLICY.require(by, Act.ASSIGN_LEAD, led)
    found = account(to)
    reason = why_not_lead(led, found)
    if reason or found is None:
        raise Invalid(f"{led.business.name}: {reason}", field="everything_to")
    give(led, found, act=Act.ASSIGN_LEAD, by=by)
    return True


def tell_new(to: Account, given: Sequence[Business], *, by: Actor) -> None:
    """One email to a person who was made the lead adviser of some businesses, unless they did it themselves."""
    if not given or to.id == by.account_id or to.status is not AccountStatus.ACTIVE:
        return
    cases = [{"name": each.name, "path": f"/businesses/{each.id}"} for each in given[:MOST_NAMED]]
    told = {"cases": cases, "count": len(given), "by_name": by.name}
    queue("lead_given", Reader(to.email, to.name, to.id), having=Extras(told))


def tell_former(names: dict[Account, list[str]], to: Account | None, *, by: Actor) -> None:
    """One email to each person who led some businesses until now, unless they did it themselves."""
    for each, lost in names.items():
        if each.id == by.account_id or each.status is not AccountStatus.ACTIVE:
            continue
        told = {
            "names": lost[:MOST_NAMED],
            "count": len(lost),
            "by_name": by.name,
            "to": to.name if to else "",
        }
        queue("lead_moved", Reader(each.email, each.name, each.id), having=Extras(told))
