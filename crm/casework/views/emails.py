"""Emails from the record of a business, and the templates they begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crm.accounts.queries import account
from crm.audit.queries import entries_about
from crm.businesses.models import Business, Person
from crm.businesses.queries.seeing import business, people_of
from crm.businesses.service.keeping import why_archived
from crm.businesses.views.business_changes import person_first_page
from crm.casework import queries
from crm.casework.forms import BeginForm, EmailForm, TemplateForm
from crm.casework.models import EmailTemplate, WrittenEmail
from crm.casework.policy import POLICY
from crm.casework.rules import filled
from crm.casework.service import writing as service
from crm.casework.workflow import Act, why_not_restore, why_not_retire
from crm.kernel.permissions import Actor, Audience
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("emails", __name__)
permit = permits(POLICY)
SHOWN = 5


@blueprint.route("/businesses/<uuid:business_id>/emails/new", methods=["GET", "POST"])
@permit(Act.WRITE_EMAIL, audience=Audience.INTERNAL, load=business, unless=why_archived)
def write(found: Business) -> ResponseReturnValue:
    """To whom and from which template, then the email itself."""
    readers = _readers(found)
    begin = BeginForm(request.args).offer(readers, queries.templates())
    form = EmailForm.of_request(**_begun(begin, found, readers)).offer(readers)
    return answer(
        form,
        page=lambda: _write_page(form, found, begin=begin),
        act=lambda: _written(found, form),
        then=lambda made: saved("Email sent.", "emails.email", email_id=made.id),
    )


def _readers(found: Business) -> list[Person]:
    return [each for each in people_of(found.id) if each.email and each.left_on is None]


def _begun(begin: BeginForm, found: Business, readers: list[Person]) -> dict[str, Any]:
    """The email as the chosen template begins it, in the names of whoever reads and writes it."""
    reader = next((each for each in readers if str(each.id) == begin.person.data), None)
    chosen = next((each for each in queries.templates() if str(each.id) == begin.template.data), None)
    started: dict[str, Any] = {"person": str(reader.id)} if reader else {}
    if chosen is None:
        return started
    first_name = reader.name.split()[0] if reader else "{name}"
    words = {"name": first_name, "business": found.name, "adviser": current_actor().name}
    return started | {each: filled(getattr(chosen, each), words) for each in ("subject", "body")}


def _write_page(form: EmailForm, found: Business, *, begin: Form) -> str:
    if not form.person.choices and not form.was_sent:
        return person_first_page(found, "We have no email address for anyone at this business.")
    return render_template("casework/write.html", form=form, business=found, begin=begin)


def _written(found: Business, form: EmailForm) -> WrittenEmail:
    actor = current_actor()
    own = account(actor.account_id) if actor.account_id else None
    assert own is not None
    return service.write(found, form.details(), reply_to=own.email, by=actor)


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
    """Add a template."""
    form = TemplateForm.of_request()
    return answer(
        form,
        page=lambda: _template_form_page(form),
        act=lambda: service.add_template(form.details(), by=current_actor()),
        then=lambda _: saved("Template added.", "emails.templates"),
    )


@blueprint.route("/email-templates/<uuid:template_id>/change", methods=["GET", "POST"])
@permit(Act.CHANGE_TEMPLATE, audience=Audience.INTERNAL, load=queries.template)
def change_template(found: EmailTemplate) -> ResponseReturnValue:
    """Change how emails begin from now on."""
    form = TemplateForm.of_request(
        **{name: getattr(found, name) for name in ("name", "subject", "body", "version")}
    )
    return answer(
        form,
        page=lambda: _template_form_page(form, found),
        act=lambda: service.change_template(
            found, form.details(), version=form.version.data, by=current_actor()
        ),
        then=lambda _: saved("Template changed.", "emails.templates"),
    )


def _template_form_page(form: Form, found: EmailTemplate | None = None) -> str:
    trail = entries_about(found) if found else ()
    return render_template("casework/template_form.html", form=form, template=found, trail=trail)


@blueprint.post("/email-templates/<uuid:template_id>/retire")
@permit(Act.RETIRE_TEMPLATE, audience=Audience.INTERNAL, load=queries.template, unless=why_not_retire)
def retire_template(found: EmailTemplate) -> ResponseReturnValue:
    """Stop offering a template."""
    service.retire_template(found, by=current_actor())
    return done(saved(f"{found.name} is no longer offered.", "emails.templates"))


@blueprint.post("/email-templates/<uuid:template_id>/restore")
@permit(Act.RESTORE_TEMPLATE, audience=Audience.INTERNAL, load=queries.template, unless=why_not_restore)
def restore_template(found: EmailTemplate) -> ResponseReturnValue:
    """Offer a template again."""
    service.restore_template(found, by=current_actor())
    return done(saved(f"{found.name} is offered again.", "emails.templates"))


def load_panel(actor: Actor, found: Business) -> Mapping[str, Any] | None:
    """The latest emails to a business, for staff alone."""
    if not POLICY.allows(actor, Act.VIEW, found):
        return None
    can_write = not found.is_archived and POLICY.allows(actor, Act.WRITE_EMAIL, found)
    return {"rows": queries.emails_to(found.id, most=SHOWN), "can_write": can_write, "business": found}
