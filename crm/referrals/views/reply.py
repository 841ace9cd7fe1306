"""Answers without an account: a provider's by its link, a business's by its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from crm.kernel.errors import Invalid
from crm.kernel.permissions import Audience
from crm.referrals import queries, rules
from crm.referrals.forms import CameForm, HelpedForm, ObjectForm, ReasonForm
from crm.referrals.models import Referral
from crm.referrals.policy import POLICY
from crm.referrals.service import answering as service
from crm.referrals.service import telling
from crm.referrals.service.asking import said_asked
from crm.referrals.service.sending import has_agreed, holder_of, recipient_name
from crm.referrals.workflow import Act, why_not_say_helped
from crm.web.forms import Form, answer, done
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.transaction import is_reading

blueprint = Blueprint("reply", __name__)
permit = permits(POLICY)
THANKS = {
    "accept": "You have accepted the referral. We have sent you an email with a link for the next step.",
    "decline": "We have told the adviser, who will look for something that fits better.",
    "complete": "We have asked the business whether it helped.",
}
ANSWERS = frozenset(THANKS)
TOLD = "referred to"
"""Where the cookie of whoever said yes has to whom their details were sent."""
SAID = THANKS | {
    "agree": "We have sent your details to {to}. They will get in touch with you.",
    "object": "Nothing was sent. We have told your adviser.",
}
NOTHING_MORE = "There is nothing more for you to do. The adviser sees your answer."
NEXT = {
    "accept": "Contact the business: its details are behind the link in our new email. When you know the outcome, "
    "record it there.",
    "decline": "There is nothing more for you to do, and the link no longer works.",
    "agree": "If you do not hear from {to} within two weeks, tell your adviser.",
    "object": "Your adviser will look for something else with you.",
}
"""What the reader of each answer does next."""


@blueprint.route("/reply/<string:token>", methods=["GET", "POST"])
@permit(Act.OPEN_REPLY, audience=Audience.PUBLIC)
def reply(token: str) -> ResponseReturnValue:
    """What the provider reads; looking at it does nothing, and one answer uses the link up."""
    found, said = service.replied_to(token), request.form.get("answer", "")
    if said in ANSWERS:
        form, act = _act_of(said, token)
        return _answered(found, said, form, act)
    if not is_reading():
        raise Invalid("Choose an answer.")
    return _reply_page(found)


def _act_of(said: str, token: str) -> tuple[Form, Callable[[], Any]]:
    """The form of an answer, and what it does."""
    if said == "accept":
        return Form.of_request(), lambda: service.accept_by_link(token)
    if said == "decline":
        why = ReasonForm.of_request()
        return why, lambda: service.decline_by_link(token, why.reason.data)
    came = CameForm.of_request()
    return came, lambda: service.complete_by_link(token, came.came())


def _answered(found: Referral, said: str, form: Form, act: Callable[[], Any]) -> ResponseReturnValue:
    """Act on an answer; what is refused is said on the page."""
    return answer(
        form,
        page=lambda: _reply_page(found, **{said: form}),
        act=act,
        then=lambda _: url_for("reply.answered", said=said),
    )


def _reply_page(found: Referral, **refused: Form) -> str:
    if refused:
        queries.read_again(found)  # what was undone may have changed it in memory
    forms: dict[str, Form] = {"decline": ReasonForm(), "complete": CameForm()} | refused
    shown: dict[str, Any] = {"forms": forms, "form": next(iter(refused.values()), None), "rules": rules}
    shown["holder"] = holder_of(found)
    pack = found.pack if has_agreed(found.business_id) else None
    return render_template("referrals/reply.html", referral=found, pack=pack, **shown)


@blueprint.route("/links/told/<string:token>", methods=["GET", "POST"])
@permit(Act.OPEN_TOLD, audience=Audience.PUBLIC)
def told(token: str) -> ResponseReturnValue:
    """The business sees what would be sent, and says yes or no; looking at it does nothing."""
    found, form = telling.told_by(token), ObjectForm.of_request()
    said = "agree" if request.form.get("answer") == "agree" else "object"
    return answer(
        form,
        page=lambda: _told_page(form, found, request.path, request.path),
        act=lambda: _decide(token, said, form),
        then=lambda _: _decided(found, said),
    )


def _decided(found: Referral, said: str) -> str:
    """On to the thanks, which name who was told: what is kept for that is the reader's own cookie."""
    cookie[TOLD] = recipient_name(found)
    return url_for("reply.answered", said=said)


