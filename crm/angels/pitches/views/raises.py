"""The business's side of a pitch, and the network's: written, screened, shown, paused, ended. Never open to investors."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.angels.investors.forms.joining import ReasonForm
from crm.angels.investors.rules.instruments import HELD, is_cleared
from crm.angels.pitches.forms import AnswerForm, CloseForm, PitchForm, pitch_values
from crm.angels.pitches.models import Pitch, PitchQuestion, PitchVersion
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.queries.people import people_told
from crm.angels.pitches.rules import labels
from crm.angels.pitches.rules.pitching import TITLES, lacking, lacking_of_business
from crm.angels.pitches.service import browsing
from crm.angels.pitches.service import pitching as service
from crm.angels.pitches.service.screening import NO_OWNER, Reviewed, lock_of, reviewed
from crm.angels.pitches.workflow import OVER, PITCHES, Act, PitchStatus
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, businesses_of
from crm.documents.queries import documents_about
from crm.kernel.permissions import Audience
from crm.rights.queries import rights_of
from crm.rights.rules import labels as right_rules
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.parts import parts_on
from crm.web.permit import open_acts, permits

blueprint = Blueprint("raises", __name__)
permit = permits(POLICY)
PAGE = "raises.one_raise"
REVISED = "You can edit your pitch now. Investors cannot see it until it has been screened again."


@blueprint.get("/raises")
@permit(Act.LIST_RAISES, audience=Audience.MEMBER)
def raises() -> ResponseReturnValue:
    """The pitches of one's own business, or for staff of all."""
    actor, status = current_actor(), chosen("status", set(PitchStatus))
    page = page_of(queries.raises(actor, status=status, cursor=cursor()))
    reasons = [(each, service.why_not_begun(each)) for each in businesses_of(actor)]
    shown = {"own": reasons, "status": status, "labels": labels}
    return render_template("angels/pitches/raises.html", page=page, **shown)


