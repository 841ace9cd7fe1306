"""Who owns how much of a right: shares in hundredths of a per cent, never more than the whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from crm.kernel.errors import BadInput

WHOLE = 10_000
MOST_OWNERS = 8
LONGEST_NAME = 100
LINE = re.compile(r"(.*?[^\s,:;])[\s,:;]+([0-9]{1,6}(?:[.,][0-9]+)?)\s*%?")
UNCLEAR = re.compile(r"%\s*\S|[0-9]\s*[,;:]\s+[0-9]")
"""A line that could be read in two ways: a second share, or a number before the comma."""
Share = tuple[str, int]


ENDINGS = frozenset({"ltd", "limited", "llp", "plc"})


def folded_owner(name: str) -> tuple[str, ...]:
    """The words of an owner's name by which two are compared: without marks, case and the form of the company."""
    words = re.sub(r"[^\w\s]", "", name).casefold().split()
    return tuple(each for each in words if each not in ENDINGS)


def fault_in_owner(owner: str, shares: Sequence[Share]) -> tuple[str, str] | None:
    """What is wrong with who owns a right: nobody is named, or the shares list others than the owner."""
    named = [folded_owner(name) for name, _ in shares]
    if not owner.strip() and not named:
        return "owner", "Enter who owns it, or the share of each owner"
    if owner.strip() and named and folded_owner(owner) not in named:
        words = (
            f"The shares do not name {owner.strip()}. Add its share, or leave this empty if it owns nothing"
        )
        return "owner", words
    return None


def percent(hundredths: int) -> str:
    """A share as it is said: 60%, 33.33%."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".") + "%"


def read_shares(text: str) -> tuple[Share, ...]:
    """One owner a line, each with a share. Raises `BadInput` for what cannot be: over 100%, nothing, a name twice."""
    found = tuple(_read_line(line) for line in text.splitlines() if line.strip())
    names = [name.casefold() for name, _ in found]
    if len(set(names)) < len(names):
        raise BadInput("Each owner can be listed only once")
    if len(found) > MOST_OWNERS:
        raise BadInput(f"List {MOST_OWNERS} owners or fewer")
    total = sum(share for _, share in found)
    if total > WHOLE:
        raise BadInput(f"These shares add up to {percent(total)}. They cannot be more than 100% together")
    return found


def _read_line(line: str) -> Share:
    match = LINE.fullmatch(line.strip())
    if match is None or UNCLEAR.search(line.strip()):
        raise BadInput(
            f"Write one owner and one share on each line, like: Asha Example 33.3%. We cannot read: {line.strip()}"
        )
    name, number = match.group(1).rstrip(",:;"), match.group(2).replace(",", ".")
    whole, _, part = number.partition(".")
    if len(part) > 2:
        raise BadInput(f"Write the share of {name} with two decimal places at most, like 33.33%")
    share = int(whole) * 100 + int(part.ljust(2, "0"))
    if not share:
        raise BadInput(f"The share of {name} must be more than 0%")
    if len(name) > LONGEST_NAME:
        raise BadInput(f"The name of an owner must be {LONGEST_NAME} characters or fewer")
    return name, share


def in_lines(shares: Iterable[Sequence[object]]) -> str:
    """Shares as they are typed: one owner a line."""
    return "\n".join(_said(each) for each in shares)


def in_words(shares: Iterable[Sequence[object]]) -> str:
    """Shares in one line: Asha Example 60%, Lantern Otter Animation 40%."""
    return ", ".join(_said(each) for each in shares)


def _said(share: Sequence[object]) -> str:
    name, hundredths = share
    return f"{name} {percent(int(str(hundredths)))}"
