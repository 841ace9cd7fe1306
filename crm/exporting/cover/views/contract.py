"""The form of a contract that is checked: filled in with what is known, or with the check that is made again."""

from __future__ import annotations

from flask import request

from crm.businesses.models import Business
from crm.exporting.cover import queries
from crm.exporting.cover.forms import ASKED, ContractForm
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.policy import POLICY
from crm.exporting.cover.rules.since import contract_of
from crm.exporting.cover.workflow import Act
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, today
from crm.web.filtering import as_id, chosen_id
from crm.web.identity import current_actor


def contract_form(found: Business) -> tuple[ContractForm, queries.Known, CoverCheck | None]:
    """The form of a contract, what it is filled in with, and the check that it makes again."""
    before = _made_again(found)
    known = _known_of(found, before)
    values = {**dict.fromkeys(ASKED, queries.UNKNOWN), **known.values, "of": before.id if before else ""}
    form = ContractForm.of_request(**values).offer(known.countries)
    form.resting_on(queries.firm_of(found), queries.limits_on(today()), known.countries)
    return form, known, before


def _made_again(found: Business) -> CoverCheck | None:
    """The check of this business that the address asks to repeat, or the form that was sent carries; none that is not theirs."""
    again = chosen_id("of") or as_id(request.form.get("of"))
    before = queries.cover_check(again) if again else None
    is_theirs = before is not None and before.business_id == found.id
    return before if is_theirs and POLICY.allows(current_actor(), Act.VIEW, before) else None


def _known_of(found: Business, before: CoverCheck | None) -> queries.Known:
    """What a contract is filled in with: the check that is made again, else what is known."""
    known = queries.known_of(found.id)
    if before is None:
        return known
    told = (f"what you told us for the check on {day_in_words(day_of(before.at))}",)
    return queries.Known(ContractForm.values_of(contract_of(before.told)), told, known.countries)
