"""What every page behind the gate needs: the rows of the ledger, the warning, the search that was asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template

from crm.angels.investors.policy import own_admission
from crm.angels.investors.queries.angels import certification
from crm.angels.investors.rules.gate import statement_for
from crm.angels.pitches.forms import FilterForm
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.queries.pitches import Search
from crm.angels.pitches.rules.pitching import TITLES
from crm.angels.pitches.service.browsing import why_not_shown_now
from crm.angels.pitches.service.showing import note, shown
from crm.angels.pitches.workflow import Channel
from crm.documents.queries import documents_about
from crm.kernel.clock import today
from crm.rights.rules import labels as right_rules
from crm.web.filtering import NoSuchFilter, chosen_id
from crm.web.forms import Form, typed_in
from crm.web.identity import current_actor
from crm.web.transaction import after

NO_ACCOUNT = UUID(int=0)
LEDGER = "a row of the ledger for each pitch that is shown, with the statement that makes it lawful"


def note_shown(found: list[Pitch], channel: Channel, item: str = "") -> None:
    """Leave the rows of the ledger before the answer goes out; where they cannot be written there is none."""
    actor = current_actor()
    if actor.seen_by is not None:
        return  # the network's own staff look; the investor is shown nothing by it
    assert actor.account_id is not None
    things = [shown(each, item) for each in found]
    after(note(things, channel, account_id=actor.account_id, admission=own_admission(actor)))


def not_shown_page(form: Form, found: Pitch) -> str:
    """The answer to what was sent about a pitch that is no longer shown: that it was not recorded, and what was typed.

    It says nothing of the pitch. Empty where the pitch is shown.
    """
    why = why_not_shown_now(found)
    if not form.was_sent or why is None:
        return ""
    return render_template("angels/pitches/not_shown.html", why=why, typed=typed_in(form))


def private_id() -> UUID:
    """Whose notes, searches and questions are shown: none while staff view as the investor."""
    actor = current_actor()
    assert actor.account_id is not None
    return NO_ACCOUNT if actor.seen_by else actor.account_id


def asked_search(form: FilterForm) -> Search:
    """What is looked for: the saved search that the address names, or what its filters say."""
    return kept_search() or (form.search() if form.validate() else Search())


def kept_search() -> Search | None:
    """The saved search that the address names, if it is one's own."""
    saved = chosen_id("saved")
    if saved is None:
        return None
    found = queries.saved_search(saved)
    if found is None or found.account_id != private_id():
        raise NoSuchFilter
    return Search.from_json(found.criteria)


def read(found: Pitch) -> dict[str, Any]:
    """What a pitch says to an investor, with the warning of their own statement."""
    kept = queries.content_shown(found)
    return {
        "warning": warning(found),
        "titles": TITLES,
        "rights": kept["rights"],
        "company": kept["business"],
        "right_rules": right_rules,
        "files": documents_about("pitch", found.id),
        "room": found.room(queries.limits_now()),
    }


def warning(found: Pitch | None = None) -> str:
    """What the law wants said to this reader first: the warning of the ground on which they are shown a pitch, or any."""
    admission, day = own_admission(current_actor()), today()
    statement = statement_for(admission, found.instrument, on=day) if found else admission.valid(on=day)[0]
    signed = certification(statement.id) if statement else None
    return str(signed.wording.body["warning"]) if signed else ""