def _decide(token: str, said: str, form: ObjectForm) -> None:
    if said == "agree":
        telling.agree_by_link(token)
    else:
        telling.object_by_link(token, form.words.data or "")


def _told_page(form: Form, found: Referral, agree_at: str, object_at: str) -> str:
    stop, asked = telling.stop_of(found), said_asked(found)
    shown = {"to": recipient_name(found), "agree_at": agree_at, "object_at": object_at}
    shown["stop"] = rules.STOPS_FOR_BUSINESS[stop] if stop else ""
    return render_template("referrals/told.html", form=form, referral=found, asked=asked, **shown)


@blueprint.route("/referrals/<uuid:referral_id>/object", methods=["GET", "POST"])
@permit(Act.OBJECT, audience=Audience.MEMBER, load=queries.referral, unless=telling.why_not_answered)
def object_to(found: Referral) -> ResponseReturnValue:
    """A founder sees what would be sent, and can say no."""
    form, agree_at = ObjectForm.of_request(), url_for("reply.agree", referral_id=found.id)
    return answer(
        form,
        page=lambda: _told_page(form, found, agree_at, request.path),
        act=lambda: telling.object_to(found, reason=form.words.data or "", by=current_actor()),
        then=lambda _: url_for("reply.answered", said="object"),
    )


@blueprint.post("/referrals/<uuid:referral_id>/agree")
@permit(Act.AGREE, audience=Audience.MEMBER, load=queries.referral, unless=telling.why_not_answered)
def agree(found: Referral) -> ResponseReturnValue:
    """A founder says yes."""
    telling.agree(found, by=current_actor())
    return done(_decided(found, "agree"))


@blueprint.get("/reply/answered")
@permit(Act.OPEN_REPLY, audience=Audience.PUBLIC)
def answered() -> ResponseReturnValue:
    """The answer was saved."""
    said = request.args.get("said", "")
    words, after = SAID.get(said, "We have saved your answer."), NEXT.get(said, NOTHING_MORE)
    to = cookie.get(TOLD, "the organisation that your adviser named")
    return render_template("referrals/answered.html", words=words.format(to=to), after=after.format(to=to))


@blueprint.route("/links/helped/<string:token>", methods=["GET", "POST"])
@permit(Act.OPEN_HELPED, audience=Audience.PUBLIC)
def helped(token: str) -> ResponseReturnValue:
    """The business says whether it was helped; looking at it does nothing."""
    found, form = service.asked_whether_helped(token), HelpedForm.of_request()
    return answer(
        form,
        page=lambda: _helped_page(form, found),
        act=lambda: service.say_by_link(token, form.told()),
        then=lambda _: url_for("reply.answered"),
    )


def _helped_page(form: Form, found: Referral) -> str:
    if form.was_sent:
        queries.read_again(found)
    return render_template("referrals/helped.html", form=form, referral=found, to=recipient_name(found))


@blueprint.route("/referrals/<uuid:referral_id>/say-helped", methods=["GET", "POST"])
@permit(Act.SAY_HELPED, audience=Audience.MEMBER, load=queries.referral, unless=why_not_say_helped)
def say_helped(found: Referral) -> ResponseReturnValue:
    """A founder says whether their business was helped."""
    form = HelpedForm.of_request()
    return answer(
        form,
        page=lambda: _helped_page(form, found),
        act=lambda: service.say(found, form.told(), by=current_actor()),
        then=lambda _: url_for("reply.answered"),
    )
