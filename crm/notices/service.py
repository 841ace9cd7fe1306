"""Queuing a letter with the act that causes it, and sending what is due."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from jinja2 import TemplateError
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from crm.audit import service as audit
from crm.db.personal import Subject
from crm.db.session import ACTING, ANSWERABLE, SITE, Database, session
from crm.db.states import advance
from crm.gateways.mail import Mail, MailRefused
from crm.kernel.clock import now
from crm.kernel.errors import Conflict
from crm.kernel.events import Event
from crm.kernel.permissions import Actor
from crm.kernel.workflow import Guard
from crm.links import service as links
from crm.links.rules import Purpose, path_of
from crm.notices import queries
from crm.notices.models import Letter, SignOfLife
from crm.notices.policy import POLICY
from crm.notices.rules import (
    FORGOTTEN,
    MOST_ATTEMPTS,
    REDACTED,
    TO_UNPROVEN,
    Person,
    Wording,
    Written,
    envelope,
    fault_in_log,
    fault_in_words,
    gathered,
    wait_before,
    word,
)
from crm.notices.workflow import MACHINE, Act, LetterStatus

log = logging.getLogger("crm.letters")
WAITING = (LetterStatus.QUEUED, LetterStatus.SENDING, LetterStatus.UNSURE, LetterStatus.FAILED)
NOWHERE = "erased@erased.invalid"
ERASED = "The words of this email were erased with the person whom it was to, or named."
ERASED_IN_TIME = "The words of this email were deleted at the end of their retention period."
NONE_FAILED = "There are no failed emails now. Someone may have sent them again already."
MOST_AGAIN = 500
STILL_WAITING = "An email that names them is still waiting to be sent. Try again once it has left."


@dataclass(frozen=True)
class Reader:
    """To whom a letter goes."""

    address: str
    name: str
    account_id: UUID | None = None


@dataclass(frozen=True)
class LinkWanted:
    """The one-time link that the worker mints when it sends the letter."""

    purpose: Purpose
    subject_id: str


@dataclass(frozen=True)
class Post:
    """What sending needs from outside: the mail gateway, who the letters come from, and our address.

    ``answers_to`` is where an answer arrives to a letter that names no one to answer: nobody reads what the sender's address gets.
    """

    mail: Mail
    sender: tuple[str, str]
    base_url: str
    answers_to: str | None = None
    gates: Mapping[str, Guard] = field(default_factory=dict)


@dataclass(frozen=True)
class Extras:
    """What a letter may have besides its kind and reader. ``about`` is the table and id of what its readers' side is told of."""

    context: Mapping[str, Any] = field(default_factory=dict)
    link: LinkWanted | None = None
    reply_to: str | None = None
    event: Event | None = None
    about: tuple[str, UUID] | None = None


def written_about(*subjects: tuple[str, UUID], reader: Actor) -> list[Written]:
    """What was written to the other side about some rows, the newest first: to ``reader`` in their own copy, where they got one."""
    return gathered(queries.letters_about(subjects), reader.account_id, worded=_worded_now)


def _worded_now(letter: Letter) -> str:
    """A letter as it was sent; one that did not leave yet as it would be."""
    return letter.kept_text or as_sent(letter.kind, {**letter.context, "to_name": letter.to_name}).text


def subject_of(letter: Letter) -> str:
    """The subject line of a letter, as it left or will leave; empty where what it said was erased."""
    try:
        return as_sent(letter.kind, {**letter.context, "to_name": letter.to_name}).subject
    except TemplateError:
        return ""


def as_sent(kind: str, context: Mapping[str, Any]) -> Wording:
    """A letter word for word as it leaves, with the address of this service in it, for pages that show it again."""
    return word(kind, {**context, "link": "", **session().info[SITE]})


def queue(kind: str, to: Reader, *, having: Extras = Extras()) -> Letter:
    """Put a letter in the outbox, in the transaction of the act: if that is undone, there is no letter."""
    letter_id = uuid4()
    letter = Letter(
        id=letter_id,
        message_id=f"<{letter_id}@letters.crm>",
        kind=kind,
        to_address=to.address,
        to_name=to.name,
        account_id=to.account_id,
        reply_to=having.reply_to or _named_below(having.context),
        context=dict(having.context),
        calendar=having.event.to_ics() if having.event else None,
        link_purpose=having.link.purpose if having.link else None,
        link_subject_id=having.link.subject_id if having.link else None,
    )
    letter.queued_at = letter.not_before = now()
    letter.caused_by_id = session().info.get(ACTING)
    letter.about_table, letter.about_id = having.about or (None, None)
    session().add(letter)
    return letter


