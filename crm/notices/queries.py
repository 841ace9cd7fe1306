"""Reading the outbox."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, String, Uuid, and_, cast, column, false, func, or_, select, table, true

from crm.db.paging import Order, Slice, slice_of
from crm.db.session import session
from crm.kernel.clock import now
from crm.kernel.permissions import Actor
from crm.links.rules import Purpose
from crm.notices.models import Letter, SignOfLife
from crm.notices.policy import visible_to
from crm.notices.rules import LOST_AFTER, Person
from crm.notices.workflow import UNSENT
from crm.notices.workflow import LetterStatus as S

COLUMNS = Letter.__table__.c
MOST = 500
"""How many copies of letters about one thing are read."""
NEWEST_FIRST = Order(
    (COLUMNS.queued_at, COLUMNS.id), lambda letter: (letter.queued_at, letter.id), is_descending=True
)


def letter(letter_id: UUID) -> Letter | None:
    """One letter."""
    return session().get(Letter, letter_id)


def address_of(account_id: UUID) -> str | None:
    """The email address of an account, for a letter that its reader answers to it."""
    columns = table("account", column("id", Uuid()), column("email", String())).c
    return session().scalar(select(columns.email).where(columns.id == account_id))


def letter_in_hand(letter_id: UUID) -> Letter | None:
    """One letter, locked until this transaction ends."""
    return session().get(Letter, letter_id, with_for_update=True)


def letters(actor: Actor, *, cursor: str | None = None, statuses: Collection[S] = ()) -> Slice[Letter]:
    """One page of the letters that this actor may see, newest first, of some statuses if they are given."""
    query = select(Letter).where(visible_to(actor))
    if statuses:
        query = query.where(COLUMNS.status.in_(statuses))
    return slice_of(query, NEWEST_FIRST, cursor=cursor)


def next_waiting() -> Letter | None:
    """The letter to send next, locked for this worker alone; None where none is due.

    A link to sign in goes before all others: somebody waits for it, and a letter to everybody may stand before it.
    """
    return _first_waiting(COLUMNS.link_purpose == Purpose.SIGN_IN) or _first_waiting()


def _first_waiting(*which: ColumnElement[bool]) -> Letter | None:
    return session().scalar(
        select(Letter)
        .where(COLUMNS.status.in_([S.QUEUED, S.UNSURE]), COLUMNS.not_before <= now(), *which)
        .order_by(COLUMNS.not_before, COLUMNS.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def unsent(kind: str, to: Iterable[UUID]) -> list[Letter]:
    """The letters of a kind to some people that wait to be sent, locked, but for one that a worker sends just now."""
    query = select(Letter).where(
        COLUMNS.kind == kind, COLUMNS.account_id.in_(list(to)), COLUMNS.status == S.QUEUED
    )
    return list(session().scalars(query.order_by(COLUMNS.id).with_for_update(skip_locked=True)))


def letters_of(person: Person) -> list[Letter]:
    """The letters to one person, and those to others that they caused or that name them, of the kinds that are asked for."""
    to_them = or_(_is_account(COLUMNS.account_id, person.account_id), COLUMNS.to_address == person.email)
    if person.kinds_that_name_them is None:
        query = select(Letter).where(to_them, _is_of(person.kinds_to_them))
        return list(session().scalars(query.order_by(COLUMNS.id).with_for_update()))
    named = [_says(text, person.name) for text in (COLUMNS.kept_text, cast(COLUMNS.context, String))]
    names_them = or_(_is_account(COLUMNS.caused_by_id, person.account_id), *named)
    query = select(Letter).where(
        or_(
            and_(to_them, _is_of(person.kinds_to_them)), and_(names_them, _is_of(person.kinds_that_name_them))
        )
    )
    return list(session().scalars(query.order_by(COLUMNS.id).with_for_update()))


def _is_account(column: ColumnElement[UUID], account_id: UUID | None) -> ColumnElement[bool]:
    """Whether a column names an account: of who has none, letters that name none are not theirs."""
    return false() if account_id is None else column == account_id


def _says(text: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Whether a text has a name in it, as it is or as JSON spells it."""
    return or_(*(text.contains(each, autoescape=True) for each in {name, json.dumps(name)[1:-1]}))


def _is_of(kinds: Collection[str]) -> ColumnElement[bool]:
    """Whether a letter is of kinds that begin like this; with none named, it is of any."""
    return or_(*(COLUMNS.kind.startswith(each, autoescape=True) for each in kinds)) if kinds else true()


def is_any_to_do() -> bool:
    """Whether a letter is due, or was taken by a worker that never reported on it."""
    waiting = and_(COLUMNS.status.in_([S.QUEUED, S.UNSURE]), COLUMNS.not_before <= now())
    return session().scalar(select(COLUMNS.id).where(or_(waiting, _is_lost())).limit(1)) is not None


