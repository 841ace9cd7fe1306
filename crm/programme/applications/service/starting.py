"""Beginning to apply: whether a business can, before it takes any trouble."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.policy import is_theirs
from crm.businesses.queries.seeing import business
from crm.businesses.service.keeping import require_in_use
from crm.db.session import session
from crm.evidence.rules import Offered, excluded_from
from crm.evidence.service.excluding import Asked, note_shut_outs
from crm.evidence.workflow import Occasion
from crm.kernel.clock import moment_in_words, now
from crm.kernel.eligibility import Facts, Finding, Reading, Verdict, weigh
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.permissions import Actor
from crm.kernel.references import new_reference
from crm.places.queries import atlas
from crm.programme.applications.models import Application, Clearance
from crm.programme.applications.policy import POLICY
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.workflow import APPLICATIONS, CLEARANCES, Act
from crm.programme.rounds.models import Round
from crm.programme.rounds.rules.timing import Standing


def check(found: Round, facts: Facts) -> Finding:
    """Whether a business of these facts can apply, rule by rule, and what would change that."""
    return weigh(found.terms, facts, atlas=atlas())


def start(found: Round, business: Business, *, facts: Facts, by: Actor) -> Application:
    """Begin a business's application; where there is one, that is it. Raises `Invalid` where a rule is not met.

    Where a rule cannot be read, an adviser is asked; the application can be filled in meanwhile, but not submitted.
    """
    POLICY.require(by, Act.START, found)
    if not (by.is_system or found.is_dry_run or is_theirs(by, business)):
        raise NotAllowed("You can apply for your own business only.")
    kept = queries.application_of(found.id, business.id)
    if kept is not None:
        return kept
    require_in_use(business)
    _require_open(found)
    finding = check(found, facts)
    if finding.verdict is Verdict.INELIGIBLE:
        raise Invalid("As things stand, this business cannot apply. See the reasons below.")
    return _begun(found, business, finding, by=by)


def _require_open(found: Round) -> None:
    standing = found.window.standing(now())
    if standing is Standing.COMING:
        raise Conflict(f"This round opens on {moment_in_words(found.opens_at)}.")
    if standing is not Standing.OPEN:
        raise Conflict(f"This round closed on {moment_in_words(found.deadline_at)}.")


def _begun(found: Round, business: Business, finding: Finding, *, by: Actor) -> Application:
    """A new row; if somebody else made it at this very moment, theirs."""
    made = Application(round_id=found.id, business_id=business.id, reference=_free_reference())
    made.begun_at, made.begun_by_id = now(), by.account_id
    made.readings = [reading_kept(each) for each in finding.readings]
    try:
        with session().begin_nested():
            session().add(made)
    except IntegrityError:
        kept = queries.application_of(found.id, business.id)
        if kept is None:
            raise
        return kept
    _ask_an_adviser(made, finding)
    changes = {"reference": (None, made.reference), "status": (None, APPLICATIONS.start)}
    audit.record(Act.START, made, changes | {"round": (None, found.name)}, by=by)
    return made


def _ask_an_adviser(made: Application, finding: Finding) -> None:
    if finding.verdict is Verdict.UNKNOWN:
        session().add(Clearance(application_id=made.id, asked_at=now(), _status=CLEARANCES.start))
        session().flush()


def reading_kept(reading: Reading) -> dict[str, Any]:
    """How a rule read, as it is kept with the application."""
    names = ("rule", "needed", "actual", "words")
    return {name: getattr(reading, name) for name in names} | {"outcome": reading.outcome.value}


def noting(round_id: UUID, business_id: UUID, *, facts: Facts, by: Actor) -> Callable[[], None]:
    """The trace that a check leaves where it shuts a business out, for the web layer to run once its page is made."""

    def leave() -> None:
        found, owner = session().get(Round, round_id), business(business_id)
        if found is not None and owner is not None and is_theirs(by, owner):
            rules = excluded_from(Offered(f"round:{found.id}", found.name[:200], found.terms), facts)
            note_shut_outs(owner, rules, asked=Asked(Occasion.ROUND, found.id), by=by)

    return leave


def _free_reference() -> str:
    reference = new_reference("S")
    while queries.reference_is_taken(reference):
        reference = new_reference("S")
    return reference
