"""Signing in and out, one-time links, one's own account and its sessions."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from crm.accounts import queries
from crm.accounts.forms import ChangePasswordForm, LinkForm, NewPasswordForm, SignInForm
from crm.accounts.models import LoginSession
from crm.accounts.papers import archive_of, copy_of
from crm.accounts.policy import POLICY
from crm.accounts.rules import DEMO_PEOPLE, NewPassword, hash_of_token
from crm.accounts.service import signing_in as service
from crm.accounts.service import trying
from crm.accounts.service.copying import note_copied
from crm.accounts.service.trying import Credentials, Door, Judged
from crm.accounts.workflow import Act
from crm.kernel.clock import today
from crm.kernel.permissions import Actor, Audience
from crm.links.queries import live_link
from crm.links.rules import Purpose
from crm.web.beforehand import Beforehand
from crm.web.devices import device_known_for, remember_device
from crm.web.extracts import zip_response
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import begin_session, current_actor, current_token, end_session
from crm.web.landmarks import NEXT, wanted_next
from crm.web.navigation import scope_names, settings
from crm.web.permit import permits
from crm.web.transaction import after, is_reading, let_go

blueprint = Blueprint("accounts", __name__)
permit = permits(POLICY)
COPIED = "that somebody took a copy of their data stands in their account's history"
FAILED = "a sign-in that failed is counted, and noted in the account's trail"


def door(email: str = "") -> Door:
    """From where this request signs in, to whose account, and what signing in needs of the settings."""
    known = settings()
    return Door(
        request.remote_addr or "unknown",
        request.headers.get("User-Agent", "")[:300],
        known.secret_key,
        lifetime=known.session_lifetime,
        password_cost=known.password_cost,
        device=device_known_for(email) if email else "",
    )


def _enter(begun: tuple[str, Actor]) -> str:
    """Begin the session in the cookie; then on to where they were going, if that is one of our own pages."""
    _begin(begun)
    return wanted_next() or url_for("desk.desk")


def _begin(begun: tuple[str, Actor]) -> None:
    """Begin the session, and know this browser for the account from now on: strangers cannot use its tries up."""
    begin_session(*begun)
    email = queries.email_of(begun[1].account_id)
    if email:
        remember_device(email)


def _enter_by_link(begun: tuple[str, Actor]) -> str:
    """The same for a link from a letter: the browser that asked for it knows where its reader was going."""
    wanted = cookie.pop(NEXT, "")
    _begin(begun)
    return wanted or url_for("desk.desk")


def _link_sent() -> str:
    """Remember in this browser alone where to go by the link, so that no letter holds an address of a visitor's."""
    cookie[NEXT] = wanted_next()
    return url_for("accounts.link_sent")


@blueprint.route("/sign-in", methods=["GET", "POST"])
@permit(Act.SIGN_IN, audience=Audience.PUBLIC, leaves_trace=FAILED, repeats=True)
def sign_in() -> ResponseReturnValue:
    """Sign in with a password."""
    form = SignInForm.of_request()
    if not form.was_sent and current_actor().account_id:
        return redirect(url_for("desk.desk"))
    tried = Beforehand(lambda: _tried(form.credentials()))
    return answer(
        form,
        page=lambda: _sign_in_page(form),
        first=tried,
        act=lambda: service.sign_in(tried.result, door(form.credentials().email), by=current_actor()),
        then=_enter,
    )


def _tried(given: Credentials) -> Judged:
    """Count a try for good, then judge it while nothing is held."""
    at = door(given.email)
    tried = trying.count_try(given, at, by=current_actor())
    let_go()
    return tried.judged(at)


def _new_password(form: NewPasswordForm | ChangePasswordForm) -> NewPassword:
    """The new password, hashed while nothing is held."""
    let_go()
    return NewPassword.of(form.new_password.data, cost=settings().password_cost)


def _changed(begun: tuple[str, Actor]) -> str:
    _begin(begun)
    return saved("Your password is changed. You are signed out everywhere else.", "accounts.own_account")


def _sign_in_page(form: Form) -> str:
    people = DEMO_PEOPLE if settings().is_demo else ()
    return render_template(
        "accounts/sign_in.html", form=form, demo_people=people, next=request.args.get("next")
    )


@blueprint.route("/sign-in/link", methods=["GET", "POST"])
@permit(Act.SIGN_IN, audience=Audience.PUBLIC)
def ask_for_link() -> ResponseReturnValue:
    """Ask for a sign-in link by e-mail."""
    form = LinkForm.of_request()
    return answer(
        form,
        page=lambda: render_template("accounts/ask_for_link.html", form=form, next=wanted_next() or None),
        act=lambda: service.send_sign_in_letter(form.email.data, door(form.email.data), by=current_actor()),
        then=lambda _: _link_sent(),
    )


