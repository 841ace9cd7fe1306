"""When a letter is tried again, and what it looks like when it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

MOST_ATTEMPTS = 6
LOST_AFTER = timedelta(minutes=10)  # longer than any mail server's time-out
REDACTED = "(a one-time link, not kept)"
TEMPLATES = Path(__file__).parent.parent / "templates" / "notices"


@dataclass(frozen=True)
class Wording:
    """A letter's subject line and text."""

    subject: str
    text: str


@cache
def _environment() -> Environment:
    """The letters' own Jinja, without Flask: plain text, so nothing is escaped, and nothing may be missing."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 plain-text letters: an escaped name would be misspelt
        keep_trailing_newline=True,
    )


def word(kind: str, context: Mapping[str, Any]) -> Wording:
    """The wording of a letter: the first line of its template, after "Subject: ", is the subject."""
    text = _environment().get_template(f"{kind}.txt").render(context)
    first, _, rest = text.partition("\n")
    subject = " ".join(first.removeprefix("Subject:").split())
    return Wording(subject=subject[:200], text=rest.strip() + "\n")


def wait_before(attempt: int) -> timedelta:
    """How long to wait after a try that failed: 1, 4, 16, 64 … minutes."""
    return timedelta(minutes=4 ** (attempt - 1))


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
    message = EmailMessage()
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
        method = "CANCEL" if "METHOD:CANCEL" in calendar else "PUBLISH"
        message.add_attachment(
            calendar, subtype="calendar", filename="invitation.ics", params={"method": method}
        )
    return message


def _address(known: tuple[str, str]) -> Address:
    """A name and an address as one value, so that nothing in the name can be read as a second address."""
    return Address(display_name=known[0], addr_spec=known[1])


def period_of(moment: datetime, every: timedelta) -> datetime:
    """The start of the period, of length ``every`` since the epoch, that ``moment`` lies in."""
    seconds = int(every.total_seconds())
    stamp = int(moment.timestamp())
    return datetime.fromtimestamp(stamp - stamp % seconds, moment.tzinfo)
