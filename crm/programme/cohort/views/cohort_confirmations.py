"""Drafts compared, one of them proposed, and confirmed by a second person; and the pack that says why."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.audit.models import AuditEntry
from crm.audit.queries import entries_about
from crm.kernel.permissions import Audience
from crm.programme.cohort.forms.confirming import ConfirmForm, ProposeForm, SendBackForm
from crm.programme.cohort.models import Cohort, CohortDraft
from crm.programme.cohort.papers import pack_pdf, pack_told
from crm.programme.cohort.policy import POLICY
from crm.programme.cohort.queries import cohorts as queries
from crm.programme.cohort.queries.candidates import decided_or_now
from crm.programme.cohort.queries.decisions import events_after
from crm.programme.cohort.queries.drafts import Weighed, mark_of_draft, weighed, weighed_with_limits
from crm.programme.cohort.queries.money import bar_beside, limits_of
from crm.programme.cohort.queries.stability import overridden_independence, stability
from crm.programme.cohort.rules import labels
from crm.programme.cohort.rules.money import in_full, said_parts
from crm.programme.cohort.rules.showing import apart_in_words
from crm.programme.cohort.service import confirming as service
from crm.programme.cohort.service.deciding import Others, others_among
from crm.programme.cohort.service.reasons import is_short
from crm.programme.cohort.views.cohort_drafts import to_draft
from crm.programme.cohort.views.showing import ledger_of
from crm.programme.cohort.workflow import DRAFTS, Act, DraftStatus
from crm.web.extracts import pdf_response
from crm.web.forms import answer, saved
from crm.web.identity import current_actor
from crm.web.navigation import settings
from crm.web.permit import asked_by_actor, permits

blueprint = Blueprint("cohort_confirmations", __name__)
permit = permits(POLICY)


@blueprint.get("/cohorts/<uuid:cohort_id>/compare")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.cohort)
def compare(found: Cohort) -> ResponseReturnValue:
    """Two drafts side by side: who is in only one, the money and the balance."""
    drafts, rows = queries.drafts_of(found.id), decided_or_now(found)
    known = {str(each.id): weighed(each, rows) for each in drafts}
    two = [known[each] for each in request.args.getlist("draft") if each in known][:2]
    two = two if len(two) == 2 else list(known.values())[:2]
    shown: dict[str, Any] = {"drafts": drafts, "two": two, "labels": labels, "in_full": in_full}
    shown |= _apart(*two) if len(two) == 2 else {}
    shown["bars"] = [bar_beside(found, each.draft) for each in two]
    return render_template("programme/cohort/compare.html", cohort=found, **shown)


def _apart(one: Weighed, other: Weighed) -> dict[str, Any]:
    """Who is in only one of two, and who is in both with another sum."""
    both = [each for each in one.selected if each.id in other.chosen]
    return {
        "only": [
            [each for each in one.selected if each.id not in other.chosen],
            [each for each in other.selected if each.id not in one.chosen],
        ],
        "differing": [each for each in both if one.chosen[each.id] != other.chosen[each.id]],
        "common": len(both),
        "apart": apart_in_words(*((each.draft.name, each.score) for each in (one, other))),
    }


@blueprint.route("/cohort-drafts/<uuid:cohort_draft_id>/propose", methods=["GET", "POST"])
@permit(
    Act.PROPOSE, audience=Audience.INTERNAL, load=queries.draft, machine=DRAFTS, unless=service.why_not_now
)
def propose(found: CohortDraft) -> ResponseReturnValue:
    """Propose the draft to an approver."""
    form = _propose_form(found)
    return answer(
        form,
        page=lambda: render_template("programme/cohort/propose.html", form=form, **_told(found)),
        act=lambda: service.propose(found, form.details(), seen=form.seen.data or None, by=current_actor()),
        then=lambda _: to_draft(
            "Proposed. An approver who did not score or moderate in this round can confirm it.", found
        ),
    )


def _propose_form(found: CohortDraft) -> ProposeForm:
    """With what the draft was proposed before, where it was."""
    why, beyond = found.target_reason, found.limit_reason
    return ProposeForm.of_request(
        reserves=found.reserves or None, reason=why, limit_reason=beyond, seen=_mark(found)
    )


def _mark(found: CohortDraft) -> str:
    """The mark of a draft as its pages show it now."""
    return mark_of_draft(weighed_with_limits(found, decided_or_now(found.cohort)))


def _told(found: CohortDraft) -> dict[str, Any]:
    """Everything that is decided with a draft, once more."""
    sound = weighed_with_limits(found, decided_or_now(found.cohort))
    shown: dict[str, Any] = {"sound": sound, "lacks": service.why_not_proposed(sound), "labels": labels}
    shown |= {
        "bar": bar_beside(found.cohort, found),
        "in_full": in_full,
        "ledger": ledger_of(found.cohort),
        "cohort": found.cohort,
    }
    shown |= {"draft": found, "others": _others(sound)}
    shown["others_count"] = len(sound.rows) - len(sound.chosen)
    return shown | {"left": service.left_to_wait(sound)}


def _others(sound: Weighed) -> Others:
    return others_among(sound.rows, chosen=set(sound.chosen), most=sound.draft.reserves)


@blueprint.route("/cohort-drafts/<uuid:cohort_draft_id>/confirm", methods=["GET", "POST"])
@permit(
    Act.CONFIRM,
    audience=Audience.INTERNAL,
    load=queries.draft,
    machine=DRAFTS,
    unless=asked_by_actor(service.why_not_by),
)
def confirm(found: CohortDraft) -> ResponseReturnValue:
    """Read what is confirmed once more, and confirm it."""
    form = ConfirmForm.of_request(seen=_mark(found))
    return answer(
        form,
        page=lambda: render_template(
            "programme/cohort/confirm.html", form=form, sent_back=_sent_back(found), **_to_confirm(found)
        ),
        act=lambda: service.confirm(found, seen=form.seen.data or None, by=current_actor()),
        then=lambda _: saved(
            "Cohort confirmed. No applicant has been told yet.", "cohorts.cohort", cohort_id=found.cohort_id
        ),
    )


def _to_confirm(found: CohortDraft) -> dict[str, Any]:
    """With why it passes a limit of subsidies, where no reason was given: then it cannot be confirmed, only sent back."""
    told = _told(found)
    beyond = service.why_beyond(told["sound"])
    return told | {"beyond": beyond if is_short(found.limit_reason) else None}


def _sent_back(found: CohortDraft) -> AuditEntry | None:
    """Who sent the draft back, and when, where that was done last: for whoever has its page open still."""
    if found.status is not DraftStatus.OPEN or not found.sent_back_reason:
        return None
    return next(iter(entries_about(found, act=Act.SEND_BACK, limit=1)), None)


@blueprint.route("/cohort-drafts/<uuid:cohort_draft_id>/send-back", methods=["GET", "POST"])
@permit(Act.SEND_BACK, audience=Audience.INTERNAL, load=queries.draft, machine=DRAFTS)
def send_back(found: CohortDraft) -> ResponseReturnValue:
    """Send the proposed draft back."""
    form = SendBackForm.of_request(seen=_mark(found))
    return answer(
        form,
        page=lambda: render_template("programme/cohort/send_back.html", form=form, draft=found),
        act=lambda: _send_back(form, found),
        then=lambda _: to_draft("Sent back.", found),
    )


def _send_back(form: SendBackForm, found: CohortDraft) -> None:
    service.send_back(found, reason=form.reason.data, seen=form.seen.data or None, by=current_actor())


@blueprint.get("/cohort-drafts/<uuid:cohort_draft_id>/pack")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.draft)
def draft_pack(found: CohortDraft) -> ResponseReturnValue:
    """What is decided with a draft and why: the pack of the cohort."""
    helped = overridden_independence(found.cohort.round_id)
    later = events_after(found.cohort_id)
    shown = {"helped": helped, "later": later, "said_parts": said_parts}
    return render_template("programme/cohort/draft_pack.html", **shown, **_told(found))


@blueprint.get("/cohort-drafts/<uuid:cohort_draft_id>/pack.pdf")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.draft)
def draft_pack_paper(found: CohortDraft) -> ResponseReturnValue:
    """The same, to be printed and kept."""
    sound = weighed_with_limits(found, decided_or_now(found.cohort))
    later = events_after(found.cohort_id) if found.status is DraftStatus.CONFIRMED else []
    helped = overridden_independence(found.cohort.round_id)
    told = pack_told(sound, _others(sound), helped=helped, later=later)
    return pdf_response("decision-pack.pdf", pack_pdf(told, service_name=settings().service_name))


@blueprint.get("/cohorts/<uuid:cohort_id>/stability")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.cohort)
def funding_line(found: Cohort) -> ResponseReturnValue:
    """Which names change if any one assessor is left out."""
    limits = limits_of(found)
    shown = stability(found.round, free=limits) if limits else None
    return render_template("programme/cohort/funding_line.html", cohort=found, shown=shown, labels=labels)
