"""Mail: a server by SMTP, or a folder in which every letter can be read."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT = 20


class MailRefused(Exception):
    """The server said no for good: trying again would not help."""


class MailUnavailable(Exception):
    """The server could not be reached or said not now: try again later."""


class Mail(Protocol):
    """Takes a letter and delivers it, or raises `MailRefused` or `MailUnavailable`."""

    def send(self, message: EmailMessage) -> None:
        """Deliver one letter."""


class SmtpMail:
    """A mail server, reached by ``smtp://`` (STARTTLS where there is a password) or ``smtps://``."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._host, self._port = parts.hostname or "localhost", parts.port or (465 if self._is_tls else 587)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")

    def send(self, message: EmailMessage) -> None:
        """Deliver one letter over a connection of its own."""
        is_accepted = False
        try:
            with self._connect() as server:
                if self._user:
                    if not self._is_tls:
                        server.starttls(context=ssl.create_default_context())
                    server.login(self._user, self._password)
                server.send_message(message)
                is_accepted = True
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            raise _sorted_out(error) from error
        except (OSError, smtplib.SMTPException) as error:
            if not is_accepted:  # once it is, a farewell that goes wrong must not send it twice
                raise MailUnavailable(type(error).__name__) from error

    def _connect(self) -> smtplib.SMTP:
        if self._is_tls:
            return smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        return smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)


class FolderMail:
    """A folder as a mailbox: each letter a file, named so that sending one twice leaves one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the letter as ``<message id>.eml``, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").split("@")[0]
        partial = self._folder / f".{name}.partial"
        partial.write_bytes(bytes(message))
        partial.rename(self._folder / f"{name}.eml")


def mail_from_url(url: str) -> Mail:
    """The mail gateway of a setting: ``smtp://``, ``smtps://`` or ``folder:///path``."""
    return FolderMail(Path(urlsplit(url).path)) if url.startswith("folder://") else SmtpMail(url)


def _sorted_out(error: smtplib.SMTPException) -> Exception:
    """Codes from 500 on are for good, those from 400 on are for now (RFC 5321, section 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    else:
        codes = [int(getattr(error, "smtp_code", 0))]
    return MailRefused(str(codes)) if codes and min(codes) >= 500 else MailUnavailable(str(codes))