def _is_lost() -> ColumnElement[bool]:
    return and_(COLUMNS.status == S.SENDING, COLUMNS.taken_at < now() - LOST_AFTER)


def lost_letters() -> list[Letter]:
    """Letters that a worker took and never reported on, but for those that another worker looks at just now."""
    return list(
        session().scalars(
            select(Letter).where(_is_lost()).order_by(COLUMNS.id).limit(100).with_for_update(skip_locked=True)
        )
    )


def outbox() -> tuple[int, datetime | None]:
    """How many letters wait to be sent, and when the one was queued that has waited longest.

    By when it was queued, and not by its next try: each try that fails moves that on, and no letter would ever be late.
    """
    waits = COLUMNS.status.in_(UNSENT)
    count, oldest = session().execute(select(func.count(), func.min(COLUMNS.queued_at)).where(waits)).one()
    return count, oldest


def signs_of_life() -> dict[str, datetime]:
    """When the worker was last seen and each timed work last done, by their names."""
    return {each.name: each.at for each in session().scalars(select(SignOfLife))}


def count_failed(actor: Actor) -> int:
    """How many letters could not be delivered, of those that this actor may see."""
    query = select(func.count()).select_from(Letter).where(COLUMNS.status == S.FAILED, visible_to(actor))
    return session().scalar(query) or 0


def failed_letters(most: int) -> list[Letter]:
    """The letters that could not be delivered, the oldest first, locked, but for those that somebody has in hand just now."""
    query = select(Letter).where(COLUMNS.status == S.FAILED).order_by(COLUMNS.queued_at, COLUMNS.id)
    return list(session().scalars(query.limit(most).with_for_update(skip_locked=True)))


def failed_by_fault() -> list[tuple[str, int]]:
    """How many letters could not be delivered for each reason in words, the most frequent first."""
    many = func.count()
    query = select(COLUMNS.fault, many).where(COLUMNS.status == S.FAILED).group_by(COLUMNS.fault)
    return [(str(fault or ""), count) for fault, count in session().execute(query.order_by(many.desc()))]


def failed_to(address: str, to_name: str) -> list[Letter]:
    """The letters to one person at one address that could not be delivered."""
    query = select(Letter).where(COLUMNS.to_address == address, COLUMNS.to_name == to_name)
    return list(session().scalars(query.where(COLUMNS.status == S.FAILED).order_by(COLUMNS.id).limit(500)))


def addresses_failed(addresses: Collection[str]) -> set[str]:
    """The addresses, of some, to which the last email that left or was given up was given up."""
    sent, failed = (func.max(COLUMNS.queued_at).filter(COLUMNS.status == each) for each in (S.SENT, S.FAILED))
    query = select(COLUMNS.to_address).where(
        COLUMNS.to_address.in_(list(addresses)), COLUMNS.status.in_([S.SENT, S.FAILED])
    )
    is_down = or_(sent.is_(None), failed > sent)
    return set(session().scalars(query.group_by(COLUMNS.to_address).having(is_down)))


def letters_about(subjects: Collection[tuple[str, UUID]]) -> Sequence[Letter]:
    """The letters about some rows that were not cancelled, the newest first."""
    pairs = [and_(COLUMNS.about_table == table_, COLUMNS.about_id == row_id) for table_, row_id in subjects]
    query = select(Letter).where(or_(false(), *pairs), COLUMNS.status != S.CANCELLED)
    return session().scalars(query.order_by(COLUMNS.queued_at.desc(), COLUMNS.id).limit(MOST)).all()


def is_written_about(purpose: Purpose, subject_id: str) -> bool:
    """Whether a letter with a link about this was queued, however far it is."""
    asked = (COLUMNS.link_purpose == purpose, COLUMNS.link_subject_id == subject_id)
    return session().scalar(select(Letter.id).where(*asked).limit(1)) is not None


def is_leaving_about(purpose: Purpose, subject_id: str) -> bool:
    """Whether a letter with a link about this has still to leave: its link will replace the one before."""
    asked = (COLUMNS.link_purpose == purpose, COLUMNS.link_subject_id == subject_id)
    waits = COLUMNS.status.in_(UNSENT)
    return session().scalar(select(Letter.id).where(*asked, waits).limit(1)) is not None


def failed_about(purpose: Purpose, subject_ids: Iterable[str]) -> dict[str, str]:
    """Why the letters with a link about these could not be delivered, by the subject's id."""
    query = select(COLUMNS.link_subject_id, COLUMNS.fault).where(
        COLUMNS.link_purpose == purpose,
        COLUMNS.link_subject_id.in_(list(subject_ids)),
        COLUMNS.status == S.FAILED,
    )
    return {str(subject): str(fault) for subject, fault in session().execute(query)}
