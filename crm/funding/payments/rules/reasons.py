"""Why a bank did not pay, in words: the reason codes of ISO 20022 (external status reasons) for transfers within the country.

Each code stands in one of two tables: what may be wrong with the account of the payee, and what says nothing against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 300
PAYEES = {
    "AC01": "The account number is wrong",
    "AC03": "The account number of the payee is wrong",
    "AC04": "The account is closed",
    "AC06": "The account is blocked",
    "AC07": "The account of the payee is closed",
    "AC08": "The branch of the account is wrong",
    "AC09": "The account is in another currency",
    "AC11": "The account of the payee is in another currency",
    "AC12": "The account is of a kind that cannot be paid",
    "AC14": "The account of the payee is of a kind that cannot be paid",
    "AC15": "The details of the account have changed",
    "AG01": "The account does not take payments of this kind",
    "AG06": "The bank of the payee is in a country that cannot be paid",
    "AG11": "The bank of the payee is suspended",
    "AM06": "The amount is smaller than the account takes",
    "AM07": "The money is blocked",
    "BE01": "The name does not match the account",
    "BE06": "The bank does not know the payee",
    "CNOR": "The bank of the payee is not registered for these payments",
    "CUST": "The payee asked for it",
    "FR01": "The bank suspects fraud",
    "FRAD": "The bank suspects fraud",
    "LEGL": "The law or a court stopped the payment",
    "MD07": "The payee has died",
    "MS02": "The payee gave no reason",
    "MS03": "The bank gave no reason",
    "NARR": "",
    "NOAS": "The payee did not answer the bank",
    "RC01": "The sort code is wrong",
    "RC02": "The sort code is not one that is in use",
    "RC04": "The sort code of the payee is wrong",
    "RC07": "The code of the bank of the payee is wrong",
    "RC08": "The sort code is not one that can be paid to",
    "RC10": "The sort code of the payee is not one that can be paid to",
    "RR04": "A rule of the regulator stopped the payment",
    "UCRD": "The bank does not know the payee",
}
"""The codes that may say something against the account of the payee, and those that say nothing at all: that is the safe side."""
OURS = {
    "AB01": "The banks took too long to pass the payment on",
    "AB02": "The banks could not pass the payment on",
    "AB03": "The banks took too long to settle the payment",
    "AB04": "The banks could not settle the payment",
    "AB05": "The bank of the payee did not answer in time",
    "AB06": "A bank on the way did not answer in time",
    "AB07": "A bank on the way could not be reached",
    "AB08": "The bank of the payee could not be reached",
    "AB09": "The bank of the payee had a technical fault",
    "AB10": "A bank on the way had a technical fault",
    "AB11": "Our bank did not answer in time",
    "AC02": "The number of our account is wrong",
    "AC05": "Our account is closed",
    "AC10": "Our account is in another currency",
    "AC13": "Our account is of a kind that cannot pay",
    "AG02": "The bank does not know payments of this kind",
    "AG03": "The bank does not make payments of this kind",
    "AG05": "Our bank is in a country that cannot pay",
    "AG08": "We have no right to pay from this account",
    "AG10": "A bank on the way is suspended",
    "AM01": "The amount is nought",
    "AM02": "The amount is larger than the bank allows",
    "AM03": "The currency cannot be paid",
    "AM04": "There is not enough money in our account",
    "AM05": "The bank has this payment already",
    "AM09": "The amount is not the one agreed",
    "AM10": "The total in the file is wrong",
    "AM11": "The currency in the file is wrong",
    "AM12": "The amount cannot be paid",
    "AM13": "The amount is over the limit of the banks",
    "AM14": "The amount is over the limit agreed with the bank",
    "AM16": "The total of the file is wrong",
    "AM17": "The total of a part of the file is wrong",
    "AM18": "The number of payments in the file is wrong",
    "AM19": "The number of payments of the file is wrong",
    "AM20": "The number of payments in a part of the file is wrong",
    "AM21": "The payments are over the limit of our account",
    "AM23": "The amount is over the limit of the banks for settling",
    "BE04": "The address of the payee is missing",
    "BE05": "The bank does not know who sent the file",
    "BE07": "Our address is missing",
    "BE08": "Our name is missing",
    "BE10": "Our country is wrong",
    "BE15": "The code of a party in the file is wrong",
    "BE16": "Our code in the file is wrong",
    "BE19": "What the file says of the charges is wrong",
    "BE20": "A name in the file is too long",
    "BE21": "A name is missing in the file",
    "BE22": "The name of the payee is missing in the file",
    "CH03": "The day is too far ahead",
    "CH04": "The day has passed",
    "CH07": "The file has a part that does not belong there",
    "CH15": "A part of the file is too long",
    "CH16": "A part of the file is not as the bank wants it",
    "CH17": "The file has a part that the bank does not take",
    "CH20": "An amount in the file has the wrong number of decimals",
    "CH21": "The file lacks a part that the bank needs",
    "CURR": "The currency is wrong",
    "DNOR": "Our bank is not registered for these payments",
    "DS02": "The order was cancelled on our side",
    "DS04": "The bank refused the order",
    "DS08": "The bank could not unpack the file",
    "DS09": "The bank could not decrypt the file",
    "DS0A": "The file is not signed",
    "DS0B": "The signature of the file is of a kind that the bank does not know",
    "DS0C": "The certificate of the signature is revoked",
    "DS0D": "The certificate of the signature is not valid",
    "DS0E": "The certificate of the signature is the wrong one",
    "DS0F": "The issuer of the certificate is not valid",
    "DS0G": "Who signed the file may not make this payment",
    "DS0H": "Who signed the file may not pay from this account",
    "DS0K": "Who signed the file may not make so many payments",
    "DT01": "The day is not one on which the bank can pay",
    "DT02": "The day on which the file was made is wrong",
    "DT03": "The day is not a working day of the banks",
    "DT04": "The bank takes no payments for a later day",
    "DT05": "The file came too late for that day",
    "DT06": "The bank changed the day",
    "DU01": "The bank has a file of this reference already",
    "DU02": "The bank has a part of a file of this reference already",
    "DU03": "The bank has this payment already",
    "DU04": "The bank has a payment of this reference already",
    "DU05": "The bank has an order of this reference already",
    "DUPL": "The bank has this payment already",
    "ED01": "The banks have no way to settle the payment",
    "ED05": "The banks could not settle the payment",
    "ED06": "The banks’ system for settling was not available",
    "FF01": "The bank cannot read the file",
    "FF02": "The file is not written as the bank wants it",
    "FF03": "The kind of payment in the file is wrong",
    "FF04": "The level of service in the file is wrong",
    "FF05": "The scheme in the file is wrong",
    "FF06": "The category of the payment in the file is wrong",
    "FF07": "The purpose in the file is wrong",
    "FF08": "The reference of the payment is not as the bank wants it",
    "FF10": "The bank had a technical fault",
    "FF11": "The banks stopped the request",
    "ID01": "The bank has not had the file yet",
    "NERI": "The bank cannot pass on what the payment is for",
    "NOCM": "The file does not follow the rules of the bank",
    "RC03": "The sort code of our account is wrong",
    "RC06": "The code of our bank is wrong",
    "RC09": "The sort code of our account is not in use",
    "RC11": "A bank on the way is wrong",
    "RF01": "The bank has a payment of this reference already",
    "RR01": "The number of our account is missing",
    "RR02": "Our name or address is missing",
    "RR03": "The name or address of the payee is missing in the file",
    "RR07": "What the file says about the payment is not as the bank wants it",
    "RR09": "The reference of the payee is not as the bank wants it",
    "RR10": "The file has characters that the bank does not take",
    "TA01": "The file did not arrive whole",
    "TD01": "There was nothing in the file",
    "TD02": "The bank cannot read the file",
    "TD03": "The file is not built as the bank wants it",
    "TECH": "The bank had a technical fault",
    "TM01": "The file came too late on that day",
    "TS04": "The file waits to be signed by hand",
}
"""The codes that say what is wrong with our account, our file or the banks. They say nothing against the account of the payee."""
CODES = PAYEES | OURS
ALREADY = frozenset({"AM05", "DU01", "DU02", "DU03", "DU04", "DU05", "DUPL", "RF01"})
"""The codes that refuse no money: the bank has the file or the payment, and may pay what it has."""
NO_REASON = "The bank gave no reason"
WHOLE_FILE = "The bank refused the whole file"
"""How a reason begins where the bank refused a file and named no payment: whose account it was does not come into it."""
RETURNED_BY = "The bank returned it: "
NOT_ABOUT = "Not about the account of the business"
"""How the words of a person begin who knows that money came back for another reason than the account."""
STOPPED = "The banks’ own checks stopped it"
TOLD = {
    "AC03": "The account number is wrong",
    "AC07": "The account is closed",
    "AC11": "The account is in another currency",
    "AC14": "The account is of a kind that cannot be paid",
    "AG06": "The bank of the account is in a country that cannot be paid",
    "AG11": "The bank of the account is suspended",
    "BE06": "The bank does not know the name on the account",
    "CNOR": "The bank of the account is not registered for these payments",
    **dict.fromkeys(("FR01", "FRAD", "LEGL", "MD07", "RR04"), STOPPED),
    "CUST": "The bank says that your business asked for it",
    **dict.fromkeys(("MS02", "MS03"), ""),
    "NOAS": "The bank had no answer from your business",
    "RC04": "The sort code is wrong",
    "RC07": "The code of the bank is wrong",
    "RC10": "The sort code is not one that can be paid to",
    "UCRD": "The bank does not know the name on the account",
}
"""What the payee reads where that is not what we read: who “the payee” is, and nothing of the banks’ suspicions."""
CODE = re.compile(r" ?\(([A-Z0-9]{4})\)", re.ASCII)


def has_it_already(reason: str) -> bool:
    """Whether a reason, in words, says that the bank has what it refuses: then the money may still move, and a person finds out."""
    return any(code in ALREADY for code in CODE.findall(reason))


def in_words(said: str) -> str:
    """What the bank said with its code in words and the code behind; words without a code stay as they are."""
    code, _, added = " ".join(said.split()).partition(" ")
    code = code.rstrip(":,.")
    if code not in CODES:
        return (f"The bank gave the code {code}" if _is_code(said) else " ".join(said.split()))[:LONGEST]
    words = f"{CODES[code]} ({code})".strip() if CODES[code] else ""
    added = added.strip(" :,.-")
    return (f"{words}: {added}" if words and added else words or added)[:LONGEST]


def _beginnings(codes: Iterable[str]) -> tuple[str, ...]:
    """How reasons with these codes begin: in words, and as they were recorded before a code was known."""
    found = sorted(each for each in codes if CODES[each])
    said = (f"{CODES[each]} ({each})" for each in found)
    return (*said, *(f"The bank gave the code {each}" for each in found), *(f"{each} " for each in found))


OPENINGS = (WHOLE_FILE, NOT_ABOUT, *_beginnings(OURS))
"""How a reason begins, once it is in words, that says nothing against the account of the payee."""
OF_PAYEES = _beginnings(PAYEES.keys() - {"MS02", "MS03"})


def is_against_payee(reason: str) -> bool:
    """Whether a reason, in words, may say something against the account of the payee: all do but those known to be about us."""
    return not reason.removeprefix(RETURNED_BY).startswith(OPENINGS)


def of_whole(reason: str, *, payments: int) -> str:
    """The reason of each payment of a file that the bank refused as a whole, in words.

    It says nothing against any account, unless it is a payee's own and there is one payment that it can be about.
    """
    if payments == 1 and reason.startswith(OF_PAYEES):
        return reason
    return (f"{WHOLE_FILE}: {reason}" if reason else WHOLE_FILE)[:LONGEST]


def to_payee(reason: str) -> str:
    """A reason as the business reads it: without codes, and empty where it is about us or nobody gave one."""
    said = reason.removeprefix(RETURNED_BY)
    if said.startswith(NOT_ABOUT):
        return said.removeprefix(NOT_ABOUT).strip(" :")
    if not is_against_payee(said) or said == NO_REASON:
        return ""
    found = CODE.search(said)
    if found is None or found[1] not in PAYEES:
        return said
    code, added = found[1], said[found.end() :].strip(" :")
    words = TOLD.get(code, PAYEES[code])
    if words == STOPPED:
        return words
    return f"{words}: {added}" if words and added else words or added


def _is_code(said: str) -> bool:
    """Whether it is nothing but a code: four capitals or figures, as all of these are."""
    text = said.strip()
    return len(text) == 4 and text.isascii() and text.isalnum() and text.isupper()
