"""What an investor does with pitches: follows, notes, asks, saves a search. Matching is their own filter, never advice."""

from __future__ import annotations

from crm.accounts.queries import account
from crm.angels.investors.service.naming import require_unnamed
from crm.angels.pitches.models import Pitch, PitchMark, PitchQuestion, SavedSearch
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries import pitches as queries
from crm.angels.pitches.queries.pitches import Search
from crm.angels.pitches.service.telling import tell_business, tell_readers
from crm.angels.pitches.workflow import OVER, Act, PitchStatus
from crm.audit import service as audit
from crm.db.changes import amend, created
from crm.db.session import session
from crm.db.states import refuse_if
from crm.kernel.clock import now
from crm.kernel.errors import Conflict, Invalid
from crm.kernel.permissions import Actor
from crm.notices.service import Extras, Reader, queue

MOST_SEARCHES = 20
MOST_OPEN_QUESTIONS = 5
"""Of one investor about one pitch: a business is not drowned, and each answer opens room for another."""


def mark(found: Pitch, *, is_followed: bool, note: str, by: Actor) -> PitchMark:
    """Follow or unfollow a pitch, and write a private note: its words are not in the audit log."""
    POLICY.require(by, Act.MARK, found)
    refuse_if(why_not_shown_now(found))
    account_id = by.account_id
    assert account_id is not None
    made = queries.marks_of(account_id, [found.id]).get(found.id)
    if made is None:
        made = PitchMark(
            account_id=account_id, pitch_id=found.id, marked_at=now(), is_followed=False, note=""
        )
        session().add(made)
    had = (made.is_followed, bool(made.note))
    amend(made, is_followed=is_followed, note=note, marked_at=now())
    session().flush()
    changes = {"is_followed": (had[0], is_followed), "has_note": (had[1], bool(note))}
    audit.record(Act.MARK, made, changes, by=by)
    return made


def why_not_shown_now(found: Pitch) -> str | None:
    """Why nothing can be sent about a pitch now: it is not shown, for good or for the moment."""
    if found.status is PitchStatus.PUBLISHED:
        return None
    if found.status in OVER:
        return "This raise has closed, so what you sent was not recorded."
    return "This pitch is not shown at the moment, so what you sent was not recorded. Try again once it is shown again."


def ask(found: Pitch, text: str, *, by: Actor) -> PitchQuestion:
    """Ask a business about its pitch. It reads the question without a name."""
    POLICY.require(by, Act.ASK, found)
    if not text.strip():
        raise Invalid("Enter your question", field="question")
    assert by.account_id is not None
    require_unnamed(text, by.account_id, field="question")
    queries.hold(found)
    refuse_if(why_not_shown_now(found))
    if queries.count_asked_in_vain(found.id, by.account_id) >= MOST_OPEN_QUESTIONS:
        raise Conflict(
            f"{MOST_OPEN_QUESTIONS} of your questions about this pitch are waiting for an answer. You can ask more once they are answered."
        )
    made = PitchQuestion(pitch_id=found.id, account_id=by.account_id, question=text, asked_at=now())
    session().add(made)
    session().flush()
    audit.record(Act.ASK, made, created(pitch_id=found.id), by=by)
    tell_business(found, "pitch_asked")
    return made


def answer(found: PitchQuestion, text: str, *, is_public: bool, by: Actor) -> None:
    """Answer a question: to the investor who asked or, in public, to all who may see the pitch. An answer cannot be changed."""
    POLICY.require(by, Act.ANSWER, found)
    if not text.strip():
        raise Invalid("Enter your answer", field="answer")
    queries.hold(found.pitch)
    refuse_if(why_not_answered(found))
    changes = amend(found, answer=text, is_public=is_public, answered_at=now(), answered_by_id=by.account_id)
    audit.record(Act.ANSWER, found, changes, by=by)
    asker = account(found.account_id)
    tell_readers(found.pitch, "pitch_answered", readers=[asker] if asker else [])


def why_not_answered(found: PitchQuestion) -> str | None:
    """Why a question cannot be answered now: its answer stays as it was given, and ends with the raise."""
    if found.answered_at is not None:
        return "This question has been answered already."
    if found.pitch.status in OVER:
        return "This raise has ended, so its questions can no longer be answered. We have told the investor."
    return None


def save_search(name: str, search: Search, *, has_alerts: bool, by: Actor) -> SavedSearch:
    """Keep a search under a name; with alerts, a letter tells of new pitches that it finds."""
    POLICY.require(by, Act.SAVE_SEARCH)
    account_id = by.account_id
    assert account_id is not None
    if search.is_empty:
        raise Invalid("Choose at least one filter first", field="name")
    if len(queries.searches_of(account_id)) >= MOST_SEARCHES:
        raise Conflict(f"You already have {MOST_SEARCHES} saved searches. Remove one first.")
    made = SavedSearch(account_id=account_id, name=name, criteria=search.as_json(), has_alerts=has_alerts)
    made.made_at = made.alerted_at = now()
    session().add(made)
    session().flush()
    audit.record(Act.SAVE_SEARCH, made, created(name=name, has_alerts=has_alerts), by=by)
    return made


def forget_search(found: SavedSearch, *, by: Actor) -> None:
    """Remove a saved search."""
    POLICY.require(by, Act.FORGET_SEARCH, found)
    audit.record(Act.FORGET_SEARCH, found, {"name": (found.name, None)}, by=by)
    session().delete(found)


def alert(found: SavedSearch, reader: Reader, *, fresh: list[dict[str, str]]) -> None:
    """Queue the letter about what a search found anew. It names no pitch; which they are is for the ledger alone."""
    context = {
        "search": found.name,
        "count": len(fresh),
        "path": f"/pitches?saved={found.id}",
        "pitches": fresh,
    }
    queue("pitch_alert", reader, having=Extras(context))
