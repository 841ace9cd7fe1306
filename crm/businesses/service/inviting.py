"""Inviting colleagues: a letter to an address, and nothing else until its reader accepts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from crm.accounts.models import Account
from crm.accounts.queries import account, account_of, actor_of, people_of_business
from crm.accounts.service.founders import Admission, admit_invited
from crm.audit import service as audit
from crm.businesses.models import Business, Invitation
from crm.businesses.policy import POLICY
from crm.businesses.queries import inviting as queries
from crm.businesses.service.keeping import require_in_use
from crm.businesses.workflow import INVITATIONS, Act
from crm.db.changes import Changes, amend, created
from crm.db.following import follow
from crm.db.session import session
from crm.db.states import advance
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.emails import read_email
from crm.kernel.errors import BadInput, Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.kernel.roles import Standing
from crm.links import service as links
from crm.links.queries import dead, live_link
from crm.links.rules import LIFETIME, Purpose
from crm.notices.service import Extras, LinkWanted, Reader, queue
from crm.throttles import service as throttles
from crm.throttles.rules import LETTERS_BY_ACCOUNT, Source

NO_LONGER = "This invitation can no longer be accepted. Ask the person who invited you to send a new one."
ANOTHER = "You are signed in with another email address than the one that was invited. Sign out first."


@dataclass(frozen=True)
class ColleagueWanted:
    """Whom an owner invites, and what they may do once they accept."""

    email: str
    standing: Standing


def invite_colleague(
    business: Business, colleague: ColleagueWanted, *, source: Source, by: Actor
) -> Invitation:
    """Invite someone to join a business, or send their letter again. Nothing changes until they accept.

    The answer is the same whoever has the address. So many a day from one account, and so many to one reader.
    """
    POLICY.require(by, Act.INVITE_COLLEAGUE, business)
    require_in_use(business)
    email = _address_of(colleague, business, by=by)
    throttles.take(LETTERS_BY_ACCOUNT, str(by.account_id), secret=source.secret)
    throttles.count_letter(email, source)
    made, changes = _kept(business, email, colleague.standing, by=by)
    context = {"business_name": business.name, "by_name": by.name, "last_day": day_in_words(made.last_day)}
    link = LinkWanted(Purpose.INVITATION, str(made.id))
    queue("colleague_invited", Reader(email, ""), having=Extras(context, link))
    audit.record(Act.INVITE_COLLEAGUE, business, changes, by=by)
    return made


def _address_of(colleague: ColleagueWanted, business: Business, *, by: Actor) -> str:
    """The address, if it is not one of a colleague who is on the list already, or their own."""
    try:
        email = read_email(colleague.email)
    except BadInput as error:
        raise Invalid(str(error), field="email") from error
    listed = {each.email for each, _ in people_of_business(business.id)}
    own = account(by.account_id) if by.account_id else None
    if email in listed or (own is not None and own.email == email):
        raise Invalid("This person is already a colleague here", field="email")
    return email


def _kept(business: Business, email: str, standing: Standing, *, by: Actor) -> tuple[Invitation, Changes]:
    """A new invitation, or the one that is open with a later last day."""
    fields = {"standing": standing, "invited_by_id": by.account_id, "last_day": _last_day()}
    found = queries.open_invitation_to(business.id, email)
    if found is not None:
        return found, {"email": (email, email), **amend(found, **fields)}
    made = Invitation(
        business_id=business.id, email=email, **fields, invited_at=now(), _status=INVITATIONS.start
    )
    session().add(made)
    session().flush()
    return made, created(email=email, standing=standing, last_day=made.last_day)


def _last_day() -> date:
    return today() + LIFETIME[Purpose.INVITATION]


def withdraw_invitation(found: Invitation, *, by: Actor) -> None:
    """Withdraw an invitation: its link no longer works."""
    POLICY.require(by, Act.WITHDRAW_INVITATION, found)
    changes = advance(INVITATIONS, found, Act.WITHDRAW_INVITATION)
    found.decided_at = now()
    links.kill(str(found.id))
    audit.record(Act.WITHDRAW_INVITATION, found.business, {"email": (found.email, None), **changes}, by=by)


def invitation_behind(token: str) -> Invitation:
    """The invitation that a link leads to, if it can be accepted. Raises `NotFound`, `Conflict`."""
    found = queries.invitation(UUID(live_link(token, Purpose.INVITATION).subject_id))
    if found is None:
        raise dead(Purpose.INVITATION)
    if not found.can_be_accepted(on=today()) or found.business.is_archived:
        raise Conflict(NO_LONGER)
    return found


def join(token: str, name: str, *, by: Actor) -> Account:
    """Accept an invitation by its link: its reader becomes a colleague. ``name`` is for an account that is new."""
    POLICY.require(by, Act.JOIN_BUSINESS)
    found = invitation_behind(token)
    known = account_of(found.email)
    if by.account_id is not None and (known is None or known.id != by.account_id):
        raise Conflict(ANOTHER)
    if known is None and not name.strip():
        raise Invalid("Enter your full name", field="name")
    joined = _admitted(found, name.strip())
    changes = advance(INVITATIONS, found, Act.JOIN_BUSINESS)
    found.decided_at = now()
    links.use(token, Purpose.INVITATION)
    own = Actor(joined.id, joined.name)
    audit.record(Act.JOIN_BUSINESS, found.business, changes, by=own)
    follow(Act.JOIN_BUSINESS, joined, by=own)
    return joined


def _admitted(found: Invitation, name: str) -> Account:
    """Let the reader in, if the person who invited them may still invite."""
    host = account(found.invited_by_id)
    admission = Admission(found.email, name, found.business_id, found.standing)
    if host is None or not POLICY.allows(actor_of(host), Act.INVITE_COLLEAGUE, found.business):
        raise Conflict(NO_LONGER)
    return admit_invited(admission, by=actor_of(host))


def decline(token: str, *, by: Actor) -> Invitation:
    """Decline an invitation by its link."""
    POLICY.require(by, Act.DECLINE_TO_JOIN)
    found = invitation_behind(token)
    changes = advance(INVITATIONS, found, Act.DECLINE_TO_JOIN)
    found.decided_at = now()
    links.use(token, Purpose.INVITATION)
    audit.record(Act.DECLINE_TO_JOIN, found.business, {"email": (found.email, found.email), **changes}, by=by)
    return found
