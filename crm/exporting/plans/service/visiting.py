"""Who goes to a market by itself, and who went."""

from __future__ import annotations

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.exporting.plans import queries
from crm.exporting.plans.models import Market, MarketEdition, MarketVisit
from crm.exporting.plans.policy import POLICY
from crm.exporting.plans.rules.sound import next_year_of
from crm.exporting.plans.service.markets import EditionDetails, add_edition, require_open
from crm.exporting.plans.workflow import VISITS, Act, EditionStatus, Sureness
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, now, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import SYSTEM, Actor


def go(business: Business, edition: MarketEdition, *, note: str = "", by: Actor) -> MarketVisit:
    """Record that a business means to go to an edition by itself. Once for each edition."""
    POLICY.require(by, Act.GO, business)
    require_in_use(business)
    require_open(edition)
    if edition.ends_on is not None and is_past(edition.ends_on, on=today()):
        raise Invalid("Choose dates of the market that are not over", field="edition")
    return _add(business, edition, note=note, by=by)


def add_past(business: Business, edition: MarketEdition, *, note: str = "", by: Actor) -> MarketVisit:
    """Record that a business went by itself to an edition of the past year."""
    POLICY.require(by, Act.GO, business)
    require_in_use(business)
    require_open(edition)
    if edition.id not in {each.id for each in queries.past_editions(today())}:
        raise Invalid("Choose a market of the past year that is over", field="edition")
    made = _add(business, edition, note=note, by=by)
    audit.record(Act.ATTEND, made, advance(VISITS, made, Act.ATTEND), by=by)
    return made


def _add(business: Business, edition: MarketEdition, *, note: str, by: Actor) -> MarketVisit:
    if queries.visit_by(business.id, edition.id) is not None:
        raise Invalid(f"{edition.name} is recorded already", field="edition")
    made = MarketVisit(business_id=business.id, edition_id=edition.id, note=note.strip(), added_at=now())
    made.added_by_id = by.account_id
    session().add(made)
    session().flush()
    audit.record(Act.GO, made, created(business_id=business.id, edition=edition.name), by=by)
    return made


def go_without_dates(business: Business, market: Market, *, note: str = "", by: Actor) -> MarketVisit:
    """Record that a business means to go to the next edition of a market whose dates are not known yet.

    The edition is added with its usual month only, so that the visit follows when its dates are entered.
    """
    POLICY.require(by, Act.GO, business)
    year = next_year_of(market.months, on=today())
    details = EditionDetails(str(year), None, None, Sureness.USUAL, market.source)
    known = queries.edition_called(market.id, details.title) or add_edition(market, details, by=SYSTEM)
    whole = queries.edition(known.id)
    assert whole is not None
    return go(business, whole, note=note, by=by)


def why_not_yet(found: MarketVisit) -> str | None:
    """Why it cannot be said that a business went: the market was cancelled, has not begun, or has no dates yet."""
    if found.edition.status is EditionStatus.CANCELLED:
        return f"{found.edition.name} was cancelled, so nobody went."
    starts = found.edition.starts_on
    if starts is None:
        return f"We do not know the dates of {found.edition.name} yet. Ask your export adviser to enter them first."
    if starts > today():
        return f"{found.edition.name} begins on {day_in_words(starts)}. Record the visit after that."
    return None


def why_no_entry(found: MarketVisit) -> str | None:
    """Why a visit is not an entry for a calendar: the dates of its market are not known, or it was cancelled without any."""
    if found.edition.starts_on is None and found.edition.status is EditionStatus.CANCELLED:
        return f"{found.edition.name} was cancelled, and had no dates yet. There is nothing to put into a calendar."
    if found.edition.starts_on is None:
        return f"We do not know the dates of {found.edition.name} yet. We email you when they are entered."
    return None


def attend(found: MarketVisit, *, by: Actor) -> None:
    """Record that a business went."""
    POLICY.require(by, Act.ATTEND, found)
    refuse_if(why_not_yet(found))
    audit.record(Act.ATTEND, found, advance(VISITS, found, Act.ATTEND), by=by)


def miss(found: MarketVisit, *, by: Actor) -> None:
    """Record that a business did not go, or will not."""
    POLICY.require(by, Act.MISS, found)
    audit.record(Act.MISS, found, advance(VISITS, found, Act.MISS), by=by)
