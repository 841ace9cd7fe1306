"""An investor joins a syndicate on a version of its terms, confirms another, chooses who sees their name, or leaves."""

from __future__ import annotations

from crm.accounts.models import Account
from crm.accounts.queries import account
from crm.angels.syndicates.models import Syndicate, SyndicateMember, SyndicateTerms
from crm.angels.syndicates.policy import POLICY
from crm.angels.syndicates.rules.naming import is_named_to
from crm.angels.syndicates.service.leading import own_account, why_not_apart
from crm.angels.syndicates.service.moving import hold, move, why_not_shown
from crm.angels.syndicates.service.telling import tell_lead, tell_owner
from crm.angels.syndicates.workflow import MEMBERS, Act, Naming
from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import refuse_if, require_as_previewed
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import is_past, now, today
from crm.kernel.permissions import Actor

UNNAMED = "An investor"
Kinds = tuple[str, str]
"""A letter to the lead, and the one to the business."""
JOINED: Kinds = ("syndicate_joined", "syndicate_joined_business")
CONFIRMED: Kinds = ("syndicate_confirmed", "syndicate_confirmed_business")
LEFT: Kinds = ("syndicate_left", "syndicate_left_business")


MOST_PLACES = 5
"""How often one investor joins one syndicate: each time, two people are emailed."""


def why_not_joined(found: Syndicate) -> str | None:
    """Why nobody joins or confirms now: the pitch is not published, there are no agreed terms, or they are out of date."""
    terms = found.agreed
    if why_not_shown(found):
        return why_not_shown(found)
    if terms is None:
        return "There are no agreed terms to join on yet."
    if is_past(terms.closes_on, on=today()):
        return f"The closing date of the terms was {day_in_words(terms.closes_on)}."
    if terms.instrument is not found.pitch.instrument:
        return "The pitch is now for another type of investment. The lead has to record new terms."
    return None


def why_not_joined_by(found: Syndicate, actor: Actor) -> str | None:
    """Why an investor does not join now: nobody can, they are in it already, or they may not be in it."""
    if why_not_joined(found):
        return why_not_joined(found)
    if found.lead_of(actor.account_id) is not None:
        return "You lead this syndicate, or have offered to. You do not join it as well."
    if found.member_of(actor.account_id) is not None:
        return "You are a member of this syndicate already."
    if sum(each.account_id == actor.account_id for each in found.members) >= MOST_PLACES:
        return f"You have joined this syndicate {MOST_PLACES} times. Ask the network’s manager if you want to join again."
    return why_not_apart(found.pitch, actor)


def join(found: Syndicate, naming: Naming, *, seen: str | None = None, by: Actor) -> SyndicateMember:
    """Join a syndicate on the version of the terms that the page showed: it commits nobody to invest."""
    POLICY.require(by, Act.JOIN, found)
    hold(found)
    refuse_if(why_not_joined_by(found, by))
    own, terms = own_account(by), _terms(found)
    require_as_previewed(seen, mark_of(terms))
    made = SyndicateMember(syndicate_id=found.id, account_id=own.id, terms_id=terms.id, naming=naming)
    made.joined_at = made.confirmed_at = now()
    made._status = MEMBERS.start  # noqa: SLF001 where every place begins
    session().add(made)
    session().flush()
    about = created(account_id=own.id, terms_id=terms.id, naming=naming)
    audit.record(Act.JOIN, made, about, by=by)
    _tell_both(found, JOINED, naming, own, number=terms.number)
    return made


def mark_of(terms: SyndicateTerms) -> str:
    """What a page showed when someone joined or confirmed: this version, which never changes."""
    return str(terms.id)


def _terms(found: Syndicate) -> SyndicateTerms:
    assert found.agreed is not None
    return found.agreed


def _tell_both(
    found: Syndicate, kinds: Kinds, naming: Naming, own: Account | None, *, number: int | None = None
) -> None:
    """Tell the lead and the business: by name where the member chose so."""
    name = own.name if own else UNNAMED
    tell_lead(found, kinds[0], investor=name if is_named_to("lead", naming) else UNNAMED, number=number)
    told = name if is_named_to("business", naming) else UNNAMED
    tell_owner(found, kinds[1], investor=told, number=number)


def why_not_confirmed(found: SyndicateMember) -> str | None:
    """Why a place cannot be confirmed now: nobody can join either."""
    return why_not_joined(found.syndicate)


def confirm(found: SyndicateMember, *, seen: str | None = None, by: Actor) -> None:
    """Confirm one's place on the version of the terms that the page showed."""
    POLICY.require(by, Act.CONFIRM, found)
    about = found.syndicate
    hold(about)
    MEMBERS.target(Act.CONFIRM, found.status)
    refuse_if(why_not_confirmed(found) or why_not_apart(about.pitch, by))
    terms = _terms(about)
    require_as_previewed(seen, mark_of(terms))
    move(found, Act.CONFIRM, by=by, terms_id=terms.id, confirmed_at=now(), asked_at=None)
    own = account(found.account_id)
    _tell_both(about, CONFIRMED, found.naming, own, number=terms.number)


def why_not_named(found: SyndicateMember) -> str | None:
    """Why nothing can be chosen about a name now: the member has left, or the syndicate has ended."""
    return "You are no longer a member of this syndicate." if found.ended_at is not None else None


def name(found: SyndicateMember, naming: Naming, *, by: Actor) -> None:
    """Choose who sees one's name from now on. Who was told it before knows it."""
    POLICY.require(by, Act.NAME, found)
    about = found.syndicate
    hold(about)
    refuse_if(why_not_named(found))
    changes = amend(found, naming=naming)
    if changes:
        audit.record(Act.NAME, found, changes, by=by)


def leave(found: SyndicateMember, *, by: Actor) -> None:
    """Leave a syndicate. A pledge stays as it is: it is withdrawn by itself."""
    POLICY.require(by, Act.LEAVE, found)
    about = found.syndicate
    hold(about)
    move(found, Act.LEAVE, by=by, ended_at=now(), asked_at=None)
    _tell_both(about, LEFT, found.naming, account(found.account_id))
