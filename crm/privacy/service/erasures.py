"""Erasing a person in every room at once: proposed by one administrator, confirmed by another, told to the person (N52, P52)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from crm.accounts.service import proposing
from crm.audit import service as audit
from crm.audit.models import AuditEntry
from crm.db.base import Base
from crm.db.changes import amend
from crm.db.ending import GONE, end_rows
from crm.db.erasing import Traces, ids_about, rooms, rows_saying, swept, swept_in, whole_tables
from crm.db.personal import Subject
from crm.db.remembering import remembered
from crm.db.session import session
from crm.db.states import advance, read_state_again, refuse_if, require_as_previewed
from crm.kernel.clock import now
from crm.kernel.errors import Invalid, require_reason
from crm.kernel.marks import mark_of as mark
from crm.kernel.permissions import Actor
from crm.kernel.references import new_reference
from crm.notices.rules import Wording
from crm.notices.service import Extras, Reader, as_sent, queue
from crm.privacy.models import DataRequest, PersonErasure
from crm.privacy.policy import POLICY
from crm.privacy.queries import requests as queries
from crm.privacy.queries.erasing import own_rows, preview_of, same_person, subject_at, traces_of
from crm.privacy.rules import NOT_CHECKED, Preview, is_looked_for, to_reader
from crm.privacy.service.requests import PROPOSED, context_of
from crm.privacy.workflow import ERASURES, MACHINE, Act, RequestKind, RequestStatus

LETTER = "person_erased"
AUDIT = ("audit_entry", "audit_value", "audit_seal", "audit_erasure")
NOT_ASKED = "This request does not ask for erasure."
CLOSED = "This request was answered."
NO_LONGER_THERE = "This person is no longer here. Refuse or withdraw the proposal."
OWN = "You cannot erase yourself. Another administrator does it."
CONFIRMER = "The administrator who confirms"
NAMED = "Do not name the person in the reason: it is kept"


def why_not_asked(found: DataRequest) -> str | None:
    """Why nobody can be erased for a request: it asks for something else, was answered, or a proposal waits."""
    if found.kind is not RequestKind.ERASURE:
        return NOT_ASKED
    if found.status is not RequestStatus.OPEN:
        return CLOSED
    return PROPOSED if queries.open_erasure(found.id) is not None else None


def propose(
    found: DataRequest,
    about: Subject,
    *,
    row: tuple[str, Any],
    reason: str,
    is_checked: bool = False,
    seen: str | None,
    by: Actor,
) -> PersonErasure:
    """Propose to erase a person who asked for it, as the preview showed it. Nothing changes until another administrator confirms.

    Where the request has another name or address than the person, ``is_checked`` says that somebody made sure it is they.
    """
    POLICY.require(by, Act.PROPOSE, found)
    read_state_again(found)
    preview = preview_of(about, request=found)
    require_as_previewed(seen, mark_of_preview(preview))
    refuse_if(why_not_asked(found) or _why_not(preview, about, by=by))
    if preview.differences and not is_checked:
        raise Invalid(NOT_CHECKED, field="checked")
    why = _reason_without_them(reason, about)
    made = PersonErasure(request_id=found.id, reason=why, subject_table=row[0], subject_id=row[1], told=[])
    return proposing.propose(made, Act.PROPOSE, request=found.reference, by=by)


def _reason_without_them(reason: str, about: Subject) -> str:
    """A reason as it is kept: it must not say who was erased."""
    why = require_reason(reason)
    if traces_of(about, known_as="", with_name=True).are_in(why):
        refuse_if(NAMED)
    return why


def _why_not(preview: Preview, about: Subject, *, by: Actor | None = None) -> str | None:
    if by is not None and by.account_id is not None and by.account_id == about.account_id:
        return OWN
    return preview.why_not_them or (preview.hindrances[0].words if preview.hindrances else None)


def mark_of_preview(preview: Preview) -> str:
    """The mark of what a preview shows."""
    return mark(preview.asked, preview.told(), [each.words for each in preview.hindrances])


def subject_of(found: PersonErasure) -> Subject | None:
    """Who is to be erased; None once they were, or where the row by which they were found is gone."""
    if found.subject_table is None or found.subject_id is None:
        return None
    return subject_at(found.subject_table, found.subject_id)


@remembered
def preview(found: PersonErasure) -> Preview | None:
    """What confirming a proposal would do now; None where there is nobody to erase."""
    about = subject_of(found)
    return preview_of(about, request=found.request) if about else None


def why_not_confirmed(found: PersonErasure) -> str | None:
    """Why a person cannot be erased now."""
    about, shown = subject_of(found), preview(found)
    if about is None or shown is None:
        return NO_LONGER_THERE
    return _why_not(shown, about)


def mark_of(found: PersonErasure) -> str:
    """The mark of what the page of a proposal shows: whom, why, what goes and stays, and the letter."""
    shown, letter = preview(found), letter_of(found)
    asked = (found.request.reference, found.request.name, found.request.email, found.request.contact)
    return mark(found.reason, asked, mark_of_preview(shown) if shown else "", letter)


def context_for(found: PersonErasure, shown: Preview) -> dict[str, Any]:
    """What the letter says: what was deleted, and what was kept and why."""
    words = {"gone": _lines(shown.gone), "unnamed": _lines(shown.unnamed), "whole": _lines(shown.whole)}
    known = {"had_account": shown.has_account, "has_one_word": not is_looked_for(shown.name)}
    return context_of(found.request, **words, **known)


def _lines(parts: Any) -> list[str]:
    return [f"{to_reader(each.what)} ({each.count:,}){f': {each.why}' if each.why else ''}" for each in parts]


def letter_of(found: PersonErasure, *, by_name: str = "") -> Wording | None:
    """The letter to the person as it would be sent now; staff send it by post where there is no email address.

    It is signed by the administrator who confirms.
    """
    shown = preview(found)
    if shown is None:
        return None
    who = {"to_name": shown.name, "by_name": by_name or CONFIRMER}
    return as_sent(LETTER, {**context_for(found, shown), **who})


def _begin(found: PersonErasure, act: Act, *, by: Actor) -> None:
    POLICY.require(by, act, found)
    read_state_again(found)
    if act is not Act.READ:
        ERASURES.machine.target(act, found.status, thing=found)


def confirm(found: PersonErasure, *, seen: str | None = None, by: Actor) -> None:
    """Erase the person in every room, in one transaction, and tell them what was deleted and what was kept, and why.

    The letter is queued last, and forgets its reader as soon as it left. What stays here says that somebody was erased, and not who.
    """
    _begin(found, Act.CONFIRM, by=by)
    require_as_previewed(seen, mark_of(found))
    refuse_if(proposing.why_not_decided_by(found, by.account_id) or why_not_confirmed(found))
    about, shown = subject_of(found), preview(found)
    assert about is not None
    assert shown is not None
    refuse_if(_why_not(shown, about, by=by))
    context, reader = context_for(found, shown), Reader(shown.asker.to, about.name)
    reference = new_reference("P")
    traces = traces_of(about, known_as=f"Erased person {reference}", with_name=shown.looks_for_name)
    _forget_proposals(about, found)
    with session().no_autoflush:  # the table wants both at once
        amend(found, subject_id=None, subject_table=None, known_as=traces.known_as, told=shown.told())
        proposing.confirm(ERASURES, found, by=by)
    _answer(found.request, known_as=traces.known_as, by=by)
    _erase(about, traces, reference=reference, by=by)
    if reader.address:
        queue(LETTER, reader, having=Extras({**context, "by_name": by.name}))


def _forget_proposals(about: Subject, found: PersonErasure) -> None:
    """Earlier proposals to erase the same person, which were refused or withdrawn, forget whom they were about."""
    table = Base.metadata.tables[PersonErasure.__tablename__]
    where = (same_person(about, table), table.c.id != found.id, table.c.status.in_(("refused", "withdrawn")))
    session().execute(update(table).where(*where).values(subject_id=None, subject_table=None))


def _answer(request: DataRequest, *, known_as: str, by: Actor) -> None:
    """The request is answered by the erasure, and forgets who asked."""
    changes = advance(MACHINE, request, Act.ANSWER)
    amend(
        request,
        name=known_as,
        email=None,
        contact=GONE,
        said=GONE,
        answer=f"Erased, and known as {known_as}.",
    )
    amend(request, answered_at=now(), answered_by_id=by.account_id)
    audit.record(Act.ANSWER, request, changes, by=by)


def _erase(about: Subject, traces: Traces, *, reference: str, by: Actor) -> None:
    """Room by room from the top: by its verb, then by its manifest. Then their name goes from every text that may change."""
    session().flush()
    own = own_rows(about)
    for room in reversed(rooms()):
        if room.eraser is not None:
            room.eraser(about, reference=reference, known_as=traces.known_as, by=by)
            session().flush()
        for name, each in room.erasure.items():
            ids = ids_about(name, about) if each.then is not None else ()
            if ids and each.then is not None:
                audit.erase_values_about(name, ids, reason=traces.known_as, by=by)
                end_rows(Base.metadata.tables[name], ids, then=each.then)
    swept_in(own, traces_of(about, known_as=traces.known_as, with_name=is_looked_for(about.name)))
    _sweep(traces, by=by)


def _sweep(traces: Traces, *, by: Actor) -> None:
    session().flush()
    for row in rows_saying(Base.metadata.tables["audit_value"], traces):
        entry = session().get(AuditEntry, row["entry_id"])
        if entry is not None:
            audit.erase_values(entry, reason=traces.known_as, by=by)
    swept(traces, but={*whole_tables(), *AUDIT})
    session().expire_all()


def refuse(found: PersonErasure, *, reason: str, version: int | None = None, by: Actor) -> None:
    """Refuse a proposal, with a reason: nobody is erased."""
    _begin(found, Act.REFUSE_ERASURE, by=by)
    proposing.refuse(ERASURES, found, reason=reason, version=version, by=by)


def withdraw(found: PersonErasure, *, version: int | None = None, by: Actor) -> None:
    """Withdraw one's own proposal: nobody is erased."""
    _begin(found, Act.WITHDRAW, by=by)
    proposing.withdraw(ERASURES, found, version=version, by=by)


def read(found: PersonErasure, *, by: Actor) -> None:
    """Note that what became of a proposal was read: it leaves every desk."""
    _begin(found, Act.READ, by=by)
    proposing.read(ERASURES, found, by=by)
