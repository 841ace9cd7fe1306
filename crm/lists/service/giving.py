"""Giving several businesses to one lead adviser."""

from __future__ import annotations

from collections.abc import Sequence

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.caseload.policy import POLICY, Led
from crm.caseload.service import leading
from crm.caseload.workflow import Act, why_not_take
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor
from crm.lists.models import BulkChange
from crm.lists.service.deeds import Fate, Part, Wish, left

NOT_THEIRS = "Only its lead adviser or a manager of its hub can assign it"


class Giving:
    """Somebody becomes the lead adviser: one email to them, and one to each who led some of these until now."""

    def __init__(self, wish: Wish, _rows: Sequence[Led], by: Actor) -> None:
        found = account(wish.target_id) if wish.target_id else None
        if found is None:
            raise Invalid("Choose a lead adviser", field="account_id")
        self.to, self.by, self.what = found, by, found.name
        self.marked = (found.id, found.name)

    def fate(self, led: Led) -> Fate:
        """Given, unless they lead it already or it is not for this person to say."""
        why = self._why_not(led)
        beside = f"now led by {led.lead.account.name}" if led.lead else "no lead adviser now"
        return left(led, why) if why else (Part(led, beside), ())

    def _why_not(self, led: Led) -> str | None:
        reason = leading.why_not_lead(led, self.to)
        if reason or POLICY.allows(self.by, Act.ASSIGN_LEAD, led):
            return reason
        if self.to.id != self.by.account_id or not POLICY.allows(self.by, Act.TAKE_LEAD, led):
            return NOT_THEIRS
        return why_not_take(led)

    def letter_to(self, _to: Sequence[Part]) -> None:
        """What they are told is the caseload's own."""

    def act(self, to: Sequence[Part], _made: BulkChange) -> None:
        """Give them."""
        former: dict[Account, list[str]] = {}
        act = Act.TAKE_LEAD if self.to.id == self.by.account_id else Act.ASSIGN_LEAD
        for each in to:
            before = leading.give(each.led, self.to, act=act, by=self.by)
            if before is not None:
                former.setdefault(before, []).append(each.business.name)
        leading.tell_new(self.to, [each.business for each in to], by=self.by)
        leading.tell_former(former, self.to, by=self.by)
