"""People and their roles, as administrators set them and auditors read them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts import queries
from crm.accounts.forms import CorrectionForm, GrantForm, InvitationForm, PeopleSearch
from crm.accounts.models import Account, RoleGrant
from crm.accounts.policy import POLICY
from crm.accounts.service import administering as service
from crm.accounts.workflow import MACHINE, Act
from crm.audit.policy import POLICY as TRAIL
from crm.audit.policy import Act as TrailAct
from crm.audit.queries import entries_about
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Hit
from crm.web.forms import Form, answer
from crm.web.identity import current_actor
from crm.web.navigation import scope_names, scopes
from crm.web.paging import cursor, page_of
from crm.web.permit import permits

blueprint = Blueprint("people", __name__)
permit = permits(POLICY)
FOUND_AT_ONCE = 6
ON_A_PERSON = frozenset(
    {Act.INVITE_AGAIN, Act.CORRECT, Act.GRANT, Act.END_GRANT, Act.DEACTIVATE, Act.REACTIVATE}
)


def find(actor: Actor, words: str) -> list[Hit]:
    """The accounts that have these words in their name or address."""
    rows = queries.people(text=words).rows if POLICY.allows(actor, Act.VIEW_PEOPLE) else ()
    where = "people.person"
    return [
        Hit(each.name, "Accounts", url_for(where, account_id=each.id), each.email)
        for each in rows[:FOUND_AT_ONCE]
    ]


@blueprint.get("/people")
@permit(Act.VIEW_PEOPLE, audience=Audience.INTERNAL)
def people() -> ResponseReturnValue:
    """Everybody with an account, by name; searched by name or address, filtered by role."""
    filters = PeopleSearch(request.args)
    page = page_of(queries.people(cursor(), text=filters.q.data or "", role=filters.chosen_role))
    can_invite = POLICY.allows(current_actor(), Act.INVITE)
    shown = {"filters": filters, "scopes": scope_names(), "on": today()}
    return render_template("accounts/people.html", page=page, can_invite=can_invite, **shown)


@blueprint.route("/people/new", methods=["GET", "POST"])
@permit(Act.INVITE, audience=Audience.INTERNAL)
def invite() -> ResponseReturnValue:
    """Invite somebody."""
    form = InvitationForm.of_request()
    if not form.was_sent:
        return render_template("accounts/invite.html", form=form)
    return answer(
        form,
        lambda: service.invite(form.details(), by=current_actor()),
        then=lambda made: _done(made, f"A letter to {made.email} is on its way."),
        again=lambda again: render_template("accounts/invite.html", form=again),
    )


@blueprint.get("/people/<uuid:account_id>")
@permit(Act.VIEW_PEOPLE, audience=Audience.INTERNAL, load=queries.account)
def person(found: Account) -> ResponseReturnValue:
    """One account: roles, standing, and what was done to it."""
    acts = {act for act in ON_A_PERSON if POLICY.allows(current_actor(), act, found)}
    acts -= set(MACHINE.acts) - set(MACHINE.possible(found.status))
    can_trace = TRAIL.allows(current_actor(), TrailAct.VIEW_TRAIL)
    shown = {"acts": acts, "Act": Act, "scopes": scope_names(), "on": today(), "trail": entries_about(found)}
    return render_template("accounts/person.html", account=found, can_trace=can_trace, **shown)


@blueprint.route("/people/<uuid:account_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT, audience=Audience.INTERNAL, load=queries.account)
def correct(found: Account) -> ResponseReturnValue:
    """Put a name or an address right."""
    form = CorrectionForm.of_request(name=found.name, email=found.email)
    if not form.was_sent:
        return _correct_page(form, found)
    return answer(
        form,
        lambda: service.correct(found, name=form.name.data, email=form.email.data, by=current_actor()),
        then=lambda _: _done(found, "The name and the address are saved."),
        again=lambda again: _correct_page(again, found),
    )


@blueprint.route("/people/<uuid:account_id>/roles/new", methods=["GET", "POST"])
@permit(Act.GRANT, audience=Audience.INTERNAL, load=queries.account)
def grant(found: Account) -> ResponseReturnValue:
    """Grant a role."""
    form = GrantForm.of_request(valid_from=today()).offer(scopes())
    if not form.was_sent:
        return _grant_page(form, found)
    return answer(
        form,
        lambda: service.grant(found, form.details(), by=current_actor()),
        then=lambda made: _done(found, f"{found.name} is granted the role of {made.role.label}."),
        again=lambda again: _grant_page(again, found),
    )


@blueprint.post("/people/<uuid:account_id>/roles/<uuid:grant_id>/end")
@permit(Act.END_GRANT, audience=Audience.INTERNAL, load=queries.grant_of)
def end_grant(found: RoleGrant) -> ResponseReturnValue:
    """End a role."""
    service.end_grant(found, by=current_actor())
    flash(f"The role of {found.role.label} has ended.", "success")
    return redirect(url_for("people.person", account_id=found.account_id), code=303)


@blueprint.post("/people/<uuid:account_id>/invite-again")
@permit(Act.INVITE_AGAIN, audience=Audience.INTERNAL, load=queries.account)
def invite_again(found: Account) -> ResponseReturnValue:
    """Send the letter once more."""
    service.invite_again(found, by=current_actor())
    flash(f"A new letter to {found.name} is on its way.", "success")
    return redirect(url_for("people.person", account_id=found.id), code=303)


@blueprint.post("/people/<uuid:account_id>/deactivate")
@permit(Act.DEACTIVATE, audience=Audience.INTERNAL, load=queries.account)
def deactivate(found: Account) -> ResponseReturnValue:
    """Let somebody sign in no more."""
    service.deactivate(found, by=current_actor())
    flash(f"{found.name} can no longer sign in.", "success")
    return redirect(url_for("people.person", account_id=found.id), code=303)


@blueprint.post("/people/<uuid:account_id>/reactivate")
@permit(Act.REACTIVATE, audience=Audience.INTERNAL, load=queries.account)
def reactivate(found: Account) -> ResponseReturnValue:
    """Let somebody sign in again."""
    service.reactivate(found, by=current_actor())
    flash(f"{found.name} can sign in again.", "success")
    return redirect(url_for("people.person", account_id=found.id), code=303)


def _done(account: Account, words: str) -> str:
    flash(words, "success")
    return url_for("people.person", account_id=account.id)


def _correct_page(form: Form, found: Account) -> str:
    return render_template("accounts/correct.html", form=form, account=found)


def _grant_page(form: Form, found: Account) -> str:
    return render_template("accounts/grant.html", form=form, account=found)
