"""What bank details and the bank's answers may be: formats, the characters a bank takes, and what a line comes to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from crm.kernel.errors import BadInput
from crm.kernel.money import MOST_PENCE, Money

LONGEST_NAME = 70
"""How long a name can be in the file (ISO 20022, Max70Text as the UK schemes take it)."""
SORT_CODE = re.compile(r"([0-9]{2})([ -]?)([0-9]{2})\2([0-9]{2})", re.ASCII)
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


class Verdict(StrEnum):
    """What a line of the bank's answer came to. Only the first two move a payment."""

    PAID = "paid"
    REJECTED = "rejected"
    UNKNOWN = "unknown"
    PARTIAL = "partial"
    REPEATED = "repeated"
    LATE = "late"


VERDICTS = {
    Verdict.PAID: "Paid",
    Verdict.REJECTED: "Rejected",
    Verdict.UNKNOWN: "Not one of our payments",
    Verdict.PARTIAL: "Another amount than we sent",
    Verdict.REPEATED: "Said before: not counted again",
    Verdict.LATE: "Contradicts an earlier answer",
}
TO_RESOLVE = (Verdict.UNKNOWN, Verdict.PARTIAL, Verdict.LATE)
"""What a person has to look into."""


def masked(number: str) -> str:
    """An account number as pages and letters say it: its last three figures."""
    return f"ending {number[-3:]}"


def sort_code(text: str) -> str:
    """Read a sort code as people type it: "12-34-56", "12 34 56" or "123456". Raises `BadInput`."""
    found = SORT_CODE.fullmatch(text.strip())
    if found is None:
        raise BadInput("Enter the sort code as 6 figures, like 12-34-56")
    return found[1] + found[3] + found[4]


def account_number(text: str) -> str:
    """Read an account number: 8 figures, spaces between them left out. Raises `BadInput`."""
    typed = text.strip().replace(" ", "")
    if not ACCOUNT_NUMBER.fullmatch(typed):
        raise BadInput("Enter the account number as 8 figures. If it has 7, put a 0 in front")
    return typed


def for_the_bank(text: str, *, longest: int = LONGEST_NAME) -> str:
    """A text in the characters that banks take: accents fall away, & becomes "and", other signs a space."""
    folded = unicodedata.normalize("NFKD", text.translate(OTHER_LETTERS))
    plain = "".join(each for each in folded if not unicodedata.combining(each))
    return " ".join(NOT_ALLOWED.sub(" ", plain).split())[:longest].strip()


def account_name(text: str) -> str:
    """Read the name on an account. Raises `BadInput` where a bank could not be told it, or not in whole."""
    typed = " ".join(text.split())
    whole = for_the_bank(typed, longest=len(typed) * 6)
    if len(typed) > LONGEST_NAME or len(whole) > LONGEST_NAME:
        raise BadInput(f"The name on the account must be {LONGEST_NAME} characters or fewer")
    if not any(each.isalnum() for each in whole):
        raise BadInput("Enter the name on the account in the letters that your bank uses, A to Z")
    return typed


def mailbox(email: str) -> str:
    """The mailbox behind an address: letters as small ones, what follows a plus left out."""
    name, _, host = email.strip().casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"


def digits(number: str) -> str:
    """A telephone number by its figures alone, +44 as 0."""
    found = re.sub(r"[^0-9+]", "", number)
    return "0" + found.removeprefix("+44").removeprefix("0") if found.startswith("+44") else found


@dataclass(frozen=True)
class Said:
    """One line of the bank's answer, as it was read."""

    end_to_end_id: str
    amount: Money
    is_paid: bool
    reason: str = ""


@dataclass(frozen=True)
class Known:
    """What we know of a try: its amount, whether it is still open, and what was counted for it, if anything."""

    amount: Money
    is_open: bool
    counted: bool | None = None


def verdicts(said: Iterable[Said], known: Mapping[str, Known], *, sent: Collection[str]) -> list[Verdict]:
    """What each line comes to, in order. ``sent`` are the tries that were released to the bank."""
    found: list[Verdict] = []
    counted = {key: each.counted for key, each in known.items() if each.counted is not None}
    for line in said:
        found.append(_verdict(line, known, sent, counted))
        if found[-1] in (Verdict.PAID, Verdict.REJECTED):
            counted[line.end_to_end_id] = line.is_paid
    return found


def _verdict(
    line: Said, known: Mapping[str, Known], sent: Collection[str], counted: Mapping[str, bool]
) -> Verdict:
    ours = known.get(line.end_to_end_id)
    if ours is None or line.end_to_end_id not in sent:
        return Verdict.UNKNOWN
    if line.amount != ours.amount:
        return Verdict.PARTIAL
    if line.end_to_end_id in counted:
        return Verdict.REPEATED if counted[line.end_to_end_id] is line.is_paid else Verdict.LATE
    if not ours.is_open:
        return Verdict.LATE
    return Verdict.PAID if line.is_paid else Verdict.REJECTED


def why_no_payment(amount: Money) -> str | None:
    """Why an amount cannot be paid."""
    if amount.pence <= 0:
        return "A payment must be £0.01 or more"
    if amount.pence > MOST_PENCE:
        return "This amount is too large: the most is £99,999,999,999.99"
    return None
