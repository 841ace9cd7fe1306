"""The settings: read once from the environment, and refused loudly where they are incomplete or unsafe."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

ENVIRONMENTS = ("development", "demo", "test", "production")
SECRET_BYTES = 32
COLOURS = "CRM_COLOUR_"
COLOUR, COLOUR_NAME = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})"), re.compile(r"[a-z]+(?:-[a-z]+)*")
INVENTED_ACCOUNT = "08-99-99 66374958"
"""Whom payments come from where nothing is really paid: the example of the published rules for checking account numbers."""
ACCOUNT = re.compile(r"(?!00-?00-?00)[0-9]{2}(-?)[0-9]{2}\1[0-9]{2} (?!0{8})[0-9]{8}", re.ASCII)
ACCOUNTS = ("CRM_PAYS_FROM", "CRM_REPAID_TO")
PROXIES = re.compile(r"[0-9]")
STRIPE = "https://api.stripe.com"
AGE_KEY = re.compile(r"age1[02-9ac-hj-np-z]{58}")
"""A public key of age: 32 bytes in Bech32."""
TAX = re.compile(r"none|automatic|txr_[A-Za-z0-9]+")


class UnsafeSettings(RuntimeError):
    """The settings would make the service unsafe or unable to run; the message lists every reason."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one installation and another. Times are in seconds."""

    environment: str
    data: Path
    database_url: str
    secret_key: str = field(repr=False)
    base_url: str
    mail_url: str = field(repr=False)
    mail_from: str
    service_name: str = "Creative Growth West Midlands"
    contact_email: str = "hello@creative-growth.example"
    theme: Mapping[str, str] = field(default_factory=dict)
    trusted_proxies: int = 0
    session_lifetime: int = 12 * 3600
    password_cost: str = "full"
    files_url: str = "memory://"
    files_secret: str = field(default="", repr=False)
    companies_house_key: str = field(default="", repr=False)
    companies_house_url: str = "https://api.company-information.service.gov.uk"
    rights_register_url: str = ""
    rights_register_key: str = field(default="", repr=False)
    pays_from: str = field(default="", repr=False)
    stripe_key: str = field(default="", repr=False)
    stripe_secret: str = field(default="", repr=False)
    stripe_price: str = ""
    stripe_tax: str = "none"
    stripe_url: str = STRIPE
    repaid_to: str = field(default="", repr=False)
    backup_recipient: str = ""
    backup_secret: str = field(default="", repr=False)
    metrics_token: str = field(default="", repr=False)

    @property
    def is_demo(self) -> bool:
        """Whether invented data and the demo's sign-ins are shown."""
        return self.environment == "demo"

    @property
    def is_https(self) -> bool:
        """Whether people reach the service over https, so that cookies can be kept to it."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; raise `UnsafeSettings` with every fault at once."""
        given = dict(os.environ if environ is None else environ)
        environment = given.get("CRM_ENV", "development")
        data = Path(given.get("CRM_DATA", "var")).resolve()
        settings = cls(
            environment=environment,
            data=data,
            database_url=given.get("DATABASE_URL") or f"sqlite:///{data / 'crm.db'}",
            secret_key=given.get("CRM_SECRET_KEY") or _kept_secret(environment, data),
            base_url=given.get("CRM_BASE_URL", f"http://127.0.0.1:{given.get('PORT', '8000')}").rstrip("/"),
            mail_url=given.get("CRM_MAIL_URL") or f"folder://{data / 'mailbox'}",
            mail_from=given.get("CRM_MAIL_FROM", "no-reply@creative-growth.example"),
            service_name=given.get("CRM_SERVICE_NAME", cls.service_name),
            contact_email=given.get("CRM_CONTACT_EMAIL", cls.contact_email),
            theme=_theme(given),
            trusted_proxies=_proxies(given),
            files_url=given.get("CRM_FILES_URL") or f"folder://{quote(str(data / 'files'))}",
            files_secret=given.get("CRM_FILES_SECRET", ""),
            companies_house_key=given.get("CRM_COMPANIES_HOUSE_KEY", ""),
            companies_house_url=given.get("CRM_COMPANIES_HOUSE_URL", cls.companies_house_url).rstrip("/"),
            rights_register_url=given.get("CRM_RIGHTS_REGISTER_URL", ""),
            rights_register_key=given.get("CRM_RIGHTS_REGISTER_KEY", ""),
            pays_from=given.get("CRM_PAYS_FROM", "" if environment == "production" else INVENTED_ACCOUNT),
            stripe_key=given.get("CRM_STRIPE_KEY", ""),
            stripe_secret=given.get("CRM_STRIPE_WEBHOOK_SECRET", ""),
            stripe_price=given.get("CRM_STRIPE_PRICE", ""),
            stripe_tax=given.get("CRM_STRIPE_TAX", "none"),
            stripe_url=given.get("CRM_STRIPE_URL", STRIPE).rstrip("/"),
            repaid_to=given.get("CRM_REPAID_TO", "" if environment == "production" else INVENTED_ACCOUNT),
            backup_recipient=given.get("CRM_BACKUP_RECIPIENT", ""),
            backup_secret=given.get("CRM_BACKUP_SECRET", ""),
            metrics_token=given.get("CRM_METRICS_TOKEN", ""),
            password_cost="cheap" if environment == "test" else "full",
        )
        faults = [*_unreadable(given), *settings.faults()]
        if faults:
            raise UnsafeSettings("The settings are not safe to run with:\n- " + "\n- ".join(faults))
        return settings

    def faults(self) -> list[str]:
        """Every reason why these settings must not be run with."""
        if self.environment not in ENVIRONMENTS:
            return [f"CRM_ENV is {self.environment!r}; it must be one of {', '.join(ENVIRONMENTS)}"]
        is_real = self.environment == "production"
        sealing = bool(self.backup_recipient) and not AGE_KEY.fullmatch(self.backup_recipient)
        wrong = ["CRM_BACKUP_RECIPIENT must be a public key of age (age1…)"] if sealing else []
        if self.metrics_token and len(self.metrics_token) < SECRET_BYTES:
            wrong.append("CRM_METRICS_TOKEN must have at least 32 characters")
        return [
            *(self._production_faults() if is_real else []),
            *self._stripe_faults(is_real),
            *wrong,
        ]

    def _stripe_faults(self, is_real: bool) -> list[str]:
        """Real money moves in production alone, and there alone does nothing but Stripe stand behind the key."""
        if not self.stripe_key:
            return []
        checks = (
            (not self.stripe_secret, "CRM_STRIPE_WEBHOOK_SECRET must be set where CRM_STRIPE_KEY is"),
            (not self.stripe_price, "CRM_STRIPE_PRICE must name the price of a membership"),
            (
                not TAX.fullmatch(self.stripe_tax),
                "CRM_STRIPE_TAX must be none, automatic or a tax rate (txr_…)",
            ),
            (is_real and self.stripe_url != STRIPE, "CRM_STRIPE_URL must not be set in production"),
            (
                is_real != ("_live_" in self.stripe_key),
                "CRM_STRIPE_KEY must be a live key in production, and only there",
            ),
        )
        return [message for is_wrong, message in checks if is_wrong]

    def _production_faults(self) -> list[str]:
        host = urlsplit(self.base_url).hostname
        checks = (
            (len(self.secret_key) < SECRET_BYTES, "CRM_SECRET_KEY must be set, with at least 32 characters"),
            (not self.is_https or not host, "CRM_BASE_URL must be the https address that people use"),
            (
                self.mail_url.startswith("folder://"),
                "CRM_MAIL_URL must name a mail server (smtp:// or smtps://)",
            ),
            (
                urlsplit(self.files_url).scheme not in ("folder", "s3"),
                "CRM_FILES_URL must name a folder (folder://) or an S3-compatible store (s3://)",
            ),
            (self.mail_from.endswith(".example"), "CRM_MAIL_FROM must be a real address"),
            (self.contact_email.endswith(".example"), "CRM_CONTACT_EMAIL must be a real address"),
        )
        return [message for is_wrong, message in checks if is_wrong]


