"""The settings are read once, and refused with every fault at once where they would be unsafe."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from crm.config import Settings, UnsafeSettings
from tests.starting import SECRET
from tests.web.test_headers import PRODUCTION

FAULTS = {
    "CRM_SECRET_KEY": ("short", "CRM_SECRET_KEY must be set"),
    "CRM_BASE_URL": ("http://support.example.org", "CRM_BASE_URL must be the https address"),
    "CRM_MAIL_URL": ("folder:///var/mail", "CRM_MAIL_URL must name a mail server"),
    "CRM_MAIL_FROM": ("no-reply@creative-growth.example", "CRM_MAIL_FROM must be a real address"),
    "CRM_CONTACT_EMAIL": ("hello@creative-growth.example", "CRM_CONTACT_EMAIL must be a real address"),
}


def test_sound_settings_are_taken_in_production() -> None:
    settings = Settings.from_environment(PRODUCTION)

    assert settings.is_https
    assert not settings.is_demo
    assert settings.password_cost == "full"


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("how", ["missing", "unsafe"])
def test_production_refuses_what_is_unsafe(tmp_path: Path, name: str, how: str) -> None:
    value, message = FAULTS[name]
    given = {key: each for key, each in PRODUCTION.items() if key != name} | {"CRM_DATA": str(tmp_path)}
    if how == "unsafe":
        given[name] = value

    with pytest.raises(UnsafeSettings, match=message):
        Settings.from_environment(given)
    assert list(tmp_path.iterdir()) == []


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings) as caught:
        Settings.from_environment({"CRM_ENV": "production", "CRM_DATA": str(tmp_path)})

    assert all(message in str(caught.value) for _, message in FAULTS.values())


def test_an_environment_that_we_do_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings, match="CRM_ENV is 'staging'"):
        Settings.from_environment({"CRM_ENV": "staging", "CRM_DATA": str(tmp_path)})


@pytest.mark.parametrize("environment", ["demo", "development"])
def test_a_secret_of_its_own_is_kept_for_its_owner_alone(tmp_path: Path, environment: str) -> None:
    folder = tmp_path / "data"
    first = Settings.from_environment({"CRM_ENV": environment, "CRM_DATA": str(folder)})
    again = Settings.from_environment({"CRM_ENV": environment, "CRM_DATA": str(folder)})

    assert first.secret_key == again.secret_key
    assert len(first.secret_key) == 64
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600


def test_two_installations_have_two_secrets(tmp_path: Path) -> None:
    made = {
        Settings.from_environment({"CRM_ENV": "demo", "CRM_DATA": str(tmp_path / name)}).secret_key
        for name in ("one", "other")
    }

    assert len(made) == 2


def test_secrets_are_not_shown_with_the_settings(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {**PRODUCTION, "CRM_MAIL_URL": "smtps://us:our-word@mail.example.org"}
    )

    assert SECRET not in repr(settings)
    assert "our-word" not in repr(settings)


def test_an_embedded_database_is_the_default(tmp_path: Path) -> None:
    settings = Settings.from_environment({"CRM_ENV": "demo", "CRM_DATA": str(tmp_path), "DATABASE_URL": ""})

    assert settings.database_url == f"sqlite:///{tmp_path / 'crm.db'}"
    assert settings.mail_url == f"folder://{tmp_path / 'mailbox'}"


def test_colours_are_settings() -> None:
    given = {"CRM_COLOUR_INK": "#123456", "CRM_COLOUR_ACTION_HOVER": "#fff"}
    settings = Settings.from_environment({**PRODUCTION, **given})

    assert settings.theme == {"ink": "#123456", "action-hover": "#fff"}
    assert settings.service_name == "Creative Growth West Midlands"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CRM_TRUSTED_PROXIES", "one"),
        ("CRM_TRUSTED_PROXIES", "-1"),
        ("CRM_BASE_URL", "https://"),
        ("CRM_PAYS_FROM", "00-00-00 12345678"),
        ("CRM_PAYS_FROM", "12-34-56 00000000"),
        ("CRM_REPAID_TO", "12-34-56 1234567"),
        ("CRM_COLOUR_INK", "red; } body { display: none"),
        ("CRM_COLOUR_INK }", "#123456"),
    ],
)
def test_a_setting_that_cannot_be_read_is_a_fault_in_words(name: str, value: str) -> None:
    with pytest.raises(UnsafeSettings, match="CRM_"):
        Settings.from_environment({**PRODUCTION, name: value})


STRIPE = {
    "CRM_STRIPE_KEY": "rk_live_made",
    "CRM_STRIPE_WEBHOOK_SECRET": "whsec_made",
    "CRM_STRIPE_PRICE": "price_made",
    "CRM_STRIPE_TAX": "txr_1made",
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"CRM_STRIPE_URL": "http://127.0.0.1:8416"}, "CRM_STRIPE_URL must not be set in production"),
        ({"CRM_STRIPE_KEY": "sk_test_made"}, "must be a live key in production"),
        ({"CRM_ENV": "demo"}, "must be a live key in production, and only there"),
        ({"CRM_STRIPE_WEBHOOK_SECRET": ""}, "CRM_STRIPE_WEBHOOK_SECRET must be set"),
        ({"CRM_STRIPE_PRICE": ""}, "CRM_STRIPE_PRICE must name"),
        ({"CRM_STRIPE_TAX": "20%"}, "CRM_STRIPE_TAX must be"),
    ],
)
def test_n40_real_money_moves_in_production_alone_and_there_at_stripe_alone(
    tmp_path: Path, change: dict[str, str], message: str
) -> None:
    given = PRODUCTION | STRIPE | {"CRM_DATA": str(tmp_path)}
    assert Settings.from_environment(given).stripe_price == "price_made"
    with pytest.raises(UnsafeSettings, match=message):
        Settings.from_environment(given | change)
