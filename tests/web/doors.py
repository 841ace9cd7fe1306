"""Doors that only these tests have, on an application of its own: each does one thing that a request can do."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flask import Blueprint, Flask, abort, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from crm.accounts.models import Account
from crm.db.session import Database, session
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from crm.kernel.permissions import Actor, Audience, Policy, rule
from crm.kernel.roles import Role
from crm.web.permit import permits
from crm.web.transaction import after
from tests.houses import database


class Act(StrEnum):
    LOOK = "look_at_thing"
    TOUCH = "touch_thing"
    TRY = "try_thing"


def is_white(_actor: Actor, thing: str) -> bool:
    """if it is white"""
    return thing.startswith("white")


POLICY = Policy(
    [
        rule(Act.LOOK, Role.ADMINISTRATOR),
        rule(Act.LOOK, Role.SIGNED_IN, when=is_white),
        rule(Act.TOUCH, Role.ADMINISTRATOR),
        rule(Act.TRY, Role.ANYONE),
    ],
    view=Act.LOOK,
)


def write(name: str) -> None:
    session().add(Account(email=f"{name}@tried.example", name=name, created_at=now()))
    session().flush()


def kept(app: Flask) -> set[str]:
    """The names of what was written for good."""
    opened: Database = database(app)
    with opened.reading() as reading:
        return set(reading.scalars(select(Account.name).where(Account.email.like("%@tried.example"))))


def redirected() -> ResponseReturnValue:
    write("written")
    return redirect("/", code=303)


def answered(status: int) -> Callable[[], ResponseReturnValue]:
    def view() -> ResponseReturnValue:
        write("written")
        return "<p>answer</p>", status, {"Content-Type": "text/plain"}

    return view


def raising(error: Callable[[], Exception]) -> Callable[[], ResponseReturnValue]:
    def view() -> ResponseReturnValue:
        write("written")
        raise error()

    return view


def noting(then: Callable[[], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    def view() -> ResponseReturnValue:
        after(lambda: write("noted"))
        return then()

    return view


def noting_in_vain() -> ResponseReturnValue:
    after(lambda: session().execute(text("INSERT INTO nowhere VALUES (1)")) and None)
    return "confidential"


def refusing_with_a_trace() -> ResponseReturnValue:
    write("written")
    raise NotAllowed("Not for you.", trace=lambda: write("noted"))


def looking() -> ResponseReturnValue:
    return "looked"


def writing_in_sql() -> ResponseReturnValue:
    session().execute(text("DELETE FROM role_grant"))
    return "deleted"


def clashing() -> ResponseReturnValue:
    write("written")
    write("written")
    raise AssertionError


def stopped(status: int) -> Callable[[], ResponseReturnValue]:
    def view() -> ResponseReturnValue:
        abort(status)

    return view


VIEWS: dict[str, Callable[[], ResponseReturnValue]] = {
    "done": redirected,
    "created": answered(201),
    "invalid": answered(422),
    "refused": raising(lambda: Invalid("It is refused.")),
    "not-allowed": raising(lambda: NotAllowed("Not for you.")),
    "not-found": raising(lambda: NotFound("It is gone.")),
    "conflict": raising(lambda: Conflict("Somebody was first.")),
    "too-many": raising(lambda: TooMany("Wait a while.", retry_after=90)),
    "broken": raising(lambda: ZeroDivisionError("a secret of ours")),
    "clash": clashing,
    "integrity": raising(lambda: IntegrityError("INSERT", {}, Exception("unique"))),
    "stop-400": stopped(400),
    "stop-418": stopped(418),
    "noted-done": noting(redirected),
    "noted-refused": refusing_with_a_trace,
    "noted-broken": noting(raising(ZeroDivisionError)),
    "noted-look": noting(looking),
    "noted-in-vain": noting_in_vain,
    "writing-in-sql": writing_in_sql,
}


def furnish(app: Flask) -> Flask:
    """Put every one of these doors into an application that has answered nothing yet."""
    blueprint, permit = Blueprint("tried", __name__), permits(POLICY)
    for name, view in VIEWS.items():
        view.__name__ = name
        guarded = permit(Act.TRY, audience=Audience.PUBLIC)(view)
        blueprint.add_url_rule(f"/tried/{name}", name, guarded, methods=["GET", "POST"])

    @blueprint.get("/tried/things/<string:thing>")
    @permit(Act.LOOK, audience=Audience.MEMBER, load=found)
    def look(thing: str) -> ResponseReturnValue:
        return thing

    @blueprint.get("/tried/things/<string:thing>/touch")
    @permit(Act.TOUCH, audience=Audience.MEMBER, load=found)
    def touch(thing: str) -> ResponseReturnValue:
        return thing

    app.register_blueprint(blueprint)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def found(thing: str) -> Any:
    return thing if thing.startswith(("white", "black")) else None
