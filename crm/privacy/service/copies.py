"""The copy of a person's data that an administrator makes because the person asked for it (P52)."""

from __future__ import annotations

from crm.accounts.queries import account
from crm.audit import service as audit
from crm.db.changes import created
from crm.db.personal import Subject
from crm.db.states import read_state_again, refuse_if, require_as_previewed
from crm.kernel.errors import Invalid
from crm.kernel.marks import mark_of as mark
from crm.kernel.permissions import Actor
from crm.privacy.models import DataRequest
from crm.privacy.policy import POLICY
from crm.privacy.queries.erasing import chosen_for
from crm.privacy.rules import NOT_CHECKED, Chosen
from crm.privacy.workflow import Act, RequestKind, RequestStatus

NO_COPY_ASKED = "This request does not ask for a copy."
CLOSED = "This request was answered."


def why_not_copied(found: DataRequest) -> str | None:
    """Why no copy is made for a request: it asks for something else, or was answered."""
    if found.kind is not RequestKind.ACCESS:
        return NO_COPY_ASKED
    return None if found.status is RequestStatus.OPEN else CLOSED


def mark_of_chosen(chosen: Chosen) -> str:
    """The mark of who asked and who was chosen, as the page shows them."""
    return mark(chosen.asked)


def make_copy(
    found: DataRequest, about: Subject, *, is_checked: bool = False, seen: str | None, by: Actor
) -> None:
    """Note whose copy is made for which request, in the history of both. The caller hands the copy out.

    Where the request has another name or address than the person, ``is_checked`` says that somebody made sure it is they.
    """
    POLICY.require(by, Act.MAKE_COPY, found)
    read_state_again(found)
    chosen = chosen_for(found, about)
    require_as_previewed(seen, mark_of_chosen(chosen))
    refuse_if(why_not_copied(found) or chosen.why_not_them)
    if chosen.differences and not is_checked:
        raise Invalid(NOT_CHECKED, field="checked")
    audit.record(Act.MAKE_COPY, found, created(copy_of=about.name), by=by)
    holder = account(about.account_id) if about.account_id else None
    if holder is not None:
        audit.record(Act.MAKE_COPY, holder, created(request=found.reference), by=by)
