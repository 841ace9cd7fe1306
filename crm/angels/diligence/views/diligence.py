"""Due diligence: asked under an introduction, answered by the business, read by those the answer is shared with."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.diligence import queries
from crm.angels.diligence.forms import AnswerForm, AskForm, DeclineForm, SharingForm, sharing_values
from crm.angels.diligence.models import DiligenceItem
from crm.angels.diligence.policy import POLICY
from crm.angels.diligence.queries import Handed
from crm.angels.diligence.rules import labels
from crm.angels.diligence.rules.usual import USUAL
from crm.angels.diligence.service import answering, asking, closing
from crm.angels.diligence.views.showing import item_page, of_introduction_page, of_syndicate_page, side_of
from crm.angels.diligence.workflow import ITEMS, LIVE, Act, ItemStatus
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.queries import introduction
from crm.angels.pitches.policy import is_of_their_business
from crm.angels.pitches.views.reading import LEDGER, note_shown
from crm.angels.pitches.workflow import Channel
from crm.angels.syndicates.models import Syndicate
from crm.angels.syndicates.queries.syndicates import syndicate
from crm.documents.forms import not_added
from crm.documents.papers import file_answer, stored_first
from crm.documents.rules import ACCEPT, TAKEN
from crm.kernel.permissions import Audience
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, beside, done, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits
from crm.web.reasons import LongReasonForm

blueprint = Blueprint("diligence", __name__)
permit = permits(POLICY)
PAGE, ASKED = "diligence.item", "diligence.of_introduction"
HERE = "/due-diligence/<uuid:item_id>"
UNDER = "/introductions/<uuid:introduction_id>/due-diligence"


@blueprint.get("/due-diligence")
@permit(Act.LIST, audience=Audience.MEMBER)
def all_items() -> ResponseReturnValue:
    """One's own questions, those to one's business, or for staff all of them."""
    status = chosen("status", {*ItemStatus, queries.LATE})
    page = page_of(queries.items(current_actor(), status=status, cursor=cursor()))
    shown: dict[str, Any] = {"sides": {each.id: side_of(each) for each in page.rows}, "labels": labels}
    return render_template("angels/diligence/all_items.html", page=page, status=status, **shown)


@blueprint.get(UNDER)
@permit(Act.VIEW, audience=Audience.MEMBER, load=introduction, unless=asking.why_not_met, leaves_trace=LEDGER)
def of_introduction(found: Introduction) -> ResponseReturnValue:
    """What was asked under an introduction, and the answers that its investor may read."""
    return of_introduction_page(found)


@blueprint.route(f"{UNDER}/ask", methods=["GET", "POST"])
@permit(Act.ASK, audience=Audience.PROMOTION, load=introduction, unless=asking.why_not_asked)
def ask(found: Introduction) -> ResponseReturnValue:
    """Ask for usual items, and for something in one's own words."""
    known = {each.kind for each in queries.items_of(found.id) if each.status in LIVE}
    shared = queries.kinds_shared(found.pitch_id) - known
    form = AskForm.of_request()
    form.offer(known if form.was_sent else known | shared)
    about = {"introduction": found, "shared": [each for code, each in USUAL.items() if code in shared]}
    return answer(
        form,
        page=lambda: render_template("angels/diligence/ask.html", form=form, **about),
        act=lambda: asking.ask(found, form.codes.data or (), own=form.own.data, by=current_actor()),
        then=lambda made: saved(_asked(len(made)), ASKED, introduction_id=found.id),
    )


def _asked(count: int) -> str:
    return f"{'Question' if count == 1 else f'{count} questions'} sent. We email you once all are answered, or the day after about those that are."


@blueprint.get(HERE)
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.item, leaves_trace=LEDGER)
def item(found: DiligenceItem) -> ResponseReturnValue:
    """One question: where it stands, and its answer for those who may read it."""
    return item_page(found)


@blueprint.route(f"{HERE}/answer", methods=["GET", "POST"])
@permit(Act.ANSWER, audience=Audience.MEMBER, load=queries.item, machine=ITEMS, takes_files=True)
def answer_item(found: DiligenceItem) -> ResponseReturnValue:
    """Answer a question, or give an answer given before."""
    form = AnswerForm.of_request().offer(queries.answers_about(found.pitch.id))
    shown: dict[str, Any] = {"item": found, "accept": ACCEPT, "taken": TAKEN}
    papers = stored_first(lambda: form.file.data or ())
    return answer(
        form,
        page=lambda: render_template("angels/diligence/answer_item.html", form=form, **shown),
        first=papers,
        act=lambda: answering.answer(found, form.said(papers.result), by=current_actor()),
        then=lambda _: saved(beside(not_added(form.file), "Answer sent."), PAGE, item_id=found.id),
    )


