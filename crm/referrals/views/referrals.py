"""A referral from its draft to its end, for people who are signed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.policy import HUB_ROLES
from crm.businesses.policy import POLICY as BUSINESSES
from crm.businesses.queries.seeing import business, people_of
from crm.businesses.service.keeping import why_archived
from crm.businesses.views.business_changes import person_first_page
from crm.businesses.workflow import Act as BusinessAct
from crm.casework.forms import ConversationForm
from crm.casework.policy import POLICY as CASEWORK
from crm.casework.queries import complete_with
from crm.casework.rules import hours_in_words
from crm.casework.views.conversations import offered
from crm.casework.workflow import Act as CaseworkAct
from crm.directory.models import Provider
from crm.directory.queries import provider as load_provider
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Role
from crm.kernel.workflow import first_reason
from crm.referrals import queries, rules
from crm.referrals.forms import (
    CameForm,
    PreviewForm,
    ReasonForm,
    ReferralForm,
    SearchForm,
    SendForm,
    values_of,
)
from crm.referrals.models import Referral
from crm.referrals.policy import POLICY, REFERRERS
from crm.referrals.service import answering, preparing, sending, telling
from crm.referrals.workflow import REFERRALS, Act, why_not_edit
from crm.web.absent import mark_absent
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.landmarks import address_of, can_open
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits

blueprint = Blueprint("referrals", __name__)
permit = permits(POLICY)
EDITABLE = first_reason(why_not_edit, why_archived)
MAY_SEND = first_reason(why_archived, sending.why_source_gone)
MAY_TELL = first_reason(MAY_SEND, sending.why_not_agreed)
SENDING = frozenset({Act.SEND, Act.ANNOUNCE, Act.REOPEN})
"""What cannot be done with a referral whose source was withdrawn."""
COMPLETED = (
    "Outcome recorded. We have no email address to ask the business whether it helped.",
    "Outcome recorded. We have asked the business whether it helped.",
)
SAVED = "Saved as a draft. Nothing has been sent yet."


@blueprint.get("/referrals")
@permit(Act.LIST, audience=Audience.MEMBER)
def referrals() -> ResponseReturnValue:
    """The referrals that this actor may see."""
    search, actor = queries.Search(show=chosen("show", rules.SHOWN, default="outstanding")), current_actor()
    page, count = page_of(queries.referrals(search, actor, cursor=cursor())), queries.count_of(search, actor)
    filters = SearchForm(request.args).for_reader(refers=actor.has(*REFERRERS))
    shown = {"filters": filters, "rules": rules, "on": today(), "most": queries.COUNTED}
    shown["how"] = _how_they_come(actor)
    return render_template(
        "referrals/referrals.html", page=page, count=count, show=rules.SHOWN[search.show], **shown
    )


def _how_they_come(actor: Actor) -> str:
    """How referrals come to be on this list, for whoever reads it."""
    if actor.has(*HUB_ROLES):
        return "To refer a business, open its page and choose Refer."
    if actor.has(Role.TEST_BED_MANAGER):
        return "To refer a business, open “Businesses in projects” and choose Refer."
    if actor.has(Role.PROVIDER):
        return "A referral to one of your services appears here once it is sent. We email you too."
    return "Advisers refer businesses to providers and colleagues. Each referral appears here."


@blueprint.route("/businesses/<uuid:business_id>/referrals/new", methods=["GET", "POST"])
@permit(Act.DRAFT, audience=Audience.INTERNAL, load=business, unless=why_archived)
def draft(found: Business) -> ResponseReturnValue:
    """Draft a referral."""
    form = _offered(ReferralForm.of_request(), found)
    return answer(
        form,
        page=lambda: _referral_form_page(form, found),
        act=lambda: preparing.draft(found, form.details(), by=current_actor()),
        then=lambda made: _saved(SAVED, made),
    )


def _offered(form: ReferralForm, owner: Business) -> ReferralForm:
    services = [each for each in queries.services_on_offer() if each.is_available(on=today())]
    people = [each for each in people_of(owner.id) if not each.left_on]
    sees = BUSINESSES.allows(current_actor(), BusinessAct.VIEW, owner)
    talks = complete_with(owner.id, most=preparing.MOST_CHOSEN) if sees else ()
    needs = preparing.needs_of(owner.id) if sees else ()
    form.offer(services, queries.possible_recipients(current_actor()), people, talks, needs)
    mark_absent(form.to)
    return form


def _referral_form_page(form: ReferralForm, owner: Business, kept: Referral | None = None) -> str:
    sees = BUSINESSES.allows(current_actor(), BusinessAct.VIEW, owner)
    if sees and kept is None and not form.was_sent and not form.person_id.choices:
        return person_first_page(
            owner, "A referral names a person to contact, and we do not know anyone there yet."
        )
    shown = {"has_agreed": sending.has_agreed(owner.id), "sees_business": sees}
    return render_template("referrals/referral_form.html", form=form, business=owner, referral=kept, **shown)


def _saved(words: str, found: Referral) -> str:
    return saved(words, "referrals.referral", referral_id=found.id)


@blueprint.get("/referrals/<uuid:referral_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=queries.referral)
def referral(found: Referral) -> ResponseReturnValue:
    """To whom, why, with what, and what came of it."""
    return _referral_page(found)


def _referral_page(found: Referral, **refused: Form) -> str:
    """The page of a referral; a form that was refused stands in the place of its fresh one."""
    forms: dict[str, Form] = {name: ReasonForm() for name in ("decline", "withdraw", "reopen")} | refused
    shown = _acts_on(found)
    shown |= {"form": next(iter(refused.values()), None), "forms": forms, "trail": entries_about(found)}
    shown |= {"rules": rules, "to": sending.recipient_name(found), "on": today(), "pack": _pack(found)}
    shown |= {"stop": _stop_of(found), "may_tell": sending.why_not_agreed(found) is None}
    shown["can_see_talk"] = CASEWORK.allows(current_actor(), CaseworkAct.VIEW, found)
    shown |= {"is_provider": current_actor().has(Role.PROVIDER), "hours_in_words": hours_in_words}
    return render_template("referrals/referral.html", referral=found, **shown)


def _acts_on(found: Referral) -> dict[str, Any]:
    """What can be done with a referral now; where its source was withdrawn, that and where it stands."""
    also = () if why_not_edit(found) else (Act.EDIT,)
    acts = open_acts(found, machine=REFERRALS, policy=POLICY, also=also)
    gone = sending.why_source_gone(found) if acts & SENDING else None
    source = address_of(getattr(gone, "about", None))
    is_shown = bool(source) and can_open(source)
    return {"acts": acts - SENDING if gone else acts, "gone": gone, "source": source if is_shown else ""}


def _stop_of(found: Referral) -> str:
    """Why one of which the business was told will not be sent as things are; empty where it will be."""
    stop = telling.stop_of(found) if found.status == "announced" else None
    return rules.STOPS[stop] if stop else ""


def _pack(found: Referral) -> dict[str, Any]:
    """What was sent, as it was read; of a draft, what would be."""
    return found.pack or preparing.pack_of(found)


@blueprint.route("/referrals/<uuid:referral_id>/edit", methods=["GET", "POST"])
@permit(Act.EDIT, audience=Audience.INTERNAL, load=queries.referral, unless=EDITABLE)
def edit(found: Referral) -> ResponseReturnValue:
    """Change a draft."""
    form = _offered(
        ReferralForm.of_request(**values_of(found, preparing.needs_of(found.business_id))), found.business
    )
    told = {"version": form.version.data, "by": current_actor()}
    return answer(
        form,
        page=lambda: _referral_form_page(form, found.business, found),
        act=lambda: preparing.edit(found, form.details(), **told),
        then=lambda _: _saved(SAVED, found),
    )


@blueprint.route("/referrals/<uuid:referral_id>/send", methods=["GET", "POST"])
@permit(Act.SEND, audience=Audience.INTERNAL, load=queries.referral, machine=REFERRALS, unless=MAY_SEND)
def send(found: Referral) -> ResponseReturnValue:
    """Preview it as a colleague will read it, and send it."""
    form = PreviewForm.of_request(seen=sending.preview_of(found))
    return answer(
        form,
        page=lambda: render_template("referrals/send.html", form=form, **_preview(found)),
        act=lambda: sending.send(found, seen=form.seen.data, by=current_actor()),
        then=lambda _: _saved(f"Sent to {found.sent_to_name}.", found),
    )


def _preview(found: Referral) -> dict[str, Any]:
    there = queries.open_to(found.business_id, found.service_id) if found.service_id else ()
    others = [each for each in there if each.id != found.id]
    return {"referral": found, "others": others} | sending.shown_of(found)


@blueprint.route("/referrals/<uuid:referral_id>/announce", methods=["GET", "POST"])
@permit(Act.ANNOUNCE, audience=Audience.INTERNAL, load=queries.referral, machine=REFERRALS, unless=MAY_TELL)
def announce(found: Referral) -> ResponseReturnValue:
    """Preview it as the provider will read it, and tell the business."""
    form = SendForm.of_request(seen=sending.preview_of(found))
    return answer(
        form,
        page=lambda: render_template("referrals/announce.html", form=form, **_preview(found)),
        act=lambda: telling.announce(found, form.reader(), seen=form.seen.data, by=current_actor()),
        then=lambda _: _saved(f"We are telling {found.told_to_name}. Nothing has been sent yet.", found),
    )


@blueprint.post("/referrals/<uuid:referral_id>/accept")
@permit(Act.ACCEPT, audience=Audience.MEMBER, load=queries.referral, machine=REFERRALS)
def accept(found: Referral) -> ResponseReturnValue:
    """Accept the business."""
    answering.accept(found, by=current_actor())
    return done(_saved("Referral accepted.", found))


@blueprint.post("/referrals/<uuid:referral_id>/start")
@permit(Act.START, audience=Audience.MEMBER, load=queries.referral, machine=REFERRALS)
def start(found: Referral) -> ResponseReturnValue:
    """Help is under way."""
    answering.start(found, by=current_actor())
    return done(_saved("Marked as under way.", found))


@blueprint.post("/referrals/<uuid:referral_id>/decline")
@permit(Act.DECLINE, audience=Audience.MEMBER, load=queries.referral, machine=REFERRALS)
def decline(found: Referral) -> ResponseReturnValue:
    """Decline it, with the reason."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _referral_page(found, decline=form),
        act=lambda: answering.decline(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _saved("Referral declined. We have told the person who sent it.", found),
    )


