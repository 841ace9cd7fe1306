"""Mail: a server by SMTP, or a folder in which every letter can be read."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit


class MailRefused(Exception):
    """The server said no for good: trying again would not help."""


class MailUnavailable(Exception):
    """The server could not be reached or said not now: try again later."""


class Mail(Protocol):
    """Takes a letter and delivers it, or raises `MailRefused` or `MailUnavailable`."""

    def send(self, message: EmailMessage) -> None:
        """Deliver one letter."""


@dataclass(frozen=True)
class Line:
    """How a mail server is reached. ``is_plain``: letters may go without encryption, a password never does.

    ``ca_file`` has the certificates of a private authority, which is trusted beside those of the system.
    """

    is_plain: bool = False
    ca_file: str = ""
    seconds: int = 20


class SmtpMail:
    """A mail server, reached by ``smtp://`` (STARTTLS) or ``smtps://``. Letters hold links to sign in: they go encrypted."""

    def __init__(self, url: str, line: Line | None = None) -> None:
        parts, self._line = urlsplit(url), line or Line()
        self._is_tls = parts.scheme == "smtps"
        self._host, self._port = parts.hostname or "localhost", parts.port or (465 if self._is_tls else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")

    def send(self, message: EmailMessage) -> None:
        """Deliver one letter over a connection of its own."""
        is_accepted = False
        try:
            with self._connect() as server:
                if self.is_encrypted and not self._is_tls:
                    server.starttls(context=self._context())
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(message)
                is_accepted = True
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            raise _sorted_out(error) from error
        except (OSError, smtplib.SMTPException) as error:
            if not is_accepted:  # once it is, a farewell that goes wrong must not send it twice
                raise MailUnavailable(type(error).__name__) from error

    @property
    def is_encrypted(self) -> bool:
        """Whether letters go by TLS, by the server's certificate or not at all."""
        return self._is_tls or bool(self._user) or not self._line.is_plain

    def _connect(self) -> smtplib.SMTP:
        seconds = self._line.seconds
        if self._is_tls:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=seconds, context=self._context())
        return smtplib.SMTP(self._host, self._port, timeout=seconds)

    def _context(self) -> ssl.SSLContext:
        made = ssl.create_default_context()
        if self._line.ca_file:
            made.load_verify_locations(self._line.ca_file)
        return made


class FolderMail:
    """A folder as a mailbox: each letter a file, named so that sending one twice leaves one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the letter as ``<message id>.eml``, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = str(message["Message-ID"]).strip("<>").split("@")[0]
        partial = self._folder / f".{name}.partial"
        partial.write_bytes(bytes(message))
        partial.rename(self._folder / f"{name}.eml")


def mail_from_url(url: str, line: Line | None = None) -> Mail:
    """The mail gateway of a setting: ``smtp://``, ``smtps://`` or ``folder:///path``."""
    parts = urlsplit(url)
    if parts.scheme == "folder":
        return FolderMail(Path(parts.path))
    if parts.scheme in ("smtp", "smtps"):
        return SmtpMail(url, line)
    raise ValueError("letters are sent by smtp:// or smtps://, or left in folder://")


def _sorted_out(error: smtplib.SMTPException) -> Exception:
    """Codes from 500 on are for good, those from 400 on are for now (RFC 5321, section 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    else:
        codes = [int(getattr(error, "smtp_code", 0))]
    return MailRefused(str(codes)) if codes and min(codes) >= 500 else MailUnavailable(str(codes))