def _named_below(context: Mapping[str, Any]) -> str | None:
    """To whom a letter is answered that names, as ``by_name``, the colleague of ours who acts: to them."""
    info = session().info
    acting = info.get(ACTING) if info.get(ANSWERABLE) and context.get("by_name") else None
    if acting is None:
        return None
    known = info.setdefault(f"{ANSWERABLE}_at", {})
    if acting not in known:
        known[acting] = queries.address_of(acting)
    return str(known[acting]) if known[acting] else None


def send_again(letter: Letter, *, by: Actor) -> None:
    """Put a letter that failed back into the outbox, with all its tries before it."""
    POLICY.require(by, Act.SEND_AGAIN, letter)
    _put_back(letter, by=by)


def send_all_again(*, by: Actor) -> int:
    """Put the letters that failed back into the outbox, the oldest first and so many at a time; return how many.

    Raises `Conflict` where there are none: whoever asks twice is told that it is done.
    """
    POLICY.require(by, Act.SEND_ALL_AGAIN)
    found = queries.failed_letters(MOST_AGAIN)
    if not found:
        raise Conflict(NONE_FAILED)
    for each in found:
        _put_back(each, by=by)
    return len(found)


def _put_back(letter: Letter, *, by: Actor) -> None:
    changes = advance(MACHINE, letter, Act.SEND_AGAIN)
    letter.attempts, letter.not_before, letter.fault = 0, now(), None
    audit.record(Act.SEND_AGAIN, letter, changes, by=by)


def readdress(old: str, new: str, *, to_name: str) -> int:
    """Let letters that failed go to a corrected address when they are sent again; return how many there are.

    Only those to this person: another at the same address is not corrected with them.
    """
    failed = queries.failed_to(old, to_name)
    for each in failed:
        each.to_address = new
    return len(failed)


def cancel(letter: Letter, *, by: Actor) -> None:
    """Take a letter that was not sent out of the outbox for good."""
    POLICY.require(by, Act.CANCEL, letter)
    audit.record(Act.CANCEL, letter, advance(MACHINE, letter, Act.CANCEL), by=by)
    if letter.kind in FORGOTTEN:
        forget(letter)


def erase_letters(person: Person, *, known_as: str, by: Actor) -> int:
    """Erase the words and addresses of the letters to one person, and the words of those that name them; return how many.

    What waits to be sent to them is cancelled. Raises `Conflict` where others still wait for a letter that names them.
    """
    found = queries.letters_of(person)
    for each in found:
        is_theirs = each.account_id == person.account_id is not None or each.to_address == person.email
        if each.status in WAITING:
            _give_up(each, is_theirs=is_theirs, by=by)
        if is_theirs:
            each.to_address, each.to_name, each.calendar = NOWHERE, known_as, None
        if each.reply_to == person.email:
            each.reply_to = None
        each.context, each.kept_text = {}, ERASED
    return len(found)


def erase_person(about: Subject, *, reference: str, known_as: str, by: Actor) -> None:  # noqa: ARG001 the name is enough
    """Erase the words and addresses of the letters to a person who is erased; what waits to be sent to them is cancelled."""
    for email in about.emails:
        erase_letters(Person(about.account_id, email, about.name, (), None), known_as=known_as, by=by)


def forget(letter: Letter) -> None:
    """Forget to whom a letter was and what it said, once it left or never will: it told somebody that they were erased."""
    letter.to_address, letter.to_name, letter.reply_to = NOWHERE, "Erased", None
    letter.context, letter.kept_text = {}, ERASED


def _give_up(letter: Letter, *, is_theirs: bool, by: Actor) -> None:
    """Cancel a letter that its reader is not to get any more, unless it is on its way or to somebody else."""
    if letter.status is not LetterStatus.FAILED and (letter.status is LetterStatus.SENDING or not is_theirs):
        raise Conflict(STILL_WAITING)
    audit.record(Act.CANCEL, letter, advance(MACHINE, letter, Act.CANCEL), by=by)


def call_back(kind: str, *, path: str, to: Iterable[UUID], reason: str) -> set[UUID]:
    """Cancel the letters of a kind about one page that were not sent yet; return the ids of their readers."""
    found = [each for each in queries.unsent(kind, to) if each.context.get("path") == path]
    for each in found:
        _let_go(each, Act.CANCEL, reason)
    return {each.account_id for each in found if each.account_id is not None}


def leave_sign(name: str) -> None:
    """Note that the worker is alive, or that timed work was done, just now."""
    at = now()
    if session().execute(update(SignOfLife).where(SignOfLife.name == name).values(at=at)).rowcount:  # type: ignore[attr-defined]
        return
    with suppress(IntegrityError), session().begin_nested():  # another worker may be the first just now
        session().add(SignOfLife(name=name, at=at))


def _never() -> bool:
    return False


