"""Readiness assessments: begun, answered an area at a time, finished, and what they came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import business, businesses_of, own_ids
from crm.businesses.service.extracting import noting
from crm.businesses.service.keeping import why_archived
from crm.businesses.workflow import Act as BusinessAct
from crm.diagnostics.forms.readiness import (
    LAST,
    AreaForm,
    BeginReadinessForm,
    CircumstancesForm,
    FinishForm,
    area_form,
)
from crm.diagnostics.models import ReadinessCheck, ReadinessSet
from crm.diagnostics.papers import CHECKS_HEAD, check_row, report_pdf
from crm.diagnostics.policy import BEGINNERS, POLICY
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.queries.bands import band_in_words, bands_in_words
from crm.diagnostics.queries.results import asked_of, result_of, result_shown, token_of
from crm.diagnostics.rules.comparing import CHANGES
from crm.diagnostics.rules.readiness import read_set
from crm.diagnostics.rules.scoring import in_words
from crm.diagnostics.service import crossing
from crm.diagnostics.service import readiness as service
from crm.diagnostics.views.asking import Asking, address, area_address, area_asked
from crm.diagnostics.views.triage import timeline as diagnosed
from crm.diagnostics.workflow import READINESS, Act, ReadinessStatus, SetStatus
from crm.kernel.clock import day_of
from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import STAFF
from crm.web.extracts import csv_response, pdf_response
from crm.web.feature import Todo
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, noted, saved
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.paging import cursor, page_of
from crm.web.parts import parts_on
from crm.web.permit import open_acts, permits
from crm.web.telling import Happening
from crm.web.transaction import after

blueprint = Blueprint("readiness", __name__)
permit = permits(POLICY)
ASKED = ("set", "band", "sector", "finished", "change")


@blueprint.get("/readiness")
@permit(Act.LIST_READINESS, audience=Audience.MEMBER)
def assessments() -> ResponseReturnValue:
    """The readiness assessments that this person may see, and what their own business can begin."""
    actor = current_actor()
    sets = queries.shown_sets(actor)
    wanted = _wanted(sets)
    page = page_of(queries.assessments(actor, wanted, cursor=cursor()))
    shown = {"sets": sets, "wanted": wanted, "in_words": in_words, "bands": bands_in_words(page.rows)}
    shown |= {"told": _wanted_in_words(wanted), "acts": acts_allowed(actor)}
    shown["asked"] = {name: value for name, value in request.args.items() if name in ASKED}
    shown["can_begin"] = actor.has(*BEGINNERS)
    shown["sees_sets"] = POLICY.allows(actor, Act.VIEW_QUESTIONS)
    return render_template("diagnostics/assessments.html", page=page, **shown, own=_own(actor))


def acts_allowed(actor: Actor) -> set[Act]:
    """What a person can do across assessments."""
    acts = (Act.VIEW_COHORT, Act.EXTRACT_READINESS)
    return {each for each in acts if POLICY.allows(actor, each)}


@blueprint.get("/readiness.csv")
@permit(
    Act.EXTRACT_READINESS,
    audience=Audience.INTERNAL,
    leaves_trace="who downloaded which results, and how many",
)
def extract() -> ResponseReturnValue:
    """The rows of the list as a file; who downloaded it is recorded."""
    actor = current_actor()
    found = queries.every_assessment(actor, _wanted(queries.shown_sets(actor)))
    bands = bands_in_words(found)
    rows = [check_row(each, bands[each.id]) for each in found]
    given = {name: values for name, values in request.args.lists() if name in ASKED}
    after(noting(Act.EXTRACT_READINESS, given, rows=len(rows), by=actor))
    return csv_response("readiness.csv", CHECKS_HEAD, rows=rows)


def _wanted(sets: Sequence[ReadinessSet]) -> queries.Wanted:
    """What the address asks for."""
    name = chosen("set", {each.name for each in sets})
    asked = next((each for each in sets if each.name == name), None)
    if asked is None:
        return queries.Wanted()
    names = queries.band_names(asked.name)
    band = chosen("band", set(names.values()))
    sector = chosen("sector", {*DCMS_GROUPS, queries.NO_SECTOR})
    called = tuple(each for each, name in names.items() if name == band)
    is_finished, change = bool(chosen("finished", {"yes"})), chosen("change", CHANGES)
    return queries.Wanted(asked.name, band, sector, called, is_finished, change)


def _wanted_in_words(wanted: queries.Wanted) -> str:
    """What a list is narrowed to, in words; "" where it shows all of a set."""
    if not (wanted.band or wanted.sector or wanted.change):
        return "Finished assessments only" if wanted.is_finished else ""
    sector = DCMS_GROUPS.get(wanted.sector, "no sector recorded") if wanted.sector else ""
    change = CHANGES[wanted.change] if wanted.change not in ("", "latest") else ""
    said = ", ".join(filter(None, (wanted.band, sector, change)))
    return f"Latest results only: {said}" if said else "Latest results only, one of each business"


def _own(actor: Actor) -> list[Business]:
    """The businesses that a founder can begin an assessment for."""
    found = [each for each in businesses_of(actor) if not each.is_archived]
    return [each for each in found if POLICY.allows(actor, Act.BEGIN_READINESS, each)]


class Beginning:
    """A business that is about to begin an assessment, and the set that it would be asked."""

    def __init__(self, business: Business, asked: ReadinessSet) -> None:
        self.business, self.set, self.asked = business, asked, read_set(asked.content)
        self.open = queries.answering(business.id, asked.name)
        last = queries.latest_finished(business.id, asked.name)
        self.last_on = day_of(last.finished_at) if last is not None and last.finished_at else None
        self.is_closed = asked.status is SetStatus.RETIRED
        self.critical = sum(each.is_critical for each in self.asked.questions)
        self.least = self.asked.least_answers(len(self.asked.questions))


def _beginning(business_id: UUID, set_name: str) -> Beginning | None:
    found, asked = business(business_id), queries.latest_set(set_name)
    return Beginning(found, asked) if found is not None and asked is not None else None


def _why_not_begin(found: Beginning) -> str | None:
    if found.is_closed and found.open is None:
        return f"{found.set.title} is closed for now, so no assessment can be started. Finished results stay."
    return why_archived(found.business)


@blueprint.route("/businesses/<uuid:business_id>/readiness/<string:set_name>/new", methods=["GET", "POST"])
@permit(Act.BEGIN_READINESS, audience=Audience.MEMBER, load=_beginning, unless=_why_not_begin)
def start(found: Beginning) -> ResponseReturnValue:
    """Begin an assessment, or go on with the one that is begun."""
    if found.open is not None and request.method == "GET":
        return redirect(address(found.open), code=303)
    form = BeginReadinessForm.of_request(answered_by="together", start_from=LAST)
    form.asking(found.asked.asks, is_staff=current_actor().has(*STAFF), last_on=found.last_on)
    return answer(
        form,
        page=lambda: render_template("diagnostics/start.html", form=form, found=found),
        act=lambda: service.begin(found.business, found.set.name, details=form.details(), by=current_actor()),
        then=lambda made: _begun(made, form),
    )


def _begun(made: ReadinessCheck, form: BeginReadinessForm) -> str:
    """On to the first part, or to how far it is where there was one; whose it is is said where another began it."""
    words = crossing.said_begun(made, form.details(), reader=current_actor())
    if words:
        return noted(words, "readiness.assessment", readiness_id=made.id)
    first = Asking(made).areas[0]
    return address(made) if made.answers else area_address(made, first)


@blueprint.route("/readiness/<uuid:readiness_id>/<string:area_key>", methods=["GET", "POST"])
@permit(Act.ANSWER_READINESS, audience=Audience.MEMBER, load=area_asked)
def answer_area(asking: Asking) -> ResponseReturnValue:
    """One area. What is answered is saved at once, so that people can stop and come back."""
    found = asking.check
    form = area_form(asking.questions, {each.question: each for each in found.answers})
    form.gone = asking.not_asked
    if found.status is ReadinessStatus.FINISHED:
        return redirect(_too_late(form, found), code=303)
    return answer(
        form,
        page=lambda: _answer_area_page(form, asking),
        act=lambda: _saved_or_told(form, asking),
        then=lambda _: asking.next_address,
    )


def _too_late(form: AreaForm, found: ReadinessCheck) -> str:
    """The result; whoever sent answers after it was finished is told which are not in it."""
    if not form.was_sent:
        return address(found)
    words = crossing.said_finished(found, form.given(), seen=form.seen, reader=current_actor())
    return noted(words, "readiness.assessment", readiness_id=found.id)


def _saved_or_told(form: AreaForm, asking: Asking) -> None:
    """Save; where another person was first, the page shows what they answered: saving again replaces only what is changed here."""
    try:
        service.answer(asking.check, form.given(), seen=form.seen, by=current_actor())
    except service.Meanwhile:
        form.show_now(asking.questions, queries.answers_now(asking.check))
        raise


def _answer_area_page(form: AreaForm, asking: Asking) -> str:
    at = asking.place
    before = area_address(asking.check, asking.areas[at - 1]) if at else address(asking.check)
    shown = {"step": at + 1, "total": len(asking.areas), "before": before, "whole": address(asking.check)}
    shown["changed"] = asking.changed
    return render_template("diagnostics/answer_area.html", form=form, asking=asking, **shown)


@blueprint.get("/readiness/<uuid:readiness_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.assessment)
def assessment(found: ReadinessCheck) -> ResponseReturnValue:
    """How far it is; once finished, what it came to."""
    if found.status is ReadinessStatus.FINISHED:
        return _result_page(found)
    return _progress_page(FinishForm.of_request(), found)


@blueprint.route("/readiness/<uuid:readiness_id>/about", methods=["GET", "POST"])
@permit(
    Act.ANSWER_READINESS, audience=Audience.MEMBER, load=queries.assessment, unless=service.why_not_answered
)
def tell_circumstances(found: ReadinessCheck) -> ResponseReturnValue:
    """Put right what was told of the business at the start; the answers stay."""
    asked, of = asked_of(found)
    form = CircumstancesForm.with_told(of, version=found.version)
    form.asking_again(asked.asks, is_staff=current_actor().has(*STAFF))
    told = {"told": form.circumstances(), "version": form.version.data}
    return answer(
        form,
        page=lambda: render_template("diagnostics/tell_circumstances.html", form=form, check=found),
        act=lambda: service.tell_circumstances(found, **told, by=current_actor()),
        then=lambda _: saved("Saved.", "readiness.assessment", readiness_id=found.id),
    )


def _is_replaced(found: ReadinessCheck) -> bool:
    """Whether other questions are asked today than those of an assessment; a set can also close without new ones."""
    is_retired = found.question_set.status is SetStatus.RETIRED
    return is_retired and found.question_set.is_asked


def _progress_page(form: Form, found: ReadinessCheck) -> str:
    asking, result = Asking(found), result_of(found)
    acts = open_acts(found, machine=READINESS, policy=POLICY, also=(Act.ANSWER_READINESS,))
    may = Act.ANSWER_READINESS in acts
    missing = [(each.text, asking.href_of(each) if may else "") for each in result.missing]
    shown = {"asking": asking, "result": result, "missing": missing, "acts": acts, "changed": asking.changed}
    shown["ways"] = missing or asking.open_parts()
    shown |= {"is_replaced": _is_replaced(found), "about": _told_at_the_start(found, may=may)}
    shown["seen"] = service.mark_of_answers(found)
    return render_template(
        "diagnostics/progress.html", form=form, check=found, **shown, sees_business=_sees(found)
    )


def _told_at_the_start(found: ReadinessCheck, *, may: bool) -> list[dict[str, Any]]:
    """What was told of the business at the start, each with where it is put right."""
    (asked, of), where = asked_of(found), url_for("readiness.tell_circumstances", readiness_id=found.id)
    told = [of.in_words()[each] for each in asked.asks]
    change = [[{"href": where, "text": "Change", "hidden": name}] if may else [] for name, _ in told]
    return [
        {"key": name, "value": words, "actions": way} for (name, words), way in zip(told, change, strict=True)
    ]


def _sees(found: ReadinessCheck) -> bool:
    """Whether this person may open the page of the business."""
    return BUSINESSES.allows(current_actor(), BusinessAct.VIEW, found.business)


@blueprint.post("/readiness/<uuid:readiness_id>/finish")
@permit(Act.FINISH_READINESS, audience=Audience.MEMBER, load=queries.assessment, machine=READINESS)
def finish(found: ReadinessCheck) -> ResponseReturnValue:
    """Work out the result; where an answer is lacking, say which."""
    form = FinishForm.of_request()
    return answer(
        form,
        page=lambda: _progress_page(form, found),
        act=lambda: service.finish(found, seen=form.seen.data or None, by=current_actor()),
        then=lambda made: saved("Assessment finished.", "readiness.assessment", readiness_id=made.id),
    )


def _result_page(found: ReadinessCheck) -> str:
    """The page of a finished assessment, with what rooms above add to it."""
    shown = result_shown(found) | {"sees_business": _sees(found)}
    shown |= {"parts": parts_on("readiness.assessment", found), "is_staff": current_actor().has(*STAFF)}
    is_asked = found.question_set.is_asked
    may = POLICY.allows(current_actor(), Act.BEGIN_READINESS, found.business)
    shown |= {"can_begin": may and is_asked, "is_closed": may and not is_asked, "token": token_of(found)}
    return render_template("diagnostics/result.html", check=found, **shown)


def _why_no_report(found: ReadinessCheck) -> str | None:
    """Why there is no report yet."""
    return None if found.status is ReadinessStatus.FINISHED else "Finish the assessment to get its report."


@blueprint.get("/readiness/<uuid:readiness_id>/report")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.assessment, unless=_why_no_report)
def report(found: ReadinessCheck) -> ResponseReturnValue:
    """The result to keep and to print."""
    known, shown = settings(), result_shown(found)
    shown["told_by"] = [part for _, part in parts_on("readiness.assessment", found)]
    made = report_pdf(found, shown, service_name=known.service_name, contact=known.contact_email)
    return pdf_response(f"{found.set_name.replace('_', '-')}.pdf", made)


def load_panel(actor: Actor, found: Business, *, name: str) -> Mapping[str, Any] | None:
    """The assessments of one set by a business, the newest first, and whether it can be begun."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    asked, rows = queries.standing(found.id, name)
    can_begin = not found.is_archived and POLICY.allows(actor, Act.BEGIN_READINESS, found)
    shown = {"rows": rows, "in_words": in_words, "business": found}
    shown["bands"] = {each.id: band_in_words(each) for each in rows if each.score is not None}
    return shown | {
        "asked": asked if can_begin else None,
        "is_closed": asked is not None and asked.status is SetStatus.RETIRED,
        "is_open": any(not each.band for each in rows),
    }


def assessments_to_finish(actor: Actor) -> tuple[Todo, ...]:
    """What a founder's businesses have begun and not finished."""
    own = own_ids(actor)
    return tuple(
        Todo(
            f"Finish the {each.question_set.title} assessment",
            None,
            address(each),
            about=each.business.name,
            since=day_of(each.begun_at),
        )
        for each in (queries.unfinished(own) if own else ())
    )


def timeline(actor: Actor, business_id: UUID, most: int) -> list[Happening]:
    """When it was found what a business needs, and when readiness assessments were finished."""
    rows = [each for each in queries.assessments_of(business_id) if each.finished_at is not None]
    return diagnosed(actor, business_id, most) + [
        Happening(at=each.finished_at, title=f"{each.question_set.title} assessed", href=address(each))
        for each in rows[:most]
        if each.finished_at is not None
    ]
