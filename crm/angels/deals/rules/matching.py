"""Whether two reports of an investment say the same, and how much room one takes beyond its pledge."""

from __future__ import annotations

from typing import Any

from crm.kernel.money import NO_MONEY, Money

COMPARED = ("amount", "instrument", "issued_on", "relief")


def class_of(text: str) -> str:
    """A class of shares as two people who mean the same write it: "Ordinary" and "ordinary shares" are one, "A ordinary" is another."""
    words = text.casefold().split()
    return " ".join(words[:-1] if words and words[-1] in {"share", "shares"} else words)


def differences(one: Any, other: Any) -> list[str]:
    """In what two reports differ. A number of shares, their class, and terms, count only where both give them."""
    found = [name for name in COMPARED if getattr(one, name) != getattr(other, name)]
    if one.shares is not None and other.shares is not None and one.shares != other.shares:
        found.append("shares")
    classes = [class_of(each.share_class) for each in (one, other)]
    if all(classes) and classes[0] != classes[1]:
        found.append("share_class")
    said = [" ".join(each.terms.split()).casefold() for each in (one, other)]
    if all(said) and said[0] != said[1]:
        found.append("terms")
    return found


def beyond(amount: Money, pledged: Money | None) -> Money:
    """The room that an investment takes besides that of the pledge that it completes."""
    return amount if pledged is None else max(amount - pledged, NO_MONEY)


def price_in_words(amount: Money, shares: int) -> str:
    """What one share cost, to a hundredth of a penny: "£1.25" or "£0.3334"."""
    hundredths = (amount.pence * 200 + shares) // (2 * shares)
    pounds, rest = divmod(hundredths, 10_000)
    written = f"{rest:04d}"
    return f"£{pounds:,}.{written[:2] if written.endswith('00') else written}"
