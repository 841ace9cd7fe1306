"""Colleagues of a business: who is on the list, who is invited, and the link by which an invitation is answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.models import Account
from crm.accounts.queries import account, account_of, actor_of, lately_ended_at, people_of_business
from crm.accounts.service import roles
from crm.accounts.service.signing_in import enter
from crm.accounts.views.accounts import door
from crm.businesses.forms import ColleagueForm, JoinForm
from crm.businesses.models import Business, Invitation
from crm.businesses.policy import POLICY
from crm.businesses.queries import inviting as queries
from crm.businesses.queries.inviting import Colleague
from crm.businesses.queries.seeing import business
from crm.businesses.service import colleagues as service
from crm.businesses.service import inviting
from crm.businesses.service.keeping import why_archived
from crm.businesses.workflow import INVITATIONS, Act
from crm.kernel.clock import day_of, now, today
from crm.kernel.permissions import Actor, Audience
from crm.kernel.roles import Role, RoleWanted, Scope, Standing
from crm.links.rules import Purpose
from crm.notices.queries import failed_about
from crm.throttles.rules import Source
from crm.web.feature import Todo
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import begin_session, current_actor
from crm.web.landmarks import landmark
from crm.web.navigation import clashes_of, settings
from crm.web.permit import permits

blueprint = Blueprint("colleagues", __name__)
permit = permits(POLICY)
CLASHES_NOW = (
    "Access cannot be given back to {who} now: it would change what else they may do here. "
    "Invite them instead. The invitation tells them what changes."
)
PERSON = "/businesses/<uuid:business_id>/colleagues/<uuid:account_id>"


def _why_not_change(found: Colleague) -> str | None:
    return roles.why_not_change_standing(found.grant)


def _why_not_remove(found: Colleague) -> str | None:
    return roles.why_not_dismiss(found.grant, is_own=_is_own(found))


def _removed_lately(business_id: UUID, account_id: UUID) -> Colleague | None:
    return queries.removed_colleague(business_id, account_id, since=now() - roles.UNDO_WITHIN)


@blueprint.route("/businesses/<uuid:business_id>/colleagues", methods=["GET", "POST"])
@permit(Act.INVITE_COLLEAGUE, audience=Audience.MEMBER, load=business, unless=why_archived)
def invite_colleague(found: Business) -> ResponseReturnValue:
    """The colleagues of a business, the invitations that wait, and a form to invite another."""
    form = ColleagueForm.of_request()
    return answer(
        form,
        page=lambda: _invite_colleague_page(form, found),
        act=lambda: inviting.invite_colleague(found, form.colleague(), source=_source(), by=current_actor()),
        then=lambda made: _saved(
            f"Invitation sent to {made.email}. It changes nothing until it is accepted.", found
        ),
    )


def _source() -> Source:
    return Source(request.remote_addr or "unknown", settings().secret_key)


def _saved(words: str, found: Business) -> str:
    return saved(words, "colleagues.invite_colleague", business_id=found.id)


def _invite_colleague_page(form: Form, found: Business) -> str:
    waiting = queries.open_invitations_of(found.id)
    shown: dict[str, Any] = {"rows": people_of_business(found.id), "invitations": waiting}
    shown["owners"] = sum(grant.standing is Standing.OWNER for _, grant in shown["rows"])
    shown["own_id"] = current_actor().account_id
    shown["removed"] = lately_ended_at(found.id, since=now() - roles.UNDO_WITHIN)
    shown["clashing"] = {who.id for who, _ in shown["removed"] if clashes_of_founder(who.email, found.id)}
    shown["failed"] = failed_about(Purpose.INVITATION, [str(each.id) for each in waiting])
    return render_template("businesses/invite_colleague.html", form=form, business=found, on=today(), **shown)


@blueprint.post("/businesses/<uuid:business_id>/colleagues/invitations/<uuid:invitation_id>/withdraw")
@permit(Act.WITHDRAW_INVITATION, audience=Audience.MEMBER, load=queries.invitation_of, machine=INVITATIONS)
def withdraw_invitation(found: Invitation) -> ResponseReturnValue:
    """Withdraw an invitation that was not answered."""
    inviting.withdraw_invitation(found, by=current_actor())
    return done(_saved(f"Invitation to {found.email} withdrawn.", found.business))


def undelivered(actor: Actor) -> tuple[Todo, ...]:
    """The invitations of this person that could not be delivered."""
    sent = queries.open_invitations_by(actor.account_id) if actor.account_id else ()
    failed = failed_about(Purpose.INVITATION, [str(each.id) for each in sent]) if sent else {}
    return tuple(_undelivered(each) for each in sent if str(each.id) in failed and not why_archived(each))


def _undelivered(found: Invitation) -> Todo:
    href = url_for("colleagues.invite_colleague", business_id=found.business_id)
    words = f"The invitation to {found.email} could not be delivered"
    return Todo(words, None, href, about=found.business.name, since=day_of(found.invited_at))


@blueprint.route(f"{PERSON}/change", methods=["GET", "POST"])
@permit(Act.CHANGE_COLLEAGUE, audience=Audience.MEMBER, load=queries.colleague_of, unless=_why_not_change)
def change_colleague(found: Colleague) -> ResponseReturnValue:
    """Make a colleague an owner, or a contributor again."""
    form = Form.of_request()
    wanted = Standing.CONTRIBUTOR if found.grant.standing is Standing.OWNER else Standing.OWNER
    return answer(
        form,
        page=lambda: render_template("businesses/change_colleague.html", form=form, **_shown(found)),
        act=lambda: service.change_colleague(found, wanted, by=current_actor()),
        then=lambda _: _changed(found),
    )


@blueprint.route(f"{PERSON}/remove", methods=["GET", "POST"])
@permit(Act.REMOVE_COLLEAGUE, audience=Audience.MEMBER, load=queries.colleague_of, unless=_why_not_remove)
def remove_colleague(found: Colleague) -> ResponseReturnValue:
    """Remove a colleague, once what this ends was read."""
    form = Form.of_request()
    return answer(
        form,
        page=lambda: render_template("businesses/remove_colleague.html", form=form, **_shown(found)),
        act=lambda: service.remove_colleague(found, by=current_actor()),
        then=lambda _: _removed(found),
    )


def _why_not_restore(found: Colleague) -> str | None:
    """Who has taken on something since that does not go with it decides for themselves: they are invited."""
    if clashes_of_founder(found.account.email, found.business.id):
        return CLASHES_NOW.format(who=found.account.name)
    return None


@blueprint.post(f"{PERSON}/restore")
@permit(Act.RESTORE_COLLEAGUE, audience=Audience.MEMBER, load=_removed_lately, unless=_why_not_restore)
def restore_colleague(found: Colleague) -> ResponseReturnValue:
    """Give back the access of a colleague who was removed within the last day."""
    service.restore_colleague(found, by=current_actor())
    return done(_saved(f"{found.account.name} has access again.", found.business))


def _shown(found: Colleague) -> dict[str, Any]:
    shown = {"business": found.business, "account": found.account, "grant": found.grant}
    return {**shown, "is_own": _is_own(found)}


def _is_own(found: Colleague) -> bool:
    return found.account.id == current_actor().account_id


def _changed(found: Colleague) -> str:
    """On to the list; to the business for someone who gave up being an owner."""
    word = "an owner" if found.grant.standing is Standing.OWNER else "a contributor"
    if _is_own(found):
        return saved(f"You are now {word}.", "business.business", business_id=found.business.id)
    return _saved(f"{found.account.name} is now {word}. We have told them by email.", found.business)


def _removed(found: Colleague) -> str:
    """On to the list; to the front page for someone who left."""
    if _is_own(found):
        flash(f"You no longer have access to {found.business.name}.", "success")
        return landmark("home")
    return _saved(f"{found.account.name} no longer has access. We have told them by email.", found.business)


@blueprint.route("/links/invitation/<string:token>", methods=["GET", "POST"])
@permit(Act.JOIN_BUSINESS, audience=Audience.PUBLIC, repeats=True)
def join(token: str) -> ResponseReturnValue:
    """The link of an invitation: looking at it does nothing, sending the form accepts it."""
    found, form = inviting.invitation_behind(token), JoinForm.of_request()
    return answer(
        form,
        page=lambda: _join_page(form, found, token),
        act=lambda: inviting.join(token, form.name.data or "", by=current_actor()),
        then=lambda joined: _joined(joined, found),
    )


def _join_page(form: Form, found: Invitation, token: str) -> str:
    shown = {
        "is_known": account_of(found.email) is not None,
        "token": token,
        "clashes": clashes_of_founder(found.email, found.business_id),
    }
    return render_template("businesses/join.html", form=form, invitation=found, **shown)


def clashes_of_founder(email: str, business_id: UUID) -> list[str]:
    """With what it would clash if the holder of this address became a founder of this business."""
    known = account_of(email)
    held = account(known.id) if known else None
    wanted = RoleWanted(Role.FOUNDER, Scope.BUSINESS, str(business_id))
    return clashes_of(actor_of(held), wanted) if held else []


def _joined(joined: Account, found: Invitation) -> str:
    """On to the business, signed in: the link proved whose address it is."""
    if current_actor().account_id is None:
        begin_session(*enter(joined, door()))
    return saved(
        f"You have joined {found.business.name}.", "business.business", business_id=found.business_id
    )


@blueprint.post("/links/invitation/<string:token>/decline")
@permit(Act.DECLINE_TO_JOIN, audience=Audience.PUBLIC)
def decline_to_join(token: str) -> ResponseReturnValue:
    """Decline an invitation."""
    inviting.decline(token, by=current_actor())
    return done(url_for("colleagues.declined"))


@blueprint.get("/links/invitation-declined")
@permit(Act.DECLINE_TO_JOIN, audience=Audience.PUBLIC)
def declined() -> ResponseReturnValue:
    """The invitation is declined, and nothing has changed."""
    return render_template("businesses/declined.html")
