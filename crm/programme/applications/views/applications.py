"""Applications: the list for staff, and one application as whoever applies and whoever helps sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.workflow import Act as BusinessAct
from crm.kernel.clock import now
from crm.kernel.permissions import Actor, Audience
from crm.programme.applications.models import Application
from crm.programme.applications.policy import POLICY, is_scoring
from crm.programme.applications.queries import applications as queries
from crm.programme.applications.queries.filling import Filled, filled
from crm.programme.applications.queries.querying import queries_about
from crm.programme.applications.rules import labels
from crm.programme.applications.rules.answering import answer_in_words
from crm.programme.applications.service import filling as service
from crm.programme.applications.service.repeating import offer_for
from crm.programme.applications.service.ruling import why_not_ruled_out
from crm.programme.applications.service.submitting import why_not_withdrawn
from crm.programme.applications.views.showing import stands_of
from crm.programme.applications.workflow import APPLICATIONS, CLEARANCES, Act, ApplicationStatus
from crm.programme.rounds.forms.composing import ReasonForm
from crm.programme.rounds.models import Round
from crm.programme.rounds.queries import rounds
from crm.web.filtering import chosen
from crm.web.forms import Form
from crm.web.identity import current_actor
from crm.web.navigation import links_from
from crm.web.paging import cursor, page_of
from crm.web.parts import parts_on, recounted
from crm.web.permit import open_acts, permits

blueprint = Blueprint("applications", __name__)
permit = permits(POLICY)
MOST_SHOWN = 50


@dataclass(frozen=True)
class OfApplication:
    """A part of an application, as a door opens on it: the policy asks whose it is, and of which round."""

    application: Application

    @property
    def round(self) -> Round:
        """The round."""
        return self.application.round

    @property
    def business(self) -> Any:
        """Whose application it is."""
        return self.application.business

    @property
    def stands_on(self) -> Application:
        """On whose page it is shown."""
        return self.application


def _search(known: dict[str, str]) -> queries.Search:
    """The filters of this request."""
    return queries.Search(
        text=request.args.get("q", "").strip()[:100],
        round_id=chosen("round", known),
        status=chosen("status", labels.APPLICATION_STATUSES),
        clearance=chosen("clearance", labels.CLEARANCE_STATUSES),
        dry_runs="dry" in request.args,
    )


@blueprint.get("/applications")
@permit(Act.LIST_APPLICATIONS, audience=Audience.INTERNAL)
def all_applications() -> ResponseReturnValue:
    """The applications that whoever asks may see, as searched for."""
    known = {str(each.id): each.name for each in rounds()}
    search, actor = _search(known), current_actor()
    page = page_of(queries.applications(search, actor, cursor=cursor()))
    shown: dict[str, Any] = {"stands": stands_of(page.rows, actor)}
    shown |= {"page": page, "count": queries.count_of(search, actor), "search": search}
    return render_template(
        "programme/applications/all_applications.html", rounds=known, labels=labels, **shown
    )


@blueprint.get("/applications/<uuid:application_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.application)
def application(found: Application) -> ResponseReturnValue:
    """Where it stands, what is left to do, and what comes next."""
    return application_page(found)


def application_page(found: Application, *, form: Form | None = None, refused: str = "") -> str:
    """The page of an application, with a form that was refused."""
    now_filled = filled(found)
    shown: dict[str, Any] = {"labels": labels, "Act": Act, "filled": now_filled, "refused": refused}
    shown |= _possible(found, now_filled) | {"parts": parts_on("applications.application", found)}
    shown["tasks"] = _tasks(found, now_filled, can_fill_in=shown["can_fill_in"])
    shown["stand"] = stands_of([found], current_actor())[found.id]
    shown |= {"deciding": form or ReasonForm(), "queries": queries_about(found.id)}
    return render_template("programme/applications/application.html", application=found, form=form, **shown)


def _possible(found: Application, now_filled: Filled) -> dict[str, Any]:
    """What whoever asks can do now."""
    standing, acts = found.standing_at(now()), acts_of(found)
    is_in_time = standing in service.IN_TIME
    is_ready = is_in_time and now_filled.is_complete and not found.is_held_up
    return {
        "acts": acts,
        "standing": standing,
        "stage": found.round.assessing_at(now()),
        "can_fill_in": is_in_time and Act.FILL_IN in acts,
        "can_submit": is_ready and Act.SUBMIT in acts,
        "offer": _offer(found, now_filled) if is_in_time and Act.FILL_IN in acts else None,
    } | _to_see(found)


def _offer(found: Application, now_filled: Filled) -> Any:
    """What an earlier application answers already, as long as nothing is saved in this one."""
    is_empty = not now_filled.latest and not now_filled.files
    return offer_for(found) if is_empty and POLICY.allows(current_actor(), Act.TAKE_OVER, found) else None


def _to_see(found: Application) -> dict[str, Any]:
    """What whoever asks can see beside it: its scores, its pack, and what happened to it."""
    actor = current_actor()
    return {
        "links": links_from("application", found.id),
        "is_staff": POLICY.allows(actor, Act.LIST_APPLICATIONS),
        "record": _record(found),
        "trail": _history(found) if _may_read_history(actor, found) else (),
    }


def _history(found: Application) -> list[Any]:
    """What was done to an application here and in rooms above, the newest first."""
    rows = [*entries_about(found), *recounted("application", found)]
    return sorted(rows, key=lambda each: each.id, reverse=True)[:MOST_SHOWN]


def _may_read_history(actor: Actor, found: Application) -> bool:
    """What was moderated stands in it: whoever still scores in the round does not read it."""
    return POLICY.allows(actor, Act.EXTEND, found) and not is_scoring(actor, found)


def acts_of(found: Application) -> frozenset[Any]:
    """What the current actor can do with an application as it stands."""
    acts = open_acts(found, policy=POLICY, machine=APPLICATIONS, also=_others(found))
    held = {Act.WITHDRAW: why_not_withdrawn, Act.RULE_OUT: why_not_ruled_out}
    return acts - {each for each, why in held.items() if each in acts and why(found)}


def _others(found: Application) -> list[Any]:
    """What can be done with an application as it stands without moving it on."""
    asking = [Act.ASK] if found.status is ApplicationStatus.SUBMITTED else []
    if found.status is not ApplicationStatus.DRAFT:
        return asking
    clearing = CLEARANCES.possible(found.clearance.status) if found.clearance else ()
    return [Act.FILL_IN, Act.EXTEND, *clearing]


def _record(found: Application) -> str:
    """Where the record of the business is, for those who may see it."""
    may = BUSINESSES.allows(current_actor(), BusinessAct.VIEW, found.business)
    return url_for("business.business", business_id=found.business_id) if may else ""


def _tasks(found: Application, now_filled: Filled, *, can_fill_in: bool) -> list[dict[str, Any]]:
    """Each section with its state, who saved it, and where it is filled in."""
    tasks = []
    for each in found.round.sections:
        words, colour = labels.SECTION_STATES[now_filled.states[each.id]]
        latest = now_filled.latest.get(each.id)
        saved_by = latest.saved_by.name if latest and latest.saved_by else ""
        hint = f"Saved by {saved_by}" if saved_by else ""
        task = {"title": each.title, "status": words, "colour": colour, "hint": hint}
        tasks.append(task | {"href": _to_section(found, each.id) if can_fill_in else None})
    return tasks


def _to_section(found: Application, section_id: UUID) -> str:
    return url_for("application_sections.fill_in", application_id=found.id, section_id=section_id)


def answered(found: Application, now_filled: Filled) -> list[tuple[Any, list[tuple[Any, str, list[Any]]]]]:
    """Each section with its questions that are asked, the answers in words, and the files."""
    return [
        (section, [_row(each, now_filled) for each in now_filled.asked_in(section)])
        for section in found.round.sections
    ]


def _row(question: Any, now_filled: Filled) -> tuple[Any, str, list[Any]]:
    words = answer_in_words(question, now_filled.answers.get(str(question.id)))
    return question, words, now_filled.files.get(question.id, [])


@blueprint.get("/applications/<uuid:application_id>/answers")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.application)
def answers(found: Application) -> ResponseReturnValue:
    """Everything that it says, on one page that can be printed."""
    shown = {"sections": answered(found, filled(found)), "labels": labels}
    return render_template("programme/applications/answers.html", application=found, **shown)
