"""A referral from its draft to its end, for those who are signed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business, people_of
from crm.casework.forms import ConversationForm
from crm.casework.queries import complete_with
from crm.casework.rules import hours_in_words
from crm.casework.views.conversing import offered
from crm.directory.models import Provider
from crm.directory.queries import provider as load_provider
from crm.kernel.clock import today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Role
from crm.referrals import queries, rules
from crm.referrals.forms import CameForm, ReasonForm, ReferralForm, SearchForm, SendForm, values_of
from crm.referrals.models import Referral
from crm.referrals.policy import POLICY
from crm.referrals.service import answering, preparing, sending
from crm.referrals.workflow import REFERRALS, Act
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits

blueprint = Blueprint("referrals", __name__)
permit = permits(POLICY)
SAVED = "It is kept as a draft. Nothing has left yet."


@blueprint.get("/referrals")
@permit(Act.LIST, audience=Audience.MEMBER)
def referrals() -> ResponseReturnValue:
    """What was passed on, as far as it is this actor's to see."""
    search, actor = queries.Search(show=_show()), current_actor()
    page, count = page_of(queries.referrals(search, actor, cursor=cursor())), queries.count_of(search, actor)
    shown = {"filters": SearchForm(request.args), "rules": rules, "on": today(), "most": queries.COUNTED}
    return render_template(
        "referrals/referrals.html", page=page, count=count, show=rules.SHOWN[search.show], **shown
    )


def _show() -> str:
    show = request.args.get("show") or "outstanding"
    if show not in rules.SHOWN:
        raise Invalid("The list cannot be filtered like that. Go back and choose again.")
    return show


@blueprint.route("/businesses/<uuid:business_id>/referrals/new", methods=["GET", "POST"])
@permit(Act.DRAFT, audience=Audience.INTERNAL, load=business)
def draft(found: Business) -> ResponseReturnValue:
    """Prepare to pass a business on."""
    form = _offered(ReferralForm.of_request(), found)
    if not form.was_sent:
        return _form_page(form, found)
    return answer(
        form,
        lambda: preparing.draft(found, form.details(), by=current_actor()),
        then=lambda made: _done(made, SAVED),
        again=lambda again: _form_page(again, found),
    )


def _offered(form: Any, owner: Business) -> Any:
    services = [each for each in queries.services_on_offer() if each.is_available(on=today())]
    people = [each for each in people_of(owner.id) if not each.left_on]
    talks = complete_with(owner.id, most=preparing.MOST_CHOSEN)
    return form.offer(services, queries.possible_recipients(current_actor()), people, talks)


def _form_page(form: Form, owner: Business, kept: Referral | None = None) -> str:
    return render_template("referrals/referral_form.html", form=form, business=owner, referral=kept)


def _done(found: Referral, words: str) -> str:
    flash(words, "success")
    return url_for("referrals.referral", referral_id=found.id)


