"""Forms about changes to awards: other days, other words, or other instalments, and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from crm.programme.claims.rules.changing import AwardTerms, MilestoneTerms
from crm.programme.claims.service.changing import ChangeWanted
from crm.programme.claims.workflow import ChangeKind
from crm.web.fields import DayField, Line, MoneyField
from crm.web.forms import Form

LONG = Length(max=2_000, message="This must be 2,000 characters or fewer")


def change_form(kind: ChangeKind, terms: AwardTerms, *, fixed: Collection[UUID]) -> type[Form]:
    """A form with the boxes that a change of one kind has: those of milestones that are fixed are left out."""
    fields: dict[str, Any] = {}
    if kind is ChangeKind.TIME:
        fields["ends_on"] = DayField("End date of the award", [InputRequired("Enter the end date")])
    if kind is ChangeKind.SCOPE:
        wanted = InputRequired("Enter what the grant is for")
        fields["purpose"] = Line("What is the grant for?", [wanted], longest=300)
    for number, each in enumerate(terms.milestones, 1):
        if each.id not in fixed:
            fields |= _boxes(kind, each, f"milestone {number}")
    fields["reason"] = TextAreaField("Why do you need this change?", [InputRequired("Say why"), LONG])
    return type("ChangeForm", (Form,), fields)


def _boxes(kind: ChangeKind, found: MilestoneTerms, name: str) -> dict[str, Any]:
    key = found.id.hex
    if kind is ChangeKind.TIME:
        return {f"due_{key}": DayField(f"Due date of {name}", [InputRequired("Enter the due date")])}
    if kind is ChangeKind.MONEY:
        wanted = InputRequired("Enter what the milestone pays")
        return {f"amount_{key}": MoneyField(f"What {name} pays", [wanted])}
    title, evidence = InputRequired("Enter the milestone"), InputRequired("Enter what shows that it is met")
    return {
        f"title_{key}": Line(name.capitalize(), [title], longest=200),
        f"evidence_{key}": Line(f"Evidence for {name}", [evidence], longest=500),
    }


def as_it_is(terms: AwardTerms) -> dict[str, Any]:
    """What the form is filled in with: the terms as they are now."""
    told: dict[str, Any] = {"ends_on": terms.ends_on, "purpose": terms.purpose}
    for each in terms.milestones:
        told |= {f"due_{each.id.hex}": each.due_on, f"amount_{each.id.hex}": each.amount}
        told |= {f"title_{each.id.hex}": each.title, f"evidence_{each.id.hex}": each.evidence}
    return told


def wanted_of(form: Form, terms: AwardTerms) -> ChangeWanted:
    """As the verb takes it: the terms as they are, with what was typed."""

    def typed(name: str, now: Any) -> Any:
        return form[name].data if name in form else now

    rows = tuple(
        replace(
            each,
            title=typed(f"title_{each.id.hex}", each.title),
            due_on=typed(f"due_{each.id.hex}", each.due_on),
            evidence=typed(f"evidence_{each.id.hex}", each.evidence),
            amount=typed(f"amount_{each.id.hex}", each.amount),
        )
        for each in terms.milestones
    )
    after = AwardTerms(typed("purpose", terms.purpose), typed("ends_on", terms.ends_on), rows)
    return ChangeWanted(after, form["reason"].data or "")


class RefusalForm(Form):
    """Why a change is refused."""

    reason = TextAreaField("Why do you refuse it?", [InputRequired("Say why"), LONG])
