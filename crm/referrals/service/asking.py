"""A business that agreed to be passed on asks to be referred: the adviser who looks after it gets a next step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.audit import service as audit
from crm.businesses.models import Business, Person
from crm.businesses.queries.seeing import holding_consent, people_of
from crm.businesses.service.keeping import require_in_use
from crm.casework.models import NextStep
from crm.casework.queries import advisers_of, in_charge_of, step_asked_before, steps_asked, steps_ever_asked
from crm.casework.service import stepping
from crm.casework.service.stepping import Asked, StepDetails
from crm.db.changes import created
from crm.db.states import refuse_if
from crm.directory.models import Service
from crm.figures.queries import due_after
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, today
from crm.kernel.errors import Done
from crm.kernel.permissions import SYSTEM, Actor
from crm.kernel.text import series
from crm.referrals import queries
from crm.referrals.models import Referral
from crm.referrals.policy import POLICY
from crm.referrals.service.preparing import LONGEST_SUBJECT
from crm.referrals.service.sending import SHARING
from crm.referrals.workflow import Act

DAYS = 3
"""Working days in which the adviser is asked to refer."""
NO_HUB = "No Growth Hub looks after your business yet. Start an enquiry, and an adviser will contact you."
NOT_AGREED = (
    "Your business has not agreed to “Referring you to others”. An owner can agree to it in the details of the business, "
    "under Consents. Then ask again."
)
UNDER_WAY = Done(
    "We are referring your business for this already. Talk to your adviser to know how it stands."
)


@dataclass(frozen=True)
class Wish:
    """What a business asks to be referred for: the place on a page where it asks, and what it is ``about``, in a line.

    ``wanted`` is the product of the service where it has several; ``note`` says more. What was asked was asked here, and
    nowhere else: the same service may be named at other places, for what the business never asked for.
    """

    service: Service
    path: str
    about: str
    wanted: str = ""
    note: str = ""


def title_of(wish: Wish) -> str:
    """What the adviser is asked to do, and what for."""
    return f"Refer {_to(wish.service, wish.wanted)}, as the business asked: {wish.about}"[:LONGEST_SUBJECT]


def _to(service: Service, wanted: str) -> str:
    """To what: "to Bond Support Scheme"; with the product, where the service is called otherwise."""
    is_other = wanted and wanted.casefold() not in service.name.casefold()
    return f"for “{wanted}” to {service.name}" if is_other else f"to {service.name}"


def can_be_asked_for(service: Service) -> bool:
    """Whether a service is on offer, or may be: one that is not confirmed is checked by the adviser first."""
    return service.is_unconfirmed or service.is_available(on=today())


def why_not_ask(business: Business, wish: Wish) -> str | None:
    """Why a business cannot ask to be referred: it has asked for this service, has not agreed, or nobody looks after it.

    One request for a service is open at a time, from whichever page it was asked: its referral or its answer settles it.
    """
    if not can_be_asked_for(wish.service):
        return f"{wish.service.name} is not open now. Ask an adviser what else there is."
    if (open_request := asked_for(business, wish.service)) is not None:
        return Done(
            f"You asked for this on {day_in_words(day_of(open_request.created_at))}. {who_answers(open_request)}"
        )
    if any(each.path == wish.path for each in queries.open_to(business.id, wish.service.id)):
        return UNDER_WAY
    if not may_be_passed_on(business):
        return NOT_AGREED
    return None if in_charge_of(business) else NO_HUB


def asked_for(business: Business, service: Service) -> NextStep | None:
    """The open request of a business for a service, from wherever it was asked."""
    return next((each for each in steps_asked(business.id) if each.service_id == service.id), None)


def who_answers(step: NextStep) -> str:
    """Who answers a request, and by when, as the business reads it."""
    who = series(sorted(each.account.name for each in step.assignees)) or "We"
    return f"{who} will answer{f' by {day_in_words(step.due_on)}' if step.due_on else ''}."


def may_be_passed_on(business: Business) -> bool:
    """Whether the business agrees now that what it told is passed on."""
    return holding_consent(business.id, SHARING) is not None


def adviser_of(business: Business) -> Account | None:
    """The adviser to whom somebody at a business is sent; None where it has none of its own, and an enquiry finds one."""
    return advisers_of([business.id]).get(business.id)


def asked_at(business: Business) -> Callable[[Service, str], NextStep | None]:
    """What a business asked for from a place on a page, where its adviser has that still to do."""
    steps = {(each.service_id, each.path): each for each in steps_asked(business.id)}
    return lambda service, path: steps.get((service.id, path))


def person_asking(business: Business, service: Service, *, path: str) -> tuple[Person | None, str]:
    """Who at a business asked from a place to be referred to a service, and that in words; nobody where nobody asked."""
    step = asked_at(business)(service, path)
    asker = account(step.created_by_id) if step is not None and step.created_by_id else None
    if step is None or asker is None:
        return None, ""
    here = [each for each in people_of(business.id) if not each.left_on and each.email]
    person = next((each for each in here if str(each.email).lower() == asker.email.lower()), None)
    return person, f"{asker.name} asked for this on {day_in_words(day_of(step.created_at))}."


def said_asked(referral: Referral) -> str:
    """That a referral was asked for, by whom and when, as a sentence begins to whoever at the business reads it; else nothing."""
    if referral.service_id is None or not referral.path:
        return ""
    step = step_asked_before(
        referral.business_id, referral.service_id, path=referral.path, drafted_at=referral.created_at
    )
    asker = account(step.created_by_id) if step is not None and step.created_by_id else None
    if step is None or asker is None:
        return ""
    address = referral.told_to or referral.person.email or ""
    who = "you" if asker.email.lower() == address.lower() else asker.name
    return f"As {who} asked on {day_in_words(day_of(step.created_at))}"


def standing_of(business: Business) -> dict[str, Any]:
    """What a page with buttons to ask or to refer shows: whether the business agrees, what it asked for from where, and what
    of that was answered. Whether it agrees must be loaded.
    """
    newest_last = list(reversed(steps_ever_asked(business.id)))
    waiting = {(each.service_id, each.path): each for each in newest_last if each.done_at is None}
    by_service = {service_id: each for (service_id, _path), each in waiting.items()}
    done = {(each.service_id, each.path): each for each in newest_last if each.done_at is not None}
    return {
        "agrees": business.passed_on == 1,
        "has_withdrawn": business.passed_on == 0,
        "requests": list(waiting.values()),
        "asked_at": lambda service, path: waiting.get((service.id, path)),
        "asked_for": lambda service: by_service.get(service.id),
        "who_answers": who_answers,
        "answered_at": lambda service, path: done.get((service.id, path)),
        "can_be_asked_for": can_be_asked_for,
    }


def ask(business: Business, wish: Wish, *, by: Actor) -> str:
    """Ask to be referred to a service. It needs the consent to pass on, and gives none. Says who was asked, and for what.

    Nothing leaves: the adviser drafts the referral, and the business sees it before it is sent. The next step is done when
    the business is told.
    """
    POLICY.require(by, Act.ASK, business)
    require_in_use(business)
    refuse_if(why_not_ask(business, wish))
    asked = Asked(wish.service.id, wish.note, wish.path)
    advisers, due = tuple(in_charge_of(business)), due_after(today(), DAYS)
    details = StepDetails(title_of(wish), advisers, due, asked_by=by, asked=asked)
    made = stepping.add(business, details, by=SYSTEM)
    audit.record(Act.ASK, business, created(service=wish.service.name), by=by)
    who, to = series(sorted(each.account.name for each in made.assignees)), _to(wish.service, wish.wanted)
    return f"We have asked {who} to refer you {to}. You see it before anything is sent."


def requests_of(business: Business) -> list[NextStep]:
    """What a business asked to be referred to: what its adviser has still to do first, then what was answered without a referral."""
    asked = steps_ever_asked(business.id)
    waiting = [each for each in reversed(asked) if each.done_at is None]
    return [*waiting, *(each for each in asked if each.answer)]
