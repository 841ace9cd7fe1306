"""The same form sent once more as another copy, as after Back: it leads to what the first one made, and says so.

Whoever means a second one has a way: the page opened anew for it, whose form is known by its one-time id.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from flask import flash, g, redirect, request
from werkzeug.wrappers import Response

from crm.web.landmarks import page_before
from crm.web.once import AGAIN, new_nonce, sent_lately

SENT_BEFORE = "sent before"
"""The kind of message that says so, with the way to send it once more beside it."""


def led_to_the_first(
    is_untouched: Callable[[str], bool] = lambda _name: False, *, rests_on: str = ""
) -> Response | None:
    """The answer to a form whose like the same person sent a few minutes ago; None where this one is to be acted on.

    Where its door refuses it now, that it was sent is all there is to say: no new form is offered, as none could be opened.
    """
    led_to = sent_lately(is_untouched, rests_on=rests_on)
    if not led_to:
        return None
    is_over = g.pop("refused", None) is not None
    flash({"form": "" if is_over else _opened_anew(led_to)}, SENT_BEFORE)  # type: ignore[arg-type]
    return redirect(led_to, code=303)


def _opened_anew(led_to: str) -> str:
    """The page with the form, opened to send the same once more: the route's own, else that which the button stood on."""
    own = request.full_path if _shows_a_page() else page_before() or led_to
    path, _, query = own.partition("#")[0].rstrip("?").partition("?")
    kept = "&".join(each for each in query.split("&") if each and not each.startswith(f"{AGAIN}="))
    return f"{path}?{'&'.join(filter(None, (kept, urlencode({AGAIN: new_nonce()}))))}"


def _shows_a_page() -> bool:
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())
