"""Receiving a form once, keeping what it led to, and keeping typing until its author has signed in again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import aliased

from crm.audit.queries import has_happened_since
from crm.db.session import RECORDED, session
from crm.kernel.clock import now
from crm.submissions.models import Submission, UnsentTyping

LATELY = timedelta(minutes=10)
"""For how long the same words are taken for the same form: a browser that goes back may ask for the page anew."""
MOST_THINGS = 50
"""Of how many things it is remembered that an act was about them; an act on many at once is about more."""
KEEP_SUBMISSIONS, KEEP_TYPING = timedelta(days=7), timedelta(days=1)


@dataclass(frozen=True)
class Receipt:
    """What is known of a form that arrived. ``is_same`` is whether it was acted on with just this content."""

    is_same: bool = False
    led_to: str = ""
    cookie: Mapping[str, Any] = field(default_factory=dict)


def receive(key: str, content: str, *, route: str = "") -> Receipt:
    """Claim a form for this transaction, and say what it led to before.

    Two at once wait for each other: on PostgreSQL at the unique key, on SQLite because there is one writer.
    """
    if _is_claimed_now(key, content, route):
        return Receipt()
    found = (
        session()
        .scalars(
            select(Submission)
            .where(Submission.key == key)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one()
    )
    if found.content == content:
        return Receipt(True, found.led_to, cookie=found.cookie)
    before, found.content = found.led_to, content
    return Receipt(False, before)


def _is_claimed_now(key: str, content: str, route: str) -> bool:
    """Whether nobody had claimed this form before."""
    is_postgresql = session().get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if is_postgresql else sqlite_insert
    told = {
        "key": key,
        "content": content,
        "route": route,
        "led_to": "",
        "cookie": {},
        "said": {},
        "at": now(),
    }
    row = insert(Submission).values(told).on_conflict_do_nothing().returning(Submission.key)
    return session().scalar(row) is not None


def sent_lately(route: str, said: Mapping[str, Sequence[Any]], *, key: str) -> str:
    """Where the last form that one sender sent to a route led, if it was sent within the last minutes and said the same.

    Whoever sent something else there meanwhile means it: a setting that is changed, and changed back. And what was done
    is done with once something else has happened to its things: a claim that was returned is sent once more.
    """
    last = (
        select(Submission.said, Submission.led_to, Submission.about, Submission.up_to_id)
        .where(Submission.route == route, Submission.key != key, Submission.led_to != "")
        .where(Submission.at > now() - LATELY)
        .order_by(Submission.at.desc())
        .limit(1)
    )
    found = session().execute(last).first()
    if found is None or not is_alike(found.said, said) or has_happened_since(found.up_to_id, found.about):
        return ""
    return str(found.led_to)


def is_alike(before: Mapping[str, Sequence[Any]], said: Mapping[str, Sequence[Any]]) -> bool:
    """Whether two copies of a form say the same: in each field the same text, or in both what we had filled in."""
    return before.keys() == said.keys() and all(
        before[name][0] == text or (before[name][1] and is_untouched)
        for name, (text, is_untouched) in said.items()
    )


def settle(
    key: str, led_to: str, *, cookie: Mapping[str, Any], said: Mapping[str, Sequence[Any]] | None = None
) -> None:
    """Keep where a form led and what it said, in the transaction of its act."""
    recorded = session().info.get(RECORDED, [])
    about = dict.fromkeys((kind, thing_id) for kind, thing_id, _ in recorded)
    told = {"led_to": led_to, "cookie": dict(cookie), "said": dict(said or {}), "at": now()}
    told["about"] = [list(each) for each in list(about)[:MOST_THINGS]]
    told["up_to_id"] = max((entry_id for *_, entry_id in recorded), default=0)
    if not recorded:
        told |= _about_the_first(key, led_to)
    session().execute(update(Submission).where(Submission.key == key).values(told))


def _about_the_first(key: str, led_to: str) -> dict[str, Any]:
    """A copy that was led to where the first one led did nothing, and is about what the first was about: what was added, found to be
    there already, and removed since, is added again.
    """
    own = aliased(Submission)
    route = select(own.route).where(own.key == key).scalar_subquery()
    first = (
        select(Submission.about, Submission.up_to_id)
        .where(Submission.route == route, Submission.key != key, Submission.led_to == led_to)
        .where(Submission.at > now() - LATELY)
        .order_by(Submission.at.desc())
        .limit(1)
    )
    found = session().execute(first).first()
    return {"about": found.about, "up_to_id": found.up_to_id} if found is not None else {}


def forget(key: str) -> None:
    """Drop a claim: the form was answered with a page, so sending it again is asking again."""
    session().execute(delete(Submission).where(Submission.key == key))


def keep_typing(typing_id: UUID, account_id: UUID, *, path: str, fields: Sequence[tuple[str, str]]) -> None:
    """Keep what an account typed into the form at ``path`` after its session had ended, to be shown by this id."""
    kept = UnsentTyping(id=typing_id, account_id=account_id, path=path, at=now())
    kept.fields = [list(each) for each in fields]
    session().add(kept)


def typing_of(typing_id: UUID, account_id: UUID) -> UnsentTyping | None:
    """What this account typed and could not send; None for anybody else's, and after a day."""
    found = session().get(UnsentTyping, typing_id)
    is_theirs = found is not None and found.account_id == account_id
    return found if is_theirs and found and found.at > now() - KEEP_TYPING else None


def forget_typing(typing_id: UUID, account_id: UUID) -> None:
    """Forget what this account typed and could not send: it was sent now."""
    mine = (UnsentTyping.id == typing_id, UnsentTyping.account_id == account_id)
    session().execute(delete(UnsentTyping).where(*mine))


def forget_old_submissions() -> None:
    """Daily: delete what no form that is still open could ask for."""
    session().execute(delete(Submission).where(Submission.at < now() - KEEP_SUBMISSIONS))
    session().execute(delete(UnsentTyping).where(UnsentTyping.at < now() - KEEP_TYPING))
