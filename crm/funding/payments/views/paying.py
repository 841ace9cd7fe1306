"""The accounts of this installation, of its settings: the one that it pays from, and the one that repayments go to."""

from __future__ import annotations

from flask import current_app

from crm.config import Settings
from crm.funding.payments.rules.accounts import BankAccount, account_number, for_the_bank, sort_code
from crm.kernel.errors import BadInput


def payer() -> BankAccount | None:
    """The account that payments come from; None where the settings have none that can be read."""
    return _account(_settings().pays_from)


def ours() -> list[BankAccount]:
    """Every account that is our own."""
    known = _settings()
    found = (_account(each) for each in (known.pays_from, known.repaid_to))
    return [each for each in found if each is not None]


def _settings() -> Settings:
    known: Settings = current_app.extensions["settings"]
    return known


def _account(text: str) -> BankAccount | None:
    code, _, number = text.partition(" ")
    try:
        return BankAccount(for_the_bank(_settings().service_name), sort_code(code), account_number(number))
    except BadInput:
        return None
