"""The stand-in as a server: its interface for programs, a page to pay on, a portal, and a board to make things happen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from markupsafe import Markup

from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.api import Api, Silence
from crm.gateways.pretend_stripe.sending import Manner, Sender
from crm.gateways.pretend_stripe.store import Thing

STATUSES = {200: "OK", 303: "See Other", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
PAGE = Markup(
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    "<style>body{{font:18px/1.5 sans-serif;max-width:40em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}}"
    "button{{font:inherit;padding:.4em 1em;margin:.2em .4em .2em 0}}form{{display:inline}}"
    "p.note{{background:#fff3cd;color:#222;padding:.6em}}</style></head><body><main>"
    '<p class="note">A stand-in for Stripe. No card is charged and no money moves.</p>'
    "<h1>{title}</h1>{body}</main></body></html>"
)


class Board:
    """The pages. Each button posts to the address of the thing that it is about, with ``do``."""

    def __init__(self, api: Api, sender: Sender | None = None) -> None:
        self.api, self.store, self.sender = api, api.store, sender

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request, as WSGI says."""
        path, method = environ.get("PATH_INFO", "/"), environ["REQUEST_METHOD"]
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length).decode()
        if path.startswith("/v1/"):
            return self._api(environ, start, body)
        with self.api.lock:
            status, text = self._page(method, path, parse_qs(body))
            self.store.save()
        headers = [("Location", text)] if status == 303 else [("Content-Type", "text/html; charset=utf-8")]
        return _sent(start, status, headers, b"" if status == 303 else text.encode())

    def _api(self, environ: WSGIEnvironment, start: StartResponse, body: str) -> Iterable[bytes]:
        sent = {
            name[5:].replace("_", "-"): str(value) for name, value in environ.items() if name[:5] == "HTTP_"
        }
        url = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
        try:
            status, thing = self.api.answer(environ["REQUEST_METHOD"], url, sent, body)
        except Silence:
            status, thing = 500, {"error": {"type": "api_error", "message": "silence"}}
        return _sent(start, status, [("Content-Type", "application/json")], json.dumps(thing).encode())

    def _page(self, method: str, path: str, form: dict[str, list[str]]) -> tuple[int, str]:
        _, kind, thing_id = [*path.split("/"), "", ""][:3]
        found = self.store.things.get(thing_id)
        if method == "POST":
            return 303, self._do(form.get("do", [""])[0], kind, found)
        shown: Callable[[Thing], Markup] | None = {
            "pay": self._to_pay,
            "portal": self._portal,
            "receipts": self._receipt,
        }.get(kind)
        if shown is not None and found is not None:
            return 200, shown(found)
        return (200, self._board()) if path == "/" else (404, PAGE.format(title="Not found", body=""))

    def _do(self, what: str, kind: str, found: Thing | None) -> str:
        """Do what a button says and return where it leads."""
        if kind == "manner" and self.sender is not None:
            self.sender.manner = Manner(what)
        if found is None:
            return "/"
        if kind == "pay":
            return self._paid(what, found)
        doing = DOINGS.get(what)
        if doing is not None:
            doing(self.store, found)
        return str(found["return_url"]) if kind == "portal" else "/"

    def _paid(self, what: str, session: Thing) -> str:
        if what == "decline" or session["status"] != "open":
            return f"/pay/{session['id']}"
        if what == "leave":
            return str(session["cancel_url"])
        lives.pay(self.store, session, is_delayed=what == "delayed")
        return str(session["success_url"])

    def _to_pay(self, session: Thing) -> Markup:
        if session["status"] != "open":
            return PAGE.format(title="This page has been used", body=Markup("<p>Go back to the network.</p>"))
        sum_ = f"£{session['amount_total'] / 100:,.2f}"
        renews = "every year until it is cancelled" if session["mode"] == "subscription" else "once"
        buttons = _buttons(
            f"/pay/{session['id']}",
            (("card", f"Pay {sum_} by card"), ("delayed", "Pay by bank debit (takes days)")),
            (("decline", "Try a card that is declined"), ("leave", "Leave without paying")),
        )
        body = Markup("<p>Membership of the angel network: {} {}.</p>{}").format(sum_, renews, buttons)
        return PAGE.format(title="Pay for your membership", body=body)

    def _portal(self, portal: Thing) -> Markup:
        owned = self.store.of_kind("subscription", customer=portal["customer"])
        rows = Markup("").join(
            Markup("<p>Subscription {}: {}.</p>").format(each["id"], each["status"]) for each in owned
        )
        buttons = _buttons(f"/portal/{portal['id']}", (("card", "Use another card and pay what is open"),))
        return PAGE.format(title="Your card and invoices", body=rows + buttons)

    def _receipt(self, invoice: Thing) -> Markup:
        words = Markup("<p>{}: £{:,.2f}, {}.</p>").format(
            invoice["number"], invoice["amount_due"] / 100, invoice["status"]
        )
        return PAGE.format(title="Receipt", body=words)

    def _board(self) -> Markup:
        manners = _buttons(
            "/manner", tuple((each.value, f"Send events {each.value.replace('_', ' ')}") for each in Manner)
        )
        now_ = Markup("<p>Events are sent: {}</p>").format(
            self.sender.manner.value if self.sender else "to nobody"
        )
        rows = [self._row(each) for kind in BUTTONS for each in self.store.of_kind(kind)[:20]]
        return PAGE.format(title="What happens at Stripe", body=now_ + manners + Markup("").join(rows))

    def _row(self, thing: Thing) -> Markup:
        owner = self.store.things.get(str(thing.get("customer")), {})
        said = Markup("<h2>{} {}</h2><p>{}: {}</p>").format(
            thing["object"], thing["id"], owner.get("name") or "", thing["status"]
        )
        fitting = tuple(
            each for each in BUTTONS[thing["object"]] if thing["status"] in FITS.get(each[0], ENDLESS)
        )
        return said + (_buttons(f"/{thing['object']}/{thing['id']}", fitting) if fitting else Markup(""))


