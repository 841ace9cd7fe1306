"""Recording a strategic decision with what was known, adding what became of it, and reminding of its review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.queries.seeing import first_reader, people_of
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import created, fields_of
from crm.db.session import session
from crm.db.states import require_as_previewed
from crm.ip.decisions import queries
from crm.ip.decisions.models import DecisionEntry, DecisionReminder, StrategicDecision
from crm.ip.decisions.policy import POLICY
from crm.ip.decisions.rules import fault_in_choice, fault_in_decided, fault_in_options, fault_in_review
from crm.ip.decisions.workflow import Act, EntryKind
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.errors import Invalid, require_all, says_something
from crm.kernel.marks import mark_of
from crm.kernel.permissions import SYSTEM, Actor
from crm.notices.service import Extras, Reader, queue


@dataclass(frozen=True)
class DecisionDetails:
    """What was asked, considered and decided, by whom and when, and when it is looked at again."""

    question: str
    options: tuple[str, ...]
    decided: str
    why: str
    decided_by: str
    decided_on: date
    review_on: date
    known_besides: str = ""


@dataclass(frozen=True)
class EntryDetails:
    """What became of a decision, or a correction; and when it is looked at again, if at all."""

    kind: EntryKind
    words: str
    review_on: date | None = None


def mark_of_known(business: Business) -> str:
    """The mark of what is known of a business now."""
    return mark_of(business.name, [each.stored() for each in queries.known_now(business)])


def record(
    business: Business, details: DecisionDetails, *, seen: str | None = None, by: Actor
) -> StrategicDecision:
    """Record a decision with what the record knows of the business now. It is never changed afterwards."""
    POLICY.require(by, Act.RECORD, business)
    require_in_use(business)
    require_as_previewed(seen, mark_of_known(business))
    _require_sound(details)
    fields = fields_of(details) | {"options": list(details.options)}
    known = [each.stored() for each in queries.known_now(business)]
    made = StrategicDecision(business_id=business.id, **fields, known=known, at=now())
    made.recorded_by_id = by.account_id
    session().add(made)
    session().flush()
    told = created(**fields, known=[each["words"] for each in known], business_id=business.id)
    audit.record(Act.RECORD, made, told, by=by)
    return made


def _require_sound(details: DecisionDetails) -> None:
    """Refuse with everything that is wrong at once."""
    require_all(
        lambda: require_options(details.options),
        lambda: require_choice(details.decided, details.options),
        lambda: require_decided(details.decided_on),
        lambda: require_review(details.review_on, details.decided_on),
    )


def require_options(options: tuple[str, ...]) -> None:
    """Refuse too few or too many options, and one that is too long."""
    _refuse_at("options", fault_in_options(options))


def require_choice(decided: str, options: tuple[str, ...]) -> None:
    """Refuse what is none of the options. Where the options are wrong themselves, that is said instead."""
    _refuse_at("decided", None if fault_in_options(options) else fault_in_choice(decided, options))


def require_decided(decided_on: date) -> None:
    """Refuse a decision that is still to come."""
    _refuse_at("decided_on", fault_in_decided(decided_on, today=today()))


def require_review(review_on: date, decided_on: date | None) -> None:
    """Refuse a review that is over, or before the decision where its day can be read."""
    _refuse_at("review_on", fault_in_review(review_on, decided_on=decided_on, today=today()))


def _refuse_at(field: str, words: str | None) -> None:
    if words:
        raise Invalid(words, field=field)


def add(found: StrategicDecision, details: EntryDetails, *, by: Actor) -> DecisionEntry:
    """Add what became of a decision, or a correction. Without a further review day an outcome settles it."""
    POLICY.require(by, Act.ADD, found)
    require_in_use(found.business)
    require_all(
        lambda: require_words(details.words),
        lambda: require_next_review(details.review_on, details.kind),
    )
    made = DecisionEntry(decision_id=found.id, **fields_of(details), at=now(), recorded_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.ADD, found, created(**fields_of(details)), by=by)
    session().expire(found, ["entries"])
    return made


def require_words(words: str) -> None:
    """Refuse an entry that says nothing."""
    if not says_something(words):
        raise Invalid("Say what became of it, or what was wrong", field="words")


def require_next_review(review_on: date | None, kind: str) -> None:
    """Refuse a further review of a correction, and one that is not later than today."""
    if review_on is not None and kind == EntryKind.CORRECTION:
        raise Invalid("A correction has no review day. Leave it empty", field="review_on")
    if review_on is not None and review_on <= today():
        raise Invalid("The next review day must be later than today", field="review_on")


def remind() -> None:
    """Write to each business whose review day has come, once for each day; what was missed is caught up."""
    for each in queries.due(today()):
        review_on = each.next_review
        if review_on is None or queries.was_reminded(each, review_on):
            continue
        session().add(DecisionReminder(decision_id=each.id, review_on=review_on, sent_at=now()))
        session().flush()
        audit.record(Act.REMIND, each, created(review_on=review_on), by=SYSTEM)
        _tell(each, review_on)


def _tell(found: StrategicDecision, review_on: date) -> None:
    to = first_reader(people_of(found.business_id))
    if not to:
        return
    context = {
        "business": found.business.name,
        "question": found.question,
        "decided": found.decided,
        "decided_on": day_in_words(found.decided_on),
        "review_on": day_in_words(review_on),
        "path": f"/strategic-decisions/{found.id}/add",
    }
    queue("decision_review", Reader(to["email"], to["name"]), having=Extras(context))