@blueprint.get("/sign-in/link-sent")
@permit(Act.SIGN_IN, audience=Audience.PUBLIC)
def link_sent() -> ResponseReturnValue:
    """The same words whether or not there is such an account."""
    return render_template("accounts/link_sent.html", next=cookie.get(NEXT) or None)


@blueprint.route("/links/sign-in/<string:token>", methods=["GET", "POST"])
@permit(Act.SIGN_IN, audience=Audience.PUBLIC, repeats=True)
def use_sign_in_link(token: str) -> ResponseReturnValue:
    """A link from a letter: looking at it does nothing, pressing the button signs in."""
    if is_reading():
        live_link(token, Purpose.SIGN_IN)
        return render_template("accounts/use_sign_in_link.html", token=token)
    return done(_enter_by_link(service.sign_in_by_link(token, door(), by=current_actor())))


@blueprint.route("/links/set-password/<string:token>", methods=["GET", "POST"])
@permit(Act.ACCEPT, audience=Audience.PUBLIC, repeats=True)
def set_password(token: str) -> ResponseReturnValue:
    """Set a password by a link from a letter."""
    live_link(token, Purpose.SET_PASSWORD)
    form = NewPasswordForm.of_request()
    new = Beforehand(lambda: _new_password(form))
    return answer(
        form,
        page=lambda: render_template("accounts/set_password.html", form=form),
        first=new,
        act=lambda: service.set_password(token, new.result, door=door(), by=current_actor()),
        then=_enter,
    )


@blueprint.post("/sign-out")
@permit(Act.SIGN_OUT, audience=Audience.MEMBER, repeats=True)
def sign_out() -> ResponseReturnValue:
    """End this session."""
    service.sign_out(current_token() or "", by=current_actor())
    end_session()
    return done(saved("You are signed out.", "desk.home"))


@blueprint.get("/account")
@permit(Act.VIEW_OWN_ACCOUNT, audience=Audience.MEMBER)
def own_account() -> ResponseReturnValue:
    """One's own account: roles, and where one is signed in."""
    actor = current_actor()
    assert actor.account_id is not None
    found, live = queries.account(actor.account_id), queries.live_sessions_of(actor.account_id)
    can_change = POLICY.allows(actor, Act.CHANGE_OWN_PASSWORD)
    shown = {"here": hash_of_token(current_token() or ""), "scopes": scope_names(), "on": today()}
    return render_template(
        "accounts/own_account.html", account=found, sessions=live, can_change=can_change, **shown
    )


@blueprint.get("/account/your-data.zip")
@permit(Act.COPY_DATA, audience=Audience.MEMBER, leaves_trace=COPIED)
def copy_own_data() -> Response:
    """A copy of what is held about oneself: a page to read, the same for programs, and one's files."""
    actor = current_actor()
    account_id = actor.account_id
    own = queries.account(account_id) if account_id else None
    assert account_id is not None
    assert own is not None
    after(lambda: _note_copied(account_id, actor))
    return zip_response("your-data.zip", archive_of(copy_of(own)))


def _note_copied(account_id: UUID, actor: Actor) -> None:
    found = queries.account(account_id)
    assert found is not None
    note_copied(found, by=actor)


@blueprint.post("/account/sessions/<uuid:session_id>/end")
@permit(Act.END_OWN_SESSION, audience=Audience.MEMBER, load=queries.login_session)
def end_own_session(found: LoginSession) -> ResponseReturnValue:
    """Sign out on another device."""
    service.end_session(found, by=current_actor())
    return done(saved(f"You are signed out on {found.device}.", "accounts.own_account"))


@blueprint.route("/account/password", methods=["GET", "POST"])
@permit(Act.CHANGE_OWN_PASSWORD, audience=Audience.MEMBER, leaves_trace=FAILED, repeats=True)
def change_password() -> ResponseReturnValue:
    """Change one's own password."""
    form = ChangePasswordForm.of_request()
    tried = Beforehand(lambda: _proved(form))
    return answer(
        form,
        page=lambda: render_template("accounts/change_password.html", form=form),
        first=tried,
        act=lambda: _password_changed(*tried.result),
        then=_changed,
    )


def _proved(form: ChangePasswordForm) -> tuple[Judged, NewPassword]:
    """Count a try of one's own password for good, then judge it and hash the new one while nothing is held."""
    tried = trying.count_own_try(form.password.data or "", _own_door(), by=current_actor())
    new = _new_password(form)
    return tried.judged(door()), new


def _password_changed(tried: Judged, new: NewPassword) -> tuple[str, Actor]:
    return service.change_password(tried, new, door=_own_door(), by=current_actor())


def _own_door() -> Door:
    return door(queries.email_of(current_actor().account_id))
