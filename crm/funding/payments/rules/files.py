"""The file of a payment run for the bank: ISO 20022 pain.001, the same run the same file to the byte."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

from crm.funding.payments.rules.accounts import BankAccount, for_the_bank
from crm.kernel.money import Money


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