def _sent(start: StartResponse, status: int, headers: list[tuple[str, str]], body: bytes) -> list[bytes]:
    start(f"{status} {STATUSES.get(status, 'Error')}", [*headers, ("Content-Length", str(len(body)))])
    return [body]


def _buttons(action: str, *groups: tuple[tuple[str, str], ...]) -> Markup:
    made = [
        Markup('<button name="do" value="{}">{}</button>').format(value, label)
        for group in groups
        for value, label in group
    ]
    return Markup('<form method="post" action="{}">{}</form>').format(action, Markup("").join(made))


def _card(store: Any, portal: Thing) -> None:
    """Another card: what waits to be paid is paid."""
    for each in store.of_kind("subscription", customer=portal["customer"]):
        if each["status"] == "past_due":
            lives.recover(store, each)


DOINGS: dict[str, Callable[[Any, Thing], Any]] = {
    "card": _card,
    "arrive": lives.arrive,
    "bounce": lives.bounce,
    "expire": lives.expire,
    "renew": lives.renew,
    "fail": lives.fail,
    "recover": lives.recover,
    "end": lives.end,
    "refund": lives.refund,
    "refund_part": lambda store, thing: lives.refund(store, thing, pence=5_000),
    "dispute": lives.dispute,
    "won": lambda store, thing: lives.close_dispute(store, thing, is_won=True),
    "lost": lambda store, thing: lives.close_dispute(store, thing, is_won=False),
}
ENDLESS = ("active", "past_due")
FITS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("arrive", "bounce"), ("complete",)),
    "expire": ("open",),
    "renew": ("active",),
    "recover": ("past_due",),
    **dict.fromkeys(("refund", "refund_part", "dispute"), ("paid",)),
    **dict.fromkeys(("won", "lost"), ("needs_response",)),
}
"""In which states of a thing a button makes sense; the others of a subscription while it is live."""
BUTTONS: dict[str, tuple[tuple[str, str], ...]] = {
    "checkout.session": (
        ("arrive", "The delayed payment arrives"),
        ("bounce", "It fails"),
        ("expire", "Expire"),
    ),
    "subscription": (
        ("renew", "Renew for a year"),
        ("fail", "The renewal fails"),
        ("recover", "Pay after all"),
        ("end", "End now"),
    ),
    "invoice": (("refund", "Refund all"), ("refund_part", "Refund £50"), ("dispute", "Dispute")),
    "dispute": (("won", "Won by the network"), ("lost", "Lost")),
}
