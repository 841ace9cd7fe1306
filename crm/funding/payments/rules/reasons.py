"""Why a bank did not pay, in words: the reason codes of ISO 20022 that banks give for transfers within the country."""

from __future__ import annotations

LONGEST = 300
CODES = {
    "AC01": "The account number is wrong",
    "AC02": "The number of our account is wrong",
    "AC03": "The account number of the payee is wrong",
    "AC04": "The account is closed",
    "AC05": "Our account is closed",
    "AC06": "The account is blocked",
    "AC07": "The account of the payee is closed",
    "AC14": "The account of the payee is of a kind that cannot be paid",
    "AG01": "The account does not take payments of this kind",
    "AG02": "The bank does not know payments of this kind",
    "AG03": "The bank does not make payments of this kind",
    "AM01": "The amount is nought",
    "AM02": "The amount is larger than the bank allows",
    "AM03": "The currency cannot be paid",
    "AM04": "There is not enough money in our account",
    "AM05": "The bank has this payment already",
    "AM07": "The money is blocked",
    "AM09": "The amount is not the one agreed",
    "AM12": "The amount cannot be paid",
    "AM14": "The amount is over the limit agreed with the bank",
    "BE01": "The name does not match the account",
    "BE04": "The address of the payee is missing",
    "BE05": "The bank does not know who sent the file",
    "BE06": "The bank does not know the payee",
    "CUST": "The payee asked for it",
    "DT01": "The day is not one on which the bank can pay",
    "DUPL": "The bank has this payment already",
    "ED05": "The banks could not settle the payment",
    "FF01": "The bank cannot read the file",
    "FRAD": "The bank suspects fraud",
    "LEGL": "The law or a court stopped the payment",
    "MD07": "The payee has died",
    "MS02": "The payee gave no reason",
    "MS03": "The bank gave no reason",
    "NARR": "",
    "NOAS": "The payee did not answer the bank",
    "RC01": "The sort code is wrong",
    "RC04": "The sort code of the payee is wrong",
    "RF01": "The bank has a payment of this reference already",
    "RR04": "A rule of the regulator stopped the payment",
    "TECH": "The bank had a technical fault",
    "TM01": "The file came too late on that day",
}
NOT_THE_PAYEES = frozenset(
    {
        *("AC02", "AC05", "AG02", "AG03", "AM01", "AM02", "AM03", "AM04", "AM05", "AM09", "AM12", "AM14"),
        *("BE04", "BE05", "DT01", "DUPL", "ED05", "FF01", "RF01", "TECH", "TM01"),
    }
)
"""The codes that say what is wrong with our account, our file or the banks. They say nothing against the account of the payee."""


def in_words(said: str) -> str:
    """What the bank said with its code in words and the code behind; words without a code stay as they are."""
    code, _, added = " ".join(said.split()).partition(" ")
    code = code.rstrip(":,.")
    if code not in CODES:
        return (f"The bank gave the code {code}" if _is_code(said) else " ".join(said.split()))[:LONGEST]
    words = f"{CODES[code]} ({code})".strip() if CODES[code] else ""
    added = added.strip(" :,.-")
    return (f"{words}: {added}" if words and added else words or added)[:LONGEST]


OPENINGS = tuple(f"{CODES[each]} ({each})" for each in sorted(NOT_THE_PAYEES))
"""How a reason begins, once it is in words, that says nothing against the account of the payee."""


def is_against_payee(reason: str) -> bool:
    """Whether a reason, in words, may say something against the account of the payee: all do but those known to be about us."""
    return not reason.startswith(OPENINGS)


def _is_code(said: str) -> bool:
    """Whether it is nothing but a code: four capitals or figures, as all of these are."""
    text = said.strip()
    return len(text) == 4 and text.isascii() and text.isalnum() and text.isupper()
