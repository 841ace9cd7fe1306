"""The queue of enquiries, one of them, and everything that is done with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import account, hub_names
from crm.audit.queries import entries_about
from crm.businesses.policy import HUB_ROLES
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import business as load_business
from crm.businesses.service.extracting import noting
from crm.businesses.workflow import Act as BusinessAct
from crm.figures.queries import bank_holidays
from crm.kernel.clock import today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Scope
from crm.signposting.forms.enquiring import TakeDownForm
from crm.signposting.forms.queueing import (
    SHOWN,
    AbsenceForm,
    AnswerForm,
    AssignForm,
    AttachForm,
    CapacityForm,
    CloseForm,
    HandOverForm,
    NoteForm,
    ReopenForm,
    SearchForm,
)
from crm.signposting.models import Enquiry
from crm.signposting.papers import ENQUIRY_HEAD, enquiry_row
from crm.signposting.policy import POLICY
from crm.signposting.queries import enquiring as queries
from crm.signposting.rules.enquiring import clock_in_words
from crm.signposting.rules.labels import CLOSE_REASONS, STATUS_COLOURS, STATUSES, WAYS
from crm.signposting.service import attaching, queueing, triaging
from crm.signposting.service import enquiring as service
from crm.signposting.views.telling import told_rows
from crm.signposting.workflow import ENQUIRIES, Act, Way
from crm.web.extracts import csv_response
from crm.web.feature import Happening, Todo
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("queue", __name__)
permit = permits(POLICY)
WORDS = {"statuses": STATUSES, "colours": STATUS_COLOURS, "ways": WAYS, "reasons": CLOSE_REASONS}


def _search() -> queries.Search:
    """The filters of this request; what is none of ours is refused."""
    given = request.args
    show, sort, hub = given.get("show") or "unanswered", given.get("sort") or "due", given.get("hub", "")
    try:
        hub_id = UUID(hub) if hub else None
    except ValueError:
        show, hub_id = "", None
    if show not in SHOWN or sort not in queries.SORTS:
        raise Invalid("The list cannot be sorted or filtered like that. Go back and choose again.")
    return queries.Search(show=show, text=given.get("q", "").strip()[:100], hub_id=hub_id, sort=sort)


def _given() -> dict[str, list[str]]:
    return {name: values for name, values in request.args.lists() if name != "page"}


@blueprint.get("/enquiries")
@permit(Act.LIST, audience=Audience.INTERNAL)
def enquiries() -> ResponseReturnValue:
    """What is due first, first."""
    search, actor = _search(), current_actor()
    page, count = page_of(queries.enquiries(search, actor, cursor=cursor())), queries.count_of(search, actor)
    shown: dict[str, Any] = {"filters": SearchForm(request.args).offer(hub_names().items()), "words": WORDS}
    shown |= {"clocks": _clocks(page.rows), "show": SHOWN[search.show], "counted": queries.COUNTED}
    shown |= {
        "can_take": POLICY.allows(actor, Act.TAKE_DOWN),
        "can_extract": POLICY.allows(actor, Act.EXTRACT),
    }
    shown["extract"] = f"{url_for('queue.extract')}?{urlencode(_given(), doseq=True)}".rstrip("?")
    return render_template("signposting/enquiries.html", page=page, count=count, on=today(), **shown)


def _clocks(rows: Any) -> dict[UUID, str]:
    """How long there is for each first answer, in words; nothing for those that had theirs."""
    holidays, on = bank_holidays(), today()
    return {
        each.id: clock_in_words(each.due_on, on=on, bank_holidays=holidays)
        for each in rows
        if not each.is_answered
    }


@blueprint.get("/enquiries.csv")
@permit(Act.EXTRACT, audience=Audience.INTERNAL, leaves_trace="who took which enquiries out, and how many")
def extract() -> ResponseReturnValue:
    """The rows of the queue as a file, in its order; who took it out is kept."""
    search, actor = _search(), current_actor()
    rows = [enquiry_row(each) for each in queries.every(search, actor)]
    after(noting(Act.EXTRACT, _given(), rows=len(rows), by=actor))
    return csv_response("enquiries.csv", ENQUIRY_HEAD, rows=rows)


@blueprint.route("/enquiries/new", methods=["GET", "POST"])
@permit(Act.TAKE_DOWN, audience=Audience.INTERNAL)
def take_down() -> ResponseReturnValue:
    """Take an enquiry down for somebody who called, wrote or came by."""
    form = TakeDownForm.of_request()
    if not form.was_sent:
        return render_template("signposting/take_down.html", form=form)
    return answer(
        form,
        lambda: service.take_down(form.told(), Way(form.way.data), by=current_actor()),
        then=lambda made: _done(made, f"The enquiry is taken down as {made.reference}."),
        again=lambda again: render_template("signposting/take_down.html", form=again),
    )


def _done(found: Enquiry, words: str) -> str:
    flash(words, "success")
    return url_for("queue.enquiry", enquiry_id=found.id)


@blueprint.get("/enquiries/<uuid:enquiry_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.enquiry)
def enquiry(found: Enquiry) -> ResponseReturnValue:
    """Everything that was told, the clock, the notes, and what can be done."""
    return _page(found)


def _page(found: Enquiry, **refused: Form) -> str:
    """The page of an enquiry; a form that was refused stands in the place of its fresh one."""
    actor = current_actor()
    acts = {act for act in Act if act in _ON_PAGE and POLICY.allows(actor, act, found)}
    acts -= {act for act in ENQUIRIES.acts if act not in ENQUIRIES.possible(found.status)}
    forms = {**_fresh_forms(found, acts), **refused}
    shown: dict[str, Any] = {
        "acts": acts,
        "Act": Act,
        "forms": forms,
        "form": next(iter(refused.values()), None),
    }
    shown |= {
        "clock": _clocks([found]).get(found.id),
        "rows": told_rows(found),
        "notes": queries.notes_on(found.id),
    }
    shown |= {"location": service.whereabouts(found.postcode, found.outcode), "trail": entries_about(found)}
    return render_template(
        "signposting/enquiry.html", enquiry=found, words=WORDS, on=today(), names=hub_names(), **shown
    )


_ON_PAGE = (
    *(
        Act.CLAIM,
        Act.RELEASE,
        Act.ASSIGN,
        Act.HAND_OVER,
        Act.ANSWER,
        Act.CLOSE,
        Act.REOPEN,
        Act.NOTE,
        Act.ATTACH,
    ),
    Act.TRIAGE,
)


def _fresh_forms(found: Enquiry, acts: set[Act]) -> dict[str, Form]:
    forms: dict[str, Form] = {
        "note": NoteForm(), "answer": AnswerForm(), "close": CloseForm(), "reopen": ReopenForm(),
        "hand_over": HandOverForm().offer(_other_hubs(found)),
    }  # fmt: skip
    if Act.ASSIGN in acts:
        forms["assign"] = AssignForm().offer(_loads_for(found))
    return forms


def _other_hubs(found: Enquiry) -> list[tuple[str, str]]:
    return [(hub_id, name) for hub_id, name in hub_names().items() if hub_id != str(found.hub_id)]


def _loads_for(found: Enquiry) -> list[queries.Load]:
    hubs = [found.hub_id] if found.hub_id else [UUID(hub_id) for hub_id in hub_names()]
    return [each for each in queries.loads_of(hubs) if each.account.id != found.claimed_by_id]


@blueprint.post("/enquiries/<uuid:enquiry_id>/claim")
@permit(Act.CLAIM, audience=Audience.INTERNAL, load=queries.enquiry)
def claim(found: Enquiry) -> ResponseReturnValue:
    """Take it in hand."""
    queueing.claim(found, by=current_actor())
    return redirect(_done(found, "It is in your hands now."), code=303)


@blueprint.post("/enquiries/<uuid:enquiry_id>/release")
@permit(Act.RELEASE, audience=Audience.INTERNAL, load=queries.enquiry)
def release(found: Enquiry) -> ResponseReturnValue:
    """Put it back into the queue."""
    queueing.release(found, by=current_actor())
    return redirect(_done(found, "It is back in the queue."), code=303)


@blueprint.post("/enquiries/<uuid:enquiry_id>/assign")
@permit(Act.ASSIGN, audience=Audience.INTERNAL, load=queries.enquiry)
def assign(found: Enquiry) -> ResponseReturnValue:
    """Give it to a colleague."""
    form = AssignForm.of_request().offer(_loads_for(found))
    return answer(
        form,
        lambda: queueing.assign(found, UUID(form.account_id.data), by=current_actor()),
        then=lambda _: _done(found, "It is given to your colleague."),
        again=lambda again: _page(found, assign=again),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/hand-over")
@permit(Act.HAND_OVER, audience=Audience.INTERNAL, load=queries.enquiry)
def hand_over(found: Enquiry) -> ResponseReturnValue:
    """Pass it on to another hub."""
    form = HandOverForm.of_request().offer(_other_hubs(found))
    return answer(
        form,
        lambda: queueing.hand_over(
            found, UUID(form.hub_id.data), reason=form.reason.data, by=current_actor()
        ),
        then=lambda _: _handed_over(),
        again=lambda again: _page(found, hand_over=again),
    )


def _handed_over() -> str:
    flash("It is handed over to the other hub.", "success")
    return url_for("queue.enquiries")


@blueprint.post("/enquiries/<uuid:enquiry_id>/answer")
@permit(Act.ANSWER, audience=Audience.INTERNAL, load=queries.enquiry)
def answer_enquiry(found: Enquiry) -> ResponseReturnValue:
    """Keep that the business had its answer."""
    form = AnswerForm.of_request()
    return answer(
        form,
        lambda: queueing.answer(found, said=form.text.data, by=current_actor()),
        then=lambda _: _done(found, "It is kept as answered."),
        again=lambda again: _page(found, answer=again),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/close")
@permit(Act.CLOSE, audience=Audience.INTERNAL, load=queries.enquiry)
def close(found: Enquiry) -> ResponseReturnValue:
    """Close it, with the reason."""
    form = CloseForm.of_request()
    return answer(
        form,
        lambda: queueing.close(found, form.why(), note=form.text.data or "", by=current_actor()),
        then=lambda _: _done(found, "The enquiry is closed."),
        again=lambda again: _page(found, close=again),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/reopen")
@permit(Act.REOPEN, audience=Audience.INTERNAL, load=queries.enquiry)
def reopen(found: Enquiry) -> ResponseReturnValue:
    """Open it again, with a note."""
    form = ReopenForm.of_request()
    return answer(
        form,
        lambda: queueing.reopen(found, why=form.text.data, by=current_actor()),
        then=lambda _: _done(found, "The enquiry is open again, and waits in the queue."),
        again=lambda again: _page(found, reopen=again),
    )


@blueprint.post("/enquiries/<uuid:enquiry_id>/note")
@permit(Act.NOTE, audience=Audience.INTERNAL, load=queries.enquiry)
def note(found: Enquiry) -> ResponseReturnValue:
    """Note something, for advisers alone."""
    form = NoteForm.of_request()
    return answer(
        form,
        lambda: queueing.note(found, form.text.data, by=current_actor()),
        then=lambda _: _done(found, "It is noted."),
        again=lambda again: _page(found, note=again),
    )


@blueprint.route("/enquiries/<uuid:enquiry_id>/business", methods=["GET", "POST"])
@permit(Act.ATTACH, audience=Audience.INTERNAL, load=queries.enquiry)
def attach(found: Enquiry) -> ResponseReturnValue:
    """Say which business it is: one that is known, or a new one."""
    form = AttachForm.of_request(business_id="new").offer(_offered(found))
    if not form.was_sent:
        return _attach_page(form, found)
    return answer(
        form,
        lambda: _attached(found, form),
        then=lambda _: url_for("business.business", business_id=found.business_id),
        again=lambda again: _attach_page(again, found),
    )


def _offered(found: Enquiry) -> list[tuple[str, str]]:
    """The candidates that this actor may see, with what tells them apart."""
    return [
        (
            str(each.id),
            f"{each.name}, {each.trading_outcode or 'district not known'}, {each.company_number or 'no number'}",
        )
        for each in attaching.candidates(found)
        if BUSINESSES.allows(current_actor(), BusinessAct.VIEW, each)
    ]


def _attached(found: Enquiry, form: Any) -> None:
    if form.business_id.data == "new":
        attaching.attach_to_new(found, not_a_duplicate=form.why_new.data or "", by=current_actor())
        return
    known = load_business(UUID(form.business_id.data))
    assert known is not None
    attaching.attach(found, known, by=current_actor())


def _attach_page(form: Form, found: Enquiry) -> str:
    unseen = [
        each
        for each in attaching.candidates(found)
        if not BUSINESSES.allows(current_actor(), BusinessAct.VIEW, each)
    ]
    return render_template("signposting/attach.html", form=form, enquiry=found, unseen=unseen)


@blueprint.post("/enquiries/<uuid:enquiry_id>/triage")
@permit(Act.TRIAGE, audience=Audience.INTERNAL, load=queries.enquiry)
def triage(found: Enquiry) -> ResponseReturnValue:
    """Begin to find out what the business needs, with what the enquiry told."""
    begun = triaging.triage(found, by=current_actor())
    return redirect(url_for("diagnostics.answer_section", diagnosis_id=begun.id, section="areas"), code=303)


def _own_hubs(actor: Actor) -> list[UUID]:
    """The hubs whose advisers this actor may plan with: their own, or all of them."""
    own = actor.scoped_to(Scope.HUB, *HUB_ROLES)
    return [UUID(hub_id) for hub_id in hub_names() if not own or hub_id in own]


@blueprint.route("/enquiries/capacity", methods=["GET", "POST"])
@permit(Act.VIEW_CAPACITY, audience=Audience.INTERNAL)
def capacity() -> ResponseReturnValue:
    """What everybody has in hand, the most they hold, and who is away."""
    loads = queries.loads_of(_own_hubs(current_actor()))
    form = CapacityForm.of_request().offer(loads)
    if not form.was_sent:
        return _capacity_page(form, loads)
    return answer(
        form,
        lambda: queueing.set_capacity(
            _somebody(form.account_id.data), form.most_open.data, by=current_actor()
        ),
        then=lambda _: url_for("queue.capacity"),
        again=lambda again: _capacity_page(again, loads),
    )


def _somebody(account_id: str) -> Any:
    found = account(UUID(account_id))
    assert found is not None
    return found


def _capacity_page(form: Form, loads: list[queries.Load]) -> str:
    can_set = POLICY.allows(current_actor(), Act.SET_CAPACITY)
    names = {each.account.id: each.account.name for each in loads}
    absences = [each for each in queries.absences_from(today()) if each.account_id in names]
    shown = {"can_set": can_set, "absences": absences, "names": names}
    shown["can_record"] = POLICY.allows(current_actor(), Act.RECORD_ABSENCE)
    return render_template("signposting/capacity.html", form=form, loads=loads, **shown)


@blueprint.route("/enquiries/absences/new", methods=["GET", "POST"])
@permit(Act.RECORD_ABSENCE, audience=Audience.INTERNAL)
def record_absence() -> ResponseReturnValue:
    """Say when somebody is away, and who stands in."""
    actor = current_actor()
    form = AbsenceForm.of_request(account_id=str(actor.account_id)).offer(queries.loads_of(_own_hubs(actor)))
    if not form.was_sent:
        return render_template("signposting/record_absence.html", form=form)
    return answer(
        form,
        lambda: queueing.record_absence(form.wanted(), by=actor),
        then=lambda _: url_for("queue.capacity"),
        again=lambda again: render_template("signposting/record_absence.html", form=again),
    )


def todos(actor: Actor) -> tuple[Todo, ...]:
    """What is late first, then what is due today, what is in hand, and what waits for anybody."""
    if not actor.has(*HUB_ROLES):
        return ()
    late, due = (
        queries.count_shown("overdue", actor),
        queries.count_shown("unanswered", actor, queries.is_due_on(today())),
    )
    mine, waiting = queries.count_shown("mine", actor), queries.count_shown("waiting", actor)
    rows = (
        ("enquiries are late for their first answer", late, "overdue", True),
        ("enquiries are due today", due, "unanswered", False),
        ("enquiries are in your hands", mine, "mine", False),
        ("enquiries wait for anybody", waiting, "waiting", False),
    )
    return tuple(
        Todo(label, count, url_for("queue.enquiries", show=show), is_overdue=is_late)
        for label, count, show, is_late in rows
        if count
    )


def load_panel(actor: Actor, found: Any) -> dict[str, Any] | None:
    """The enquiries of a business: for advisers with the way to each, for founders with where each stands."""
    rows = queries.enquiries_of(found.id)
    return {"rows": rows, "is_staff": POLICY.allows(actor, Act.LIST), "words": WORDS} if rows else None


def timeline(actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """When a business asked."""
    endpoint = "queue.enquiry" if POLICY.allows(actor, Act.LIST) else "enquiring.status"
    return [
        Happening(
            at=each.received_at,
            title=f"{each.person_name} asked for help {WAYS[each.way]}",
            href=url_for(endpoint, enquiry_id=each.id),
        )
        for each in queries.enquiries_of(business_id)[:most]
    ]
