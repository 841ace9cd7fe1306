"""Erasing an investor who left or was declined: contact details and words go, evidence stays under a pseudonym (N52)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from crm.accounts.queries import account as account_behind
from crm.accounts.service.erasing import erase_investor, has_other_roles
from crm.angels.investors.models import Angel, Certification, CertificationAttempt
from crm.angels.investors.policy import POLICY
from crm.angels.investors.queries import erasing as queries
from crm.angels.investors.queries.angels import OVER, angel
from crm.angels.investors.rules.erasing import GONE, OF_THE_NETWORK, TO_INVESTORS, gone
from crm.angels.investors.service.joining import why_not_theirs_to_decide
from crm.angels.investors.workflow import Act
from crm.audit import service as audit
from crm.db.changes import amend
from crm.db.erasing import Hindrance
from crm.db.following import follow
from crm.db.holding import why_withheld
from crm.db.personal import Subject
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.clock import now
from crm.kernel.errors import require_reason
from crm.kernel.permissions import Actor
from crm.kernel.references import new_reference
from crm.notices.rules import Person
from crm.notices.service import erase_letters

ONLY_OVER = "Only an investor who has left the network, or an applicant who was declined, can be erased."
BLANK: dict[str, Any] = {
    **dict.fromkeys(("email", "phone", "about", "check_note", "references_note"), ""),
    "referees": [],
    "groups": (),
    "stages": (),
    "instruments": (),
    "leps": (),
    "min_ticket": None,
    "max_ticket": None,
    "wants_seis": False,
    "wants_eis": False,
}


def why_not_erased(found: Angel, *, by: Actor) -> str | None:
    """Why somebody cannot erase an investor now; None where they can."""
    if found.erased_at is not None:
        return "This investor is erased already."
    if found.status not in OVER:
        return ONLY_OVER
    if queries.is_in_again(found):
        return "They have applied again, or are in the network with another application."
    paying = queries.why_paying(found.account_id) if found.account_id else None
    return why_not_theirs_to_decide(found, by=by) or paying or why_withheld("angel", found.id)


def erase(found: Angel, *, reason: str, by: Actor) -> None:
    """Erase an investor, in all their places in the network. What shows that each showing was lawful stays, for few to read."""
    POLICY.require(by, Act.ERASE, found)
    refuse_if(why_not_erased(found, by=by))
    why, reference = require_reason(reason), new_reference("A")
    known_as = f"Erased investor {reference}"
    places = queries.places_of(found)
    with_account = next((each for each in places if each.account_id), found)
    person = _person(with_account)  # before the name goes, by which letters are found
    for each in places:
        _erase_place(each, known_as=known_as, why=why, by=by)
    if with_account.account_id:
        _erase_account(with_account.account_id, reference=reference, known_as=known_as, by=by)
    erase_letters(person, known_as=known_as, by=by)
    session().flush()
    follow(Act.ERASE, with_account, by=by)


def hindering(about: Subject) -> list[Hindrance]:
    """What of the network stands against erasing a person: they are still in it, pay, or have an open deal."""
    places = [each for each in map(angel, about.angel_ids) if each is not None and each.erased_at is None]
    told = [(each, _why_hindered(each)) for each in places]
    return [Hindrance(why, "angel", each.id) for each, why in told if why]


def _why_hindered(found: Angel) -> str | None:
    if found.status not in OVER:
        return "They are in the angel network, or applied to it. End their place, or decline the application, first."
    paying = queries.why_paying(found.account_id) if found.account_id else None
    return paying or why_withheld("angel", found.id)


def erase_person(about: Subject, *, reference: str, known_as: str, by: Actor) -> None:  # noqa: ARG001 this has its own
    """Erase the investor that a person was; their account is erased after it, with its other roles."""
    for each in map(angel, about.angel_ids):
        if each is not None and each.erased_at is None:
            erase(each, reason=known_as, by=by)


def keeps_account(found: Angel) -> bool:
    """Whether their account stays, with its name: it has, or had, another role here."""
    account = account_behind(found.account_id) if found.account_id else None
    return account is not None and has_other_roles(account)


def _person(found: Angel) -> Person:
    kinds = TO_INVESTORS if keeps_account(found) or not found.account_id else ()
    return Person(found.account_id, found.email, found.name, kinds, OF_THE_NETWORK)


def _erase_place(found: Angel, *, known_as: str, why: str, by: Actor) -> None:
    """The trail keeps that it was, and by whom, without the words."""
    amend(found, **BLANK, name=known_as, reason=gone(found.reason), erased_at=now())
    audit.erase_all_values(found, reason=why, by=by)
    audit.record(Act.ERASE, found, {"name": (None, known_as), "reason": (None, why)}, by=by)


def _erase_account(account_id: UUID, *, reference: str, known_as: str, by: Actor) -> None:
    """The account, and what is known of its statements beside the statements themselves: these stay as they were signed."""
    account = account_behind(account_id)
    assert account is not None
    erase_investor(account, reference=reference, known_as=known_as, by=by)
    for signed in queries.rows_of(Certification, account_id):
        signed.restricted_at = now()
        audit.erase_all_values(signed, reason=GONE, by=by)
    for tried in queries.rows_of(CertificationAttempt, account_id):
        audit.erase_all_values(tried, reason=GONE, by=by)
