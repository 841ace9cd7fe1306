"""Behind the gate: pitches looked through, read, compared, followed, asked about. Every showing leaves a row first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.angels.investors.policy import own_admission
from crm.angels.investors.rules.gate import Closed, kinds_open, why_closed
from crm.angels.pitches.forms import FilterForm, MarkForm, QuestionForm, SaveSearchForm
from crm.angels.pitches.models import Pitch, SavedSearch
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.queries.pitches import Search
from crm.angels.pitches.rules import labels
from crm.angels.pitches.service import browsing as service
from crm.angels.pitches.views.pitch_files import Handed, handed
from crm.angels.pitches.views.reading import (
    LEDGER,
    asked_search,
    not_shown_page,
    note_shown,
    private_id,
    read,
    warning,
)
from crm.angels.pitches.workflow import OVER, Act, Channel, PitchStatus
from crm.documents.papers import file_answer
from crm.kernel.clock import today
from crm.kernel.eligibility import DCMS_GROUPS, LEPS, STAGES
from crm.kernel.errors import NotFound
from crm.kernel.permissions import Audience
from crm.web.filtering import as_offered
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.once import keep_beside
from crm.web.paging import cursor, page_of
from crm.web.parts import parts_on
from crm.web.permit import NOTHING, permits

blueprint = Blueprint("pitches", __name__)
permit = permits(POLICY)
WORDS = {"groups": DCMS_GROUPS, "leps": LEPS, "stages": STAGES}


@blueprint.get("/pitches")
@permit(Act.SEE_PITCHES, audience=Audience.PROMOTION, leaves_trace=LEDGER)
def pitches() -> ResponseReturnValue:
    """What an investor may be shown, by their own filter; to everyone else, only why they are closed."""
    admission = own_admission(current_actor())
    if kinds_open(admission, on=today()) == frozenset():
        return _closed_page(why_closed(admission, on=today()))
    form = as_offered(FilterForm(request.args))
    return _pitches_page(form, asked_search(form))


def _closed_page(closed: Closed | None) -> str:
    """Why it is closed; a visitor may be a member who has not signed in."""
    back = request.full_path.rstrip("?")
    sign_in = None if current_actor().account_id else url_for("accounts.sign_in", next=back)
    return render_template("angels/pitches/closed.html", closed=closed, labels=labels, sign_in=sign_in)


def _pitches_page(form: FilterForm, search: Search, *, saving: Form | None = None) -> str:
    page = page_of(queries.open_pitches(search, own_admission(current_actor()), cursor=cursor()))
    note_shown(list(page.rows), Channel.LIST)
    filters = FilterForm(data=search.as_fields()) if request.args.get("saved") else form
    shown_: dict[str, Any] = {"page": page, "filters": filters, "search": search, "labels": labels}
    shown_ |= {"saving": saving or SaveSearchForm(data={"has_alerts": True})}
    shown_ |= {"form": saving or (form if form.errors else None), "warning": warning()}
    shown_ |= {"most": queries.MOST_TAKEN, "limits": queries.limits_now()}
    return render_template("angels/pitches/pitches.html", **shown_, **_around(page.rows, search))


def _around(found: Sequence[Pitch], search: Search) -> dict[str, Any]:
    """What belongs to a page of pitches: how many there are, which are followed, and what was asked for."""
    return {
        "count": queries.count_of(search, own_admission(current_actor())),
        "marks": queries.marks_of(private_id(), [each.id for each in found]),
        "asked_for": request.query_string.decode("ascii", "ignore"),
        "words": WORDS,
    }


@blueprint.get("/pitches/<uuid:pitch_id>")
@permit(Act.SEE_PITCH, audience=Audience.PROMOTION, load=queries.pitch, leaves_trace=LEDGER)
def pitch(found: Pitch) -> ResponseReturnValue:
    """A pitch, with the warning that the law asks for before anything else."""
    return pitch_page(found)


def pitch_page(found: Pitch, *, form: Form | None = None, **sent: Form) -> str:
    """The page, with whichever of its forms was sent and refused."""
    if found.status is not PitchStatus.PUBLISHED:
        raise NotFound(NOTHING)  # it ended while its reader typed
    own = private_id()
    note_shown([found], Channel.PAGE)
    forms: dict[str, Any] = {"asking": QuestionForm.of_request(), "marking": _mark_form(found)}
    said = {"questions": queries.questions_of(found.id, asked_by=own), "words": WORDS, "labels": labels}
    said["changed"] = _changes_since_read(found)
    said |= {"parts": parts_on("pitches.pitch", found, **sent), "form": form} | read(found)
    return render_template("angels/pitches/pitch.html", pitch=found, own=own, **said, **(forms | sent))


def _mark_form(found: Pitch) -> MarkForm:
    """What was typed into the note on this page, whichever of its buttons was pressed; else what is saved."""
    known = _own_mark(private_id(), found)
    is_of_another = request.method == "POST" and "note" not in request.form
    return MarkForm(data=known) if is_of_another else MarkForm.of_request(**known)


def said_on_page(words: str, found: Pitch, sent: Form, *, otherwise: str = "") -> str:
    """Say what was done, and the page of the pitch with what was typed into its other fields and is not sent yet.

    Where nothing else was typed, on to ``otherwise``.
    """
    flash(words, "success")
    names = {"question", "message"}
    known, note = _own_mark(private_id(), found), request.form.get("note", "").replace("\r\n", "\n").strip()
    typed = (note, "is_followed" in request.form)
    if "note" in request.form and typed != (known.get("note", ""), known.get("is_followed", False)):
        names |= {"note", "is_followed"}
    here = url_for("pitches.pitch", pitch_id=found.id)
    page = keep_beside(here, names - set(sent.data))
    return otherwise or here if page == here else page


def _changes_since_read(found: Pitch) -> list[dict[str, str]]:
    """What is different from the version that this reader was shown before."""
    actor = current_actor()
    known = queries.read_before(found, actor.account_id) if actor.account_id else None
    return labels.changes_told(known.content, queries.content_shown(found)) if known else []


def _own_mark(own: UUID, found: Pitch) -> dict[str, Any]:
    mark = queries.marks_of(own, [found.id]).get(found.id)
    return {"is_followed": mark.is_followed, "note": mark.note} if mark else {}


@blueprint.get("/pitches/compare")
@permit(Act.COMPARE, audience=Audience.PROMOTION, leaves_trace=LEDGER)
def compare() -> ResponseReturnValue:
    """Two pitches side by side: what they say themselves, and no judgement."""
    named = [*request.args.getlist("pitch"), *request.args.getlist("other")]
    ids = [UUID(each) for each in named[:2] if _is_id(each)]
    found = list(queries.open_ones(list(dict.fromkeys(ids)), own_admission(current_actor())))
    if len(found) < 2:
        flash("Choose two different pitches to compare.", "warning")
        where = url_for("pitches.following", _anchor="compare")
        return redirect(where if "other" in request.args else url_for("pitches.pitches"), code=303)
    note_shown(found, Channel.COMPARISON)
    return render_template(
        "angels/pitches/compare.html", pair=[(each, read(each)) for each in found], labels=labels, words=WORDS
    )


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@blueprint.get("/pitches/<uuid:pitch_id>/files/<uuid:document_id>")
@permit(Act.SEE_PITCH, audience=Audience.PROMOTION, load=handed, leaves_trace=LEDGER)
def file(found: Handed) -> ResponseReturnValue:
    """Download a file of a pitch; the opening is recorded."""
    note_shown([found.pitch], Channel.FILE, found.file.name)
    return file_answer(found.file)


@blueprint.post("/pitches/<uuid:pitch_id>/mark")
@permit(Act.MARK, audience=Audience.PROMOTION, load=queries.pitch, leaves_trace=LEDGER)
def mark(found: Pitch) -> ResponseReturnValue:
    """Follow or unfollow a pitch, and write a private note."""
    form = MarkForm.of_request()
    return answer(
        form,
        page=lambda: not_shown_page(form, found) or pitch_page(found, form=form, marking=form),
        act=lambda: service.mark(
            found, is_followed=form.is_followed.data, note=form.note.data or "", by=current_actor()
        ),
        then=lambda _: said_on_page("Saved. Only you can see it.", found, form),
    )


@blueprint.post("/pitches/<uuid:pitch_id>/ask")
@permit(Act.ASK, audience=Audience.PROMOTION, load=queries.pitch, leaves_trace=LEDGER)
def ask(found: Pitch) -> ResponseReturnValue:
    """Ask the business something."""
    form = QuestionForm.of_request()
    return answer(
        form,
        page=lambda: not_shown_page(form, found) or pitch_page(found, form=form, asking=form),
        act=lambda: service.ask(found, form.question.data or "", by=current_actor()),
        then=lambda _: said_on_page("Question sent, without your name.", found, form),
    )


@blueprint.get("/pitches/following")
@permit(Act.SAVE_SEARCH, audience=Audience.PROMOTION, leaves_trace=LEDGER)
def following() -> ResponseReturnValue:
    """What one follows, and one's saved searches."""
    own = private_id()
    found = list(queries.followed_by(own, own_admission(current_actor())))
    note_shown(found, Channel.LIST)
    kept: dict[str, Any] = {"words": WORDS, "warning": warning(), "limits": queries.limits_now()}
    kept["marks"] = queries.marks_of(own, [each.id for each in found])
    kept["away"] = queries.count_followed_away(own)
    kept["searches"] = queries.searches_of(own)
    return render_template("angels/pitches/following.html", rows=found, labels=labels, **kept | _asked(own))


