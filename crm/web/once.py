"""A form acts once, however often it is sent; and what was typed survives a session that ended meanwhile.

Each form carries a one-time id, signed and bound to whoever it was shown to. The first post keeps, in the transaction
of its act, where it led; the same form with the same content is led there again and does nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

from flask import Flask, Response, current_app, g, redirect, request
from flask import session as cookie
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response as AnyResponse

from crm.db.session import session
from crm.kernel.clock import now
from crm.web.identity import KEYS, current_actor
from crm.web.transaction import after, is_reading

FIELD, KEPT, BESIDE = "once", "kept", "beside"
RESTS_ON = "(rests on)"
"""What stands among the fields of a form for what its answer depends on beside them."""
TOLD = ("_flashes", KEYS)
"""What an answer tells the browser beside the address: told again to whoever sends the form again."""
AGAIN, MEANT, PRESSED = "again", "meant", "pressed"
NONCE = re.compile(r"[\w-]{16}", re.ASCII)
WORDS = re.compile(r"\w\w\s+\w\w")
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
NOT_TYPED = frozenset({FIELD, "csrf_token"})
UNTOLD = NOT_TYPED | {"seen", "above"}
"""Fields that say nothing of what is asked for: the same form loaded anew has others."""
ONLY_OF_THE_PAGE = frozenset({KEPT, BESIDE, AGAIN})
"""What an address may say that changes nothing of what its form is about."""
LONGEST_TYPING = 200_000
SHORT = 16
"""Characters of a mark that tells one text from another in the same field of the same form."""


class Receipt(Protocol):
    """What is known of a form that arrives."""

    @property
    def is_same(self) -> bool: ...
    @property
    def led_to(self) -> str: ...
    @property
    def cookie(self) -> Mapping[str, Any]: ...


class Typing(Protocol):
    """What was typed and not sent."""

    path: Any
    fields: Any


@dataclass(frozen=True)
class Ledger:
    """Where forms are kept: the verbs of a room, which the web does not know."""

    receive: Callable[..., Receipt]
    sent_lately: Callable[..., str]
    settle: Callable[..., None]
    forget: Callable[[str], None]
    keep_typing: Callable[..., None]
    typing_of: Callable[[UUID, UUID], Typing | None]
    forget_typing: Callable[[UUID, UUID], None]


def _ledger() -> Ledger:
    found = current_app.extensions["submissions"]
    assert isinstance(found, Ledger)
    return found


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="one-time-form")


def _sender() -> str:
    """The account this request acts as; of a visitor, the secret in their cookie."""
    actor = current_actor()
    return str(actor.account_id) if actor.account_id else f"visitor {cookie.get('csrf_token', '')}"


def new_nonce() -> str:
    """What tells one form from every other."""
    return secrets.token_urlsafe(12)


def new_id(*, is_pressed: bool = False) -> str:
    """A one-time id for a form of this page. That of a page opened to send something once more says that this is meant.

    ``is_pressed`` is said of a form that is nothing but a button: nothing in it was typed.
    """
    generate_csrf()  # a visitor's cookie has its secret from now on
    asked = request.args.get(AGAIN, "") if is_reading() else ""
    nonce = asked if NONCE.fullmatch(asked) else ""
    marks = [now().timestamp(), *([MEANT] if nonce or g.get("is_meant") else [])]
    marks += [PRESSED] if is_pressed else []
    return _signer().dumps([nonce or new_nonce(), _sender(), *marks])


def _read_id() -> tuple[str, str, bool] | None:
    """The id and sender in the form that was posted, if we signed them, and whether it is meant as one more."""
    known = _signed_id()
    return (str(known[0]), str(known[1]), MEANT in known[2:]) if known else None


def _signed_id() -> list[Any]:
    """What the id in the form that was posted says, if we signed it."""
    try:
        found = _signer().loads(request.form.get(FIELD, ""))
    except (BadData, ValueError, TypeError):
        return []
    return found if isinstance(found, list) and len(found) > 1 else []


def shown_at() -> datetime | None:
    """When the page of the form that was posted was shown; None where its id does not say."""
    moments = [each for each in _signed_id()[2:] if isinstance(each, float)]
    return datetime.fromtimestamp(moments[0], UTC) if moments else None


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _mark(*parts: str) -> str:
    """What tells one text from another in the same field, and tells nobody without our key what the text is."""
    return hmac.new(str(current_app.secret_key).encode(), "\n".join(parts).encode(), "sha256").hexdigest()[
        :SHORT
    ]


def _typed() -> Sequence[tuple[str, str]]:
    """What was sent, by field. Read once in a request: the act may close a file that it stored."""
    if "typed" not in g:
        g.typed = list(_sent())
    found: Sequence[tuple[str, str]] = g.typed
    return found


def _sent() -> Iterator[tuple[str, str]]:
    yield from ((name, text) for name, text in request.args.items(multi=True) if name not in ONLY_OF_THE_PAGE)
    yield from ((name, text) for name, text in request.form.items(multi=True) if name not in UNTOLD)
    for name, file in request.files.items(multi=True):
        yield name, f"{file.filename} {_content(file)}"


def _content(file: FileStorage) -> str:
    found = hashlib.sha256(file.stream.read()).hexdigest()
    file.stream.seek(0)
    return found


def answer_again() -> AnyResponse | None:
    """Where this form led when it was sent before; None where it is to be acted on, claimed for this transaction."""
    known = _read_id()
    if known is None or known[1] != _sender():
        return None
    nonce, sender, g.is_meant = known
    key, route = _digest(nonce, sender, request.path), _digest(sender, request.path)
    content = _digest(sender, request.path, *(part for pair in _typed() for part in pair))
    receipt = _ledger().receive(key, content, route=route)
    if receipt.is_same:
        session().rollback()
        cookie.update({name: receipt.cookie[name] for name in TOLD if name in receipt.cookie})
        return redirect(receipt.led_to, code=303)
    g.submission, g.content, g.route, g.sent_before = key, content, route, receipt.led_to
    g.pop("said", None)
    return None


def claim_again() -> AnyResponse | None:
    """Claim a form anew for the transaction that begins now. Where it led, if it was acted on meanwhile."""
    if "submission" not in g:
        return None
    said = g.get("said", {})
    before = answer_again()
    if before is not None:
        g.pop("submission")
    g.said = said
    return before


def sent_before() -> str:
    """Where this same form led when it was sent with other content; empty where it was not."""
    return str(g.get("sent_before", ""))


def was_shown_signed_in() -> bool:
    """Whether the form that was posted was shown to somebody who was signed in."""
    known = _read_id()
    try:
        return known is not None and bool(UUID(known[1]))
    except ValueError:
        return False


def sent_lately(is_untouched: Callable[[str], bool] = lambda _name: False, *, rests_on: str = "") -> str:
    """Where the last form of this person for this route led, if it said the same a few minutes ago.

    A browser that goes back may load the form anew, with a new id. A field ``is_untouched`` where it says what we filled in,
    such as the next place in a list: that may have moved on since. Empty where they sent something else meanwhile, where
    the form was opened to send the same once more, and where what the answer ``rests_on`` has changed since.
    """
    if "submission" not in g:
        return ""
    texts: dict[str, list[str]] = {}
    for name, text in _typed():
        texts.setdefault(name, []).append(text)
    g.said = {name: [_mark(name, *told), is_untouched(name)] for name, told in texts.items()}
    if rests_on:
        g.said[RESTS_ON] = [_mark(RESTS_ON, rests_on), False]
    return "" if g.get("is_meant") else _ledger().sent_lately(g.route, g.said, key=g.submission)


def once_only(trace: Callable[[], None]) -> Callable[[], None]:
    """A trace of a refusal that one form leaves once, however many copies of it arrive at the same moment."""
    if "submission" not in g:
        return trace
    mark, content, receive = _digest("trace", g.submission, g.content), g.content, _ledger().receive

    def leave() -> None:
        if not receive(mark, content).is_same:
            trace()

    return leave


def settle(response: Response) -> None:
    """Keep where an act that is about to be committed led. A page is no such place: sent again, it is asked again."""
    key = g.pop("submission", None)
    if key is None:
        return
    if 300 <= response.status_code < 400:
        told = {name: cookie[name] for name in TOLD if name in cookie}
        _ledger().settle(key, response.headers["Location"], cookie=told, said=g.get("said", {}))
        _forget_what_was_sent()
    else:
        _ledger().forget(key)


def _forget_what_was_sent() -> None:
    """Forget what was typed before a session ended once the page that showed it was sent: it is saved now, also after going back."""
    asked = parse_qs(urlsplit(request.referrer or "").query).get(KEPT, [""])[0]
    account_id = current_actor().account_id
    if not asked or account_id is None:
        return
    try:
        _ledger().forget_typing(UUID(asked), account_id)
    except ValueError:
        return


def keep_typing() -> UUID | None:
    """Keep what was posted by somebody whose session had ended, for the account that the form was shown to.

    None where nothing was typed into it, or nothing shows whose it is: the id is not signed, or it was shown to a visitor.
    """
    known = None if PRESSED in _signed_id()[2:] else _read_id()
    typed = [(name, text) for name, text in request.form.items(multi=True) if _is_kept(name)]
    if known is None or sum(len(text) for _, text in typed) > LONGEST_TYPING:
        return None
    try:
        account_id = UUID(known[1])
    except ValueError:
        return None
    actor = current_actor()
    if not any(text.strip() for _, text in typed) or actor.account_id not in (None, account_id):
        return None
    typing_id, path, keep = uuid4(), request.path, _ledger().keep_typing
    after(lambda: keep(typing_id, account_id, path=path, fields=typed))
    return typing_id


def keep_beside(address: str, names: Collection[str]) -> str:
    """The address of a page, such that it shows again what was typed into these of its fields and not sent."""
    account_id = current_actor().account_id
    typed = [(name, text) for name, text in request.form.items(multi=True) if name in names]
    is_typed = 0 < sum(len(text.strip()) for _, text in typed) <= LONGEST_TYPING
    if account_id is None or not is_typed:
        return address
    typing_id, keep = uuid4(), _ledger().keep_typing
    after(lambda: keep(typing_id, account_id, path=address, fields=typed))
    return f"{address}?{urlencode({KEPT: str(typing_id), BESIDE: '1'})}"


def typed_words() -> list[str]:
    """The texts in the form that was posted, to be copied from a page of refusal: what has several words."""
    typed = request.form.items(multi=True)
    return [UNSEEN.sub("", text) for name, text in typed if _is_kept(name) and WORDS.search(text)]


def _is_kept(name: str) -> bool:
    return name not in NOT_TYPED and "password" not in name


def _unsent() -> Typing | None:
    """What this account typed before its session ended, if the address of this page asks for it."""
    actor, asked = current_actor(), request.args.get(KEPT, "")
    if not asked or actor.account_id is None:
        return None
    if "unsent" not in g:
        try:
            g.unsent = _ledger().typing_of(UUID(asked), actor.account_id)
        except ValueError:
            g.unsent = None
    found: Typing | None = g.unsent
    return found


def typed_before() -> MultiDict[str, str] | None:
    """The fields to show again in the form of this page; None where there are none."""
    found = _unsent()
    if found is None or found.path != request.path:
        return None
    g.is_typing_shown = True
    return MultiDict((name, text) for name, text in found.fields)


def _surroundings() -> dict[str, Any]:
    """What to say above a page to whoever signed in again: that the form is filled in, or the words to copy."""
    found = _unsent()
    if found is None:
        return {"unsent": None}
    is_here = found.path == request.path and "is_typing_shown" in g
    texts = [] if is_here else [f"{_spoken(name)}: {text}" for name, text in found.fields if text.strip()]
    return {"unsent": {"is_here": is_here, "texts": texts, "is_beside": BESIDE in request.args}}


def _spoken(name: str) -> str:
    """The name of a field as its page might say it: ``starts_on-day`` is "Starts on day"."""
    return re.sub(r"[-_]+", " ", name).strip().capitalize()


def install(app: Flask, ledger: Ledger) -> None:
    """Let every form carry its id, and know where forms are kept."""
    app.extensions["submissions"] = ledger
    app.add_template_global(new_id, "one_time_id")
    app.context_processor(_surroundings)
