"""An investor's own portfolio, one holding of it, and the file for a tax return. Open to former members too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crm.angels.deals.models import Investment
from crm.angels.deals.rules import labels as deal_labels
from crm.angels.deals.views.parts import offers_to_take, own_to_answer
from crm.angels.deals.workflow import PledgeStatus
from crm.angels.holdings.papers import HEAD, cells
from crm.angels.holdings.policy import POLICY
from crm.angels.holdings.queries import papers
from crm.angels.holdings.queries import portfolio as queries
from crm.angels.holdings.queries.updates import corrections_of
from crm.angels.holdings.rules import labels
from crm.angels.holdings.rules.quarters import quarter_in_words
from crm.angels.holdings.rules.reliefs import FIRST_YEAR, LAST_YEAR, tax_year_in_words
from crm.angels.holdings.workflow import Act
from crm.angels.pitches.policy import may_be_shown, may_be_shown_any
from crm.angels.pitches.views.reading import LEDGER, note_shown, warning
from crm.angels.pitches.workflow import Channel
from crm.angels.syndicates.queries.syndicates import ever_of_account
from crm.angels.syndicates.rules.labels import SYNDICATE_COLOURS, SYNDICATE_STATUSES
from crm.angels.syndicates.views.parts import places_to_confirm
from crm.businesses.service.extracting import noting
from crm.documents.queries import documents_about
from crm.kernel.permissions import Audience
from crm.web.extracts import table_response
from crm.web.feature import Todo
from crm.web.identity import current_actor
from crm.web.permit import permits
from crm.web.transaction import after

blueprint = Blueprint("holdings", __name__)
permit = permits(POLICY)
TAKEN = "who downloaded the investments of which tax year, and how many"


def words() -> dict[str, Any]:
    """What the pages call things."""
    return {"labels": labels, "deals": deal_labels, "quarter": quarter_in_words, "years": tax_year_in_words}


@blueprint.get("/portfolio")
@permit(Act.PORTFOLIO, audience=Audience.MEMBER, leaves_trace=LEDGER)
def portfolio() -> ResponseReturnValue:
    """What one pledged and holds, each instrument apart, with papers, updates and what is due."""
    actor = current_actor()
    assert actor.account_id is not None
    rows = queries.holdings_of(actor.account_id)
    shown: dict[str, Any] = {"groups": queries.grouped(rows), "rows": rows, **_pledges()}
    shown["reversed"] = 0 if rows else queries.count_reversed(actor.account_id)
    shown["can_browse"] = may_be_shown_any(actor, None)
    shown |= {"news": queries.news_of(rows), "syndicates": ever_of_account(actor.account_id)}
    shown |= {"tax_years": queries.tax_years(rows), "dues": queries.dues_of(rows)}
    shown["steps"] = _steps(shown)
    shown |= {"syndicate_labels": SYNDICATE_STATUSES, "syndicate_colours": SYNDICATE_COLOURS}
    return render_template("angels/holdings/portfolio.html", **shown, **words())


def _steps(shown: Mapping[str, Any]) -> tuple[Todo, ...]:
    """What waits for this investor about their pledges, investments and syndicates, as on their desk: asked where there are any."""
    actor = current_actor()
    has_offer = any(each.status is PledgeStatus.OFFERED for each in shown["pledges"])
    has_report = any(not each.counts for each in shown["rows"])
    offered = offers_to_take(actor) if has_offer else ()
    reported = own_to_answer(actor) if has_report else ()
    return (*offered, *reported, *(places_to_confirm(actor) if shown["syndicates"] else ()))


def _pledges() -> dict[str, Any]:
    """One's pledges; the pitch of each is named only where it may be shown, with the warning, and then noted in the ledger."""
    actor = current_actor()
    assert actor.account_id is not None
    found = queries.pledges_of(actor.account_id)
    open_ = [each for each in found if may_be_shown(actor, each.pitch)]
    if open_:
        note_shown(list({each.pitch_id: each.pitch for each in open_}.values()), Channel.LIST)
    named = {each.id for each in open_}
    return {"pledges": found, "named": named, "warning": warning() if named else ""}


@blueprint.get("/holdings/<uuid:investment_id>")
@permit(Act.VIEW, audience=Audience.MEMBER, load=papers.investment)
def holding(found: Investment) -> ResponseReturnValue:
    """One investment: what was bought, its papers, and the updates of its company."""
    actor, whole = current_actor(), queries.holding(found)
    can_read = POLICY.allows(actor, Act.READ, found)
    given = whole.certificate
    files = documents_about("relief_certificate", given.id) if given and can_read else ()
    shown: dict[str, Any] = {"holding": whole, "files": files, "is_own": found.account_id == actor.account_id}
    shown["corrections"] = corrections_of([each.id for each in whole.given])
    shown["can_remove"] = POLICY.allows(actor, Act.REMOVE, found)
    return render_template("angels/holdings/holding.html", **shown, **words())


@dataclass(frozen=True)
class TaxYear:
    """A tax year, by the calendar year in which it begins, and the kind of file that is asked for."""

    year: int
    kind: str


def _tax_year(year: int, kind: str) -> TaxYear | None:
    return TaxYear(year, kind) if FIRST_YEAR <= year <= LAST_YEAR else None


@blueprint.get("/portfolio/tax-years/<int:year>/investments.<any(csv, xlsx):kind>")
@permit(Act.EXTRACT, audience=Audience.MEMBER, load=_tax_year, leaves_trace=TAKEN)
def extract(found: TaxYear) -> ResponseReturnValue:
    """The investments of one tax year as a file, as the tax return asks for them, each with its status."""
    actor = current_actor()
    assert actor.account_id is not None
    rows = [cells(each) for each in queries.of_tax_year(queries.holdings_of(actor.account_id), found.year)]
    after(noting(Act.EXTRACT, {"tax_year": [tax_year_in_words(found.year)]}, rows=len(rows), by=actor))
    return table_response(f"investments-{found.year}-{found.year + 1}", HEAD, kind=found.kind, rows=rows)
