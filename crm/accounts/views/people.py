"""People and their roles, as administrators set them and auditors read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts import queries
from crm.accounts.forms import CorrectionForm, GrantForm, InvitationForm, PeopleSearch, RestoreForm
from crm.accounts.models import Account, RoleGrant
from crm.accounts.policy import POLICY
from crm.accounts.service import administering as service
from crm.accounts.service import roles
from crm.accounts.views.caseloads import cases_of, left_without, stranded, told_of
from crm.accounts.workflow import MACHINE, Act
from crm.audit.policy import POLICY as TRAIL
from crm.audit.policy import Act as TrailAct
from crm.audit.queries import entries_about
from crm.kernel.calendar import day_in_words
from crm.kernel.clock import has_come, today
from crm.kernel.errors import Invalid
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import RoleWanted, Scope
from crm.kernel.workflow import spoken
from crm.web.feature import Hit
from crm.web.filtering import as_offered
from crm.web.finding import first_of
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.navigation import clashes_of, left_open_by, scope_names, scopes
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits

blueprint = Blueprint("people", __name__)
permit = permits(POLICY)
FOUND_AT_ONCE = 6
ALWAYS = (Act.INVITE_AGAIN, Act.CORRECT, Act.GRANT, Act.END_GRANT, Act.RESTORE_GRANT)
"""Acts on an account whatever its status."""


def find(actor: Actor, words: str) -> list[Hit]:
    """The accounts that have these words in their name or address."""
    rows = queries.people(text=words).rows if POLICY.allows(actor, Act.VIEW_PEOPLE) else ()
    where = "people.person"
    hits = [
        Hit(each.name, "Accounts", url_for(where, account_id=each.id), each.email)
        for each in rows[: FOUND_AT_ONCE + 1]
    ]
    return first_of(hits, FOUND_AT_ONCE, every=url_for("people.people", q=words))


@blueprint.get("/people")
@permit(Act.VIEW_PEOPLE, audience=Audience.INTERNAL)
def people() -> ResponseReturnValue:
    """Everybody with an account, by name; searched by name or address, filtered by role."""
    filters = as_offered(PeopleSearch(request.args))
    page = page_of(queries.people(cursor(), text=filters.q.data or "", role=filters.chosen_role))
    can_invite = POLICY.allows(current_actor(), Act.INVITE)
    shown = {"filters": filters, "scopes": scope_names(), "on": today()}
    return render_template("accounts/people.html", page=page, can_invite=can_invite, **shown)


@blueprint.route("/people/new", methods=["GET", "POST"])
@permit(Act.INVITE, audience=Audience.INTERNAL)
def invite() -> ResponseReturnValue:
    """Invite somebody."""
    form = InvitationForm.of_request()
    return answer(
        form,
        page=lambda: render_template("accounts/invite.html", form=form),
        act=lambda: service.invite(form.details(), by=current_actor()),
        then=lambda made: _saved(f"Invitation sent to {made.email}.", made),
    )


@blueprint.get("/people/<uuid:account_id>")
@permit(Act.VIEW_PEOPLE, audience=Audience.INTERNAL, load=queries.account)
def person(found: Account) -> ResponseReturnValue:
    """One account: roles, standing, and what was done to it."""
    acts = open_acts(found, machine=MACHINE, policy=POLICY, also=ALWAYS)
    can_trace = TRAIL.allows(current_actor(), TrailAct.VIEW_TRAIL)
    shown: dict[str, Any] = {"acts": acts, "Act": Act, "scopes": scope_names(), "on": today()}
    shown["trail"] = entries_about(found)
    shown["restorable"] = roles.restorable(found.grants)
    return render_template("accounts/person.html", account=found, can_trace=can_trace, **shown)


@blueprint.route("/people/<uuid:account_id>/correct", methods=["GET", "POST"])
@permit(Act.CORRECT, audience=Audience.INTERNAL, load=queries.account, unless=service.why_not_used_again)
def correct(found: Account) -> ResponseReturnValue:
    """Correct a name or an email address."""
    form = CorrectionForm.of_request(name=found.name, email=found.email)
    return answer(
        form,
        page=lambda: _correct_page(form, found),
        act=lambda: service.correct(found, name=form.name.data, email=form.email.data, by=current_actor()),
        then=lambda _: _saved("Name and email address saved.", found),
    )


@blueprint.route("/people/<uuid:account_id>/roles/new", methods=["GET", "POST"])
@permit(Act.GRANT, audience=Audience.INTERNAL, load=queries.account, unless=service.why_not_used_again)
def grant(found: Account) -> ResponseReturnValue:
    """Grant a role."""
    form = GrantForm.of_request(valid_from=today()).offer(scopes())
    form.also(lambda: service.require_grantable(found, form.details()), *form.SETTLES)
    form.also(lambda: _require_known(_clashes(found, form), form), "role", "scope")
    return answer(
        form,
        page=lambda: _grant_page(form, found),
        act=lambda: _granted(found, form),
        then=lambda made: _saved(held_in_words(found, made), found),
    )


def held_in_words(holder: Account, held: RoleGrant, *, again: bool = False) -> str:
    """That somebody has a role now, or will have it from its first day."""
    if not has_come(held.valid_from, on=today()):
        return f"{holder.name} will have the role of {held.role.label} from {day_in_words(held.valid_from)}."
    return f"{holder.name} {'has' if again else 'now has'} the role of {held.role.label}{' again' if again else ''}."


@blueprint.route("/people/<uuid:account_id>/roles/<uuid:grant_id>/end", methods=["GET", "POST"])
@permit(Act.END_GRANT, audience=Audience.INTERNAL, load=queries.grant_of, unless=roles.why_not_end)
def end_grant(found: RoleGrant) -> ResponseReturnValue:
    """End a role, once what this ends was read."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: _end_grant_page(form, found),
        act=lambda: roles.end_grant(found, held_for=_held_for(found), by=current_actor()),
        then=lambda _: _ended(found),
    )


