"""What bank details and the bank's answers may be: formats, the characters a bank takes, and what a line comes to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from xml.etree import ElementTree as ET

from crm.kernel.errors import BadInput
from crm.kernel.money import MOST_PENCE, Money
from crm.kernel.tables import Limits, TableRefused, read_table
from crm.kernel.text import one_line, unwrapped

LONGEST_NAME = 70
"""How long a name can be in the file (ISO 20022, Max70Text as the UK schemes take it)."""
SORT_CODE = re.compile(r"([0-9]{2})([ .-]?)([0-9]{2})\2([0-9]{2})", re.ASCII)
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
    Verdict.LATE: "Comes after the payment was settled",
}
TO_RESOLVE = (Verdict.UNKNOWN, Verdict.PARTIAL, Verdict.LATE)
"""What a person has to look into."""


RECENT = timedelta(days=30)
"""How shortly before new bank details a telephone number counts as changed: who takes over an account changes both."""


def masked(number: str) -> str:
    """An account number as pages and letters say it: its last three figures."""
    return f"ending {number[-3:]}"


def _typed(text: str) -> str:
    """What was typed or pasted: every dash as a hyphen, quotes around it, unseen signs and double spaces left out."""
    plain = "".join("-" if unicodedata.category(sign) == "Pd" or sign == "−" else sign for sign in text)
    return re.sub(" ?- ?", "-", " ".join(unwrapped(unicodedata.normalize("NFKC", plain)).split()))


def sort_code(text: str) -> str:
    """Read a sort code as people type it: "12-34-56", "12 34 56", “12–34–56” or "123456". Raises `BadInput`."""
    found = SORT_CODE.fullmatch(_typed(text))
    if found is None:
        raise BadInput("Enter the sort code as 6 figures, like 12-34-56")
    return found[1] + found[3] + found[4]


def account_number(text: str) -> str:
    """Read an account number: 8 figures, spaces and dashes between them left out. Raises `BadInput`."""
    typed = _typed(text).replace(" ", "").replace("-", "")
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
    typed = one_line(text)
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


@dataclass(frozen=True)
class Transfer:
    """One payment of a file: its id, its amount, and the account it goes to."""

    end_to_end_id: str
    amount: Money
    to: BankAccount
    reason: str


@dataclass(frozen=True)
class RunFile:
    """Everything that the file of a run says. The same run is the same file, to the byte."""

    reference: str
    made_at: datetime
    pay_on: date
    payer: BankAccount
    transfers: tuple[Transfer, ...]

    @property
    def total(self) -> Money:
        """The control sum."""
        return Money(sum(each.amount.pence for each in self.transfers))


PAIN_001 = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
GBP = "GBP"


def pounds(amount: Money) -> str:
    """An amount as the file says it: pounds, a point and two figures of pence."""
    whole, part = divmod(amount.pence, 100)
    return f"{whole}.{part:02}"


def pain_001(found: RunFile) -> bytes:
    """The file of a run for the bank: ISO 20022 pain.001.001.09, its elements in the order of the schema."""
    root = ET.Element("Document", xmlns=PAIN_001)
    whole = ET.SubElement(root, "CstmrCdtTrfInitn")
    head = ET.SubElement(whole, "GrpHdr")
    count, total = str(len(found.transfers)), pounds(found.total)
    moment = found.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    _texts(head, MsgId=found.reference, CreDtTm=moment, NbOfTxs=count, CtrlSum=total)
    _texts(ET.SubElement(head, "InitgPty"), Nm=for_the_bank(found.payer.name))
    part = ET.SubElement(whole, "PmtInf")
    _texts(part, PmtInfId=found.reference, PmtMtd="TRF", NbOfTxs=count, CtrlSum=total)
    _texts(ET.SubElement(part, "ReqdExctnDt"), Dt=found.pay_on.isoformat())
    _party(part, "Dbtr", found.payer)
    _account(part, "DbtrAcct", found.payer)
    _bank(part, "DbtrAgt", found.payer)
    for each in found.transfers:
        _transfer(part, each)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _texts(parent: ET.Element, **texts: str) -> None:
    for name, words in texts.items():
        ET.SubElement(parent, name).text = words


def _party(parent: ET.Element, name: str, found: BankAccount) -> None:
    _texts(ET.SubElement(parent, name), Nm=for_the_bank(found.name))


def _account(parent: ET.Element, name: str, found: BankAccount) -> None:
    id_ = ET.SubElement(ET.SubElement(parent, name), "Id")
    _texts(ET.SubElement(id_, "Othr"), Id=found.number)


def _bank(parent: ET.Element, name: str, found: BankAccount) -> None:
    agent = ET.SubElement(ET.SubElement(parent, name), "FinInstnId")
    member = ET.SubElement(agent, "ClrSysMmbId")
    _texts(ET.SubElement(member, "ClrSysId"), Cd="GBDSC")
    _texts(member, MmbId=found.sort_code)


def _transfer(parent: ET.Element, found: Transfer) -> None:
    made = ET.SubElement(parent, "CdtTrfTxInf")
    _texts(ET.SubElement(made, "PmtId"), EndToEndId=found.end_to_end_id)
    amount = ET.SubElement(ET.SubElement(made, "Amt"), "InstdAmt", Ccy=GBP)
    amount.text = pounds(found.amount)
    _bank(made, "CdtrAgt", found.to)
    _party(made, "Cdtr", found.to)
    _account(made, "CdtrAcct", found.to)
    _texts(ET.SubElement(made, "RmtInf"), Ustrd=for_the_bank(found.reason, longest=140))


COLUMNS = ("end_to_end_id", "amount", "status", "reason")
"""The columns of the bank's answer as CSV: PAID or REJECTED is the status, and a rejection says why."""
MOST_LINES, MOST_MEGABYTES = 5_000, 5
STATUSES = {"PAID": True, "REJECTED": False}