def _asked(own: UUID) -> dict[str, Any]:
    """One's own questions, and which of their pitches can be opened now."""
    rows, actor = queries.asked_by(own), current_actor()
    open_ids = {each.pitch_id for each in rows if POLICY.allows(actor, Act.SEE_PITCH, each)}
    return {"asked": rows, "open_ids": open_ids, "over": OVER}


@blueprint.post("/pitches/save-search")
@permit(Act.SAVE_SEARCH, audience=Audience.PROMOTION, leaves_trace=LEDGER)
def save_search() -> ResponseReturnValue:
    """Keep the search that the address holds, under a name."""
    form, filters = SaveSearchForm.of_request(), FilterForm(request.args)
    search = filters.search() if filters.validate() else Search()
    return answer(
        form,
        page=lambda: _pitches_page(filters, search, saving=form),
        act=lambda: service.save_search(
            form.name.data, search, has_alerts=form.has_alerts.data, by=current_actor()
        ),
        then=lambda _: saved("Search saved.", "pitches.following"),
    )


@blueprint.post("/pitches/searches/<uuid:search_id>/forget")
@permit(Act.FORGET_SEARCH, audience=Audience.PROMOTION, load=queries.saved_search)
def forget_search(found: SavedSearch) -> ResponseReturnValue:
    """Remove a saved search."""
    service.forget_search(found, by=current_actor())
    return done(saved("Search removed.", "pitches.following"))
