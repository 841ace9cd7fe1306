"""One draft of a cohort: started, filled by rank, changed, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.kernel.measures import counted
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import Audience
from crm.programme.applications.models import Application
from crm.programme.applications.queries.applications import known_application
from crm.programme.cohort.forms.building import ChooseForm, DraftForm, OverrideForm, RemoveForm
from crm.programme.cohort.forms.confirming import SeenForm
from crm.programme.cohort.models import Cohort, CohortDraft
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts as queries
from crm.programme.cohort.queries.candidates import candidates, decided_or_now
from crm.programme.cohort.queries.drafts import Weighed, weighed_with_limits
from crm.programme.cohort.queries.money import bar_beside, free_of, purse_of
from crm.programme.cohort.queries.proposals import best_beside
from crm.programme.cohort.rules import labels
from crm.programme.cohort.rules.choosing import Candidate, needing_a_reason, passed_over
from crm.programme.cohort.rules.filling import Filled, where_it_stops
from crm.programme.cohort.rules.money import Bar, in_full, said_parts
from crm.programme.cohort.service import drafting as service
from crm.programme.cohort.service.confirming import CONFIRMED, why_not_by, why_not_proposed
from crm.programme.cohort.service.reasons import departing
from crm.programme.cohort.views.showing import ledger_of
from crm.programme.cohort.workflow import DRAFTS, Act, DraftStatus
from crm.programme.rounds.models import Round
from crm.programme.rounds.rules.labels import TIE_RULES
from crm.web.forms import Form, answer, beside, saved
from crm.web.identity import current_actor
from crm.web.paging import numbered
from crm.web.permit import open_acts, permits

blueprint = Blueprint("cohort_drafts", __name__)
permit = permits(POLICY)
ON_A_PAGE = 100
ADDED = counted("application")


NO_MONEY_HERE = "This cohort belongs to a dry run, so there is no money to fill it up to."


@dataclass(frozen=True)
class InDraft:
    """An application of a round beside a draft of its cohort."""

    draft: CohortDraft
    application: Application

    @property
    def round(self) -> Round:
        """The round of both."""
        return self.draft.round


def _in_draft(cohort_draft_id: UUID, application_id: UUID) -> InDraft | None:
    draft, application = queries.draft(cohort_draft_id), known_application(application_id)
    if draft is None or application is None or application.round_id != draft.cohort.round_id:
        return None
    return InDraft(draft, application)


def _why_fixed(found: CohortDraft | InDraft) -> str | None:
    return service.why_fixed(found.draft if isinstance(found, InDraft) else found)


def _why_not_filled(found: CohortDraft) -> str | None:
    return NO_MONEY_HERE if found.cohort.envelope_id is None else service.why_fixed(found)


def to_draft(words: str, found: CohortDraft) -> str:
    """The page of a draft, on which to say what was done."""
    return saved(words, "cohort_drafts.cohort_draft", cohort_draft_id=found.id)


@blueprint.route("/cohorts/<uuid:cohort_id>/drafts/start", methods=["GET", "POST"])
@permit(Act.START_DRAFT, audience=Audience.INTERNAL, load=queries.cohort, unless=service.why_no_drafts)
def start_draft(found: Cohort) -> ResponseReturnValue:
    """Start a draft."""
    form = DraftForm.of_request().offer(queries.drafts_of(found.id))
    return answer(
        form,
        page=lambda: render_template("programme/cohort/start_draft.html", form=form, cohort=found),
        act=lambda: _start(found, form),
        then=lambda made: to_draft("Draft created.", made),
    )


def _start(found: Cohort, form: DraftForm) -> CohortDraft:
    wanted = form.like_id()
    like = queries.draft(wanted) if wanted else None
    return service.start_draft(found, form.name.data or "", like=like, by=current_actor())


@blueprint.get("/cohort-drafts/<uuid:cohort_draft_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.draft)
def cohort_draft(found: CohortDraft) -> ResponseReturnValue:
    """The ranked list with what is chosen."""
    return _cohort_draft_page(SeenForm(), found)


def _cohort_draft_page(form: Form, found: CohortDraft) -> str:
    rows = decided_or_now(found.cohort)
    chosen = {each.application_id: each for each in found.places}
    shown: dict[str, Any] = {"labels": labels, "Act": Act, "chosen": chosen, "cohort": found.cohort}
    shown |= {"page": numbered(rows, size=ON_A_PAGE), "departs": needing_a_reason(rows, chosen=chosen)}
    shown |= {"bar": bar_beside(found.cohort, found), "in_full": in_full, "ledger": ledger_of(found.cohort)}
    sound = weighed_with_limits(found, rows)
    shown |= {"sound": sound, "hindered": _hindered(found, sound, shown["bar"])} | _to_confirm(found)
    shown |= {"acts": _acts(found), "tie_rule": TIE_RULES[found.round.tie_rule]}
    shown |= {"best": best_beside(found, sound, bar=shown["bar"])} | _beside(found, shown["acts"])
    shown |= _filling(sound, shown["bar"] if Act.FILL in shown["acts"] else None)
    return render_template("programme/cohort/cohort_draft.html", draft=found, form=form, **shown)


def _beside(found: CohortDraft, acts: frozenset[Any]) -> dict[str, Any]:
    """Another draft that is proposed, for whoever could propose this one."""
    return {"proposed": queries.proposed_beside(found) if Act.PROPOSE in acts else None}


def _filling(sound: Weighed, bar: Bar | None) -> dict[str, Any]:
    """Who the button would add by rank, and where it would stop; None in a dry run."""
    found = sound.draft
    filled = service.filling(sound, left=purse_of(found.cohort, bar)) if bar else None
    stops, seen = (where_it_stops(filled), service.mark_of_filling(found, filled)) if filled else ("", "")
    return {"filling": filled, "stops": stops, "seen": seen}


def _hindered(found: CohortDraft, sound: Weighed, bar: Bar | None) -> str | None:
    """Why a draft that still has its way to go cannot be proposed or confirmed as it is."""
    if found.status not in (DraftStatus.OPEN, DraftStatus.PROPOSED):
        return None
    over = bar.short_in_words if bar and bar.over else None
    if found.cohort.confirmed_at:
        return CONFIRMED
    return (why_not_proposed(sound) if sound.selected else None) or over


def _to_confirm(found: CohortDraft) -> dict[str, Any]:
    """Whether the current actor can confirm it and, where only who they are keeps them from it, why not."""
    is_theirs = Act.CONFIRM in open_acts(found, policy=POLICY, machine=DRAFTS)
    reason = why_not_by(found, current_actor().account_id) if is_theirs else None
    return {"may_confirm": is_theirs and not reason, "why_not_me": reason}


def _acts(found: CohortDraft) -> frozenset[Any]:
    also = () if service.why_fixed(found) else (Act.CHOOSE, Act.REMOVE, Act.FILL, Act.OVERRIDE)
    acts = open_acts(found, policy=POLICY, machine=DRAFTS, also=also)
    return acts - {Act.DELETE_DRAFT} if service.why_not_deleted(found) else acts


@blueprint.route("/cohort-drafts/<uuid:cohort_draft_id>/delete", methods=["GET", "POST"])
@permit(
    Act.DELETE_DRAFT,
    audience=Audience.INTERNAL,
    load=queries.draft,
    machine=DRAFTS,
    unless=service.why_not_deleted,
)
def delete_draft(found: CohortDraft) -> ResponseReturnValue:
    """Ask whether the draft is to be deleted, and delete it."""
    form, name, cohort_id = _seen_form(found), found.name, found.cohort_id
    return answer(
        form,
        page=lambda: render_template("programme/cohort/delete_draft.html", form=form, draft=found),
        act=lambda: service.delete_draft(found, seen=form.seen.data or None, by=current_actor()),
        then=lambda _: saved(f"Draft “{name}” deleted.", "cohorts.cohort", cohort_id=cohort_id),
    )


def _seen_form(found: CohortDraft) -> SeenForm:
    return SeenForm.of_request(seen=service.mark_of_chosen(found))


@blueprint.post("/cohort-drafts/<uuid:cohort_draft_id>/fill")
@permit(Act.FILL, audience=Audience.INTERNAL, load=queries.draft, unless=_why_not_filled, is_told=True)
def fill(found: CohortDraft) -> ResponseReturnValue:
    """Choose by rank for as long as the money lasts."""
    form, free = SeenForm.of_request(), free_of(found.cohort)
    assert free is not None
    return answer(
        form,
        page=lambda: _cohort_draft_page(form, found),
        act=lambda: service.fill(found, free, seen=form.seen.data or None, by=current_actor()),
        then=lambda filled: to_draft(beside(_too_much(found), _filled(filled)), found),
    )


def _filled(filled: Filled) -> str:
    """How many were added, and where it stopped."""
    stops = where_it_stops(filled)
    return f"{ADDED(len(filled.chosen))} added by rank.{f' {stops}' if stops else ''}"


@blueprint.route(
    "/cohort-drafts/<uuid:cohort_draft_id>/applications/<uuid:application_id>/choose", methods=["GET", "POST"]
)
@permit(Act.CHOOSE, audience=Audience.INTERNAL, load=_in_draft, unless=_why_fixed)
def choose(found: InDraft) -> ResponseReturnValue:
    """Choose an application, or change its sum."""
    form = ChooseForm.of_request(**_values(found)).of_lines(found.draft.cohort.line)
    return answer(
        form,
        page=lambda: _choose_page(form, found),
        act=lambda: service.choose(found.draft, form.choice(found.application.id), by=current_actor()),
        then=lambda _: to_draft(_chosen(found), found.draft),
    )


def _chosen(found: InDraft) -> str:
    """That it is in the draft, and beside it where that is too much for its limit of subsidies."""
    words = f"{found.application.business.name} is in the draft."
    return beside(_too_much(found.draft, only=found.application.id), words)


def _too_much(found: CohortDraft, *, only: UUID | None = None) -> str:
    """Who is awarded more than can be given today, and what to do: all, or those that share a limit with ``only`` one; else nothing."""
    queries.read_again(found)
    over = weighed_with_limits(found, decided_or_now(found.cohort)).over_limit
    mine = [each for each in over if only is None or only in {one.id for one in each.members}]
    said = "; ".join(each.words for each in mine)
    return (
        f"More than can be given today. {said}. Award less, or say why when you propose the draft."
        if said
        else ""
    )


@blueprint.route(
    "/cohort-drafts/<uuid:cohort_draft_id>/applications/<uuid:application_id>/override",
    methods=["GET", "POST"],
)
@permit(Act.OVERRIDE, audience=Audience.INTERNAL, load=_in_draft, unless=_why_fixed)
def override(found: InDraft) -> ResponseReturnValue:
    """Choose an application that is below a threshold."""
    form = OverrideForm.of_request(**_values(found)).of_lines(found.draft.cohort.line)
    return answer(
        form,
        page=lambda: _choose_page(form, found),
        act=lambda: service.override(found.draft, form.choice(found.application.id), by=current_actor()),
        then=lambda _: to_draft(_chosen(found), found.draft),
    )


def _values(found: InDraft) -> dict[str, Any]:
    """What is chosen already; else what the applicant asks for."""
    place = service.place_of(found.draft, found.application.id)
    if place is None:
        asked = found.application
        return _sums(asked.asked_for, asked.asked_capital or NO_MONEY) | _seen(found)
    said = _seen(found) | {
        "reason": place.reason,
        "override": place.override_reason,
        "part": place.part_reason,
    }
    return _sums(place.amount, place.capital) | said


def _seen(found: InDraft) -> dict[str, Any]:
    """The mark of what the draft says of the application now."""
    return {"seen": service.mark_of_place(found.draft, found.application.id)}


def _sums(amount: Money | None, capital: Money) -> dict[str, Any]:
    """A sum whole and in its two parts: the form asks for the one or the others."""
    if amount is None:
        return {}
    return {"amount": amount, "capital": capital, "revenue": amount - capital}


def _choose_page(form: Form, found: InDraft) -> str:
    rows = candidates(found.round)
    one = next((each for each in rows if each.id == found.application.id), None)
    chosen = {each.application_id for each in found.draft.places}
    over = passed_over(one, rows, chosen=chosen) if one else []
    shown: dict[str, Any] = {"draft": found.draft, "application": found.application, "one": one, "over": over}
    shown["place"] = service.place_of(found.draft, found.application.id)
    shown["unsaid"] = _unsaid(found, rows) if over else []
    shown |= {"said_parts": said_parts, "line": found.draft.cohort.line}
    shown["asked"] = said_parts(one.sum, one.capital, line=found.draft.cohort.line) if one else None
    shown["room"] = _room(found, one, rows) if one else None
    return render_template("programme/cohort/choose.html", form=form, **shown)


def _unsaid(found: InDraft, rows: Sequence[Candidate]) -> list[Candidate]:
    """The others in the draft that are chosen over higher ranks without a reason."""
    ids = {each.application_id for each in departing(found.draft, rows)} - {found.application.id}
    return [each for each in rows if each.id in ids]


def _room(found: InDraft, one: Candidate, rows: Sequence[Candidate]) -> Money | None:
    """What one can be given today beside the others of the draft; None where nothing limits it."""
    room = weighed_with_limits(found.draft, rows).left.room_of(one.business_id)
    place = service.place_of(found.draft, one.id)
    return None if room is None else max(NO_MONEY, room + (place.amount if place else NO_MONEY))


@blueprint.route(
    "/cohort-drafts/<uuid:cohort_draft_id>/applications/<uuid:application_id>/remove", methods=["GET", "POST"]
)
@permit(Act.REMOVE, audience=Audience.INTERNAL, load=_in_draft, unless=_why_fixed)
def remove(found: InDraft) -> ResponseReturnValue:
    """Remove an application from the draft."""
    form, name = RemoveForm.of_request(**_seen(found)), found.application.business.name
    return answer(
        form,
        page=lambda: render_template("programme/cohort/remove.html", form=form, found=found),
        act=lambda: _remove(found, form),
        then=lambda _: to_draft(f"{name} removed from the draft.", found.draft),
    )


def _remove(found: InDraft, form: RemoveForm) -> None:
    told = {"reason": form.reason.data, "seen": form.seen.data or None}
    service.remove(found.draft, found.application.id, **told, by=current_actor())
