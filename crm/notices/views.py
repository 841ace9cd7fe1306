"""The outbox as administrators and auditors see it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.kernel.permissions import Actor, Audience
from crm.notices import queries, service
from crm.notices.forms import LetterSearch
from crm.notices.models import Letter
from crm.notices.policy import POLICY, SEE_ALL
from crm.notices.workflow import MACHINE, Act, LetterStatus
from crm.web.feature import Todo, counted_todo
from crm.web.filtering import as_offered
from crm.web.forms import done, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits

blueprint = Blueprint("notices", __name__)
permit = permits(POLICY)


@blueprint.get("/letters")
@permit(Act.LIST, audience=Audience.INTERNAL)
def letters() -> ResponseReturnValue:
    """The letters that one may see, newest first: all of them, or those that one caused."""
    filters = as_offered(LetterSearch(request.args))
    page = page_of(queries.letters(current_actor(), cursor=cursor(), status=filters.chosen_status))
    sees_all = current_actor().has(*SEE_ALL)
    return render_template(
        "notices/letters.html", page=page, filters=filters, sees_all=sees_all, subject_of=service.subject_of
    )


@blueprint.get("/letters/<uuid:letter_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.letter)
def letter(found: Letter) -> ResponseReturnValue:
    """One letter: where it is, what it said, and what can be done with it."""
    acts = open_acts(found, machine=MACHINE, policy=POLICY)
    trail = entries_about(found)
    subject = service.subject_of(found)
    return render_template(
        "notices/letter.html", letter=found, acts=acts, Act=Act, trail=trail, subject=subject
    )


@blueprint.post("/letters/<uuid:letter_id>/send-again")
@permit(Act.SEND_AGAIN, audience=Audience.INTERNAL, load=queries.letter, machine=MACHINE)
def send_again(found: Letter) -> ResponseReturnValue:
    """Put a failed letter back into the outbox."""
    service.send_again(found, by=current_actor())
    return done(saved("The email will be sent again.", "notices.letter", letter_id=found.id))


@blueprint.post("/letters/<uuid:letter_id>/cancel")
@permit(Act.CANCEL, audience=Audience.INTERNAL, load=queries.letter, machine=MACHINE)
def cancel(found: Letter) -> ResponseReturnValue:
    """Take a letter out of the outbox."""
    service.cancel(found, by=current_actor())
    return done(saved("The email is cancelled and will not be sent.", "notices.letter", letter_id=found.id))


def todos(actor: Actor) -> tuple[Todo, ...]:
    """Emails that failed, for administrators and for the person who caused them."""
    count = queries.count_failed(actor)
    where = url_for("notices.letters", status=LetterStatus.FAILED)
    one, many = "email could not be delivered", "emails could not be delivered"
    return counted_todo(count, (one, many), href=where, is_overdue=True)
