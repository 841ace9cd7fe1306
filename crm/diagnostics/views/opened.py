"""Readiness for everybody: both assessments without an account. The answers travel in the address, and nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from flask import Blueprint, has_request_context, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, businesses_of
from crm.businesses.service.keeping import why_archived
from crm.diagnostics.forms.opened import AboutForm, about_form, open_area_form
from crm.diagnostics.forms.readiness import AreaForm
from crm.diagnostics.policy import POLICY
from crm.diagnostics.queries import readiness as queries
from crm.diagnostics.queries.opened import Opened, open_result_shown, opened
from crm.diagnostics.rules.carrying import Sheet
from crm.diagnostics.rules.readiness import Area, Question, checked, how_far
from crm.diagnostics.service import bringing as service
from crm.diagnostics.workflow import Act, SetStatus
from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.errors import Elsewhere
from crm.kernel.permissions import SYSTEM, Audience
from crm.kernel.text import series
from crm.web.forms import answer, done, noted, saved
from crm.web.identity import current_actor
from crm.web.landmarks import landmark
from crm.web.parts import parts_on
from crm.web.permit import permits

blueprint = Blueprint("open_readiness", __name__)
permit = permits(POLICY)
ABOUT = "open_readiness.about"


@dataclass(frozen=True)
class Part:
    """One part of one assessment."""

    opened: Opened
    area: Area

    @property
    def place(self) -> int:
        """Which part this is, counted from 0."""
        return self.opened.areas.index(self.area)


def _opened(set_name: str) -> Opened | None:
    return opened(set_name, request.args.get("a", "") if has_request_context() else "")


def _why_closed(found: Opened) -> str | None:
    """Why nobody can start: no version is asked. What was answered already can still be read."""
    is_closed = found.set.status is SetStatus.RETIRED and queries.published_set(found.set.name) is None
    words = f"{found.set.title} is closed for now. Check again later."
    return Elsewhere(words, url_for("open_readiness.start")) if is_closed else None


def _part(set_name: str, area_key: str) -> Part | None:
    found = _opened(set_name)
    area = next((each for each in found.areas if each.key == area_key), None) if found else None
    return Part(found, area) if found is not None and area is not None else None


def _address(found: Opened, area: Area | None = None, *, sheet: Sheet | None = None) -> str:
    """Where a part is answered, or the result, with the answers so far."""
    name, code = found.set.name, found.code(sheet)
    if area is None:
        return url_for("open_readiness.result", set_name=name, a=code)
    return url_for("open_readiness.part", set_name=name, area_key=area.key, a=code)


@blueprint.get("/check-readiness")
@permit(Act.ANSWER_OPENLY, audience=Audience.PUBLIC)
def start() -> ResponseReturnValue:
    """Which assessments there are."""
    sets = queries.shown_sets(SYSTEM)
    return _open_start_page([(each, opened(each.name, "")) for each in sets])


def _open_start_page(shown: list[Any]) -> str:
    return render_template("diagnostics/open_start.html", shown=shown)


@blueprint.route("/check-readiness/<string:set_name>", methods=["GET", "POST"])
@permit(Act.ANSWER_OPENLY, audience=Audience.PUBLIC, load=_opened, unless=_why_closed, records=False)
def about(found: Opened) -> ResponseReturnValue:
    """What the set asks about the business beforehand."""
    form = about_form(found)
    return answer(
        form,
        page=lambda: _open_about_page(form, found),
        act=lambda: form.sheet(found),
        then=lambda sheet: _address(found, found.asked.areas_asked(sheet.of)[0], sheet=sheet),
    )


def _open_about_page(form: AboutForm, found: Opened) -> str:
    action = request.full_path.rstrip("?")
    return render_template("diagnostics/open_about.html", form=form, found=found, action=action)


@blueprint.route("/check-readiness/<string:set_name>/<string:area_key>", methods=["GET", "POST"])
@permit(Act.ANSWER_OPENLY, audience=Audience.PUBLIC, load=_part, records=False)
def part(found: Part) -> ResponseReturnValue:
    """One part; its answers join those in the address."""
    questions = found.opened.questions(found.area.key)
    form = open_area_form(questions, found.opened.sheet.answers)
    return answer(
        form,
        page=lambda: _open_part_page(form, found),
        act=lambda: checked(questions, form.given()),
        then=lambda given: _after(found, found.opened.sheet.with_answers(given)),
    )


def _after(found: Part, sheet: Sheet) -> str:
    """The next part, or the result: after the last part, or where it was asked for."""
    if request.form.get("to") == "result":
        return _address(found.opened, sheet=sheet)
    at = found.place + 1
    rest = found.opened.areas[at:]
    return _address(found.opened, rest[0] if rest else None, sheet=sheet)


def _open_part_page(form: AreaForm, found: Part) -> str:
    whole, at = found.opened, found.place
    before = _address(whole, whole.areas[at - 1]) if at else _about_address(whole)
    shown = {"step": at + 1, "total": len(whole.areas), "back": before, "action": request.full_path}
    shown["questions"] = whole.questions(found.area.key)
    return render_template("diagnostics/open_part.html", form=form, found=found, **shown)


def _about_address(found: Opened) -> str:
    return url_for(ABOUT, set_name=found.set.name, a=found.code())


@blueprint.get("/check-readiness/<string:set_name>/result")
@permit(Act.ANSWER_OPENLY, audience=Audience.PUBLIC, load=_opened)
def result(found: Opened) -> ResponseReturnValue:
    """What the answers come to; where too few are given, which are lacking. The address brings one back here."""
    if not found.sheet.answers:
        return done(_back_to_start(found))
    path = _address(found)
    shown = open_result_shown(found) | {"found": found, "steps": _rows(found), "path": path}
    shown |= {"here": urljoin(request.url_root, path)}
    shown |= {"businesses": _own(found), "about_href": _about_address(found)}
    shown |= {"parts": parts_on("open_readiness.result", found), "sign_in": landmark("sign_in")}
    shown["newer"] = _newer(found)
    shown["is_known"] = current_actor().account_id is not None
    shown["missing"] = [(each, _asked_at(found, each)) for each in found.result.missing]
    return _open_result_page(token=found.sheet.token(found.asked), **shown)


def _newer(found: Opened) -> str:
    """Where the questions that replaced these are answered; empty where none did."""
    is_replaced = found.set.status is SetStatus.RETIRED and not _why_closed(found)
    return url_for(ABOUT, set_name=found.set.name) if is_replaced else ""


def _back_to_start(found: Opened) -> str:
    """The start, which says why there is no result: nothing is answered, or the link is damaged."""
    if found.is_damaged:
        return url_for(ABOUT, set_name=found.set.name, a=request.args["a"])
    told = {"set_name": found.set.name, "a": found.code()}
    words = f"There is no result yet. Answer {found.result.needed} or more questions to see one."
    return noted(words, ABOUT, **told)


def _open_result_page(**shown: Any) -> str:
    return render_template("diagnostics/open_result.html", **shown)


def _asked_at(found: Opened, question: Question) -> str:
    """Where a question is answered: its place in its part."""
    area = next(each for each in found.areas if each.key == question.area)
    return f"{_address(found, area)}#ask-{question.key}"


def _own(found: Opened) -> list[dict[str, Any]]:
    """The businesses into whose record this person can bring the answers; of one that cannot take them why, and where to go."""
    actor = current_actor()
    rows = [each for each in businesses_of(actor) if not each.is_archived] if actor.account_id else []
    return [_place(each, found) for each in rows if POLICY.allows(actor, Act.BRING_READINESS, each)]


def _place(owner: Business, found: Opened) -> dict[str, Any]:
    why = service.why_not_bring(owner, found)
    there = service.standing_in(owner, found) if why else None
    shown = {"business": owner, "why": why, "there": there, "is_saved": why == service.ALREADY}
    scored = service.scored_with(owner, found).groups
    return shown | {
        "sectors": series([DCMS_GROUPS.get(each, each) for each in sorted(scored)])
        if scored != found.of.groups
        else ""
    }


def _rows(found: Opened) -> list[dict[str, str]]:
    """Each part with how far it is answered."""
    rows = []
    for each in found.areas:
        chosen = [found.sheet.answers.get(question.key) for question in found.questions(each.key)]
        rows.append({"title": each.name, "href": _address(found, each), "status": how_far(chosen)})
    return rows


@dataclass(frozen=True)
class Bringing:
    """Answers from an address, and the business whose record they are for."""

    business: Business
    opened: Opened


def _bringing(business_id: UUID, set_name: str) -> Bringing | None:
    owner, found = business(business_id), _opened(set_name)
    return Bringing(owner, found) if owner is not None and found is not None else None


def _why_not_bring(found: Bringing) -> str | None:
    return why_archived(found.business) or service.why_not_bring(found.business, found.opened)


@blueprint.post("/businesses/<uuid:business_id>/readiness/<string:set_name>/bring")
@permit(Act.BRING_READINESS, audience=Audience.MEMBER, load=_bringing, unless=_why_not_bring, makes_one=True)
def bring(found: Bringing) -> ResponseReturnValue:
    """Save answers that were given without an account in the record of a business."""
    made = service.bring(found.business, found.opened, by=current_actor())
    return done(saved("Answers saved in your record.", "readiness.assessment", readiness_id=made.id))
