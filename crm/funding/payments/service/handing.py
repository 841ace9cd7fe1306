"""The file of a released run, handed out for the bank as long as every account in it is one to pay to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from crm.audit.queries import entries_on
from crm.db.states import refuse_if
from crm.funding.payments.models import PaymentRun
from crm.funding.payments.queries import details as details_queries
from crm.funding.payments.queries import payments as queries
from crm.funding.payments.queries.details import Payee
from crm.funding.payments.service.running import file_of, first_stop
from crm.funding.payments.workflow import Act, RunStatus

FILE_OR_CALL = "If they are refused, the file can be downloaded. If they are confirmed, settle each payment of this run by hand as not paid."
BY_HAND = "Settle each payment of this run by hand as not paid. Then make it due again."
SETTLED_WITHOUT = "A payment of this run was settled and nobody had the file, so it could be paid twice. Settle the others by hand too."

SAID = "A person said by hand what became of a payment of this run, so its file waits until another one has confirmed or refused that."


def downloaded(runs: Collection[PaymentRun]) -> set[UUID]:
    """Which of some runs have a file that somebody downloaded: the bank may have it."""
    found = entries_on("payment_run", [each.id for each in runs], act=Act.DOWNLOAD) if runs else ()
    return {UUID(each.thing_id) for each in found}


def whys_kept(runs: Collection[PaymentRun]) -> dict[UUID, str]:
    """Of each of some released runs that nobody has downloaded, why nobody can: an account in it is not one to pay to any more."""
    owners = {each.payment.business_id for run in runs for each in run.lines}
    payees = details_queries.payees(owners) if owners else {}
    said = queries.said_by_hand({each.payment_id for run in runs for each in run.lines}) if owners else set()
    return {each.id: why for each in runs if (why := _why_kept(each, payees, said))}


def _why_kept(run: PaymentRun, payees: Mapping[UUID, Payee], said: set[UUID]) -> str | None:
    if not all(each.is_open for each in run.lines):
        return SETTLED_WITHOUT
    if any(each.payment_id in said for each in run.lines):
        return SAID
    stop = first_stop(run, payees)
    return f"{stop.why} {FILE_OR_CALL if stop.waits_for_call else BY_HAND}" if stop else None


def why_kept(run: PaymentRun) -> str | None:
    """Why nobody gets the file of this run now; None where it can be downloaded.

    A file that was downloaded before stays the same, and is given again: the bank may have it already.
    """
    if run.status is not RunStatus.RELEASED or downloaded([run]):
        return None
    whole = queries.run(run.id)
    return whys_kept([whole]).get(run.id) if whole else None


def file_for_the_bank(run: PaymentRun) -> bytes:
    """The file of a released run. Raises `Conflict` where nobody has it and it would pay to an account that is not to be paid to."""
    whole = file_of(run)
    refuse_if(why_kept(run))
    return whole
