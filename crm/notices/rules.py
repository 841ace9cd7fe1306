"""When a letter is tried again, and what it looks like when it leaves."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension

from crm.gateways.mail import MailRefused, MailUnavailable
from crm.kernel.text import series, stopped, stopped_once

MOST_ATTEMPTS = 18
"""With the waits between them: for three days and five hours, so that a mail server that is away over a weekend loses nothing."""
LONGEST_WAIT = timedelta(hours=6)
WORKER = "worker"
"""Under which name the worker leaves its sign of life."""
BEAT = timedelta(seconds=30)
"""How often it does."""
LONGEST_PAUSE = 60
LOST_AFTER = timedelta(minutes=10)  # longer than any mail server's time-out
BYTES_IN_A_WORD = (
    42  # of a header: as base64 with its marks they are at most 68 signs, and a word may have 75
)
OF_ONE_ACT = timedelta(minutes=2)
"""Within which the copies of one letter are queued: in one transaction."""
HOW_FAR = {"sent": "sent", "failed": "failed"}
"""How far a copy is, by its status; any other is still being sent."""
REDACTED = "(a one-time link, not kept)"
TEMPLATES = Path(__file__).parent.parent / "templates" / "notices"


@dataclass(frozen=True)
class Wording:
    """A letter's subject line and text."""

    subject: str
    text: str


@dataclass(frozen=True)
class Person:
    """Somebody whose letters are erased, and which kinds of letters: each as it begins, none for all of them.

    ``kinds_that_name_them`` are letters to others that they caused, or that have their name; None for none of these.
    """

    account_id: UUID | None
    email: str
    name: str
    kinds_to_them: Sequence[str]
    kinds_that_name_them: Sequence[str] | None


@dataclass(frozen=True)
class Written:
    """One letter about a thing, however many people got a copy: to whom it went, on whose copy it is still being sent, and who did not get it.

    ``text`` is that of the reader's own copy, where there is one; else of the first, which greets its own reader.
    """

    kind: str
    queued_at: datetime
    at: datetime
    text: str
    is_own: bool
    copy_for: str
    sent: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()

    @property
    def is_several(self) -> bool:
        """Whether more than one person got a copy."""
        return len(self.sent) + len(self.waiting) + len(self.failed) > 1

    @property
    def readers(self) -> str:
        """To whom it was written, and how far it is, as a sentence."""
        said = (
            ("Sent to", self.sent),
            ("Being sent to", self.waiting),
            ("Could not be delivered to", self.failed),
        )
        return ". ".join(f"{words} {series(names)}" for words, names in said if names) + "."


def gathered(copies: Iterable[Any], reader_id: Any, *, worded: Callable[[Any], str]) -> list[Written]:
    """Letters by what they are: the copies of one act, which differ in nothing but their reader, are one."""
    groups: list[list[Any]] = []
    for each in copies:
        mine = next((group for group in groups if _is_same(group[0], each)), None)
        groups.append([each]) if mine is None else mine.append(each)
    return [_written(group, reader_id, worded=worded) for group in groups]


def _is_same(one: Any, other: Any) -> bool:
    is_near = abs(one.queued_at - other.queued_at) < OF_ONE_ACT
    return is_near and (one.kind, one.context) == (other.kind, other.context)


def _written(group: Sequence[Any], reader_id: Any, *, worded: Callable[[Any], str]) -> Written:
    own = next((each for each in group if each.account_id and each.account_id == reader_id), None)
    shown, by_status = own or group[-1], dict[str, list[str]]()
    for each in sorted(group, key=lambda copy: copy.to_name):
        by_status.setdefault(HOW_FAR.get(each.status, "waiting"), []).append(each.to_name)
    names = {far: tuple(dict.fromkeys(each)) for far, each in by_status.items()}
    at = shown.sent_at or shown.queued_at
    return Written(shown.kind, shown.queued_at, at, worded(shown), own is not None, shown.to_name, **names)


