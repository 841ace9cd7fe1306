"""The CHECKs of envelopes, the ledger and subsidies, each with a change that it refuses; and rows to change."""

from __future__ import annotations

from crm.funding.envelopes.models import EnvelopeChange
from crm.funding.envelopes.rules import Line
from crm.funding.envelopes.service import posting, reversing
from crm.funding.subsidy.service import linking
from crm.kernel.clock import now
from crm.kernel.companies import CompanyNumber
from crm.kernel.money import NO_MONEY, Money
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import Cast
from tests.funding.envelopes.money import REASON, an_award, envelope
from tests.funding.payments.paying import payments_of, proposed
from tests.funding.subsidy.test_giving import prepared

ENTRY = (
    "INSERT INTO ledger_entry (envelope_id, line, movement, source, target, amount, subject_table, subject_id, "
    "reason, at, reverses_id) SELECT envelope_id, line, {movement}, {source}, {target}, {amount}, subject_table, "
    "subject_id, {reason}, at, {reverses} FROM ledger_entry WHERE movement = 'reserve'"
)
AS_IT_IS = {
    "movement": "movement",
    "source": "source",
    "target": "target",
    "amount": "amount",
    "reason": "reason",
    "reverses": "NULL",
}


def _entry(**other: str) -> str:
    return ENTRY.format(**{**AS_IT_IS, **other})


CHECKS = {
    "ck_envelope_dates_in_order": "UPDATE envelope SET ends_on = '1999-12-31'",
    **{
        f"ck_{table}_{wall}": " ".join(("UPDATE", table, "SET", change))
        for table in ("envelope", "envelope_line")
        for wall, change in (
            ("within_limit", "reserved = limited_to - committed + 1"),
            ("reserved_not_negative", "reserved = -1"),
            ("within_committed", "claimed = committed + 1"),
        )
    },
    "ck_envelope_change_changes_something": "UPDATE envelope_change SET capital = 0",
    "ck_envelope_change_decided_if_not_proposed": "UPDATE envelope_change SET decided_at = proposed_at "
    "WHERE status = 'proposed'",
    "ck_envelope_change_approved_by_another": "UPDATE envelope_change SET decided_by_id = proposed_by_id "
    "WHERE status = 'approved'",
    "ck_envelope_change_refused_with_reason": "UPDATE envelope_change SET status = 'refused', "
    "decided_at = proposed_at WHERE status = 'proposed'",
    "ck_subsidy_amount_positive": "UPDATE subsidy SET amount = 0",
    "ck_subsidy_recorded_if_not_ours": "UPDATE subsidy SET kind = 'declared'",
    "ck_subsidy_notified_first": "UPDATE subsidy SET status = 'notified'",
    "ck_subsidy_confirmed_before_given": "UPDATE subsidy SET status = 'confirmed', notified_at = recorded_at, "
    "confirmed_at = recorded_at",
    "ck_subsidy_issued_at_if_issued": "UPDATE subsidy SET issued_at = recorded_at",
    "ck_subsidy_cancelled_with_reason": "UPDATE subsidy SET status = 'cancelled'",
    "ck_subsidy_published_if_due": "UPDATE subsidy SET published_on = given_on",
    "ck_bank_details_called_back_by_another": "UPDATE bank_details SET status = 'confirmed'",
    "ck_payment_run_released_at_if_released": "UPDATE payment_run SET released_at = made_at",
    "ck_payment_run_released_by_another": "UPDATE payment_run SET status = 'released', released_at = made_at, "
    "released_by_id = made_by_id, digest = 'x'",
    "ck_payment_amount_positive": "UPDATE payment SET amount = 0",
    "ck_payment_paid_at_if_paid": "UPDATE payment SET paid_at = requested_at",
    "ck_payment_part_paid_if_sent": "UPDATE payment SET part_paid = 1",
    "ck_payment_cancelled_with_reason": "UPDATE payment SET status = 'cancelled'",
    "ck_payment_settlement_in_words": "UPDATE payment_settlement SET words = ''",
    "ck_payment_settlement_confirmed_by_another": "UPDATE payment_settlement SET is_confirmed = TRUE, "
    "decided_by_id = proposed_by_id",
    "ck_payment_run_line_amount_positive": "UPDATE payment_run_line SET amount = 0",
    "ck_bank_answer_line_resolved_in_words": "UPDATE bank_answer_line SET resolved_by_id = NULL, "
    "resolved_at = '2026-01-01 00:00:00+00:00'",
    "ck_enterprise_link_ended_later": "UPDATE enterprise_link SET ended_at = '1999-12-31 00:00:00+00:00'",
    "ck_entry_reversal_with_reason": "UPDATE entry_reversal SET reason = ''",
    "ck_entry_reversal_decided_if_not_asked": "UPDATE entry_reversal SET decided_at = asked_at",
    "ck_entry_reversal_refused_with_reason": "UPDATE entry_reversal SET status = 'refused', decided_at = asked_at",
    "ck_entry_reversal_confirmed_by_another": "UPDATE entry_reversal SET status = 'confirmed', decided_at = asked_at, "
    "decided_by_id = asked_by_id",
    "ck_ledger_entry_amount_positive": _entry(amount="0"),
    "ck_ledger_entry_with_reason": _entry(reason="''"),
    "ck_ledger_entry_reversal_of_an_entry": _entry(movement="'reverse'", source="target", target="source"),
    "ck_ledger_entry_moves_as_its_movement_does": _entry(target="'paid'"),
}


def rows(cast: Cast) -> None:
    """An envelope with an entry, and a change to its limit that waits; a subsidy in preparation, and a parent company."""
    owner = factories.business()
    prepared(owner, 5)
    linking.link(owner, CompanyNumber("09999990"), source=REASON, by=SYSTEM)
    payments_of(cast)
    proposed(cast)
    made = envelope(cast, Money.pounds(500))
    (entry,) = posting.reserve(
        made.id, Line.CAPITAL, amount=Money.pounds(20), about=an_award(), reason=REASON, by=SYSTEM
    )
    reversing.ask(entry, reason=REASON, by=cast.finance_officer.actor)
    more = {"capital": Money.pounds(5), "revenue": NO_MONEY, "in_kind": NO_MONEY}
    proposer = cast.programme_manager.id
    factories.kept(
        EnvelopeChange(envelope_id=made.id, reason=REASON, proposed_by_id=proposer, proposed_at=now(), **more)
    )
