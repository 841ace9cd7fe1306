"""Answers without an account: a provider's by its link, a business's by its own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.kernel.errors import Invalid
from crm.kernel.permissions import Audience
from crm.referrals import queries, rules
from crm.referrals.forms import CameForm, HelpedForm, ReasonForm
from crm.referrals.models import Referral
from crm.referrals.policy import POLICY
from crm.referrals.service import answering as service
from crm.referrals.service.sending import recipient_name
from crm.referrals.workflow import Act
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.transaction import is_reading

blueprint = Blueprint("reply", __name__)
permit = permits(POLICY)
THANKS = {
    "accept": "You have taken the business on. A letter with a link for what follows is on its way.",
    "decline": "The adviser is told, and looks for something that fits better.",
    "complete": "The business is asked whether it was helped.",
}


@blueprint.route("/reply/<string:token>", methods=["GET", "POST"])
@permit(Act.OPEN_REPLY, audience=Audience.PUBLIC)
def reply(token: str) -> ResponseReturnValue:
    """What the provider reads; looking at it does nothing, and one answer uses the link up."""
    found, said = service.replied_to(token), request.form.get("answer", "")
    if said == "decline":
        return _declined(token, found, ReasonForm.of_request())
    if said == "complete":
        return _completed(token, found, CameForm.of_request())
    if said == "accept":
        return _accepted(token, found, Form.of_request())
    if not is_reading():
        raise Invalid("Choose an answer.")
    return _page(found)


def _page(found: Referral, **refused: Form) -> str:
    if refused:
        queries.read_again(found)  # what was undone may have changed it in memory
    forms: dict[str, Form] = {"decline": ReasonForm(), "complete": CameForm()} | refused
    shown: dict[str, Any] = {"forms": forms, "form": next(iter(refused.values()), None), "rules": rules}
    return render_template("referrals/reply.html", referral=found, pack=found.pack, **shown)


def _accepted(token: str, found: Referral, form: Any) -> ResponseReturnValue:
    return answer(
        form,
        lambda: service.accept_by_link(token),
        then=lambda _: url_for("reply.answered", said="accept"),
        again=lambda again: _page(found, accept=again),
    )


def _declined(token: str, found: Referral, form: Any) -> ResponseReturnValue:
    return answer(
        form,
        lambda: service.decline_by_link(token, form.reason.data),
        then=lambda _: url_for("reply.answered", said="decline"),
        again=lambda again: _page(found, decline=again),
    )


def _completed(token: str, found: Referral, form: Any) -> ResponseReturnValue:
    return answer(
        form,
        lambda: service.complete_by_link(token, form.came()),
        then=lambda _: url_for("reply.answered", said="complete"),
        again=lambda again: _page(found, complete=again),
    )


@blueprint.get("/reply/answered")
@permit(Act.OPEN_REPLY, audience=Audience.PUBLIC)
def answered() -> ResponseReturnValue:
    """The answer is kept."""
    said = request.args.get("said", "")
    return render_template("referrals/answered.html", words=THANKS.get(said, "Your answer is kept."))


@blueprint.route("/links/helped/<string:token>", methods=["GET", "POST"])
@permit(Act.OPEN_HELPED, audience=Audience.PUBLIC)
def helped(token: str) -> ResponseReturnValue:
    """The business says whether it was helped; looking at it does nothing."""
    found = service.asked_whether_helped(token)
    form = HelpedForm.of_request()
    if not form.was_sent:
        return _helped_page(form, found)
    return answer(
        form,
        lambda: service.say_by_link(token, form.told()),
        then=lambda _: url_for("reply.answered"),
        again=lambda again: _helped_page(again, found),
    )


def _helped_page(form: Form, found: Referral) -> str:
    if form.was_sent:
        queries.read_again(found)
    return render_template("referrals/helped.html", form=form, referral=found, to=recipient_name(found))


@blueprint.route("/referrals/<uuid:referral_id>/say-helped", methods=["GET", "POST"])
@permit(Act.SAY_HELPED, audience=Audience.MEMBER, load=queries.referral)
def say_helped(found: Referral) -> ResponseReturnValue:
    """A founder says whether their business was helped."""
    service.require_unsaid(found)
    form = HelpedForm.of_request()
    if not form.was_sent:
        return _helped_page(form, found)
    return answer(
        form,
        lambda: service.say(found, form.told(), by=current_actor()),
        then=lambda _: url_for("reply.answered"),
        again=lambda again: _helped_page(again, found),
    )
