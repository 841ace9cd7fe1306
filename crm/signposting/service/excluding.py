"""Recording which rules shut a business out of help that it asked for in an enquiry, or that its plan could have named."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from crm.businesses.models import Business
from crm.directory.queries import all_services
from crm.evidence.rules import excluded_from_services
from crm.evidence.service.excluding import Asked, note_shut_outs
from crm.evidence.workflow import Occasion
from crm.kernel.clock import today
from crm.kernel.permissions import Actor
from crm.places.queries import locate_either
from crm.signposting.models import ActionPlan, Enquiry
from crm.signposting.queries.planning import facts_for
from crm.signposting.rules.finding import Answers, facts_of


def note_enquiry(enquiry: Enquiry, business: Business, *, by: Actor) -> None:
    """By what the enquiry told: what it did not tell excludes nobody."""
    told = _answers(enquiry)
    facts = facts_of(told, locate_either(told.postcode) if told.postcode else None)
    found = excluded_from_services(all_services(), facts, on=today()) if facts.needs else []
    note_shut_outs(business, found, asked=Asked(Occasion.ENQUIRY, enquiry.id), by=by)


def _answers(enquiry: Enquiry) -> Answers:
    """What an enquiry told, as the finder takes it."""
    told: dict[str, Any] = {each.name: enquiry.answers.get(each.name) for each in fields(Answers)}
    told["postcode"] = enquiry.postcode or enquiry.outcode
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in told.items()
    }
    return Answers(**{name: value for name, value in given.items() if value})


def note_plan(plan: ActionPlan, *, by: Actor) -> None:
    """By what is known of the business, and the needs of its diagnosis."""
    found = excluded_from_services(all_services(), facts_for(plan.business), on=today())
    note_shut_outs(plan.business, found, asked=Asked(Occasion.PLAN, plan.id), by=by)
