"""Reads of memberships, and of what Stripe has said of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import joinedload

from crm.accounts.models import Account, RoleGrant
from crm.billing.models import (
    CardCustomer,
    CardPayment,
    CardSubscription,
    CheckoutAttempt,
    MembershipPeriod,
    StripeCheck,
    StripeEvent,
)
from crm.billing.rules import GoneBack, Membership, Period, membership_on
from crm.billing.workflow import LIVE, UNDER_WAY, Invoiced, Outcome, Stage
from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.db.types import has_words
from crm.figures.queries import figure_on
from crm.kernel.clock import has_come, is_past, now, today
from crm.kernel.money import NO_MONEY
from crm.kernel.roles import Role

MOST = 200
A_DAY = timedelta(days=1)
ANEW = {"populate_existing": True}
"""Read as it is now, once its account is held: this session may have read it before."""
LATEST = Order(
    (StripeEvent.__table__.c.heard_at, StripeEvent.__table__.c.id),
    lambda each: (each.heard_at, each.id),
    is_descending=True,
)
BY_NAME = Order((Account.__table__.c.name, Account.__table__.c.id), lambda each: (each.name, each.id))


def grace_on(day: date) -> int:
    """For how many days after its last a membership still holds."""
    return int(figure_on("membership.grace_days", on=day))


def periods_of(account_id: UUID) -> Sequence[MembershipPeriod]:
    """Every period of an account, latest first, cancelled ones too."""
    query = select(MembershipPeriod).where(MembershipPeriod.account_id == account_id)
    query = query.options(joinedload(MembershipPeriod.recorded_by)).order_by(
        MembershipPeriod.starts_on.desc(), MembershipPeriod.recorded_at.desc()
    )
    return session().scalars(query.limit(MOST)).all()


def period_of(account_id: UUID, period_id: UUID) -> MembershipPeriod | None:
    """One period of just this account."""
    query = select(MembershipPeriod).where(
        MembershipPeriod.account_id == account_id, MembershipPeriod.id == period_id
    )
    return session().scalar(query)


def live_spans_of(account_ids: Collection[UUID]) -> dict[UUID, list[Period]]:
    """The periods of some accounts that were not voided: one query."""
    query = select(MembershipPeriod.account_id, MembershipPeriod.starts_on, MembershipPeriod.ends_on)
    query = query.where(
        MembershipPeriod.account_id.in_(list(account_ids)), MembershipPeriod.voided_at.is_(None)
    )
    found: dict[UUID, list[Period]] = {}
    for account_id, starts_on, ends_on in session().execute(query):
        found.setdefault(account_id, []).append(Period(starts_on, ends_on))
    return found


def memberships_of(account_ids: Collection[UUID], *, on: date) -> dict[UUID, Membership]:
    """Where some accounts stand on a day: two queries, however many there are."""
    spans, grace = live_spans_of(account_ids), grace_on(on)
    return {each: membership_on(spans.get(each, ()), on=on, grace_days=grace) for each in account_ids}


def membership_of(account_id: UUID, *, on: date) -> Membership:
    """The membership of an account on a day."""
    return memberships_of([account_id], on=on)[account_id]


def in_grace(on: date) -> Sequence[tuple[Account, date]]:
    """Those whose paid time is over and whose membership still holds, each with their last paid day, the oldest first."""
    last = func.max(MembershipPeriod.ends_on)
    paid = (
        select(MembershipPeriod.account_id, last.label("until"))
        .where(MembershipPeriod.voided_at.is_(None))
        .group_by(MembershipPeriod.account_id)
        .having(last < on, last >= on - timedelta(days=grace_on(on)))
        .subquery()
    )
    query = select(Account, paid.c.until).join(paid, paid.c.account_id == Account.id)
    rows = session().execute(query.order_by(paid.c.until, Account.name).limit(MOST))
    return [(account, until) for account, until in rows]


def members(text: str = "", *, cursor: str | None = None) -> Slice[Account]:
    """One page of accounts that are investors or ever paid, by name; only those with the words in their name or email."""
    paid = select(MembershipPeriod.account_id)
    angels = select(RoleGrant.account_id).where(
        RoleGrant.role == Role.ANGEL, has_come(RoleGrant.valid_from, on=today())
    )
    query = select(Account).where(Account.id.in_(paid.union(angels)))
    if text:
        query = query.where(has_words(text, Account.__table__.c.name, Account.__table__.c.email))
    return slice_of(query, BY_NAME, cursor=cursor)


def hold(account_id: UUID) -> None:
    """Lock an account until this transaction ends, so that no two record a period of it at once."""
    session().execute(select(Account.id).where(Account.id == account_id).with_for_update())


def customer_of(account_id: UUID) -> CardCustomer | None:
    """A person as Stripe knows them, if they ever began to pay by card."""
    return session().scalar(select(CardCustomer).where(CardCustomer.account_id == account_id))


def account_of_customer(customer_id: str) -> UUID | None:
    """Whose customer this is; None for anyone else's."""
    query = select(CardCustomer.account_id).where(CardCustomer.customer_id == customer_id)
    return session().scalar(query) if customer_id else None