def _held_for(found: RoleGrant | service.GrantWanted) -> str:
    """For what a role is held: a business has no name among the scopes, and is none the less not the whole service."""
    if found.scope is Scope.EVERYWHERE:
        return "the whole service"
    return scope_names().get(found.scope_id or "", f"one {spoken(found.scope)}")


def _end_grant_page(form: Form, found: RoleGrant) -> str:
    holder, held_for = queries.account_again(found.account_id), _held_for(found)
    shown: dict[str, Any] = {"account": holder, "grant": found, "held_for": held_for, "on": today()}
    ended = RoleWanted(found.role, found.scope, found.scope_id)
    shown["stays"] = left_open_by(queries.actor_of(holder), ended)
    shown["in_hand"] = told_of(left_without(holder, found))
    return render_template("accounts/end_grant.html", form=form, **shown)


def _ended(found: RoleGrant) -> str:
    """On to the person, or to the caseload that they leave."""
    words, left = f"The role of {found.role.label} has ended.", queries.account_again(found.account_id)
    if stranded([left]):
        return saved(words, "caseloads.hand_over", account_id=left.id)
    return _saved(words, left)


@blueprint.route("/people/<uuid:account_id>/roles/<uuid:grant_id>/restore", methods=["GET", "POST"])
@permit(Act.RESTORE_GRANT, audience=Audience.INTERNAL, load=queries.grant_of, unless=roles.why_not_restore)
def restore_grant(found: RoleGrant) -> ResponseReturnValue:
    """Give back a role that was ended within the last day, once it is known what it clashes with by now."""
    form, holder = RestoreForm.of_request(), queries.account_again(found.account_id)
    clashes = clashes_of(queries.actor_of(holder), RoleWanted(found.role, found.scope, found.scope_id))
    return answer(
        form,
        page=lambda: _restore_grant_page(form, found, holder, clashes),
        act=lambda: _restored(form, found, clashes),
        then=lambda _: _saved(held_in_words(holder, found, again=True), holder),
    )


