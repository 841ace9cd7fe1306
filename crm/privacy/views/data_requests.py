"""The register of what people ask about their personal data: the list with its days, one request, further time, the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import names_of
from crm.audit.queries import entries_about
from crm.complaints.policy import POLICY as COMPLAINTS
from crm.complaints.queries import count_of as count_complaints
from crm.complaints.workflow import Act as ComplaintAct
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Audience
from crm.notices.service import written_about
from crm.privacy import rules
from crm.privacy.forms import AnswerForm, ExtendForm, RefusalForm, RequestForm
from crm.privacy.models import DataRequest
from crm.privacy.policy import POLICY
from crm.privacy.queries import requests as queries
from crm.privacy.rules import SHOWS
from crm.privacy.service import requests as service
from crm.privacy.service.copies import why_not_copied
from crm.privacy.service.erasures import why_not_asked
from crm.privacy.workflow import MACHINE, Act
from crm.web.feature import Number, Todo
from crm.web.filtering import chosen
from crm.web.forms import Form, saved
from crm.web.forms import answer as answered
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits

blueprint = Blueprint("data_requests", __name__)
permit = permits(POLICY)
PAGE = "data_requests.data_request"
HERE = "/data-requests/<uuid:data_request_id>"


def _require_reachable(form: RequestForm) -> None:
    service.require_reachable(form.email.data, contact=form.contact.data)


def load_request(data_request_id: Any) -> DataRequest | None:
    return queries.data_request(data_request_id)


@blueprint.get("/data-requests")
@permit(Act.LIST, audience=Audience.INTERNAL)
def data_requests() -> ResponseReturnValue:
    """What people ask about their personal data, the first that is due on top."""
    show, on, actor = chosen("show", SHOWS), today(), current_actor()
    page = page_of(queries.requests(show, on=on, cursor=cursor()))
    shown: dict[str, Any] = {"show": show, "on": on, "rules": rules, "complaints": None}
    shown |= {"count": queries.count_of(show, on=on), "may_record": POLICY.allows(actor, Act.RECORD)}
    if COMPLAINTS.allows(actor, ComplaintAct.LIST):
        shown["complaints"] = count_complaints("", on=on)
    return render_template("privacy/data_requests.html", page=page, **shown)


@blueprint.route("/data-requests/record", methods=["GET", "POST"])
@permit(Act.RECORD, audience=Audience.INTERNAL)
def record() -> ResponseReturnValue:
    """Record a request that came by email, letter, telephone or in person."""
    form = RequestForm.of_request(received_on=today())
    form.also(lambda: _require_reachable(form), "email", "contact")
    return answered(
        form,
        page=lambda: render_template("privacy/record.html", form=form),
        act=lambda: service.record(form.asked(), by=current_actor()),
        then=lambda made: _saved(f"Request {made.reference} recorded.", made),
    )


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.INTERNAL, load=load_request)
def data_request(found: DataRequest) -> ResponseReturnValue:
    """One request: what is asked, by when it is answered, and what became of it."""
    acts = open_acts(found, policy=POLICY, machine=MACHINE, also=(Act.EXTEND, Act.PROPOSE, Act.MAKE_COPY))
    shown = {"acts": acts, "Act": Act, "rules": rules, "on": today(), "trail": entries_about(found)}
    shown |= {"why_not_extended": service.why_not_extended(found), "why_not_erased": why_not_asked(found)}
    shown |= {"why_not_copied": why_not_copied(found), "copies": queries.copies_of(found)}
    shown |= {"erasures": queries.erasures_of(found.id), "why_not_answered": service.why_not_answered(found)}
    shown["people"] = names_of([each for each in (found.recorded_by_id, found.answered_by_id) if each])
    shown["letters"] = written_about(("data_request", found.id), reader=current_actor())
    return render_template("privacy/data_request.html", found=found, **shown)


@blueprint.route(f"{HERE}/extend", methods=["GET", "POST"])
@permit(Act.EXTEND, audience=Audience.INTERNAL, load=load_request, unless=service.why_not_extended)
def extend(found: DataRequest) -> ResponseReturnValue:
    """Take further time for a request, once."""
    form = ExtendForm.of_request(version=found.version)
    told = {"reason": form.reason.data, "version": form.version.data}
    return _asked(form, found, lambda: service.extend(found, **told, by=current_actor()), "Time extended.")


@blueprint.route(f"{HERE}/answer", methods=["GET", "POST"])
@permit(
    Act.ANSWER,
    audience=Audience.INTERNAL,
    load=load_request,
    machine=MACHINE,
    unless=service.why_not_answered,
)
def answer(found: DataRequest) -> ResponseReturnValue:
    """Answer a request."""
    return _closed(found, AnswerForm.of_request(version=found.version), service.answer, "Request answered.")


@blueprint.route(f"{HERE}/refuse", methods=["GET", "POST"])
@permit(
    Act.REFUSE,
    audience=Audience.INTERNAL,
    load=load_request,
    machine=MACHINE,
    unless=service.why_not_answered,
)
def refuse(found: DataRequest) -> ResponseReturnValue:
    """Refuse a request."""
    return _closed(found, RefusalForm.of_request(version=found.version), service.refuse, "Request refused.")


def _closed(
    found: DataRequest, form: AnswerForm | RefusalForm, verb: Callable[..., None], said: str
) -> ResponseReturnValue:
    """The two ways in which a request ends: each with its words, which the person gets."""
    told = {"version": form.version.data, "by": current_actor()}
    return _asked(form, found, lambda: verb(found, form.answer.data, **told), said)


def _asked(form: Form, found: DataRequest, act: Callable[[], None], said: str) -> ResponseReturnValue:
    told = "We are emailing the person." if found.email else "Write to the person: there is no email address."
    return answered(
        form,
        page=lambda: _answer_page(form, found),
        act=act,
        then=lambda _: _saved(f"{said} {told}", found),
    )


def _answer_page(form: Form, found: DataRequest) -> str:
    """One page for the three letters about a request: they differ in the question."""
    shown = {"rules": rules, "copies": queries.copies_of(found)}
    return render_template("privacy/answer.html", form=form, found=found, **shown)


def _saved(said: str, found: DataRequest) -> str:
    return saved(said, PAGE, data_request_id=found.id)


def to_answer(_actor: Actor) -> tuple[Todo, ...]:
    """Requests to answer, each with its last day."""
    return tuple(map(_todo, queries.to_answer()))


def _todo(found: DataRequest) -> Todo:
    words = f"Answer a request about personal data: {rules.KINDS_OF_REQUEST[found.kind]}"
    where = url_for(PAGE, data_request_id=found.id)
    is_late = found.is_overdue(on=today())
    things = (found.id,)
    return Todo(words, None, where, is_late, about=found.reference, due=found.due_on, things=things)


def numbers(actor: Actor) -> tuple[Number, ...]:
    """How many requests about personal data wait for an answer."""
    if not POLICY.allows(actor, Act.LIST):
        return ()
    count = queries.count_of("", on=today())
    return (Number("Requests about personal data to answer", count, url_for("data_requests.data_requests")),)