def attempt_under_way(account_id: UUID) -> CheckoutAttempt | None:
    """The visit to the payment page that can still be paid, or whose payment can still arrive."""
    query = select(CheckoutAttempt).where(CheckoutAttempt.account_id == account_id)
    return session().scalar(query.where(CheckoutAttempt.stage.in_(UNDER_WAY)), execution_options=ANEW)


def page_to_close() -> CheckoutAttempt | None:
    """The payment page that Stripe has waited longest to be asked to close."""
    query = select(CheckoutAttempt).where(
        CheckoutAttempt.closes_at.is_not(None),
        CheckoutAttempt.closes_at <= now(),
        CheckoutAttempt.stage == Stage.OPEN,
    )
    return session().scalar(
        query.order_by(CheckoutAttempt.closes_at).limit(1).with_for_update(skip_locked=True)
    )


def payments_on_their_way(account_ids: Collection[UUID]) -> set[UUID]:
    """Who of some people has paid, and the payment has not arrived or is not written here yet: no query for no one."""
    ids = list(account_ids)
    query = select(CheckoutAttempt.account_id).where(CheckoutAttempt.account_id.in_(ids), _is_on_its_way())
    return set(session().scalars(query)) if ids else set()


def _is_on_its_way() -> ColumnElement[bool]:
    """Paid from a bank account, which takes days; or by card within a day, and Stripe has not told us of the invoice."""
    written = select(CardPayment.id).where(
        CardPayment.invoice_id == CheckoutAttempt.invoice_id,
        CardPayment.invoiced.not_in((Invoiced.DRAFT, Invoiced.OPEN)),
    )
    is_new = CheckoutAttempt.began_at >= now() - A_DAY
    is_unwritten = (CheckoutAttempt.invoice_id != "") & ~written.exists()
    return (CheckoutAttempt.stage == Stage.WAITING) | (
        (CheckoutAttempt.stage == Stage.COMPLETE) & is_new & is_unwritten
    )


def gone_back(account_ids: Collection[UUID]) -> dict[UUID, GoneBack]:
    """What became of the last payment by card of some accounts, where it went back or may do so: one query."""
    query = select(CardPayment).where(
        CardPayment.account_id.in_(list(account_ids)),
        CardPayment.amount > NO_MONEY,
        CardPayment.invoiced == Invoiced.PAID,
    )
    rows = session().scalars(query.order_by(CardPayment.starts_on, CardPayment.number))
    last = {each.account_id: each for each in rows}
    return {key: told for key, each in last.items() if (told := each.gone_back) is not None}


def sessions_under_way() -> Sequence[str]:
    """The payment pages, by Stripe's ids, that can still be paid as far as we have heard."""
    query = select(CheckoutAttempt.session_id).where(
        CheckoutAttempt.stage.in_(UNDER_WAY), CheckoutAttempt.session_id.is_not(None)
    )
    return [str(each) for each in session().scalars(query.order_by(CheckoutAttempt.began_at))]


def attempt_of(account_id: UUID, reference: str) -> CheckoutAttempt | None:
    """The attempt of this account with this id; None where the text is no id."""
    try:
        attempt_id = UUID(reference)
    except ValueError:
        return None
    query = select(CheckoutAttempt).where(CheckoutAttempt.account_id == account_id)
    return session().scalar(query.where(CheckoutAttempt.id == attempt_id), execution_options=ANEW)


