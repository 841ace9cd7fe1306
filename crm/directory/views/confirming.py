"""Who answers for a provider's services, and their answer by link."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.directory import queries
from crm.directory.forms import ContactForm, services_form
from crm.directory.models import Provider
from crm.directory.policy import POLICY
from crm.directory.service import asking as service
from crm.directory.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("providers", __name__)
permit = permits(POLICY)


@blueprint.route("/directory/providers/<uuid:provider_id>/contact", methods=["GET", "POST"])
@permit(Act.EDIT_PROVIDER, audience=Audience.INTERNAL, load=queries.provider)
def contact(found: Provider) -> ResponseReturnValue:
    """Who answers for their services."""
    form = ContactForm.of_request(name=found.contact_name, email=found.contact_email)
    if not form.was_sent:
        return _contact_page(form, found)
    return answer(
        form,
        lambda: service.set_contact(found, form.contact(), by=current_actor()),
        then=lambda _: _said(found, "It is kept."),
        again=lambda again: _contact_page(again, found),
    )


def _contact_page(form: Form, found: Provider) -> str:
    return render_template("directory/contact.html", form=form, provider=found)


def _said(found: Provider, words: str) -> str:
    flash(words, "success")
    return url_for("directory.one_provider", provider_id=found.id)


@blueprint.post("/directory/providers/<uuid:provider_id>/ask")
@permit(Act.ASK_PROVIDER, audience=Audience.INTERNAL, load=queries.provider)
def ask(found: Provider) -> ResponseReturnValue:
    """Ask them now whether their services still run."""
    service.ask(found, by=current_actor())
    return redirect(_said(found, f"The letter is on its way to {found.contact_name}."), code=303)


@blueprint.route("/links/services/<string:token>", methods=["GET", "POST"])
@permit(Act.ANSWER_FOR_SERVICES, audience=Audience.PUBLIC)
def answer_for_services(token: str) -> ResponseReturnValue:
    """The link in the letter: looking at it does nothing, sending the form answers once."""
    found = service.asked_by(token)
    asked = queries.to_ask_about(found.id)
    form = services_form(asked).of_request(name=found.contact_name)
    if not form.was_sent:
        return _services_page(form, found)
    return answer(
        form,
        lambda: service.answer_by_link(token, form.answers(), name=form.name.data),
        then=lambda _: url_for("providers.thanks"),
        again=lambda again: _services_page(again, found),
    )


def _services_page(form: Form, found: Provider) -> str:
    asked = queries.to_ask_about(found.id)
    return render_template("directory/services_asked.html", form=form, provider=found, asked=asked)


@blueprint.get("/links/services-thanks")
@permit(Act.ANSWER_FOR_SERVICES, audience=Audience.PUBLIC)
def thanks() -> ResponseReturnValue:
    """It is kept."""
    return render_template("directory/thanks.html")
