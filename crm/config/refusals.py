"""What is refused: settings that cannot be read as what they should be, and settings that are unsafe where they are used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crm.config.known import ENVIRONMENTS, MEANT, STRIPE, Known, is_this_machine, parted
from crm.config.strength import ADVICE, LEAST, is_weak

COLOURS = "CRM_COLOUR_"
COLOUR, COLOUR_NAME = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})"), re.compile(r"[a-z]+(?:-[a-z]+)*")
ACCOUNT = r"(?!00-?00-?00)[0-9]{2}(-?)[0-9]{2}\1[0-9]{2} (?!0{8})[0-9]{8}"
LIKE_AN_ACCOUNT = "must be a sort code, a space and an account number, like 12-34-56 12345678, and not zeros"
SECONDS, LIKE_SECONDS = r"[1-9][0-9]?", "must be a number of seconds from 1 to 99"
REGION, LIKE_A_REGION = r"[a-z0-9-]{1,40}", "must be the name of a region, like eu-west-2"
MAIL = ("smtp", "smtps", "folder")
DATABASES = ("postgresql", "postgresql+psycopg", "sqlite")
OF_AMAZON = re.compile(r"s3[.-]([a-z0-9-]+)\.amazonaws\.com")
EVERYWHERE, REAL = frozenset(ENVIRONMENTS), frozenset({"production"})
SHOWN = frozenset({"production", "demo"})
WHERE_TO_READ = "Each setting is described in docs/how-to/run-in-production.md. Nothing was started."


class UnsafeSettings(RuntimeError):
    """The settings would make the service unsafe or unable to run; the message lists every reason."""


@dataclass(frozen=True)
class Shape:
    """What the text of a setting must match, where it is set."""

    name: str
    pattern: str
    words: str


@dataclass(frozen=True)
class Unsafe:
    """What must not be, in some environments; ``unless`` is the word of CRM_MEANT that allows it."""

    name: str
    words: str
    is_wrong: Callable[[Known], bool]
    where: frozenset[str] = EVERYWHERE
    unless: str = ""

    def applies_to(self, known: Known) -> bool:
        """Whether these settings are refused for it."""
        is_meant = bool(self.unless) and self.unless in known.meant
        return known.environment in self.where and not is_meant and self.is_wrong(known)

    @property
    def told(self) -> str:
        """The refusal in words, and how to say that it is meant."""
        return f"{self.name} {self.words}" + (f", or set CRM_MEANT={self.unless}" if self.unless else "")


SHAPES = (
    Shape("CRM_TRUSTED_PROXIES", r"[0-9]", "must be a number from 0 to 9"),
    Shape("CRM_PAYS_FROM", ACCOUNT, LIKE_AN_ACCOUNT),
    Shape("CRM_REPAID_TO", ACCOUNT, LIKE_AN_ACCOUNT),
    Shape("CRM_BACKUP_RECIPIENT", r"age1[02-9ac-hj-np-z]{58}", "must be a public key of age (age1…)"),
    Shape("CRM_BACKUP_REGION", REGION, LIKE_A_REGION),
    Shape("CRM_FILES_REGION", REGION, LIKE_A_REGION),
    Shape("CRM_FILES_TIMEOUT", SECONDS, LIKE_SECONDS),
    Shape("CRM_MAIL_TIMEOUT", SECONDS, LIKE_SECONDS),
    Shape("CRM_MEANT", rf"(?:{'|'.join(MEANT)})(?:,(?:{'|'.join(MEANT)}))*", f"knows {', '.join(MEANT)}"),
    Shape("CRM_METRICS_TOKEN", rf".{{{LEAST},}}", "must have at least 32 characters"),
)

SAFE = (
    Unsafe(
        "CRM_ENV",
        "must not be test where people are: its secret is published. Set it to production, demo or development",
        lambda known: not is_this_machine(parted(known.base_url).hostname or ""),
        frozenset({"test"}),
    ),
    Unsafe(
        "FLASK_DEBUG",
        "must not be set: errors would show the code and run it",
        lambda known: known.is_debug,
        SHOWN,
    ),
    Unsafe(
        "CRM_SECRET_KEY",
        f"must be set, with at least {LEAST} characters that nobody can guess: {ADVICE}",
        lambda known: is_weak(known.secret_key),
        REAL,
    ),
    Unsafe(
        "CRM_AUDIT_KEY",
        f"can be guessed: {ADVICE}",
        lambda known: bool(known.audit_key) and is_weak(known.audit_key),
        REAL,
    ),
    Unsafe(
        "CRM_METRICS_TOKEN",
        f"can be guessed: {ADVICE}",
        lambda known: bool(known.metrics_token) and is_weak(known.metrics_token),
        REAL,
    ),
    Unsafe(
        "DATABASE_URL",
        "must be postgresql://user:password@host/name, or sqlite:/// with the path of a file",
        lambda known: known.database_url.split("://")[0] not in DATABASES,
    ),
    Unsafe(
        "DATABASE_URL",
        "must name a PostgreSQL database (postgresql://user:password@host/name)",
        lambda known: known.database_url.startswith("sqlite"),
        REAL,
        unless="sqlite",
    ),
    Unsafe(
        "CRM_CA_FILE",
        "must name a file with the certificates of an authority (PEM)",
        lambda known: bool(known.ca_file) and not _has_certificates(Path(known.ca_file)),
    ),
    Unsafe(
        "CRM_BASE_URL",
        "must be the https address that people use",
        lambda known: not known.is_https or not parted(known.base_url).hostname,
        REAL,
    ),
    Unsafe(
        "CRM_TRUSTED_PROXIES",
        "must say how many proxies stand before the server, 1 where one terminates TLS: without it everybody seems to come "
        "from the proxy",
        lambda known: not known.trusted_proxies,
        REAL,
        unless="no-proxy",
    ),
)
MAILED = (
    Unsafe(
        "CRM_MAIL_URL",
        "must name a mail server (smtp:// or smtps://) or a folder (folder://)",
        lambda known: parted(known.mail_url).scheme not in MAIL,
    ),
    Unsafe(
        "CRM_MAIL_URL",
        "must name the host of a mail server",
        lambda known: parted(known.mail_url).scheme in MAIL[:2] and not parted(known.mail_url).hostname,
    ),
    Unsafe(
        "CRM_MAIL_URL",
        "must name a mail server (smtp:// or smtps://): letters in a folder reach nobody",
        lambda known: parted(known.mail_url).scheme == "folder",
        REAL,
    ),
    Unsafe(
        "CRM_MAIL_FROM", "must be a real address", lambda known: not _is_real_address(known.mail_from), REAL
    ),
    Unsafe(
        "CRM_CONTACT_EMAIL",
        "must be a real address",
        lambda known: not _is_real_address(known.contact_email),
        REAL,
    ),
)
STORED = (
    Unsafe(
        "CRM_FILES_URL",
        "must name a folder (folder:///path) or an S3-compatible store (s3://KEY-ID@host/bucket)",
        lambda known: not _is_store(known),
    ),
    Unsafe(
        "CRM_FILES_SECRET",
        "must be set where CRM_FILES_URL is an S3-compatible store",
        lambda known: parted(known.files_url).scheme == "s3" and not known.files_secret,
    ),
    Unsafe(
        "CRM_FILES_REGION",
        "must be the region that the host of CRM_FILES_URL names",
        lambda known: _region_of(known.files_url) not in ("", known.files_region),
    ),
)
PAID = (
    Unsafe(
        "CRM_STRIPE_WEBHOOK_SECRET",
        "must be set where CRM_STRIPE_KEY is",
        lambda known: bool(known.stripe_key) and not known.stripe_secret,
    ),
    Unsafe(
        "CRM_STRIPE_PRICE",
        "must name the price of a membership",
        lambda known: bool(known.stripe_key) and not known.stripe_price,
    ),
    Unsafe(
        "CRM_STRIPE_TAX",
        "must be none, automatic or a tax rate (txr_…)",
        lambda known: (
            bool(known.stripe_key) and not re.fullmatch(r"none|automatic|txr_[A-Za-z0-9]+", known.stripe_tax)
        ),
    ),
    Unsafe(
        "CRM_STRIPE_URL",
        "must not be set in production",
        lambda known: bool(known.stripe_key) and known.stripe_url != STRIPE,
        REAL,
    ),
    Unsafe(
        "CRM_STRIPE_KEY",
        "must be a live key in production, and only there",
        lambda known: (
            bool(known.stripe_key) and (known.environment == "production") != ("_live_" in known.stripe_key)
        ),
    ),
)
TABLE: tuple[Unsafe, ...] = (*SAFE, *MAILED, *STORED, *PAID)


def environment_fault(environment: str) -> str:
    """Why an environment is none that we know; empty where it is one. There is no default: each is the wrong one somewhere."""
    if not environment:
        return (
            "CRM_ENV is not set: production for a service that people use, demo for invented data, "
            "development to try changes"
        )
    if environment not in ENVIRONMENTS:
        return f"CRM_ENV is {environment!r}; it must be one of {', '.join(ENVIRONMENTS)}"
    return ""


def misshapen(given: Mapping[str, str]) -> Iterator[str]:
    """Every setting whose text is not what it should be. Colours become part of a stylesheet, so they are held to it."""
    for each in SHAPES:
        if given.get(each.name) and not re.fullmatch(each.pattern, given[each.name], re.ASCII):
            yield f"{each.name} {each.words}"
    for name, value in theme_of(given).items():
        if not COLOUR_NAME.fullmatch(name) or not COLOUR.fullmatch(value):
            yield f"{COLOURS}{name.upper().replace('-', '_')[:40]} must be a colour like #1a2b3c"


def theme_of(given: Mapping[str, str]) -> dict[str, str]:
    """Colours set for this installation: CRM_COLOUR_ACTION_HOVER=#123456 becomes ``action-hover``."""
    return {
        key.removeprefix(COLOURS).lower().replace("_", "-"): value
        for key, value in given.items()
        if key.startswith(COLOURS)
    }


def refused(known: Known) -> list[str]:
    """Every reason why these settings must not be run with."""
    return [each.told for each in TABLE if each.applies_to(known)]


def _is_real_address(address: str) -> bool:
    name, _, host = address.partition("@")
    return bool(name) and "." in host and not host.endswith((".example", ".invalid", ".test"))


def _has_certificates(file: Path) -> bool:
    try:
        return b"-----BEGIN CERTIFICATE-----" in file.read_bytes()
    except OSError:
        return False


def _is_store(known: Known) -> bool:
    parts = parted(known.files_url)
    if parts.scheme == "s3":
        return bool(parts.hostname and parts.username and parts.path.strip("/"))
    kept_nowhere = parts.scheme == "memory" and known.environment not in SHOWN
    return kept_nowhere or (parts.scheme == "folder" and len(parts.path) > 1)


def _region_of(url: str) -> str:
    """The region that the host of a store at Amazon names; empty for any other store."""
    found = OF_AMAZON.fullmatch(parted(url).hostname or "")
    return found.group(1) if found else ""
