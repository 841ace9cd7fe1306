"""The bank's answer as a payment status report: ISO 20022 pain.002, read without a document type or any entity.

Final are ACCC and ACSC (settled), RJCT (rejected) and CANC (cancelled). Whatever else the bank says of a payment is said
while it is on its way, and is left out. A report may speak of a whole run, or of a part, without naming its payments.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from xml.etree import ElementTree as ET
from xml.parsers import expat

from crm.funding.payments.rules.answers import MOST_LINES, all_read
from crm.funding.payments.rules.reasons import in_words, of_whole
from crm.kernel.errors import BadInput
from crm.kernel.measures import counted
from crm.kernel.money import Money

NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.[0-9]{2}", re.ASCII)
FINAL = {"ACCC": True, "ACSC": True, "RJCT": False, "CANC": False}
ON_THEIR_WAY = frozenset({"ACCP", "ACSP", "ACTC", "ACWC", "ACWP", "PART", "PDNG", "RCVD"})
ON_THE_WAY = (
    "Every payment in this report is still on its way, so there is nothing to record yet. Upload the report that says which "
    "were paid (ACSC or ACCC) and which were not (RJCT)"
)
DAYS = ("FctvIntrBkSttlmDt/Dt", "FctvIntrBkSttlmDt/DtTm", "OrgnlTxRef/IntrBkSttlmDt")
"""Where a report says on which day a payment was settled, the surest place first."""
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
SUM = re.compile(r"[0-9]{1,13}(\.[0-9]{1,5})?", re.ASCII)
COUNT = re.compile(r"[0-9]{1,15}", re.ASCII)
IN_FILE = counted("payment")


@dataclass(frozen=True)
class Reported:
    """What a report says of one payment. ``amount`` is None where it names no sum."""

    end_to_end_id: str
    amount: Money | None
    is_paid: bool
    reason: str = ""
    paid_on: date | None = None


@dataclass(frozen=True)
class WholeRun:
    """What a report says of every payment of a run at once, by the reference of its file.

    ``count`` and ``total`` are of that file as the bank has it; None where the report does not say.
    """

    reference: str
    is_paid: bool
    reason: str = ""
    paid_on: date | None = None
    count: int | None = None
    total: Money | None = None

    def differs(self, count: int, total: Money) -> bool:
        """Whether the file that the bank means had another number of payments than this, or another sum."""
        return self.count not in (None, count) or self.total not in (None, total)

    @property
    def in_words(self) -> str:
        """What the bank says of the file."""
        said = "" if self.count is None else IN_FILE(self.count)
        return " of ".join(
            filter(None, (said, "" if self.total is None else f"{self.total.in_full()} together"))
        )


def is_report(data: bytes) -> bool:
    """Whether a file is XML rather than CSV, by how it begins."""
    begin = data[:64]
    encoding = "utf-16" if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    return begin.decode(encoding, "ignore").lstrip().startswith("<")


def read_report(data: bytes) -> list[Reported | WholeRun]:
    """Every final statement of a report, in its order. Raises `BadInput` that names what is wrong."""
    report = _tree(data).find("CstmrPmtStsRpt")
    if report is None:
        raise BadInput("This XML file has no payment status report (CstmrPmtStsRpt) in it")
    said = all_read(_said(report))
    found = [each for each in said if each is not None]
    if len(said) > MOST_LINES:
        raise BadInput(f"The report must have {MOST_LINES:,} payments or fewer")
    if not found:
        raise BadInput(ON_THE_WAY if said else "This report names no payment and no file of ours")
    return found


def _tree(data: bytes) -> ET.Element:
    """The elements of a file, their names without the namespace, which is the one of pain.002."""
    builder, parser = ET.TreeBuilder(), expat.ParserCreate(namespace_separator=" ")

    def refuse(*_given: object) -> None:
        raise BadInput(
            "This XML file has a document type or entities. Ask the bank for a plain pain.002 file"
        )

    def begin(name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if not NAMESPACE.fullmatch(namespace):
            raise BadInput("This XML file is not a payment status report (pain.002) of ISO 20022")
        builder.start(local, attributes)

    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.StartElementHandler, parser.CharacterDataHandler = begin, builder.data
    parser.EndElementHandler = lambda name: builder.end(name.rpartition(" ")[2])
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise BadInput(
            f"This XML file cannot be read: line {error.lineno} is not as XML should be"
        ) from error
    return builder.close()


def _said(report: ET.Element) -> Iterator[Callable[[], Reported | WholeRun | None]]:
    """How what is said of each payment is read; as None for what is still on its way. A group speaks only where none of its payments is named."""
    parts, group = report.findall("OrgnlPmtInfAndSts"), report.find("OrgnlGrpInfAndSts")
    wholes = [] if group is None else [(group, "OrgnlMsgId", "GrpSts")]
    named = [(each, part) for part in parts for each in part.findall("TxInfAndSts")]
    for place, (each, part) in enumerate(named, 1):
        above = _why_refused([*wholes, (part, "OrgnlPmtInfId", "PmtInfSts")], payments=len(named))
        yield partial(_payment, each, place, above=above)
    if named:
        yield from (partial(_refused_run, *each) for each in wholes if _is_refused(each))
        return
    wholes += [(part, "OrgnlPmtInfId", "PmtInfSts") for part in parts]
    for found, name, status in wholes:
        code = _text(found, status)
        if code:
            why = next((said for each, _, _ in wholes if (said := _reason(each))), "")
            yield partial(_whole_run, found, _text(found, name), code, why=why)
            return


Whole = tuple[ET.Element, str, str]
"""What speaks of more than one payment, and where it says which file it is about and what became of it."""


def _is_refused(whole: Whole) -> bool:
    found, name, status = whole
    return FINAL.get(_text(found, status)) is False and bool(_text(found, name))


def _refused_run(found: ET.Element, name: str, status: str) -> WholeRun | None:
    """What a file that was refused as a whole says of the payments that it does not name: of those that it names, it says why."""
    return _whole_run(found, _text(found, name), _text(found, status), why=_reason(found))


def _why_refused(wholes: Sequence[Whole], *, payments: int) -> str:
    """Why the bank refused the file or the part in which a payment is, if it did: the reason of a payment that has none of its own."""
    refused = [each for each, _, status in wholes if FINAL.get(_text(each, status)) is False]
    if not refused:
        return ""
    return of_whole(next((said for each in refused if (said := _reason(each))), ""), payments=payments)


def _whole_run(found: ET.Element, reference: str, code: str, *, why: str) -> WholeRun | None:
    is_paid = _final(code, "The report")
    if is_paid is None:
        return None
    count, total = _text(found, "OrgnlNbOfTxs"), _text(found, "OrgnlCtrlSum")
    return WholeRun(
        reference,
        is_paid,
        why,
        _settled_on(found),
        int(count) if COUNT.fullmatch(count) else None,
        _pence(total) if SUM.fullmatch(total) else None,
    )


def _payment(found: ET.Element, place: int, *, above: str) -> Reported | None:
    where = f"Payment {place} of the report"
    key, code = _text(found, "OrgnlEndToEndId"), _text(found, "TxSts")
    if not key or len(key) > 35:
        raise BadInput(f"{where}: OrgnlEndToEndId must have 1 to 35 characters")
    is_paid = _final(code, where)
    if is_paid is None:
        return None
    why = _reason(found) or ("" if is_paid else above)
    return Reported(key, _amount(found, where), is_paid, why, _settled_on(found))


def _settled_on(found: ET.Element) -> date | None:
    """The day on which the bank settled a payment, where the report says one that can be read."""
    for path in DAYS:
        text = _text(found, path)[:10]
        if ISO_DAY.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                continue
    return None


def _final(code: str, where: str) -> bool | None:
    """Whether a status says paid or not paid; None while a payment is on its way."""
    if code in ON_THEIR_WAY:
        return None
    if code not in FINAL:
        raise BadInput(f"{where}: the status “{code[:20]}” is not one that we know")
    return FINAL[code]


def _amount(found: ET.Element, where: str) -> Money | None:
    sum_ = found.find("OrgnlTxRef/Amt/InstdAmt")
    if sum_ is None:
        return None
    text = (sum_.text or "").strip()
    if sum_.get("Ccy") != "GBP" or not SUM.fullmatch(text):
        raise BadInput(f"{where}: the amount must be in GBP, like 1234.50")
    if text.partition(".")[2][2:].strip("0"):
        raise BadInput(f"{where}: the amount must be in whole pence")
    return _pence(text)


def _pence(text: str) -> Money:
    whole, _, part = text.partition(".")
    return Money(int(whole) * 100 + int((part + "00")[:2]))


def _reason(found: ET.Element) -> str:
    """Why the bank did not pay: its code in words, and what it adds."""
    each = found.find("StsRsnInf")
    if each is None:
        return ""
    code = _text(each, "Rsn/Cd") or _text(each, "Rsn/Prtry")
    words = " ".join((one.text or "").strip() for one in each.findall("AddtlInf"))
    return in_words(f"{code} {words}")


def _text(found: ET.Element, path: str) -> str:
    return (found.findtext(path) or "").strip()
