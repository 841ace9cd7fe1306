"""Every setting of an installation, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

ENVIRONMENTS = ("development", "demo", "test", "production")
STRIPE = "https://api.stripe.com"
REGION = "us-east-1"
"""What stores that know no regions expect to be asked for."""
MEANT = {
    "sqlite": "SQLite in production: one server, and few people who save at once",
    "no-proxy": "a server that terminates TLS itself, with no proxy before it",
    "plain-mail": "letters that go to the mail server without encryption",
}
"""What is refused in production unless CRM_MEANT names it, in words."""


@dataclass(frozen=True)
class Known:
    """Everything that differs between one installation and another. Times are in seconds."""

    environment: str
    data: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    base_url: str
    mail_url: str = field(repr=False)
    mail_from: str
    mail_timeout: int = 20
    service_name: str = "Creative Growth West Midlands"
    contact_email: str = "hello@creative-growth.example"
    controller: str = ""
    privacy_email: str = ""
    theme: Mapping[str, str] = field(default_factory=dict)
    trusted_proxies: int = 0
    session_lifetime: int = 12 * 3600
    password_cost: str = "full"
    files_url: str = "memory://"
    files_secret: str = field(default="", repr=False)
    files_region: str = REGION
    files_timeout: int = 10
    ca_file: str = ""
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
    audit_key: str = field(default="", repr=False)
    backup_recipient: str = ""
    backup_secret: str = field(default="", repr=False)
    backup_region: str = REGION
    metrics_token: str = field(default="", repr=False)
    meant: frozenset[str] = frozenset()
    is_debug: bool = False

    @property
    def is_demo(self) -> bool:
        """Whether invented data and the demo's sign-ins are shown."""
        return self.environment == "demo"

    @property
    def is_https(self) -> bool:
        """Whether people reach the service over https, so that cookies can be kept to it."""
        return self.base_url.startswith("https://")

    @property
    def has_plain_mail(self) -> bool:
        """Whether letters may go to the mail server without encryption: to one on this machine, or where it is meant."""
        return "plain-mail" in self.meant or is_this_machine(parted(self.mail_url).hostname or "localhost")


def parted(url: str) -> SplitResult:
    """The parts of an address; of one that cannot be read none."""
    try:
        found = urlsplit(url)
        _ = found.port, found.hostname
    except ValueError:
        return urlsplit("")
    return found


def is_this_machine(host: str) -> bool:
    """Whether a host is the one that we run on, by its name alone: nobody is asked."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
