"""Reading the settings, once, from the environment; and ending a process whose settings are refused."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

from crm.config.known import REGION, STRIPE, Known
from crm.config.refusals import (
    WHERE_TO_READ,
    UnsafeSettings,
    environment_fault,
    misshapen,
    refused,
    theme_of,
)

INVENTED_ACCOUNT = "08-99-99 66374958"
"""Whom payments come from where nothing is really paid: the example of the published rules for checking account numbers."""
SECRET_BYTES = 32
NOT_TO_BE_TRIED_AGAIN = 4
"""The exit code at which gunicorn ends, rather than start the same again for ever."""
OFF = ("", "0", "false", "no")


@dataclass(frozen=True)
class Settings(Known):
    """Everything that differs between one installation and another, as read from the environment."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; raise `UnsafeSettings` with every fault at once."""
        given = dict(os.environ if environ is None else environ)
        fault = environment_fault(given.get("CRM_ENV", ""))
        _require_none([fault] if fault else list(misshapen(given)))
        made = cls._read(given)
        _require_none(made.faults())
        return made

    def faults(self) -> list[str]:
        """Every reason why these settings must not be run with."""
        return refused(self)

    @classmethod
    def _read(cls, given: Mapping[str, str]) -> Settings:
        environment, data = given["CRM_ENV"], Path(given.get("CRM_DATA") or "var").resolve()
        return cls(
            environment=environment,
            data=data,
            database_url=given.get("DATABASE_URL") or f"sqlite:///{data / 'crm.db'}",
            secret_key=given.get("CRM_SECRET_KEY") or _kept_secret(environment, data),
            base_url=given.get("CRM_BASE_URL", f"http://127.0.0.1:{given.get('PORT', '8000')}").rstrip("/"),
            mail_url=given.get("CRM_MAIL_URL") or f"folder://{data / 'mailbox'}",
            mail_from=given.get("CRM_MAIL_FROM", "no-reply@creative-growth.example"),
            mail_timeout=int(given.get("CRM_MAIL_TIMEOUT") or cls.mail_timeout),
            service_name=given.get("CRM_SERVICE_NAME", cls.service_name),
            contact_email=given.get("CRM_CONTACT_EMAIL", cls.contact_email),
            controller=given.get("CRM_CONTROLLER", "").strip(),
            privacy_email=given.get("CRM_PRIVACY_EMAIL", "").strip(),
            theme=theme_of(given),
            trusted_proxies=int(given.get("CRM_TRUSTED_PROXIES") or 0),
            files_url=given.get("CRM_FILES_URL") or f"folder://{quote(str(data / 'files'))}",
            files_secret=given.get("CRM_FILES_SECRET", ""),
            files_region=given.get("CRM_FILES_REGION") or REGION,
            files_timeout=int(given.get("CRM_FILES_TIMEOUT") or cls.files_timeout),
            ca_file=given.get("CRM_CA_FILE", ""),
            audit_key=given.get("CRM_AUDIT_KEY", ""),
            metrics_token=given.get("CRM_METRICS_TOKEN", ""),
            meant=frozenset(filter(None, given.get("CRM_MEANT", "").split(","))),
            is_debug=given.get("FLASK_DEBUG", "").lower() not in OFF,
            password_cost="cheap" if environment == "test" else "full",
            **_money(given),
            **_others(given),
        )


def _require_none(faults: Sequence[str]) -> None:
    if faults:
        raise UnsafeSettings("\n- ".join(["The settings are not safe to run with:", *faults]))


def settings_or_end() -> Settings:
    """The settings of the environment; where they are refused, the process ends with the reasons."""
    with ending_in_words():
        return Settings.from_environment()
    raise AssertionError("unreachable: either it was returned or the process ended")


@contextmanager
def ending_in_words() -> Iterator[None]:
    """Ends the process in a few lines, without a traceback, where its settings or its folders do not let it start."""
    try:
        yield
    except UnsafeSettings as fault:
        end(str(fault).splitlines())
    except OSError as fault:
        end(
            [
                "A file or folder that the settings name cannot be used:",
                f"- {fault.filename}: {fault.strerror}",
            ]
        )


def end(lines: Sequence[str]) -> NoReturn:
    """End the process with these lines and where to read more; a server that started it does not try again."""
    sys.stderr.write("\n".join([*lines, WHERE_TO_READ, ""]))
    raise SystemExit(NOT_TO_BE_TRIED_AGAIN)


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


def _money(given: Mapping[str, str]) -> dict[str, Any]:
    """The settings by which money is paid. Outside production nothing is really paid, from an invented account."""
    invented = "" if given["CRM_ENV"] == "production" else INVENTED_ACCOUNT
    return {
        "pays_from": given.get("CRM_PAYS_FROM", invented),
        "repaid_to": given.get("CRM_REPAID_TO", invented),
        "stripe_key": given.get("CRM_STRIPE_KEY", ""),
        "stripe_secret": given.get("CRM_STRIPE_WEBHOOK_SECRET", ""),
        "stripe_price": given.get("CRM_STRIPE_PRICE", ""),
        "stripe_tax": given.get("CRM_STRIPE_TAX", "none"),
        "stripe_url": given.get("CRM_STRIPE_URL", STRIPE).rstrip("/"),
    }


def _others(given: Mapping[str, str]) -> dict[str, Any]:
    """The settings of services that are asked, and of backups."""
    return {
        "companies_house_key": given.get("CRM_COMPANIES_HOUSE_KEY", ""),
        "companies_house_url": given.get("CRM_COMPANIES_HOUSE_URL", Known.companies_house_url).rstrip("/"),
        "rights_register_url": given.get("CRM_RIGHTS_REGISTER_URL", ""),
        "rights_register_key": given.get("CRM_RIGHTS_REGISTER_KEY", ""),
        "backup_recipient": given.get("CRM_BACKUP_RECIPIENT", ""),
        "backup_secret": given.get("CRM_BACKUP_SECRET", ""),
        "backup_region": given.get("CRM_BACKUP_REGION") or REGION,
    }
