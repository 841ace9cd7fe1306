"""Feeds of other councils: asked for, followed while they are read, looked through, taken in, taken back."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from crm.directory.rules.labels import NEEDS
from crm.feeds import queries
from crm.feeds.forms import BringForm, TakeInForm
from crm.feeds.models import FeedImport
from crm.feeds.policy import POLICY
from crm.feeds.rules import labels
from crm.feeds.service import asking as service
from crm.feeds.workflow import IMPORTS, Act, ImportStatus, Verdict
from crm.kernel.permissions import Actor, Audience
from crm.web.feature import Todo, counted_todo
from crm.web.filtering import chosen
from crm.web.forms import Form, answer, done, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import open_acts, permits

blueprint = Blueprint("feeds", __name__)
permit = permits(POLICY)
PAGE, HERE = "feeds.feed_import", "/directory/feeds/<uuid:import_id>"


@blueprint.get("/directory/feeds")
@permit(Act.LIST, audience=Audience.INTERNAL)
def feeds() -> ResponseReturnValue:
    """Every feed that was asked for, the latest first."""
    status = chosen("status", labels.IMPORT_STATUSES)
    shown = {
        "page": page_of(queries.imports(status, cursor=cursor())),
        "count": queries.count_of_imports(status),
    }
    may_bring = POLICY.allows(current_actor(), Act.BRING)
    return render_template("feeds/feeds.html", labels=labels, status=status, may_bring=may_bring, **shown)


@blueprint.route("/directory/feeds/bring", methods=["GET", "POST"])
@permit(Act.BRING, audience=Audience.INTERNAL)
def bring() -> ResponseReturnValue:
    """Ask for the feed of another council."""
    form = BringForm.of_request()
    return answer(
        form,
        page=lambda: render_template("feeds/bring.html", form=form),
        act=lambda: service.bring(form.details(), by=current_actor()),
        then=lambda made: saved(
            "We are reading the feed. Nothing is in the directory yet.", PAGE, import_id=made.id
        ),
    )


@blueprint.get(HERE)
@permit(Act.LIST, audience=Audience.INTERNAL, load=queries.feed_import)
def feed_import(found: FeedImport) -> ResponseReturnValue:
    """How far it is, what the feed brings, and what can be done with it."""
    return _feed_import_page(TakeInForm.of_request(which="needed"), found)


def _feed_import_page(form: Form, found: FeedImport) -> str:
    verdict, counts = chosen("show", labels.VERDICTS), queries.counts(found.id)
    shown: dict[str, Any] = {
        "acts": open_acts(found, policy=POLICY, machine=IMPORTS),
        "counts": {each: counts[each] for each in Verdict if each in counts},
        "could": queries.in_directory(found.id),
        "page": page_of(queries.incoming(found.id, verdict=verdict, cursor=cursor())),
    }
    shown |= {"feed": found, "read": sum(counts.values()), "verdict": verdict, "Act": Act, "needs": NEEDS}
    return render_template("feeds/feed_import.html", form=form, labels=labels, **shown)


@blueprint.post(f"{HERE}/take-in")
@permit(Act.TAKE_IN, audience=Audience.INTERNAL, load=queries.feed_import, machine=IMPORTS)
def take_in(found: FeedImport) -> ResponseReturnValue:
    """Take what is new into the directory, to be checked."""
    form = TakeInForm.of_request()
    return answer(
        form,
        page=lambda: _feed_import_page(form, found),
        act=lambda: service.take_in(found, only_needed=form.only_needed(), by=current_actor()),
        then=lambda _: saved(
            "We are taking them in. Each waits to be checked before it is offered.", PAGE, import_id=found.id
        ),
    )


@blueprint.post(f"{HERE}/read-on")
@permit(Act.READ_ON, audience=Audience.INTERNAL, load=queries.feed_import, machine=IMPORTS)
def read_on(found: FeedImport) -> ResponseReturnValue:
    """Go on from the page on which it stopped."""
    service.read_on(found, by=current_actor())
    return done(saved("We are reading on.", PAGE, import_id=found.id))


@blueprint.post(f"{HERE}/cancel")
@permit(Act.CANCEL, audience=Audience.INTERNAL, load=queries.feed_import, machine=IMPORTS)
def cancel(found: FeedImport) -> ResponseReturnValue:
    """Leave what the feed brings outside the directory."""
    service.cancel(found, by=current_actor())
    return done(saved("Cancelled. Nothing of this feed is in the directory.", PAGE, import_id=found.id))


@blueprint.post(f"{HERE}/undo")
@permit(
    Act.UNDO,
    audience=Audience.INTERNAL,
    load=queries.feed_import,
    machine=IMPORTS,
    unless=service.why_not_undone,
)
def undo(found: FeedImport) -> ResponseReturnValue:
    """Take back what the import made and nobody has changed or used since."""
    service.undo(found, by=current_actor())
    return done(saved("We are taking back what nobody has changed or used since.", PAGE, import_id=found.id))


WAITING = {
    ImportStatus.READY: ("feed to look through", "feeds to look through"),
    ImportStatus.FAILED: ("feed that stopped", "feeds that stopped"),
}


def todos(_actor: Actor) -> tuple[Todo, ...]:
    """The feeds that wait for somebody to look through them, or to let them be read on."""
    counts = queries.counts_by_status()
    return tuple(
        todo
        for status, words in WAITING.items()
        for todo in counted_todo(counts.get(status, 0), words, href=url_for("feeds.feeds", status=status))
    )
