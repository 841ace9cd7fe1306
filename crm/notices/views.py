"""The outbox as administrators and auditors see it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.kernel.permissions import Actor, Audience
from crm.notices import queries, service
from crm.notices.forms import LetterSearch, SendAllForm
from crm.notices.models import Letter
from crm.notices.policy import POLICY, SEE_ALL
from crm.notices.workflow import MACHINE, Act, LetterStatus
from crm.web.feature import Todo, counted_todo
from crm.web.filtering import as_offered
from crm.web.forms import answer, done, saved
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
    page = page_of(queries.letters(current_actor(), cursor=cursor(), statuses=filters.chosen_statuses))
    may = {"sees_all": current_actor().has(*SEE_ALL), "may_send_all": _may_send_all()}
    return render_template(
        "notices/letters.html", page=page, filters=filters, subject_of=service.subject_of, **may
    )


@blueprint.route("/letters/send-again", methods=["GET", "POST"])
@permit(Act.SEND_ALL_AGAIN, audience=Audience.INTERNAL)
def send_all_again() -> ResponseReturnValue:
    """Ask before all emails that failed are sent again, and send them."""
    form = SendAllForm.of_request()
    return answer(
        form,
        page=lambda: _send_all_again_page(form),
        act=lambda: service.send_all_again(by=current_actor()),
        then=_sent_again,
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


def _may_send_all() -> bool:
    actor = current_actor()
    return actor.seen_by is None and POLICY.allows(actor, Act.SEND_ALL_AGAIN)


def _send_all_again_page(form: SendAllForm) -> str:
    faults = queries.failed_by_fault()
    count = sum(many for _, many in faults)
    return render_template(
        "notices/send_all_again.html", form=form, faults=faults, count=count, most=service.MOST_AGAIN
    )


def _sent_again(count: int) -> str:
    words = "One email will be sent again." if count == 1 else f"{count:,} emails will be sent again."
    left = queries.count_failed(current_actor())
    more = f" {left:,} more failed: send those again next." if left else ""
    return saved(words + more, "notices.letters", status=LetterStatus.FAILED if left else LetterStatus.QUEUED)


def todos(actor: Actor) -> tuple[Todo, ...]:
    """Emails that failed, for administrators and for the person who caused them."""
    count = queries.count_failed(actor)
    where = url_for("notices.letters", status=LetterStatus.FAILED)
    one, many = "email could not be delivered", "emails could not be delivered"
    return counted_todo(count, (one, many), href=where, is_overdue=True)
