"""Alerts of saved searches: once a day, to those who may be shown what they found, asked again as each letter goes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from crm.accounts.models import Account
from crm.angels.investors.queries.gate import admission_of, admissions_of
from crm.angels.investors.rules.gate import Admission, why_closed
from crm.angels.pitches.models import SavedSearch
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.queries.pitches import Search
from crm.angels.pitches.service import browsing, showing
from crm.angels.pitches.service.showing import Shown
from crm.angels.pitches.workflow import Channel
from crm.db.session import session
from crm.kernel.clock import today
from crm.notices.models import Letter
from crm.notices.service import Reader

AT_ONCE = 500


def alert_daily() -> None:
    """Look for what is new in every search with alerts, in lots, so that memory does not grow with their number."""
    newest = queries.newest_published()
    if newest is None:
        return
    for lot in _lots(newest):
        admissions = admissions_of({each.account_id for each, _ in lot}, on=today())
        for found, reader in lot:
            _alert(found, reader, admissions.get(found.account_id), newest)
        session().flush()


def _lots(newest: datetime) -> Iterator[Sequence[tuple[SavedSearch, Account]]]:
    """Searches of which something could be new: none where nothing was published since they were last looked at."""
    last: UUID | None = None
    while True:
        query = select(SavedSearch, Account).join(Account, Account.id == SavedSearch.account_id)
        query = query.where(SavedSearch.has_alerts.is_(True), SavedSearch.alerted_at < newest)
        if last is not None:
            query = query.where(SavedSearch.id > last)
        lot = session().execute(query.order_by(SavedSearch.id).limit(AT_ONCE)).all()
        if not lot:
            return
        last = lot[-1][0].id
        yield lot


def _alert(found: SavedSearch, reader: Account, admission: Admission | None, newest: datetime) -> None:
    """Queue an alert for a reader who may be shown what is new; others hear of it once they may."""
    if admission is None or why_closed(admission, on=today()) is not None:
        return
    fresh = queries.fresh_ones(Search.from_json(found.criteria), admission, since=found.alerted_at)
    found.alerted_at = newest
    if fresh:
        named = [{"id": str(key), "number": str(number), "instrument": kind} for key, number, kind in fresh]
        browsing.alert(found, Reader(reader.email, reader.name, reader.id), fresh=named)


def reason_not_to_alert(letter: Letter) -> str | None:
    """Asked as the letter goes: a reader who may not be shown promotions now gets none, and this is recorded."""
    account_id = letter.account_id
    if account_id is None:
        return "the letter names no account"
    return _closed(account_id, letter, on=today())


def _closed(account_id: UUID, letter: Letter, *, on: date) -> str | None:
    admission = admission_of(account_id, on=on)
    closed = why_closed(admission, on=on)
    if closed is not None:
        showing.note_blocked(account_id, letter.kind, reason=closed)
        return f"blocked: {closed.value.replace('_', ' ')}"
    ids = [UUID(each["id"]) for each in letter.context["pitches"]]
    still = queries.open_ones(ids, admission)
    if not still:
        return "what it was about is not shown any more"
    rows = [Shown(each.id, each.number, each.instrument, letter.context["search"]) for each in still]
    showing.write_now(rows, Channel.LETTER, account_id=account_id, admission=admission)
    return None