def drain(database: Database, post: Post, *, most: int = 500, is_over: Callable[[], bool] = _never) -> int:
    """Send what is due, each letter in transactions of its own; return how many were sent.

    ``is_over`` is asked between two letters: the one in hand is always seen through. Where there is nothing to do it only
    reads: a worker looks every second, and a transaction of writing holds all of an embedded database.
    """
    with database.reading():
        if not queries.is_any_to_do():
            return 0
    with database.transaction():
        for lost in queries.lost_letters():
            advance(MACHINE, lost, Act.LOSE_SIGHT)
    sent = 0
    for _ in range(most):
        taken = None if is_over() else _take_next(database, post)
        if taken is None:
            break
        sent += _deliver(database, post, taken)
    return sent


@dataclass(frozen=True)
class Taken:
    """A letter that this worker took, worded and ready to go; without wording it was cancelled at the gate."""

    letter_id: UUID
    message: Any = None
    kept_text: str = ""


def _take_next(database: Database, post: Post) -> Taken | None:
    """Take one letter, ask its gate, mint its link. Committed before the mail server hears of it."""
    with database.transaction():
        letter = queries.next_waiting()
        if letter is None:
            return None
        try:
            with session().begin_nested():
                return _taken(letter, post)
        except SQLAlchemyError:
            raise
        except Exception as error:
            _take(letter)
            log.exception("letter %s could not be worded", letter.id)
            return _let_go(letter, Act.GIVE_UP, fault_in_words(error))


def _taken(letter: Letter, post: Post) -> Taken:
    gate = post.gates.get(letter.kind)
    reason = gate(letter) if gate else None
    if reason:
        return _let_go(letter, Act.CANCEL, reason)
    _take(letter)
    return _worded(letter, post)


def _take(letter: Letter) -> None:
    advance(MACHINE, letter, Act.TAKE)
    letter.taken_at, letter.attempts = now(), letter.attempts + 1


def _let_go(letter: Letter, act: Act, reason: str) -> Taken:
    letter.fault = reason[:200]
    advance(MACHINE, letter, act)
    return Taken(letter.id)


def _worded(letter: Letter, post: Post) -> Taken:
    ours = {"service_name": post.sender[0], "base_url": post.base_url}
    context = {**letter.context, "to_name": letter.to_name, **ours}
    link = ""
    if letter.link_purpose and letter.link_subject_id:
        token = links.mint(letter.link_purpose, letter.link_subject_id)
        link = post.base_url + path_of(letter.link_purpose, token)
    message = envelope(
        word(letter.kind, {**context, "link": link}),
        message_id=letter.message_id,
        sender=post.sender,
        to=("" if letter.kind in TO_UNPROVEN else letter.to_name, letter.to_address),
        reply_to=letter.reply_to or post.answers_to,
        calendar=letter.calendar,
    )
    kept = REDACTED if link else ""
    return Taken(letter.id, message, word(letter.kind, {**context, "link": kept}).text)


def _deliver(database: Database, post: Post, taken: Taken) -> int:
    if taken.message is None:
        return 0
    try:
        post.mail.send(taken.message)
    except Exception as error:  # noqa: BLE001 whatever the gateway does, the letters behind this one go on
        with database.transaction():
            _note_failure(taken.letter_id, error)
        return 0
    with database.transaction():
        _note_sent(taken)
    return 1


def _note_sent(taken: Taken) -> None:
    """Mark it sent, unless another worker, which thought us lost, has done so meanwhile."""
    letter = queries.letter_in_hand(taken.letter_id)
    if letter is None or MACHINE.find(Act.MARK_SENT, letter.status) is None:
        return
    advance(MACHINE, letter, Act.MARK_SENT)
    letter.sent_at, letter.kept_text, letter.fault = now(), taken.kept_text, None
    if letter.kind in FORGOTTEN:
        forget(letter)


def _note_failure(letter_id: UUID, error: Exception) -> None:
    """Put it back for later or give it up, unless another worker has it in hand meanwhile or is done with it."""
    letter = queries.letter_in_hand(letter_id)
    if letter is None or MACHINE.find(Act.POSTPONE, letter.status) is None:
        return
    letter.fault = fault_in_words(error)
    is_over = isinstance(error, MailRefused) or letter.attempts >= MOST_ATTEMPTS
    advance(MACHINE, letter, Act.GIVE_UP if is_over else Act.POSTPONE)
    if not is_over:
        letter.not_before = now() + wait_before(letter.attempts)
    told = "given up" if is_over else f"next try at {letter.not_before:%Y-%m-%d %H:%M:%S %Z}"
    log.warning("letter %s: try %d failed (%s), %s", letter.id, letter.attempts, fault_in_log(error), told)
