"""Text as people type and paste it: one line or several, without the signs that nobody sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from crm.kernel.errors import BadInput

NOT_SHOWN = "This holds characters that cannot be shown. Type it again"
LINE_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
STRAY = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
"""Signs that come along when text is pasted, or that turn its direction round: never part of a name."""
UNSEEN = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb]|" + STRAY.pattern
)
"""The same in text of several lines. The joiners U+200C and U+200D stay: letters and faces need them."""
CURLY = "“”„‟‘’‚‛«»‹›"


def one_line(text: str) -> str:
    """The text on one line: line breaks and runs of blanks become one blank. Raises `BadInput` for control characters."""
    joined = " ".join(STRAY.sub("", text).split())
    if not is_shown(joined):
        raise BadInput(NOT_SHOWN)
    return joined


def paragraphs(text: str) -> str:
    """Text of several lines, each ended by one line feed, without signs that nobody sees. Raises `BadInput` for other control characters."""
    told = UNSEEN.sub("", LINE_BREAKS.sub("\n", text))
    if not is_shown(told):
        raise BadInput(NOT_SHOWN)
    return told


def is_shown(text: str) -> bool:
    """Whether a text has no control characters but line feeds and tabs, and nothing that is half a sign."""
    return not any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text)


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: blanks of every width, and signs that nobody sees."""
    return all(sign.isspace() or unicodedata.category(sign) in ("Cf", "Zs") for sign in text)


def unwrapped(text: str) -> str:
    """A value without what surrounds it where it is pasted: blanks of every width, quotes, unseen signs."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return re.sub(r"\s", " ", seen).strip(CURLY + "\"' ")


def capital(words: str) -> str:
    """The same words with a capital first letter, as a value after its label."""
    return f"{words[:1].upper()}{words[1:]}"


def ended(words: str) -> str:
    """What somebody typed as a sentence that others follow: with one mark at its end, and not two."""
    typed = words.rstrip()
    return typed if typed.endswith((".", "!", "?", "…")) else f"{typed}."


FILLED = re.compile(r"\{\{(-?)((?:(?!\{\{|\}\}|\{%).)+?)(-?)\}\}\.(?=\s|<|\{%|$)", re.DOTALL)
DOUBLED = re.compile(r"(?<=[^.\s])\.\.(?!\.)")


def stopped_once(source: str) -> str:
    """A template in which each full stop after a value is put by `stopped`: ``{{ reason }}.`` ends with one mark."""
    return FILLED.sub(r"{{\1 (\2) | stopped \3}}", source)


def stopped(value: object) -> str:
    """A value with one mark at its end. It stays what it was: markup, or text that a letter takes as it stands."""
    kind = type(value) if isinstance(value, str) else str
    return kind(ended(str(value)))


def series(words: Sequence[str]) -> str:
    """Several things in a sentence: "Market, Team and Money"; empty where there are none."""
    if not words:
        return ""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def one_stop(words: str) -> str:
    """A message without the second full stop that a typed value left in it."""
    return DOUBLED.sub(".", words)


def within(words: str) -> str:
    """The same words within a sentence: "Loan notes" is "loan notes", and what begins with capitals stays as it is:
    "IT, software and computer services", "SEIS". "A bond" begins with a word of one letter, and is "a bond".
    """
    return words if words[:2].isupper() and not words.startswith("A ") else words[:1].lower() + words[1:]


PAST = {
    "hear": "heard",
    "begin": "began",
    "bring": "brought",
    "choose": "chose",
    "draw": "drew",
    "find": "found",
    "forget": "forgot",
    "give": "gave",
    "hold": "held",
    "keep": "kept",
    "leave": "left",
    "let": "let",
    "lose": "lost",
    "make": "made",
    "meet": "met",
    "override": "overrode",
    "pay": "paid",
    "put": "put",
    "read": "read",
    "say": "said",
    "see": "saw",
    "send": "sent",
    "set": "set",
    "spread": "spread",
    "take": "took",
    "tell": "told",
    "undo": "undid",
    "win": "won",
    "withdraw": "withdrew",
    "write": "wrote",
}
LAST_LETTER_TWICE = frozenset(
    {"admit", "cancel", "commit", "drop", "plan", "readmit", "refer", "stop", "submit"}
)


def past_of(verb: str) -> str:
    """The past of an English verb: "sent", "submitted", "copied"."""
    if verb in PAST:
        return PAST[verb]
    if verb in LAST_LETTER_TWICE:
        return f"{verb}{verb[-1]}ed"
    if verb.endswith("e"):
        return f"{verb}d"
    is_consonant_y = verb.endswith("y") and verb[-2:-1] not in "aeiou"
    return f"{verb[:-1]}ied" if is_consonant_y else f"{verb}ed"
