"""The stand-in's answers to Stripe's own library: paths, errors, idempotency keys, and failures on request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from threading import RLock
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe

from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.store import Store, Thing, listed

Answer = tuple[int, Thing]
Asked = Callable[..., Answer]
PART = re.compile(r"\[([^\]]*)\]")
MOST = 10


class Silence(Exception):
    """The stand-in does not answer."""


@dataclass
class Trouble:
    """What goes wrong for so many requests: a status, or no answer at all, before or after the request was done."""

    status: int = 0
    times: int = 1
    is_done: bool = False
    only: str = ""


@dataclass
class Api:
    """Answers requests as Stripe does. ``troubles`` come first; ``asked`` notes what was asked."""

    store: Store
    troubles: list[Trouble] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    lock: RLock = field(default_factory=RLock)

    def answer(self, method: str, url: str, headers: Mapping[str, str], body: str) -> Answer:
        """Answer one request. Raises `Silence`."""
        parts = urlsplit(url)
        with self.lock:
            self.asked.append(f"{method.upper()} {parts.path}")
            trouble = self._trouble(parts.path)
            if trouble is not None and not trouble.is_done:
                return self._failed(trouble)
            done = self._once(method.upper(), parts.path, nested(parts.query), headers, body)
            if trouble is not None:
                return self._failed(trouble)
            return done

    def _trouble(self, path: str) -> Trouble | None:
        found = next((each for each in self.troubles if each.times and each.only in path), None)
        if found is not None:
            found.times -= 1
        return found

    def _failed(self, trouble: Trouble) -> Answer:
        if not trouble.status:
            raise Silence
        return _error(trouble.status, "The stand-in was asked to fail.")

    def _once(self, method: str, path: str, query: Thing, headers: Mapping[str, str], body: str) -> Answer:
        """Do what is asked once for each idempotency key: the same again for the same, an error for other words."""
        sent = {name.lower(): value for name, value in headers.items()}
        if "sk_test" not in sent.get("authorization", ""):
            return _error(401, "You did not provide an API key.")
        key = sent.get("idempotency-key", "") if method == "POST" else ""
        words = sha256(f"{method} {path} {body}".encode()).hexdigest()
        if key in self.store.answers:
            kept = self.store.answers[key]
            if kept["words"] == words:
                return kept["status"], deepcopy(kept["thing"])
            return _error(400, "Keys for idempotent requests can only be used with the same parameters.")
        status, thing = self._asked_for(method, path, query, nested(body))
        if key:
            self.store.answers[key] = {"words": words, "status": status, "thing": deepcopy(thing)}
        if method != "GET":
            self.store.save()
        return status, deepcopy(thing)

    def _asked_for(self, method: str, path: str, query: Thing, form: Thing) -> Answer:
        for wanted, pattern, view in ROUTES:
            found = re.fullmatch(pattern, path)
            if found and wanted == method:
                return view(self.store, form if method == "POST" else query, *found.groups())
        return _error(404, f"Unrecognized request URL ({method}: {path}).")


def nested(text: str) -> Thing:
    """A form as Stripe's library sends it: a[b][0]=c."""
    made: Thing = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, *rest = [name.split("[", 1)[0], *PART.findall(name)]
        inner = made
        for step, following in zip([first, *rest], rest, strict=False):
            inner = inner.setdefault(step, {})
            assert following is not None
        inner[[first, *rest][-1]] = {"true": True, "false": False}.get(value, value)
    return made


def _error(status: int, message: str) -> Answer:
    kind = "invalid_request_error" if status < 429 else "api_error"
    return status, {"error": {"type": kind, "message": message}}


def _missing(thing_id: str) -> Answer:
    return _error(404, f"No such object: '{thing_id}'")


def _make_customer(store: Store, form: Thing) -> Answer:
    return 200, store.customer(**{name: form.get(name) for name in ("name", "email", "metadata")})


def _make_session(store: Store, form: Thing) -> Answer:
    price = form["line_items"]["0"]["price"]
    if form.get("customer") not in store.things or price not in store.things:
        return _missing(str(price))
    if (form["mode"] == "subscription") != bool(store.things[price]["recurring"]):
        return _error(400, "The price does not fit the mode.")
    kept = ("customer", "mode", "client_reference_id", "success_url", "cancel_url")
    return 200, store.session(price=price, **{name: form.get(name) for name in kept})


def _expire_session(store: Store, _form: Thing, session_id: str) -> Answer:
    found = store.things.get(session_id)
    if found is None:
        return _missing(session_id)
    if found["status"] != "open":
        return _error(400, "Only Checkout Sessions with a status in [open] can be expired.")
    lives.expire(store, found)
    return 200, found


def _make_portal(store: Store, form: Thing) -> Answer:
    if form.get("customer") not in store.things:
        return _missing(str(form.get("customer")))
    return 200, store.portal(form["customer"], form["return_url"])


