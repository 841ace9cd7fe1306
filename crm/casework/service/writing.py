"""Writing an e-mail from the record of a business, and keeping the beginnings that e-mails are written from."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from crm.audit import service as audit
from crm.businesses.models import Business, Person
from crm.businesses.queries.seeing import people_of
from crm.businesses.service.keeping import require_in_use
from crm.casework import queries
from crm.casework.models import EmailTemplate, WrittenEmail
from crm.casework.policy import POLICY
from crm.casework.rules import LONGEST_NOTES, unknown_places
from crm.casework.workflow import Act
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import require_as_shown
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue

NO_ADDRESS = "Choose a person at this business who has an email address"
NAME_TAKEN = "There is a template with this name already"


@dataclass(frozen=True)
class EmailDetails:
    """To whom at the business, and what."""

    person_id: UUID
    subject: str
    body: str


@dataclass(frozen=True)
class TemplateDetails:
    """How an e-mail begins: its name among the others, and its words with their places in braces."""

    name: str
    subject: str
    body: str


def write(business: Business, details: EmailDetails, *, reply_to: str, by: Actor) -> WrittenEmail:
    """Send somebody at a business an e-mail and keep it on the record; they answer to ``reply_to``."""
    POLICY.require(by, Act.WRITE_EMAIL, business)
    require_in_use(business)
    to = _reader(business, details.person_id)
    require_sound_body(details.body)
    words = {"subject": details.subject, "body": details.body, "by_name": by.name}
    letter = queue("written", Reader(to.email or "", to.name), having=Extras(words, reply_to=reply_to))
    session().flush()
    made = WrittenEmail(business_id=business.id, **vars(details), written_at=now(), letter_id=letter.id)
    made.written_by_id = by.account_id
    session().add(made)
    session().flush()
    audit.record(Act.WRITE_EMAIL, made, created(to=to.name, subject=details.subject), by=by)
    return made


def _reader(business: Business, person_id: UUID) -> Person:
    for each in people_of(business.id):
        if each.id == person_id and each.email and each.left_on is None:
            return each
    raise Invalid(NO_ADDRESS, field="person")


MARKS = frozenset("-–—*•")
"""What begins a line of a list."""


def require_sound_body(body: str) -> None:
    """Refuse a message that is too long, or has a line that was not filled in."""
    _require_length(body)
    _require_filled_in(body)


def _require_filled_in(body: str) -> None:
    """Refuse a list with nothing behind its mark: what a template leaves to be filled in."""
    if any(each.strip() in MARKS for each in body.splitlines()):
        raise Invalid("Fill in the line that has a dash and nothing after it, or delete it", field="body")


def _require_length(body: str) -> None:
    if len(body) > LONGEST_NOTES:
        raise Invalid(f"This must be {LONGEST_NOTES:,} characters or fewer", field="body")


def add_template(details: TemplateDetails, *, by: Actor) -> EmailTemplate:
    """Keep a beginning that e-mails can be written from."""
    POLICY.require(by, Act.ADD_TEMPLATE)
    _require_sound(details, but=None)
    made = EmailTemplate(**vars(details))
    session().add(made)
    session().flush()
    audit.record(Act.ADD_TEMPLATE, made, created(**vars(details)), by=by)
    return made


def change_template(
    template: EmailTemplate, details: TemplateDetails, *, version: int | None, by: Actor
) -> None:
    """Change how e-mails begin from now on; those that were written stay as they are."""
    POLICY.require(by, Act.CHANGE_TEMPLATE, template)
    require_as_shown(template, version)
    _require_sound(details, but=template)
    changes = amend(template, **vars(details))
    if changes:
        audit.record(Act.CHANGE_TEMPLATE, template, changes, by=by)


def _require_sound(details: TemplateDetails, *, but: EmailTemplate | None) -> None:
    _require_length(details.body)
    for field in ("subject", "body"):
        unknown = unknown_places(getattr(details, field))
        if unknown:
            raise Invalid(
                f"There is no {', '.join(unknown)}. Use {{name}}, {{business}} or {{adviser}}", field=field
            )
    known = {each.name.casefold(): each for each in queries.templates(with_retired=True)}
    if known.get(details.name.casefold(), but) is not but:
        raise Invalid(NAME_TAKEN, field="name")


def retire_template(template: EmailTemplate, *, by: Actor) -> None:
    """Offer it no more."""
    POLICY.require(by, Act.RETIRE_TEMPLATE, template)
    if template.retired_on is not None:
        raise Conflict("This is no longer offered.")
    audit.record(Act.RETIRE_TEMPLATE, template, amend(template, retired_on=today()), by=by)


def restore_template(template: EmailTemplate, *, by: Actor) -> None:
    """Offer it again."""
    POLICY.require(by, Act.RESTORE_TEMPLATE, template)
    if template.retired_on is None:
        raise Conflict("This is offered already.")
    audit.record(Act.RESTORE_TEMPLATE, template, amend(template, retired_on=None), by=by)
