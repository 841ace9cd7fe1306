"""What a founder's own records say, to begin an enquiry with: nobody is asked twice what we know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from crm.accounts.queries import account
from crm.businesses.models import Business
from crm.businesses.queries.facts import facts_of
from crm.businesses.queries.seeing import business, own_ids, people_of
from crm.diagnostics.queries.opened import opened_by
from crm.diagnostics.rules.readiness import EXPORT, IP
from crm.kernel.clock import today
from crm.kernel.eligibility import Facts
from crm.kernel.permissions import Actor
from crm.signposting.rules.finding import Answers, in_pounds


@dataclass(frozen=True)
class Known:
    """What we know of a business and of who asks for it, as the steps of an enquiry begin with it."""

    answers: Answers = field(default_factory=Answers)
    steps: dict[str, Any] = field(default_factory=dict)

    def having(self, told: Answers) -> Answers:
        """What was told just now stands before what the record says."""
        given = {name: value for name, value in vars(told).items() if value}
        return replace(self.answers, **given)


NEEDS_OF_SET = {IP: "ip", EXPORT: "export"}
"""What somebody who assessed this needs help with."""


def having_told(answers: Answers, readiness: Iterable[str]) -> Answers:
    """What an assessment told of the business, where nothing else does: what it earns money from, and what it asks about."""
    found = [each for each in map(opened_by, readiness) if each is not None]
    groups = sorted({group for each in found for group in each.of.groups})
    needs = [NEEDS_OF_SET[each.set.name] for each in found if each.set.name in NEEDS_OF_SET]
    return replace(
        answers, groups=answers.groups or tuple(groups), needs=answers.needs or tuple(dict.fromkeys(needs))
    )


def known_of(actor: Actor, business_id: str) -> Known:
    """What the record of a founder's own business says; nothing of one that is not theirs."""
    own = next((each for each in own_ids(actor) if str(each) == business_id), None)
    found = business(own) if own else None
    if found is None or found.is_archived or actor.account_id is None:
        return Known()
    facts = facts_of(found, found.figures, places=None, needs={}, on=today())
    named = {"name": found.name, "number": found.company_number or ""}
    you = _you(found, actor.account_id)
    return Known(_answers(found, facts), {"carried_business": named, "carried_you": you})


def _answers(owner: Business, facts: Facts) -> Answers:
    share = facts.export_share_pct
    return Answers(
        postcode=owner.trading_postcode or owner.trading_outcode or "",
        groups=tuple(sorted(facts.dcms_groups or ())),
        form=facts.legal_form or "",
        people=_text(facts.employees),
        turnover="" if facts.turnover is None else in_pounds(facts.turnover),
        months=_text(facts.trading_months),
        stage=facts.stage or "",
        exports="" if share is None else _text(int(share)),
    )


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _you(owner: Business, account_id: UUID) -> dict[str, str]:
    """Name and address of the account, with what the record of the business says of the same person."""
    who = account(account_id)
    assert who is not None
    people = [each for each in people_of(owner.id) if not each.left_on]
    person = next((each for each in people if account_id == each.account_id or each.email == who.email), None)
    more = {"role": person.role, "phone": person.phone or ""} if person else {}
    return {"name": who.name, "email": who.email, **more}
