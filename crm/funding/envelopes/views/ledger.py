"""The ledger of an envelope, as a list and as a file; and whether every total is its sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.service.extracting import noting
from crm.db.holding import held_among, why_held
from crm.funding.envelopes.forms import IN_ALL, LedgerFilter
from crm.funding.envelopes.models import Envelope, LedgerEntry
from crm.funding.envelopes.papers import LEDGER_HEAD, ledger_cells
from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.queries.reversals import asked_for
from crm.funding.envelopes.rules import ACCOUNTS, IN_ALL_WORDS, LINES, MOVEMENTS, Balances, Line, Subject
from crm.funding.envelopes.rules import LedgerAccount as A
from crm.funding.envelopes.views import showing
from crm.funding.envelopes.views.promises import (
    ALONE,
    Promises,
    every_kind,
    named_alone,
    page_of_alone,
    page_of_sums,
    promises,
    promises_of,
)
from crm.funding.envelopes.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.extracts import csv_response
from crm.web.filtering import as_offered, chosen
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("envelope_ledger", __name__)
permit = permits(POLICY)
SHOWN_BY = {
    "Limit": A.FUND,
    "Free": A.FREE,
    "Reserved": A.RESERVED,
    "Committed in all": IN_ALL,
    "Committed, not yet claimed": A.COMMITTED,
    "Claimed, not yet paid": A.CLAIMED,
    "Paid": A.PAID,
    "Recovered": A.RECOVERED,
}
"""The account whose entries a total of the reconciliation opens."""
WORDS = {"lines": LINES, "accounts": ACCOUNTS, "movements": MOVEMENTS, "in_all": IN_ALL_WORDS}


@blueprint.get("/envelopes/<uuid:envelope_id>/ledger")
@permit(Act.VIEW, audience=Audience.INTERNAL, load=queries.envelope)
def ledger(found: Envelope) -> ResponseReturnValue:
    """The entries of an envelope, newest first: all of them, or those of a line, an account or a subject."""
    filters = as_offered(LedgerFilter(request.args))
    search = filters.search()
    page = page_of(queries.ledger(found.id, cursor(), search=search))
    count, held = queries.found_sums(found.id, search)
    shown: dict[str, Any] = {"page": page, "count": count, "held": held, "search": search, **WORDS}
    shown |= {"filters": filters, "about": showing.about(found.id, page.rows), "extract": _extract(found)}
    shown |= {"reversed": queries.reversed_of(each.id for each in page.rows)}
    shown |= {"may_reverse": _reversible(page.rows), "asked": asked_for(each.id for each in page.rows)}
    return render_template("funding/envelopes/ledger.html", envelope=found, **shown)


def _reversible(entries: Iterable[LedgerEntry]) -> set[int]:
    """Which entries this person can reverse here; those of an award, say, are changed on its own page."""
    mine = [each for each in entries if POLICY.allows(current_actor(), Act.ASK_REVERSAL, each)]
    about = {each.subject for each in mine}
    held = {each for each in about if why_held(each.table, each.id)}
    lying = queries.lying_about(about - held)
    there = {each.id for each in mine if each.subject not in held and _is_there(each, lying)}
    return there - held_among("ledger_entry", there)


def _is_there(entry: LedgerEntry, lying: Mapping[tuple[UUID, Line, Subject], Balances]) -> bool:
    """Whether what an entry moved is still where it went: else it cannot be moved back."""
    held = lying.get((entry.envelope_id, entry.line, entry.subject))
    return entry.target is A.FREE or (held is not None and entry.amount <= held[entry.target])


def _given() -> dict[str, list[str]]:
    return {name: values for name, values in request.args.lists() if name != "page"}


def _extract(found: Envelope) -> str:
    address = url_for("envelope_ledger.extract", envelope_id=found.id)
    return f"{address}?{urlencode(_given(), doseq=True)}".rstrip("?")


@blueprint.get("/envelopes/<uuid:envelope_id>/ledger.csv")
@permit(
    Act.EXTRACT,
    audience=Audience.INTERNAL,
    load=queries.envelope,
    leaves_trace="who downloaded which entries, and how many",
)
def extract(found: Envelope) -> ResponseReturnValue:
    """The same entries as a file, oldest first; who downloaded it is recorded."""
    entries = list(queries.every_entry(found.id, as_offered(LedgerFilter(request.args)).search()))
    about = showing.about(found.id, entries)
    rows = [ledger_cells(each, about[each.subject].words) for each in entries]
    after(noting(Act.EXTRACT, {"envelope": [found.name], **_given()}, rows=len(rows), by=current_actor()))
    return csv_response("ledger.csv", LEDGER_HEAD, rows=rows)


@blueprint.get("/reconciliation")
@permit(Act.VIEW, audience=Audience.INTERNAL)
def reconciliation() -> ResponseReturnValue:
    """Every total that any page shows beside the sum of its entries, and every award beside its own, to the penny."""
    kind = chosen("of", every_kind())
    if kind:
        return _compared_page(promises_of(every_kind()[kind], current_actor()))
    checks = queries.reconciled()
    wrong = [each for each in checks if each.differences]
    shown: dict[str, Any] = {"checks": checks, "wrong": wrong, "promises": promises(current_actor())}
    shown["accounts"] = SHOWN_BY
    return render_template("funding/envelopes/reconciliation.html", **shown)


def _compared_page(found: Promises) -> str:
    """What one kind of sum adds up, thing by thing, beside the ledger; or only what the ledger alone has."""
    if chosen("show", (ALONE,)):
        return _alone_page(found)
    page = page_of_sums(found, current_actor())
    # Further pages of the sums do not begin with what is beside them once more.
    alone = named_alone(found.about) if found.alone.count and not page.previous_href else ()
    return render_template("funding/envelopes/compared.html", found=found, page=page, alone=alone)


def _alone_page(found: Promises) -> str:
    return render_template("funding/envelopes/alone.html", found=found, page=page_of_alone(found))
