"""What went wrong, as a page written for people."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from crm.db.session import is_held, session
from crm.kernel.errors import DeadLink, DoneAlready, Invalid, NotFound, Refusal, TooMany
from crm.kernel.permissions import Audience
from crm.web import openly
from crm.web.filtering import NoSuchFilter
from crm.web.forms import refusal_of
from crm.web.identity import current_actor
from crm.web.landmarks import landmark, onward, page_before
from crm.web.meanwhile import words_of
from crm.web.once import (
    KEPT,
    ONLY_OF_THE_PAGE,
    UNSEEN,
    keep_typing,
    once_only,
    typed_words,
    was_shown_signed_in,
)
from crm.web.permit import SignInNeeded
from crm.web.transaction import after, is_reading

TOO_LARGE = "What was sent is too large. A file can have up to 10 MB."
PAGES = {400: 422, 401: 403, 405: 404, 408: 422, 413: 422, 414: 422, 415: 422}
WRITTEN = frozenset({403, 404, 409, 422, 429, 500, 503})
SAID_TO_PROGRAMS = {404: "There is nothing here.", 405: "Only GET is answered here."}
BUSY_SECONDS = 10
log = logging.getLogger("crm.errors")


def error_page(status: int, message: str = "", **shown: Any) -> Response:
    """The page for a status, with ``message`` if there is something particular to say, where to try ``again``,
    ``onward`` the page of the thing that the request was about, and the ``texts`` that were typed, to copy.
    """
    if openly.is_open():
        return openly.fault(status, message or SAID_TO_PROGRAMS.get(status, "This could not be answered."))
    page = status if status in WRITTEN else PAGES.get(status, 500)
    if page == 500:  # the database may be what is broken, and every other page asks it who is here
        return make_response(
            current_app.jinja_env.get_template("errors/500.html").render(reference=g.get("request_id", "")),
            500,
        )
    return make_response(render_template(f"errors/{page}.html", message=message, **shown), page)


def _onward(refusal: Refusal) -> str:
    """Where to read more, while what was loaded is still known: a rollback forgets it."""
    try:
        return onward(refusal.about)
    except SQLAlchemyError:
        return ""


def _refused(refusal: Refusal) -> ResponseReturnValue:
    where = _onward(refusal)
    session().rollback()
    if refusal.trace:
        after(once_only(refusal.trace))
    texts = [] if is_reading() else typed_words()
    if isinstance(refusal, DeadLink):
        return _dead_link(refusal)
    if isinstance(refusal, DoneAlready) and where:
        flash(refusal.message, "warning")
        return redirect(where, code=303)
    shown = {"whole": request.path.removesuffix(".csv")} if isinstance(refusal, NoSuchFilter) else {}
    if isinstance(refusal, NotFound):
        if _is_only_posted() and (above := _page_above()):
            return redirect(above, code=303)
        shown["before"] = _before()
    response = error_page(
        refusal.status, words_of(refusal), onward=where or onward(refusal.about), texts=texts, **shown
    )
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _before() -> str:
    """The page that led to where nothing is: of a promotion not even that is said."""
    door = g.get("door")
    return "" if door is None or door.audience is Audience.PROMOTION else page_before()


def _dead_link(refusal: DeadLink) -> Response:
    shown = {"message": refusal.message, "onward": refusal.onward}
    return make_response(render_template("errors/dead_link.html", **shown), refusal.status)


def _walled(error: IntegrityError | StaleDataError) -> ResponseReturnValue:
    return _refused(refusal_of(error))


def _sign_in_first(_error: SignInNeeded) -> ResponseReturnValue:
    """To the sign-in page and back again afterwards; what was typed into a form waits for its author."""
    if is_reading():
        return _sent_to_sign_in(request.full_path.rstrip("?"))
    return _signed_out(_typed_again())


def _signed_out(again: str) -> ResponseReturnValue:
    """To the sign-in page in the middle of a form; ``again`` is where what was typed will be shown, if it is kept.

    Where nothing was typed, it is on to the page that the button stood on, to press it again.
    """
    kept = "What you entered is kept. You were signed out before it was saved."
    lost = "You were signed out, so nothing is saved yet. Sign in and do it again."
    flash(kept if again else lost, "warning")
    return _sent_to_sign_in(again or (_page_stood_on() if was_shown_signed_in() else landmark("desk")))


def _sent_to_sign_in(then: str) -> ResponseReturnValue:
    return redirect(f"{landmark('sign_in')}?{urlencode({'next': then})}", code=303)


def _typed_again() -> str:
    """Where to show again what was posted, once it is kept: the form's own page, or the page that it stood on."""
    kept = keep_typing()
    if kept is None:
        return ""
    page = _page_stood_on()
    return f"{page}{'&' if '?' in page else '?'}{urlencode({KEPT: str(kept)})}"