OUR_OWN = frozenset({"link", "base_url", "service_name"})
"""What the worker itself puts into a letter: our own addresses stay links."""
FORGOTTEN = frozenset({"person_erased"})
"""Kinds of letters of which nothing is kept once they left: they tell somebody that they were erased."""
TO_UNPROVEN = frozenset(
    {"enquiry_draft", "enquiry_received", "angel_applied", "angel_again", "angel_declined"}
    | {"complaint_received"}
    | {"angel_accepted", "colleague_invited", "workshop_place", "workshop_waiting", "workshop_changed"}
    | {"workshop_moved", "workshop_given_up", "workshop_taken_off", "workshop_cancelled"}
)
"""Letters to an address that someone typed and nobody has proved: they hold nothing that the sender wrote."""
PASSING = frozenset(
    {
        "sign_in",
        "set_password",
        "contact",
        "reminders",
        "enquiry_draft",
        "enquiry_assigned",
        "next_step_given",
    }
    | {"appointment", "appointment_changed", "appointment_cancelled", "workshop_place", "workshop_waiting"}
    | {"workshop_changed", "workshop_moved", "workshop_given_up", "workshop_taken_off", "workshop_cancelled"}
    | {
        "night_calendar",
        "night_reminder",
        "night_changed",
        "night_cancelled",
        "renewal_calendar",
        "right_renewal",
    }
    | {"absence_recorded", "absence_covered", "absence_ended", "application_due", "services_asked"}
)
"""Letters that nobody needs once what they speak of is over: they show no decision, offer or agreement."""
UNPROVEN_NAME = "there"  # "Hello there,"
LINK = re.compile(r"(?i:https?://|www\.)\S+|(?<![\w.@-])[\w.@-]*\w\.(?:[a-z]{2,24}|[A-Z]{2,24})\b(?:/\S*)?")
"""What mail programs turn into a link by themselves: with or without https://, an email address too."""


EMPTY_LINES = re.compile(r"\n{3,}")
"""Where a part of a letter was left out: one empty line is enough."""
JOINERS = "\u200c\u200d"
"""Signs without width that names in Persian and the languages of India need."""


class OneFullStop(Extension):
    """Reads ``{{ reason }}.`` in a letter as a sentence with one mark at its end, as pages do."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """The source with each full stop after a value put by `stopped`."""
        return stopped_once(source)


class Settled(str):
    """Text that goes into a letter as it stands: it was made safe, or staff wrote it."""

    __slots__ = ()


def one_line(text: str) -> str:
    """Text on one line: every kind of line break and control character is one space."""
    return " ".join("".join(each if each.isprintable() or each in JOINERS else " " for each in text).split())


def without_links(text: str) -> str:
    """Text in which no mail program finds a link: example.com is written example[.]com."""
    return LINK.sub(lambda found: found[0].replace("://", "[:]//").replace(".", "[.]"), text)


def _paragraphs(text: str) -> Settled:
    """Text of several lines that someone outside wrote, each line marked as theirs: its lines stay, its links do not."""
    return Settled("\n".join(f"> {each}".rstrip() for each in without_links(text.strip()).splitlines()))


def _address_of(text: str) -> Settled:
    """An email address that was checked, which stays one."""
    return Settled(one_line(text))


def _of_staff(text: str) -> Settled:
    """Text that staff wrote, with its lines and links."""
    return Settled(text.strip())


def _lines(text: str) -> Settled:
    """Text of several lines for many readers: its lines stay, its links do not."""
    return Settled(without_links(text.strip()))


def _settled(value: Any) -> Any:
    """What a variable becomes where it stands in a letter: one line without links, unless it says otherwise.

    A space at either end stays: ``{{ 'Overdue: ' if late }}{{ title }}`` would lose it otherwise.
    """
    if isinstance(value, Settled) or not isinstance(value, str):
        return value
    before, after = (" " if each.isspace() else "" for each in (value[:1], value[-1:]))
    line = without_links(one_line(value))
    return f"{before}{line}{after}" if line else ""


@cache
def _environment() -> Environment:
    return environment_of(FileSystemLoader(TEMPLATES))


def environment_of(loader: BaseLoader) -> Environment:
    """The letters' own Jinja, without Flask: plain text, so nothing is escaped, and nothing may be missing."""
    made = Environment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 plain-text letters: an escaped name would be misspelt
        keep_trailing_newline=True,
        finalize=_settled,
        extensions=[OneFullStop],
    )
    made.filters |= {"paragraphs": _paragraphs, "of_staff": _of_staff, "address": _address_of}
    made.filters["lines"] = _lines
    made.filters["stopped"] = stopped
    return made


def word(kind: str, context: Mapping[str, Any]) -> Wording:
    """The wording of a letter: the first line of its template, after "Subject: ", is the subject."""
    given = {name: Settled(value) if name in OUR_OWN else value for name, value in context.items()}
    if kind in TO_UNPROVEN:
        given["to_name"] = UNPROVEN_NAME
    text = _environment().get_template(f"{kind}.txt").render(given)
    first, _, rest = text.partition("\n")
    subject = " ".join(first.removeprefix("Subject:").split())
    return Wording(subject=subject[:200], text=EMPTY_LINES.sub("\n\n", rest.strip()) + "\n")


