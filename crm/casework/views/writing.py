"""E-mails from the record of a business, and the templates they begin with."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import account
from crm.audit.queries import entries_about
from crm.businesses.models import Business, Person
from crm.businesses.queries.seeing import business, people_of
from crm.casework import queries
from crm.casework.forms import BeginForm, EmailForm, TemplateForm
from crm.casework.models import EmailTemplate, WrittenEmail
from crm.casework.policy import POLICY
from crm.casework.rules import filled
from crm.casework.service import writing as service
from crm.casework.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("emails", __name__)
permit = permits(POLICY)


@blueprint.route("/businesses/<uuid:business_id>/emails/new", methods=["GET", "POST"])
@permit(Act.WRITE_EMAIL, audience=Audience.INTERNAL, load=business)
def write(found: Business) -> ResponseReturnValue:
    """To whom and from which template, then the e-mail itself."""
    readers = _readers(found)
    begin = BeginForm(request.args).offer(readers, queries.templates())
    form = EmailForm.of_request(**_begun(begin, found, readers)).offer(readers)
    if not form.was_sent:
        return _write_page(form, found, begin=begin)
    return answer(
        form,
        lambda: _written(found, form),
        then=_sent,
        again=lambda again: _write_page(again, found, begin=begin),
    )


def _readers(found: Business) -> list[Person]:
    return [each for each in people_of(found.id) if each.email and each.left_on is None]


def _begun(begin: Any, found: Business, readers: list[Person]) -> dict[str, Any]:
    """The e-mail as the chosen template begins it, in the names of whoever reads and writes it."""
    reader = next((each for each in readers if str(each.id) == begin.person.data), None)
    chosen = next((each for each in queries.templates() if str(each.id) == begin.template.data), None)
    started: dict[str, Any] = {"person": str(reader.id)} if reader else {}
    if chosen is None:
        return started
    first_name = reader.name.split()[0] if reader else "{name}"
    words = {"name": first_name, "business": found.name, "adviser": current_actor().name}
    return started | {each: filled(getattr(chosen, each), words) for each in ("subject", "body")}


def _write_page(form: Form, found: Business, *, begin: Form) -> str:
    return render_template("casework/write.html", form=form, business=found, begin=begin)


def _written(found: Business, form: Any) -> WrittenEmail:
    actor = current_actor()
    own = account(actor.account_id) if actor.account_id else None
    assert own is not None
    return service.write(found, form.details(), reply_to=own.email, by=actor)


def _sent(made: WrittenEmail) -> str:
    flash("Your e-mail is on its way, and kept here.", "success")
    return url_for("emails.email", email_id=made.id)


@blueprint.get("/emails/<uuid:email_id>")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.email)
def email(found: WrittenEmail) -> ResponseReturnValue:
    """What was written, to whom, and whether it went out."""
    return render_template("casework/email.html", email=found)


@blueprint.get("/email-templates")
@permit(Act.VIEW_TEMPLATES, audience=Audience.INTERNAL)
def templates() -> ResponseReturnValue:
    """Every template, with those that are no longer offered."""
    rows = queries.templates(with_retired=True)
    can_add = POLICY.allows(current_actor(), Act.ADD_TEMPLATE)
    return render_template("casework/templates.html", rows=rows, can_add=can_add)


@blueprint.route("/email-templates/new", methods=["GET", "POST"])
@permit(Act.ADD_TEMPLATE, audience=Audience.INTERNAL)
def add_template() -> ResponseReturnValue:
    """Keep a new template."""
    form = TemplateForm.of_request()
    if not form.was_sent:
        return _template_page(form)
    return answer(
        form,
        lambda: service.add_template(form.details(), by=current_actor()),
        then=lambda _: _said("The template is kept."),
        again=_template_page,
    )


@blueprint.route("/email-templates/<uuid:template_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE_TEMPLATE, audience=Audience.INTERNAL, load=queries.template)
def change_template(found: EmailTemplate) -> ResponseReturnValue:
    """Change how e-mails begin from now on."""
    form = TemplateForm.of_request(
        **{name: getattr(found, name) for name in ("name", "subject", "body", "version")}
    )
    if not form.was_sent:
        return _template_page(form, found)
    return answer(
        form,
        lambda: service.change_template(found, form.details(), version=form.version.data, by=current_actor()),
        then=lambda _: _said("The template is changed."),
        again=lambda again: _template_page(again, found),
    )


def _template_page(form: Form, found: EmailTemplate | None = None) -> str:
    trail = entries_about(found) if found else ()
    return render_template("casework/template_form.html", form=form, template=found, trail=trail)


@blueprint.post("/email-templates/<uuid:template_id>/retire")
@permit(Act.RETIRE_TEMPLATE, audience=Audience.INTERNAL, load=queries.template)
def retire_template(found: EmailTemplate) -> ResponseReturnValue:
    """Offer it no more."""
    service.retire_template(found, by=current_actor())
    return redirect(_said(f"{found.name} is no longer offered."), code=303)


@blueprint.post("/email-templates/<uuid:template_id>/restore")
@permit(Act.RESTORE_TEMPLATE, audience=Audience.INTERNAL, load=queries.template)
def restore_template(found: EmailTemplate) -> ResponseReturnValue:
    """Offer it again."""
    service.restore_template(found, by=current_actor())
    return redirect(_said(f"{found.name} is offered again."), code=303)


def _said(words: str) -> str:
    flash(words, "success")
    return url_for("emails.templates")
