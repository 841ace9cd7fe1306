"""The check with Stripe, made by the worker: outside of any transaction while Stripe is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from uuid import UUID

from flask import current_app

from crm.billing import queries
from crm.billing.models import StripeCheck
from crm.billing.service import checking
from crm.billing.service.checking import LOOKS_BACK
from crm.billing.service.hearing import Look, Ours
from crm.db.session import Database, session
from crm.gateways.payments.facts import Payments, PaymentsUnavailable
from crm.kernel.clock import now


def check_nightly() -> None:
    """Daily: compare everything that Stripe has with what stands here."""
    if current_app.extensions["payments"] is not None:
        checking.ask_nightly()


def work_on_checks(database: Database, pause: Callable[[], bool]) -> bool:
    """Make the check that waits longest; whether there was one."""
    payments: Payments | None = current_app.extensions["payments"]
    if payments is None:
        return False
    with database.transaction():
        begun = checking.begin_check()
        check_id = begun.id if begun else None
    if check_id is None:
        return False
    Comparing(database, payments).make(check_id, pause)
    return True


@dataclass
class Comparing:
    """One check under way: how many things were looked at, and what was put right."""

    database: Database
    payments: Payments
    looked: int = 0
    repairs: list[str] = field(default_factory=list)

    def make(self, check_id: UUID, pause: Callable[[], bool]) -> None:
        """Compare each thing in a transaction of its own. Where Stripe falls silent, what was found so far is kept."""
        fault = ""
        try:
            for kind, about in chain(self._visits(), self.payments.listed(since=now() - LOOKS_BACK)):
                self._compare(kind, about)
                if pause():
                    fault = "It was stopped. The next one goes on."
                    break
        except PaymentsUnavailable as error:
            fault = str(error)
        with self.database.transaction():
            found = session().get_one(StripeCheck, check_id)
            checking.end_check(found, looked=self.looked, repairs=self.repairs, fault=fault)

    def _visits(self) -> list[tuple[str, str]]:
        """The payment pages that were left open here: whether they were paid may not have been heard."""
        with self.database.transaction():
            return [("checkout.session", each) for each in queries.sessions_under_way()]

    def _compare(self, kind: str, about: str) -> None:
        looked_at = now()
        look = Look(self.payments.look(kind, about), looked_at)
        with self.database.transaction():
            words = checking.compare(look, Ours(self.payments.is_live, self.payments.prices))
        self.looked += 1
        if words:
            self.repairs.append(words)