def last_attempt(account_id: UUID) -> CheckoutAttempt | None:
    """The visit to the payment page that was begun last."""
    query = select(CheckoutAttempt).where(CheckoutAttempt.account_id == account_id)
    return session().scalar(query.order_by(CheckoutAttempt.began_at.desc(), CheckoutAttempt.id).limit(1))


def subscription_by(subscription_id: str) -> CardSubscription | None:
    """A subscription by Stripe's id."""
    query = select(CardSubscription).where(CardSubscription.subscription_id == subscription_id)
    return session().scalar(query, execution_options=ANEW)


def subscriptions_of(account_id: UUID) -> Sequence[CardSubscription]:
    """The subscriptions of an account, the one that began first first."""
    query = select(CardSubscription).where(CardSubscription.account_id == account_id)
    return (
        session().scalars(query.order_by(CardSubscription.began_at, CardSubscription.subscription_id)).all()
    )


def live_subscriptions(account_id: UUID) -> list[CardSubscription]:
    """The subscriptions that may still ask for money: the one to keep first. It renews and is paid for; of two, the older.

    One whose payment was made twice and goes back is the last.
    """
    found, twice = [each for each in subscriptions_of(account_id) if each.is_live], set[str]()
    if len(found) > 1:
        twice = {each.subscription_id for each in payments_of(account_id) if each.is_to_give_back}
    return sorted(found, key=lambda each: (each.subscription_id in twice, each.is_stopping, each.is_owed))


def live_subscription(account_id: UUID) -> CardSubscription | None:
    """The subscription that may still ask for money; of two, the one to keep."""
    return next(iter(live_subscriptions(account_id)), None)


def subscription_to_tell() -> CardSubscription | None:
    """The one that Stripe has waited longest to be told something of."""
    query = select(CardSubscription).where(
        CardSubscription.asks_at.is_not(None),
        CardSubscription.asks_at <= now(),
        CardSubscription.standing.in_(LIVE),
    )
    return session().scalar(
        query.order_by(CardSubscription.asks_at).limit(1).with_for_update(skip_locked=True)
    )


def renewals_of(account_ids: Collection[UUID]) -> dict[UUID, CardSubscription]:
    """The subscriptions that renew themselves, of some accounts."""
    query = select(CardSubscription).where(
        CardSubscription.account_id.in_(list(account_ids)),
        CardSubscription.standing.in_(LIVE),
        CardSubscription.is_stopping.is_(False),
        CardSubscription.is_to_end.is_(False),
    )
    return {each.account_id: each for each in session().scalars(query)}


def renewing_accounts() -> Sequence[Account]:
    """Everybody whose membership renews itself, by name."""
    query = select(Account).join(CardSubscription, CardSubscription.account_id == Account.id)
    query = query.where(
        CardSubscription.standing.in_(LIVE),
        CardSubscription.is_stopping.is_(False),
        CardSubscription.is_to_end.is_(False),
    )
    return session().scalars(query.order_by(Account.name, Account.id)).unique().all()


def payment_by(invoice_id: str) -> CardPayment | None:
    """An invoice by Stripe's id."""
    query = select(CardPayment).where(CardPayment.invoice_id == invoice_id)
    return session().scalar(query, execution_options=ANEW)


def any_payment(payment_id: UUID) -> CardPayment | None:
    """One payment by card."""
    return session().get(CardPayment, payment_id)


def payment(account_id: UUID, payment_id: UUID) -> CardPayment | None:
    """One payment by card of just this account."""
    query = select(CardPayment).where(CardPayment.account_id == account_id, CardPayment.id == payment_id)
    return session().scalar(query)


def payments_of(account_id: UUID) -> Sequence[CardPayment]:
    """The payments of an account by card, the latest first; not the invoices for nothing that move a renewal."""
    query = select(CardPayment).where(CardPayment.account_id == account_id, CardPayment.amount > NO_MONEY)
    query = query.options(joinedload(CardPayment.period))
    return session().scalars(query.order_by(CardPayment.starts_on.desc(), CardPayment.invoice_id)).all()


