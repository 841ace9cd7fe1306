"""How the stand-in sends its events: at once, late, twice, reversed, forged or never."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterable
from enum import StrEnum

import requests
import stripe

from crm.gateways.pretend_stripe.store import Thing
from crm.kernel.clock import now

log = logging.getLogger("pretend.stripe")
TRIES, PAUSE, LATE = 8, 0.5, 10.0
"""How often an event is tried, how many seconds lie between, and after how many a late one goes."""


class Manner(StrEnum):
    """How events are sent."""

    AT_ONCE = "at_once"
    LATE = "late"
    TWICE = "twice"
    REVERSED = "reversed"
    FORGED = "forged"
    NEVER = "never"


def signed(event: Thing, secret: str, *, moment: int | None = None) -> tuple[bytes, str]:
    """An event as it is posted, with its signature."""
    text = json.dumps(event)
    stamp = int(now().timestamp()) if moment is None else moment
    return text.encode(), stripe.WebhookSignature.generate_signature_header(text, secret, stamp)


class Sender:
    """Posts events to an address from a thread of its own, and tries again where it is not answered well."""

    def __init__(self, address: str, secret: str) -> None:
        self._address, self._secret = address, secret
        self.manner = Manner.AT_ONCE
        self._waiting: list[Thing] = []
        self._is_there = threading.Condition()
        threading.Thread(target=self._go_on, daemon=True).start()

    def take(self, event: Thing) -> None:
        """Send one event, in the manner that is set."""
        with self._is_there:
            self._waiting.append(event)
            self._is_there.notify()

    def _go_on(self) -> None:
        while True:
            with self._is_there:
                self._is_there.wait_for(lambda: bool(self._waiting))
            time.sleep(LATE if self.manner is Manner.LATE else PAUSE / 5)
            with self._is_there:
                taken, self._waiting = self._waiting, []
            self._send(taken)

    def _send(self, events: list[Thing]) -> None:
        if self.manner is Manner.NEVER:
            return
        ordered: Iterable[Thing] = events[::-1] if self.manner is Manner.REVERSED else events
        secret = "whsec_forged" if self.manner is Manner.FORGED else self._secret
        for each in ordered:
            for _copy in range(2 if self.manner is Manner.TWICE else 1):
                self._post(each, secret)

    def _post(self, event: Thing, secret: str) -> None:
        for _try in range(TRIES):
            raw, signature = signed(event, secret)
            headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
            try:
                answer = requests.post(self._address, data=raw, headers=headers, timeout=30)
                if answer.status_code < 500:
                    return
            except requests.RequestException as error:
                log.warning("the event %s was not taken: %s", event["id"], type(error).__name__)
            time.sleep(PAUSE)
