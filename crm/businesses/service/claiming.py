"""Who speaks for a business: access requests that an adviser confirms."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crm.accounts.models import Account
from crm.accounts.service.founders import Admission, admit
from crm.audit import service as audit
from crm.businesses.models import Business, Claim, Person
from crm.businesses.policy import POLICY
from crm.businesses.queries.seeing import claim_from, person_with_email
from crm.businesses.service.keeping import require_in_use
from crm.businesses.workflow import CLAIMS, Act
from crm.db.changes import created, fields_of
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.clock import now
from crm.kernel.emails import read_email
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor
from crm.kernel.roles import Standing
from crm.kernel.text import one_line
from crm.notices.service import Extras, Reader, queue

ASKED_ALREADY = "There is an access request from this email address already, which waits for a decision"


@dataclass(frozen=True)
class Claimant:
    """Who asks for access to a business, and how it can be known that they speak for it."""

    name: str
    email: str
    role: str = ""
    evidence: str = ""


def claim(business: Business, claimant: Claimant, *, by: Actor) -> Claim:
    """Record an access request. It opens nothing until an adviser confirms it."""
    POLICY.require(by, Act.CLAIM, business)
    require_in_use(business)
    email = read_email(claimant.email)
    claimant = replace(claimant, name=one_line(claimant.name), role=one_line(claimant.role), email=email)
    if claim_from(business.id, email) is not None:
        raise Invalid(ASKED_ALREADY, field="email")
    made = Claim(business_id=business.id, **fields_of(claimant), made_at=now(), _status=CLAIMS.start)
    session().add(made)
    session().flush()
    audit.record(Act.CLAIM, business, created(name=claimant.name, email=claimant.email), by=by)
    return made


def confirm_claim(found: Claim, *, by: Actor) -> Account:
    """Confirm an access request: its sender becomes an owner of the record, with a letter to sign in."""
    POLICY.require(by, Act.CONFIRM_CLAIM, found)
    require_in_use(found.business)
    changes = advance(CLAIMS, found, Act.CONFIRM_CLAIM)
    found.decided_at, found.decided_by_id = now(), by.account_id
    account = admit(Admission(found.email, found.name, found.business_id, Standing.OWNER), by=by)
    _know_as_person(found, account)
    queue("claim_confirmed", _reader(found), having=Extras(context=_about(found, by=by)))
    audit.record(Act.CONFIRM_CLAIM, found.business, {"claimant": (None, found.name), **changes}, by=by)
    return account


def _know_as_person(found: Claim, account: Account) -> None:
    person = person_with_email(found.business_id, found.email)
    if person is None:
        person = Person(business_id=found.business_id, name=found.name, role=found.role, email=found.email)
        session().add(person)
    person.account_id = account.id


def refuse_claim(found: Claim, *, reason: str, by: Actor) -> None:
    """Turn a claim down, with the reason, which the claimant is told."""
    POLICY.require(by, Act.REFUSE_CLAIM, found)
    changes = advance(CLAIMS, found, Act.REFUSE_CLAIM)
    found.decided_at, found.decided_by_id, found.reason = now(), by.account_id, reason
    told = _about(found, by=by) | {"reason": reason}
    queue("claim_refused", _reader(found), having=Extras(context=told))
    changes |= created(claimant=found.name, reason=reason)
    audit.record(Act.REFUSE_CLAIM, found.business, changes, by=by)


def _reader(found: Claim) -> Reader:
    return Reader(found.email, found.name)


def _about(found: Claim, *, by: Actor) -> dict[str, str]:
    """Which business it is, and who decided: the reader answers to them."""
    return {"business_name": found.business.name, "by_name": by.name}