def payments_held(account_id: UUID) -> Sequence[CardPayment]:
    """The same once the account is held, each with the period that it bought, by the ids of their invoices."""
    query = select(CardPayment).where(CardPayment.account_id == account_id)
    query = query.options(joinedload(CardPayment.period))
    return session().scalars(query.order_by(CardPayment.invoice_id), execution_options=ANEW).all()


def by_hand_spans_of(account_id: UUID) -> list[Period]:
    """The periods of an account that count and that no payment by card has bought."""
    bought = select(CardPayment.period_id).where(
        CardPayment.account_id == account_id, CardPayment.period_id.is_not(None)
    )
    query = select(MembershipPeriod.starts_on, MembershipPeriod.ends_on).where(
        MembershipPeriod.account_id == account_id,
        MembershipPeriod.voided_at.is_(None),
        MembershipPeriod.id.not_in(bought),
    )
    return [Period(*each) for each in session().execute(query.order_by(MembershipPeriod.starts_on))]


def payments_to_decide() -> Sequence[CardPayment]:
    """Payments that were made twice and not given back, given back in part, or asked back: each waits for a person."""
    query = select(CardPayment).options(joinedload(CardPayment.account))
    is_partial = (CardPayment.refunded > CardPayment.settled) & (CardPayment.period_id.is_not(None))
    is_asked = CardPayment.asked_back_at.is_not(None)
    query = query.where(
        CardPayment.refunded < CardPayment.amount, CardPayment.is_twice | is_partial | is_asked
    )
    rows = session().scalars(query.order_by(CardPayment.starts_on, CardPayment.id).limit(MOST))
    return [each for each in rows if each.is_twice or each.is_to_settle]


def event_by(event_id: str) -> StripeEvent | None:
    """An event by Stripe's id."""
    return session().scalar(select(StripeEvent).where(StripeEvent.event_id == event_id))


def event(event_id: UUID) -> StripeEvent | None:
    """One event, with whom it is about."""
    query = select(StripeEvent).where(StripeEvent.id == event_id)
    return session().scalar(query.options(joinedload(StripeEvent.account)))


def _are_open() -> ColumnElement[bool]:
    is_odd = StripeEvent.outcome.not_in((Outcome.DONE, Outcome.IGNORED))
    return is_odd & StripeEvent.closed_at.is_(None)


def events(cursor: str | None = None, *, is_open: bool = False) -> Slice[StripeEvent]:
    """One page of events, the latest first; ``is_open`` are those that somebody has to look at."""
    query = select(StripeEvent).options(joinedload(StripeEvent.account))
    return slice_of(query.where(_are_open()) if is_open else query, LATEST, cursor=cursor)


def count_open_events() -> int:
    """How many events somebody has to look at."""
    return session().scalar(select(func.count()).select_from(StripeEvent).where(_are_open())) or 0


def last_check() -> StripeCheck | None:
    """The check with Stripe that was asked for last."""
    return session().scalar(select(StripeCheck).order_by(StripeCheck.asked_at.desc()).limit(1))


def check_to_do() -> StripeCheck | None:
    """The check that waits longest; one that another worker began an hour ago waits again."""
    query = select(StripeCheck).where(StripeCheck.ended_at.is_(None))
    lost = now() - timedelta(hours=1)
    query = query.where(StripeCheck.began_at.is_(None) | (StripeCheck.began_at < lost))
    return session().scalar(query.order_by(StripeCheck.asked_at).limit(1).with_for_update(skip_locked=True))


def periods_ending(on: date, *, within: int) -> Sequence[MembershipPeriod]:
    """Periods whose last day comes within so many days, and whose member was not reminded of it."""
    query = select(MembershipPeriod).where(
        MembershipPeriod.voided_at.is_(None),
        MembershipPeriod.reminded_at.is_(None),
        not_(is_past(MembershipPeriod.ends_on, on=on)),
        has_come(MembershipPeriod.ends_on, on=on + timedelta(days=within)),
    )
    return session().scalars(query.order_by(MembershipPeriod.ends_on, MembershipPeriod.id).limit(MOST)).all()
