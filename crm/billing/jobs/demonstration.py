"""The demonstration's payments by card: a member in every state, at a stand-in that knows the same; all of it invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from crm.accounts.models import Account
from crm.accounts.queries import actor_of
from crm.billing import queries
from crm.billing.service import applying, asking_back, checking, checkout, hearing
from crm.billing.service.hearing import Look, Ours
from crm.config import STRIPE, Settings
from crm.db.session import SITE, session
from crm.gateways.payments.facts import CheckoutWanted, Event
from crm.gateways.payments.reading import read_event
from crm.gateways.payments.stripe_api import StripePayments
from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.api import Api, InProcess
from crm.gateways.pretend_stripe.store import YEARLY, Store, Thing
from crm.kernel.clock import now

OURS = Ours(is_live=False, prices=frozenset({YEARLY}))
A_YEAR = 365
NO_SECRET = ""
"""Events are handed over here, and not sent."""


@dataclass
class Life:
    """One member and what happens to their payments, so many days ago."""

    store: Store
    payments: StripePayments
    owner: Account
    heard: int = 0

    def visit(self, days_ago: int) -> Thing:
        """Open the payment page."""
        self.ago(days_ago)
        attempt = checkout.begin(self.owner, by=actor_of(self.owner))
        attempt.began_at = self.store.clock()
        known = queries.customer_of(self.owner.id)
        assert known is not None
        about = {"name": self.owner.name, "email": self.owner.email, "reference": str(self.owner.id)}
        if known.customer_id is None:
            checkout.know_customer(known, self.payments.customer(key=str(known.id), **about))
        base = session().info[SITE]["base_url"]
        wanted = CheckoutWanted(
            str(known.customer_id), str(attempt.id), f"{base}/membership/paid", f"{base}/membership"
        )
        made = self.payments.checkout(wanted, key=str(attempt.id))
        applying.apply(made, self.owner.id, looked_at=now())
        return self.store.things[made.id]

    def ago(self, days: int) -> None:
        """Let what happens next have happened so many days ago."""
        moment = now() - timedelta(days=days)
        self.store.clock = lambda: moment

    def hear(self) -> None:
        """Hear every event that was not heard yet."""
        session().flush()
        for told in self.store.events[self.heard :]:
            event = read_event(told)
            hearing.hear(event, Look(self.payments.look(event.kind, event.about), now()), ours=OURS)
        self.heard = len(self.store.events)

    def pay(self, days_ago: int) -> Thing:
        """Pay by card; return the invoice."""
        made = lives.pay(self.store, self.visit(days_ago))
        self.hear()
        return made

    @property
    def subscription(self) -> Thing:
        """The one that began last."""
        return self.store.of_kind("subscription")[0]


def _renews(life: Life) -> None:
    lives.refund(life.store, life.pay(40), pence=5_000)


def _in_grace(life: Life) -> None:
    life.pay(A_YEAR + 5)
    life.ago(5)
    lives.fail(life.store, life.subscription)


def _lapsed(life: Life) -> None:
    life.pay(A_YEAR + 60)
    life.ago(60)
    lives.fail(life.store, life.subscription)
    life.ago(40)
    lives.end(life.store, life.subscription)


def _stopping(life: Life) -> None:
    life.pay(200)
    lives.set_renewing(life.store, life.subscription, is_renewing=False)


def _disputed(life: Life) -> None:
    lives.dispute(life.store, life.pay(90))


def _refunded(life: Life) -> None:
    made = life.pay(20)
    life.ago(10)
    lives.refund(life.store, made)
    lives.end(life.store, life.subscription)


def _asked_back(life: Life) -> None:
    """A member who changed their mind a few days after they paid: it waits for the manager."""
    life.pay(5)
    paid = queries.payments_held(life.owner.id)[0]
    asking_back.ask_back(paid, by=actor_of(life.owner))


def _twice(life: Life) -> None:
    life.pay(15)
    again = life.store.session(
        price=YEARLY,
        customer=life.subscription["customer"],
        mode="subscription",
        client_reference_id=None,
    )
    lives.pay(life.store, again)


def _waiting(life: Life) -> None:
    lives.pay(life.store, life.visit(1), is_delayed=True)


def _expired(life: Life) -> None:
    lives.expire(life.store, life.visit(3))


def _won(life: Life) -> None:
    """A dispute that the bank decided for the network."""
    made = life.pay(120)
    life.ago(100)
    lives.close_dispute(life.store, lives.dispute(life.store, made), is_won=True)


def _lost(life: Life) -> None:
    """One that the bank decided for the card’s holder."""
    made = life.pay(110)
    life.ago(80)
    lives.close_dispute(life.store, lives.dispute(life.store, made), is_won=False)


def _bounced(life: Life) -> None:
    """A payment from a bank account that failed in the end."""
    visit = life.visit(12)
    lives.pay(life.store, visit, is_delayed=True)
    life.hear()
    life.ago(6)
    lives.bounce(life.store, visit)


def _started(life: Life) -> None:
    """An attempt of which Stripe has not said anything yet."""
    checkout.begin(life.owner, by=actor_of(life.owner))


def _open(life: Life) -> None:
    life.visit(0)


ODD: tuple[dict[str, Any], ...] = (
    {"is_live": True},
    {"about": "in_1another"},
    {"type": "price.updated", "kind": "price", "about": "price_1another"},
)
"""Events in the wrong mode, of another's invoice, and of a kind that we do not act on."""
STORIES: Mapping[str, Callable[[Life], None]] = {
    "Tara": _renews,
    "Ugo": _in_grace,
    "Vera": _lapsed,
    "Wim": _stopping,
    "Xena": _disputed,
    "Yves": _refunded,
    "Zoe": _twice,
    "Anouk": _waiting,
    "Boris": _expired,
    "Celia": _open,
    "Xavi": _won,
    "Yael": _lost,
    "Zeno": _bounced,
    "Yoko": _started,
    "Zita": _asked_back,
}
"""Who has which story, by first name."""


def tell(people: Mapping[str, Account], settings: Settings) -> None:
    """Let each of these members live their story, and the stand-in keep it in its file."""
    path = settings.data / "stripe.json"
    path.unlink(missing_ok=True)
    address = "http://127.0.0.1:8010" if settings.stripe_url == STRIPE else settings.stripe_url
    store = Store(address, path=path)
    payments = StripePayments("sk_test_demo", secret=NO_SECRET, price_id=YEARLY, http=InProcess(Api(store)))
    heard = 0
    for name, owner in people.items():
        life = Life(store, payments, owner, heard)
        STORIES[name](life)
        life.hear()
        heard = life.heard
    _leave_odd_ones(store, now())
    store.save()


def _leave_odd_ones(store: Store, moment: datetime) -> None:
    """An event of each kind that somebody has to look at, and a check that found something."""
    last = read_event(store.told_of("invoice.paid")[-1])
    nothing = Look(None, moment)
    for number, change in enumerate(ODD):
        event: Event = replace(last, id=f"evt_demo{number}", **change)
        hearing.hear(event, nothing, ours=OURS)
    hearing.note_failure(replace(last, id="evt_demo9"), hearing.SILENCE)
    checking.ask_nightly()
    session().flush()
    found = checking.begin_check()
    assert found is not None
    words = "Ugo Demo-Angel: a subscription was out of date, and was put right."
    checking.end_check(found, looked=22, repairs=[words])
