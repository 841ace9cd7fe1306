"""Enquiring: a few pages, one thing at a time, kept as they are answered; and where an enquiry stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.queries.seeing import businesses_of
from crm.casework.queries import advisers_of
from crm.diagnostics.queries.opened import carried_in_words, told_in_words
from crm.kernel.clock import today
from crm.kernel.errors import Conflict
from crm.kernel.permissions import Audience
from crm.links.queries import live_link
from crm.links.rules import Purpose
from crm.links.service import opened
from crm.notices.queries import is_written_about
from crm.places.queries import locate_either
from crm.places.rules import ATTRIBUTION, Location
from crm.signposting.forms.enquiring import FORMS, HelpForm, LaterForm, StepForm, told_by, values_of
from crm.signposting.models import Enquiry, EnquiryDraft
from crm.signposting.papers.telling import told_rows
from crm.signposting.policy import POLICY
from crm.signposting.queries import enquiring as queries
from crm.signposting.queries.knowing import having_told, known_of
from crm.signposting.rules.enquiring import (
    ASKED_STEPS,
    STEPS,
    Step,
    carried,
    first_open,
    one_of_each_set,
    step,
    step_after,
    step_before,
)
from crm.signposting.rules.finding import Answers, answered
from crm.signposting.service import enquiring as service
from crm.signposting.service.to_adviser import send_to_adviser
from crm.signposting.workflow import ENQUIRIES, WITHDRAWN, Act
from crm.throttles.rules import Source
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor, give_key
from crm.web.navigation import settings
from crm.web.permit import open_acts, permits
from crm.web.transaction import is_reading

blueprint = Blueprint("enquiring", __name__)
MOST_CARRIED = 4
permit = permits(POLICY)


@dataclass(frozen=True)
class Asked:
    """One step of one unfinished enquiry."""

    draft: EnquiryDraft
    step: Step

    @property
    def address(self) -> str:
        """Where it is asked."""
        return _address(self.draft, self.step)


def _address(draft: EnquiryDraft, asked: Step) -> str:
    return url_for("enquiring.ask", draft_id=draft.id, step_name=asked.name)


def _asked(draft_id: UUID, step_name: str) -> Asked | None:
    found, asked = queries.draft(draft_id), step(step_name)
    return Asked(found, asked) if found is not None and asked is not None else None


def _source() -> Source:
    return Source(request.remote_addr or "unknown", settings().secret_key)


@blueprint.route("/enquire", methods=["GET", "POST"])
@permit(Act.ENQUIRE, audience=Audience.PUBLIC, makes_one=True)
def enquire() -> ResponseReturnValue:
    """What happens with an enquiry, and the button that begins one with what we know or were told already."""
    answers, readiness = Answers.of(request.args), _readiness()
    if is_reading():
        return _enquire_page(answers, readiness)
    to, business_id = request.form.get("to"), request.form.get("business", "")
    if to == "adviser":
        return done(_sent_to_adviser(business_id, readiness))
    return done(_added(readiness) if to == "begun" else _begun(answers, readiness, business_id))


def _begun(answers: Answers, readiness: tuple[str, ...], business_id: str) -> str:
    """Begin an enquiry with what we know and were told, open it to this browser, and go to its first question."""
    known = known_of(current_actor(), business_id)
    begun = carried(having_told(known.having(answers), readiness), readiness) | known.steps
    made = service.begin(begun, _source(), by=current_actor())
    give_key("enquiry_draft", made.id)
    return _address(made, first_open(made.answers))


def _sent_to_adviser(business_id: str, readiness: tuple[str, ...]) -> str:
    """Send the answers to the founder's own adviser, and show where the answer will stand."""
    words = send_to_adviser(business_id, readiness, by=current_actor())
    return saved(words, "business.support", business_id=UUID(business_id))


def _added(readiness: tuple[str, ...]) -> str:
    """Add the answers to the enquiry that this browser began, and go on where it was left."""
    found = queries.under_way(current_actor())
    if found is None:
        raise Conflict("The enquiry that you began was sent, or is not open in this browser any more.")
    service.carry(found, readiness, by=current_actor())
    words = "Your answers are added to the enquiry that you began"
    return saved(words, "enquiring.ask", draft_id=found.id, step_name=first_open(found.answers).name)