def _restored(form: RestoreForm, found: RoleGrant, clashes: Sequence[str]) -> None:
    _require_known(clashes, form)
    roles.restore_grant(found, held_for=_held_for(found), clashes=clashes, by=current_actor())


def _restore_grant_page(form: RestoreForm, found: RoleGrant, holder: Account, clashes: Sequence[str]) -> str:
    shown = {"account": holder, "grant": found, "held_for": _held_for(found), "clashes": clashes}
    return render_template("accounts/restore_grant.html", form=form, **shown)


@blueprint.post("/people/<uuid:account_id>/invite-again")
@permit(Act.INVITE_AGAIN, audience=Audience.INTERNAL, load=queries.account, makes_one=True)
def invite_again(found: Account) -> ResponseReturnValue:
    """Send the letter once more."""
    service.invite_again(found, by=current_actor())
    return done(_saved(f"A new email to {found.name} is on its way.", found))


@blueprint.route("/people/<uuid:account_id>/deactivate", methods=["GET", "POST"])
@permit(Act.DEACTIVATE, audience=Audience.INTERNAL, load=queries.account, machine=MACHINE)
def deactivate(found: Account) -> ResponseReturnValue:
    """Stop an account signing in and end its sessions, once what this ends was read."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: _deactivate_page(form, found),
        act=lambda: service.deactivate(found, by=current_actor()),
        then=lambda _: _deactivated(found),
    )


def _deactivate_page(form: Form, found: Account) -> str:
    shown = {"in_hand": told_of(cases_of(found)), "stays": _left_open(found)}
    return render_template("accounts/deactivate.html", form=form, account=found, **shown)


def _left_open(found: Account) -> list[str]:
    """What stays open when every role of a person ends."""
    actor = queries.actor_of(found)
    held = [RoleWanted(each.role, each.scope, each.scope_id) for each in actor.grants]
    return list(dict.fromkeys(words for each in held for words in left_open_by(actor, each)))


def _deactivated(found: Account) -> str:
    """On to the person, or to the caseload that they leave."""
    words = f"{found.name} can no longer sign in."
    if cases_of(found):
        return saved(words, "caseloads.hand_over", account_id=found.id)
    return _saved(words, found)


@blueprint.post("/people/<uuid:account_id>/reactivate")
@permit(
    Act.REACTIVATE,
    audience=Audience.INTERNAL,
    load=queries.account,
    machine=MACHINE,
    unless=service.why_not_used_again,
)
def reactivate(found: Account) -> ResponseReturnValue:
    """Let an account sign in again."""
    service.reactivate(found, by=current_actor())
    return done(_saved(f"{found.name} can sign in again.", found))


def _saved(words: str, account: Account) -> str:
    return saved(words, "people.person", account_id=account.id)


def _correct_page(form: Form, found: Account) -> str:
    return render_template("accounts/correct.html", form=form, account=found)


def _granted(found: Account, form: GrantForm) -> RoleGrant:
    """The role, once the administrator knows with what it clashes."""
    clashes, wanted = _clashes(found, form), form.details()
    known = service.Known(_held_for(wanted), tuple(clashes))
    return service.grant(found, wanted, known=known, by=current_actor())


def _require_known(clashes: Sequence[str], form: GrantForm | RestoreForm) -> None:
    if clashes and not form.knows_clashes.data:
        raise Invalid("Read what this role clashes with, and tick the box to go ahead", field="knows_clashes")


def _clashes(found: Account, form: GrantForm) -> list[str]:
    wanted = form.wanted() if form.was_sent else None
    return clashes_of(queries.actor_of(found), wanted) if wanted else []


def _grant_page(form: GrantForm, found: Account) -> str:
    return render_template("accounts/grant.html", form=form, account=found, clashes=_clashes(found, form))
