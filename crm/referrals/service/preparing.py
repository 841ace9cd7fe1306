"""A referral before it is sent: to whom, why, with which pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete

from crm.audit import service as audit
from crm.businesses.models import Business
from crm.businesses.queries.facts import facts_of
from crm.businesses.queries.seeing import consents_of, figures_by_year, holding_consent, people_of, places_of
from crm.businesses.service.keeping import require_in_use
from crm.businesses.workflow import ConsentPurpose
from crm.casework.models import NextStep
from crm.casework.policy import POLICY as CASEWORK
from crm.casework.queries import complete_with, steps_asked
from crm.casework.workflow import Act as CaseworkAct
from crm.db.changes import Changes, amend, created
from crm.db.session import session
from crm.db.states import count_change, refuse_if, require_as_shown
from crm.diagnostics.queries.triage import latest_finished
from crm.diagnostics.rules.triage import Need, needs_in_words, read_questions
from crm.evidence.rules import Offered, excluded_from, key_of_service
from crm.evidence.service.excluding import Asked, note_shut_outs
from crm.evidence.workflow import Occasion
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import now, today
from crm.kernel.eligibility import DCMS_GROUPS, LEGAL_FORMS, STAGES
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.referrals import queries
from crm.referrals.models import Referral, ReferralConversation
from crm.referrals.policy import POLICY
from crm.referrals.rules import joined
from crm.referrals.workflow import REFERRALS, Act, why_not_edit

LONGEST_SUBJECT, LONGEST_MESSAGE = 255, 10_000
MOST_CHOSEN = 50
"""No more than the most pressing: a provider is told what it needs to know, and not everything."""


ALREADY_OPEN = "There is an open referral of this business to this service about the same. Open it from the page of the business."
NO_LONGER_AGREES = (
    "The business asked for this and has since withdrawn its agreement to be referred. Ask it, and record its consent "
    "first, or answer it without referring."
)

HAS_WITHDRAWN = (
    "The business has withdrawn its agreement to be referred. Talk to it, and record its consent first."
)


@dataclass(frozen=True)
class ReferralDetails:
    """To whom a business is passed on and why: a service, or else a colleague. ``conversations`` go into the pack.

    So do ``needs``, by their codes: those it is about, and no others. None is the most pressing of its diagnosis.
    """

    person_id: UUID | None
    subject: str
    message: str
    service_id: UUID | None = None
    recipient_id: UUID | None = None
    conversations: tuple[UUID, ...] = ()
    needs: tuple[str, ...] | None = None

    def fields(self) -> dict[str, Any]:
        """The columns of the referral itself. Its subject is said within sentences, so that it has no full stop."""
        fields = {name: value for name, value in vars(self).items() if name not in ("conversations", "needs")}
        fields["subject"] = self.subject.strip().removesuffix(".")
        return fields | {"needs": None if self.needs is None else sorted(self.needs)}


def draft(business: Business, details: ReferralDetails, *, path: str = "", by: Actor) -> Referral:
    """Prepare to pass a business on. Nothing leaves yet. ``path`` is the place on a page from which it is drafted."""
    POLICY.require(by, Act.DRAFT, business)
    require_in_use(business)
    _require_sound(business, details, by=by)
    _require_new(business, details, path)
    _require_agreed(business, details.service_id, path, by=by)
    fields = details.fields() | {"business_id": business.id, "path": path}
    made = Referral(**fields, created_at=now(), created_by_id=by.account_id, _status=REFERRALS.start)
    session().add(made)
    session().flush()
    _choose(made, details.conversations)
    audit.record(Act.DRAFT, made, created(**_told(fields)), by=by)
    queries.read_again(made)
    _note_shut_out(made, by=by)
    return made


def _note_shut_out(made: Referral, *, by: Actor) -> None:
    """Record which rules of the service exclude the business, as we know it: the provider may see it otherwise."""
    if made.service is None:
        return
    owner, service = made.business, made.service
    facts = facts_of(owner, figures_by_year(owner.id), places=places_of(owner), needs={}, on=today())
    wanted = next(iter(made.needs or service.needs), "")
    found = excluded_from(Offered(key_of_service(service), service.name, service.terms, wanted), facts)
    note_shut_outs(owner, found, asked=Asked(Occasion.REFERRAL, made.id), by=by)


def _require_new(business: Business, details: ReferralDetails, path: str) -> None:
    """Refuse what is open already in the same words, unless each was drafted from a place of its own."""
    if details.service_id is None:
        return
    there = queries.open_to(business.id, details.service_id)
    same = [each for each in there if each.subject == details.subject]
    refuse_if(ALREADY_OPEN if any(path in (each.path, "") or not each.path for each in same) else None)


def _require_agreed(business: Business, service_id: UUID | None, path: str, *, by: Actor) -> None:
    """Refuse what the business asked for and no longer agrees to, and lead to what it asked, where it can be answered.

    What is drafted with one press needs its agreement too, once it was withdrawn. By hand any business may be drafted for.
    """
    step = next((each for each in steps_asked(business.id) if _answers(each, service_id, path)), None)
    if step is None and path and has_withdrawn(business):
        raise Conflict(HAS_WITHDRAWN)
    if step is None or holding_consent(business.id, ConsentPurpose.SHARE_WITH_PROVIDERS) is not None:
        return
    may_answer = CASEWORK.allows(by, CaseworkAct.CHANGE_STEP, step)
    raise Conflict(NO_LONGER_AGREES, about=f"/next-steps/{step.id}/change" if may_answer else None)


def has_withdrawn(business: Business) -> bool:
    """Whether a business agreed to be referred to others and does not any more. One that was never asked has not."""
    given = [each for each in consents_of(business.id) if each.purpose is ConsentPurpose.SHARE_WITH_PROVIDERS]
    return bool(given) and all(each.withdrawn_at is not None for each in given)


def _answers(step: NextStep, service_id: UUID | None, path: str) -> bool:
    """Whether a referral to a service answers what was asked: from the place where it was asked, or written by hand."""
    return service_id is not None and step.service_id == service_id and path in (step.path, "")


def edit(referral: Referral, details: ReferralDetails, *, version: int | None, by: Actor) -> None:
    """Change a draft. What was sent stays as it was read."""
    POLICY.require(by, Act.EDIT, referral)
    require_in_use(referral.business)
    refuse_if(why_not_edit(referral))
    require_as_shown(referral, version)
    _require_sound(referral.business, details, by=by)
    changes: Changes = amend(referral, **_told(details.fields()))
    if amend(referral, needs=details.fields()["needs"]):
        changes["needs_shared"] = (None, len(details.needs or ()))
    before = {each.conversation_id for each in referral.chosen}
    if before != set(details.conversations):
        changes["conversations"] = (len(before), len(details.conversations))
        session().execute(delete(ReferralConversation).where(ReferralConversation.referral_id == referral.id))
        _choose(referral, details.conversations)
    if changes:
        count_change(referral)
        session().flush()
        queries.read_again(referral)
        audit.record(Act.EDIT, referral, changes, by=by)


def _told(fields: dict[str, Any]) -> dict[str, Any]:
    """What the audit log says of a draft: not the codes of needs, and not from where it was drafted."""
    return {name: value for name, value in fields.items() if name not in ("needs", "path")}


def _choose(referral: Referral, conversations: Sequence[UUID]) -> None:
    rows = [ReferralConversation(referral_id=referral.id, conversation_id=each) for each in conversations]
    session().add_all(rows)
    session().flush()


def _require_sound(business: Business, details: ReferralDetails, *, by: Actor) -> None:
    """What a referral has to say before anything else: each fault at its own field."""
    if not details.subject.strip():
        raise Invalid("Say in a line what it is about", field="subject")
    if len(details.subject) > LONGEST_SUBJECT:
        raise Invalid(f"This must be {LONGEST_SUBJECT} characters or fewer", field="subject")
    if not details.message.strip():
        raise Invalid("Say why you are referring them", field="message")
    if len(details.message) > LONGEST_MESSAGE:
        raise Invalid(f"This must be {LONGEST_MESSAGE:,} characters or fewer", field="message")
    here = {each.id for each in people_of(business.id) if not each.left_on}
    if details.person_id not in here:
        raise Invalid("Choose a person at this business", field="person_id")
    known = {each.id for each in complete_with(business.id, most=MOST_CHOSEN)}
    if not set(details.conversations) <= known:
        raise Invalid("Choose conversations with this business", field="conversations")
    _require_recipient(details, by=by)


def _require_recipient(details: ReferralDetails, *, by: Actor) -> None:
    if (details.service_id is None) == (details.recipient_id is None):
        raise Invalid("Choose a service, or else a colleague", field="to")
    if details.recipient_id is not None:
        if details.recipient_id == by.account_id:
            raise Invalid("Choose someone other than yourself", field="to")
        if details.recipient_id not in {each.id for each in queries.possible_recipients(by)}:
            raise Invalid("Choose a colleague who works here now", field="to")
    elif details.service_id is not None:
        require_open(details.service_id)


def require_open(service_id: UUID) -> None:
    """Refuse a service that is not on offer: nobody is sent to a closed door."""
    found = queries.service_with_id(service_id)
    if found is None:
        raise Invalid("Choose a service from the directory", field="to")
    if not found.is_available(on=today()):
        raise Invalid(f"{found.name} is not open now. Choose another", field="to")


def pack_of(referral: Referral) -> dict[str, Any]:
    """What the recipient will read: the business, its needs, what was talked about, whom to call. No adviser's notes."""
    owner, person = referral.business, referral.person
    return {
        "business": _about(owner),
        "needs": [
            {"words": each.words, "severity": each.severity}
            for each in needs_of(owner.id)
            if referral.needs is None or each.name in referral.needs
        ],
        "conversations": [
            {"day": day_in_words(each.conversation.happened_on), "subject": each.conversation.subject}
            for each in sorted(referral.chosen, key=lambda each: each.conversation.happened_on, reverse=True)
        ],
        "person": {"name": person.name, "role": person.role, "email": person.email, "phone": person.phone},
        "subject": referral.subject,
        "message": referral.message,
        "service": referral.service.name if referral.service else "",
    }


def _about(owner: Business) -> dict[str, str]:
    told = {
        "Name": owner.name,
        "Company number": owner.company_number,
        "Set up as": LEGAL_FORMS.get(owner.legal_form or "", ""),
        "What it does": owner.description,
        "Creative sectors": joined(DCMS_GROUPS.get(each, each) for each in owner.dcms_groups),
        "Stage": STAGES.get(owner.stage or "", ""),
        "Works in": joined((owner.trading_outcode, owner.authority)),
        "Website": owner.website,
    }
    return {label: _begun(str(value)) for label, value in told.items() if value}


def _begun(words: str) -> str:
    """With a capital letter, but for an address."""
    return words if "://" in words else words[:1].upper() + words[1:]


def needs_of(business_id: UUID) -> list[Need]:
    """The needs of a business by its latest diagnosis, the most pressing first: each can be shared or left out."""
    found = latest_finished(business_id)
    if found is None:
        return []
    return needs_in_words(read_questions(found.question_set.questions), found.needs)
