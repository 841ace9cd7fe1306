"""What bank details may be: formats, the characters a bank takes, and what is shown of an account."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crm.funding.payments.rules.reasons import to_payee
from crm.kernel.errors import BadInput
from crm.kernel.money import MOST_PENCE, Money
from crm.kernel.text import one_line, unwrapped

LONGEST_NAME = 70
"""How long a name can be in the file (ISO 20022, Max70Text as the UK schemes take it)."""
SORT_CODE = re.compile(r"([0-9]{2})([ .-]?)([0-9]{2})\2([0-9]{2})", re.ASCII)
IN_HALVES = re.compile(r"([0-9]{3})[ .-]([0-9]{3})", re.ASCII)
ACCOUNT_NUMBER = re.compile(r"[0-9]{8}", re.ASCII)
NOT_ALLOWED = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")
OTHER_LETTERS = str.maketrans(
    {
        "&": " and ",
        "ß": "ss",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "ı": "i",
        "’": "'",
        "‘": "'",
        "–": "-",
        "—": "-",
    }
)


@dataclass(frozen=True)
class BankAccount:
    """A bank account in the United Kingdom. Its number is not shown where the account is printed."""

    name: str
    sort_code: str
    number: str

    def __repr__(self) -> str:
        return f"BankAccount({masked(self.number)})"


NO_ACCOUNT = {
    False: "The business has no bank details that were confirmed by a call. An owner of the business must enter them.",
    True: "The business has no bank details that were confirmed by a call. It has entered some, and they wait for our call.",
}
"""Why nothing is paid to a business without an account: by whether bank details that it entered wait for our call."""
REJECTED = {
    False: "The bank rejected a payment to the bank details that this business has now, so nothing can be paid to them. "
    "An owner of the business must enter new ones.",
    True: "The bank rejected a payment to the bank details that this business has now, so nothing can be paid to them. "
    "It has entered new ones: a finance officer must call about them first.",
}
"""The same of a business whose account the bank has rejected, whatever payment that was about."""
RETURNED = {
    False: "The bank returned a payment that it had made to the bank details that this business has now, so nothing more is paid to "
    "them. An owner of the business must say that they are right, or enter others. Then a finance officer calls.",
    True: "The bank returned a payment that it had made to the bank details that this business had then, so nothing more is paid to "
    "them. An owner has entered bank details since: a finance officer must call about them first.",
}
"""The same of a business from whose account the bank has returned a payment."""
REPLACED = (
    "The business has entered other bank details, so nothing is paid to those it had before. "
    "A finance officer must call about the new ones first."
)
"""The same of a business that wants to be paid to another account: the one that was confirmed may not be its own any more."""


@dataclass(frozen=True)
class Bar:
    """What the bank has against an account: it rejected a payment to it or, with ``is_return``, sent back what it had paid."""

    reason: str
    is_return: bool = False

    @property
    def label(self) -> str:
        """That the account is not good, as a tag."""
        return "Payment returned by the bank" if self.is_return else "Rejected by the bank"

    @property
    def words(self) -> str:
        """What happened, as the subject of a sentence about an account begins."""
        return "The bank returned a payment from" if self.is_return else "The bank rejected a payment to"

    @property
    def told(self) -> str:
        """Why, as the business reads it."""
        return to_payee(self.reason)


def offered(numbers: Iterable[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The telephones that can be called about new bank details: those known for some time or, where there is none, the new ones.

    Who takes over an account changes both, so a number that was added or changed shortly before is not offered beside a known one.
    """
    found = list(numbers)
    return [each for each in found if not each.get("changed_on")] or found


def masked(number: str) -> str:
    """An account number as pages and letters say it: its last three figures."""
    return f"ending {number[-3:]}"


def _typed(text: str) -> str:
    """What was typed or pasted: every dash as a hyphen, quotes around it, unseen signs and double spaces left out."""
    plain = "".join("-" if unicodedata.category(sign) == "Pd" or sign == "−" else sign for sign in text)
    return re.sub(" ?- ?", "-", " ".join(unwrapped(unicodedata.normalize("NFKC", plain)).split()))


def sort_code(text: str) -> str:
    """Read a sort code as people type it: "12-34-56", "12 34 56", “12–34–56”, "123 456" or "123456". Raises `BadInput`."""
    halves = IN_HALVES.fullmatch(_typed(text))
    found = SORT_CODE.fullmatch(halves[1] + halves[2] if halves else _typed(text))
    if found is None:
        raise BadInput("Enter the sort code as 6 figures, like 12-34-56")
    return found[1] + found[3] + found[4]


def account_number(text: str) -> str:
    """Read an account number: 8 figures, spaces and dashes between them left out. Raises `BadInput`."""
    typed = _typed(text).replace(" ", "").replace("-", "")
    if not ACCOUNT_NUMBER.fullmatch(typed):
        raise BadInput("Enter the account number as 8 figures. If it has 7, put a 0 in front")
    return typed


def require_no_zeros(figures: str, named: str) -> None:
    """Refuse what is nothing but zeros: a payment to it comes back. Raises `BadInput`."""
    if figures and not figures.strip("0"):
        raise BadInput(f"Enter the {named} as your bank gives it: it cannot be all zeros")


def for_the_bank(text: str, *, longest: int = LONGEST_NAME) -> str:
    """A text in the characters that banks take: accents fall away, & becomes "and", other signs a space."""
    folded = unicodedata.normalize("NFKD", text.translate(OTHER_LETTERS))
    plain = "".join(each for each in folded if not unicodedata.combining(each))
    return " ".join(NOT_ALLOWED.sub(" ", plain).split())[:longest].strip()


def account_name(text: str) -> str:
    """Read the name on an account. Raises `BadInput` where a bank could not be told it, or not in whole."""
    typed = one_line(text)
    whole = for_the_bank(typed, longest=len(typed) * 6)
    if len(typed) > LONGEST_NAME or len(whole) > LONGEST_NAME:
        raise BadInput(f"The name on the account must be {LONGEST_NAME} characters or fewer")
    if not any(each.isalnum() for each in whole):
        raise BadInput("Enter the name on the account in the letters that your bank uses, A to Z")
    return typed


def digits(number: str) -> str:
    """A telephone number by its figures alone, +44 as 0."""
    found = re.sub(r"[^0-9+]", "", number)
    return "0" + found.removeprefix("+44").removeprefix("0") if found.startswith("+44") else found


def why_no_payment(amount: Money) -> str | None:
    """Why an amount cannot be paid."""
    if amount.pence <= 0:
        return "A payment must be £0.01 or more"
    if amount.pence > MOST_PENCE:
        return "This amount is too large: the most is £99,999,999,999.99"
    return None
