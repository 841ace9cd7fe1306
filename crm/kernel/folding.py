"""One fold for names: what is written in different ways and is one name, wherever names are searched or compared."""

from __future__ import annotations

import re
import unicodedata

LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
        "ŧ": "t",
        "ȷ": "j",
        "ƶ": "z",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ß": "ss",
        "ĸ": "k",
        "ŉ": "n",
        "ɨ": "i",
        "ʉ": "u",
        "ə": "e",
    }
)
"""Letters that no decomposition takes apart."""
MARKS = re.compile("[™®©℠℗]")
APOSTROPHES = re.compile("['’‘‛`´ʼʻʽʹʾʿˈ′＇՚]")
AND = re.compile(r"&|＆|﹠|⁊|(?<=\w)\s*[+＋]\s*(?=\w)")
ODD = re.compile(r"[^\w\s&+'’‘ʼ`./,;:@()\u2010-\u2015-]|_")
"""A sign that no name is parted by: looked for as it is typed."""
ADDRESS = re.compile(r"(?<![^\s@])[^\s@]+@[^\s@]*")
"""An email address, or the beginning of one."""
AROUND = "<>()[],;:.\"'"
"""Signs that stand around an address where it is copied from a letter."""
NOT_WORDS = re.compile(r"[\W_]+")
ENDINGS = {
    "ltd": ("ltd", "limited", "cyf", "cyfyngedig"),
    "plc": ("plc", "p l c", "public limited company", "ccc", "cwmni cyfyngedig cyhoeddus"),
    "llp": ("llp", "l l p", "limited liability partnership", "pac", "partneriaeth atebolrwydd cyfyngedig"),
    "lp": ("lp", "l p", "limited partnership", "partneriaeth cyfyngedig"),
    "cic": (
        *("cic", "c i c", "community interest company", "cbc", "c b c"),
        *("cwmni buddiannau cymunedol", "cwmni buddiant cymunedol"),
    ),
    "cio": ("cio", "c i o", "charitable incorporated organisation", "sefydliad elusennol corfforedig"),
}
"""The legal endings of names by the one each stands for: English and Welsh, in full and short."""
IN_PASSING = frozenset({"the", "and", "limited", *ENDINGS})
_MEANT = {said: ending for ending, ways in ENDINGS.items() for said in ways}
_ENDING = re.compile(rf"(?:^| )({'|'.join(sorted(_MEANT, key=len, reverse=True))})$")


def folded(text: str) -> str:
    """Small plain letters: without accents, trade mark signs and signs that nobody sees. "Łódź Café™" is "lodz cafe"."""
    seen = "".join(sign for sign in MARKS.sub("", text) if unicodedata.category(sign) != "Cf")
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", seen).casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).translate(LETTERS)


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text: an apostrophe joins, "&" and "+" are "and", every other mark and dash parts."""
    joined = folded(AND.sub(" and ", APOSTROPHES.sub("", text)))
    return tuple(NOT_WORDS.sub(" ", joined).split())


def plain(text: str) -> str:
    """A text in plain small letters without apostrophes, its other marks as they are: what words are looked for in."""
    return folded(APOSTROPHES.sub("", text))


def telling_words(text: str) -> tuple[str, ...]:
    """The words of a search that tell: without legal endings, "the" and "and", unless nothing else is left."""
    words = plain_words(text)
    kept, endings = without_ending(words)
    return tuple(dict.fromkeys(word for word in kept if word not in IN_PASSING)) or endings or words


def search_terms(text: str) -> tuple[str, ...]:
    """What a search looks for, one by one: its telling words; words with odd signs, like "50%", as they are typed; and email
    addresses whole, never their parts.
    """
    typed = "".join(sign if sign.isprintable() else " " for sign in text).split()
    typed = [word.strip(AROUND) if ADDRESS.search(word) else word for word in typed]
    signed = [as_typed(word) for word in typed if ODD.search(word) or is_address(word)]
    telling = telling_words(" ".join(word for word in typed if not (ODD.search(word) or is_address(word))))
    return (*telling, *signed) or tuple(word.lower() for word in typed)


def is_address(term: str) -> bool:
    """Whether a term of a search is an email address or the beginning of one: whoever has it is meant, and nobody else."""
    return ADDRESS.fullmatch(term) is not None


def as_typed(term: str) -> str:
    """A term in small letters with its signs, as they are looked for: plain ones, unless a sign of it is odd."""
    return term.lower() if ODD.search(term) else plain(term)


def begins_word(term: str, written: str) -> bool:
    """Whether a text, written like the term, begins with it or has it after a blank."""
    return f" {written}".find(f" {term}") >= 0


def without_ending(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a name without its legal endings, and those endings, each as the one that it stands for."""
    rest, endings = " ".join(words), list[str]()
    while found := _ENDING.search(rest):
        endings.insert(0, _MEANT[found[1]])
        rest = rest[: found.start()]
    return tuple(rest.split()), tuple(endings)


def same_name(name: str) -> str:
    """What two names are compared by: without "The" and legal endings, unless nothing else is left."""
    words = plain_words(name)
    kept, endings = without_ending(words)
    if len(kept) > 1 and kept[0] == "the":
        kept = kept[1:]
    if kept and kept[-1] == "company":
        kept = (*kept[:-1], "co")
    return " ".join(kept or endings) or folded(name).strip()
