"""What needs checking, whose it is, and checking several services together."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.accounts.queries import names_of
from crm.directory import queries
from crm.directory.forms import TickedForm
from crm.directory.models import Checking
from crm.directory.policy import POLICY
from crm.directory.service import checking as service
from crm.directory.views.directory import fresh_months
from crm.directory.workflow import Act
from crm.kernel.clock import now, today
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Case, Held, Todo, counted_todo
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, done, noted, saved
from crm.web.identity import current_actor
from crm.web.permit import permits

blueprint = Blueprint("checking", __name__)
permit = permits(POLICY)
WHOSE = {"mine": "That I look after", "nobody": "That nobody looks after", "": "All"}
LIST = "checking.needs_checking"


@blueprint.get("/directory/needs-checking")
@permit(Act.VIEW_CHECKING, audience=Audience.INTERNAL)
def needs_checking() -> ResponseReturnValue:
    """Services to check, the longest unchecked first."""
    return _needs_checking_page(TickedForm.of_request())


def _needs_checking_page(form: Form) -> str:
    actor, months = current_actor(), fresh_months()
    whose = chosen("whose", WHOSE)
    found = queries.needs_checking(today(), months=months, whose=whose, owner_id=actor.account_id)
    owners = names_of({each.owner_id for each in found if each.owner_id})
    shown = {"on": today(), "months": months, "whose": whose, "kinds": WHOSE, "owners": owners}
    shown["can_check"] = POLICY.allows(actor, Act.CONFIRM_SEVERAL)
    shown["keepers"] = queries.keepers() if POLICY.allows(actor, Act.LOOK_AFTER) else []
    shown["done"] = queries.checks_since(now() - service.UNDOABLE_FOR, by_id=actor.account_id)
    shown["freshness"] = queries.freshness(today(), months=months)
    return render_template("directory/needs_checking.html", form=form, services=found, **shown)


@blueprint.post("/directory/needs-checking/confirm")
@permit(Act.CONFIRM_SEVERAL, audience=Audience.INTERNAL)
def confirm_several() -> ResponseReturnValue:
    """Mark the ticked services as checked today and running."""
    form = TickedForm.of_request()
    return answer(
        form,
        page=lambda: _needs_checking_page(form),
        act=lambda: service.confirm_several(form.services.data, form.how.data, by=current_actor()),
        then=lambda _: _back(f"{_services(len(form.services.data))} marked as checked today"),
    )


@blueprint.post("/directory/needs-checking/look-after")
@permit(Act.LOOK_AFTER, audience=Audience.INTERNAL)
def look_after() -> ResponseReturnValue:
    """Say who looks after the ticked services."""
    form = TickedForm.of_request()
    return answer(
        form,
        page=lambda: _needs_checking_page(form),
        act=lambda: service.look_after(form.services.data, form.owner_id(), by=current_actor()),
        then=lambda count: _back(
            f"{_services(count)} given to somebody else" if count else "Nothing changed"
        ),
    )


@blueprint.post("/directory/checks/<uuid:checking_id>/undo")
@permit(Act.UNDO_CHECKS, audience=Audience.INTERNAL, load=queries.checking, unless=service.why_not_undone)
def undo(found: Checking) -> ResponseReturnValue:
    """Put back what was known before several services were checked."""
    count, left = service.undo(found, by=current_actor())
    if not left:
        return done(_back(f"Undone: {_services(count)} as before"))
    return done(
        noted(f"Undone: {_services(count)} as before. Changed since, so left alone: {', '.join(left)}", LIST)
    )


def _services(count: int) -> str:
    return f"{count} service{'' if count == 1 else 's'}"


def _back(words: str) -> str:
    """The list again as it was filtered."""
    whose = chosen("whose", WHOSE)
    return saved(words, LIST, **({"whose": whose} if whose else {}))


TODOS = {
    "mine": ("service that you look after needs checking", "services that you look after need checking"),
    "nobody": (
        "service that nobody looks after needs checking",
        "services that nobody looks after need checking",
    ),
}


def todos(actor: Actor) -> tuple[Todo, ...]:
    """What of the directory waits for an actor: what they look after, and what nobody does."""
    counts = queries.counts_to_check(today(), months=fresh_months(), owner_id=actor.account_id)
    return tuple(
        todo
        for whose, words in TODOS.items()
        for todo in counted_todo(counts[whose], words, href=url_for(LIST, whose=whose))
    )


def in_hand(account_ids: Collection[UUID]) -> Iterator[Held]:
    """The services that some of our staff look after."""
    for each in queries.services_looked_after_by(account_ids):
        assert each.owner_id is not None
        href = url_for("directory.one_service", service_id=each.service_id)
        yield each.owner_id, Case(each.id, each.name, href)