def _page_stood_on() -> str:
    """The page of the form that was posted: its own, or the one that it stood on."""
    if request.url_rule is not None and "GET" in (request.url_rule.methods or ()):
        return request.path
    stood_on = urlsplit(request.referrer or "")
    if stood_on.netloc != request.host:
        return landmark("desk")
    asked = urlencode([each for each in parse_qsl(stood_on.query) if each[0] not in ONLY_OF_THE_PAGE])
    return f"{stood_on.path}?{asked}" if asked else stood_on.path


def _is_only_posted() -> bool:
    """Whether the address that was opened is one that forms go to, which a wider rule took for a page of its own."""
    routes = current_app.create_url_adapter(request)
    if routes is None or not is_reading() or openly.is_open():
        return False
    with suppress(HTTPException, RequestRedirect):
        rule, _ = routes.match(method="POST", return_rule=True)
        return rule.endpoint != request.endpoint and "GET" not in (rule.methods or ())
    return False


def _page_above() -> str:
    """The nearest page above an address that is only posted to: a refused form leaves its address in the browser. Empty where none is."""
    routes, path = current_app.create_url_adapter(request), request.path
    while routes is not None and (path := path.rpartition("/")[0]):
        with suppress(HTTPException, RequestRedirect):
            routes.match(path, method="GET")
            return path
    return ""


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and error.code < 400:
        return error.get_response()
    if error.code == 405 and is_reading() and not openly.is_open() and (above := _page_above()):
        return redirect(above, code=303)
    return error_page(error.code or 500, TOO_LARGE if error.code == 413 else "")


def _forged(_error: CSRFError) -> ResponseReturnValue:
    """A form without its token: most often a page left open overnight, or a browser that keeps no cookies."""
    again = _typed_again()
    if not current_actor().account_id and (again or was_shown_signed_in()):
        return _signed_out(again)
    if again:
        return redirect(again, code=303)
    message = (
        "We could not tell whether this form was filled in by you, so nothing was saved. This happens when a page "
        "has been open for a long time, or when your browser does not keep cookies."
    )
    can_reload = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    return error_page(422, message, again=request.full_path.rstrip("?") if can_reload else "")


def _broken(error: Exception) -> ResponseReturnValue:
    log.error("request %s failed", g.get("request_id", ""), exc_info=error)
    return error_page(500)


def _held(error: OperationalError) -> ResponseReturnValue:
    """Others had the database for too long: nothing was saved, and the same form sent again will be."""
    if not is_held(error):
        return _broken(error)
    log.warning("request %s waited for the database in vain", g.get("request_id", ""))
    if openly.is_open():
        busy = openly.fault(503, "Busy. Try again in a moment.")
    else:
        busy = make_response(current_app.jinja_env.get_template("errors/busy.html").render(), 503)
    busy.headers["Retry-After"] = str(BUSY_SECONDS)
    return busy


def _require_legible() -> None:
    """Refuse characters that nobody can see or type: no page can show them, and one of them no database keeps."""
    if UNSEEN.search(request.path):
        raise NotFound("There is nothing here.")
    given = (*request.args.items(multi=True), *request.form.items(multi=True))
    if any(UNSEEN.search(word) for pair in given for word in pair):
        raise Invalid("What was sent holds characters that cannot be shown. Go back and type it again.")


def install(app: Flask) -> None:
    """Answer every error with a page."""
    app.before_request(_require_legible)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(SignInNeeded, _sign_in_first)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(IntegrityError, _walled)
    app.register_error_handler(StaleDataError, _walled)
    app.register_error_handler(OperationalError, _held)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _broken)
