"""What an installation is set to use, each tried for real: connected to, written and read back, a letter sent."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from crm.config import Settings
from crm.config.known import parted
from crm.config.strength import bits_of, is_weak
from crm.db.invented import fault_of_people
from crm.db.migrating import newest_revision, revision_of
from crm.db.session import Database
from crm.documents.queries import shelf
from crm.gateways.files import Files, FilesUnavailable
from crm.gateways.mail import Mail, MailRefused, MailUnavailable, SmtpMail
from crm.kernel.clock import moment_in_words, now
from crm.kernel.text import series
from crm.notices.rules import Wording, envelope
from crm.watch.queries import lacking

TRIED = "check"
"""The folder of the store in which a file is tried; no sweep looks there."""
NOT_KNOWN = "not known: the database does not answer, or is not at the newest revision"


@dataclass(frozen=True)
class Installation:
    """What is tried, and to whom a letter is sent; to nobody where ``reader`` is empty."""

    settings: Settings
    database: Database
    files: Files
    mail: Mail
    reader: str


@dataclass(frozen=True)
class Told:
    """What was found of one thing."""

    name: str
    words: str
    is_wrong: bool = False


def environment(here: Installation) -> Told:
    """Which installation this is, and whether its settings would be taken."""
    faults = here.settings.faults()
    words = "; ".join([f"{here.settings.environment}, at {here.settings.base_url}", *faults])
    return Told("environment", words, bool(faults))


def engine(here: Installation) -> Told:
    """Which database answers, and whether it is at the revision of this version."""
    try:
        with here.database.reading() as opened:
            found, version = revision_of(opened.connection()), _version(here.database.engine)
    except SQLAlchemyError as fault:
        reason = str(getattr(fault, "orig", fault)).strip().splitlines()
        return Told(
            "engine", f"the database does not answer: {reason[0] if reason else type(fault).__name__}", True
        )
    if found != newest_revision():
        words = f"{version}: the database is not at the newest revision: run `flask --app wsgi db upgrade`"
        return Told("engine", words, True)
    return Told("engine", f"{version}, at revision {found}")


def _version(engine: Engine) -> str:
    url, version = engine.url, ".".join(str(each) for each in engine.dialect.server_version_info or ())
    if engine.dialect.name == "sqlite":
        return f"SQLite {version} in {url.database or 'memory'}"
    return f"PostgreSQL {version} at {url.host or 'this machine'}, {url.database}"


def reference(here: Installation) -> Told:
    """Whether what comes with this version of the product is there: pages that need it fail without."""
    try:
        with here.database.reading():
            missing = lacking()
    except SQLAlchemyError:
        return Told("reference", NOT_KNOWN, True)
    words = f"missing: {series(missing)}: run `flask --app wsgi reference load`"
    return Told("reference", words if missing else "all that comes with the product is there", bool(missing))


def people(here: Installation) -> Told:
    """Whether the people in the database are those for whom the environment is meant."""
    fault = fault_of_people(here.database, here.settings.environment)
    return Told("people", fault or "fit the environment", bool(fault))


def store(here: Installation) -> Told:
    """Write a file, read it back and delete it."""
    where, key, data = _place(here.settings), f"{TRIED}/{uuid4().hex}", secrets.token_bytes(1024)
    began = time.perf_counter()
    try:
        here.files.put(key, data)
        is_same = here.files.get(key) == data
        here.files.delete(key)
    except FilesUnavailable as fault:
        reason = str(fault.__cause__ or fault).strip().splitlines()[0][:300]
        return Told("store", f"{where}: a file could not be written and read back: {reason}", True)
    taken = time.perf_counter() - began
    if not is_same:
        return Told("store", f"{where}: a file was read back otherwise than it was written", True)
    return Told("store", f"{where}: a file was written, read and deleted in {taken:.1f} seconds")


def _place(settings: Settings) -> str:
    parts = parted(settings.files_url)
    if parts.scheme != "s3":
        return f"{parts.scheme} {parts.path}".strip()
    authority = f", authority {settings.ca_file}" if settings.ca_file else ""
    patience = f"given up after {settings.files_timeout} seconds"
    return f"s3 {parts.hostname}{parts.path}, region {settings.files_region}{authority}, {patience}"


def sweep(here: Installation) -> Told:
    """Whether the store is swept, or waits for somebody to say that it is this database's."""
    try:
        with here.database.reading():
            fault = shelf().fault
    except SQLAlchemyError:
        return Told("sweep", NOT_KNOWN, True)
    return Told("sweep", fault or "the store is swept once a day", bool(fault))


def mail(here: Installation) -> Told:
    """Send a letter to the operator, as every letter is sent."""
    where = _line(here)
    if not here.reader:
        return Told("mail", f"{where}: not tried")
    settings = here.settings
    wording = Wording(
        f"A test from {settings.service_name}",
        f"This email was sent by the command “check” on {moment_in_words(now())}.\n\n"
        f"It left {settings.base_url} in the same way as every other email. There is nothing to do.\n",
    )
    sender = (settings.service_name, settings.mail_from)
    message = envelope(
        wording, message_id=f"<{uuid4()}@letters.crm>", sender=sender, to=("", here.reader), reply_to=None
    )
    try:
        here.mail.send(message)
    except (MailRefused, MailUnavailable, OSError) as fault:
        cause = fault.__cause__ or fault
        return Told("mail", f"{where}: no letter could be sent ({type(cause).__name__}: {cause})"[:400], True)
    return Told("mail", f"{where}: a letter to {here.reader} was accepted")


def _line(here: Installation) -> str:
    parts = parted(here.settings.mail_url)
    if not isinstance(here.mail, SmtpMail):
        return f"{parts.scheme} {parts.path}"
    server = f"{parts.scheme} {parts.hostname}" + (f":{parts.port}" if parts.port else "")
    tls = "TLS" if parts.scheme == "smtps" else "STARTTLS"
    protected = f"{tls}, certificate checked" if here.mail.is_encrypted else "no encryption"
    return f"{server}, {protected}"


def proxy(here: Installation) -> Told:
    """How many proxies are believed, which say who asks and over what."""
    count = here.settings.trusted_proxies
    words = "none is trusted: who asks is who connects"
    return Told("proxy", f"{count} trusted" if count else words)


def secret(here: Installation) -> Told:
    """How often the secret of the sessions would have to be guessed."""
    key = here.settings.secret_key
    is_wrong = is_weak(key) and here.settings.environment != "test"
    words = f"{len(key)} characters, 2 to the power of {bits_of(key)} guesses"
    return Told("secret", f"{words}: it can be guessed" if is_wrong else words, is_wrong)


PROBES: tuple[Callable[[Installation], Told], ...] = (
    environment,
    engine,
    reference,
    people,
    sweep,
    store,
    mail,
    proxy,
    secret,
)
"""In the order in which they are told."""
