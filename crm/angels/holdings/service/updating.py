"""Companies are asked for an update every quarter, reminded, and send it to those who invested."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from crm.angels.holdings.models import CompanyUpdate, UpdateCorrection
from crm.angels.holdings.policy import POLICY
from crm.angels.holdings.queries import updates as queries
from crm.angels.holdings.rules.quarters import quarter_in_words
from crm.angels.holdings.service.telling import tell_business, tell_investors
from crm.angels.holdings.workflow import UPDATES, Act, UpdateStatus
from crm.audit import service as audit
from crm.businesses.models import Business
from crm.db.changes import Changes, amend, created, fields_of
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if, require_as_shown
from crm.figures.queries import figure_on
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import day_of, now, today
from crm.kernel.errors import Invalid, require_reason
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor


@dataclass(frozen=True)
class UpdateDetails:
    """What a company says of a quarter. A valuation is of the whole company, stated by it, with its day and basis."""

    words: str
    revenue: Money | None = None
    cash: Money | None = None
    people: int | None = None
    valuation: Money | None = None
    shares_in_issue: int | None = None
    valued_on: date | None = None
    valuation_basis: str = ""


def ask(found: Business, quarter_end: date) -> CompanyUpdate:
    """Ask a company for its update of a quarter; one of an earlier quarter that it did not send is missed."""
    for each in queries.asked_of([found.id]):
        audit.record(Act.MISS, each, advance(UPDATES, each, Act.MISS), by=SYSTEM)
    days = int(figure_on("update.due_days", on=today()))
    made = CompanyUpdate(business_id=found.id, quarter_end=quarter_end, asked_at=now())
    made.due_on = today() + timedelta(days=days)
    made._status = UPDATES.start  # noqa: SLF001 where every update begins
    session().add(made)
    session().flush()
    audit.record(Act.ASK, made, created(quarter_end=quarter_end, due_on=made.due_on), by=SYSTEM)
    told = {"quarter": quarter_in_words(quarter_end), "due": day_in_words(made.due_on)}
    tell_business(found, "update_asked", path=path_of(made), **told)
    return made


def path_of(found: CompanyUpdate) -> str:
    """Where a company sends its update."""
    return f"/company-updates/{found.id}"


def give(found: CompanyUpdate, details: UpdateDetails, *, version: int | None = None, by: Actor) -> None:
    """Send an update to every member who invested in the company. It stays as it was sent."""
    POLICY.require(by, Act.GIVE, found)
    read_state_again(found)
    UPDATES.target(Act.GIVE, found.status, thing=found)
    require_as_shown(found, version)
    _require_sound(details)
    _require_as_many(found, details)
    changes = _told(amend(found, **fields_of(details))) | advance(UPDATES, found, Act.GIVE)
    amend(found, given_at=now(), given_by_id=by.account_id)
    session().flush()
    audit.record(Act.GIVE, found, changes, by=by)
    tell_investors(queries.holders_of(found.business_id), "update_given", path="/portfolio#updates")


def why_not_corrected(found: CompanyUpdate) -> str | None:
    """Why an update cannot be corrected: it was not sent."""
    return (
        None
        if found.status is UpdateStatus.GIVEN
        else "This update has not been sent, so there is nothing to correct."
    )


def correct(
    found: CompanyUpdate, details: UpdateDetails, *, reason: str, version: int | None = None, by: Actor
) -> None:
    """Correct an update that was sent: what it said stays on record, and who reads it is told. Its day and age stay."""
    POLICY.require(by, Act.CORRECT, found)
    words = require_reason(reason)
    read_state_again(found)
    refuse_if(why_not_corrected(found))
    require_as_shown(found, version)
    _require_sound(details)
    _require_as_many(found, details)
    before = {name: getattr(found, name) for name in fields_of(details)}
    changes = amend(found, **fields_of(details))
    if not changes:
        raise Invalid("Change what was wrong. Nothing is different yet", field="words")
    _keep(found, before, reason=words, actor=by)
    audit.record(Act.CORRECT, found, _told(changes) | created(correction_reason=words), by=by)
    tell_investors(queries.holders_of(found.business_id), "update_corrected", path="/portfolio#updates")


def _keep(found: CompanyUpdate, before: dict[str, Any], *, reason: str, actor: Actor) -> None:
    """Keep what an update said before a correction."""
    made = UpdateCorrection(update_id=found.id, reason=reason, at=now(), **before)
    made.corrected_by_id = actor.account_id
    session().add(made)
    session().flush()


def _told(changes: Changes) -> Changes:
    """What the log says: that there is an update, and whether it states a valuation; its figures are its investors'."""
    return {name: each for name, each in changes.items() if name == "valued_on"}


def _require_sound(details: UpdateDetails) -> None:
    if not details.words.strip():
        raise Invalid("Say how the quarter went", field="words")
    if details.valuation is None:
        named = ("valued_on", "valuation_basis", "shares_in_issue")
        for name in named:
            if getattr(details, name):
                raise Invalid(
                    "Enter the valuation too, or leave all four boxes of it empty", field="valuation"
                )
        return
    if not details.valuation:
        raise Invalid("The valuation must be more than £0", field="valuation")
    if details.valued_on is None:
        raise Invalid("Enter the day of the valuation", field="valued_on")
    if details.valued_on > today():
        raise Invalid("The day of the valuation cannot be in the future", field="valued_on")
    if not details.valuation_basis.strip():
        raise Invalid("Say what the valuation is based on", field="valuation_basis")


def _require_as_many(found: CompanyUpdate, details: UpdateDetails) -> None:
    """All shares in issue on the day of a valuation are at least those that are recorded here by then."""
    if details.shares_in_issue is None or details.valued_on is None:
        return
    known, day = queries.shares_held(found.business_id, details.valued_on), day_in_words(details.valued_on)
    if details.shares_in_issue < known:
        words = (
            f"Enter all shares in issue on {day}. The investments recorded here alone are {known:,} shares"
        )
        raise Invalid(words, field="shares_in_issue")


def why_not_reminded(found: CompanyUpdate) -> str | None:
    """Why a company is not reminded now: it sent the update, or was reminded today."""
    if found.status is not UpdateStatus.ASKED:
        return "This update is no longer waiting for the company."
    if found.reminded_at is not None and day_of(found.reminded_at) == today():
        return "The company has been reminded today. Remind it again tomorrow, or contact it yourself."
    return None


def remind(found: CompanyUpdate, *, by: Actor) -> None:
    """Remind a company of its update, once a day at most."""
    POLICY.require(by, Act.REMIND, found)
    refuse_if(why_not_reminded(found))
    audit.record(Act.REMIND, found, amend(found, reminded_at=now()), by=by)
    told = {"quarter": quarter_in_words(found.quarter_end), "due": day_in_words(found.due_on)}
    tell_business(found.business, "update_reminded", path=path_of(found), **told)
