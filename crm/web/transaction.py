"""One request, one transaction: a POST answered below 400 commits, everything else is rolled back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from crm.db.session import Database, session

READING = frozenset({"GET", "HEAD", "OPTIONS"})
ERROR = 400


class TraceLost(RuntimeError):
    """A trace that had to be left could not be written, so what it tells of must not be shown."""


def database() -> Database:
    """The database of the running application."""
    found = current_app.extensions["database"]
    assert isinstance(found, Database)
    return found


def is_reading() -> bool:
    """Whether this request can only read, by its method."""
    return request.method in READING


def conclude(response: Response) -> Response:
    """End the request's transaction as its answer deserves."""
    if not is_reading() and response.status_code < ERROR:
        session().commit()
    else:
        session().rollback()
    return response


def let_go() -> None:
    """Keep what was done so far and hold nothing while somebody outside is asked: what follows is a transaction of its own.

    For the intention to do what cannot be undone, such as to ask for a payment: it must be known whatever the answer is.
    """
    session().commit()


def hold_nothing() -> None:
    """Undo what this request has begun, and hold nothing while somebody outside works, such as a store that may be slow.

    For what comes before an act, of which nothing is to be kept yet. What was loaded is read anew when it is next used; a form
    is claimed again by `crm.web.beforehand`.
    """
    session().rollback()
    g.held_nothing = True


def after(trace: Callable[[], None]) -> None:
    """Leave a trace whatever the answer: run in a short transaction of its own, before the answer goes out.

    For a failed sign-in, a refused act, a look at what is confidential. The trace must not use rows of the
    request's own transaction: hand it ids and words. A HEAD shows nothing, so it leaves no trace of having been shown.
    """
    if request.method == "HEAD":
        return
    g.setdefault("traces", []).append(trace)


def leave_traces() -> None:
    """Run what `after` collected, once the request's own transaction has ended. Raises `TraceLost` where it cannot."""
    traces = g.pop("traces", [])
    if not traces:
        return
    session().rollback()  # a page may have asked who is here since; SQLite has one writer at a time
    try:
        with database().transaction():
            for trace in traces:
                trace()
    except SQLAlchemyError as error:
        raise TraceLost("what had to be noted could not be") from error


def install(app: Flask) -> None:
    """Give every request its session and take it away again."""

    @app.before_request
    def _open() -> None:
        g.session_stack = ExitStack()
        g.session_stack.enter_context(database().using(database().open(read_only=is_reading())))

    @app.after_request
    def _leave(response: Response) -> Response:
        """Before the answer goes out: where a trace is lost, the page of a broken request goes out in its place."""
        leave_traces()
        return response

    @app.teardown_request
    def _close(_error: BaseException | None) -> None:
        stack = g.pop("session_stack", None)
        if stack is not None:
            stack.close()