@blueprint.route(f"{HERE}/not-available", methods=["GET", "POST"])
@permit(Act.DECLINE, audience=Audience.MEMBER, load=queries.item, machine=ITEMS)
def decline(found: DiligenceItem) -> ResponseReturnValue:
    """Say that something is not available, and why."""
    form = DeclineForm.of_request()
    return answer(
        form,
        page=lambda: render_template("angels/diligence/decline.html", form=form, item=found),
        act=lambda: answering.decline(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved("Marked as not available.", PAGE, item_id=found.id),
    )


@blueprint.route(f"{HERE}/sharing", methods=["GET", "POST"])
@permit(Act.SHARE, audience=Audience.MEMBER, load=queries.item, unless=answering.why_not_shared)
def share(found: DiligenceItem) -> ResponseReturnValue:
    """Change who may read an answer."""
    form = SharingForm.of_request(**sharing_values(found))
    return answer(
        form,
        page=lambda: render_template("angels/diligence/share.html", form=form, item=found),
        act=lambda: answering.share(
            found, form.chosen(), with_syndicate=form.with_syndicate.data, by=current_actor()
        ),
        then=lambda _: saved("Sharing changed.", PAGE, item_id=found.id),
    )


@blueprint.route(f"{HERE}/withdraw-answer", methods=["GET", "POST"])
@permit(Act.RETRACT, audience=Audience.MEMBER, load=queries.item, machine=ITEMS)
def retract(found: DiligenceItem) -> ResponseReturnValue:
    """Withdraw an answer, having read who can no longer read it."""
    form = Form.of_request()
    askers = [each.introduction.account.name for each in queries.served_by(found.answer_id)]  # type: ignore[arg-type]
    return answer(
        form,
        page=lambda: render_template("angels/diligence/retract.html", form=form, item=found, askers=askers),
        act=lambda: answering.retract(found, by=current_actor()),
        then=lambda _: saved("Answer withdrawn. We have told the investor.", PAGE, item_id=found.id),
    )


@blueprint.post(f"{HERE}/take-back")
@permit(Act.TAKE_BACK, audience=Audience.MEMBER, load=queries.item, machine=ITEMS)
def take_back(found: DiligenceItem) -> ResponseReturnValue:
    """Withdraw one's own question."""
    asking.take_back(found, by=current_actor())
    return done(saved("Question withdrawn.", ASKED, introduction_id=found.introduction_id))


@blueprint.post(f"{HERE}/remind")
@permit(Act.REMIND, audience=Audience.INTERNAL, load=queries.item, unless=asking.why_not_reminded)
def remind(found: DiligenceItem) -> ResponseReturnValue:
    """Remind the business."""
    asking.remind(found, by=current_actor())
    return done(saved("Reminder sent to the business.", PAGE, item_id=found.id))


@blueprint.route(f"{HERE}/close", methods=["GET", "POST"])
@permit(Act.CLOSE_LATE, audience=Audience.INTERNAL, load=queries.item, unless=closing.why_not_closed)
def close_late(found: DiligenceItem) -> ResponseReturnValue:
    """Close a question that waits too long, with a reason that both sides read."""
    form = LongReasonForm.of_request()
    return answer(
        form,
        page=lambda: render_template("angels/diligence/close_late.html", form=form, item=found),
        act=lambda: closing.close_late(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: saved("Question closed. We have told both sides.", PAGE, item_id=found.id),
    )


@blueprint.get("/syndicates/<uuid:syndicate_id>/due-diligence")
@permit(Act.READ, audience=Audience.MEMBER, load=syndicate, leaves_trace=LEDGER)
def of_syndicate(found: Syndicate) -> ResponseReturnValue:
    """What the business shared with the lead and the confirmed members of a syndicate."""
    return of_syndicate_page(found)


@blueprint.get("/due-diligence/answers/<uuid:answer_id>/files/<uuid:document_id>")
@permit(Act.READ, audience=Audience.MEMBER, load=queries.handed, leaves_trace=LEDGER)
def file(found: Handed) -> ResponseReturnValue:
    """A file of an answer, to be saved. An investor's opening of it is noted in the ledger."""
    if not is_of_their_business(current_actor(), found):
        note_shown([found.pitch], Channel.FILE, f"Due diligence: {found.file.name}")
    return file_answer(found.file)