@blueprint.get("/raises/<uuid:pitch_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.pitch)
def one_raise(found: Pitch) -> ResponseReturnValue:
    """Where a pitch stands, what comes next, and what it says."""
    return raise_page(found)


def raise_page(found: Pitch, *, form: Form | None = None, **sent: Form) -> str:
    """The page, with whichever of its forms was sent and refused."""
    acts = acts_of(found)
    shown: dict[str, Any] = {"acts": acts, "Act": Act, "labels": labels, "titles": TITLES, "form": form}
    shown |= {"reason": ReasonForm(), "closing": CloseForm()} | sent | _whole(found)
    reviews = reviewed(found)
    shown |= _hindrances(found, reviews) | {"reviews": reviews.rows, "tied": reviews.tied}
    return render_template("angels/pitches/one_raise.html", pitch=found, **shown)


def _hindrances(found: Pitch, reviews: Reviewed) -> dict[str, Any]:
    """What keeps it from going on, or, once it is published, from being heard of by its business."""
    is_published = found.status in (PitchStatus.PUBLISHED, PitchStatus.PAUSED)
    is_unheard = is_published and not people_told(found.business_id)
    return {
        "lacking": lacking(found.business, found),
        "unregistered": lacking_of_business(found.business),
        "held": "" if is_cleared(found.instrument) else HELD,
        "lock": lock_of(found, reviews) if found.status is PitchStatus.SCREENING else [],
        "unheard": NO_OWNER.format(business=found.business.name) if is_unheard else "",
    }


def _whole(found: Pitch) -> dict[str, Any]:
    """What belongs to a pitch, as its business and the staff read it."""
    return {
        "rights": rights_of(found.business_id),
        "right_rules": right_rules,
        "files": documents_about("pitch", found.id),
        "openings": queries.openings_of(found.id),
        "room": found.room(queries.limits_now()),
        "questions": queries.questions_of(found.id),
        "is_over": found.status in OVER,
        "versions": queries.versions_of(found.id),
        "parts": parts_on(PAGE, found),
    }


def acts_of(found: Pitch) -> frozenset[StrEnum]:
    """What the current actor may do with it as it stands."""
    writing = (Act.WRITE, Act.ATTACH, Act.DETACH) if found.status is PitchStatus.DRAFT else ()
    screening = (Act.REVIEW,) if found.status is PitchStatus.SCREENING else ()
    besides = (*writing, *screening, Act.ANSWER, Act.VIEW_LEDGER)
    acts = open_acts(found, policy=POLICY, machine=PITCHES, also=besides)
    return acts - {Act.CLOSE} if service.why_not_closed(found) else acts


@blueprint.get("/raises/<uuid:pitch_id>/versions/<int:number>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.version_of)
def one_version(found: PitchVersion) -> ResponseReturnValue:
    """What a pitch said when it was submitted: what the ledger means by this version."""
    told: dict[str, Any] = {"titles": TITLES, "right_rules": right_rules}
    told["terms"] = labels.terms_told(found.content)
    return render_template("angels/pitches/one_version.html", version=found, **told)


@blueprint.route("/businesses/<uuid:business_id>/pitches/begin", methods=["GET", "POST"])
@permit(Act.BEGIN, audience=Audience.MEMBER, load=business, unless=service.why_not_begun)
def begin(found: Business) -> ResponseReturnValue:
    """Begin a pitch; what we know is filled in."""
    form = PitchForm.of_request(**_first_values(found))
    return answer(
        form,
        page=lambda: _pitch_page(form, found, None),
        act=lambda: service.begin(found, form.details(), by=current_actor()),
        then=lambda made: saved(
            "Pitch saved. Only your business and the network's staff can see it.",
            PAGE,
            pitch_id=made.id,
        ),
    )


def _first_values(found: Business) -> dict[str, Any]:
    """What a new pitch begins with: a copy of the earlier one where that was asked for, else what we know."""
    earlier = _earlier(found)
    if earlier is None or "copy" not in request.args:
        return {"summary": found.description, "contact": found.website or ""}
    return pitch_values(earlier) | {"version": None, "closes_on": None}


def _earlier(found: Business) -> Pitch | None:
    """The latest pitch of a business that has ended."""
    return next(
        (each for each in queries.raises_of([found.id], current_actor()) if each.status in OVER), None
    )


def _pitch_page(form: Form, owner: Business, found: Pitch | None) -> str:
    known = None if found else queries.live_pitch_of(owner.id)
    shown = {"business": owner, "pitch": found, "known": known}
    shown["earlier"] = None if found or "copy" in request.args else _earlier(owner)
    return render_template("angels/pitches/pitch_form.html", form=form, **shown)


@blueprint.route("/raises/<uuid:pitch_id>/write", methods=["GET", "POST"])
@permit(Act.WRITE, audience=Audience.MEMBER, load=queries.pitch, unless=service.why_not_written)
def write(found: Pitch) -> ResponseReturnValue:
    """Change what it says."""
    form = PitchForm.of_request(**pitch_values(found))
    return answer(
        form,
        page=lambda: _pitch_page(form, found.business, found),
        act=lambda: service.write(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: saved("Pitch saved.", PAGE, pitch_id=found.id),
    )


def _moved(found: Pitch, verb: Any, words: str) -> ResponseReturnValue:
    form = Form.of_request()
    return answer(
        form,
        page=lambda: raise_page(found, form=form),
        act=lambda: verb(found, by=current_actor()),
        then=lambda _: saved(words, PAGE, pitch_id=found.id),
    )


@blueprint.post("/raises/<uuid:pitch_id>/submit")
@permit(Act.SUBMIT, audience=Audience.MEMBER, load=queries.pitch)
def submit(found: Pitch) -> ResponseReturnValue:
    """Submit a pitch for screening."""
    return _moved(found, service.submit, "Pitch submitted. We will email you when it has been screened.")


@blueprint.post("/raises/<uuid:pitch_id>/pause")
@permit(Act.PAUSE, audience=Audience.MEMBER, load=queries.pitch)
def pause(found: Pitch) -> ResponseReturnValue:
    """Pause a pitch."""
    return _moved(found, service.pause, "Pitch paused. Investors cannot see it.")


@blueprint.post("/raises/<uuid:pitch_id>/resume")
@permit(Act.RESUME, audience=Audience.MEMBER, load=queries.pitch)
def resume(found: Pitch) -> ResponseReturnValue:
    """Show it again."""
    return _moved(found, service.resume, "Pitch resumed. Investors can see it again.")


@blueprint.route("/raises/<uuid:pitch_id>/revise", methods=["GET", "POST"])
@permit(Act.REVISE, audience=Audience.MEMBER, load=queries.pitch, machine=PITCHES)
def revise(found: Pitch) -> ResponseReturnValue:
    """Reopen a pitch for editing, having read that investors cannot see it meanwhile."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: render_template("angels/pitches/revise.html", form=form, pitch=found),
        act=lambda: service.revise(found, by=current_actor()),
        then=lambda _: saved(REVISED, PAGE, pitch_id=found.id),
    )


@blueprint.post("/raises/<uuid:pitch_id>/withdraw")
@permit(Act.WITHDRAW, audience=Audience.MEMBER, load=queries.pitch)
def withdraw(found: Pitch) -> ResponseReturnValue:
    """Withdraw it."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: raise_page(found, form=form, reason=form),
        act=lambda: service.withdraw(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved(
            "Pitch withdrawn. We have told the investors who were waiting for an answer.",
            PAGE,
            pitch_id=found.id,
        ),
    )


@blueprint.route("/raises/<uuid:pitch_id>/close", methods=["GET", "POST"])
@permit(
    Act.CLOSE, audience=Audience.MEMBER, load=queries.pitch, machine=PITCHES, unless=service.why_not_closed
)
def close(found: Pitch) -> ResponseReturnValue:
    """End the raise, with what it came to."""
    form = CloseForm.of_request()
    return answer(
        form,
        page=lambda: _close_page(form, found),
        act=lambda: service.close(found, form.outcome(), by=current_actor()),
        then=lambda _: saved("Raise closed.", PAGE, pitch_id=found.id),
    )


def _close_page(form: Form, found: Pitch) -> str:
    parts = parts_on("raises.close", found)
    return render_template("angels/pitches/close.html", form=form, pitch=found, parts=parts)


@blueprint.route("/questions/<uuid:asked_id>/answer", methods=["GET", "POST"])
@permit(Act.ANSWER, audience=Audience.MEMBER, load=queries.question, unless=browsing.why_not_answered)
def answer_question(found: PitchQuestion) -> ResponseReturnValue:
    """Answer a question; who asked is not known."""
    form = AnswerForm.of_request()
    return answer(
        form,
        page=lambda: _answer_page(form, found),
        act=lambda: browsing.answer(
            found, form.answer.data or "", is_public=form.is_public.data, by=current_actor()
        ),
        then=lambda _: saved("Question answered.", PAGE, pitch_id=found.pitch.id),
    )


def _answer_page(form: Form, found: PitchQuestion) -> str:
    return render_template("angels/pitches/answer_question.html", form=form, question=found)