@blueprint.post("/referrals/<uuid:referral_id>/withdraw")
@permit(Act.WITHDRAW, audience=Audience.INTERNAL, load=queries.referral, machine=REFERRALS)
def withdraw(found: Referral) -> ResponseReturnValue:
    """Withdraw it, with the reason."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _referral_page(found, withdraw=form),
        act=lambda: sending.withdraw(found, reason=form.reason.data, by=current_actor()),
        then=lambda _: _saved("Referral withdrawn.", found),
    )


@blueprint.post("/referrals/<uuid:referral_id>/reopen")
@permit(Act.REOPEN, audience=Audience.INTERNAL, load=queries.referral, machine=REFERRALS, unless=MAY_SEND)
def reopen(found: Referral) -> ResponseReturnValue:
    """Make it a draft again, with a note."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _referral_page(found, reopen=form),
        act=lambda: sending.reopen(found, note=form.reason.data, by=current_actor()),
        then=lambda _: _saved("Reopened as a draft. Nothing has been sent yet.", found),
    )


@blueprint.post("/referrals/<uuid:referral_id>/close")
@permit(Act.CLOSE, audience=Audience.INTERNAL, load=queries.referral, machine=REFERRALS)
def close(found: Referral) -> ResponseReturnValue:
    """Close it: it came back, and nothing more is to be done."""
    sending.close(found, by=current_actor())
    return done(_saved("Referral closed.", found))