def _enquire_page(answers: Answers, readiness: tuple[str, ...]) -> str:
    """What happens with an enquiry. A founder chooses for which of their businesses it is."""
    told = answered(answers) if answers.as_query() else []
    query = urlencode([*answers.as_query(), *(("readiness", each) for each in readiness)])
    shown: dict[str, Any] = {"outside": _outside(answers)}
    shown |= {"told": told, "readiness": [told_in_words(each) for each in readiness], "asked": ASKED_STEPS}
    own = businesses_of(current_actor())
    shown["begun"] = queries.under_way(current_actor()) if readiness else None
    shown |= {"own": own, "advisers": advisers_of(each.id for each in own) if own else {}}
    action = f"{url_for('enquiring.enquire')}?{query}".rstrip("?")
    return render_template("signposting/enquire.html", action=action, **shown)


def _outside(answers: Answers) -> Location | None:
    """Where the postcode of some answers lies, if that is outside the region."""
    found = locate_either(answers.postcode) if answers.postcode else None
    return found if found is not None and found.in_region is False else None


def _readiness() -> tuple[str, ...]:
    """The readiness answers that an address carries, one of each set; what is not ours is left out."""
    given = [each for each in request.args.getlist("readiness")[:MOST_CARRIED] if told_in_words(each)[0]]
    return tuple(one_of_each_set(given))


@blueprint.route("/enquire/<uuid:draft_id>/<string:step_name>", methods=["GET", "POST"])
@permit(Act.RESUME, audience=Audience.MEMBER, load=_asked)
def ask(asked: Asked) -> ResponseReturnValue:
    """One step; what is answered is kept at once."""
    draft = asked.draft
    if draft.sent_as_id is not None:
        return done(url_for("enquiring.sent", draft_id=draft.id))
    values = values_of(asked.step.name, draft.answers) | {"version": draft.version}
    form = FORMS[asked.step.name].of_request(**values)
    if isinstance(form, HelpForm):
        form.offer(carried_in_words(draft.answers.get("carried_readiness", ())))
    return _send(form, asked) if asked.step.name == "check" else _keep(form, asked)


def _keep(form: StepForm, asked: Asked) -> ResponseReturnValue:
    """Save a step. Who works outside the region is told so, and nothing of it is saved."""
    is_place = form.was_sent and asked.step.name == "where" and form.validate()
    if is_place and locate_either(form.place.data).in_region is False:
        return _outside_page(asked, locate_either(form.place.data))
    return answer(
        form,
        page=lambda: _step_page(form, asked),
        act=lambda: service.answer(
            asked.draft, service.StepTold(asked.step.name, form.told(), form.seen), by=current_actor()
        ),
        then=lambda _: _next_address(asked),
    )


def _outside_page(asked: Asked, found: Location) -> ResponseReturnValue:
    return make_response(render_template("signposting/outside.html", asked=asked, location=found), 422)


def _next_address(asked: Asked) -> str:
    """The step that follows, or the check where a single answer was changed."""
    if "change" in request.args:
        return _address(asked.draft, STEPS[-1])
    return _address(asked.draft, step_after(asked.step.name))


def _send(form: StepForm, asked: Asked) -> ResponseReturnValue:
    """Send it, if every step was answered."""
    draft = asked.draft
    missing = first_open(draft.answers)
    if form.was_sent and missing.name != "check":
        return done(_address(draft, missing))
    return answer(
        form,
        page=lambda: _step_page(form, asked),
        act=lambda: service.send(draft, told_by(draft.answers), source=_source(), by=current_actor()),
        then=lambda _: url_for("enquiring.sent", draft_id=draft.id),
    )


def _step_page(form: Form, asked: Asked) -> str:
    shown: dict[str, Any] = {"step": STEPS.index(asked.step) + 1, "total": len(STEPS), "back": _back(asked)}
    shown |= {"attribution": ATTRIBUTION, "action": request.full_path.rstrip("?"), "asked": asked}
    if asked.step.name == "check":
        return _check_page(form, **shown, **_told(asked.draft))
    return _enquire_step_page(form, **shown)


def _check_page(form: Form, **shown: Any) -> str:
    return render_template("signposting/check.html", form=form, **shown)


def _enquire_step_page(form: Form, **shown: Any) -> str:
    return render_template("signposting/enquire_step.html", form=form, **shown)


def _back(asked: Asked) -> str:
    """The step before; the check, where one answer is changed; the start, before the first."""
    before = STEPS[-1] if "change" in request.args else step_before(asked.step.name)
    return _address(asked.draft, before) if before else url_for("enquiring.enquire")


