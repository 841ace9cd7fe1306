"""What billing brings to the house."""

from __future__ import annotations

from crm.billing.jobs.checking import check_nightly, work_on_checks
from crm.billing.jobs.telling import work_on_pages, work_on_renewals
from crm.billing.policy import POLICY, WRITERS
from crm.billing.rules import DISPUTES, INVOICED, OUTCOMES, STAGES, STANDINGS, WAYS, said_of_event
from crm.billing.views import desk, memberships, paying, stripe_events
from crm.billing.workflow import Act
from crm.db.ending import Stays
from crm.db.erasing import kept
from crm.db.personal import Personal
from crm.db.processing import CONTRACT, Processing
from crm.web.feature import DAILY, Area, Feature, Job, NavigationItem, Timed, Waiting

TAX = "the law on accounts and tax asks for records of payments"

FEATURE = Feature(
    name="billing",
    blueprints=(memberships.blueprint, paying.blueprint, stripe_events.machines, stripe_events.blueprint),
    policy=POLICY,
    timed=(Timed("check with Stripe", DAILY, check_nightly),),
    jobs=(
        Job("check with Stripe", work_on_checks),
        Job("renewals to change at Stripe", work_on_renewals),
        Job("payment pages to close at Stripe", work_on_pages),
    ),
    waits=(
        Waiting("Payments by card to decide about", WRITERS, Act.SETTLE, desk.payments_to_decide),
        Waiting("Events from Stripe to look at", WRITERS, Act.REPLAY, desk.events_to_look_at),
    ),
    pages={"stripe_event": ("stripe_events.event", "event_id")},
    words={
        "membership_period": "period of membership",
        "membership_period.way": WAYS,
        "card_customer": "customer at Stripe",
        "checkout_attempt": "payment by card",
        "checkout_attempt.stage": STAGES,
        "card_subscription": "membership that renews itself",
        "card_subscription.standing": STANDINGS,
        "card_payment": "invoice paid by card",
        "card_payment.invoiced": INVOICED,
        "card_payment.dispute": DISPUTES,
        "stripe_event": "event from Stripe",
        "stripe_event.outcome": OUTCOMES,
        "stripe_event.type": said_of_event,
        "stripe_check": "check with Stripe",
    },
    fields={
        "membership_period.account_id": "Member",
        "membership_period.starts_on": "First day",
        "membership_period.ends_on": "Last day",
        "membership_period.way": "Payment",
        "membership_period.voided_at": "Cancelled",
        "membership_period.voided_by_id": "Cancelled by",
        "membership_period.void_reason": "Reason for cancelling it",
        "membership_period.reminded_at": "Reminder sent",
        "checkout_attempt.invoice_id": "Invoice at Stripe",
        "checkout_attempt.closes_at": "Stripe is asked to close the page from",
        "card_subscription.is_stopping": "Stops at the end of the paid time",
        "card_subscription.is_to_stop": "Stripe is asked to stop it",
        "card_subscription.is_to_end": "Stripe is asked to end it",
        "card_subscription.moves_to": "Stripe is asked to renew it on",
        "card_subscription.asks_at": "Stripe is asked from",
        "card_payment.is_twice": "Paid twice",
        "card_payment.asked_back_at": "Refund asked for",
        "card_payment.settled": "Refund decided about",
        "card_payment.settled_note": "Reason",
        "stripe_event.words": "What happened",
        "stripe_event.account_id": "Member",
        "stripe_event.tries": "Times acted on",
        "stripe_event.closed_at": "Dealt with",
        "stripe_event.closed_by_id": "Dealt with by",
        "stripe_event.type": "What it says",
        "stripe_check.ended_at": "Finished",
        "stripe_check.looked": "Things compared",
        "stripe_check.repairs": "Put right",
    },
    navigation=(
        NavigationItem("Your membership", "billing.membership", Act.VIEW_OWN, Area.MEMBERSHIP, order=60),
        NavigationItem("Memberships", "billing.memberships", Act.LIST, Area.INVESTORS, order=62),
        NavigationItem("Card payments", "stripe_events.events", Act.LIST_EVENTS, Area.INVESTORS, order=63),
    ),
    processing=Processing(
        "Membership and its payments",
        "to run paid membership of the angel network",
        "investors",
        CONTRACT,
        "Stripe, for payments by card",
    ),
    personal={
        "card_customer.account_id": Personal("You at the payment service", "customer_id made_at"),
        "card_payment.account_id": Personal(
            "Payments by card", "number invoiced amount tax refunded starts_on ends_on"
        ),
        "card_subscription.account_id": Personal(
            "Subscriptions", "subscription_id standing began_at renews_at is_stopping ended_at"
        ),
        "checkout_attempt.account_id": Personal("Payments that you began", "stage began_at closes_at"),
        "membership_period.account_id": Personal(
            "Your membership", "starts_on ends_on way amount reference recorded_at voided_at"
        ),
        "stripe_event.account_id": Personal(
            "Messages of the payment service about you", "type kind outcome created_at heard_at"
        ),
    },
    retention=(
        Stays(
            "Membership and payments",
            (
                "membership_period",
                "card_payment",
                "card_customer",
                "card_subscription",
                "checkout_attempt",
                "stripe_event",
            ),
            "as long as the accounts of the service have to show them",
            TAX,
        ),
    ),
    erasure={
        "membership_period": kept("Membership", TAX),
        "card_payment": kept("Payments by card", TAX),
        "card_customer": kept("The customer at the payment service", TAX),
        "card_subscription": kept("Subscriptions", TAX),
        "checkout_attempt": kept("Payments that they began", TAX),
        "stripe_event": kept("Messages of the payment service", TAX),
    },
)
