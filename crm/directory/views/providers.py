"""Who answers for a provider's services, and their answer by link."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.directory import queries
from crm.directory.forms import ContactForm, services_form
from crm.directory.models import Provider
from crm.directory.policy import POLICY
from crm.directory.service import asking as service
from crm.directory.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("providers", __name__)
permit = permits(POLICY)


@blueprint.route("/directory/providers/<uuid:provider_id>/contact", methods=["GET", "POST"])
@permit(Act.EDIT_PROVIDER, audience=Audience.INTERNAL, load=queries.provider)
def contact(found: Provider) -> ResponseReturnValue:
    """Set who answers for a provider's services."""
    form = ContactForm.of_request(name=found.contact_name, email=found.contact_email)
    return answer(
        form,
        page=lambda: render_template("directory/contact.html", form=form, provider=found),
        act=lambda: service.set_contact(found, form.contact(), by=current_actor()),
        then=lambda _: saved("Contact saved.", "directory.one_provider", provider_id=found.id),
    )


@blueprint.post("/directory/providers/<uuid:provider_id>/ask")
@permit(Act.ASK_PROVIDER, audience=Audience.INTERNAL, load=queries.provider, makes_one=True)
def ask(found: Provider) -> ResponseReturnValue:
    """Ask a provider now whether its services still run."""
    service.ask(found, by=current_actor())
    said = f"Email queued to {found.contact_name}."
    return done(saved(said, "directory.one_provider", provider_id=found.id))


@blueprint.route("/links/services/<string:token>", methods=["GET", "POST"])
@permit(Act.ANSWER_FOR_SERVICES, audience=Audience.PUBLIC)
def answer_for_services(token: str) -> ResponseReturnValue:
    """The link in the letter: looking at it does nothing, sending the form answers once."""
    found = service.asked_by(token)
    form = services_form(queries.to_ask_about(found.id)).of_request(name=found.contact_name)
    return answer(
        form,
        page=lambda: _services_asked_page(form, found),
        act=lambda: service.answer_by_link(token, form.answers(), name=form.name.data),
        then=lambda _: url_for("providers.thanks"),
    )


def _services_asked_page(form: Form, found: Provider) -> str:
    asked = queries.to_ask_about(found.id)
    return render_template("directory/services_asked.html", form=form, provider=found, asked=asked)


@blueprint.get("/links/services-thanks")
@permit(Act.ANSWER_FOR_SERVICES, audience=Audience.PUBLIC)
def thanks() -> ResponseReturnValue:
    """Thank you: the answers are saved."""
    return render_template("directory/thanks.html")
