"""The chain of title: who made which part of a work, and the signed papers that bring it to the business."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.audit import service as audit
from crm.businesses.service.keeping import require_in_use
from crm.db.changes import amend, created, fields_of
from crm.db.session import session
from crm.db.states import require_as_shown
from crm.documents import service as documents
from crm.documents.models import Document
from crm.documents.queries import count_about
from crm.documents.rules import Taking
from crm.documents.service import Stored, Subject
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, require_all
from crm.kernel.folding import plain_words
from crm.kernel.permissions import Actor
from crm.rights.models import Right, RightPart
from crm.rights.policy import POLICY
from crm.rights.queries import PART, parts_of
from crm.rights.rules.gaps import is_secret
from crm.rights.workflow import Act, MakerKind

MOST_PARTS = 200
SIGNED = Taking(
    frozenset({"pdf", "docx", "png", "jpeg"}),
    refusal="Choose the signed paper itself, as a scan, a picture or a document:",
)
"""Kinds of file that people sign: no table, no slides and no plain text."""
NO_PARTS = "A trade secret has no list of parts: the register only names it."
TOO_MANY = f"A right can have {MOST_PARTS} parts. Remove one first."


@dataclass(frozen=True)
class PartDetails:
    """A part of a work ("Episode 3"), the craft of the person who made it ("composer"), their name, and as what they worked."""

    title: str
    craft: str
    maker: str
    maker_kind: MakerKind


def add_part(right: Right, details: PartDetails, *, by: Actor) -> RightPart:
    """Record who made a part of a work. What a freelancer made needs a signed assignment."""
    POLICY.require(by, Act.ADD_PART, right)
    require_in_use(right.business)
    if is_secret(right.kind):
        raise Conflict(NO_PARTS)
    if len(right.parts) >= MOST_PARTS:
        raise Conflict(TOO_MANY)
    _require_new(right.parts, details)
    fields = fields_of(details)
    made = RightPart(right_id=right.id, **fields, added_at=now(), added_by_id=by.account_id)
    session().add(made)
    session().flush()
    audit.record(Act.ADD_PART, made, created(right_id=right.id, **fields), by=by)
    return made


def correct_part(
    part: RightPart, details: PartDetails, *, is_signed: bool, version: int | None, by: Actor
) -> None:
    """Correct a part. ``is_signed`` says that the attached paper was looked at again, where somebody else made it."""
    POLICY.require(by, Act.CORRECT_PART, part)
    require_in_use(part.business)
    require_as_shown(part, version)
    others = [each for each in parts_of(part.right_id) if each.id != part.id]
    require_all(
        lambda: _require_new(others, details), lambda: _require_signed(part, details, is_signed=is_signed)
    )
    changes = amend(part, **fields_of(details))
    if changes:
        audit.record(Act.CORRECT_PART, part, changes, by=by)


def _require_signed(part: RightPart, details: PartDetails, *, is_signed: bool) -> None:
    """Refuse another maker beside a paper that was not looked at again."""
    is_another = plain_words(details.maker) != plain_words(part.maker)
    if part.assigned_at is not None and is_another and not is_signed:
        words = f"Check that the attached paper is signed by {details.maker}, and tick the box. If it is not, remove it first"
        raise Invalid(words, field="is_signed")


def _require_new(parts: Sequence[RightPart], details: PartDetails) -> None:
    """Refuse a part that the chain of title has already: the same person as the same craft, however it is written."""
    wanted = _written_once(details)
    for each in parts:
        if _written_once(each) == wanted:
            raise Invalid(f"{each.title} has {each.maker} as {each.craft} already", field="maker")


def _written_once(part: PartDetails | RightPart) -> tuple[tuple[str, ...], ...]:
    return tuple(plain_words(each) for each in (part.title, part.craft, part.maker))


def remove_part(part: RightPart, *, by: Actor) -> None:
    """Remove a part from the chain of title."""
    POLICY.require(by, Act.REMOVE_PART, part)
    require_in_use(part.business)
    audit.record(Act.REMOVE_PART, part, amend(part, removed_at=now()), by=by)


def attach(part: RightPart, paper: Stored, *, signed_on: date | None, by: Actor) -> Document:
    """Attach the signed assignment of a part: its gap is closed. Raises `BadInput` for a file that is not accepted.

    ``signed_on`` is the day on the paper; None where it has none, and then the day of an earlier paper stays.
    """
    POLICY.require(by, Act.ATTACH_ASSIGNMENT, part)
    require_in_use(part.business)
    SIGNED.require(paper.kind)
    made = documents.keep(paper, Subject(PART, part.id), by=by)
    day = signed_on or part.signed_on
    if day is not None and day > today():
        raise Invalid("The day of signing cannot be in the future", field="signed_on")
    changes = amend(part, assigned_at=part.assigned_at or now(), signed_on=day)
    audit.record(Act.ATTACH_ASSIGNMENT, part, changes | created(file=made.name, sha256=made.sha256), by=by)
    return made


def detach(part: RightPart, document: Document, *, by: Actor) -> None:
    """Remove a signed assignment. Without any, the gap is open again."""
    POLICY.require(by, Act.REMOVE_ASSIGNMENT, part)
    require_in_use(part.business)
    documents.remove(document)
    changes = {} if count_about(PART, part.id) else amend(part, assigned_at=None, signed_on=None)
    audit.record(Act.REMOVE_ASSIGNMENT, part, changes | {"file": (document.name, None)}, by=by)