@blueprint.route("/referrals/<uuid:referral_id>/complete", methods=["GET", "POST"])
@permit(Act.COMPLETE, audience=Audience.MEMBER, load=queries.referral, machine=REFERRALS)
def complete(found: Referral) -> ResponseReturnValue:
    """Record the outcome. A colleague does so by a conversation instead."""
    form = CameForm.of_request()
    if found.recipient_id is not None and not form.was_sent:
        return redirect(url_for("referrals.complete_talk", referral_id=found.id), code=303)
    return answer(
        form,
        page=lambda: render_template("referrals/complete.html", form=form, referral=found),
        act=lambda: answering.complete(found, form.came(), by=current_actor()),
        then=lambda _: _saved(COMPLETED[found.person.email is not None], found),
    )


@blueprint.route("/referrals/<uuid:referral_id>/conversation", methods=["GET", "POST"])
@permit(Act.COMPLETE, audience=Audience.MEMBER, load=queries.referral, machine=REFERRALS)
def complete_talk(found: Referral) -> ResponseReturnValue:
    """Complete what a colleague sent by the conversation that came of it."""
    form = _talk_form(found)
    return answer(
        form,
        page=lambda: _complete_talk_page(form, found),
        act=lambda: answering.complete_with_conversation(found, form.details(), by=current_actor()),
        then=lambda _: _saved("Conversation recorded and referral completed.", found),
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
    """How a provider answers referrals."""
    actor, record = current_actor(), rules.record_of(queries.told_about(found.id))
    rows = queries.referrals(queries.Search("outstanding", provider_id=found.id), actor).rows
    return render_template(
        "referrals/provider_record.html", provider=found, record=record, rows=rows, rules=rules
    )
