"""The ledger of an envelope, as a list and as a file; reversing an entry; and whether every total is its sum."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crm.businesses.service.extracting import noting
from crm.db.holding import why_held
from crm.funding.envelopes import queries
from crm.funding.envelopes.forms import LedgerFilter, ReasonForm
from crm.funding.envelopes.models import Envelope, LedgerEntry
from crm.funding.envelopes.papers import LEDGER_HEAD, ledger_cells
from crm.funding.envelopes.policy import POLICY
from crm.funding.envelopes.rules import ACCOUNTS, LINES, MOVEMENTS
from crm.funding.envelopes.service import posting
from crm.funding.envelopes.views import showing
from crm.funding.envelopes.views.promises import promises
from crm.funding.envelopes.workflow import Act
from crm.kernel.permissions import Audience
from crm.web.extracts import csv_response
from crm.web.filtering import as_offered
from crm.web.forms import Form, answer, saved
from crm.web.identity import current_actor
from crm.web.paging import cursor, page_of
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("envelope_ledger", __name__)
permit = permits(POLICY)
LEDGER = "envelope_ledger.ledger"
WORDS = {"lines": LINES, "accounts": ACCOUNTS, "movements": MOVEMENTS}


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
    shown |= {"may_reverse": _reversible(page.rows)}
    return render_template("funding/envelopes/ledger.html", envelope=found, **shown)


def _reversible(entries: Iterable[LedgerEntry]) -> set[int]:
    """Which entries this person can reverse here; those of an award, say, are changed on its own page."""
    mine = [each for each in entries if POLICY.allows(current_actor(), Act.REVERSE, each)]
    about = {each.subject for each in mine}
    held = {each for each in about if why_held(each.table, each.id)}
    return {each.id for each in mine if each.subject not in held}


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


@blueprint.route("/envelopes/<uuid:envelope_id>/ledger/<int:entry_id>/reverse", methods=["GET", "POST"])
@permit(Act.REVERSE, audience=Audience.INTERNAL, load=queries.entry_of, unless=posting.why_not_reversed)
def reverse_entry(found: LedgerEntry) -> ResponseReturnValue:
    """Undo an entry that was a mistake by its opposite."""
    form = ReasonForm.of_request()
    return answer(
        form,
        page=lambda: _reverse_entry_page(form, found),
        act=lambda: posting.reverse(found, reason=form.reason.data, by=current_actor()),
        then=lambda made: saved(
            f"Entry {found.id} reversed by entry {made.id}.", LEDGER, envelope_id=found.envelope_id
        ),
    )


def _reverse_entry_page(form: Form, found: LedgerEntry) -> str:
    about = showing.about(found.envelope_id, [found])[found.subject]
    return render_template(
        "funding/envelopes/reverse_entry.html", form=form, entry=found, about=about, **WORDS
    )


@blueprint.get("/reconciliation")
@permit(Act.VIEW, audience=Audience.INTERNAL)
def reconciliation() -> ResponseReturnValue:
    """Every total that any page shows beside the sum of its entries, and every award beside its own, to the penny."""
    checks = queries.reconciled()
    wrong = [each for each in checks if each.differences]
    shown = {"checks": checks, "wrong": wrong, "promises": promises(current_actor())}
    return render_template("funding/envelopes/reconciliation.html", **shown)