@blueprint.get("/referrals/<uuid:referral_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.referral)
def referral(found: Referral) -> ResponseReturnValue:
    """To whom, why, with what, and what came of it."""
    return _page(found)


ON_PAGE = (Act.SEND, Act.EDIT, Act.ACCEPT, Act.START, Act.COMPLETE, Act.DECLINE, Act.WITHDRAW, Act.REOPEN)


def _page(found: Referral, **refused: Form) -> str:
    """The page of a referral; a form that was refused stands in the place of its fresh one."""
    actor = current_actor()
    forms: dict[str, Form] = {name: ReasonForm() for name in ("decline", "withdraw", "reopen")} | refused
    shown: dict[str, Any] = {"acts": _acts(actor, found), "forms": forms}
    shown |= {"form": next(iter(refused.values()), None), "trail": entries_about(found)}
    shown |= {"rules": rules, "to": sending.recipient_name(found), "on": today(), "pack": _pack(found)}
    shown["is_provider"], shown["hours_in_words"] = actor.has(Role.PROVIDER), hours_in_words
    return render_template("referrals/referral.html", referral=found, **shown)


def _acts(actor: Actor, found: Referral) -> set[Act]:
    """What this actor may do with it, of what can be done with it now."""
    acts = {act for act in ON_PAGE if POLICY.allows(actor, act, found)}
    acts -= set(REFERRALS.acts) - set(REFERRALS.possible(found.status))
    return acts if found.status == "draft" else acts - {Act.EDIT}


def _pack(found: Referral) -> dict[str, Any]:
    """What was sent, as it was read; of a draft, what would be."""
    return found.pack or preparing.pack_of(found)


@blueprint.route("/referrals/<uuid:referral_id>/edit", methods=["GET", "POST"])
@permit(Act.EDIT, audience=Audience.INTERNAL, load=queries.referral)
def edit(found: Referral) -> ResponseReturnValue:
    """Change a draft."""
    form = _offered(ReferralForm.of_request(**values_of(found)), found.business)
    if not form.was_sent:
        return _form_page(form, found.business, found)
    return answer(
        form,
        lambda: preparing.edit(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _done(found, SAVED),
        again=lambda again: _form_page(again, found.business, found),
    )


@blueprint.route("/referrals/<uuid:referral_id>/send", methods=["GET", "POST"])
@permit(Act.SEND, audience=Audience.INTERNAL, load=queries.referral)
def send(found: Referral) -> ResponseReturnValue:
    """See it as it will be read, and send it."""
    form = SendForm.of_request(**_reader_of(found))
    if not form.was_sent:
        return _send_page(form, found)
    return answer(
        form,
        lambda: sending.send(found, form.reader(), by=current_actor()),
        then=lambda _: _done(found, f"It is on its way to {found.sent_to_name}."),
        again=lambda again: _send_page(again, found),
    )


def _reader_of(found: Referral) -> dict[str, str]:
    """A colleague is written to at their own address."""
    return {"name": found.recipient.name, "email": found.recipient.email} if found.recipient else {}


def _send_page(form: Form, found: Referral) -> str:
    shown = {"pack": preparing.pack_of(found), "to": sending.recipient_name(found)}
    return render_template("referrals/send.html", form=form, referral=found, **shown)


@blueprint.post("/referrals/<uuid:referral_id>/accept")
@permit(Act.ACCEPT, audience=Audience.MEMBER, load=queries.referral)
def accept(found: Referral) -> ResponseReturnValue:
    """Take the business on."""
    answering.accept(found, by=current_actor())
    return redirect(_done(found, "You have taken it on."), code=303)


@blueprint.post("/referrals/<uuid:referral_id>/start")
@permit(Act.START, audience=Audience.MEMBER, load=queries.referral)
def start(found: Referral) -> ResponseReturnValue:
    """Help is under way."""
    answering.start(found, by=current_actor())
    return redirect(_done(found, "It is kept as under way."), code=303)


@blueprint.post("/referrals/<uuid:referral_id>/decline")
@permit(Act.DECLINE, audience=Audience.MEMBER, load=queries.referral)
def decline(found: Referral) -> ResponseReturnValue:
    """Turn it down, with the reason."""
    REFERRALS.target(Act.DECLINE, found.status)
    form = ReasonForm.of_request()
    return answer(
        form,
        lambda: answering.decline(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _done(found, "It is declined. Whoever sent it is told."),
        again=lambda again: _page(found, decline=again),
    )


@blueprint.post("/referrals/<uuid:referral_id>/withdraw")
@permit(Act.WITHDRAW, audience=Audience.INTERNAL, load=queries.referral)
def withdraw(found: Referral) -> ResponseReturnValue:
    """Take it back, with the reason."""
    REFERRALS.target(Act.WITHDRAW, found.status)
    form = ReasonForm.of_request()
    return answer(
        form,
        lambda: sending.withdraw(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _done(found, "It is taken back."),
        again=lambda again: _page(found, withdraw=again),
    )


@blueprint.post("/referrals/<uuid:referral_id>/reopen")
@permit(Act.REOPEN, audience=Audience.INTERNAL, load=queries.referral)
def reopen(found: Referral) -> ResponseReturnValue:
    """Open it again, with a note."""
    REFERRALS.target(Act.REOPEN, found.status)
    form = ReasonForm.of_request()
    return answer(
        form,
        lambda: sending.reopen(found, note=form.reason.data, by=current_actor()),
        then=lambda _: _done(found, "It is sent again."),
        again=lambda again: _page(found, reopen=again),
    )


@blueprint.route("/referrals/<uuid:referral_id>/complete", methods=["GET", "POST"])
@permit(Act.COMPLETE, audience=Audience.MEMBER, load=queries.referral)
def complete(found: Referral) -> ResponseReturnValue:
    """Say what came of it."""
    REFERRALS.target(Act.COMPLETE, found.status)
    form = CameForm.of_request()
    if not form.was_sent:
        return _completing(form, found)
    return answer(
        form,
        lambda: answering.complete(found, form.came(), by=current_actor()),
        then=lambda _: _done(found, "It is kept. The business is asked whether it was helped."),
        again=lambda again: _complete_page(again, found),
    )


def _completing(form: Form, found: Referral) -> ResponseReturnValue:
    """A colleague completes it by a conversation instead."""
    if found.recipient_id is not None:
        return redirect(url_for("referrals.complete_talk", referral_id=found.id), code=303)
    return _complete_page(form, found)


def _complete_page(form: Form, found: Referral) -> str:
    return render_template("referrals/complete.html", form=form, referral=found)


@blueprint.route("/referrals/<uuid:referral_id>/conversation", methods=["GET", "POST"])
@permit(Act.COMPLETE, audience=Audience.MEMBER, load=queries.referral)
def complete_talk(found: Referral) -> ResponseReturnValue:
    """Complete what a colleague passed on by the conversation that came of it."""
    REFERRALS.target(Act.COMPLETE, found.status)
    form = _talk_form(found)
    if not form.was_sent:
        return _complete_talk_page(form, found)
    return answer(
        form,
        lambda: answering.complete_with_conversation(found, form.details(), by=current_actor()),
        then=lambda _: _done(found, "It is kept, with the conversation."),
        again=lambda again: _complete_talk_page(again, found),
    )


def _talk_form(found: Referral) -> Any:
    started = {"advisers": [str(current_actor().account_id)], "people": [str(found.person_id)]}
    return offered(ConversationForm.of_request(happened_on=today(), **started), found.business)


def _complete_talk_page(form: Form, found: Referral) -> str:
    shown = {"business": found.business, "referral": found}
    return render_template("referrals/complete_talk.html", form=form, **shown)


@blueprint.get("/referrals/providers/<uuid:provider_id>")
@permit(Act.VIEW_PROVIDER, audience=Audience.INTERNAL, load=load_provider)
def provider_record(found: Provider) -> ResponseReturnValue:
    """How a provider deals with what is sent to it."""
    actor, record = current_actor(), rules.record_of(queries.told_about(found.id))
    rows = queries.referrals(queries.Search("outstanding", provider_id=found.id), actor).rows
    return render_template(
        "referrals/provider_record.html", provider=found, record=record, rows=rows, rules=rules
    )