def read_answer(data: bytes) -> list[Said]:
    """Every line of a file of the bank as CSV. Raises `BadInput` that names the line."""
    try:
        table = read_table(data, COLUMNS, limits=Limits(MOST_LINES, MOST_MEGABYTES))
    except TableRefused as refused:
        said = "; ".join(map(str, refused.faults))
        raise BadInput(said[:1].upper() + said[1:]) from None
    missing = [each for each in COLUMNS if each not in table.columns]
    if missing:
        raise BadInput(f"The first row must name the columns. Missing: {', '.join(missing)}")
    found = [_said(row, at) for at, row in table.rows]
    if not found:
        raise BadInput("The file must have one or more lines under its first row")
    return found


def _said(row: Mapping[str, str], at: int) -> Said:
    key, status = ((row.get(each) or "").strip() for each in ("end_to_end_id", "status"))
    if any(len(each.splitlines()) > 1 for each in row.values()):
        raise BadInput(f"Line {at}: a quote opens in this line and closes in a later one")
    reason = " ".join((row.get("reason") or "").split())[:300]
    try:
        amount = Money.parse(row.get("amount") or "")
    except BadInput as error:
        raise BadInput(f"Line {at}, amount: {error}") from error
    if not key or len(key) > 35:
        raise BadInput(f"Line {at}: the end_to_end_id must have 1 to 35 characters")
    if status.upper() not in STATUSES:
        raise BadInput(f"Line {at}: the status must be PAID or REJECTED")
    return Said(key, amount, STATUSES[status.upper()], reason)


DETAILS_STATUSES = {
    "entered": "Waiting for our call",
    "confirmed": "Confirmed",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
    "replaced": "Replaced",
}
PAYMENT_STATUSES = {
    "due": "Due",
    "in_run": "In a run",
    "sent": "Sent to the bank",
    "paid": "Paid",
    "failed": "Not paid by the bank",
    "cancelled": "Cancelled",
}
RUN_STATUSES = {"made": "To be checked", "released": "Released", "discarded": "Discarded"}
ANSWER_STATUSES = {"uploaded": "To be recorded", "recorded": "Recorded", "discarded": "Discarded"}
