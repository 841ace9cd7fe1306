"""Businesses in a project: invited, and taking part, declining or withdrawing as they say; or no longer invited."""

from __future__ import annotations

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import advance, refuse_if
from crm.ip.testbed.models import Project, ProjectPart
from crm.ip.testbed.policy import POLICY, SPEAKERS
from crm.ip.testbed.queries import joining, seeing
from crm.ip.testbed.service.telling import has_account, tell_business, tell_invited, tell_withdrawn
from crm.ip.testbed.workflow import INVITED_ANEW, PARTS, Act, PartStatus, why_not_invite_yet
from crm.kernel.clock import now
from crm.kernel.errors import Invalid
from crm.kernel.permissions import SYSTEM, Actor

ANSWERS = {
    Act.TAKE_PART: "takes part in",
    Act.DECLINE: "declines the invitation to",
    Act.WITHDRAW: "no longer takes part in",
}
"""What a letter says was recorded of a business and a project."""


def why_not_invite(found: Project, business: Business) -> str | None:
    """Why a business cannot be invited: it was, or the project is not agreed yet, or over."""
    there = joining.part_of(found.id, business.id)
    if there is not None and there.status not in INVITED_ANEW:
        return f"{business.name} was invited to this project already."
    return why_not_invite_yet(found)


def invite(found: Project, business: Business, *, does: str, by: Actor) -> ProjectPart:
    """Invite a business to an agreed project, or again after an invitation was cancelled or the business withdrew.

    It is told what was agreed and what it would do, and takes part only if it says so.
    """
    POLICY.require(by, Act.INVITE, found)
    require_in_use(business)
    seeing.hold(found)
    refuse_if(why_not_invite(found, business))
    if not does.strip():
        raise Invalid("Say what the business would do", field="does")
    made = _invited(found, business, does.strip(), by=by)
    tell_invited(made)
    return made


def _invited(found: Project, business: Business, does: str, *, by: Actor) -> ProjectPart:
    made = joining.part_of(found.id, business.id)
    if made is None:
        made = ProjectPart(project_id=found.id, business_id=business.id, does=does, invited_at=now())
        session().add(made)
        session().flush()
        changes = created(business_id=business.id, does=does)
    else:
        changes = advance(PARTS, made, Act.INVITE) | amend(made, does=does, invited_at=now())
        amend(made, answered_at=None, answered_by_id=None)
        session().flush()
    audit.record(Act.INVITE, made, changes, by=by)
    whole = joining.part(made.id)
    assert whole is not None
    return whole


def cancel_invitation(part: ProjectPart, *, by: Actor) -> None:
    """Cancel an invitation that was not answered yet. The business is told, and can be invited again."""
    POLICY.require(by, Act.CANCEL_INVITATION, part)
    audit.record(Act.CANCEL_INVITATION, part, advance(PARTS, part, Act.CANCEL_INVITATION), by=by)
    tell_business(part, "test_bed_cancelled", has_ended=False)


def end_invitations(found: Project) -> None:
    """End the invitations that were not answered when the trial ended. Each business is told."""
    for each in joining.parts_in(found.id):
        if each.status is PartStatus.INVITED:
            changes = advance(PARTS, each, Act.CANCEL_INVITATION)
            audit.record(Act.CANCEL_INVITATION, each, changes, by=SYSTEM)
            tell_business(each, "test_bed_cancelled", has_ended=True)


def why_not_record(part: ProjectPart, act: Act, *, actor: Actor) -> str | None:
    """Why the lead of a project cannot record what a business says: it has an account, and says so itself."""
    if SPEAKERS.allows(actor, act, part) or not has_account(part):
        return None
    return f"{part.business.name} has an account, so it answers there itself, or its adviser records what it says."


def take_part(part: ProjectPart, *, told: str = "", by: Actor) -> None:
    """Agree to take part. An adviser can record it for a business that says so by telephone."""
    POLICY.require(by, Act.TAKE_PART, part)
    require_in_use(part.business)
    _answer(part, Act.TAKE_PART, told=told, by=by)


def decline(part: ProjectPart, *, told: str = "", by: Actor) -> None:
    """Decline to take part."""
    POLICY.require(by, Act.DECLINE, part)
    _answer(part, Act.DECLINE, told=told, by=by)


def withdraw(part: ProjectPart, *, told: str = "", by: Actor) -> None:
    """Stop taking part, before the project is over and without a reason. The lead is told."""
    POLICY.require(by, Act.WITHDRAW, part)
    _answer(part, Act.WITHDRAW, told=told, by=by)
    tell_withdrawn(part)


def _answer(part: ProjectPart, act: Act, *, told: str, by: Actor) -> None:
    """Record an answer. Where one of our staff does, it says who told them, and the business is told what was recorded."""
    refuse_if(why_not_record(part, act, actor=by))
    changes = advance(PARTS, part, act)
    amend(part, answered_at=now(), answered_by_id=by.account_id)
    said = told.strip()
    audit.record(act, part, changes | (created(told=said) if said else {}), by=by)
    if said:
        tell_business(part, "test_bed_recorded", answer=ANSWERS[act], by_name=by.name, told=said)
