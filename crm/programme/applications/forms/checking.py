"""What is asked before anybody takes trouble over an application: only the facts that the round's rules look at."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from crm.businesses.models import Business
from crm.directory.rules.facts import where
from crm.kernel.eligibility import DCMS_GROUPS, FACTS_OF_RULE, LEGAL_FORMS, STAGES, Facts, Terms, weigh
from crm.kernel.errors import BadInput
from crm.places.queries import require_a_place
from crm.web.fields import MoneyField, PostcodeField, WholeNumberField, optional
from crm.web.filters import sentence
from crm.web.forms import Form

NOT_SURE = SelectChoice("", "Not sure")
ASKED = (
    "postcode",
    "legal_form",
    "dcms_groups",
    "turnover_gbp",
    "employees",
    "trading_months",
    "stage",
    "export_share",
)


def _choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, sentence(label)) for value, label in words.items()]


def facts_asked(terms: Terms) -> tuple[str, ...]:
    """The facts that a round's rules look at, as far as somebody can be asked for them."""
    wanted = {fact for each in weigh(terms, Facts()).readings for fact in FACTS_OF_RULE[each.rule]}
    return tuple(each for each in ASKED if each in wanted)


class CheckForm(Form):
    """The facts; what is left empty is not known, and never "no". ``offer`` leaves out what no rule looks at."""

    may_repeat = True  # after a withdrawal the same answers begin another application

    postcode = PostcodeField("What is the business’s trading postcode?", [optional()])
    legal_form = SelectField("How is it set up?", [optional()], choices=[NOT_SURE, *_choices(LEGAL_FORMS)])
    dcms_groups = SelectMultipleField("What does it do?", choices=_choices(DCMS_GROUPS))
    turnover_gbp = MoneyField("What was its turnover last year?", [optional()], says="Last year’s turnover")
    employees = WholeNumberField(
        "How many people work there?", [optional()], most=100_000, says="The number of people"
    )
    trading_months = WholeNumberField(
        "For how many months has it been trading?", [optional()], most=6_000, says="The number of months"
    )
    stage = SelectField("What stage is it at?", [optional()], choices=[NOT_SURE, *_choices(STAGES)])
    export_share = WholeNumberField(
        "What percentage of its sales is abroad?", [optional()], most=100, says="The percentage"
    )
    business = RadioField("Which business?", [optional()], validate_choice=False)

    def offer(self, terms: Terms, businesses: Iterable[Business]) -> CheckForm:
        """Ask only what the terms look at, and offer these businesses."""
        for name in set(ASKED) - set(facts_asked(terms)):
            del self[name]
        self.business.choices = [SelectChoice(str(each.id), each.name) for each in businesses]
        return self

    def asks(self) -> bool:
        """Whether anything is asked: a fact that a rule looks at, or for which of several businesses."""
        return any(name in self for name in ASKED) or len(self.business.choices or ()) > 1

    def is_known(self) -> bool:
        """Whether an answer was filled in with what the business told before."""
        return any(self[name].data not in (None, "", []) for name in ASKED if name in self)

    def validate_postcode(self, field: Any) -> None:
        """One that says where the business trades, or nothing."""
        if field.data is not None:
            require_a_place(str(field.data))

    def validate_business(self, field: Any) -> None:
        """One of those that are offered."""
        if field.data and field.data not in {choice.value for choice in field.choices or ()}:
            raise BadInput("Choose one of these businesses")

    def facts(self) -> Facts:
        """The facts as rules weigh them."""
        told = {name: self[name].data for name in ASKED if name in self._fields}
        typed = told.get("postcode")
        places, note = where(str(typed)) if typed else (None, "")
        share = told.get("export_share")
        return Facts(
            places=places,
            place_note=note,
            legal_form=told.get("legal_form") or None,
            dcms_groups=frozenset(told.get("dcms_groups") or ()) or None,
            turnover=told.get("turnover_gbp"),
            employees=told.get("employees"),
            trading_months=told.get("trading_months"),
            stage=told.get("stage") or None,
            export_share_pct=None if share is None else Decimal(share),
        )

    def business_id(self) -> UUID | None:
        """Which business is chosen."""
        return UUID(self.business.data) if self.business.data else None


def known_of(business: Business, facts: Facts) -> dict[str, Any]:
    """What the form shows of what a business has told already."""
    share = facts.export_share_pct
    return {
        "postcode": business.trading_postcode,
        "legal_form": facts.legal_form,
        "dcms_groups": sorted(facts.dcms_groups or ()),
        "turnover_gbp": facts.turnover,
        "employees": facts.employees,
        "trading_months": facts.trading_months,
        "stage": facts.stage,
        "export_share": None if share is None else int(share),
        "business": str(business.id),
    }
