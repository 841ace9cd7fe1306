"""How the service is running: a page in words for administrators, and the metrics for machines."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from crm.kernel.clock import now
from crm.kernel.errors import NotFound
from crm.kernel.permissions import Actor, Audience
from crm.notices.forms import NOT_SENT
from crm.notices.workflow import LetterStatus
from crm.watch import queries
from crm.watch.papers import metrics as metrics_of
from crm.watch.policy import POLICY, Act
from crm.watch.rules import Fact, Seen, Work, facts_of, works_of
from crm.web.feature import Todo, counted_todo
from crm.web.navigation import features, settings
from crm.web.permit import permits

blueprint = Blueprint("watch", __name__)
permit = permits(POLICY)


@blueprint.get("/running")
@permit(Act.VIEW_RUNNING, audience=Audience.INTERNAL)
def running() -> ResponseReturnValue:
    """How the service is running: each thing that has to be so, and what to do where it is not.

    ``only=wrong`` leaves out what is as it should be, and what the desk has in a line of its own: the number there opens just these.
    """
    _, works, facts = _seen()
    if is_only_wrong := request.args.get("only") == "wrong":
        works, facts = [], [each for each in facts if each.is_on_desk]
    emails = {
        "outbox": url_for("notices.letters", status=NOT_SENT),
        "failed": url_for("notices.letters", status=LetterStatus.FAILED),
    }
    wrong = sum(each.is_wrong for each in facts)
    shown = {"works": works, "facts": facts, "emails": emails, "wrong": wrong, "is_only_wrong": is_only_wrong}
    return render_template("watch/running.html", **shown)


@blueprint.get("/metrics")
@permit(Act.READ_METRICS, audience=Audience.PUBLIC)
def metrics() -> ResponseReturnValue:
    """The same for a machine that watches: Prometheus reads it, and raises the alarm."""
    if not _may_read():
        raise NotFound("There is nothing here.")
    seen, works, facts = _seen()
    told = metrics_of(seen, works=works, facts=facts, at=now())
    return Response(told, content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})


def todos(_actor: Actor) -> tuple[Todo, ...]:
    """What is wrong, on the desk of administrators; emails that failed have a line of their own there."""
    _, _, facts = _seen()
    count = sum(each.is_on_desk for each in facts)
    words = (
        "thing about how the service is running needs attention",
        "things about how the service is running need attention",
    )
    return counted_todo(count, words, href=url_for("watch.running", only="wrong"), is_overdue=True)


def _seen() -> tuple[Seen, list[Work], list[Fact]]:
    seen, at = queries.seen(settings().data), now()
    works = works_of(((work.name, work.every) for room in features() for work in room.timed), seen, at=at)
    return seen, works, facts_of(seen, works, at=at)


def _may_read() -> bool:
    """Whoever holds the token; outside production this machine itself.

    In production a request from this machine proves nothing: the proxy that stands before us is on it too.
    """
    known = settings()
    if known.metrics_token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {known.metrics_token}".encode())
    return known.environment != "production" and ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104
