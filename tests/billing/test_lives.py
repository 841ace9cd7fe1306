"""Whatever happens in the life of a subscription, and in whatever order it is heard, the membership is the same."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import stripe as library
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.billing import queries
from crm.billing.models import CardCustomer
from crm.billing.rules import Payment, Period, laid_out
from crm.billing.service import hearing
from crm.billing.service.hearing import Look, Ours
from crm.gateways.payments.facts import Payments
from crm.gateways.payments.reading import read_event
from crm.gateways.payments.stripe_api import StripePayments
from crm.gateways.pretend_stripe import lives
from crm.gateways.pretend_stripe.api import Api, InProcess
from crm.gateways.pretend_stripe.store import YEARLY, Store, Thing
from crm.kernel.clock import day_of, now
from tests import factories

OURS = Ours(is_live=False, prices=frozenset({YEARLY}))
STEPS = (
    *("renew", "fail", "recover", "stop", "resume"),
    *("end", "refund", "refund_part", "dispute", "win", "lose", "again"),
)


@dataclass
class Life:
    """One member at the stand-in, to whom things happen."""

    store: Store
    customer: Thing
    moment: datetime
    disputes: list[Thing] = field(default_factory=list)

    def begin(self) -> None:
        made = self.store.session(
            price=YEARLY, customer=self.customer["id"], mode="subscription", client_reference_id=None
        )
        lives.pay(self.store, made)

    def go_on(self, step: str) -> None:
        """Do one thing, where it can be done now."""
        self.moment += timedelta(days=1)
        live = [each for each in self.store.of_kind("subscription") if not each["ended_at"]]
        paid = [each for each in self.store.of_kind("invoice") if each["status"] == "paid"]
        if step == "again" and not live and not self.bought():
            self.disputes.clear()
            self.begin()
        if live:
            self._of_subscription(step, live[0])
        if paid:
            self._of_payment(step, paid[0])

    def _of_subscription(self, step: str, found: Thing) -> None:
        doing: dict[str, Any] = {"fail": lives.fail, "recover": lives.recover, "end": lives.end}
        if step == "renew" and found["status"] == "active":
            lives.renew(self.store, found)
        elif step in doing:
            doing[step](self.store, found)
        elif step in ("stop", "resume"):
            lives.set_renewing(self.store, found, is_renewing=step == "resume")

    def _of_payment(self, step: str, found: Thing) -> None:
        charge = lives.charge_of(self.store, found)
        if step in ("refund", "refund_part") and not charge["refunded"]:
            lives.refund(self.store, found, pence=5_000 if step == "refund_part" else None)
        elif step == "dispute" and not charge["disputed"]:
            self.disputes.append(lives.dispute(self.store, found))
        elif step in ("win", "lose") and self.disputes:
            lives.close_dispute(self.store, self.disputes.pop(), is_won=step == "win")

    def bought(self) -> set[Period]:
        """What the payments that were kept have bought: worked out from the stand-in alone."""
        return {self._span(each) for each in self.store.of_kind("invoice") if self._is_kept(each)}

    def _is_kept(self, invoice: Thing) -> bool:
        if invoice["status"] != "paid":
            return False
        charge = lives.charge_of(self.store, invoice)
        disputes = self.store.of_kind("dispute", payment_intent=charge["payment_intent"])
        return not charge["refunded"] and all(each["status"] == "won" for each in disputes)

    @staticmethod
    def _span(invoice: Thing) -> Period:
        period = invoice["lines"]["data"][0]["period"]
        first, after = (day_of(datetime.fromtimestamp(period[name], UTC)) for name in ("start", "end"))
        return Period(first, after - timedelta(days=1))


@dataclass
class Ear:
    """Hears events, some of them by what Stripe said a while ago."""

    payments: Payments
    clock: datetime
    waiting: list[tuple[Thing, Look | None]] = field(default_factory=list)

    def look(self, event: Thing) -> Look:
        self.clock += timedelta(milliseconds=1)
        found = read_event(event)
        return Look(self.payments.look(found.kind, found.about), self.clock)

    def hear(self, event: Thing, look: Look | None) -> None:
        hearing.hear(read_event(event), look or self.look(event), ours=OURS)


@pytest.mark.engine("sqlite")
@settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=9), seed=st.integers(0, 10_000))
def test_n45_to_n47_every_life_of_a_subscription_heard_in_any_order_late_or_twice_ends_in_the_same_membership(
    db: Session, reference: None, steps: list[str], seed: int
) -> None:
    chance, store = random.Random(seed), Store()
    with db.begin_nested() as point:
        owner = factories.account()
        life = Life(store, store.customer(), now())
        store.clock = lambda: life.moment
        db.add(CardCustomer(account_id=owner.id, customer_id=life.customer["id"], made_at=now()))
        ear = Ear(StripePayments("sk_test_x", secret="x", price_id=YEARLY, http=InProcess(Api(store))), now())
        sent = 0
        for step in ("begin", *steps, "flush"):
            life.begin() if step == "begin" else life.go_on(step)
            for event in store.events[sent:]:
                look = ear.look(event) if chance.random() < 0.3 else None  # heard later than it was asked
                ear.waiting += [(event, look)] * chance.choice((1, 1, 2))
            sent = len(store.events)
            chance.shuffle(ear.waiting)
            heard = len(ear.waiting) if step == "flush" else chance.randrange(len(ear.waiting) + 1)
            for _ in range(heard):
                ear.hear(*ear.waiting.pop())
        spans = queries.live_spans_of([owner.id]).get(owner.id, [])
        assert (len(spans), set(spans)) == (len(life.bought()), life.bought())
        point.rollback()
    db.expunge_all()


DAYS = st.dates(date(2025, 1, 1), date(2028, 1, 1))
SPANS = st.builds(lambda day, length: Period(day, day + timedelta(days=length)), DAYS, st.integers(20, 400))


@given(spans=st.lists(SPANS, max_size=6), others=st.lists(SPANS, max_size=2), seed=st.integers(0, 99))
def test_n42_payments_are_laid_out_alike_in_any_order_and_no_day_is_paid_twice(
    spans: list[Period], others: list[Period], seed: int
) -> None:
    payments = [Payment(f"in_{number}", span) for number, span in enumerate(spans)]
    found = laid_out(payments, others)
    random.Random(seed).shuffle(payments)
    assert laid_out(payments, others) == found
    assert set(found.spans) | found.twice == {each.key for each in payments}
    taken = sorted(found.spans.values(), key=lambda each: each.starts_on)
    assert all(one.ends_on < two.starts_on for one, two in pairwise(taken))
    lengths = {each.key: each.span.ends_on - each.span.starts_on for each in payments}
    assert all(span.ends_on - span.starts_on == lengths[key] for key, span in found.spans.items())


def test_the_stand_ins_things_have_the_shapes_of_stripes_own_types() -> None:
    life = Life(store := Store(), store.customer(), now())
    life.begin()
    for step in ("fail", "recover", "dispute", "refund_part"):
        life.go_on(step)
    kinds = {
        "customer": library.Customer,
        "price": library.Price,
        "checkout.session": library.checkout.Session,
        "billing_portal.session": library.billing_portal.Session,
        "subscription": library.Subscription,
        "subscription_item": library.SubscriptionItem,
        "invoice": library.Invoice,
        "line_item": library.InvoiceLineItem,
        "invoice_payment": library.InvoicePayment,
        "payment_intent": library.PaymentIntent,
        "charge": library.Charge,
        "refund": library.Refund,
        "dispute": library.Dispute,
        "event": library.Event,
    }
    store.portal(life.customer["id"], "https://made.example")
    things = [*store.things.values(), *store.events]
    things += [
        each
        for thing in things
        for name in ("items", "lines")
        for each in thing.get(name, {}).get("data", ())
    ]
    assert {each["object"] for each in things} == set(kinds)
    for each in things:
        assert set(each) <= set(kinds[each["object"]].__annotations__), each["object"]