def fault_in_words(error: Exception) -> str:
    """Why a letter did not leave, for the person who caused it; with the mail server's code, if it gave one."""
    codes = re.findall(r"\b[45]\d\d\b", str(error))
    code = f" (code {codes[0]})" if codes else ""
    if isinstance(error, MailRefused):
        return f"The mail server refused this address{code}. Check that it is right and still in use."
    if isinstance(error, MailUnavailable):
        return f"The mail server did not take it at the moment{code}."
    return "It could not be written or handed to the mail server, because of a fault in this service."


def wait_before(attempt: int) -> timedelta:
    """How long to wait after a try that failed: 1, 4, 16, 64, 256 minutes, and then six hours each time."""
    return min(timedelta(minutes=4 ** (min(attempt, 6) - 1)), LONGEST_WAIT)


def pause_after(failures: int) -> int:
    """For how many seconds the worker waits once the database did not answer so many times: 1, 2, 4 … a minute at most."""
    return min(1 << min(failures - 1, 10), LONGEST_PAUSE)


def fault_in_log(error: Exception) -> str:
    """Why a letter did not leave, for the log: what kind of fault, and the mail server's code. Never what it said: that names people."""
    codes = (
        re.findall(r"\b[45]\d\d\b", str(error)) if isinstance(error, MailRefused | MailUnavailable) else []
    )
    cause = type(error.__cause__ or error).__name__
    return " ".join([cause, *codes[:1]])


def _encoded(text: str) -> list[str]:
    """A text as encoded words (RFC 2047), whole characters in each; spaces are inside them, so none is lost between two."""
    parts = [""]
    for sign in text:
        if len((parts[-1] + sign).encode()) > BYTES_IN_A_WORD:
            parts.append("")
        parts[-1] += sign
    return [f"=?utf-8?b?{b64encode(each.encode()).decode()}?=" for each in parts]


PLAIN_IN_A_LINE = 78 - len("Subject: ")


class WholeWords(EmailPolicy):
    """A subject that is not plain ASCII, or longer than a line, is encoded whole, and so is a name that fits: folding them, the
    library can lose a space or add one.
    """

    def fold(self, name: str, value: Any) -> str:
        """A header as lines of text."""
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """A header as lines of bytes, as a mail server is sent them."""
        whole = self._whole(name, value)
        return whole.encode("ascii") if whole else super().fold_binary(name, value)

    def _whole(self, name: str, value: Any) -> str:
        known: Sequence[Address] = getattr(value, "addresses", ())
        words = str(value) if name == "Subject" else known[0].display_name if len(known) == 1 else ""
        after = "" if name == "Subject" or not known else f"{self.linesep} <{known[0].addr_spec}>"
        found = _encoded(words)
        is_plain = words.isascii() and not (name == "Subject" and len(words) > PLAIN_IN_A_LINE)
        if is_plain or not after.isascii() or (after and len(found) > 1):
            return ""
        return f"{name}: " + f"{self.linesep} ".join(found) + after + self.linesep


WHOLE_WORDS = WholeWords()


def envelope(
    wording: Wording,
    *,
    message_id: str,
    sender: tuple[str, str],
    to: tuple[str, str],
    reply_to: str | None,
    calendar: str | None = None,
) -> EmailMessage:
    """The letter as it goes out. Header values are refused by the library if they hold a line break."""
    message = EmailMessage(policy=WHOLE_WORDS)
    message["Message-ID"] = message_id
    message["From"] = _address(sender)
    message["To"] = _address(to)
    message["Subject"] = wording.subject
    message["Date"] = formatdate(usegmt=True)
    message["Auto-Submitted"] = "auto-generated"
    if reply_to:
        message["Reply-To"] = reply_to
    # Plain ASCII goes as it is, so that a link stays in one piece even for whoever reads the raw letter.
    message.set_content(wording.text, cte="7bit" if wording.text.isascii() else "quoted-printable")
    if calendar:
        message.add_attachment(
            calendar, subtype="calendar", filename="invitation.ics", params={"method": _method_of(calendar)}
        )
    return message


def _method_of(calendar: str) -> str:
    """What the file itself asks of a calendar: the header must say the same (RFC 6047)."""
    lines = (line.partition(":") for line in calendar.splitlines())
    return next((value.strip() for name, _, value in lines if name == "METHOD"), "PUBLISH")


def _address(known: tuple[str, str]) -> Address:
    """A name and an address as one value, so that nothing in the name can be read as a second address."""
    return Address(display_name=without_links(one_line(known[0])), addr_spec=known[1])


def period_of(moment: datetime, every: timedelta) -> datetime:
    """The start of the period, of length ``every`` since the epoch, that ``moment`` lies in."""
    seconds = int(every.total_seconds())
    stamp = int(moment.timestamp())
    return datetime.fromtimestamp(stamp - stamp % seconds, moment.tzinfo)