def _told(draft: EnquiryDraft) -> dict[str, Any]:
    """Everything that was told, each with the way to change it, and the step that is still open."""
    rows = told_rows(told_by(draft.answers))
    changes = [(row, f"{_address(draft, row.step)}?change=yes") for row in rows]
    return {"rows": changes, "missing": first_open(draft.answers)}


@blueprint.route("/enquire/<uuid:draft_id>/later", methods=["GET", "POST"])
@permit(Act.RESUME, audience=Audience.MEMBER, load=queries.draft)
def keep_for_later(found: EnquiryDraft) -> ResponseReturnValue:
    """Have a link sent with which to go on another day."""
    form = LaterForm.of_request(email=found.answers.get("you", {}).get("email") or "")
    return answer(
        form,
        page=lambda: _later_page(form, found),
        act=lambda: service.keep_for_later(found, form.email.data, source=_source(), by=current_actor()),
        then=lambda _: url_for("enquiring.kept", draft_id=found.id),
    )


def _later_page(form: Form, found: EnquiryDraft) -> str:
    back = _address(found, first_open(found.answers))
    return render_template("signposting/later.html", form=form, back=back)


@blueprint.get("/enquire/<uuid:draft_id>/kept")
@permit(Act.RESUME, audience=Audience.MEMBER, load=queries.draft)
def kept(found: EnquiryDraft) -> ResponseReturnValue:
    """The link is on its way."""
    if found.email is None:
        return done(url_for("enquiring.keep_for_later", draft_id=found.id))
    return render_template(
        "signposting/kept.html", draft=found, back=_address(found, first_open(found.answers))
    )


@blueprint.get("/enquire/<uuid:draft_id>/sent")
@permit(Act.RESUME, audience=Audience.MEMBER, load=queries.draft)
def sent(found: EnquiryDraft) -> ResponseReturnValue:
    """It is sent: how it is referred to, and what happens next."""
    if found.sent_as_id is None:
        return done(_address(found, first_open(found.answers)))
    is_emailed = is_written_about(Purpose.ENQUIRY, str(found.sent_as_id))
    shown = {"enquiry": queries.enquiry(found.sent_as_id), "is_emailed": is_emailed}
    return render_template("signposting/sent.html", **shown)


@blueprint.route("/links/enquiry-draft/<string:token>", methods=["GET", "POST"])
@permit(Act.ENQUIRE, audience=Audience.PUBLIC, records=False)
def resume(token: str) -> ResponseReturnValue:
    """A link from a letter: looking at it does nothing, pressing the button goes on with the enquiry."""
    live_link(token, Purpose.ENQUIRY_DRAFT)
    if is_reading():
        return _open_link_page("Continue your enquiry", "Continue")
    found = service.resume(token)
    give_key("enquiry_draft", found.id)
    return done(_address(found, first_open(found.answers)))


def _open_link_page(heading: str, button: str) -> str:
    return render_template("signposting/open_link.html", heading=heading, button=button)


@blueprint.route("/links/enquiry/<string:token>", methods=["GET", "POST"])
@permit(Act.ENQUIRE, audience=Audience.PUBLIC, records=False)
def follow(token: str) -> ResponseReturnValue:
    """A link from a letter: pressing the button shows where the enquiry stands."""
    live_link(token, Purpose.ENQUIRY)
    if is_reading():
        return _open_link_page("See where your enquiry stands", "Show me")
    enquiry_id = UUID(opened(token, Purpose.ENQUIRY))
    give_key("enquiry", enquiry_id)
    return done(url_for("enquiring.status", enquiry_id=enquiry_id))


@blueprint.get("/enquiries/<uuid:enquiry_id>/status")
@permit(Act.FOLLOW, audience=Audience.MEMBER, load=queries.enquiry)
def status(found: Enquiry) -> ResponseReturnValue:
    """Where it stands, for whoever sent it."""
    can_withdraw = Act.WITHDRAW in open_acts(found, machine=ENQUIRIES, policy=POLICY)
    shown = {"is_overdue": found.is_overdue(on=today()), "is_withdrawn": found.close_note == WITHDRAWN}
    return render_template("signposting/status.html", enquiry=found, can_withdraw=can_withdraw, **shown)


@blueprint.post("/enquiries/<uuid:enquiry_id>/withdraw")
@permit(Act.WITHDRAW, audience=Audience.MEMBER, load=queries.enquiry, machine=ENQUIRIES)
def withdraw(found: Enquiry) -> ResponseReturnValue:
    """Withdraw an enquiry that one has sent."""
    service.withdraw(found, by=current_actor())
    return done(saved("You have withdrawn your enquiry.", "enquiring.status", enquiry_id=found.id))