def _proxies(given: Mapping[str, str]) -> int:
    """How many proxies of our own stand before the application; 0 where that cannot be read."""
    text = given.get("CRM_TRUSTED_PROXIES", "0")
    return int(text) if PROXIES.fullmatch(text) else 0


def _theme(given: Mapping[str, str]) -> dict[str, str]:
    """Colours set for this installation: CRM_COLOUR_ACTION_HOVER=#123456 becomes ``action-hover``."""
    return {
        key.removeprefix(COLOURS).lower().replace("_", "-"): value
        for key, value in given.items()
        if key.startswith(COLOURS)
    }


def _unreadable(given: Mapping[str, str]) -> list[str]:
    """Every setting whose text is not what it should be. Colours become part of a stylesheet, so they are held to it."""
    faults = []
    if not PROXIES.fullmatch(given.get("CRM_TRUSTED_PROXIES", "0")):
        faults.append("CRM_TRUSTED_PROXIES must be a number from 0 to 9")
    faults += [
        f"{each} must be a sort code, a space and an account number, like 12-34-56 12345678, and not zeros"
        for each in ACCOUNTS
        if given.get(each) and not ACCOUNT.fullmatch(given[each])
    ]
    for name, value in _theme(given).items():
        if not COLOUR_NAME.fullmatch(name) or not COLOUR.fullmatch(value):
            faults.append(f"{COLOURS}{name.upper().replace('-', '_')[:40]} must be a colour like #1a2b3c")
    return faults


def _kept_secret(environment: str, data: Path) -> str:
    """A secret of this installation's own, kept beside its data, so that sessions outlive a restart.

    Production never gets one: there it has to be given.
    """
    if environment == "production":
        return ""
    if environment == "test":
        return "not-a-secret-" * 4
    path = data / "secret.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
    return path.read_text()