def _change_subscription(store: Store, form: Thing, subscription_id: str) -> Answer:
    found = store.things.get(subscription_id)
    if found is None:
        return _missing(subscription_id)
    if found["ended_at"]:
        return _error(400, "A canceled subscription can only update its cancellation_details and metadata.")
    if "trial_end" in form:
        lives.move_renewal(store, found, moment=int(form["trial_end"]))
    else:
        lives.set_renewing(store, found, is_renewing=not form["cancel_at_period_end"])
    return 200, found


def _end_subscription(store: Store, _query: Thing, subscription_id: str) -> Answer:
    found = store.things.get(subscription_id)
    if found is None or found["ended_at"]:
        return _missing(subscription_id)
    lives.cancel(store, found)
    return 200, found


def _void_invoice(store: Store, _form: Thing, invoice_id: str) -> Answer:
    found = store.things.get(invoice_id)
    if found is None:
        return _missing(invoice_id)
    if found["status"] not in ("open", "uncollectible"):
        return _error(400, "You can only void an invoice that is open or uncollectible.")
    lives.void(store, found)
    return 200, found


def _found(store: Store, query: Thing, thing_id: str) -> Answer:
    """One thing, with what was asked to be expanded."""
    found = store.things.get(thing_id)
    if found is None:
        return _missing(thing_id)
    shown, wanted = deepcopy(found), set(query.get("expand", {}).values())
    if "payments" in wanted:
        shown["payments"] = listed(store.of_kind("invoice_payment", invoice=thing_id)[::-1])
    if "latest_charge" in wanted:
        shown["latest_charge"] = store.things[shown["latest_charge"]]
    return 200, shown


def _list(kind: str, *names: str) -> Asked:
    """A list of things of a kind, filtered by these fields, page by page."""

    def answered(store: Store, query: Thing) -> Answer:
        found = store.of_kind(kind, **{name: query[name] for name in names if name in query})
        since = int(query.get("created", {}).get("gte", 0))
        found = [each for each in found if each["created"] >= since]
        after = (
            [each["id"] for each in found].index(query["starting_after"]) + 1
            if "starting_after" in query
            else 0
        )
        most = int(query.get("limit", MOST))
        return 200, listed(found[after : after + most], has_more=len(found) > after + most)

    return answered


def _invoices(store: Store, query: Thing) -> Answer:
    """Invoices, also those of one subscription alone: an invoice names it deeper than its other fields."""
    if "subscription" not in query:
        return _list("invoice", "customer", "status")(store, query)
    found = store.things.get(query["subscription"])
    wanted = query.get("status")
    own = lives.invoices_of(store, found) if found else []
    return 200, listed([each for each in own if wanted in (None, each["status"])])


def _payments(store: Store, query: Thing) -> Answer:
    wanted = query["payment"]["payment_intent"]
    found = store.of_kind("invoice_payment")
    return 200, listed([each for each in found if each["payment"]["payment_intent"] == wanted])


def _event(store: Store, _query: Thing, event_id: str) -> Answer:
    found = next((each for each in store.events if each["id"] == event_id), None)
    return (200, found) if found else _missing(event_id)


ONE = r"/([A-Za-z0-9_]+)"
ROUTES: tuple[tuple[str, str, Asked], ...] = (
    ("POST", "/v1/customers", _make_customer),
    ("POST", "/v1/checkout/sessions", _make_session),
    ("POST", f"/v1/checkout/sessions{ONE}/expire", _expire_session),
    ("POST", "/v1/billing_portal/sessions", _make_portal),
    ("POST", f"/v1/subscriptions{ONE}", _change_subscription),
    ("DELETE", f"/v1/subscriptions{ONE}", _end_subscription),
    ("GET", "/v1/subscriptions", _list("subscription", "customer")),
    ("GET", "/v1/invoices", _invoices),
    ("POST", f"/v1/invoices{ONE}/void", _void_invoice),
    ("GET", "/v1/disputes", _list("dispute", "payment_intent")),
    ("GET", "/v1/invoice_payments", _payments),
    ("GET", f"/v1/events{ONE}", _event),
    (
        "GET",
        f"/v1/(?:customers|prices|checkout/sessions|subscriptions|invoices|payment_intents|charges|refunds|disputes){ONE}",
        _found,
    ),
)


class InProcess(stripe.HTTPClient):
    """Lets Stripe's library talk to the stand-in without a socket."""

    name = "in process"

    def __init__(self, api: Api) -> None:
        super().__init__()
        self._api = api

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Answer as over HTTP; silence as after a timeout."""
        try:
            status, thing = self._api.answer(method, url, headers or {}, post_data or "")
        except Silence as error:
            raise stripe.APIConnectionError("the stand-in does not answer") from error  # type: ignore[no-untyped-call]
        return json.dumps(thing), status, {"request-id": "req_pretend"}

    def close(self) -> None:
        """There is nothing to close."""
